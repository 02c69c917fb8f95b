//! A principal's own pages: what it has under way, how each movement stands, and the ways to declare: a message as a
//! file, or a form. The office enters here what came on paper while the system was down.

use askama::Template;
use customs::roles::GATE;
use customs::transit::Departure;
use formats::transit::write_xml;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Finding, Findings, Procedure as _};
use serde_json::json;
use store::CaseRow;

use super::form::{self, Given};
use super::{Lodged, named, own_rows, paper, take};
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::Frame;
use crate::notice::Notice;

#[derive(Template)]
#[template(path = "transit/mine.html")]
struct MinePage {
    frame: Frame,
    office: bool,
    fields: Vec<Filled>,
    findings: Vec<String>,
    rows: Vec<Row>,
}

/// A field of the form, what stands in it, and what is wrong with that.
struct Filled {
    name: &'static str,
    value: String,
    hint: &'static str,
    wrong: String,
}

#[derive(Template)]
#[template(path = "transit/movement.html")]
struct MovementPage {
    frame: Frame,
    number: String,
    parts: Vec<PartOf>,
    papers: Vec<String>,
}

struct Row {
    href: String,
    number: String,
    role: String,
    stage: String,
    due: Option<Timestamp>,
}

/// One role of the movement: where it stands and what was told.
struct PartOf {
    role: String,
    stage: String,
    due: Option<Timestamp>,
    told: Vec<Told>,
}

struct Told {
    code: String,
    name: String,
    at: Option<Timestamp>,
    xml: String,
    json: String,
}

/// What is under way, and the forms; the one that declares begins with what was declared last.
///
/// # Errors
/// What the store says.
pub(crate) fn mine(ask: &Ask) -> Result<Reply, Problem> {
    let last = own_rows(ask)?.into_iter().find(|row| row.id.desk() == Departure::NAME);
    let last = last.and_then(|row| row.state.read::<Departure>().ok());
    drawn(ask, &form::again(last.as_deref()), &Findings::default(), 200)
}

fn drawn(ask: &Ask, given: &Given, findings: &Findings, status: u16) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let rows = own_rows(ask)?.iter().map(|row| row_of(&frame, row)).collect();
    let office = ask.role().is_some_and(|role| role == GATE);
    let fields = form::NAMES.iter().map(|name| {
        let wrong = findings.iter().filter(|finding| form::field_of(finding) == Some(name));
        Filled {
            name,
            value: given
                .iter()
                .find(|(given, _)| given == name)
                .map_or_else(String::new, |(_, value)| value.clone()),
            hint: frame.language.find(form::hint(name)).unwrap_or_default(),
            wrong: wrong.map(|finding| said(&frame, finding)).collect::<Vec<_>>().join(" "),
        }
    });
    let fields = fields.collect();
    let general = findings.iter().filter(|finding| form::field_of(finding).is_none());
    let findings = general.map(|finding| said(&frame, finding)).collect();
    let page = MinePage { office, fields, findings, rows, frame };
    Ok(Reply { status, ..Reply::html(page.render()?) })
}

/// Judges what is filled in so far, as the office would, and says beside each field what is wrong with it.
///
/// # Errors
/// Where what is filled in cannot be written down.
pub(crate) fn judge(ask: &Ask) -> Result<Reply, Problem> {
    let bytes = written(ask)?;
    let frame = Frame::of(ask)?;
    let judged = formats::judge(&bytes);
    let faults = judged.findings.iter().filter_map(|finding| {
        let field = form::field_of(finding)?;
        Some(json!({ "field": field, "says": said(&frame, finding) }))
    });
    Ok(Reply::json(200, json!({ "faults": faults.collect::<Vec<_>>() })))
}

fn written(ask: &Ask) -> Result<Vec<u8>, Problem> {
    write_xml("CC015C", &form::content(&ask.form, ask.now)).map_err(|why| Problem::Undrawn(why.to_string()))
}

fn row_of(frame: &Frame, row: &CaseRow) -> Row {
    Row {
        href: format!("/transit/mine/{}", path_of(row.id.key())),
        number: row.summary.title.clone(),
        role: frame.word("desks", row.id.desk()),
        stage: frame.word(&format!("stage.{}", row.id.desk()), &row.summary.stage),
        due: row.summary.due,
    }
}

/// Takes a message that came as a file.
///
/// # Errors
/// As the node says.
pub(crate) fn send(ask: &Ask) -> Result<Reply, Problem> {
    let file = ask.files.first().ok_or(Problem::BadForm)?;
    lodged(ask, &file.bytes, None, &Vec::new())
}

/// Takes a declaration that was filled in.
///
/// # Errors
/// As the node says.
pub(crate) fn declare(ask: &Ask) -> Result<Reply, Problem> {
    let given: Given = form::NAMES.iter().map(|name| (*name, ask.form.text(name).to_owned())).collect();
    let bytes = written(ask)?;
    let stamped = ask.form.text("stamped").parse::<Date>().ok();
    lodged(ask, &bytes, stamped, &given)
}

fn lodged(ask: &Ask, bytes: &[u8], on_paper: Option<Date>, given: &Given) -> Result<Reply, Problem> {
    match take(ask, bytes, on_paper)? {
        Ok(Lodged { number, case, findings, .. }) => {
            if !findings.is_acceptable() {
                return drawn(ask, given, &findings, 200);
            }
            let told = Notice::done("told.lodged").with("number", number);
            Ok(ask.tell(told, &format!("/transit/mine/{}", path_of(case.key()))))
        }
        Err(findings) => drawn(ask, given, &findings, 422),
    }
}

/// A finding as a sentence: what is wrong, what stood there, by which rule.
fn said(frame: &Frame, finding: &Finding) -> String {
    let title = frame.word("code", &format!("{}.title", finding.code));
    let seen = if finding.seen.is_empty() { String::new() } else { format!(": {}", finding.seen) };
    let rule = if finding.expected.is_empty() { String::new() } else { format!(" ({})", finding.expected) };
    format!("{title}{seen}{rule}.")
}

/// How a movement stands, and what was told.
///
/// # Errors
/// [`Problem::NotFound`], also for another's.
pub(crate) fn one(ask: &Ask) -> Result<Reply, Problem> {
    let number = ask.params.text("number");
    let rows = named(ask, number)?;
    if rows.is_empty() {
        return Err(Problem::NotFound);
    }
    let frame = Frame::of(ask)?;
    let parts = rows.iter().map(|row| part_of(&frame, row, number)).collect();
    let departures = rows.iter().filter(|row| row.id.desk() == Departure::NAME);
    let printable = departures.filter(|row| {
        row.state.read::<Departure>().is_ok_and(|departure| paper::statement(&departure).is_some())
    });
    let papers = printable.map(|row| format!("/transit/papers/{}", path_of(row.id.key()))).collect();
    let page = MovementPage { number: number.to_owned(), parts, papers, frame };
    Ok(Reply::html(page.render()?))
}

fn part_of(frame: &Frame, row: &CaseRow, number: &str) -> PartOf {
    let told = super::told(row).into_iter().enumerate().map(|(at, notice)| {
        let code = notice["code"].as_str().unwrap_or_default().to_owned();
        let xml = format!("/transit/mine/{}/{at}", path_of(number));
        Told {
            name: frame.word("transit-message", &code),
            at: notice["at"].as_str().and_then(|at| at.parse().ok()),
            json: format!("{xml}?format=json"),
            xml,
            code,
        }
    });
    PartOf {
        role: frame.word("desks", row.id.desk()),
        stage: frame.word(&format!("stage.{}", row.id.desk()), &row.summary.stage),
        due: row.summary.due,
        told: told.collect(),
    }
}

/// The accompanying document.
///
/// # Errors
/// [`Problem::NotFound`] where there is none, also for another's.
pub(crate) fn accompanying(ask: &Ask) -> Result<Reply, Problem> {
    let rows = named(ask, ask.params.text("number"))?;
    let row = rows.iter().find(|row| row.id.desk() == Departure::NAME).ok_or(Problem::NotFound)?;
    let departure = row.state.read::<Departure>().map_err(|_| Problem::NotFound)?;
    let statement = paper::statement(&departure).ok_or(Problem::NotFound)?;
    // A statement that any phone checks; a note of the record's key where the node has no voice for strangers.
    let square = crate::pages::statement::square(ask, row);
    let signed = square.or_else(|| ask.app.node.vouch(&statement)).unwrap_or(statement);
    let name = &ask.app.node.identity().name;
    let printed = paper::accompanying(&departure, name, ask.language, &signed)
        .map_err(|why| Problem::Undrawn(why.to_string()))?;
    let bytes = printed.ok_or(Problem::NotFound)?;
    Ok(Reply::file("application/pdf", format!("{}.pdf", departure.mrn()), bytes))
}
