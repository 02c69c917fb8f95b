//! The reviewer's watch list: what the record shows of a month, by indicator and account, each number beside what it is of.

use askama::Template;
use customs::integrity::Indicator;
use jiff::ToSpan as _;
use node::watch_list::{Span, WatchList, watch_list};

use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "steering/watch.html")]
struct Page {
    frame: Frame,
    from: String,
    until: String,
    opens: String,
    closes: String,
    entries: String,
    cut: bool,
    groups: Vec<Group>,
}

struct Group {
    word: String,
    note: String,
    of: String,
    rows: Vec<Row>,
}

struct Row {
    account: String,
    count: String,
    cases: Vec<(String, String)>,
    open: String,
}

/// The watch list.
///
/// # Errors
/// What the store says.
pub(crate) fn watch(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let span = span(ask);
    let found = ask.read(|look| watch_list(look, &span))?;
    let day = |at: jiff::Timestamp| at.to_zoned(span.zone.clone()).date();
    let page = Page {
        from: day(span.from).to_string(),
        until: day(span.until).to_string(),
        opens: span.hours.0.to_string(),
        closes: span.hours.1.to_string(),
        entries: frame.count(&found.entries),
        cut: found.cut,
        groups: groups(&frame, &found, (day(span.from), day(span.until))),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// The last thirty days and the usual hours, where the reader picked nothing else.
fn span(ask: &Ask) -> Span {
    let hour = |name: &str, otherwise: i8| {
        ask.query
            .number(name)
            .and_then(|hour| i8::try_from(hour).ok())
            .filter(|hour| *hour <= 24)
            .unwrap_or(otherwise)
    };
    let days = ask.query.number("days").filter(|days| (1..=366).contains(days)).unwrap_or(DAYS);
    let back = i64::try_from(days * 24).unwrap_or(i64::MAX);
    Span {
        from: ask.now.checked_sub(back.hours()).unwrap_or(ask.now),
        until: ask.now,
        zone: ask.app.zone.clone(),
        hours: (hour("opens", OPENS), hour("closes", CLOSES)),
    }
}

fn groups(frame: &Frame, found: &WatchList, days: (jiff::civil::Date, jiff::civil::Date)) -> Vec<Group> {
    Indicator::ALL
        .into_iter()
        .map(|indicator| {
            let sights = found.sights.iter().filter(|((of, _), _)| *of == indicator);
            let mut rows: Vec<_> = sights
                .map(|((_, account), sight)| (sight.count, row(frame, indicator, (account, sight), days)))
                .collect();
            rows.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
            Group {
                word: frame.word("indicator", indicator.code()),
                note: frame.word("indicator-note", indicator.code()),
                of: found.of.get(&indicator).map_or_else(String::new, |of| frame.count(of)),
                rows: rows.into_iter().map(|(_, row)| row).collect(),
            }
        })
        .collect()
}

fn row(
    frame: &Frame,
    indicator: Indicator,
    (account, sight): (&str, &node::watch_list::Sight),
    (from, until): (jiff::civil::Date, jiff::civil::Date),
) -> Row {
    let values = [
        ("with.sighting.indicator", indicator.code().to_owned()),
        ("with.sighting.account", account.to_owned()),
        ("with.sighting.from", from.to_string()),
        ("with.sighting.until", until.to_string()),
        ("with.sighting.count", sight.count.to_string()),
        (
            "with.sighting.cases",
            sight.cases.iter().map(|case| case.to_string()).collect::<Vec<_>>().join("\n"),
        ),
    ];
    let filled: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(values).finish();
    Row {
        account: account.to_owned(),
        count: frame.count(&sight.count),
        cases: sight.cases.iter().map(|case| (case.key().to_owned(), areas::page_of(case))).collect(),
        open: format!("/new/concern/open?{filled}"),
    }
}

/// How many days back, where the reader picked nothing else.
const DAYS: u64 = 30;
/// The hours of an office, where the reader picked none.
const OPENS: i8 = 6;
const CLOSES: i8 = 20;
