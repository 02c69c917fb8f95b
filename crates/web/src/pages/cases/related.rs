//! What belongs to a case: the cases it names and those that name it, obligations about it, papers in and out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kernel::{Attachment, CaseId};
use serde::Deserialize;
use serde_json::Value;
use store::{CaseRow, Failure, Look, Order, Query};

use super::super::standing::Standing;
use super::list::titled;
use crate::areas;
use crate::ask::Ask;
use crate::frame::Frame;

/// What belongs to a case.
#[derive(Debug, Default)]
pub(super) struct Related {
    /// What is owed about it.
    pub obligations: Vec<Tied>,
    /// Papers in and out.
    pub papers: Vec<Tied>,
    /// All other cases.
    pub cases: Vec<Tied>,
}

/// One case that belongs to another.
#[derive(Debug)]
pub(super) struct Tied {
    /// What it is.
    pub desk: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Where it stands.
    pub standing: Standing,
    /// With whom.
    pub partner: String,
    /// By when.
    pub due: Option<Timestamp>,
    /// How far it climbed the ladder, as a word; empty where the ladder does not apply.
    pub rung: String,
    /// `in`, `out`, or empty.
    pub way: &'static str,
}

/// The kinds of references by which cases name others: `about`, `item`, and the name of the desk named. An area that names
/// cases by another kind is not found from the other side.
const TIES: [&str; 5] = ["about", "item", "case", "evidence", "parent"];
/// The most cases shown that name a case by one kind.
const TIED_MAX: u32 = 50;

/// Everything that belongs to a case and that whoever asks may open.
///
/// # Errors
/// What the store says.
pub(super) fn related(ask: &Ask, frame: &Frame, look: &dyn Look, row: &CaseRow) -> Result<Related, Failure> {
    let mut found: BTreeMap<CaseId, CaseRow> = BTreeMap::new();
    for case in named(row) {
        if case != row.id {
            found.extend(look.case(&case)?.map(|row| (case, row)));
        }
    }
    for kind in TIES.into_iter().chain([row.id.desk()]) {
        let query = Query {
            reference: Some((kind.to_owned(), row.id.to_string())),
            order: Order::Newest,
            limit: TIED_MAX,
            ..Query::default()
        };
        found.extend(look.cases(&query)?.rows.into_iter().map(|row| (row.id.clone(), row)));
    }
    found.remove(&row.id);
    let mut related = Related::default();
    for row in found.values().filter(|row| may_open(ask, &row.id)) {
        let list = match row.id.desk() {
            "obligation" => &mut related.obligations,
            "received" | "sent" => &mut related.papers,
            _ => &mut related.cases,
        };
        list.push(tied(frame, row));
    }
    related.obligations.sort_by_key(|tied| (tied.due.is_none(), tied.due));
    Ok(related)
}

fn may_open(ask: &Ask, case: &CaseId) -> bool {
    let desk = ask.app.node.desks().iter().find(|desk| desk.name() == case.desk());
    desk.is_some_and(|desk| ask.role().is_some_and(|role| desk.readers().contains(&role)))
}

fn tied(frame: &Frame, row: &CaseRow) -> Tied {
    let summary = &row.summary;
    let desk = row.id.desk();
    let title = if summary.title.is_empty() { row.id.key() } else { &summary.title };
    Tied {
        desk: match summary.shown["kind"].as_str() {
            Some(kind) if matches!(desk, "received" | "sent") => frame.word("kind-one", kind),
            _ => frame.word("desk", desk),
        },
        title: titled(frame, desk, title),
        href: areas::page_of(&row.id),
        standing: Standing::of(frame, desk, &summary.stage),
        partner: frame.word("country", &summary.partner),
        due: summary.due.filter(|_| !summary.closed),
        rung: if summary.rung > 0 { frame.word("rung", &summary.rung.to_string()) } else { String::new() },
        way: match desk {
            "received" => "in",
            "sent" => "out",
            _ => "",
        },
    }
}

/// The cases a case names, in its references and in its state.
fn named(row: &CaseRow) -> BTreeSet<CaseId> {
    let mut cases = BTreeSet::new();
    let references = row.summary.references.iter().map(|reference| CaseId::new(reference.value.as_str()));
    cases.extend(references.filter(|case| !case.key().is_empty() && !case.desk().contains(' ')));
    texts(row.state.json(), &mut |text| {
        if text.len() < 400
            && text.split_once('/').is_some_and(|(desk, key)| is_desk(desk) && !key.is_empty())
        {
            cases.insert(CaseId::new(text));
        }
    });
    cases.into_iter().take(NAMED_MAX).collect()
}

/// The received items whose words stand in a case: to show them is to read them.
pub(super) fn items_in(row: &CaseRow) -> BTreeSet<CaseId> {
    named(row).into_iter().filter(|case| case.desk() == "received").collect()
}

/// The files kept with a case, as its state names them.
pub(super) fn files_in(state: &Value) -> Vec<Attachment> {
    fn walk(value: &Value, files: &mut BTreeSet<Attachment>) {
        if let Ok(file) = Attachment::deserialize(value) {
            files.insert(file);
            return;
        }
        match value {
            Value::Object(fields) => fields.values().for_each(|value| walk(value, files)),
            Value::Array(values) => values.iter().for_each(|value| walk(value, files)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut files = BTreeSet::new();
    walk(state, &mut files);
    files.into_iter().collect()
}

fn is_desk(name: &str) -> bool {
    areas::shown_desks().any(|desk| desk == name)
}

fn texts(value: &Value, take: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => take(text),
        Value::Object(fields) => {
            for (key, value) in fields {
                take(key);
                texts(value, take);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| texts(value, take)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The most cases looked up because a case names them.
const NAMED_MAX: usize = 60;
