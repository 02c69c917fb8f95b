//! What the tests share: logs in memory and on disk, keys from fixed seeds, entries from numbers.

use std::collections::BTreeMap;

use ledger::{CHECKPOINT, FileWrite, Log, Purpose, Signer};

/// The files of a log by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

pub(crate) const ORIGIN: &str = "customs.example/record";

pub(crate) fn log_key() -> Signer {
    Signer::generate(ORIGIN, Purpose::Log, [7; 32]).unwrap()
}

pub(crate) fn witness_key(seed: u8) -> Signer {
    Signer::generate(&format!("partner{seed}.example/witness"), Purpose::Witness, [seed; 32]).unwrap()
}

/// Entries of many lengths, some empty, some long.
pub(crate) fn entry(number: u64) -> Vec<u8> {
    let length = match number % 97 {
        0 => 0,
        1 => 700,
        other => (other * 3) as usize,
    };
    let text = format!("{{\"entry\":{number}}}");
    text.bytes().cycle().take(length).collect()
}

pub(crate) fn entries(from: u64, to: u64) -> Vec<Vec<u8>> {
    (from..to).map(entry).collect()
}

pub(crate) fn keep(files: &mut Files, writes: Vec<FileWrite>) {
    for write in writes {
        files.insert(write.path.to_string(), write.bytes);
    }
}

/// A log grown in these steps, each published, with all its files.
pub(crate) fn grown(steps: &[u64]) -> (Log, Files) {
    let (mut log, mut files) = (Log::create(ORIGIN), Files::new());
    files.insert(CHECKPOINT.to_owned(), log.checkpoint(&log_key()).unwrap().to_bytes());
    for step in steps {
        let batch = entries(log.size(), log.size() + step);
        keep(&mut files, log.append(&batch).unwrap());
        files.insert(CHECKPOINT.to_owned(), log.checkpoint(&log_key()).unwrap().to_bytes());
    }
    (log, files)
}
