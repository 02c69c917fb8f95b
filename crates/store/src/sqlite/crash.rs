//! Crashes, made by hand: the files as they are between any two writes, opened again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::checkpoint::{Files, read_page};
use super::open::{Scratch, connect};
use super::pages::{Digests, Head, Next, Pages, Paths, Writing};
use super::wal::{AHEAD_MAX, Reach, Wal};
use super::{Against, NoLog, Report, Sqlite, verify};
use crate::Store;

#[path = "../../tests/all/script.rs"]
mod script;

const FILES: [&str; 4] = ["store.sqlite", "store.sqlite-wal", "store.pages", "store.pages-next"];

/// The files of a store at one moment.
#[derive(Clone, Default)]
struct Snapshot(BTreeMap<&'static str, Vec<u8>>);

impl Snapshot {
    fn of(folder: &Path) -> Self {
        let read = |name| fs::read(folder.join(name)).ok().map(|bytes| (name, bytes));
        Self(FILES.into_iter().filter_map(read).collect())
    }

    fn put(&self, folder: &Path) {
        drop(fs::remove_dir_all(folder));
        fs::create_dir_all(folder).expect("can be made");
        for (name, bytes) in &self.0 {
            fs::write(folder.join(name), bytes).expect("can be written");
        }
    }

    fn with(&self, name: &'static str, bytes: Vec<u8>) -> Self {
        let mut with = self.clone();
        with.0.insert(name, bytes);
        with
    }
}

/// What the store holds after each number of changes, worked out once.
struct Expected(BTreeMap<u64, Value>);

impl Expected {
    fn after(&mut self, steps: u64) -> &Value {
        self.0.entry(steps).or_insert_with(|| script::expected(steps))
    }

    /// Opens what a crash left: all changes that were taken are there, nothing else is, and it goes on.
    fn check(&mut self, folder: &Path, steps: u64, when: &str) {
        let path = folder.join("store.sqlite");
        let mut store = Sqlite::open(&path).unwrap_or_else(|failure| panic!("{when}: {failure}"));
        let view = store.look().expect("gives a view");
        assert_eq!(script::taken(&*view), steps, "{when}");
        assert_eq!(script::all(&*view), *self.after(steps), "{when}");
        script::take(&mut store, steps).unwrap_or_else(|failure| panic!("{when}: {failure}"));
        assert_eq!(script::all(&*view), *self.after(steps + 1), "{when}, going on");
        drop((view, store));
        assert_eq!(report(&path).faults, [], "{when}, after going on");
    }
}

fn report(path: &Path) -> Report {
    verify(path, &Against { log: &NoLog, replay: &script::replay }, &mut |_| ()).expect("can be verified")
}

fn folders() -> (Scratch, PathBuf, PathBuf) {
    let scratch = Scratch::new().expect("can be made");
    let (one, other) = (scratch.0.join("one"), scratch.0.join("other"));
    fs::create_dir_all(&one).expect("can be made");
    (scratch, one, other)
}

thread_local! {
    /// The folder whose files are taken between any two steps of a checkpoint in this thread, and those taken.
    static WATCHED: RefCell<Watched> = RefCell::default();
}

#[derive(Default)]
struct Watched {
    folder: Option<PathBuf>,
    taken: Vec<(&'static str, Snapshot)>,
}

/// Called between any two steps of a checkpoint.
pub(super) fn pass(done: &'static str) {
    WATCHED.with_borrow_mut(|watched| {
        watched.taken.extend(watched.folder.as_ref().map(|folder| (done, Snapshot::of(folder))));
    });
}

/// The files of this folder between any two steps of the checkpoints that `work` makes.
fn watched(folder: &Path, work: impl FnOnce()) -> Vec<(&'static str, Snapshot)> {
    WATCHED.set(Watched { folder: Some(folder.to_owned()), taken: Vec::new() });
    work();
    WATCHED.take().taken
}

/// Takes changes with a checkpoint after each few; the files between any two steps of every checkpoint, with the
/// number of changes taken by then.
fn checkpoints(folder: &Path, steps: u64) -> Vec<(u64, &'static str, Snapshot)> {
    let mut store = Sqlite::open(folder.join("store.sqlite")).expect("opens").checkpoint_after(200_000);
    let mut snapshots = Vec::new();
    for step in 0..steps {
        let seen = watched(folder, || script::take(&mut store, step).expect("is taken"));
        snapshots.extend(seen.into_iter().map(|(done, snapshot)| (step + 1, done, snapshot)));
    }
    snapshots
}

#[test]
fn a_crash_between_any_two_steps_of_a_checkpoint_loses_and_doubles_nothing() {
    let (_scratch, folder, crashed) = folders();
    let mut expected = Expected(BTreeMap::new());
    let snapshots = checkpoints(&folder, 12);
    assert!(snapshots.len() >= 12, "several checkpoints of four steps: {}", snapshots.len());
    for (steps, done, snapshot) in snapshots {
        let when = format!("after {done}, {steps} changes");
        snapshot.put(&crashed);
        assert_eq!(report(&crashed.join("store.sqlite")).faults, [], "{when}");
        expected.check(&crashed, steps, &when);
    }
}

#[test]
fn a_crash_while_pages_move_into_the_database_loses_nothing_even_where_a_page_is_torn() {
    let (_scratch, folder, crashed) = folders();
    let mut expected = Expected(BTreeMap::new());
    let snapshots = checkpoints(&folder, 8);
    let pairs = snapshots.windows(2).filter(|pair| pair[0].1 == "digests foreseen");
    let grown = |pair: &&[(u64, &str, Snapshot)]| {
        let length = |place: usize| pair[place].2.0["store.sqlite"].len();
        length(1) - length(0)
    };
    let (steps, before, after) =
        pairs.max_by_key(grown).map(|pair| (pair[0].0, &pair[0].2, &pair[1].2)).expect("a checkpoint");
    let (old, new) = (&before.0["store.sqlite"], &after.0["store.sqlite"]);
    assert!(old.len() < new.len(), "the database grows in this one");
    let pages = new
        .chunks(4096)
        .enumerate()
        .filter(|(page, bytes)| old.get(page * 4096..(page + 1) * 4096) != Some(bytes));
    let pages: Vec<_> = pages.map(|(page, _)| page * 4096).collect();
    assert!(pages.len() > 20, "{}", pages.len());
    let mut main = old.clone();
    for (moved, start) in pages.iter().enumerate() {
        main.resize(main.len().max(start + 4096), 0);
        main[*start..start + 2048].copy_from_slice(&new[*start..start + 2048]);
        let torn = main.clone();
        main[*start..start + 4096].copy_from_slice(&new[*start..start + 4096]);
        let when = format!("{moved} pages moved");
        before.with("store.sqlite", main.clone()).put(&crashed);
        assert_eq!(report(&crashed.join("store.sqlite")).faults, [], "{when}");
        if moved % 5 == 0 {
            expected.check(&crashed, steps, &when);
            before.with("store.sqlite", torn).put(&crashed);
            expected.check(&crashed, steps, &format!("{when} and one torn"));
        }
    }
}

#[test]
fn a_crash_while_commits_are_moved_beside_the_writer_loses_none_that_came_meanwhile() {
    let (_scratch, folder, crashed) = folders();
    let mut expected = Expected(BTreeMap::new());
    let snapshots = checkpoints(&folder, 12);
    let mut seen = 0;
    for (place, (steps, done, moving)) in snapshots.iter().enumerate() {
        // The next change was committed behind what is moved, and the log still is the same one.
        let later = snapshots[place..].iter().find(|(later, _, _)| *later == steps + 1);
        let Some((_, _, later)) = later.filter(|(_, _, later)| goes_on(moving, later)) else { continue };
        seen += 1;
        for marked in [moving, later] {
            let pages = [&marked.0["store.pages"][4096..8192], &moving.0["store.pages"][8192..]].concat();
            let pages = [&moving.0["store.pages"][..4096], &pages].concat();
            let left = moving.with("store.sqlite-wal", later.0["store.sqlite-wal"].clone());
            left.with("store.pages", pages).put(&crashed);
            let when = format!("after {done}, {steps} changes and one more");
            assert_eq!(report(&crashed.join("store.sqlite")).faults, [], "{when}");
            let open = || drop(Sqlite::open(crashed.join("store.sqlite")).expect("opens"));
            for (again, left) in watched(&crashed, open) {
                left.put(&crashed);
                assert_eq!(report(&crashed.join("store.sqlite")).faults, [], "{when}, crashed after {again}");
            }
            expected.check(&crashed, steps + 1, &when);
        }
    }
    assert!(seen >= 8, "moved beside the writer: {seen}");
}

/// Whether a log of commits is the same one as before, longer.
fn goes_on(before: &Snapshot, later: &Snapshot) -> bool {
    let scratch = Scratch::new().expect("can be made");
    let reach = |snapshot: &Snapshot| {
        snapshot.put(&scratch.0);
        let log = Wal::read(&scratch.0.join("store.sqlite-wal")).expect("can be read")?;
        log.pages().map(|_| log.reach())
    };
    let (Some(before), Some(later)) = (reach(before), reach(later)) else { return false };
    before.salt == later.salt && later.frames > before.frames
}

#[test]
fn a_crash_while_a_crash_is_recovered_from_loses_nothing() {
    let (_scratch, folder, crashed) = folders();
    let path = folder.join("store.sqlite");
    let mut expected = Expected(BTreeMap::new());
    let mut store = Sqlite::open(&path).expect("opens");
    let mut before = Snapshot::of(&folder);
    for step in 0..6 {
        script::take(&mut store, step).expect("is taken");
        let after = Snapshot::of(&folder);
        // The commit is on the disk, its mark is not.
        after.with("store.pages", before.0["store.pages"].clone()).put(&crashed);
        let seen = watched(&crashed, || drop(Sqlite::open(crashed.join("store.sqlite")).expect("opens")));
        assert_eq!(seen.len(), 4, "opening moves the commits");
        for (done, snapshot) in seen {
            let when = format!("after {done}, recovering {} changes", step + 1);
            snapshot.put(&crashed);
            assert_eq!(report(&crashed.join("store.sqlite")).faults, [], "{when}");
            expected.check(&crashed, step + 1, &when);
        }
        if step % 2 == 1 {
            store.rest().expect("comes to rest");
        }
        before = Snapshot::of(&folder);
    }
}

#[test]
fn a_crash_in_the_middle_of_any_write_to_the_log_of_commits_leaves_whole_changes() {
    let (_scratch, folder, crashed) = folders();
    let mut expected = Expected(BTreeMap::new());
    let mut store = Sqlite::open(folder.join("store.sqlite")).expect("opens");
    let mut committed = vec![(Snapshot::of(&folder), 0)];
    for step in 0..4 {
        script::take(&mut store, step).expect("is taken");
        let snapshot = Snapshot::of(&folder);
        let length = snapshot.0["store.sqlite-wal"].len();
        committed.push((snapshot, length));
    }
    drop(store);
    let wal = committed.last().expect("some").0.0["store.sqlite-wal"].clone();
    let frame = 24 + 4096;
    let boundaries = (0..).map(|frames| 32 + frames * frame).take_while(|place| *place <= wal.len());
    let cuts = boundaries.flat_map(|place| [place, place + [11, 24, 2_000, 4_119][place / 8 % 4]]);
    for cut in [0, 7].into_iter().chain(cuts.filter(|cut| *cut <= wal.len())) {
        // The mark is written after the commit, so it is that of the last change that is whole, or the one before.
        let steps = committed.iter().filter(|(_, length)| *length <= cut).count() as u64 - 1;
        let marked = &committed[steps.saturating_sub(cut as u64 % 2) as usize].0;
        let zeros = vec![0; if cut % 3 == 0 { frame } else { 0 }];
        marked.with("store.sqlite-wal", [&wal[..cut], &zeros].concat()).put(&crashed);
        let when = format!("the log of commits cut at {cut}");
        assert_eq!(report(&crashed.join("store.sqlite")).faults, [], "{when}");
        expected.check(&crashed, steps, &when);
    }
}

fn mark_of(snapshot: &Snapshot, scratch: &Path) -> Reach {
    snapshot.put(scratch);
    let pages = Pages::open(&scratch.join("store.pages"), Writing::No).expect("opens");
    pages.mark().expect("can be read").expect("is whole")
}

/// What the power may leave of a log that was longer than what the disk had: any of its frames, in any order.
fn left_by_power(on_disk: &[u8], ahead: &[u8]) -> Vec<Vec<u8>> {
    let frame = 24 + 4096;
    let starts: Vec<usize> = (on_disk.len()..ahead.len()).step_by(frame).collect();
    let cut = starts.iter().map(|start| ahead[..*start].to_vec());
    let holed = starts.iter().map(|start| {
        let mut left = ahead.to_vec();
        left[*start..*start + frame].fill(0);
        left
    });
    let torn = starts.iter().map(|start| {
        let mut left = ahead.to_vec();
        left[start + 2_000] ^= 0x40;
        left
    });
    cut.chain(holed).chain(torn).collect()
}

#[test]
fn a_loss_of_power_takes_whole_changes_that_were_ahead_of_the_disk_and_none_it_had() {
    let (_scratch, folder, crashed) = folders();
    let mut expected = Expected(BTreeMap::new());
    let mut store = Sqlite::open(folder.join("store.sqlite")).expect("opens");
    script::take(&mut store, 0).expect("is taken");
    let on_disk = Snapshot::of(&folder);
    let ahead: Vec<_> = (1..5).map(|step| script::take_ahead(&mut store, step).expect("is taken")).collect();
    let left = Snapshot::of(&folder);
    assert_eq!(mark_of(&left, &crashed), mark_of(&on_disk, &crashed), "nothing is said of what may be lost");
    let (short, long) = (&on_disk.0["store.sqlite-wal"], &left.0["store.sqlite-wal"]);
    for (place, wal) in left_by_power(short, long).into_iter().enumerate() {
        left.with("store.sqlite-wal", wal).put(&crashed);
        let path = crashed.join("store.sqlite");
        assert_eq!(report(&path).faults, [], "left {place}");
        let steps = script::taken(&*Sqlite::open(&path).expect("opens").look().expect("gives a view"));
        assert!((1..5).contains(&steps), "left {place}: {steps}");
        expected.check(&crashed, steps, &format!("left {place}"));
    }
    ahead.into_iter().last().expect("some").wait().expect("reaches the disk");
    let there = Snapshot::of(&folder);
    assert!(mark_of(&there, &crashed).frames > mark_of(&on_disk, &crashed).frames);
    there.with("store.sqlite-wal", short.clone()).put(&crashed);
    assert!(Sqlite::open(crashed.join("store.sqlite")).is_err(), "what the disk had is missed");
}

#[test]
fn a_page_that_was_written_again_while_commits_move_is_not_said_to_stand_as_it_was_foreseen() {
    let (_scratch, folder, crashed) = folders();
    let path = folder.join("store.sqlite");
    let mut store = Sqlite::open(&path).expect("opens").checkpoint_after(u64::MAX);
    (0..2).for_each(|step| script::take(&mut store, step).expect("is taken"));
    let mut files = Files::open(Paths::of(&path)).expect("opens");
    let up_to = mark_of(&Snapshot::of(&folder), &crashed).frames;
    let pin = connect(&path, Writing::No).expect("opens");
    pin.execute_batch("BEGIN; SELECT count(*) FROM sqlite_master").expect("reads");
    script::take(&mut store, 2).expect("is taken");
    let mover = connect(&path, Writing::Yes).expect("opens");
    assert_eq!(files.move_up_to(&mover, up_to).expect("moves"), up_to, "all of it is moved");
    Snapshot::of(&folder).put(&crashed);
    assert_eq!(report(&crashed.join("store.sqlite")).faults, [], "every page matches its digest");
    Expected(BTreeMap::new()).check(&crashed, 3, "with commits behind those that moved");
}

#[test]
fn few_changes_are_ahead_of_the_disk_and_a_mark_never_goes_back() {
    let (_scratch, folder, crashed) = folders();
    let mut store = Sqlite::open(folder.join("store.sqlite")).expect("opens");
    let mut ahead = Vec::new();
    let before = mark_of(&Snapshot::of(&folder), &crashed);
    for step in 0..u64::from(AHEAD_MAX) - 1 {
        ahead.push(script::take_ahead(&mut store, step).expect("is taken"));
        assert_eq!(mark_of(&Snapshot::of(&folder), &crashed), before, "step {step}");
    }
    ahead.push(script::take_ahead(&mut store, u64::from(AHEAD_MAX) - 1).expect("is taken"));
    let marked = mark_of(&Snapshot::of(&folder), &crashed);
    assert!(marked.frames > before.frames, "one more is waited for");
    for pending in ahead {
        pending.wait().expect("reaches the disk");
        assert_eq!(mark_of(&Snapshot::of(&folder), &crashed), marked);
    }
}

#[test]
fn a_log_that_is_written_over_is_missed_again_once_it_holds_what_the_database_has_not() {
    let (_scratch, folder, crashed) = folders();
    let mut store = Sqlite::open(folder.join("store.sqlite")).expect("opens").checkpoint_after(100_000);
    let (mut lengths, mut missed) = (Vec::new(), 0);
    for step in 0..24 {
        script::take(&mut store, step).expect("is taken");
        let snapshot = Snapshot::of(&folder);
        lengths.push((snapshot.0["store.sqlite-wal"].len(), mark_of(&snapshot, &crashed).frames));
        snapshot.with("store.sqlite-wal", Vec::new()).put(&crashed);
        // Where the log is gone, all of it is in the database, or it is missed.
        match Sqlite::open(crashed.join("store.sqlite")) {
            Ok(store) => {
                assert_eq!(script::taken(&*store.look().expect("gives a view")), step + 1, "step {step}");
            }
            Err(_) => missed += 1,
        }
    }
    assert!(missed > 12, "{missed} of 24");
    let written_over = |pair: &&[(usize, u64)]| pair[1].1 < pair[0].1 && pair[1].0 == pair[0].0;
    assert!(lengths.windows(2).filter(written_over).count() >= 2, "{lengths:?}");
}

#[test]
fn a_log_that_goes_on_though_it_was_done_with_is_missed_where_it_is_gone() {
    let (_scratch, folder, crashed) = folders();
    let path = folder.join("store.sqlite");
    let mut store = Sqlite::open(&path).expect("opens");
    script::take(&mut store, 0).expect("is taken");
    drop(store);
    let paths = Paths::of(&path);
    let mut pages = Pages::open(&paths.pages, Writing::Yes).expect("opens");
    let reach = pages.mark().expect("can be read").expect("is whole");
    let head = Head { absorbed: reach.salt, ..pages.head };
    pages.settle(&Next { head, ..Next::default() }).expect("is written");
    let without_log = || {
        Snapshot::of(&folder).with("store.sqlite-wal", Vec::new()).put(&crashed);
        Files::open(Paths::of(&crashed.join("store.sqlite")))
    };
    assert!(without_log().is_ok(), "it is said to be done with");
    Files::open(paths).expect("opens").expect(&reach).expect("is written");
    assert!(without_log().is_err(), "it went on");
}

#[test]
fn a_reader_that_holds_a_checkpoint_up_costs_nothing_but_time() {
    let (_scratch, folder, crashed) = folders();
    let (path, copy) = (folder.join("store.sqlite"), crashed.join("store.sqlite"));
    let mut store = Sqlite::open(&path).expect("opens").checkpoint_after(u64::MAX);
    store.wait_at_most(std::time::Duration::from_millis(20));
    let holding = rusqlite::Connection::open(&path).expect("opens");
    for (step, held) in (0..).zip([false, true, true, false, true]) {
        if held {
            holding.execute_batch("BEGIN; SELECT count(*) FROM entries;").expect("holds");
        }
        script::take(&mut store, step).expect("is taken");
        assert_eq!(store.rest().is_err(), held, "step {step}");
        Snapshot::of(&folder).put(&crashed);
        assert_eq!(report(&copy).faults, [], "step {step}, held up: {held}");
        let reopened = Sqlite::open(&copy).expect("opens");
        let there = script::all(&*reopened.look().expect("gives a view"));
        assert_eq!(there, script::all(&*store.look().expect("gives a view")), "step {step}");
        if held {
            holding.execute_batch("COMMIT").expect("lets go");
        }
    }
}

/// Makes a store's digests as stores of before have them.
fn seal_as_before(path: &Path) {
    let paths = Paths::of(path);
    let pages = Pages::open(&paths.pages, Writing::No).expect("opens");
    let (head, mark) = (pages.head, pages.mark().expect("can be read").expect("is whole"));
    let main = fs::File::open(path).expect("opens");
    let seal =
        |page| Digests::Sha256.seal(&read_page(&main, page, head.page_size.into()).expect("can be read"));
    let seals: Vec<_> = (1..=head.pages).map(seal).collect();
    let head = Head { digests: Digests::Sha256, ..head };
    Pages::create(&paths.pages, &head, &seals, &mark).expect("can be written");
}

#[test]
fn a_store_with_digests_of_before_goes_on_with_them_and_shows_what_rots() {
    let (_scratch, folder, _) = folders();
    let path = folder.join("store.sqlite");
    let mut store = Sqlite::open(&path).expect("opens");
    script::take(&mut store, 0).expect("is taken");
    store.rest().expect("comes to rest");
    drop(store);
    seal_as_before(&path);
    assert_eq!(report(&path).faults, []);
    Expected(BTreeMap::new()).check(&folder, 1, "digests of before");
    drop(Sqlite::open(&path).expect("opens").rest());
    assert!(Snapshot::of(&folder).0["store.pages"].starts_with(b"sampan pages 1\n"));
    let mut main = fs::read(&path).expect("can be read");
    main[2 * 4096 + 100] ^= 1;
    fs::write(&path, main).expect("can be written");
    assert!(!report(&path).faults.is_empty());
}
