//! What the tests share: logs in memory, keys from fixed seeds, entries from numbers.

use std::collections::BTreeMap;

use ledger::{CHECKPOINT, FileWrite, Log, Purpose, SignedCheckpoint, Signer, Submission, Witness};

/// The files of a log by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

pub(crate) const ORIGIN: &str = "customs.example/record";

pub(crate) fn log_key() -> Signer {
    Signer::generate(ORIGIN, Purpose::Log, [7; 32]).expect("a good name")
}

pub(crate) fn witness_key(seed: u8) -> Signer {
    let name = format!("partner{seed}.example/witness");
    Signer::generate(&name, Purpose::Witness, [seed; 32]).expect("a good name")
}

/// Entries of many lengths, some empty, some long; each differs from its neighbours.
pub(crate) fn entry(number: u64) -> Vec<u8> {
    let length = match number % 97 {
        0 => 0,
        1 => 700,
        other => other as usize * 3,
    };
    format!("{{\"entry\":{number}}}").bytes().cycle().take(length).collect()
}

pub(crate) fn entries(from: u64, to: u64) -> Vec<Vec<u8>> {
    (from..to).map(entry).collect()
}

pub(crate) fn keep(files: &mut Files, writes: Vec<FileWrite>) {
    files.extend(writes.into_iter().map(|write| (write.path.to_string(), write.bytes)));
}

/// A log grown in these steps, each published; every file it ever wrote is still there.
pub(crate) fn grown(steps: &[u64]) -> (Log, Files) {
    let (mut log, mut files) = (Log::create(ORIGIN), Files::new());
    publish(&log, &mut files);
    for step in steps {
        let batch = entries(log.size(), log.size() + step);
        keep(&mut files, log.append(&batch).expect("short entries"));
        publish(&log, &mut files);
    }
    (log, files)
}

pub(crate) fn publish(log: &Log, files: &mut Files) {
    files.insert(CHECKPOINT.to_owned(), signed(log).to_bytes());
}

pub(crate) fn signed(log: &Log) -> SignedCheckpoint {
    log.checkpoint(&log_key()).expect("the log's own key")
}

/// The log's checkpoint with the signature of a partner that saw nothing before.
pub(crate) fn cosigned(log: &Log, witness: &Signer) -> SignedCheckpoint {
    let key = log_key();
    let submission = Submission { old: 0, hashes: Vec::new(), checkpoint: signed(log).to_bytes() };
    let witness = Witness { signer: witness, log: key.verifier() };
    witness.cosign(&submission, None, 1_800_000_000).expect("nothing seen before").checkpoint
}
