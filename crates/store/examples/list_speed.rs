//! How fast a full store answers: a million entries, a hundred and fifty thousand cases on three desks. Prints one
//! JSON object with the median and the slowest of many calls, in microseconds.
//!
//! `cargo run --release -p store --example list_speed [FOLDER] [ENTRIES]`

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use kernel::{ActId, Actor, CaseId, Entry, Happening, Reference, Role, Severity, Summary};
use serde_json::{Value, json};
use store::sqlite::Sqlite;
use store::{Change, Failure, Look, Order, Query, Store, Tally};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().map_or_else(std::env::temp_dir, PathBuf::from).join("sampan-list-speed");
    let entries: u64 = words.next().map_or(Ok(1_000_000), |entries| entries.parse())?;
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder)?;
    let mut store = Sqlite::open(folder.join("store.sqlite"))?.checkpoint_after(256 << 20);
    let filled = fill(&mut store, entries)?;
    let file = fs::metadata(folder.join("store.sqlite"))?.len();
    let view = store.look()?;
    let times = measure(&*view, entries)?;
    let result = json!({
        "bench": "list_speed", "entries": entries, "cases": view.cases(&Query::default())?.total,
        "file_bytes": file, "entries_with_case_per_second": filled.round(), "microseconds": times,
    });
    drop((view, store));
    let opened = Instant::now();
    drop(Sqlite::open(folder.join("store.sqlite"))?);
    writeln!(
        std::io::stdout(),
        "{result}\n{}",
        json!({"open_milliseconds": opened.elapsed().as_millis() as u64})
    )?;
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Fills the store, a thousand entries to a change; entries a second.
fn fill(store: &mut Sqlite, entries: u64) -> Result<f64, Box<dyn Error>> {
    let begun = Instant::now();
    for start in (0..entries).step_by(1_000) {
        store.change(&mut |change| {
            (start..entries.min(start + 1_000)).try_for_each(|number| happen(change, number))
        })?;
    }
    store.rest()?;
    Ok(entries as f64 / begun.elapsed().as_secs_f64())
}

fn happen(change: &mut dyn Change, number: u64) -> Result<(), Failure> {
    let spread = spread(number);
    let of_case = spread % 150_000;
    let desk = ["item", "finding", "obligation"][(of_case % 3) as usize];
    let case = CaseId::of(desk, format!("TH-VN/2026/{of_case:09}"));
    let event: Value = json!({"lines": 3, "number": number, "quantity": "18000 KGM"});
    let what = Happening::Event {
        act: ActId::new(format!("act-{number}")),
        name: "arrive".into(),
        event: event.into(),
    };
    let at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(number as i64);
    let entry =
        Entry { at, actor: Actor::new("VN", Role::NODE), case: case.clone(), what, blobs: Vec::new() };
    let place = change.append(&entry)?;
    let state = json!({"number": number, "lines": vec!["8471.30"; 40]});
    change.put_case(&case, &state.into(), &summary(of_case, spread / 150_000, at), place)
}

/// A number that looks random, always the same for the same one.
fn spread(number: u64) -> u64 {
    let mut state = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// What a case shows; `of_case` always says the same of it, `spread` is new with every entry.
fn summary(of_case: u64, spread: u64, at: Timestamp) -> Summary {
    let pick = |from: &[&str], by: u64| from[(by % from.len() as u64) as usize].to_owned();
    Summary {
        stage: pick(&["arrived", "read", "linked", "seen", "acted", "told"], spread),
        title: format!("Consignment {of_case:06}"),
        partner: pick(&["TH", "LA", "CN", "KH"], of_case / 3),
        lane: pick(&["TH-VN acdd", "LA-VN acdd", "CN-VN acdd", "KH-VN acdd"], of_case / 3),
        rung: (spread % 6) as u8 + 1,
        due: (spread / 6).is_multiple_of(3).then_some(at),
        severity: (spread / 18).is_multiple_of(7).then_some(Severity::Error),
        closed: !(spread / 126).is_multiple_of(10),
        references: vec![Reference::new("container", format!("TEMU{}", of_case % 75_000))],
        shown: json!({"office": "VNHPH"}),
    }
}

fn measure(view: &dyn Look, entries: u64) -> Result<Value, Box<dyn Error>> {
    let desk = Query { desk: Some("item".into()), ..Query::default() };
    let open = Query { closed: Some(false), ..desk.clone() };
    let rare = Query { stages: vec!["none".into()], ..desk.clone() };
    let pages = [
        ("page of 100, newest", desk.clone()),
        ("page of 1000, newest", Query { limit: 1_000, ..desk.clone() }),
        ("page of 100, open, due first", Query { order: Order::Due, ..open.clone() }),
        ("page of 100, open, heaviest first", Query { order: Order::Severity, ..open.clone() }),
        ("page of 100, from the 10,000th", Query { offset: 10_000, ..desk.clone() }),
        (
            "page of 100, one lane and rung",
            Query { lane: Some("TH-VN acdd".into()), rung_min: Some(5), ..desk.clone() },
        ),
        ("page, a stage that no case is in", rare),
        (
            "page by container",
            Query { reference: Some(("container".into(), "TEMU7".into())), ..Query::default() },
        ),
        ("page by text in the title", Query { text: Some("123".into()), ..desk.clone() }),
        ("page of 100, all desks", Query::default()),
    ];
    let mut times = serde_json::Map::new();
    for (what, query) in pages {
        times.insert(what.into(), time(|_| view.cases(&query).map(drop))?);
    }
    times.insert("tally of lanes and rungs".into(), time(|_| view.tally(&desk, Tally::LaneRung).map(drop))?);
    let case = |turn: u64| CaseId::of("item", format!("TH-VN/2026/{:09}", turn * 2_997 % 150_000));
    times.insert("one case".into(), time(|turn| view.case(&case(turn)).map(drop))?);
    times.insert("history of a case".into(), time(|turn| view.history(&case(turn)).map(drop))?);
    times.insert("one entry".into(), time(|turn| view.entry(turn * 7_919 % entries).map(drop))?);
    times.insert(
        "act taken".into(),
        time(|turn| view.act_taken(&case(turn), &ActId::new("act-1")).map(drop))?,
    );
    Ok(Value::Object(times))
}

/// Median and slowest of fifty calls.
fn time(mut call: impl FnMut(u64) -> Result<(), Failure>) -> Result<Value, Box<dyn Error>> {
    let mut times = Vec::new();
    for turn in 0..50 {
        let begun = Instant::now();
        call(turn)?;
        times.push(begun.elapsed().as_micros() as u64);
    }
    times.sort_unstable();
    Ok(json!({"median": times[times.len() / 2], "slowest": times[times.len() - 1]}))
}
