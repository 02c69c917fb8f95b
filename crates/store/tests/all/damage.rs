//! A single flipped byte anywhere in the files of a store is found and named; an untouched store is sound.

use std::fs;
use std::path::Path;

use kernel::Digest;
use store::sqlite::{Against, Logged, NoLog, Report, Sqlite, verify};
use store::{Blob, Failure, Store, story};

use crate::folder::Folder;
use crate::script;

fn check(path: &Path) -> Report {
    check_with(path, &NoLog)
}

fn check_with(path: &Path, log: &dyn Logged) -> Report {
    let against = Against { log, replay: &script::replay };
    verify(path, &against, &mut |_| ()).expect("can be verified")
}

/// A store after `steps` changes; at rest, or as a crash leaves it: half of them in the database, half in the log of commits.
fn populate(path: &Path, steps: u64, at_rest: AtRest) {
    let mut store = Sqlite::open(path).expect("opens").checkpoint_after(u64::MAX);
    for step in 0..steps {
        if step == steps / 2 {
            store.rest().expect("comes to rest");
        }
        script::take(&mut store, step).expect("is taken");
    }
    if let AtRest::Yes = at_rest {
        store.rest().expect("comes to rest");
    }
}

/// A store that says its tables are of this version.
fn populate_as_of(path: &Path, version: u32) {
    populate(path, 2, AtRest::Yes);
    let other = rusqlite::Connection::open(path).expect("opens");
    other.pragma_update(None, "user_version", version).expect("can be set");
}

#[derive(Clone, Copy)]
enum AtRest {
    Yes,
    No,
}

/// Numbers that look random and are the same every time.
fn places(count: usize, below: u64) -> impl Iterator<Item = u64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..count).map(move |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    })
}

/// Flips one byte at many places of one file of the store; every flip must be found, and named by this file or by the
/// page of the database that it contradicts.
fn flip_in(folder: &Folder, name: &str, first: u64, count: usize) {
    let (store, file) = (folder.path("store.sqlite"), folder.path(name));
    let bytes = fs::read(&file).expect("is there");
    let ends = [0, 1, 17, 23, 31, 32, 40, 100, bytes.len() as u64 - 1];
    let random = places(count, bytes.len() as u64 - first).map(|place| first + place);
    for place in ends.into_iter().filter(|place| *place >= first).chain(random) {
        let mut flipped = bytes.clone();
        flipped[place as usize] ^= 1 << (place % 8);
        fs::write(&file, &flipped).expect("can be written");
        let report = check(&store);
        assert!(!report.is_sound(), "byte {place} of {name} was flipped, and nobody saw it");
        let named = report.faults.iter().any(|fault| fault.place.contains(name));
        assert!(named, "byte {place} of {name} was flipped, and only this was said: {:#?}", report.faults);
    }
    fs::write(&file, &bytes).expect("can be written");
    assert_eq!(check(&store).faults, [], "back as it was, it is sound");
}

#[test]
fn a_flipped_byte_of_the_database_or_its_digests_is_found_and_named() {
    let folder = Folder::new("flips");
    populate(&folder.path("store.sqlite"), 80, AtRest::Yes);
    let report = check(&folder.path("store.sqlite"));
    assert_eq!(report.faults, []);
    assert!(
        report.entries > 100 && report.blobs > 120 && report.cases > 40 && report.pages > 90,
        "{report:?}"
    );
    flip_in(&folder, "store.sqlite", 0, 250);
    flip_in(&folder, "store.pages", 0, 60);
}

#[test]
fn a_flipped_byte_of_the_log_of_commits_is_found_and_named() {
    let folder = Folder::new("flips-wal");
    populate(&folder.path("store.sqlite"), 60, AtRest::No);
    let report = check(&folder.path("store.sqlite"));
    assert_eq!(report.faults, []);
    assert!(
        report.frames > 50 && report.pages > 50,
        "some of it is in the database, some is not: {report:?}"
    );
    flip_in(&folder, "store.sqlite-wal", 0, 150);
    flip_in(&folder, "store.sqlite", 0, 60);
}

#[test]
fn a_flip_is_named_by_what_it_hit() {
    let folder = Folder::new("flip-names");
    let path = folder.path("store.sqlite");
    populate(&path, 40, AtRest::Yes);
    let bytes = fs::read(&path).expect("is there");
    for (needle, expected) in [
        (b"\"last\":{\"stage\":\"told\",\"step\":17".as_slice(), "case item/17"),
        (b"answer 23", "blob "),
        (b"\"act\":\"act-31\"", "entry "),
        (b"message-12", "store.sqlite"),
    ] {
        let mut flipped = bytes.clone();
        let place = bytes.windows(needle.len()).position(|window| window == needle).expect("is somewhere");
        flipped[place + needle.len() - 1] ^= 1;
        fs::write(&path, &flipped).expect("can be written");
        let faults = check(&path).faults;
        assert!(faults.iter().any(|fault| fault.place.starts_with(expected)), "{expected}: {faults:#?}");
        let page = format!("page {} of store.sqlite", place / 4096 + 1);
        assert!(
            faults.iter().any(|fault| fault.place == page && fault.what.contains("part of")),
            "{faults:#?}"
        );
    }
}

#[test]
fn a_damaged_blob_is_never_given_out() {
    let folder = Folder::new("blob");
    let path = folder.path("store.sqlite");
    populate(&path, 10, AtRest::Yes);
    let digest = Digest::of(b"answer 7");
    let blob = || store::sqlite::read(&path).expect("can be read").blob(&digest);
    assert_eq!(blob().expect("answers").as_deref(), Some(b"answer 7".as_slice()));
    let mut bytes = fs::read(&path).expect("is there");
    let place = bytes.windows(8).position(|window| window == b"answer 7").expect("is somewhere");
    bytes[place] ^= 1;
    fs::write(&path, &bytes).expect("can be written");
    let refused = blob().expect_err("is damaged");
    assert!(
        matches!(&refused, Failure::Damaged { place, .. } if place.contains(&digest.to_string())),
        "{refused}"
    );
}

#[test]
fn a_folded_blob_that_is_damaged_is_named_and_never_given_out() {
    let folder = Folder::new("folded-blob");
    let path = folder.path("store.sqlite");
    let (long, folded) = (b"forty pallets, ".repeat(90), story::gzip(&b"forty pallets, ".repeat(90)));
    let mut store = Sqlite::open(&path).expect("opens");
    let keep = |change: &mut dyn store::Change| {
        change.keep_made_blob(&Blob::folded(long.clone(), folded.clone())).map(drop)
    };
    store.change(&mut |change| keep(change)).expect("is kept");
    store.rest().expect("comes to rest");
    drop(store);
    let digest = Digest::of(&long);
    let blob = || store::sqlite::read(&path).expect("can be read").blob(&digest);
    assert_eq!(blob().expect("answers").as_ref(), Some(&long));
    let bytes = fs::read(&path).expect("is there");
    let begin = bytes.windows(folded.len()).position(|window| window == folded).expect("is kept folded");
    for place in 0..folded.len() {
        let mut flipped = bytes.clone();
        flipped[begin + place] ^= 1;
        fs::write(&path, &flipped).expect("can be written");
        // Some bytes of a gzip's head say nothing of what is in it.
        match blob() {
            Ok(given) => assert_eq!(given.as_ref(), Some(&long), "byte {place}"),
            Err(refused) => assert!(refused.to_string().contains(&digest.to_string()), "{refused}"),
        }
    }
    for length in ["unfolded - 1", "unfolded + 1", "9223372036854775807"] {
        fs::write(&path, &bytes).expect("can be written");
        let other = rusqlite::Connection::open(&path).expect("opens");
        other.execute(&format!("UPDATE blobs SET unfolded = {length}"), ()).expect("can be changed");
        drop(other);
        assert!(blob().is_err(), "{length}");
        let faults = check(&path).faults;
        let named = |fault: &store::sqlite::Fault| fault.place == format!("blob {digest}");
        assert!(faults.iter().any(named), "{length}: {faults:#?}");
    }
}

#[test]
fn a_reference_too_many_or_too_few_is_named_with_its_case() {
    let folder = Folder::new("references");
    let path = folder.path("store.sqlite");
    populate(&path, 30, AtRest::Yes);
    let bytes = fs::read(&path).expect("is there");
    for (sql, place, what) in [
        ("DELETE FROM refs WHERE kind = 'container' AND value = 'TEMU7'", "case item/7", "is not found by"),
        (
            "INSERT INTO refs SELECT 'desk', 'other', number FROM cases WHERE id = 'item/7'",
            "case item/7",
            "it has not",
        ),
        (
            "PRAGMA foreign_keys = OFF; INSERT INTO refs VALUES ('desk', 'item', 999)",
            "reference desk item",
            "no case",
        ),
    ] {
        fs::write(&path, &bytes).expect("can be written");
        let other = rusqlite::Connection::open(&path).expect("opens");
        other.execute_batch(sql).expect("can be changed");
        drop(other);
        let faults = check(&path).faults;
        let named = |fault: &&store::sqlite::Fault| fault.place == place && fault.what.contains(what);
        assert_eq!(faults.iter().filter(named).count(), 1, "{sql}: {faults:#?}");
    }
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_left_alone() {
    let folder = Folder::new("newer");
    let path = folder.path("store.sqlite");
    populate_as_of(&path, 99);
    let bytes = fs::read(&path).expect("is there");
    let refused = Sqlite::open(&path).expect_err("is newer");
    assert!(matches!(refused, Failure::Newer { found: 99, .. }), "{refused}");
    assert!(matches!(store::sqlite::read(&path).err(), Some(Failure::Newer { found: 99, .. })));
    assert_eq!(fs::read(&path).expect("is there"), bytes);
}

#[test]
fn a_store_of_an_older_version_is_read_only_after_it_was_opened() {
    let folder = Folder::new("older");
    let path = folder.path("store.sqlite");
    populate_as_of(&path, 3);
    let refused = store::sqlite::read(&path).err().expect("is older").to_string();
    assert!(refused.contains("version 3"), "{refused}");
    let faults = check(&path).faults;
    assert!(faults.iter().any(|fault| fault.what.contains("version 3")), "{faults:#?}");
}

#[test]
fn commits_that_were_cut_off_are_noticed_and_the_store_is_not_opened() {
    let folder = Folder::new("cut");
    let (path, wal) = (folder.path("store.sqlite"), folder.path("store.sqlite-wal"));
    populate(&path, 12, AtRest::No);
    let bytes = fs::read(&wal).expect("is there");
    for length in [0, 10, 32, 4_000, 32 + 4_120, bytes.len() - 4_120, bytes.len() - 1] {
        fs::write(&wal, &bytes[..length]).expect("can be written");
        let faults = check(&path).faults;
        assert!(faults.iter().any(|fault| fault.place == "store.sqlite-wal"), "cut to {length}: {faults:?}");
        let refused = Sqlite::open(&path).expect_err("is refused");
        assert!(refused.to_string().contains("store.sqlite-wal"), "cut to {length}: {refused}");
        assert_eq!(fs::read(&wal).expect("is there"), &bytes[..length], "and nothing was changed by looking");
    }
    fs::remove_file(&wal).expect("can be removed");
    assert!(!check(&path).is_sound() && Sqlite::open(&path).is_err(), "nor without it");
    fs::write(&wal, &bytes).expect("can be written");
    drop(Sqlite::open(&path).expect("opens again as it was"));
}

#[test]
fn missing_files_are_noticed_and_not_replaced_by_new_ones() {
    let folder = Folder::new("missing");
    let path = folder.path("store.sqlite");
    populate(&path, 5, AtRest::Yes);
    for name in ["store.sqlite", "store.pages"] {
        let (there, away) = (folder.path(name), folder.path("away"));
        fs::rename(&there, &away).expect("can be moved");
        let faults = check(&path).faults;
        assert!(faults.iter().any(|fault| fault.place == name && fault.what == "missing"), "{faults:?}");
        let refused = Sqlite::open(&path).expect_err("is refused");
        assert!(refused.to_string().contains(name), "{refused}");
        fs::rename(&away, &there).expect("can be moved");
    }
    assert_eq!(check(&path).faults, []);
}

#[test]
fn an_open_store_is_not_verified_and_not_opened_twice() {
    let folder = Folder::new("open");
    let path = folder.path("store.sqlite");
    let store = Sqlite::open(&path).expect("opens");
    let against = Against { log: &NoLog, replay: &script::replay };
    let refused = verify(&path, &against, &mut |_| ()).expect_err("is refused");
    assert!(refused.to_string().contains("open"), "{refused}");
    assert!(Sqlite::open(&path).is_err());
    assert_eq!(store::sqlite::read(&path).expect("can be read").size().expect("answers"), 0);
    drop(store);
    assert!(verify(&path, &against, &mut |_| ()).expect("can be verified").is_sound());
}
