//! Crashes as they really happen: a program that writes is killed, at random moments and at chosen system calls, and
//! what it left is opened again.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ledger::{AuditKeys, Purpose, Signer, Strangers};
use store::Store;
use store::journal::Journal;
use store::sqlite::Sqlite;

use crate::folder::Folder;
use crate::script;

/// Set for the program that is to be killed: the folder it writes in.
const CHILD: &str = "SAMPAN_CRASH_CHILD";
/// Up to which change that program writes.
const UNTIL: &str = "SAMPAN_CRASH_UNTIL";
/// How often the program is killed at random.
const ROUNDS: &str = "SAMPAN_CRASH_ROUNDS";
/// How many system calls of a kind are passed over between two at which it is killed; 1 for none.
const STRIDE: &str = "SAMPAN_CRASH_STRIDE";

fn signer() -> Signer {
    Signer::generate("vn.example/record", Purpose::Log, [7; 32]).expect("a key")
}

/// The program that is to be killed: takes changes, the log following, and says each when it is taken.
fn write_until_killed(node: &Path) {
    let until: u64 = std::env::var(UNTIL).map_or(u64::MAX, |until| until.parse().expect("a number"));
    let mut store = Sqlite::open(node.join("store.sqlite")).expect("opens").checkpoint_after(150_000);
    let mut journal = Journal::open(node, signer()).expect("opens");
    let view = store.look().expect("gives a view");
    for step in script::taken(&*view)..until {
        script::take(&mut store, step).expect("is taken");
        writeln!(std::io::stdout(), "\ntaken {}", step + 1).expect("is heard");
        journal.catch_up(&*view).expect("catches up");
    }
}

/// This very test, run again as the program to be killed.
fn child(test: &str, node: &Path, before: &[&str]) -> Child {
    let this = std::env::current_exe().expect("has a path");
    let words =
        before.iter().map(Into::into).chain([this.into_os_string()]).collect::<Vec<std::ffi::OsString>>();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args([test, "--exact", "--nocapture"]).env(CHILD, node);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts")
}

/// The number of changes a line says are taken.
fn said(line: &str) -> Option<u64> {
    line.strip_prefix("taken ")?.parse().ok()
}

/// Opens what was left: it verifies as it lies there, every acknowledged change is in it, at most the one that was
/// under way besides, and none by half or twice. Gives how many there are.
fn check(node: &Path, acknowledged: u64) -> u64 {
    let signer = signer();
    let keys = AuditKeys { log: signer.verifier(), witnesses: &[], strangers: Strangers::Fault };
    if !node.join("store.sqlite").exists() || !node.join("log/checkpoint").exists() {
        assert_eq!(acknowledged, 0, "what was taken is there");
    } else {
        let report =
            store::record::verify(node, &keys, &script::replay, &mut |_| ()).expect("can be verified");
        assert!(report.sound, "{:#?}", report.faults().collect::<Vec<_>>());
    }
    let store = Sqlite::open(node.join("store.sqlite")).expect("opens again");
    let view = store.look().expect("gives a view");
    let taken = script::taken(&*view);
    assert!(
        (acknowledged..=acknowledged + 1).contains(&taken),
        "{acknowledged} were acknowledged, {taken} are there"
    );
    assert_eq!(script::all(&*view), script::expected(taken), "after {taken} changes");
    taken
}

#[test]
fn killed_at_random_moments_nothing_acknowledged_is_lost_and_nothing_is_doubled() {
    if let Some(node) = std::env::var_os(CHILD) {
        return write_until_killed(node.as_ref());
    }
    let folder = Folder::new("killed");
    let rounds = std::env::var(ROUNDS).map_or(20, |rounds| rounds.parse().expect("a number"));
    let (mut taken, mut killed_at_work) = (0, 0);
    for round in 0..rounds {
        let mut child = child(
            "crash::killed_at_random_moments_nothing_acknowledged_is_lost_and_nothing_is_doubled",
            folder.as_ref(),
            &[],
        );
        let patience = Duration::from_micros(round * 7_919 % 50_000);
        let acknowledged = kill_after(&mut child, taken, patience);
        killed_at_work += u64::from(acknowledged > taken);
        taken = check(folder.as_ref(), acknowledged);
    }
    assert!(killed_at_work * 2 > rounds, "most were killed while they wrote: {killed_at_work} of {rounds}");
    assert!(taken > rounds, "and wrote something in between: {taken}");
}

/// Kills the program some time after its first change; gives the last change it acknowledged.
fn kill_after(child: &mut Child, taken: u64, patience: Duration) -> u64 {
    let mut lines = BufReader::new(child.stdout.take().expect("is piped")).lines().map_while(Result::ok);
    let first = lines.find_map(|line| said(&line)).unwrap_or(taken);
    let until = Instant::now() + patience;
    std::thread::sleep(until - Instant::now());
    child.kill().expect("can be killed");
    child.wait().expect("ends");
    lines.filter_map(|line| said(&line)).last().unwrap_or(first).max(first)
}

#[test]
fn killed_at_any_system_call_that_writes_nothing_is_lost() {
    if let Some(node) = std::env::var_os(CHILD) {
        return write_until_killed(node.as_ref());
    }
    if !can_trace() {
        let skipped = writeln!(std::io::stderr(), "skipped: strace cannot trace here");
        return skipped.expect("is heard");
    }
    let mut runs = 0;
    for call in ["pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "mkdir"] {
        for number in 1.. {
            let folder = Folder::new("traced");
            if !killed_at(folder.as_ref(), call, number) {
                break;
            }
            runs += 1;
        }
    }
    writeln!(std::io::stderr(), "killed at {runs} system calls").expect("is heard");
    assert!(runs > 30, "the program was really killed at its calls: {runs}");
}

/// Every call up to this one is tried, those behind it by strides.
const ALL_UP_TO: u64 = 8;

fn can_trace() -> bool {
    Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
}

/// Runs the program until this call happens for the so-manieth time; says whether it got that far.
fn killed_at(node: &Path, call: &str, number: u64) -> bool {
    let stride: u64 = std::env::var(STRIDE).map_or(13, |stride| stride.parse().expect("a number"));
    let when = number.min(ALL_UP_TO) + number.saturating_sub(ALL_UP_TO) * stride;
    let inject = format!("inject={call}:signal=KILL:when={when}");
    let before = ["env", "SAMPAN_CRASH_UNTIL=5", "strace", "-f", "-o", "/dev/null", "-e", &inject];
    let mut child = child("crash::killed_at_any_system_call_that_writes_nothing_is_lost", node, &before);
    let lines = BufReader::new(child.stdout.take().expect("is piped")).lines().map_while(Result::ok);
    let acknowledged = lines.filter_map(|line| said(&line)).last().unwrap_or(0);
    let killed = !child.wait().expect("ends").success();
    check(node, acknowledged);
    if !killed {
        assert_eq!(acknowledged, 5, "it ended by itself when it was done");
    }
    killed
}
