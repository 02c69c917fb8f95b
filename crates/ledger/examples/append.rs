//! How fast a log grows in memory, onto this disk, and is audited, beside bare SHA-256 of the same bytes.
//!
//! `cargo run --release -p ledger --example append -- [ENTRIES] [LENGTH]`
#![expect(clippy::print_stdout, reason = "a program that prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a program that reads the clock")]

use std::time::Instant;

use ledger::{AuditKeys, FolderWriter, Log, Purpose, Signer, Strangers, audit, bench_append};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse());
    let entries = numbers.next().transpose()?.unwrap_or(1_000_000);
    let length = numbers.next().transpose()?.unwrap_or(400);
    let start = Instant::now();
    let bench = bench_append(entries as u64, length, || start.elapsed())?;
    println!("entries {} of {} bytes", bench.entries, bench.length);
    println!("appended in memory  {:>10.0} entries/s", bench.appended);
    println!("bare SHA-256        {:>10.0} entries/s", bench.hashed);
    println!("of the limit        {:>10.2}", bench.appended / bench.hashed);
    on_disk(entries, length)
}

/// Appends to a folder in batches of several sizes, each batch durable before the next, then audits it.
fn on_disk(entries: usize, length: usize) -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::temp_dir().join(format!("ledger-append-{}", std::process::id()));
    let signer = Signer::generate("bench", Purpose::Log, [1; 32])?;
    let mut writer = FolderWriter::open(&root, signer.verifier())?;
    let mut log = Log::create("bench");
    writer.publish(&log.checkpoint(&signer)?)?;
    for batch in [1, 16, 256, 4096] {
        let rounds = (entries / batch).min(200);
        let entry = vec![b'.'; length];
        let batch = vec![entry; batch];
        let start = Instant::now();
        for _ in 0..rounds {
            let files = log.append(&batch)?;
            writer.write(&files)?;
            writer.publish(&log.checkpoint(&signer)?)?;
        }
        let rate = (rounds * batch.len()) as f64 / start.elapsed().as_secs_f64();
        println!("durable, batches of {:<5} {rate:>8.0} entries/s", batch.len());
    }
    let keys = AuditKeys { log: signer.verifier(), witnesses: &[], strangers: Strangers::Fault };
    let start = Instant::now();
    let audit = audit(writer.folder(), &keys, &mut |_, _| {});
    let rate = audit.entries as f64 / start.elapsed().as_secs_f64();
    println!("audited {} entries, sound {}: {rate:.0} entries/s", audit.entries, audit.is_sound());
    std::fs::remove_dir_all(&root)?;
    Ok(())
}
