//! Throughput: how many messages came and went in each of the last hours, and how long receipts took.

use askama::Template;
use jiff::Timestamp;
use store::{CaseRow, Failure, Look, Order, Query};

use crate::ask::{Ask, Problem, Reply};
use crate::draw::chart::{Series, lines, stacked};
use crate::draw::{Labels, Picture};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "wire/throughput.html")]
struct Page {
    frame: Frame,
    facts: Vec<(&'static str, String)>,
    cut: String,
    counts: Picture,
    times: Picture,
}

/// What happened in one hour.
#[derive(Clone, Debug, Default)]
struct Hour {
    received: u64,
    receipted: u64,
    failed: u64,
    /// How long each receipt took, in milliseconds.
    took: Vec<i64>,
}

/// The throughput of the last day.
///
/// # Errors
/// What the store says.
pub(crate) fn throughput(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let (hours, cut) = ask.read(|look| gathered(look, ask.now))?;
    let labels = |number: usize| frame.short(&start_of(ask.now, number));
    let names: Vec<String> = (0..HOURS).map(labels).collect();
    let page = Page {
        facts: facts(&frame, &hours),
        cut: if cut {
            frame.say("wire.throughput.cut", "count", &frame.count(&u64::from(CASES)))
        } else {
            String::new()
        },
        counts: counts(&frame, &names, &hours),
        times: times(&frame, &names, &hours),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// The last hours, and whether there was more than was counted.
fn gathered(look: &dyn Look, now: Timestamp) -> Result<(Vec<Hour>, bool), Failure> {
    let mut hours = vec![Hour::default(); HOURS];
    let (received, more_received) = newest(look, "received")?;
    for row in received {
        if let Some(hour) = opened(look, &row)?.and_then(|at| slot(now, at)) {
            hours[hour].received += 1;
        }
    }
    let (sent, more_sent) = newest(look, "sent")?;
    for row in sent {
        let moment =
            |name: &str| row.summary.shown[name].as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let (queued, receipted) = (moment("queued"), moment("receipted"));
        if let (Some(queued), Some(receipted)) = (queued, receipted)
            && let Some(hour) = slot(now, receipted)
        {
            hours[hour].receipted += 1;
            let took = receipted.duration_since(queued).as_millis();
            hours[hour].took.push(i64::try_from(took).unwrap_or(i64::MAX));
        } else if row.summary.stage == "failed"
            && let Some(hour) = queued.and_then(|at| slot(now, at))
        {
            hours[hour].failed += 1;
        }
    }
    Ok((hours, more_received || more_sent))
}

fn newest(look: &dyn Look, desk: &str) -> Result<(Vec<CaseRow>, bool), Failure> {
    let query = Query { desk: Some(desk.into()), order: Order::Newest, limit: CASES, ..Query::default() };
    let page = look.cases(&query)?;
    let more = page.total > page.rows.len() as u64;
    Ok((page.rows, more))
}

fn opened(look: &dyn Look, row: &CaseRow) -> Result<Option<Timestamp>, Failure> {
    Ok(look.entry(row.opened)?.map(|entry| entry.at))
}

/// The hour a moment lies in, the oldest first; nothing where it is older than all.
fn slot(now: Timestamp, at: Timestamp) -> Option<usize> {
    let hour = |moment: Timestamp| moment.as_second().div_euclid(HOUR);
    let back = usize::try_from(hour(now) - hour(at)).ok()?;
    (back < HOURS).then(|| HOURS - 1 - back)
}

fn start_of(now: Timestamp, hour: usize) -> Timestamp {
    let back = i64::try_from(HOURS - 1 - hour).unwrap_or_default();
    Timestamp::from_second((now.as_second().div_euclid(HOUR) - back) * HOUR).unwrap_or(now)
}

fn facts(frame: &Frame, hours: &[Hour]) -> Vec<(&'static str, String)> {
    let sum = |count: fn(&Hour) -> u64| frame.count(&hours.iter().map(count).sum());
    let mut all: Vec<i64> = hours.iter().flat_map(|hour| hour.took.iter().copied()).collect();
    let took = |all: &mut Vec<i64>, hundredth| {
        quantile(all, hundredth)
            .map_or_else(|| "–".to_owned(), |time| frame.say("wire.milliseconds", "count", &time.to_string()))
    };
    vec![
        ("wire.throughput.received", sum(|hour| hour.received)),
        ("wire.throughput.receipted", sum(|hour| hour.receipted)),
        ("wire.throughput.failed", sum(|hour| hour.failed)),
        ("wire.throughput.p50", took(&mut all, 50)),
        ("wire.throughput.p99", took(&mut all, 99)),
    ]
}

fn quantile(times: &mut [i64], hundredth: usize) -> Option<i64> {
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) * hundredth / 100).copied()
}

fn counts(frame: &Frame, names: &[String], hours: &[Hour]) -> Picture {
    let labels = Labels {
        id: "messages",
        title: frame.t("wire.throughput.messages").to_owned(),
        across: frame.t("wire.throughput.hour").to_owned(),
        up: frame.t("wire.throughput.messages").to_owned(),
        as_table: frame.t("wire.as-table").to_owned(),
        ..Labels::default()
    };
    let series = ["received", "receipted", "failed"].map(|key| frame.word("wire.throughput", key));
    let columns = names.iter().zip(hours).map(|(name, hour)| {
        (
            name.clone(),
            [hour.received, hour.receipted, hour.failed].iter().map(|count| *count as f64).collect(),
        )
    });
    stacked(frame.language, &labels, &series, &columns.collect::<Vec<_>>())
}

fn times(frame: &Frame, names: &[String], hours: &[Hour]) -> Picture {
    let labels = Labels {
        id: "times",
        title: frame.t("wire.throughput.times").to_owned(),
        across: frame.t("wire.throughput.hour").to_owned(),
        up: frame.t("wire.throughput.milliseconds").to_owned(),
        as_table: frame.t("wire.as-table").to_owned(),
        ..Labels::default()
    };
    let line = |key: &str, hundredth| Series {
        name: frame.word("wire.throughput", key),
        values: hours
            .iter()
            .map(|hour| quantile(&mut hour.took.clone(), hundredth).map(|time| time as f64))
            .collect(),
    };
    lines(frame.language, &labels, names, &[line("p50", 50), line("p99", 99)])
}

/// An hour, in seconds.
const HOUR: i64 = 3_600;
/// How many hours are shown.
const HOURS: usize = 24;
/// How many of the newest cases of each way are counted at most.
const CASES: u32 = 5_000;
