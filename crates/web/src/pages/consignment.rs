//! One consignment: what they said beside what we hold, why we think it is the same goods, what differs, and the verdict.

use askama::Template;
use customs::agreement::{Document, Received};
use customs::declaration::Declaration;
use customs::gate::{Consignment, Group, Tie};
use kernel::{CaseId, Procedure as _, Refusal};
use serde::Deserialize;
use store::{CaseRow, Failure, Look};

use super::acts::FormSeed;
use super::arrivals::standing_stage;
use super::comparison::{self, Section};
use super::followed::{self, Step};
use super::sentences;
use super::standing::Standing;
use super::verdict::{self, Card};
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::{Frame, Refused, refused};
use crate::node_side::Wanted;

#[derive(Template)]
#[template(path = "consignment.html")]
struct Page {
    frame: Frame,
    case: String,
    record: String,
    number: String,
    standing: Standing,
    head: Vec<(String, String)>,
    decision: Option<String>,
    hold: Option<FormSeed>,
    release: Option<FormSeed>,
    release_needs_reason: bool,
    claims: super::trust::Claims,
    cards: Vec<Card>,
    statements: Vec<Statement>,
    ours: Vec<Section>,
    steps: Vec<Step>,
}

/// What one partner said about the consignment, or why this reader may not see it.
struct Statement {
    partner: String,
    code: String,
    export: String,
    item: String,
    group: String,
    group_note: String,
    sure: String,
    sections: Vec<Section>,
    reasons: Vec<Weighed>,
    refused: Option<Refused>,
    unlink: Option<FormSeed>,
    item_case: String,
}

/// A reason with its weight, as text and as the length of a bar.
struct Weighed {
    sentence: String,
    values: String,
    weight: String,
    bar: u32,
    tone: &'static str,
}

/// The decision a consignment's summary shows.
#[derive(Debug, Deserialize)]
struct Decision {
    released: bool,
    reason: String,
    by: String,
}

/// One consignment, side by side. Reading what a partner said is an act with a purpose; it is in the record.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn consignment(ask: &Ask) -> Result<Reply, Problem> {
    let case = CaseId::of("consignment", ask.params.text("number"));
    let row = ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    let held = row.state.read::<Consignment>().map_err(|error| Problem::Undrawn(error.to_string()))?;
    let mut barred = Vec::new();
    for item in held.ties().keys() {
        barred.push((item.clone(), see(ask, item)?));
    }
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| drawn(ask, frame, look, &row, &held, &barred))?;
    Ok(Reply::html(page.render()?))
}

/// Asks to read a received item for the session's purpose; once a session, purpose and item.
///
/// # Errors
/// Where the node failed; a refusal is what comes back.
pub(in crate::pages) fn see(ask: &Ask, item: &CaseId) -> Result<Option<Refusal>, Problem> {
    // What was carried under transit stands in a case of our own; it is no partner's item with a purpose of its own.
    if item.desk() != Received::NAME {
        return Ok(None);
    }
    let session = ask.session()?;
    let act = serde_json::json!({ "act": "see", "purpose": session.purpose });
    let id = kernel::ActId::new(format!("see-{}-{}-{}", session.name, session.role, session.purpose));
    match ask.act(Wanted { id, case: item.clone(), act, files: Vec::new() }) {
        Ok(_) => Ok(None),
        Err(Problem::Refused(refusal)) => Ok(Some(refusal)),
        Err(problem) => Err(problem),
    }
}

fn drawn(
    ask: &Ask,
    frame: Frame,
    look: &dyn Look,
    row: &CaseRow,
    held: &Consignment,
    barred: &[(CaseId, Option<Refusal>)],
) -> Result<Page, Failure> {
    let ours = held.declaration().cloned().unwrap_or_default();
    // The summary may have moved on while the reading was recorded; the page shows the case as it is now.
    let open = |act: &str| offered(ask, row, act).then(|| FormSeed::on(&frame, &row.id));
    let mut statements = Vec::new();
    for (item, tie) in held.ties() {
        let refusal = barred.iter().find(|(case, _)| case == item).and_then(|(_, refusal)| refusal.as_ref());
        statements.push(statement(ask, &frame, look, (row, tie, &ours), refusal)?);
    }
    let readable = barred.iter().all(|(_, refusal)| refusal.is_none());
    let cards = if readable { verdict::cards(ask, &frame, look, held)? } else { Vec::new() };
    Ok(Page {
        case: row.id.to_string(),
        record: format!("/record/{}", path_of(row.id.as_str())),
        number: row.summary.title.clone(),
        standing: Standing::of(&frame, "consignment", standing_stage(row)),
        claims: super::trust::claims(&frame, held),
        head: head(&frame, row, &ours),
        decision: decision(&frame, row),
        hold: open("hold"),
        release: open("release"),
        release_needs_reason: row.summary.shown["findings"].as_u64().unwrap_or_default() > 0,
        ours: if statements.is_empty() { comparison::alone(&frame, &ours) } else { Vec::new() },
        steps: followed::steps(&frame, look, row, held)?,
        cards,
        statements,
        frame,
    })
}

/// Whether the reader's role may take this act on a case now.
pub(in crate::pages) fn offered(ask: &Ask, row: &CaseRow, act: &str) -> bool {
    ask.role().is_some_and(|role| ask.app.node.offers(&row.id, Some(&row.state), &role).contains(&act))
}

fn head(frame: &Frame, row: &CaseRow, ours: &Declaration) -> Vec<(String, String)> {
    let due = ours.arrives.map_or_else(String::new, |day| {
        let (day, until) = (frame.moments.near_day(day), frame.moments.until_day(day));
        if until.is_empty() || row.summary.closed { day } else { format!("{day} · {until}") }
    });
    let place =
        ours.place.as_ref().map_or_else(String::new, |place| frame.word("place-name", place.as_str()));
    let mode = ours.mode.as_ref().map_or_else(String::new, |mode| frame.word("mode", mode.as_str()));
    let facts = [
        ("arrivals.decide-before", due),
        ("field.importer", sentences::party(&ours.importer)),
        ("field.supplier", sentences::party(&ours.exporter)),
        ("field.place", place),
        ("field.mode", mode),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    facts.map(|(key, value)| (frame.t(key).to_owned(), value)).collect()
}

fn decision(frame: &Frame, row: &CaseRow) -> Option<String> {
    let decision = Decision::deserialize(&row.summary.shown["decision"]).ok()?;
    let key = match (decision.released, decision.reason.is_empty()) {
        (true, true) => "consignment.released",
        (true, false) => "consignment.released-because",
        (false, _) => "consignment.held-because",
    };
    Some(frame.language.say(key, &[("by", &decision.by), ("reason", &decision.reason)]))
}

fn statement(
    ask: &Ask,
    frame: &Frame,
    look: &dyn Look,
    (row, tie, ours): (&CaseRow, &Tie, &Declaration),
    refusal: Option<&Refusal>,
) -> Result<Statement, Failure> {
    let (giver, number) = tie.export.split_once(':').unwrap_or(("", &tie.export));
    let document = if refusal.is_some() { None } else { document(look, &tie.item)? };
    let sections =
        document.map_or_else(Vec::new, |document| comparison::sections(frame, &document, tie, ours));
    let group = group_code(tie.group);
    let heaviest = tie.reasons.iter().map(|reason| reason.weight.unsigned_abs()).max().unwrap_or(1).max(1);
    let reasons = if refusal.is_some() { &[][..] } else { &tie.reasons[..] };
    let weighed = |reason: &customs::gate::Reason| Weighed {
        sentence: sentences::reason(frame, reason),
        values: sentences::compared(frame, reason),
        weight: frame.language.signed(f64::from(reason.weight) / 100.0),
        bar: reason.weight.unsigned_abs() * 100 / heaviest,
        tone: if reason.weight < 0 { "bad" } else { "good" },
    };
    Ok(Statement {
        partner: frame.word("country", giver),
        code: giver.to_owned(),
        export: number.to_owned(),
        item: crate::areas::page_of(&tie.item),
        group: frame.word("group", group),
        group_note: frame.word("group-note", group),
        // Nothing that is judged is certain.
        sure: frame.language.decimal(rust_decimal::Decimal::new(i64::from(tie.permille.min(999)), 1)),
        sections,
        reasons: reasons.iter().map(weighed).collect(),
        refused: refusal.map(|refusal| refused(frame.language, refusal)),
        unlink: offered(ask, row, "unlink").then(|| FormSeed::on(frame, &row.id)),
        item_case: tie.item.to_string(),
    })
}

/// What a received item says, where it could be read.
pub(in crate::pages) fn document(look: &dyn Look, item: &CaseId) -> Result<Option<Document>, Failure> {
    let Some(row) = look.case(item)? else { return Ok(None) };
    Ok(row.state.read::<Received>().ok().and_then(|received| received.document().cloned()))
}

const fn group_code(group: Group) -> &'static str {
    match group {
        Group::OneToOne => "one-to-one",
        Group::Split => "split",
        Group::Merged => "merged",
        Group::Partial => "partial",
        Group::Ambiguous => "ambiguous",
    }
}
