//! Writes trade with known truth as files: `cargo run --release -p sim --example trade -- DIR CONSIGNMENTS SEED COVERAGE`,
//! the coverage being the share of exporters who consented, permille.

use std::path::Path;
use std::time::Instant;

use sim::trade::csv::Files;
use sim::trade::{Plan, Trade};

#[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "an example is a program of its own")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let consignments = arguments.next().ok_or("how many consignments?")?.parse()?;
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let mut plan = Plan::matching(seed, jiff::civil::date(2026, 3, 2), consignments);
    if let Some(coverage) = arguments.next() {
        plan.lanes[0].coverage = coverage.parse()?;
    }
    std::fs::create_dir_all(&folder)?;
    let start = Instant::now();
    let trade = Trade::new(plan)?;
    let founded = start.elapsed();
    let mut files = Files::create(Path::new(&folder))?;
    trade.consignments().try_for_each(|consignment| files.put(&consignment))?;
    files.end()?;
    eprintln!("{consignments} consignments in {:?}, of it {founded:?} to found the firms", start.elapsed());
    Ok(())
}
