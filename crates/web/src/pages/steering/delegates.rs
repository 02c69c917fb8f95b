//! Delegates of a meeting, taken in from the table a delegation sends: all of it, or nothing and what is wrong where.

use askama::Template;
use customs::programme::Meeting;
use kernel::{CaseId, Procedure as _};
use store::CaseRow;

use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::Frame;
use crate::node_side::Wanted;
use crate::notice::Notice;
use crate::pages::acts::FormSeed;

#[derive(Template)]
#[template(path = "steering/delegates.html")]
struct Page {
    frame: Frame,
    title: String,
    case_page: String,
    action: String,
    count: String,
    seed: FormSeed,
    faults: Vec<Fault>,
}

/// Something wrong in the file.
struct Fault {
    line: String,
    code: String,
    word: String,
    seen: String,
}

/// The form.
///
/// # Errors
/// [`Problem::NotFound`] for a meeting nobody planned, or what the store says.
pub(crate) fn delegates_form(ask: &Ask) -> Result<Reply, Problem> {
    drawn(ask, &meeting(ask)?, Vec::new(), 200)
}

/// Takes a file in.
///
/// # Errors
/// Where the form is not whole or the node failed; a refusal is told on the meeting's page.
pub(crate) fn delegates(ask: &Ask) -> Result<Reply, Problem> {
    let row = meeting(ask)?;
    let bytes = ask.files.first().map(|file| file.bytes.as_slice()).unwrap_or_default();
    let (read, findings) = formats::read_delegates(bytes);
    if !findings.is_empty() || read.is_empty() {
        let frame = Frame::of(ask)?;
        let fault = |finding: &kernel::Finding| Fault {
            line: finding.place.line.to_string(),
            word: frame
                .language
                .find(&format!("code.{}.title", finding.code))
                .unwrap_or(&finding.code)
                .to_owned(),
            code: finding.code.to_string(),
            seen: finding.seen.clone(),
        };
        let mut faults: Vec<_> = findings.iter().map(fault).collect();
        if faults.is_empty() {
            let word = frame.t("delegates.empty").to_owned();
            faults.push(Fault { line: "1".into(), code: "value-missing".into(), word, seen: String::new() });
        }
        return drawn(ask, &row, faults, 422);
    }
    let act = serde_json::json!({ "act": "nominate", "delegates": read });
    let wanted = Wanted { id: ask.act_id()?, case: row.id.clone(), act, files: vec![bytes.to_vec()] };
    let told = match ask.act(wanted) {
        Ok(_) => Notice::done("done.act"),
        Err(Problem::Refused(refusal)) => Notice::Refused(refusal),
        Err(problem) => return Err(problem),
    };
    Ok(ask.tell(told, &page_of(&row.id)))
}

fn meeting(ask: &Ask) -> Result<CaseRow, Problem> {
    let case = CaseId::of(Meeting::NAME, ask.params.text("key"));
    ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)
}

fn drawn(ask: &Ask, row: &CaseRow, faults: Vec<Fault>, status: u16) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let page = Page {
        title: row.summary.title.clone(),
        case_page: page_of(&row.id),
        action: format!("/delegates/{}", path_of(row.id.key())),
        count: frame.count(&row.summary.shown["delegates"].as_u64().unwrap_or_default()),
        seed: FormSeed::on(&frame, &row.id),
        faults,
        frame,
    };
    Ok(Reply { status, ..Reply::html(page.render()?) })
}
