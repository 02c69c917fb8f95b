//! What was recomputed: items their givers took back, and every link, finding and decision that had leaned on them.

use std::collections::BTreeMap;

use askama::Template;
use jiff::Timestamp;
use kernel::{CaseId, Happening};
use store::{CaseRow, Failure, Look, Order, Query};

use super::super::arrivals::mark;
use super::super::chips::{self, Pages};
use super::super::standing::Standing;
use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "analyst/recomputed.html")]
struct Page {
    frame: Frame,
    items: Vec<Item>,
    pages: Pages,
}

/// An item that was taken back.
struct Item {
    mark: String,
    case: String,
    title: String,
    href: String,
    partner: String,
    at: Option<Timestamp>,
    by: String,
    by_href: String,
    leaned: Vec<Leaned>,
}

/// What had leaned on it, and how it stands now.
struct Leaned {
    word: String,
    title: String,
    href: String,
    then: String,
    now: Standing,
    was_told: bool,
}

/// The list, what was taken back last first.
///
/// # Errors
/// What the store says.
pub(crate) fn recomputed(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let query = Query {
        desk: Some("received".into()),
        stages: vec!["void".into()],
        order: Order::Newest,
        ..Query::default()
    };
    let page = ask.read(|look| {
        let found = look.cases(&chips::paged(query, &ask.query))?;
        Ok(Page {
            pages: Pages::of(&frame, &ask.query, found.total),
            items: found.rows.iter().map(|row| item(&frame, look, row)).collect::<Result<_, _>>()?,
            frame,
        })
    })?;
    Ok(Reply::html(page.render()?))
}

fn item(frame: &Frame, look: &dyn Look, row: &CaseRow) -> Result<Item, Failure> {
    let mut leaned: BTreeMap<CaseId, String> = BTreeMap::new();
    let mut at = None;
    for (_, entry) in look.history(&row.id)? {
        let Happening::Event { event, .. } = &entry.what else { continue };
        match event["event"].as_str() {
            Some("linked") => {
                let case = event["consignment"].as_str().map(CaseId::new);
                leaned.extend(case.map(|case| (case, frame.word("rung", "3"))));
            }
            Some("acted-on") => {
                let case = event["decision"].as_str().map(CaseId::new);
                leaned.extend(case.map(|case| (case, frame.word("rung", "5"))));
            }
            Some("voided") => at = Some(entry.at),
            _ => {}
        }
    }
    let reference = Some(("item".to_owned(), row.id.to_string()));
    let findings = Query { desk: Some("finding".into()), reference, limit: 100, ..Query::default() };
    for finding in look.cases(&findings)?.rows {
        leaned.entry(finding.id).or_insert_with(|| frame.word("stage.finding", "raised"));
    }
    let by = row.summary.shown["void"].as_str().map(CaseId::new);
    let by_row = by.as_ref().map(|by| look.case(by)).transpose()?.flatten();
    Ok(Item {
        mark: mark(row),
        case: row.id.to_string(),
        title: row.summary.title.clone(),
        href: page_of(&row.id),
        partner: frame.word("country", &row.summary.partner),
        at,
        by: by_row
            .map(|row| row.summary.shown["function"].as_str().unwrap_or_default().to_owned())
            .map_or_else(String::new, |function| frame.word("function", &function)),
        by_href: by.as_ref().map_or_else(String::new, page_of),
        leaned: leaned
            .iter()
            .filter_map(|(case, then)| lean(frame, look, (case, then)).transpose())
            .collect::<Result<_, _>>()?,
    })
}

fn lean(frame: &Frame, look: &dyn Look, (case, then): (&CaseId, &str)) -> Result<Option<Leaned>, Failure> {
    let Some(row) = look.case(case)? else { return Ok(None) };
    let title = match case.desk() {
        "finding" => frame.word("finding", &row.summary.title),
        _ => row.summary.title.clone(),
    };
    Ok(Some(Leaned {
        word: frame.word("desk", case.desk()),
        title,
        href: page_of(case),
        then: then.to_owned(),
        now: Standing::of(frame, case.desk(), &row.summary.stage),
        was_told: row.summary.shown["told"].is_string(),
    }))
}
