//! Agreements and what they permit: per term the clocks and purposes, per lane and field what goes and what stays.

use askama::Template;
use customs::agreement::{Agreement, Class, ConsentRule, LegalRoute, Onward, TERMS, Term, fields_of};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kernel::{Book, CaseId};
use serde::{Deserialize, Serialize};
use store::{CaseRow, Failure, Look, Order, Query};

use super::acts::FormSeed;
use super::consignment::offered;
use super::exchange::lane_name;
use super::standing::Standing;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "agreements.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    terms: Vec<InForce>,
}

struct Row {
    href: String,
    id: String,
    title: String,
    parties: String,
    standing: Standing,
    from: String,
    until: String,
    terms: String,
}

/// A term that holds today, wherever it stands.
struct InForce {
    lane: String,
    agreement: String,
    standing: Standing,
    purposes: String,
    keep: String,
}

#[derive(Template)]
#[template(path = "agreement.html")]
struct OnePage {
    frame: Frame,
    record: String,
    id: String,
    title: String,
    standing: Standing,
    facts: Vec<(String, String)>,
    terms: Vec<TermView>,
    matrices: Vec<Matrix>,
    approve: Option<FormSeed>,
    suspend: Option<FormSeed>,
    resume: Option<FormSeed>,
    end: Option<FormSeed>,
}

struct TermView {
    id: String,
    lane: String,
    standing: Standing,
    facts: Vec<(String, String)>,
}

/// Which fields of a document kind go where.
struct Matrix {
    kind: String,
    lanes: Vec<String>,
    fields: Vec<FieldRow>,
}

struct FieldRow {
    name: String,
    source: &'static str,
    class: String,
    cells: Vec<(String, Standing)>,
}

/// All agreements, and all terms that hold today.
///
/// # Errors
/// What the store says.
pub(crate) fn agreements(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let query =
        Query { desk: Some("agreement".into()), order: Order::Oldest, limit: 500, ..Query::default() };
    let (found, terms) =
        ask.read(|look| Ok((look.cases(&query)?, terms_in_force(look, &ask.app.zone, ask.now)?)))?;
    let rows = found.rows.iter().filter_map(|row| listed(&frame, row)).collect();
    let terms = terms.iter().map(|(agreement, term)| in_force(&frame, agreement, term)).collect();
    Ok(Reply::html(ListPage { rows, terms, frame }.render()?))
}

/// One agreement.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn agreement(ask: &Ask) -> Result<Reply, Problem> {
    let case = CaseId::of("agreement", ask.params.text("id"));
    let row = ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    let agreement = written(&row).ok_or(Problem::NotFound)?;
    let frame = Frame::of(ask)?;
    let open = |act: &str| offered(ask, &row, act).then(|| FormSeed::on(&frame, &row.id));
    let page = OnePage {
        record: format!("/record/{}", path_of(row.id.as_str())),
        id: agreement.id.clone(),
        title: agreement.title.clone(),
        standing: Standing::of(&frame, "agreement", &row.summary.stage),
        facts: facts(&frame, &agreement),
        terms: agreement.terms.iter().map(|term| term_view(&frame, term)).collect(),
        matrices: matrices(&frame, &agreement),
        approve: open("approve"),
        suspend: open("suspend"),
        resume: open("resume"),
        end: open("end"),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// The terms that hold on the day of this moment, by the editions published so far, with their agreements.
///
/// # Errors
/// What the store says.
pub(super) fn terms_in_force(
    look: &dyn Look,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Vec<(String, Term)>, Failure> {
    #[derive(Deserialize)]
    struct Standing {
        agreement: String,
        term: Term,
    }
    let mut book = Book::default();
    for head in look.editions()?.iter().filter(|head| head.book == TERMS) {
        look.edition(&head.digest)?.iter().for_each(|edition| book.publish(edition));
    }
    let today = zone.to_datetime(now).date();
    let rows = book.on(today).filter_map(|row| Standing::deserialize(&row.value).ok());
    Ok(rows.map(|standing| (standing.agreement, standing.term)).collect())
}

fn written(row: &CaseRow) -> Option<Agreement> {
    Agreement::deserialize(&row.state.json()["agreement"]).ok()
}

fn listed(frame: &Frame, row: &CaseRow) -> Option<Row> {
    let agreement = written(row)?;
    Some(Row {
        href: format!("/agreements/{}", path_of(&agreement.id)),
        parties: parties(frame, &agreement),
        standing: Standing::of(frame, "agreement", &row.summary.stage),
        from: frame.moments.day(agreement.from),
        until: agreement.until.map_or_else(String::new, |day| frame.moments.day(day)),
        terms: frame.count(&(agreement.terms.len() as u64)),
        id: agreement.id,
        title: agreement.title,
    })
}

fn parties(frame: &Frame, agreement: &Agreement) -> String {
    agreement.parties.iter().map(|party| frame.word("country", party.as_str())).collect::<Vec<_>>().join(", ")
}

fn in_force(frame: &Frame, agreement: &str, term: &Term) -> InForce {
    InForce {
        lane: lane_name(frame, &Term::lane_of(&term.kind, &term.from, &term.to)),
        agreement: agreement.to_owned(),
        standing: lane_standing(frame, term),
        purposes: purposes(frame, term),
        keep: frame.moments.span(u64::from(term.keep.as_seconds())),
    }
}

fn lane_standing(frame: &Frame, term: &Term) -> Standing {
    let code = code(&term.lane);
    let (tone, sign) = match code.as_str() {
        "live" => ("good", "check"),
        "test" => ("wait", "half"),
        _ => ("bad", "hand"),
    };
    Standing { tone, sign, word: frame.word("lane", &code) }
}

fn purposes(frame: &Frame, term: &Term) -> String {
    term.purposes.iter().map(|purpose| frame.word("purpose", purpose.code())).collect::<Vec<_>>().join(", ")
}

/// The code of a value as its JSON has it.
fn code(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn facts(frame: &Frame, agreement: &Agreement) -> Vec<(String, String)> {
    let route = match agreement.route {
        LegalRoute::Treaty => "route.treaty",
        LegalRoute::Ministry => "route.ministry",
        LegalRoute::Domestic => "route.domestic",
    };
    let until = agreement
        .until
        .map_or_else(|| frame.t("agreement.open-end").to_owned(), |day| frame.moments.day(day));
    let facts = [
        ("agreement.parties", parties(frame, agreement)),
        ("agreement.route", frame.t(route).to_owned()),
        ("agreement.source", agreement.source.clone()),
        ("agreement.from", frame.moments.day(agreement.from)),
        ("agreement.until", until),
    ];
    facts.into_iter().map(|(key, value)| (frame.t(key).to_owned(), value)).collect()
}

fn term_view(frame: &Frame, term: &Term) -> TermView {
    let clock = |limit: Option<kernel::Limit>| {
        limit.map_or_else(
            || frame.t("term.no-clock").to_owned(),
            |limit| frame.moments.span(u64::from(limit.as_seconds())),
        )
    };
    let consent = match term.consent {
        ConsentRule::Needed => "term.consent-needed",
        ConsentRule::NotNeeded => "term.consent-not-needed",
    };
    let onward = match term.onward {
        Onward::Never => "term.onward-never",
        Onward::Ask => "term.onward-ask",
    };
    let escalation = term.escalation.iter().map(|step| {
        let after = frame.moments.span(u64::from(step.after.as_seconds()));
        format!("+{after} {}", frame.word("role", step.role.as_str()))
    });
    let facts = [
        ("term.purposes", purposes(frame, term)),
        ("term.handling", frame.word("handling", &code(&term.handling))),
        ("term.consent", frame.t(consent).to_owned()),
        ("term.onward", frame.t(onward).to_owned()),
        ("term.keep", frame.moments.span(u64::from(term.keep.as_seconds()))),
        ("term.answer", clock(term.answer_within)),
        ("term.result", clock(term.result_within)),
        ("term.escalation", escalation.collect::<Vec<_>>().join(", ")),
    ];
    TermView {
        id: term.id.clone(),
        lane: lane_name(frame, &Term::lane_of(&term.kind, &term.from, &term.to)),
        standing: lane_standing(frame, term),
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (frame.t(key).to_owned(), value))
            .collect(),
    }
}

/// One matrix per document kind: its fields down, the lanes across.
fn matrices(frame: &Frame, agreement: &Agreement) -> Vec<Matrix> {
    let mut kinds: Vec<&str> = agreement.terms.iter().map(|term| term.kind.as_str()).collect();
    kinds.dedup();
    kinds.sort_unstable();
    kinds.dedup();
    let matrix = |kind: &&str| {
        let terms: Vec<_> = agreement.terms.iter().filter(|term| term.kind == **kind).collect();
        let row = |field: &customs::agreement::FieldClass| FieldRow {
            name: frame.word("released-field", field.field),
            source: field.source,
            class: frame.word("class", &code(&field.class)),
            cells: terms.iter().map(|term| (ends(term), cell(frame, field, term))).collect(),
        };
        Matrix {
            kind: frame.word("kind", kind),
            lanes: terms.iter().map(|term| ends(term)).collect(),
            fields: fields_of(kind).into_iter().flatten().map(row).collect(),
        }
    };
    kinds.iter().map(matrix).collect()
}

fn ends(term: &Term) -> String {
    format!("{} → {}", term.from, term.to)
}

fn cell(frame: &Frame, field: &customs::agreement::FieldClass, term: &Term) -> Standing {
    let (tone, sign, key) = match field.class {
        Class::Key => ("calm", "tick", "disclosure.key"),
        _ if term.fields.iter().any(|name| name == field.field) => ("good", "tick", "disclosure.goes"),
        _ => ("bad", "cross", "disclosure.stays"),
    };
    Standing { tone, sign, word: frame.t(key).to_owned() }
}
