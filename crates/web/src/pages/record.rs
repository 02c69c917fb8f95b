//! The record: every entry with its number, moment, actor and content, and the proof that it is there.

use std::collections::BTreeSet;

use askama::Template;
use kernel::{CaseId, Entry, Happening, Refusal};
use serde_json::Value;

use super::consignment::see;
use super::followed::{Step, step};
use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::{Frame, Refused, refused};

/// Entries on one page.
const ENTRIES: u64 = 50;

#[derive(Template)]
#[template(path = "record.html")]
struct ListPage {
    frame: Frame,
    title: String,
    lead: String,
    page_of_case: Option<String>,
    size: String,
    entries: Vec<(Step, CaseLink)>,
    earlier: Option<String>,
    later: Option<String>,
}

/// The case an entry is on.
struct CaseLink {
    desk: String,
    key: String,
    href: String,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    frame: Frame,
    step: Step,
    case: CaseLink,
    canonical: String,
    closed_to_reader: Option<Refused>,
    digest: String,
    blobs: Vec<String>,
    before: Option<u64>,
    after: Option<u64>,
    proven: bool,
}

/// The whole record, the last entries first.
///
/// # Errors
/// What the store says.
pub(crate) fn record(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let (size, entries) = ask.read(|look| {
        let size = look.size()?;
        let end = ask.query.number("before").unwrap_or(size).min(size);
        let numbers = (end.saturating_sub(ENTRIES)..end).rev();
        let entries = numbers.map(|number| Ok((number, look.entry(number)?)));
        Ok((size, entries.collect::<Result<Vec<_>, store::Failure>>()?))
    })?;
    let first = entries.last().map_or(0, |(number, _)| *number);
    let last = entries.first().map_or(0, |(number, _)| number + 1);
    let page = ListPage {
        title: frame.t("record.title").to_owned(),
        lead: frame.t("record.lead").to_owned(),
        page_of_case: None,
        size: frame.count(&size),
        earlier: (first > 0).then(|| format!("/record?before={first}")),
        later: (last < size).then(|| format!("/record?before={}", (last + ENTRIES).min(size))),
        entries: entries
            .iter()
            .filter_map(|(number, entry)| Some(shown(&frame, *number, entry.as_ref()?)))
            .collect(),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// The record of one case, from its first entry.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn history(ask: &Ask) -> Result<Reply, Problem> {
    let case = CaseId::new(ask.params.text("case"));
    let entries = ask.read(|look| look.history(&case))?;
    if entries.is_empty() {
        return Err(Problem::NotFound);
    }
    let frame = Frame::of(ask)?;
    let page = ListPage {
        title: case.key().to_owned(),
        lead: frame.say("record.of-case", "desk", &frame.word("desk", case.desk())),
        page_of_case: Some(page_of(&case)).filter(|href| !href.starts_with("/record/")),
        size: frame.count(&(entries.len() as u64)),
        entries: entries.iter().map(|(number, entry)| shown(&frame, *number, entry)).collect(),
        earlier: None,
        later: None,
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// One entry as it stands in the record. Where it repeats what a partner said, reading it is an act with a purpose.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn entry(ask: &Ask) -> Result<Reply, Problem> {
    let (number, entry) = found(ask)?;
    let barred = barred(ask, &entry)?;
    let size = ask.read(|look| look.size())?;
    let frame = Frame::of(ask)?;
    let (step, case) = shown(&frame, number, &entry);
    let page = EntryPage {
        canonical: serde_json::to_string_pretty(&entry).unwrap_or_default(),
        closed_to_reader: barred.as_ref().map(|refusal| refused(frame.language, refusal)),
        digest: kernel::Digest::of(&entry.to_bytes()).to_string(),
        blobs: entry.blobs.iter().map(ToString::to_string).collect(),
        before: number.checked_sub(1),
        after: Some(number + 1).filter(|next| *next < size),
        proven: barred.is_none() && ask.app.node.proof(number).map_err(Problem::from)?.is_some(),
        step,
        case,
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// The stand-alone proof of an entry, to be checked without this node. It carries the entry.
///
/// # Errors
/// [`Problem::NotFound`] while the entry is not under a checkpoint; the refusal where it may not be read.
pub(crate) fn proof(ask: &Ask) -> Result<Reply, Problem> {
    let (number, entry) = found(ask)?;
    barred(ask, &entry)?.map_or(Ok(()), |refusal| Err(Problem::Refused(refusal)))?;
    let proof = ask.app.node.proof(number).map_err(Problem::from)?.ok_or(Problem::NotFound)?;
    let name = format!("{}-{number}.tlog-proof", ask.app.node.identity().id);
    Ok(Reply::file("text/plain; charset=utf-8", name, proof.into()))
}

fn found(ask: &Ask) -> Result<(u64, Entry), Problem> {
    let number = ask.params.number("number").ok_or(Problem::NotFound)?;
    let entry = ask.read(|look| look.entry(number))?.ok_or(Problem::NotFound)?;
    Ok((number, entry))
}

/// Why whoever asks may not read the content of an entry: asks to read every item whose words it repeats.
fn barred(ask: &Ask, entry: &Entry) -> Result<Option<Refusal>, Problem> {
    for item in items_in(entry) {
        if let Some(refusal) = see(ask, &item)? {
            return Ok(Some(refusal));
        }
    }
    Ok(None)
}

/// The received items whose words an entry repeats: its own case, and those its event names as `item`.
fn items_in(entry: &Entry) -> BTreeSet<CaseId> {
    fn named(value: &Value, items: &mut BTreeSet<CaseId>) {
        match value {
            Value::Object(fields) => {
                let item = fields.get("item").and_then(Value::as_str).map(CaseId::new);
                items.extend(item.filter(|item| item.desk() == "received"));
                fields.values().for_each(|value| named(value, items));
            }
            Value::Array(values) => values.iter().for_each(|value| named(value, items)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut items = BTreeSet::new();
    if let Happening::Event { event, .. } = &entry.what {
        named(event, &mut items);
        // That somebody read an item, or that it was tied, repeats nothing of it.
        if entry.case.desk() == "received"
            && ["document", "remarks", "findings"].iter().any(|part| event.get(part).is_some())
        {
            items.insert(entry.case.clone());
        }
    }
    items
}

fn shown(frame: &Frame, number: u64, entry: &Entry) -> (Step, CaseLink) {
    let case = CaseLink {
        desk: frame.word("desk", entry.case.desk()),
        key: entry.case.key().to_owned(),
        href: format!("/record/{}", path_of(entry.case.as_str())),
    };
    (step(frame, number, entry), case)
}
