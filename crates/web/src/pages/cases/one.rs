//! One case: what it says, where it stands, what is owed about it, the papers in and out, what belongs to it, what this reader
//! may do, and everything that happened. Where it repeats what a partner said, opening it is an act with a purpose.

use askama::Template;
use jiff::Timestamp;
use kernel::{CaseId, Digest, Refusal};
use store::{CaseRow, Failure, Look};

use super::super::consignment::see;
use super::super::followed::{Step, step};
use super::super::forms::{self, ActForm};
use super::super::standing::Standing;
use super::super::statement;
use super::list::titled;
use super::related::{self, Related};
use super::values::{Block, Reader};
use super::{desk_of, open_to};
use crate::areas;
use crate::ask::{Ask, Content, Problem, Reply};
use crate::attach;
use crate::fields::path_of;
use crate::frame::{Frame, Refused, refused};

#[derive(Template)]
#[template(path = "cases/one.html")]
struct Page {
    frame: Frame,
    case: String,
    desk: String,
    list: String,
    list_word: String,
    title: String,
    record: String,
    paper: String,
    statement: String,
    /// Pages of the area's own about it: word and address.
    more_pages: Vec<(String, String)>,
    standing: Standing,
    severity: Option<Standing>,
    due: Option<Timestamp>,
    until: String,
    late: &'static str,
    facts: Vec<(String, String)>,
    closed_to_reader: Vec<Refused>,
    acts: Vec<ActForm>,
    more_of_area: String,
    blocks: Vec<Block>,
    related: Related,
    files: Vec<(String, String)>,
    steps: Vec<Step>,
    more: u64,
}

/// The most steps of a timeline shown; the record has them all.
const STEPS_SHOWN: usize = 60;

/// One case.
///
/// # Errors
/// [`Problem::NotFound`], [`Problem::Forbidden`] for a desk that is not this role's, or what the store says.
pub(crate) fn case(ask: &Ask) -> Result<Reply, Problem> {
    let (row, barred) = opened(ask)?;
    let draft = ask.take_draft(|draft| draft.case == row.id);
    let frame = Frame::of(ask)?;
    // The reading itself may have moved the case on.
    let row = ask.read(|look| look.case(&row.id))?.unwrap_or(row);
    let more = if barred.is_empty() { areas::more_of(&frame, &row)? } else { String::new() };
    let mut page = ask.read(|look| {
        let acts = forms::of_case(ask, &frame, look, (&row, draft.as_ref()))?;
        drawn(ask, frame, look, &row, (acts, &barred))
    })?;
    page.more_of_area = more;
    Ok(Reply::html(page.render()?))
}

/// The case a path names, and why what partners said in it may not be read, where it may not.
pub(in crate::pages) fn opened(ask: &Ask) -> Result<(CaseRow, Vec<Refusal>), Problem> {
    let desk = desk_of(ask)?;
    let id = CaseId::of(desk.name(), ask.params.text("key"));
    let row = ask.read(|look| look.case(&id))?.ok_or(Problem::NotFound)?;
    let barred = barred(ask, &row)?;
    Ok((row, barred))
}

/// Asks to read every received item whose words stand in the case.
fn barred(ask: &Ask, row: &CaseRow) -> Result<Vec<Refusal>, Problem> {
    let mut barred: Vec<Refusal> = Vec::new();
    let own = (row.id.desk() == "received").then(|| row.id.clone());
    for item in related::items_in(row).into_iter().chain(own) {
        let refusal =
            see(ask, &item)?.filter(|refusal| barred.iter().all(|known| known.code != refusal.code));
        barred.extend(refusal);
    }
    Ok(barred)
}

fn drawn(
    ask: &Ask,
    frame: Frame,
    look: &dyn Look,
    row: &CaseRow,
    (acts, barred): (Vec<ActForm>, &[Refusal]),
) -> Result<Page, Failure> {
    let (summary, desk) = (&row.summary, row.id.desk());
    let due = summary.due.filter(|_| !summary.closed);
    let history = look.history(&row.id)?;
    let open = barred.is_empty();
    let reader = Reader { frame: &frame, of: desk, case: Some(&row.id) };
    let title = if summary.title.is_empty() { row.id.key() } else { &summary.title };
    Ok(Page {
        case: row.id.to_string(),
        desk: frame.word("desk", desk),
        list: areas::list_of(desk),
        list_word: frame.word("desks", desk),
        title: titled(&frame, desk, title),
        record: format!("/record/{}", path_of(row.id.as_str())),
        paper: format!("/paper/{}", path_of(row.id.as_str())),
        statement: if open { statement::link(ask, row) } else { String::new() },
        more_pages: more_pages(ask, &frame, &row.id),
        standing: Standing::of(&frame, desk, &summary.stage),
        severity: summary.severity.map(|severity| Standing::of_severity(&frame, severity)),
        until: due.map_or_else(String::new, |due| frame.moments.until(due)),
        late: if due.is_some_and(|due| due < frame.moments.now) { "late" } else { "" },
        due,
        facts: facts(&frame, row),
        closed_to_reader: barred.iter().map(|refusal| refused(frame.language, refusal)).collect(),
        acts,
        more_of_area: String::new(),
        blocks: if open { reader.blocks(&summary.shown) } else { Vec::new() },
        related: related::related(ask, &frame, look, row)?,
        files: if open { files(&frame, row) } else { Vec::new() },
        more: history.len().saturating_sub(STEPS_SHOWN) as u64,
        steps: history
            .iter()
            .rev()
            .take(STEPS_SHOWN)
            .map(|(number, entry)| step(&frame, *number, entry))
            .collect(),
        frame,
    })
}

fn more_pages(ask: &Ask, frame: &Frame, case: &CaseId) -> Vec<(String, String)> {
    let pages = ask.role().map(|role| areas::links_of(case, &role)).unwrap_or_default();
    pages.into_iter().map(|(word, page)| (frame.t(word).to_owned(), page)).collect()
}

fn facts(frame: &Frame, row: &CaseRow) -> Vec<(String, String)> {
    let summary = &row.summary;
    let lane = match summary.lane.split_once('>') {
        Some((by, to)) => format!("{} → {}", frame.word("country", by), frame.word("country", to)),
        None if summary.lane.is_empty() => String::new(),
        None => super::super::exchange::lane_name(frame, &summary.lane),
    };
    let rung = if summary.rung > 0 { frame.word("rung", &summary.rung.to_string()) } else { String::new() };
    let facts = [
        ("cases.number", row.id.key().to_owned()),
        ("cases.partner", frame.word("country", &summary.partner)),
        ("cases.lane", lane),
        ("cases.rung", rung),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    facts.map(|(key, value)| (frame.t(key).to_owned(), value)).collect()
}

fn files(frame: &Frame, row: &CaseRow) -> Vec<(String, String)> {
    let file = |file: kernel::Attachment| {
        let word = format!("{} ({})", file.name, super::values::size(frame, file.bytes));
        (word, format!("/attachments/{}/{}", file.digest, path_of(row.id.as_str())))
    };
    related::files_in(row.state.json()).into_iter().map(file).collect()
}

/// A file kept with a case. Where the case repeats what a partner said, taking the file is reading it.
///
/// # Errors
/// [`Problem::NotFound`] where the case keeps no such file, [`Problem::Forbidden`] for a desk that is not this role's, the
/// refusal of the reading, or what the store says.
pub(crate) fn attachment(ask: &Ask) -> Result<Reply, Problem> {
    let id = CaseId::new(ask.params.text("case"));
    let desk = ask.app.node.desks().iter().copied().find(|desk| desk.name() == id.desk());
    open_to(ask, desk.ok_or(Problem::NotFound)?)?;
    let digest = Digest::parse(ask.params.text("digest")).ok_or(Problem::NotFound)?;
    let row = ask.read(|look| look.case(&id))?.ok_or(Problem::NotFound)?;
    let file = related::files_in(row.state.json()).into_iter().find(|file| file.digest == digest);
    let file = file.ok_or(Problem::NotFound)?;
    if let Some(refusal) = barred(ask, &row)?.into_iter().next() {
        return Err(Problem::Refused(refusal));
    }
    let bytes = ask.read(|look| look.blob(&digest))?.ok_or(Problem::NotFound)?;
    let content = Content::File { media: attach::known_media(&file.media), name: Some(file.name), bytes };
    Ok(Reply::of(200, content))
}
