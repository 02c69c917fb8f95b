//! What was destroyed is in no file of the store: neither in the database, nor in its free places, nor in the log of
//! commits. The store verifies all the same, and says what is gone and why.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use kernel::{ActId, Actor, AnyEvent, CaseId, Digest, Entry, Happening, Role, Summary};
use serde_json::{Value, json};
use store::sqlite::{Against, NoLog, Report, Sqlite, verify};
use store::{Change, Failure, Store};

use crate::folder::Folder;

/// What stands in everything that is told, and in nothing else.
const MARK: &str = "only-for-your-eyes";

#[test]
fn what_was_destroyed_is_in_no_file_and_the_store_is_sound() {
    let folder = Folder::new("destroyed");
    let path = folder.path("store.sqlite");
    let mut store = Sqlite::open(&path).expect("opens");
    let told = tell(&mut store, 200);
    assert!(is_anywhere(folder.as_ref()), "the mark is looked for where it stands");
    destroy(&mut store, &told);
    assert!(!is_anywhere(folder.as_ref()), "gone as soon as the change is through");
    for digest in &told {
        assert_eq!(store.look().expect("a view").blob(digest).expect("answers"), None);
    }
    assert_eq!(store.look().expect("a view").destroyed(&told[0]).expect("answers"), Some(200));
    store.rest().expect("comes to rest");
    drop(store);
    let report = check(&path);
    assert_eq!(report.faults, []);
    assert_eq!(report.destroyed, 200);
}

#[test]
fn a_reader_holds_it_up_and_the_next_opening_ends_it() {
    let folder = Folder::new("destroyed-read");
    let path = folder.path("store.sqlite");
    let mut store = Sqlite::open(&path).expect("opens");
    let told = tell(&mut store, 20);
    store.rest().expect("comes to rest");
    let reader = rusqlite::Connection::open(&path).expect("opens");
    reader.execute_batch("BEGIN; SELECT count(*) FROM blobs;").expect("reads");
    destroy(&mut store, &told);
    assert!(is_anywhere(folder.as_ref()), "somebody still reads it");
    reader.execute_batch("COMMIT").expect("ends");
    drop(reader);
    drop(store);
    drop(Sqlite::open(&path).expect("opens again"));
    assert!(!is_anywhere(folder.as_ref()));
    assert_eq!(check(&path).faults, []);
}

#[test]
fn a_long_blob_goes_with_its_file_and_others_stay() {
    let folder = Folder::new("destroyed-long");
    let path = folder.path("store.sqlite");
    let mut store = Sqlite::open(&path).expect("opens");
    let [gone, stays] = [MARK, "something else"].map(|text| {
        let mut incoming = store.long_blobs().incoming().expect("begins");
        incoming.write(text.repeat(100_000).as_bytes()).expect("is written");
        incoming.finish().expect("is on the disk")
    });
    change(&mut store, |change| {
        change.keep_long_blob(&gone)?;
        change.keep_long_blob(&stays)
    });
    destroy(&mut store, &[gone.digest]);
    assert!(!gone.path.exists() && stays.path.exists());
}

#[test]
fn bytes_that_are_gone_without_an_entry_that_says_so_are_a_fault() {
    let folder = Folder::new("destroyed-unsaid");
    let path = folder.path("store.sqlite");
    let mut store = Sqlite::open(&path).expect("opens");
    let told = tell(&mut store, 3);
    change(&mut store, |change| change.destroy(&told[1], 0));
    store.rest().expect("comes to rest");
    drop(store);
    let report = check(&path);
    let place = format!("blob {}", told[1]);
    assert!(report.faults.iter().any(|fault| fault.place == place), "{:?}", report.faults);
}

/// Keeps so many blobs with the mark, each with an entry and a case whose state holds it too and grew in between.
fn tell(store: &mut dyn Store, count: u64) -> Vec<Digest> {
    (0..count)
        .map(|number| {
            let text = format!("{number} {}", MARK.repeat(1 + number as usize * 7 % 90));
            let mut told = None;
            change(store, |change| {
                let digest = change.keep_blob(text.as_bytes())?;
                happen(change, number, json!({ "told": digest }), vec![digest])?;
                told = Some(digest);
                Ok(())
            });
            change(store, |change| {
                change.put_case(&case(number), &json!({ "text": text }).into(), &Summary::default(), number)
            });
            told.expect("was kept")
        })
        .collect()
}

/// Destroys them, and puts the cases without what they held.
fn destroy(store: &mut dyn Store, told: &[Digest]) {
    change(store, |change| {
        let entry = happen(change, 9_999, json!({ "gone": told }), Vec::new())?;
        for (number, digest) in (0..).zip(told) {
            change.destroy(digest, entry)?;
            if change.case(&case(number))?.is_some() {
                change.put_case(&case(number), &json!({}).into(), &Summary::default(), number)?;
            }
        }
        Ok(())
    });
}

fn happen(change: &mut dyn Change, number: u64, event: Value, blobs: Vec<Digest>) -> Result<u64, Failure> {
    let what = Happening::Event {
        act: ActId::new(format!("act-{number}")),
        name: "move".into(),
        event: event.into(),
    };
    let actor = Actor::new("officer-1", Role::named("gate-officer"));
    let at = Timestamp::from_second(1_790_000_000).expect("a moment");
    let entry = change.append(&Entry { at, actor, case: case(number), what, blobs })?;
    change.put_case(&case(number), &json!({}).into(), &Summary::default(), entry)?;
    Ok(entry)
}

fn case(number: u64) -> CaseId {
    CaseId::of("told", number)
}

fn change(store: &mut dyn Store, mut work: impl FnMut(&mut dyn Change) -> Result<(), Failure>) {
    store.change(&mut work).expect("is taken");
}

/// Whether the mark stands in any file of the folder, whole or cut at the edge of a page.
fn is_anywhere(folder: &Path) -> bool {
    let files = fs::read_dir(folder).expect("can be listed").map(|file| file.expect("can be listed").path());
    files.into_iter().any(|path| {
        if path.is_dir() {
            return is_anywhere(&path);
        }
        let bytes = fs::read(&path).expect("can be read");
        bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes())
    })
}

fn check(path: &Path) -> Report {
    let replay = |_: &str, _: &[AnyEvent]| Some((json!({}), Summary::default()));
    verify(path, &Against { log: &NoLog, replay: &replay }, &mut |_| ()).expect("can be verified")
}
