//! One item: what it says, how far it is, what is wrong with it and where, its bytes, its receipt, its timeline.

use askama::Template;
use customs::agreement::{Document, Received, Sent};
use customs::roles::{EXCHANGE, REVIEWER};
use jiff::Timestamp;
use kernel::{CaseId, Digest, Findings, Refusal};
use serde::Deserialize;
use store::{CaseRow, Failure, Look};

use super::acts::FormSeed;
use super::consignment::{offered, see};
use super::document::{self, Line};
use super::excerpt::{self, Excerpt};
use super::exchange::lane_name;
use super::followed::{Step, step};
use super::standing::Standing;
use crate::areas::page_of;
use crate::ask::{Ask, Content, Problem, Reply};
use crate::fields::path_of;
use crate::frame::{Frame, Here, Refused, refused};

#[derive(Template)]
#[template(path = "item.html")]
struct Page {
    frame: Frame,
    case: String,
    record: String,
    title: String,
    kind: String,
    standing: Standing,
    facts: Vec<(String, String)>,
    rungs: Vec<Rung>,
    closed_to_reader: Option<Refused>,
    quarantine: Option<Refused>,
    says: Vec<Line>,
    excerpts: Vec<Excerpt>,
    dropped: u64,
    usable: bool,
    links: Vec<(String, String)>,
    evidence: Option<String>,
    files: Vec<(&'static str, String)>,
    replay: Option<FormSeed>,
    resend: Option<FormSeed>,
    steps: Vec<Step>,
}

struct Rung {
    word: String,
    reached: Here,
}

/// What an item's summary shows, in or out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    kind: String,
    message_id: String,
    wire: Option<Digest>,
    payload: Option<Digest>,
    receipt: Option<Digest>,
    basis: Option<String>,
    handling: Option<String>,
    quarantine: Option<Refusal>,
    links: Vec<CaseId>,
    about: Option<CaseId>,
    withheld: Vec<String>,
    failure: Option<String>,
    destroyed: Option<Gone>,
}

/// That bytes are gone: here, when their term ended, or with the partner that proves it.
#[derive(Debug, Deserialize)]
struct Gone {
    at: Timestamp,
    term: String,
}

impl Shown {
    /// What the summary of a case shows, and whether what it came with is gone.
    fn of(look: &dyn Look, row: &CaseRow) -> Result<Self, Failure> {
        let mut shown = Self::deserialize(&row.summary.shown).unwrap_or_default();
        if let Some(wire) = shown.wire
            && let Some(gone) = node::destroyed(look, &wire)?
        {
            shown.destroyed = Some(Gone { at: gone.at, term: gone.term });
        }
        Ok(shown)
    }
}

/// One item. Reading what a partner said is an act with a purpose; it is in the record.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn item(ask: &Ask) -> Result<Reply, Problem> {
    let (case, row) = found(ask, ask.params.text("case"))?;
    let barred = if case.desk() == "received" { see(ask, &case)? } else { None };
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let row = look.case(&case)?.unwrap_or(row);
        drawn(ask, frame, look, &row, barred.as_ref())
    })?;
    Ok(Reply::html(page.render()?))
}

fn found(ask: &Ask, case: &str) -> Result<(CaseId, CaseRow), Problem> {
    let case = CaseId::new(case);
    if !matches!(case.desk(), "received" | "sent") {
        return Err(Problem::NotFound);
    }
    let row = ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    Ok((case, row))
}

fn drawn(
    ask: &Ask,
    frame: Frame,
    look: &dyn Look,
    row: &CaseRow,
    barred: Option<&Refusal>,
) -> Result<Page, Failure> {
    let shown = Shown::of(look, row)?;
    let (says, findings) = if barred.is_some() { Default::default() } else { read(&frame, row) };
    let bytes = shown.payload.map(|digest| look.blob(&digest)).transpose()?.flatten().unwrap_or_default();
    let excerpts = findings.iter().take(FINDINGS_SHOWN).map(|finding| excerpt::of(&frame, finding, &bytes));
    let open = |act: &str| offered(ask, row, act).then(|| FormSeed::on(&frame, &row.id));
    let linked = shown.links.iter().chain(shown.about.iter().filter(|case| case.desk() != "received"));
    Ok(Page {
        case: row.id.to_string(),
        record: format!("/record/{}", path_of(row.id.as_str())),
        title: row.summary.title.clone(),
        kind: frame.word("kind-one", &shown.kind),
        standing: Standing::of(&frame, row.id.desk(), &row.summary.stage),
        facts: facts(&frame, row, &shown),
        rungs: if row.summary.rung > 0 { rungs(&frame, row.summary.rung) } else { Vec::new() },
        closed_to_reader: barred.map(|refusal| refused(frame.language, refusal)),
        quarantine: shown.quarantine.as_ref().map(|refusal| refused(frame.language, refusal)),

        says,
        usable: findings.is_acceptable(),
        excerpts: excerpts.collect(),
        dropped: findings.len().saturating_sub(FINDINGS_SHOWN) as u64 + findings.dropped,
        links: linked.map(|case| (case.key().to_owned(), page_of(case))).collect(),
        evidence: barred.is_none().then(|| evidence(ask, row)).flatten(),
        files: files(look, row, &shown, barred)?,
        replay: open("replay"),
        resend: open("resend"),
        steps: look
            .history(&row.id)?
            .iter()
            .rev()
            .map(|(number, entry)| step(&frame, *number, entry))
            .collect(),
        frame,
    })
}

/// The most findings shown on one page; the rest are counted.
const FINDINGS_SHOWN: usize = 100;

/// What the item says, line by line, and what is wrong with it.
fn read(frame: &Frame, row: &CaseRow) -> (Vec<Line>, Findings) {
    let (document, findings) = if row.id.desk() == "received" {
        let received = row.state.read::<Received>().unwrap_or_default();
        (received.document().cloned(), received.findings().clone())
    } else {
        let sent = row.state.read::<Sent>().unwrap_or_default();
        (sent.outgoing().map(|outgoing| outgoing.document.clone()), Findings::default())
    };
    let says = document.as_ref().map_or_else(Vec::new, |document| match document {
        Document::Acdd(acdd) => document::of_acdd(frame, acdd),
        Document::CustomsResponse(response) => document::of_response(frame, response),
        Document::Paper(paper) => document::of_paper(frame, paper),
    });
    (says, findings)
}

fn facts(frame: &Frame, row: &CaseRow, shown: &Shown) -> Vec<(String, String)> {
    let withheld: Vec<_> = shown.withheld.iter().map(|field| frame.word("released-field", field)).collect();
    let facts = [
        ("item.partner", frame.word("country", &row.summary.partner)),
        ("item.lane", lane_name(frame, &row.summary.lane)),
        ("item.basis", shown.basis.clone().unwrap_or_default()),
        (
            "item.handling",
            shown.handling.as_deref().map_or_else(String::new, |code| frame.word("handling", code)),
        ),
        ("item.withheld", withheld.join(", ")),
        ("item.failure", shown.failure.clone().unwrap_or_default()),
        ("item.message", shown.message_id.clone()),
        ("item.destroyed", shown.destroyed.as_ref().map_or_else(String::new, |gone| frame.exact(&gone.at))),
        ("item.destroyed-by", shown.destroyed.as_ref().map_or_else(String::new, |gone| gone.term.clone())),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    facts.map(|(key, value)| (frame.t(key).to_owned(), value)).collect()
}

fn rungs(frame: &Frame, reached: u8) -> Vec<Rung> {
    let rung = |rung: u8| Rung {
        word: frame.word("rung", &rung.to_string()),
        reached: if rung <= reached { Here::Yes } else { Here::No },
    };
    (1..=6).map(rung).collect()
}

/// Where the evidence of an item can be had, for those who hand it to others.
fn evidence(ask: &Ask, row: &CaseRow) -> Option<String> {
    let may = ask.role().is_some_and(|role| [EXCHANGE, REVIEWER].contains(&role));
    may.then(|| format!("/evidence/{}", path_of(row.id.as_str())))
}

/// The bytes that can be had: what came or went, and the receipt for it.
fn files(
    look: &dyn Look,
    row: &CaseRow,
    shown: &Shown,
    barred: Option<&Refusal>,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut files = Vec::new();
    let case = path_of(row.id.as_str());
    let gone = row.id.desk() == "received" && shown.destroyed.is_some();
    let barred = barred.is_some() || gone;
    if !barred && shown.payload.is_some() {
        files.push(("item.payload", format!("/bytes/payload/{case}")));
    }
    if !barred && shown.wire.is_some() {
        files.push(("item.wire", format!("/bytes/wire/{case}")));
    }
    if receipt(look, row, shown)?.is_some() {
        files.push(("item.receipt", format!("/bytes/receipt/{case}")));
    }
    Ok(files)
}

/// The receipt: theirs for what we sent, ours for what we received.
fn receipt(look: &dyn Look, row: &CaseRow, shown: &Shown) -> Result<Option<Digest>, Failure> {
    if row.id.desk() == "sent" {
        return Ok(shown.receipt);
    }
    Ok(look.message(&row.summary.partner, &shown.message_id)?.and_then(|state| state.answer))
}

/// Bytes of an item as they are; what a partner said only for whoever may read it.
///
/// # Errors
/// [`Problem::NotFound`], the refusal of the reading, or what the store says.
pub(crate) fn bytes(ask: &Ask) -> Result<Reply, Problem> {
    let (case, row) = found(ask, ask.params.text("case"))?;
    let what = ask.params.text("what");
    if case.desk() == "received" && what != "receipt" {
        see(ask, &case)?.map_or(Ok(()), |refusal| Err(Problem::Refused(refusal)))?;
    }
    let shown = Shown::deserialize(&row.summary.shown).unwrap_or_default();
    let digest = match what {
        "payload" => shown.payload,
        "wire" => shown.wire,
        "receipt" => ask.read(|look| receipt(look, &row, &shown))?,
        _ => None,
    };
    let digest = digest.ok_or(Problem::NotFound)?;
    let bytes = ask.read(|look| look.blob(&digest))?.ok_or(Problem::NotFound)?;
    if ask.query.find("show").is_some() {
        return Ok(Reply::of(200, Content::File { media: "text/plain; charset=utf-8", name: None, bytes }));
    }
    let (media, ending) =
        if what == "wire" { ("application/octet-stream", "mime") } else { ("application/xml", "xml") };
    Ok(Reply::file(media, format!("{}-{what}.{ending}", case.key()), bytes))
}
