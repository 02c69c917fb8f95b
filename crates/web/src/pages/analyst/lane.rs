//! One lane as a whole: how much of its trade is shared with us, how good it is, how far its items get, and how right the links were.

use std::collections::BTreeMap;

use askama::Template;
use customs::declaration::Acdd;
use customs::gate::Difference;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CaseId, Digest, Happening};
use link::finding::{Judged, Naming, unexported};
use link::lane::{Census, ExportOutcome, QualityCount, Recall};
use store::{Failure, Look, Query, Tally};

use super::super::exchange::lane_name;
use super::gather::{self, Export, Import};
use crate::ask::{Ask, Problem, Reply};
use crate::draw::chart::{self, Bar, Point, Series};
use crate::draw::{Labels, Picture};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "analyst/lane.html")]
struct Page {
    frame: Frame,
    title: String,
    list: String,
    coverage: Option<Coverage>,
    undeclared: String,
    score: String,
    quality: Picture,
    ladder: Picture,
    weeks: Picture,
    calibration: Option<Picture>,
    silent: Vec<Silent>,
    sample: String,
}

/// The lane's coverage as sentences.
struct Coverage {
    share: String,
    interval: String,
    of: String,
    low: u16,
    middle: u16,
    high: u16,
}

/// An import that names an exporter who shares, without an export.
struct Silent {
    href: String,
    number: String,
    exporter: String,
    expected: String,
    habit: String,
}

/// One unlinked import, until it is known what its exporter's others do.
struct Alone {
    case: CaseId,
    number: String,
    exporter: String,
    key: u64,
}

/// What was counted of a lane.
#[derive(Default)]
struct Counted {
    census: Census,
    imports: u64,
    linked: u64,
    quality: QualityCount,
    weeks: BTreeMap<Date, u64>,
    /// Verdicts on links by tenths of the probability said: said, right, all.
    said: BTreeMap<u16, (u64, u64, u64)>,
    items: u64,
    /// Imports by exporter: all, linked.
    exporters: BTreeMap<u64, (u64, u64)>,
    alone: Vec<Alone>,
}

/// Goods that left so long ago are declared or never will be.
const LONGEST_DAYS: i64 = 60;
/// The most weeks a chart shows.
const WEEKS: usize = 26;

/// One lane.
///
/// # Errors
/// [`Problem::NotFound`] for a text that is no lane, or what the store says.
pub(crate) fn lane(ask: &Ask) -> Result<Reply, Problem> {
    let name = ask.params.text("lane").to_owned();
    let giver = name.split_once('-').map(|(from, _)| from.to_owned()).ok_or(Problem::NotFound)?;
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let counted = counted(look, &name, (&giver, frame.moments.now))?;
        let counted = Counted { said: said(look, &giver)?, ..counted };
        let ladder = ladder(&frame, look, &name)?;
        Ok(drawn(frame, &name, &counted, ladder))
    })?;
    Ok(Reply::html(page.render()?))
}

fn drawn(frame: Frame, name: &str, counted: &Counted, ladder: Picture) -> Page {
    let quality = counted.quality.quality();
    let per_cent = |permille: Option<u16>| {
        permille.map_or_else(|| "–".to_owned(), |permille| frame.language.share(u64::from(permille), 1_000))
    };
    Page {
        title: lane_name(&frame, name),
        list: format!("/exchange?{}", crate::fields::Fields::default().with("lane", name)),
        coverage: coverage(&frame, counted),
        undeclared: undeclared(&frame, counted),
        score: frame.say("lane-page.score", "score", &per_cent(quality.score)),
        quality: quality_picture(&frame, &quality),
        ladder,
        weeks: weeks(&frame, counted),
        calibration: calibration(&frame, counted),
        silent: silent(&frame, counted),
        sample: frame.say("lane-page.sample", "count", &frame.count(&counted.items)),
        frame,
    }
}

fn counted(look: &dyn Look, lane: &str, (giver, now): (&str, Timestamp)) -> Result<Counted, Failure> {
    let mut counted = Counted::default();
    let mut agreeing: BTreeMap<CaseId, bool> = BTreeMap::new();
    let mut arrives: BTreeMap<CaseId, Option<Date>> = BTreeMap::new();
    gather::each(look, &gather::imports(), |row| {
        let Some(import) = Import::of(row) else { return };
        count_import(&mut counted, &import, giver, (&mut agreeing, &mut arrives));
    })?;
    let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    let mut opened: Vec<(u64, CaseId, Option<Date>)> = Vec::new();
    counted.items = gather::each(look, &gather::exports(Some(lane)), |row| {
        let Some(export) = Export::of(row) else { return };
        opened.push((export.row.opened, export.row.id.clone(), export.acdd().and_then(|acdd| acdd.departs)));
        count_export(&mut counted, &export, (&agreeing, today));
    })?;
    for (number, case, departs) in opened {
        let Some(entry) = look.entry(number)? else { continue };
        let day = jiff::tz::TimeZone::UTC.to_datetime(entry.at).date();
        *counted.weeks.entry(monday(day)).or_default() += 1;
        let limit = arrives
            .get(&case)
            .copied()
            .flatten()
            .or_else(|| departs.map(|day| day.saturating_add(jiff::Span::new().days(3))));
        counted.quality.in_time += u64::from(limit.is_none_or(|limit| day <= limit));
    }
    Ok(counted)
}

/// Verdicts on links, by tenths of the probability said when the link was made.
fn said(look: &dyn Look, giver: &str) -> Result<BTreeMap<u16, (u64, u64, u64)>, Failure> {
    let mut said: BTreeMap<u16, (u64, u64, u64)> = BTreeMap::new();
    let query = Query {
        desk: Some("finding".into()),
        partner: Some(giver.to_owned()),
        closed: Some(true),
        limit: VERDICTS,
        ..Query::default()
    };
    for finding in look.cases(&query)?.rows {
        let shown = &finding.summary.shown;
        let Some(verdict) = shown["verdict"].as_str() else { continue };
        let (Some(case), Some(item)) = (shown["consignment"].as_str(), shown["item"].as_str()) else {
            continue;
        };
        let Some(permille) = said_of(look, &CaseId::new(case), item)? else { continue };
        let row = said.entry((permille / 100).min(9)).or_default();
        let right = u64::from(verdict != "wrong-link");
        *row = (row.0 + u64::from(permille), row.1 + right, row.2 + 1);
    }
    Ok(said)
}

/// How sure the matcher was of a link when it was last made.
fn said_of(look: &dyn Look, case: &CaseId, item: &str) -> Result<Option<u16>, Failure> {
    let history = look.history(case)?;
    let tie = history.iter().rev().find_map(|(_, entry)| match &entry.what {
        Happening::Event { event, .. } if event["tie"]["item"] == item => event["tie"]["permille"].as_u64(),
        _ => None,
    });
    Ok(tie.and_then(|permille| u16::try_from(permille).ok()))
}

/// The most verdicts looked at.
const VERDICTS: u32 = 400;

type Seen<'a> = (&'a mut BTreeMap<CaseId, bool>, &'a mut BTreeMap<CaseId, Option<Date>>);

/// Counts one of our imports from the lane's giver: whether it is linked, and what came of its links.
fn count_import(counted: &mut Counted, import: &Import, giver: &str, (agreeing, arrives): Seen<'_>) {
    let Some(ours) = import.declaration() else { return };
    let from = |tie: &customs::gate::Tie| tie.export.split_once(':').is_some_and(|(from, _)| from == giver);
    for tie in import.held.ties().values().filter(|tie| from(tie)) {
        agreeing.insert(tie.item.clone(), tie.differences.iter().all(Difference::is_explained));
        arrives.insert(tie.item.clone(), ours.arrives);
    }
    if ours.export_country.as_ref().is_none_or(|country| country.as_str() != giver) {
        return;
    }
    let linked =
        import.held.ties().values().filter(|tie| from(tie)).map(|tie| tie.permille).max().unwrap_or(0);
    counted.imports += 1;
    counted.linked += u64::from(linked > 0);
    let key = number_of(&link::resolve::words(&ours.exporter.name).join(" "));
    counted.census.import(key, linked);
    let row = counted.exporters.entry(key).or_default();
    *row = (row.0 + 1, row.1 + u64::from(linked > 0));
    if linked == 0 && import.row.summary.stage != "withdrawn" {
        let (case, number) = (import.row.id.clone(), import.row.summary.title.clone());
        counted.alone.push(Alone { case, number, exporter: ours.exporter.name.clone(), key });
    }
}

fn count_export(counted: &mut Counted, export: &Export, (agreeing, today): (&BTreeMap<CaseId, bool>, Date)) {
    let quality = &mut counted.quality;
    quality.items += 1;
    let Some(acdd) = export.acdd().filter(|_| export.row.summary.stage != "faulty") else { return };
    quality.readable += 1;
    let (filled, fields) = filled(acdd);
    (quality.filled, quality.fields) = (quality.filled + filled, quality.fields + fields);
    if let Some(agrees) = agreeing.get(&export.row.id) {
        quality.compared += 1;
        quality.agreeing += u64::from(*agrees);
    }
    let old =
        acdd.departs.is_some_and(|day| day.saturating_add(jiff::Span::new().days(LONGEST_DAYS)) < today);
    if export.stands() && (old || export.row.summary.rung >= 3) {
        let declared = export.row.summary.rung >= 3;
        counted.census.export(if declared { ExportOutcome::Declared(1_000) } else { ExportOutcome::Silent });
    }
}

/// How many of its parameters a document carries, and how many it should.
fn filled(acdd: &Acdd) -> (u64, u64) {
    let whole = [
        !acdd.number.is_empty(),
        !acdd.exporter.name.is_empty(),
        !acdd.exporter.id().is_empty(),
        !acdd.consignee.name.is_empty(),
        !acdd.consignee.address.is_empty(),
        !acdd.agent.name.is_empty(),
        acdd.departs.is_some(),
        acdd.mode.is_some(),
        acdd.discharge.is_some(),
    ];
    let lines = acdd
        .lines
        .iter()
        .flat_map(|line| [line.hs.is_some(), line.quantity.is_some(), line.origin.is_some()]);
    let all: Vec<bool> = whole.into_iter().chain(lines).collect();
    (all.iter().filter(|there| **there).count() as u64, all.len() as u64)
}

/// A number that is the same for the same text.
fn number_of(text: &str) -> u64 {
    let digits = Digest::of(text.as_bytes()).to_string();
    u64::from_str_radix(&digits[..16], 16).unwrap_or_default()
}

fn monday(day: Date) -> Date {
    day.saturating_sub(jiff::Span::new().days(i64::from(day.weekday().to_monday_zero_offset())))
}

fn coverage(frame: &Frame, counted: &Counted) -> Option<Coverage> {
    let coverage = counted.census.coverage(Recall::default())?;
    let share = |permille: u16| frame.language.share(u64::from(permille), 1_000);
    let interval = [("low", share(coverage.share.low)), ("high", share(coverage.share.high))];
    let of = [
        ("linked", frame.count(&counted.linked)),
        ("imports", frame.count(&counted.imports)),
        ("exporters", frame.count(&coverage.exporters)),
    ];
    Some(Coverage {
        share: frame.say("lane-page.share", "share", &share(coverage.share.permille)),
        interval: frame
            .language
            .say("lane-page.interval", &interval.each_ref().map(|(name, value)| (*name, value.as_str()))),
        of: frame
            .language
            .say("lane-page.of-imports", &of.each_ref().map(|(name, value)| (*name, value.as_str()))),
        low: coverage.share.low,
        middle: coverage.share.permille,
        high: coverage.share.high,
    })
}

/// Exported to us and never declared: only as a rate, corrected for what the matcher misses and for the lane's coverage.
fn undeclared(frame: &Frame, counted: &Counted) -> String {
    let Some(found) = counted.census.undeclared(Recall::default()) else {
        return frame.t("lane-page.undeclared-none").to_owned();
    };
    let share = |permille: u16| frame.language.share(u64::from(permille), 1_000);
    let values = [
        ("rate", share(found.rate.permille)),
        ("low", share(found.rate.low)),
        ("high", share(found.rate.high)),
        ("due", frame.count(&found.due)),
        ("silent", frame.count(&found.silent)),
        ("missed", frame.count(&found.missed)),
        ("all", frame.count(&found.in_all)),
    ];
    frame
        .language
        .say("lane-page.undeclared-rate", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// Imports whose exporter's other goods nearly always come with an export: the missing one is worth a question.
fn silent(frame: &Frame, counted: &Counted) -> Vec<Silent> {
    let coverage = counted.census.coverage(Recall::default()).map(|coverage| coverage.share);
    let judge = |alone: &Alone| {
        let (all, linked) = counted.exporters.get(&alone.key).copied().unwrap_or_default();
        let naming =
            Naming { others: all.saturating_sub(1), linked, likeness: if linked > 0 { 1_000 } else { 0 } };
        let found = unexported(&naming, coverage, Recall::default());
        (found.judged == Judged::NotExplained).then(|| Silent {
            href: crate::areas::page_of(&alone.case),
            number: alone.number.clone(),
            exporter: alone.exporter.clone(),
            expected: frame.language.share(u64::from(found.expected), 1_000),
            habit: frame.language.share(linked, naming.others.max(1)),
        })
    };
    counted.alone.iter().filter_map(judge).take(SILENT_SHOWN).collect()
}

/// The most such imports listed.
const SILENT_SHOWN: usize = 50;

fn quality_picture(frame: &Frame, quality: &link::lane::Quality) -> Picture {
    let parts = [
        ("lane-page.timely", quality.timely),
        ("lane-page.readable", quality.readable),
        ("lane-page.complete", quality.complete),
        ("lane-page.consistent", quality.consistent),
    ];
    let bar = |(key, permille): (&str, Option<u16>)| {
        let permille = permille?;
        let tone = match permille {
            900.. => "good",
            700..900 => "wait",
            _ => "bad",
        };
        Some(Bar {
            label: frame.t(key).to_owned(),
            value: f64::from(permille) / 10.0,
            tone,
            ..Bar::default()
        })
    };
    let bars: Vec<Bar> = parts.into_iter().filter_map(bar).collect();
    chart::bars(
        frame.language,
        &labels(
            frame,
            "quality",
            ("lane-page.quality", "lane-page.quality-lead"),
            ("lane-page.permille", "lane-page.part"),
        ),
        &bars,
    )
}

fn ladder(frame: &Frame, look: &dyn Look, lane: &str) -> Result<Picture, Failure> {
    let counts = look.tally(&gather::exports(Some(lane)), Tally::LaneRung)?;
    let on = |rung: usize| -> u64 {
        let of = counts
            .iter()
            .filter_map(|(key, count)| Some((key.split_once('\t')?.1.parse::<usize>().ok()?, count)));
        of.filter(|(found, _)| *found >= rung).map(|(_, count)| count).sum()
    };
    let bar = |rung: usize| Bar {
        label: frame.word("rung", &rung.to_string()),
        value: on(rung) as f64,
        href: format!(
            "/exchange?{}",
            crate::fields::Fields::read(format!("rung={rung}").as_bytes()).with("lane", lane)
        ),
        tone: "",
    };
    let bars: Vec<Bar> = (1..=6).map(bar).collect();
    Ok(chart::bars(
        frame.language,
        &labels(
            frame,
            "ladder",
            ("lane-page.ladder", "lane-page.ladder-lead"),
            ("lane-page.items", "lane-page.rung"),
        ),
        &bars,
    ))
}

fn weeks(frame: &Frame, counted: &Counted) -> Picture {
    let newest: Vec<_> = counted.weeks.iter().rev().take(WEEKS).collect();
    let places: Vec<String> = newest.iter().rev().map(|(day, _)| frame.moments.near_day(**day)).collect();
    let values = newest.iter().rev().map(|(_, count)| Some(**count as f64)).collect();
    let series = [Series { name: frame.t("lane-page.items").to_owned(), values }];
    chart::lines(
        frame.language,
        &labels(frame, "weeks", ("lane-page.weeks", ""), ("lane-page.week", "lane-page.items")),
        &places,
        &series,
    )
}

/// Only where there are verdicts to speak of.
fn calibration(frame: &Frame, counted: &Counted) -> Option<Picture> {
    let points: Vec<Point> = counted
        .said
        .iter()
        .filter(|(_, (_, _, all))| *all > 0)
        .map(|(tenth, (said, right, all))| Point {
            label: format!("{}–{}%", tenth * 10, tenth * 10 + 10),
            at: (*said as f64 / *all as f64 / 1_000.0, *right as f64 / *all as f64),
            weight: *all as f64,
            ..Point::default()
        })
        .collect();
    let labels = labels(
        frame,
        "calibration",
        ("lane-page.calibration", "lane-page.calibration-lead"),
        ("lane-page.said", "lane-page.was-so"),
    );
    (!points.is_empty()).then(|| chart::calibration(frame.language, &labels, &points))
}

fn labels(
    frame: &Frame,
    id: &'static str,
    (title, lead): (&str, &str),
    (across, up): (&str, &str),
) -> Labels {
    Labels {
        id,
        title: frame.t(title).to_owned(),
        lead: if lead.is_empty() { String::new() } else { frame.t(lead).to_owned() },
        across: frame.t(across).to_owned(),
        up: frame.t(up).to_owned(),
        as_table: frame.t("lane-page.numbers").to_owned(),
    }
}
