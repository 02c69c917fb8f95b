//! The log follows the store, catches up after any interruption, and the two are verified against each other.

use std::fs;
use std::path::Path;

use ledger::{AuditKeys, Purpose, Signer, Strangers};
use store::journal::{Journal, folder_of};
use store::record::{RecordReport, verify};
use store::sqlite::Sqlite;
use store::{Failure, Store};

use crate::folder::Folder;
use crate::script;

fn signer() -> Signer {
    Signer::generate("vn.example/record", Purpose::Log, [7; 32]).expect("a key")
}

fn check(node: &Path) -> RecordReport {
    let signer = signer();
    let keys = AuditKeys { log: signer.verifier(), witnesses: &[], strangers: Strangers::Fault };
    verify(node, &keys, &script::replay, &mut |_| ()).expect("can be verified")
}

fn faults(node: &Path) -> Vec<String> {
    let report = check(node);
    assert_eq!(report.sound, report.faults().next().is_none());
    report.faults().collect()
}

/// A node's folder after changes from one step to another, the log following every few.
fn go_on(node: &Path, steps: std::ops::Range<u64>) -> Sqlite {
    let mut store = Sqlite::open(node.join("store.sqlite")).expect("opens");
    let mut journal = Journal::open(node, signer()).expect("opens");
    for step in steps.clone() {
        script::take(&mut store, step).expect("is taken");
        if step % 7 != 0 && step + 1 != steps.end {
            continue;
        }
        let view = store.look().expect("gives a view");
        let checkpoint = journal.catch_up(&*view).expect("catches up");
        assert_eq!(checkpoint.checkpoint().size(), view.size().expect("answers"));
    }
    store
}

#[test]
fn the_log_follows_every_change_and_both_verify() {
    let folder = Folder::new("journal");
    drop(go_on(folder.as_ref(), 0..150));
    drop(go_on(folder.as_ref(), 150..200));
    let report = check(folder.as_ref());
    assert_eq!(report.faults().collect::<Vec<_>>(), [""; 0]);
    assert!(report.log.size > 256 && report.log.size == report.store.entries && report.not_logged == 0);
}

#[test]
fn a_log_left_behind_catches_up() {
    let folder = Folder::new("journal-behind");
    drop(go_on(folder.as_ref(), 0..10));
    let mut store = Sqlite::open(folder.path("store.sqlite")).expect("opens");
    (10..300).for_each(|step| script::take(&mut store, step).expect("is taken"));
    drop(store);
    let report = check(folder.as_ref());
    assert!(report.sound && report.not_logged > 290, "a log that is behind is no fault: {report:?}");
    drop(go_on(folder.as_ref(), 300..301));
    assert_eq!(check(folder.as_ref()).not_logged, 0);
}

#[test]
fn a_store_that_lost_entries_is_not_taken_for_the_one_that_was_logged() {
    let folder = Folder::new("journal-ahead");
    drop(go_on(folder.as_ref(), 0..20));
    let other = Folder::new("journal-other");
    let mut shorter = Sqlite::open(other.path("store.sqlite")).expect("opens");
    (0..5).for_each(|step| script::take(&mut shorter, step).expect("is taken"));
    let mut journal = Journal::open(&folder, signer()).expect("opens");
    let refused = journal.catch_up(&*shorter.look().expect("gives a view")).expect_err("is ahead");
    assert!(matches!(&refused, Failure::Damaged { place, .. } if place.starts_with("entry ")), "{refused}");
    let mut longer = Sqlite::in_memory().expect("opens");
    (100..150).for_each(|step| script::take(&mut longer, step).expect("is taken"));
    let refused = journal.catch_up(&*longer.look().expect("gives a view")).expect_err("is another");
    assert!(matches!(&refused, Failure::Damaged { .. }), "{refused}");
    drop((journal, shorter));
    for name in ["store.sqlite", "store.pages", "store.sqlite-wal"] {
        fs::copy(other.path(name), folder.path(name)).expect("can be copied");
    }
    let faults = faults(folder.as_ref());
    assert!(faults.iter().any(|fault| fault.contains("entries were logged")), "{faults:?}");
}

#[test]
fn an_entry_changed_with_all_digests_made_anew_is_still_named() {
    let folder = Folder::new("journal-forged");
    drop(go_on(folder.as_ref(), 0..20));
    let other = Folder::new("journal-forger");
    let mut store = Sqlite::open(other.path("store.sqlite")).expect("opens");
    for step in 0..20 {
        // The forger's store has everything in order, but one change was another.
        script::take(&mut store, if step == 13 { 1_013 } else { step }).expect("is taken");
    }
    store.rest().expect("comes to rest");
    drop(store);
    for name in ["store.sqlite", "store.pages", "store.sqlite-wal"] {
        fs::copy(other.path(name), folder.path(name)).expect("can be copied");
    }
    let named: Vec<_> = faults(folder.as_ref());
    assert!(named.iter().any(|fault| fault.starts_with("entry ")), "{named:?}");
    assert!(
        named.iter().all(|fault| fault.contains("not those in the log")),
        "and nothing else is: {named:?}"
    );
}

#[test]
fn a_flipped_byte_of_any_file_of_the_log_is_named() {
    let folder = Folder::new("journal-flips");
    drop(go_on(folder.as_ref(), 0..150));
    let files = files_of(&folder_of(folder.as_ref()));
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).expect("is there");
        for place in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut flipped = bytes.clone();
            flipped[place] ^= 4;
            fs::write(&file, &flipped).expect("can be written");
            let faults = faults(folder.as_ref());
            assert!(faults.iter().any(|fault| fault.starts_with("log, ")), "{file:?} {place}: {faults:?}");
        }
        fs::write(&file, &bytes).expect("can be written");
    }
    assert!(faults(folder.as_ref()).is_empty());
}

#[test]
fn a_log_whose_writing_failed_goes_on_from_its_files() {
    let folder = Folder::new("journal-failed");
    let mut store = go_on(folder.as_ref(), 0..10);
    let mut journal = Journal::open(&folder, signer()).expect("opens");
    let view = store.look().expect("gives a view");
    journal.catch_up(&*view).expect("catches up");
    // A folder stands where the next checkpoint would be written beside its place.
    let blocked = folder_of(folder.as_ref()).join("writing");
    fs::create_dir(&blocked).expect("can be made");
    (10..400).for_each(|step| script::take(&mut store, step).expect("is taken"));
    let failure = journal.catch_up(&*view).expect_err("cannot write");
    assert!(matches!(failure, Failure::Engine { .. }), "{failure}");
    fs::remove_dir(&blocked).expect("can be removed");
    journal.catch_up(&*view).expect("goes on");
    drop((journal, view, store));
    assert!(faults(folder.as_ref()).is_empty());
}

/// All files of a folder that hold something, those of its folders too.
fn files_of(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("is there").map(|entry| entry.expect("can be listed").path());
    let found = entries.flat_map(|path| if path.is_dir() { files_of(&path) } else { vec![path] });
    found.filter(|path| fs::metadata(path).expect("is there").len() > 0).collect()
}
