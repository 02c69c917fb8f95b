//! Simulates worlds one after the other: `cargo run -p sim --example world -- FIRST_SEED HOW_MANY MINUTES`. Ends with 1
//! where one of them did not hold, naming its seed.

use std::process::ExitCode;

#[expect(clippy::print_stdout, reason = "an example is a program of its own")]
fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u32>());
    let first = arguments.next().ok_or("which seed first?")??;
    let many = arguments.next().unwrap_or(Ok(1))?;
    let minutes = arguments.next().unwrap_or(Ok(60))?;
    let mut sound = true;
    for seed in first..first + many {
        let report = sim::world::run(u64::from(seed), minutes)?;
        let (crashes, entries): (u32, u64) =
            (report.faults.crashes(), report.records.values().map(|record| record.entries).sum());
        println!("seed {seed}: {crashes} crashes, {entries} entries, {} violations", report.violations.len());
        report.violations.iter().for_each(|violation| println!("  {violation}"));
        sound &= report.is_sound();
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
