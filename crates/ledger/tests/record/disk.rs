//! A log on a real disk: one writer, durable order, nothing lost when the writer dies.

use std::fs;
use std::path::{Path, PathBuf};

use ledger::{
    AuditKeys, CHECKPOINT, Error, Folder, FolderError, FolderWriter, Log, Source as _, Strangers, audit,
};

use crate::support;

/// A folder of its own for one test, removed at its end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    fn writer(&self) -> Result<FolderWriter, FolderError> {
        FolderWriter::open(&self.0, support::log_key().verifier())
    }

    /// A new log, its empty checkpoint published.
    fn created(name: &str) -> (Self, FolderWriter, Log) {
        let place = Self::new(name);
        let mut writer = place.writer().expect("a fresh folder");
        let log = Log::create(support::ORIGIN);
        writer.publish(&support::signed(&log)).expect("the first checkpoint");
        (place, writer, log)
    }

    fn has(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn grow(writer: &mut FolderWriter, log: &mut Log, count: u64) {
    let files = log.append(&support::entries(log.size(), log.size() + count)).expect("short entries");
    writer.write(&files).expect("a working disk");
    writer.publish(&support::signed(log)).expect("a working disk");
}

#[track_caller]
fn check_sound(place: &Place, size: u64) {
    let key = support::log_key();
    let keys = AuditKeys { log: key.verifier(), witnesses: &[], strangers: Strangers::Fault };
    let audit = audit(&Folder::new(&place.0), &keys, &mut |_, _| {});
    assert_eq!((audit.faults, audit.size), (Vec::new(), size));
}

#[test]
fn a_log_on_disk_is_sound_at_every_step_and_opened_again_where_it_stood() {
    let (place, mut writer, mut log) = Place::created("steps");
    for count in [1, 1, 253, 1, 1, 300, 5, 0, 700] {
        grow(&mut writer, &mut log, count);
        check_sound(&place, log.size());
    }
    drop(writer);
    let writer = place.writer().unwrap();
    assert_eq!(writer.newest().unwrap().checkpoint().root(), log.root());
    let opened = Log::open(writer.folder(), support::log_key().verifier()).unwrap();
    assert_eq!((opened.size(), opened.root()), (log.size(), log.root()));
    assert!(!place.has("aside"));
}

#[test]
fn partial_forms_go_when_their_tile_is_full_and_stay_until_then() {
    let (place, mut writer, mut log) = Place::created("partials");
    grow(&mut writer, &mut log, 10);
    grow(&mut writer, &mut log, 10);
    assert!(
        place.has("tile/0/000.p/10") && place.has("tile/0/000.p/20") && place.has("tile/entries/000.p/10")
    );
    grow(&mut writer, &mut log, 236);
    assert!(!place.has("tile/0/000.p") && !place.has("tile/entries/000.p"));
    assert!(place.has("tile/0/000") && place.has("tile/entries/000") && place.has("tile/1/000.p/1"));
}

#[test]
fn a_second_writer_is_refused_while_the_first_lives() {
    let (place, writer, _) = Place::created("taken");
    assert!(matches!(place.writer(), Err(FolderError::Taken(_))));
    drop(writer);
    assert!(place.writer().is_ok());
}

#[test]
fn what_was_written_past_the_checkpoint_is_moved_aside_and_not_lost() {
    let (place, mut writer, mut log) = Place::created("aside");
    grow(&mut writer, &mut log, 250);
    let mut lost = log.clone();
    writer.write(&lost.append(&support::entries(250, 700)).unwrap()).unwrap();
    drop(writer);

    let mut writer = place.writer().unwrap();
    assert!(!place.has("tile/0/000") && !place.has("tile/0/001") && !place.has("tile/0/002.p/188"));
    assert!(place.has("aside/tile/0/000") && place.has("aside/tile/entries/002.p/188"));
    assert!(place.has("tile/0/000.p/250") && place.has("tile/entries/000.p/250"));
    let mut log = Log::open(writer.folder(), support::log_key().verifier()).unwrap();
    assert_eq!(log.size(), 250);
    writer.write(&log.append(&[b"something else"]).unwrap()).unwrap();
    writer.publish(&support::signed(&log)).unwrap();
    check_sound(&place, 251);
}

#[test]
fn a_leftover_behind_a_gap_is_not_taken_for_an_older_form() {
    let (place, mut writer, mut log) = Place::created("gap");
    grow(&mut writer, &mut log, 100);
    drop(writer);
    fs::create_dir_all(place.0.join("tile/0/002.p")).unwrap();
    fs::write(place.0.join("tile/0/002.p/3"), [9; 96]).unwrap();
    let mut writer = place.writer().unwrap();
    grow(&mut writer, &mut log, 422);
    assert!(place.has("tile/0/002.p/10"));
    check_sound(&place, 522);
}

#[test]
fn a_folder_with_tiles_and_no_checkpoint_is_not_started_over() {
    let (place, mut writer, mut log) = Place::created("bare");
    grow(&mut writer, &mut log, 3);
    drop(writer);
    fs::remove_file(place.0.join(CHECKPOINT)).unwrap();
    assert!(matches!(place.writer(), Err(FolderError::Log(Error::CheckpointMissing))));
    assert!(place.has("tile/0/000.p/3"));
}

#[test]
fn a_checkpoint_changed_on_disk_stops_the_writer() {
    let (place, mut writer, mut log) = Place::created("forged");
    grow(&mut writer, &mut log, 30);
    drop(writer);
    let path = place.0.join(CHECKPOINT);
    let text = fs::read_to_string(&path).unwrap().replace("\n30\n", "\n20\n");
    fs::write(&path, text).unwrap();
    assert!(matches!(place.writer(), Err(FolderError::Log(Error::SignatureWrong { .. }))));
    assert!(place.has("tile/0/000.p/30"));
}

#[test]
fn what_a_checkpoint_covers_is_never_overwritten() {
    let (_place, mut writer, mut log) = Place::created("covered");
    let files = log.append(&support::entries(0, 256)).unwrap();
    writer.write(&files).unwrap();
    writer.publish(&support::signed(&log)).unwrap();
    assert!(matches!(writer.write(&files), Err(FolderError::Covered(_))));
}

#[test]
fn a_checkpoint_that_does_not_follow_is_not_published() {
    let (_place, mut writer, mut log) = Place::created("order");
    grow(&mut writer, &mut log, 20);
    let (shorter, _) = support::grown(&[10]);
    let refused = writer.publish(&support::signed(&shorter));
    assert!(matches!(refused, Err(FolderError::Log(Error::RolledBack { seen: 20, offered: 10 }))));
    let mut fork = Log::create(support::ORIGIN);
    fork.append(&[b"x"; 20]).unwrap();
    let refused = writer.publish(&support::signed(&fork));
    assert!(matches!(refused, Err(FolderError::Log(Error::Forked { size: 20 }))));
    // The same checkpoint with a partner's signature is a new form of the same.
    writer.publish(&support::cosigned(&log, &support::witness_key(4))).unwrap();
    let bytes = writer.folder().file(CHECKPOINT).unwrap().unwrap();
    assert!(String::from_utf8(bytes).unwrap().contains("partner4.example/witness"));
}
