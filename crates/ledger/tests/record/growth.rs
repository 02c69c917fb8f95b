//! A log grows the same however it is cut into batches, and goes on from whatever an interruption left.

use ledger::{CHECKPOINT, ENTRY_LENGTH_MAX, Error, Log, Tree, leaf_hash};
use proptest::prelude::*;

use crate::support::{self, Files};

fn sound(files: &Files) -> bool {
    let key = support::log_key();
    let keys = ledger::AuditKeys { log: key.verifier(), witnesses: &[], strangers: ledger::Strangers::Fault };
    let audit = ledger::audit(files, &keys, &mut |_, _| {});
    assert_eq!(audit.faults, []);
    audit.is_sound()
}

fn opened(files: &Files) -> Result<Log, Error> {
    Log::open(files, support::log_key().verifier())
}

#[test]
fn a_log_without_a_checkpoint_is_not_opened_as_an_empty_one() {
    assert_eq!(opened(&Files::new()).err(), Some(Error::CheckpointMissing));
    let (_, files) = support::grown(&[]);
    assert_eq!(opened(&files).unwrap().size(), 0);
}

#[test]
fn an_entry_of_the_longest_length_is_taken_and_a_longer_one_refuses_the_whole_batch() {
    let mut log = Log::create(support::ORIGIN);
    let long = vec![1; ENTRY_LENGTH_MAX];
    assert_eq!(log.append(std::slice::from_ref(&long)).unwrap().len(), 2);
    let root = log.root();
    let longer = vec![1; ENTRY_LENGTH_MAX + 1];
    let refused = log.append(&[long, longer]);
    assert_eq!(refused, Err(Error::EntryTooLong { place: 1, length: ENTRY_LENGTH_MAX + 1 }));
    assert_eq!((log.size(), log.root(), log.writes().len()), (1, root, 0));
}

#[test]
fn an_append_writes_the_changed_files_and_no_others() {
    let (mut log, _) = support::grown(&[65_535]);
    let paths = |log: &mut Log, entries: u64| -> Vec<String> {
        let batch = support::entries(log.size(), log.size() + entries);
        log.append(&batch).unwrap().iter().map(|file| file.path.to_string()).collect()
    };
    assert_eq!(paths(&mut log, 0), [] as [&str; 0]);
    assert_eq!(paths(&mut log, 1), ["tile/entries/255", "tile/0/255", "tile/1/000", "tile/2/000.p/1"]);
    assert_eq!(paths(&mut log, 1), ["tile/entries/256.p/1", "tile/0/256.p/1"]);
    assert_eq!(
        paths(&mut log, 257),
        ["tile/entries/256", "tile/0/256", "tile/entries/257.p/2", "tile/0/257.p/2", "tile/1/001.p/1"]
    );
}

#[test]
fn damage_at_the_right_edge_stops_the_log_from_opening() {
    let (_, files) = support::grown(&[600]);
    for path in ["tile/entries/002.p/88", "tile/0/002.p/88", "tile/1/000.p/2"] {
        let mut bad = files.clone();
        bad.get_mut(path).unwrap()[35] ^= 1;
        assert!(matches!(opened(&bad), Err(Error::RootForeign | Error::FileDamaged(_))), "{path}");
        bad.remove(path);
        assert_eq!(opened(&bad).err(), Some(Error::FileMissing(path.to_owned())));
        bad.insert(path.to_owned(), vec![0; 7]);
        assert_eq!(opened(&bad).err(), Some(Error::FileDamaged(path.to_owned())));
    }
}

#[test]
fn a_bad_disk_is_not_an_empty_log() {
    struct Broken;
    impl ledger::Source for Broken {
        fn file(&self, path: &str) -> Result<Option<Vec<u8>>, ledger::Unreadable> {
            Err(ledger::Unreadable { path: path.to_owned(), cause: "i/o error".to_owned() })
        }
    }
    assert!(matches!(Log::open(&Broken, support::log_key().verifier()), Err(Error::Unreadable(_))));
}

#[test]
fn a_full_tile_stands_in_for_its_partial_form_that_was_removed() {
    let (_, mut files) = support::grown(&[200]);
    let old = files[CHECKPOINT].clone();
    let (_, later) = support::grown(&[200, 200]);
    files.extend(later.into_iter().filter(|(path, _)| !path.contains(".p/200")));
    files.insert(CHECKPOINT.to_owned(), old);
    files.remove("tile/0/000.p/200");
    files.remove("tile/entries/000.p/200");
    let mut log = opened(&files).unwrap();
    assert_eq!(log.size(), 200);
    assert!(sound(&files));
    support::keep(&mut files, log.append(&support::entries(200, 230)).unwrap());
    support::publish(&log, &mut files);
    assert!(sound(&files));
}

#[test]
fn a_tile_with_bytes_left_over_is_damaged() {
    let (_, mut files) = support::grown(&[3]);
    files.get_mut("tile/0/000.p/3").unwrap().push(0);
    assert_eq!(opened(&files).err(), Some(Error::FileDamaged("tile/0/000.p/3".to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_cut_into_batches_gives_the_same_root_and_a_sound_log(
        steps in proptest::collection::vec(0_u64..300, 0..6),
    ) {
        let (log, files) = support::grown(&steps);
        let mut tree = Tree::new();
        for entry in support::entries(0, log.size()) {
            tree.push(leaf_hash(&entry));
        }
        prop_assert_eq!(log.root(), tree.root());
        prop_assert!(sound(&files));
        let opened = opened(&files).unwrap();
        prop_assert_eq!((opened.size(), opened.root()), (log.size(), log.root()));
    }

    #[test]
    fn an_append_broken_off_after_any_write_leaves_the_old_log_and_can_be_done_again(
        before in 0_u64..600,
        added in 1_u64..600,
        written: prop::sample::Index,
        again in 1_u64..600,
    ) {
        let (mut log, mut files) = support::grown(&[before]);
        let old_root = log.root();
        let writes = log.append(&support::entries(before, before + added)).unwrap();
        let count = written.index(writes.len() + 1);
        support::keep(&mut files, writes.into_iter().take(count).collect());

        // The checkpoint was not written: the log is the old one, sound, whatever lies past it.
        let mut log = opened(&files).unwrap();
        prop_assert_eq!((log.size(), log.root()), (before, old_root));
        prop_assert!(sound(&files));

        // Other entries than the lost ones may come next.
        let batch: Vec<Vec<u8>> = (0..again).map(|n| format!("again {n}").into_bytes()).collect();
        // A writer moves what was never published away before it writes again.
        files.retain(|path, _| path == CHECKPOINT || path.parse::<ledger::TilePath>().unwrap().size_least() <= before);
        support::keep(&mut files, log.append(&batch).unwrap());
        support::publish(&log, &mut files);
        prop_assert!(sound(&files));
        prop_assert_eq!(opened(&files).unwrap().root(), log.root());
    }

    #[test]
    fn pushing_one_by_one_and_asking_for_files_late_writes_each_file_once(count in 0_u64..800) {
        let mut log = Log::create(support::ORIGIN);
        for number in 0..count {
            prop_assert_eq!(log.push(&support::entry(number)), Ok(number));
        }
        let mut late = Files::new();
        let writes = log.writes();
        let number = writes.len();
        support::keep(&mut late, writes);
        prop_assert_eq!(late.len(), number);
        let (_, mut once) = support::grown(&[count]);
        once.remove(CHECKPOINT);
        prop_assert_eq!(late, once);
    }
}
