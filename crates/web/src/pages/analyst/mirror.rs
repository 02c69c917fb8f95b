//! The mirror: what partners say they sent us beside what was declared here, as a map, a chart and a table; every gap opens down to the
//! declarations behind it, with the verdicts that were reached on them.

use std::collections::BTreeMap;

use askama::Template;
use customs::terms::{Country, HsCode};
use jiff::civil::Date;
use kernel::CaseId;
use link::lane::{Census, Recall};
use link::mirror::{Cell, Gap, Lens, Mirror, Stated};
use link::{DocId, LineRef};
use store::{Failure, Look, Query};

use super::super::sentences;
use super::super::sentences::dotted;
use super::gather::{self, Export, Import};
use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::draw::chart::{self, Bar};
use crate::draw::land::middle;
use crate::draw::map::{Map, Spot, Way};
use crate::draw::{Labels, Picture};
use crate::fields::Fields;
use crate::frame::{Frame, Here};

#[derive(Template)]
#[template(path = "analyst/mirror.html")]
struct Page {
    frame: Frame,
    partners: Vec<(String, String, Here)>,
    months: Vec<(String, String, Here)>,
    map: Option<Picture>,
    chart: Option<Picture>,
    rows: Vec<Row>,
    sample: String,
}

#[derive(Template)]
#[template(path = "analyst/cell.html")]
struct CellPage {
    frame: Frame,
    title: String,
    row: Row,
    theirs: Vec<LineRow>,
    ours: Vec<LineRow>,
}

/// One gap.
struct Row {
    mark: String,
    href: String,
    goods: String,
    partner: String,
    month: String,
    theirs: String,
    ours: String,
    gap: String,
    unexplained: String,
    tone: &'static str,
    explained: String,
    verdicts: String,
}

/// One line behind a gap.
struct LineRow {
    href: String,
    number: String,
    item: u32,
}

/// Both sides, and what was concluded behind each cell.
struct Seen {
    mirror: Mirror,
    lens: Lens,
    cases: BTreeMap<DocId, CaseId>,
    count: u64,
}

/// The most rows of the table, and the most bars of the chart.
const ROWS: usize = 200;
const BARS: usize = 12;

/// The mirror.
///
/// # Errors
/// What the store says.
pub(crate) fn mirror(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let us = ask.app.node.identity().id.to_string();
    let picked = &ask.query;
    let page = ask.read(|look| {
        let seen = seen(look)?;
        let gaps: Vec<Gap> = seen.mirror.gaps(&seen.lens).collect();
        let fits = |gap: &&Gap| {
            [("partner", gap.cell.partner.to_string()), ("month", gap.cell.month.to_string())]
                .iter()
                .all(|(name, value)| picked.text(name).is_empty() || picked.text(name) == value)
                && gap.cell.hs.starts_with(picked.text("hs"))
        };
        let mut shown: Vec<&Gap> = gaps.iter().filter(fits).collect();
        shown.sort_by_key(|gap| (std::cmp::Reverse(weight(gap)), gap.cell.clone()));
        let rows = shown.iter().take(ROWS).map(|gap| row(&frame, look, gap, &seen));
        Ok(Page {
            partners: choices(
                picked,
                "partner",
                gaps.iter().map(|gap| {
                    (gap.cell.partner.to_string(), frame.word("country", gap.cell.partner.as_str()))
                }),
            ),
            months: choices(
                picked,
                "month",
                gaps.iter().map(|gap| (gap.cell.month.to_string(), gap.cell.month.to_string())),
            ),
            map: map(&frame, &shown, &us),
            chart: chart(&frame, &shown),
            rows: rows.collect::<Result<_, _>>()?,
            sample: frame.say("mirror.sample", "count", &frame.count(&seen.count)),
            frame,
        })
    })?;
    Ok(Reply::html(page.render()?))
}

/// One cell with the lines behind it.
///
/// # Errors
/// [`Problem::NotFound`] where neither side has anything there, or what the store says.
pub(crate) fn cell(ask: &Ask) -> Result<Reply, Problem> {
    let asked = &ask.query;
    let day: Date = format!("{}-01", asked.text("month")).parse().map_err(|_| Problem::NotFound)?;
    let hs = HsCode::new(asked.text("hs")).map_err(|_| Problem::NotFound)?;
    let cell = Cell::of(&Country::new(asked.text("partner")), &hs, day);
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let seen = seen(look)?;
        let Some(gap) = seen.mirror.gap(&cell, &seen.lens) else { return Ok(None) };
        let (theirs, ours) = seen.mirror.lines(&cell);
        let row = row(&frame, look, &gap, &seen)?;
        Ok(Some(CellPage {
            title: format!("{} · {} · {}", row.goods, row.partner, row.month),
            row,
            theirs: theirs.iter().filter_map(|line| line_row(&seen, line)).collect(),
            ours: ours.iter().filter_map(|line| line_row(&seen, line)).collect(),
            frame,
        }))
    })?;
    Ok(Reply::html(page.ok_or(Problem::NotFound)?.render()?))
}

fn line_row(seen: &Seen, line: &LineRef) -> Option<LineRow> {
    let case = seen.cases.get(&line.doc)?;
    Some(LineRow { href: page_of(case), number: line.doc.number.clone(), item: line.item })
}

/// Both sides, from the newest statements of each, with the links between them.
fn seen(look: &dyn Look) -> Result<Seen, Failure> {
    let mut stated: Vec<Stated> = Vec::new();
    let mut ties: Vec<(LineRef, LineRef)> = Vec::new();
    let mut seen = Seen { mirror: Mirror::new(), lens: Lens::default(), cases: BTreeMap::new(), count: 0 };
    let mut censuses: BTreeMap<Country, Census> = BTreeMap::new();
    let imports = gather::each(look, &gather::imports(), |row| {
        if let Some(import) = Import::of(row) {
            count_import(&import, (&mut stated, &mut ties), &mut seen.cases, &mut censuses);
        }
    })?;
    let exports = gather::each(look, &gather::exports(None), |row| {
        if let Some(export) = Export::of(row) {
            count_export(&export, &mut stated, &mut seen.cases);
        }
    })?;
    seen.count = imports.max(exports);
    for (country, census) in censuses {
        if let Some(coverage) = census.coverage(Recall::default()) {
            seen.lens.coverage.insert(country, coverage.share);
        }
    }
    let cells: BTreeMap<LineRef, Cell> =
        stated.iter().map(|line| (line.at.clone(), Cell::of(&line.partner, &line.hs, line.day))).collect();
    let mut other: BTreeMap<LineRef, Cell> = BTreeMap::new();
    for (theirs, ours) in ties {
        other.extend(cells.get(&ours).map(|cell| (theirs.clone(), cell.clone())));
        other.extend(cells.get(&theirs).map(|cell| (ours, cell.clone())));
    }
    for line in stated {
        let linked = other.get(&line.at).cloned();
        seen.mirror.add(&Stated { linked, ..line });
    }
    Ok(seen)
}

type Lines<'a> = (&'a mut Vec<Stated>, &'a mut Vec<(LineRef, LineRef)>);

fn count_import(
    import: &Import,
    (stated, ties): Lines<'_>,
    cases: &mut BTreeMap<DocId, CaseId>,
    censuses: &mut BTreeMap<Country, Census>,
) {
    let Some(ours) = import.declaration() else { return };
    let (Some(partner), Some(day)) = (&ours.export_country, ours.arrives) else { return };
    if import.row.summary.stage == "withdrawn" {
        return;
    }
    let doc = DocId::import(ours.country.clone(), &ours.number);
    cases.insert(doc.clone(), import.row.id.clone());
    for line in &ours.lines {
        let Some(hs) = line.hs.clone() else { continue };
        let at = LineRef { doc: doc.clone(), item: line.item_no };
        let (quantity, value) = (line.quantity.clone(), line.value.clone());
        stated.push(Stated { at, partner: partner.clone(), hs, day, quantity, value, linked: None });
    }
    let mut linked = 0;
    for tie in import.held.ties().values() {
        let Some((giver, number)) = tie.export.split_once(':') else { continue };
        let export =
            DocId { side: link::Side::Export, country: Country::new(giver), number: number.to_owned() };
        linked = linked.max(if giver == partner.as_str() { tie.permille } else { 0 });
        ties.extend(tie.lines.iter().map(|(theirs, own)| {
            (LineRef { doc: export.clone(), item: *theirs }, LineRef { doc: doc.clone(), item: *own })
        }));
    }
    let words = link::resolve::words(&ours.exporter.name).join(" ");
    let digits = kernel::Digest::of(words.as_bytes()).to_string();
    let exporter = u64::from_str_radix(&digits[..16], 16).unwrap_or_default();
    censuses.entry(partner.clone()).or_default().import(exporter, linked);
}

fn count_export(export: &Export, stated: &mut Vec<Stated>, cases: &mut BTreeMap<DocId, CaseId>) {
    let Some(acdd) = export.acdd().filter(|_| export.stands()) else { return };
    let Some(day) = acdd.departs else { return };
    let doc = DocId { side: link::Side::Export, country: acdd.country.clone(), number: acdd.number.clone() };
    cases.insert(doc.clone(), export.row.id.clone());
    for line in &acdd.lines {
        let Some(hs) = line.hs.clone() else { continue };
        let at = LineRef { doc: doc.clone(), item: line.item_no };
        stated.push(Stated {
            at,
            partner: acdd.country.clone(),
            hs,
            day,
            quantity: line.quantity.clone(),
            value: None,
            linked: None,
        });
    }
}

/// How much a gap matters: what is unexplained of it.
fn weight(gap: &Gap) -> u64 {
    gap.unexplained.or(gap.gap).unwrap_or(0).unsigned_abs()
}

fn row(frame: &Frame, look: &dyn Look, gap: &Gap, seen: &Seen) -> Result<Row, Failure> {
    let cell = &gap.cell;
    let query = Fields::read(format!("hs={}&month={}", cell.hs, cell.month).as_bytes());
    let per_cent =
        |permille: Option<i64>| permille.map_or_else(|| "–".to_owned(), |permille| percent(frame, permille));
    let reasons: Vec<String> = gap
        .explanations
        .iter()
        .map(|told| {
            format!("{} {}", frame.word("gap-reason", told.reason.code()), percent(frame, told.permille))
        })
        .collect();
    let tone = match gap.unexplained {
        Some(rest) if rest.abs() >= 300 => "bad",
        Some(rest) if rest.abs() >= 50 => "wait",
        Some(_) => "good",
        None => "calm",
    };
    Ok(Row {
        mark: format!(
            "g-{}",
            kernel::Digest::of(format!("{}{}{}", cell.partner, cell.hs, cell.month).as_bytes()).short()
        ),
        href: format!("/mirror/cell?{}", query.with("partner", cell.partner.as_str())),
        goods: dotted(&cell.hs),
        partner: frame.word("country", cell.partner.as_str()),
        month: cell.month.to_string(),
        theirs: amounts(frame, &gap.theirs),
        ours: amounts(frame, &gap.ours),
        gap: per_cent(gap.gap),
        unexplained: per_cent(gap.unexplained),
        tone,
        explained: reasons.join(", "),
        verdicts: verdicts(frame, look, (cell, seen))?,
    })
}

/// The amounts of a sum, each in its unit.
fn amounts(frame: &Frame, sum: &link::mirror::Sum) -> String {
    let amounts = sum
        .amounts
        .iter()
        .map(|(unit, amount)| sentences::quantity(frame, &kernel::Quantity::new(*amount, unit.as_str())));
    amounts.collect::<Vec<_>>().join(" + ")
}

/// A share in thousandths with its sign, in per cent.
fn percent(frame: &Frame, permille: i64) -> String {
    format!("{}%", frame.language.signed(permille as f64 / 10.0))
}

/// What officers concluded on the consignments behind a cell.
fn verdicts(frame: &Frame, look: &dyn Look, (cell, seen): (&Cell, &Seen)) -> Result<String, Failure> {
    let (mut confirmed, mut innocent, mut open) = (0, 0, 0);
    let mut cases: Vec<&CaseId> =
        seen.mirror.lines(cell).1.iter().filter_map(|line| seen.cases.get(&line.doc)).collect();
    cases.sort_unstable();
    cases.dedup();
    for case in cases.into_iter().take(CASES) {
        let reference = Some(("consignment".to_owned(), case.to_string()));
        let query = Query { desk: Some("finding".into()), reference, limit: 20, ..Query::default() };
        for finding in look.cases(&query)?.rows {
            match (finding.summary.shown["verdict"].as_str(), finding.summary.closed) {
                (Some("confirmed" | "mistake"), _) => confirmed += 1,
                (Some(_), _) => innocent += 1,
                (None, false) => open += 1,
                (None, true) => {}
            }
        }
    }
    let say = |key: &str, count: u64| (count > 0).then(|| frame.say(key, "count", &frame.count(&count)));
    let said =
        [say("mirror.confirmed", confirmed), say("mirror.innocent", innocent), say("mirror.waiting", open)];
    Ok(said.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// The most consignments whose findings are counted for one cell.
const CASES: usize = 40;

/// What the table can be narrowed to; each value once.
fn choices(
    picked: &Fields,
    name: &str,
    values: impl Iterator<Item = (String, String)>,
) -> Vec<(String, String, Here)> {
    let values: BTreeMap<String, String> = values.collect();
    let chosen = picked.text(name);
    let one = |(value, word): (String, String)| {
        let here = if chosen == value { Here::Yes } else { Here::No };
        let href = format!("?{}", picked.with(name, if chosen == value { "" } else { &value }));
        (word, href, here)
    };
    values.into_iter().map(one).collect()
}

fn chart(frame: &Frame, gaps: &[&Gap]) -> Option<Picture> {
    let bars: Vec<Bar> = gaps
        .iter()
        .filter_map(|gap| Some((gap, gap.unexplained.filter(|rest| *rest != 0)?)))
        .take(BARS)
        .map(|(gap, rest)| Bar {
            label: format!("{} {} {}", dotted(&gap.cell.hs), gap.cell.partner, gap.cell.month),
            value: rest as f64 / 10.0,
            href: format!(
                "/mirror/cell?hs={}&month={}&partner={}",
                gap.cell.hs, gap.cell.month, gap.cell.partner
            ),
            tone: if rest.abs() >= 300 { "bad" } else { "wait" },
        })
        .collect();
    let labels = Labels {
        id: "gaps",
        title: frame.t("mirror.chart").to_owned(),
        lead: frame.t("mirror.chart-lead").to_owned(),
        across: frame.t("mirror.unexplained").to_owned(),
        up: frame.t("mirror.cell").to_owned(),
        as_table: frame.t("lane-page.numbers").to_owned(),
    };
    (!bars.is_empty()).then(|| chart::bars(frame.language, &labels, &bars))
}

/// Every partner with a line to us, as wide as the mean of what is unexplained.
fn map(frame: &Frame, gaps: &[&Gap], us: &str) -> Option<Picture> {
    let here = middle(us)?;
    let mut partners: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for gap in gaps {
        let row = partners.entry(gap.cell.partner.as_str()).or_default();
        *row = (row.0 + weight(gap).min(2_000), row.1 + 1);
    }
    let mut map = Map::default();
    map.points.push(Spot {
        at: here,
        name: frame.word("country", us),
        size: 0.2,
        tone: "calm",
        ..Spot::default()
    });
    for (partner, (sum, cells)) in partners.iter().filter(|(partner, _)| **partner != us) {
        let Some(there) = middle(partner) else { continue };
        let mean = sum / cells.max(&1);
        let tone = match mean {
            300.. => "bad",
            50..300 => "wait",
            _ => "good",
        };
        let says = vec![percent(frame, i64::try_from(mean).unwrap_or_default()), frame.count(cells)];
        let name = frame.word("country", partner);
        let href = format!("/mirror?partner={partner}");
        map.points.push(Spot { at: there, name, says, size: 0.3, tone, href });
        map.lines.push(Way {
            through: vec![there, here],
            weight: mean as f64 / 600.0,
            tone,
            ..Way::default()
        });
    }
    let labels = Labels {
        id: "where",
        title: frame.t("mirror.map").to_owned(),
        lead: frame.t("mirror.map-lead").to_owned(),
        as_table: frame.t("lane-page.numbers").to_owned(),
        ..Labels::default()
    };
    let heads = ["mirror.place", "mirror.unexplained", "mirror.cell"].map(|key| frame.t(key).to_owned());
    (map.points.len() > 1).then(|| map.picture(&labels, heads.into()))
}
