//! A request with what we hold beside what the partner said, statement by statement; nothing is merged.

use std::collections::BTreeMap;

use askama::Template;
use customs::assistance::{Request, Requested, Statement, Subject};
use kernel::{CaseId, Refusal};
use store::{CaseRow, Failure, Look, Query};

use super::super::consignment::see;
use super::super::standing::Standing;
use super::{Item, item};
use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::frame::{Frame, Refused, refused};

#[derive(Template)]
#[template(path = "cooperation/beside.html")]
struct Page {
    frame: Frame,
    title: String,
    desk: String,
    case: String,
    partner: String,
    standing: Standing,
    asked: Vec<(String, String)>,
    questions: Vec<String>,
    rows: Vec<Compared>,
    held: Vec<Held>,
    answers: Vec<Said>,
    units: Vec<(Item, String)>,
    closed_to_reader: Vec<Refused>,
    parallel: Vec<Item>,
}

/// What both sides say of one thing.
struct Compared {
    subject: String,
    what: String,
    ours: String,
    theirs: String,
    tone: &'static str,
    mark: String,
}

/// One of our own cases that names a subject.
struct Held {
    item: Item,
    desk: String,
    standing: Standing,
    why: String,
}

/// One answer.
struct Said {
    kind: String,
    at: String,
    text: String,
    conditions: String,
    grade: String,
}

/// What a page needs of either kind of request.
struct Matter {
    asking: customs::assistance::Asking,
    ours: Vec<Statement>,
    theirs: Vec<Statement>,
    answers: Vec<(customs::assistance::Answer, jiff::Timestamp)>,
    items: Vec<CaseId>,
    units: Vec<(CaseId, String)>,
    parallel: Vec<CaseId>,
}

/// A request beside our own record. Reading what the partner said is an act with a purpose.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn beside(ask: &Ask) -> Result<Reply, Problem> {
    let id = CaseId::new(ask.params.text("case"));
    let row = ask.read(|look| look.case(&id))?.ok_or(Problem::NotFound)?;
    let matter = matter(&row).ok_or(Problem::NotFound)?;
    let mut barred: Vec<Refusal> = Vec::new();
    for item in &matter.items {
        barred.extend(see(ask, item)?);
    }
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| drawn(frame, look, (&row, matter), &barred))?;
    Ok(Reply::html(page.render()?))
}

fn matter(row: &CaseRow) -> Option<Matter> {
    match row.id.desk() {
        "request" => {
            let request = row.state.read::<Request>().ok()?;
            let heard = request.answers();
            Some(Matter {
                asking: request.asking().clone(),
                ours: request.asking().statements.clone(),
                theirs: heard.iter().flat_map(|heard| heard.answer.statements.clone()).collect(),
                answers: heard.iter().map(|heard| (heard.answer.clone(), heard.at)).collect(),
                items: heard.iter().map(|heard| heard.item.clone()).collect(),
                units: Vec::new(),
                parallel: request.parallel().to_vec(),
            })
        }
        "requested" => {
            let requested = row.state.read::<Requested>().ok()?;
            let reports = || requested.subtasks().filter_map(|(_, report)| report);
            let given = requested.answers().flat_map(|(answer, _)| answer.statements.clone());
            Some(Matter {
                asking: requested.asking().clone(),
                ours: reports().flat_map(|report| report.statements.clone()).chain(given).collect(),
                theirs: requested.asking().statements.clone(),
                answers: requested.answers().map(|(answer, at)| (answer.clone(), at)).collect(),
                items: requested.item().cloned().into_iter().collect(),
                units: requested
                    .subtasks()
                    .map(|(case, report)| {
                        (case.clone(), report.map_or_else(String::new, |report| report.text.clone()))
                    })
                    .collect(),
                parallel: requested.parallel().to_vec(),
            })
        }
        _ => None,
    }
}

fn drawn(
    frame: Frame,
    look: &dyn Look,
    (row, matter): (&CaseRow, Matter),
    barred: &[Refusal],
) -> Result<Page, Failure> {
    let open = barred.is_empty();
    let held = held(&frame, look, &matter.asking.subjects, &row.id)?;
    let (theirs, asking): (&[Statement], _) =
        if open { (&matter.theirs, matter.asking.clone()) } else { (&[], Default::default()) };
    let title = if row.summary.title.is_empty() { row.id.key() } else { &row.summary.title };
    Ok(Page {
        title: title.to_owned(),
        desk: frame.word("desk", row.id.desk()),
        case: areas::page_of(&row.id),
        partner: frame.word("country", &row.summary.partner),
        standing: Standing::of(&frame, row.id.desk(), &row.summary.stage),
        asked: asked(&frame, &asking),
        questions: asking.questions.clone(),
        rows: compared(&frame, &matter.ours, theirs),
        held,
        answers: if open {
            matter.answers.iter().map(|(answer, at)| said(&frame, answer, *at)).collect()
        } else {
            Vec::new()
        },
        units: matter.units.iter().map(|(case, text)| (item(case, case.key()), text.clone())).collect(),
        closed_to_reader: barred.iter().map(|refusal| refused(frame.language, refusal)).collect(),
        parallel: matter.parallel.iter().map(|case| item(case, case.key())).collect(),
        frame,
    })
}

fn asked(frame: &Frame, asking: &customs::assistance::Asking) -> Vec<(String, String)> {
    let subject =
        |subject: &Subject| format!("{} {}", frame.word("subject-kind", subject.kind.code()), subject.value);
    let facts = [
        (
            "input.matter",
            asking.matter.map_or_else(String::new, |matter| frame.word("matter", matter.code())),
        ),
        ("input.basis", asking.basis.clone()),
        ("input.authority", asking.authority.clone()),
        ("input.measure", asking.measure.clone()),
        ("input.subjects", asking.subjects.iter().map(subject).collect::<Vec<_>>().join(" · ")),
        ("input.facts", asking.facts.clone()),
        ("input.own_checks", asking.own_checks.clone()),
        (
            "input.purpose",
            asking.purpose.map_or_else(String::new, |purpose| frame.word("purpose", purpose.code())),
        ),
        ("input.needed_by", asking.needed_by.as_ref().map_or_else(String::new, |at| frame.short(at))),
        ("shown.grade", asking.grade.map_or_else(String::new, |grade| grade.to_string())),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    facts.map(|(key, value)| (frame.t(key).to_owned(), value)).collect()
}

fn said(frame: &Frame, answer: &customs::assistance::Answer, at: jiff::Timestamp) -> Said {
    Said {
        kind: answer.kind.map_or_else(String::new, |kind| frame.word("answer-kind", kind.code())),
        at: frame.short(&at),
        text: answer.text.clone(),
        conditions: answer.conditions.clone(),
        grade: answer.grade.map_or_else(String::new, |grade| grade.to_string()),
    }
}

/// A subject as it is written, what we say of it, what they say of it.
type Sides<'a> = (String, Vec<&'a Statement>, Vec<&'a Statement>);

/// Statements of both sides by subject and what they say of it.
fn compared(frame: &Frame, ours: &[Statement], theirs: &[Statement]) -> Vec<Compared> {
    let mut rows: BTreeMap<(String, String), Sides<'_>> = BTreeMap::new();
    for (statement, own) in ours.iter().map(|one| (one, true)).chain(theirs.iter().map(|one| (one, false))) {
        let row = rows.entry((statement.subject.key(), statement.what.clone())).or_default();
        row.0.clone_from(&statement.subject.value);
        if own { row.1.push(statement) } else { row.2.push(statement) }
    }
    let words = |list: &[&Statement]| {
        let one = |statement: &&Statement| {
            format!("{} ({})", statement.value, frame.word("verified", statement.verified.code()))
        };
        list.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    rows.into_iter()
        .map(|((_, what), (subject, ours, theirs))| {
            let equal = ours.iter().any(|our| theirs.iter().any(|their| our.value == their.value));
            let (tone, mark) = match (ours.is_empty(), theirs.is_empty(), equal) {
                (false, false, true) => ("good", "beside.equal"),
                (false, false, false) => ("bad", "beside.differ"),
                _ => ("calm", "beside.one-side"),
            };
            Compared {
                subject,
                what: frame.word("statement", &what),
                ours: words(&ours),
                theirs: words(&theirs),
                tone,
                mark: frame.t(mark).to_owned(),
            }
        })
        .collect()
}

/// Our own cases that name one of the subjects: by dossier, by declaration number, by importer or exporter.
fn held(frame: &Frame, look: &dyn Look, subjects: &[Subject], not: &CaseId) -> Result<Vec<Held>, Failure> {
    let mut found: BTreeMap<CaseId, (CaseRow, String)> = BTreeMap::new();
    for subject in subjects {
        let value = subject.value.as_str();
        let by = [
            ("subject", subject.key()),
            ("own", value.to_owned()),
            ("export", value.replacen(' ', ":", 1)),
            ("container", value.to_owned()),
        ];
        for (kind, value) in by {
            let query = Query { reference: Some((kind.to_owned(), value)), limit: EACH, ..Query::default() };
            for row in look.cases(&query)?.rows {
                if row.id != *not && row.id.desk() != "dossier" && row.id.desk() != "received" {
                    found.entry(row.id.clone()).or_insert_with(|| (row, subject.value.clone()));
                }
            }
        }
    }
    Ok(found
        .into_values()
        .map(|(row, why)| Held {
            item: item(&row.id, &row.summary.title),
            desk: frame.word("desk", row.id.desk()),
            standing: Standing::of(frame, row.id.desk(), &row.summary.stage),
            why,
        })
        .collect())
}

/// The most own cases looked up for one reference.
const EACH: u32 = 20;
