//! The benefit report: released goods of recognised exporters beside comparable others.

use customs::gate::{Consignment, ConsignmentStage};
use customs::operator::Benefit;
use customs::operator::fair::{Checked, Passage, Side, compare};
use jiff::Timestamp;
use kernel::{Happening, Procedure as _};
use store::{CaseRow, Failure, Look, Order, Query};

use crate::ask::{Ask, Problem};
use crate::frame::Frame;

/// The comparison as it is shown; empty rows where there is nothing to compare.
pub(super) struct Report {
    pub(super) note: String,
    pub(super) rows: Vec<Row>,
    pub(super) cut: String,
}

/// One figure of both sides.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) with: String,
    pub(super) without: String,
}

/// Compares the newest released consignments.
///
/// # Errors
/// What the store says.
pub(super) fn report(ask: &Ask, frame: &Frame) -> Result<Report, Problem> {
    let (passages, cut) = ask.read(passages)?;
    let found = compare(&passages);
    let cut = if cut {
        frame.say("trusted.cut", "count", &frame.count(&u64::from(LOOKED_AT)))
    } else {
        String::new()
    };
    if found.strata == 0 {
        return Ok(Report { note: String::new(), rows: Vec::new(), cut });
    }
    let count = |number: u32| frame.count(&u64::from(number));
    let note = frame
        .language
        .say("trusted.report-note", &[("strata", &count(found.strata)), ("out", &count(found.left_out))]);
    let minutes = |minutes: Option<rust_decimal::Decimal>| {
        minutes.map_or_else(|| "–".to_owned(), |minutes| minutes.to_string())
    };
    let rows = vec![
        row(frame, "trusted.count", count(found.with.consignments), count(found.without.consignments)),
        row(
            frame,
            "trusted.checked",
            found.with.checked_permille.to_string(),
            found.without.checked_permille.to_string(),
        ),
        row(frame, "trusted.minutes", minutes(found.with.minutes), minutes(found.without.minutes)),
        row(
            frame,
            "trusted.naive",
            found.naive_with_permille.to_string(),
            found.naive_without_permille.to_string(),
        ),
    ];
    Ok(Report { note, rows, cut })
}

fn row(frame: &Frame, key: &str, with: String, without: String) -> Row {
    Row { what: frame.t(key).to_owned(), with, without }
}

fn passages(look: &dyn Look) -> Result<(Vec<Passage>, bool), Failure> {
    let query = Query {
        desk: Some(Consignment::NAME.into()),
        stages: vec![ConsignmentStage::Released.word().into()],
        order: Order::Newest,
        limit: LOOKED_AT,
        ..Query::default()
    };
    let page = look.cases(&query)?;
    let mut passages = Vec::new();
    for row in &page.rows {
        passages.extend(passage(look, row)?);
    }
    Ok((passages, page.total > u64::from(LOOKED_AT)))
}

/// One consignment: comparable by chapter, origin, mode and month; checked where it was held or something was found.
fn passage(look: &dyn Look, row: &CaseRow) -> Result<Option<Passage>, Failure> {
    let Ok(held) = row.state.read::<Consignment>() else { return Ok(None) };
    let Some(declaration) = held.declaration() else { return Ok(None) };
    let history = look.history(&row.id)?;
    let at = |wanted: &str| {
        history.iter().find_map(|(_, entry)| match &entry.what {
            Happening::Event { event, .. } if event["event"] == wanted => Some(entry.at),
            _ => None,
        })
    };
    let (declared, released) = (at("declared"), at("released"));
    let first = declaration.lines.first();
    let chapter = first.and_then(|line| line.hs.as_ref()).map_or("", |hs| hs.prefix(2)).to_owned();
    let origin = first.and_then(|line| line.origin.as_ref()).map_or("", |origin| origin.as_str()).to_owned();
    let mode = declaration.mode.as_ref().map_or("", |mode| mode.as_str()).to_owned();
    let month = declared.map(|at| at.to_string()[..7].to_owned()).unwrap_or_default();
    let checked = at("held").is_some() || held.findings().next().is_some();
    Ok(Some(Passage {
        stratum: [chapter, origin, mode, month].join(" "),
        side: if held.recognition().benefit == Benefit::Given { Side::With } else { Side::Without },
        checked: if checked { Checked::Yes } else { Checked::No },
        minutes: declared.zip(released).and_then(|(from, until)| minutes(from, until)),
    }))
}

fn minutes(from: Timestamp, until: Timestamp) -> Option<u32> {
    u32::try_from(until.duration_since(from).as_secs() / 60).ok()
}

/// How many consignments are looked at, the newest.
const LOOKED_AT: u32 = 400;
