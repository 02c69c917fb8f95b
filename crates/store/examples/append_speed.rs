//! How fast the store appends: entries with a blob of 4 KiB each, durable before every answer, 1, 100 and 1,000 to a
//! change, beside plain writing and syncing of the same bytes. Prints one JSON object.
//!
//! `cargo run --release -p store --example append_speed [FOLDER] [SECONDS]`

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use kernel::{ActId, Actor, CaseId, Digest, Entry, Happening, Role, Summary};
use serde_json::{Value, json};
use store::sqlite::Sqlite;
use store::{Change, Failure, Store};

const PER_CHANGE: [u64; 3] = [1, 100, 1_000];

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().map_or_else(std::env::temp_dir, PathBuf::from).join("sampan-append-speed");
    let each = words.next().map_or(Ok(3.0), |seconds| seconds.parse()).map(Duration::from_secs_f64)?;
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder)?;
    let mut runs = Vec::new();
    for per_change in PER_CHANGE {
        let ours = store_speed(&folder, per_change, each, Cases::No)?;
        let with_cases = store_speed(&folder, per_change, each, Cases::Yes)?;
        let plain = plain_speed(&folder.join("plain"), per_change, each)?;
        runs.push(json!({
            "per_change": per_change,
            "entries_per_second": ours.round(),
            "with_case_kept_per_second": with_cases.round(),
            "plain_write_and_sync_per_second": plain.round(),
            "ratio": (ours / plain * 1_000.0).round() / 1_000.0,
        }));
    }
    fs::remove_dir_all(&folder)?;
    let result = json!({"bench": "append_speed", "blob_bytes": 4096, "seconds_each": each.as_secs_f64(), "runs": runs});
    writeln!(std::io::stdout(), "{result}")?;
    Ok(())
}

/// Whether every entry's case is kept as well.
#[derive(Clone, Copy)]
enum Cases {
    Yes,
    No,
}

/// Entries a second, checkpoints included.
fn store_speed(folder: &Path, per_change: u64, each: Duration, cases: Cases) -> Result<f64, Box<dyn Error>> {
    let folder = folder.join(format!("store-{per_change}"));
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder)?;
    let mut store = Sqlite::open(folder.join("store.sqlite"))?;
    let (begun, mut done) = (Instant::now(), 0);
    while begun.elapsed() < each {
        store.change(&mut |change| {
            (done..done + per_change).try_for_each(|number| append(change, number, cases))
        })?;
        done += per_change;
    }
    store.rest()?;
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}

fn append(change: &mut dyn Change, number: u64, cases: Cases) -> Result<(), Failure> {
    let digest = change.keep_blob(&blob(number))?;
    let case = CaseId::of("item", number % 20_000);
    let place = change.append(&entry(&case, number, digest))?;
    if let Cases::Yes = cases {
        let (stage, title) = ("arrived".to_owned(), format!("Consignment {number}"));
        let lane = "TH-VN acdd".to_owned();
        let summary = Summary { stage, title, lane, partner: "TH".into(), rung: 1, ..Summary::default() };
        change.put_case(
            &case,
            &json!({"number": number, "lines": vec!["8471.30"; 20]}).into(),
            &summary,
            place,
        )?;
    }
    Ok(())
}

fn entry(case: &CaseId, number: u64, blob: Digest) -> Entry {
    let event: Value =
        json!({"lines": 3, "number": number, "quantity": "18000 KGM", "reference": "VN-10-2026"});
    let what = Happening::Event {
        act: ActId::new(format!("act-{number}")),
        name: "arrive".into(),
        event: event.into(),
    };
    let at = Timestamp::UNIX_EPOCH + SignedDuration::from_millis(number as i64);
    Entry { at, actor: Actor::new("VN", Role::NODE), case: case.clone(), what, blobs: vec![blob] }
}

/// 4 KiB that no file system can make smaller.
fn blob(number: u64) -> Vec<u8> {
    (0..128_u64).flat_map(|part| *Digest::of(&(number * 128 + part).to_le_bytes()).as_bytes()).collect()
}

/// The physical limit: the same bytes to the end of a file, synced as often.
fn plain_speed(path: &Path, per_change: u64, each: Duration) -> Result<f64, Box<dyn Error>> {
    let mut file = File::create(path)?;
    let (begun, mut done) = (Instant::now(), 0);
    while begun.elapsed() < each {
        let mut bytes = Vec::new();
        for number in done..done + per_change {
            let blob = blob(number);
            bytes.extend(entry(&CaseId::of("item", number), number, Digest::of(&blob)).to_bytes());
            bytes.extend(blob);
        }
        file.write_all(&bytes)?;
        file.sync_data()?;
        done += per_change;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}
