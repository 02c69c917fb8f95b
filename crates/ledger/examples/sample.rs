//! Writes a log, its keys and one entry's proof to a folder, so that other verifiers of the formats can be tried on it.
//!
//! `cargo run -p ledger --example sample -- DIR [ENTRIES] [INDEX]`
#![expect(clippy::print_stdout, reason = "a program that prints the keys")]
#![expect(clippy::disallowed_methods, reason = "a program that writes a file")]

use ledger::{FolderWriter, Log, ProofDocument, Purpose, Signer, Submission, Witness};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let root = arguments.next().ok_or("DIR is missing")?;
    let entries = arguments.next().map_or(Ok(70_000_u64), |number| number.parse())?;
    let index = arguments.next().map_or(Ok(entries / 3), |number| number.parse())?;
    let key = Signer::generate("sample.example/record", Purpose::Log, [1; 32])?;
    let partner = Signer::generate("partner.example/witness", Purpose::Witness, [2; 32])?;
    let mut writer = FolderWriter::open(&root, key.verifier())?;
    let mut log = Log::create(key.verifier().name());
    writer.publish(&log.checkpoint(&key)?)?;
    for number in 0..entries {
        log.push(format!("{{\"sample\":{number}}}").as_bytes())?;
    }
    writer.write(&log.writes())?;
    let submission = Submission { old: 0, hashes: Vec::new(), checkpoint: log.checkpoint(&key)?.to_bytes() };
    let seen = Witness { signer: &partner, log: key.verifier() }.cosign(&submission, None, 1_790_000_000)?;
    writer.publish(&seen.checkpoint)?;
    let proof = ProofDocument::of(writer.folder(), index, &seen.checkpoint)?;
    std::fs::write(writer.folder().path().join(format!("{index}.tlog-proof")), proof.to_string())?;
    println!("log key      {}\npartner key  {}", key.verifier(), partner.verifier());
    Ok(())
}
