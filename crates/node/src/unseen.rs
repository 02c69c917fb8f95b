//! Asking without showing, calculated: sets gathered and tagged, questions blinded, evaluated, opened. It takes long, so it is work
//! of the rim's, and what came of it comes back to the heart as an act of the node's.
//!
//! Every secret is derived from one the node holds under its passphrase and from what it is for: an edition of a set has a
//! key of its own, and a question is blinded alike when the node starts again in the middle of it.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;

use aws_lc_rs::hmac;
use blind::{
    Answer, Fault, Key, Point, Public, Published, Question, Reordered, Secret, SizeQuestion, TAG_BYTES,
    publish_points, reorder,
};
use customs::assistance::quota::AskedStage;
use customs::assistance::unseen::{
    MatchAnswer, MatchAsked, MatchAskedAct, MatchQuestion, MatchQuestionAct, MatchQuestionPaper,
    MatchQuestionStage, MatchSet, MatchSetAct, MatchSetPaper, MatchSetStage, Wants, asked_form,
};
use customs::assistance::{Dossier, SubjectKind};
use customs::certificate::Certificate;
use customs::gate::Consignment;
use kernel::{CaseId, Digest, Procedure, Refusal, State};
use serde_json::Value;
use store::{CaseRow, Failure, Look, Order, Query, Work};

use crate::act::{Turn, plain};

/// The sort of work that calculates.
pub(crate) const UNSEEN: &str = "unseen";

/// What every secret of asking without showing is derived from.
#[derive(Clone)]
pub struct Hidden(hmac::Key);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden(..)")
    }
}

impl Hidden {
    /// Derives it from a secret of the node's.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        let root = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"sampan/ask-without-showing/1");
        Self(hmac::Key::new(hmac::HMAC_SHA256, root.as_ref()))
    }

    /// The secret for one use.
    fn secret(&self, of: &str) -> Secret {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hmac::sign(&self.0, of.as_bytes()).as_ref());
        Secret::new(bytes)
    }

    /// The key of an edition.
    fn key(&self, edition: &str) -> Result<Key, Fault> {
        Key::derive(&self.secret("editions"), &format!("edition {}", Digest::of(edition.as_bytes())))
    }

    /// The secret of an edition of which only how many can be asked.
    fn count_key(&self, edition: &str) -> Secret {
        self.secret(&format!("count edition {}", Digest::of(edition.as_bytes())))
    }
}

impl Turn<'_> {
    /// Puts the calculation a case waits for in as work, and takes it out once the case has moved on.
    pub(crate) fn unseen_after(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        if ![MatchSet::NAME, MatchQuestion::NAME, MatchAsked::NAME].contains(&case.desk()) {
            return Ok(());
        }
        let key = key_of(case);
        if !WAITING.contains(&state.json()["stage"].as_str().unwrap_or_default()) {
            return self.change.drop_work(&key);
        }
        let body = serde_json::json!({ "case": case });
        self.put_work(Work { key, sort: UNSEEN.into(), at: self.now, attempts: 0, body })
    }
}

/// The stages in which a case waits for its calculation.
const WAITING: [&str; 4] = ["gathering", "blinding", "opening", "answering"];

fn key_of(case: &CaseId) -> String {
    format!("{UNSEEN}/{case}")
}

/// Calculates what a case waits for: the act the node takes on it then; nothing where it waits for nothing any more.
///
/// # Errors
/// What the store says.
pub fn calculate(look: &dyn Look, hidden: &Hidden, case: &CaseId) -> Result<Option<Value>, Failure> {
    let Some(row) = look.case(case)? else { return Ok(None) };
    match case.desk() {
        MatchSet::NAME => of_set(look, hidden, &row),
        MatchQuestion::NAME => of_question(look, hidden, &row),
        MatchAsked::NAME => of_asked(look, hidden, &row),
        _ => Ok(None),
    }
}

fn read<P: Procedure>(row: &CaseRow) -> Option<Arc<P>> {
    row.state.read().ok()
}

/// A set gathered and tagged.
fn of_set(look: &dyn Look, hidden: &Hidden, row: &CaseRow) -> Result<Option<Value>, Failure> {
    let Some(set) = read::<MatchSet>(row).filter(|set| set.stage() == Some(MatchSetStage::Gathering)) else {
        return Ok(None);
    };
    let Some(kind) = set.kind() else { return Ok(None) };
    let values = if set.values().is_empty() { gathered(look, kind)? } else { named(set.values(), kind) };
    let most = set.wants().set_max();
    if values.is_empty() || values.len() > most {
        let refusal = Refusal::new("set-size", values.len().to_string()).remedy(format!("1…{most}"));
        return Ok(Some(plain(&MatchSetAct::HoldBack { refusal })));
    }
    let values: Vec<String> = values.into_iter().collect();
    let made = published(hidden, row.id.key(), (set.wants(), values.as_slice()));
    Ok(Some(match made {
        Ok(paper) => plain(&MatchSetAct::Fill { set: Box::new(MatchSetPaper { kind: Some(kind), ..paper }) }),
        Err(fault) => plain(&MatchSetAct::HoldBack { refusal: refusal(fault) }),
    }))
}

/// A set as it is published for such questions.
fn published(
    hidden: &Hidden,
    edition: &str,
    (wants, values): (Wants, &[String]),
) -> Result<MatchSetPaper, Fault> {
    let named = MatchSetPaper { reference: edition.to_owned(), ..MatchSetPaper::default() };
    match wants {
        Wants::Which => {
            let key = hidden.key(edition)?;
            let published = key.publish(values, workers());
            let (public, size) = (hex(&key.public().0), published.len() as u64);
            Ok(MatchSetPaper { public, size, tags: hex(&published.to_bytes()), ..named })
        }
        Wants::HowMany => {
            let points = publish_points(&hidden.count_key(edition), values, workers())?;
            let size = points.len() as u64;
            Ok(MatchSetPaper { size, points: points.iter().map(|point| hex(point)).collect(), ..named })
        }
    }
}

fn named(values: &[String], kind: SubjectKind) -> BTreeSet<String> {
    let nothing = asked_form(kind, "");
    values.iter().map(|value| asked_form(kind, value)).filter(|form| *form != nothing).collect()
}

/// What we hold of a kind: everything a matter names, the parties of consignments, the certificates.
fn gathered(look: &dyn Look, kind: SubjectKind) -> Result<BTreeSet<String>, Failure> {
    let mut found = BTreeSet::new();
    let code = kind.code();
    every(look, Dossier::NAME, &mut |row| {
        if row.summary.shown["kind"] == code {
            found.insert(asked_form(kind, &row.summary.title));
        }
    })?;
    match kind {
        SubjectKind::Party => every(look, Consignment::NAME, &mut |row| {
            let names = ["importer", "supplier"].map(|name| row.summary.shown[name].as_str());
            found.extend(names.into_iter().flatten().map(|name| asked_form(kind, name)));
        })?,
        SubjectKind::Certificate => every(look, Certificate::NAME, &mut |row| {
            found.insert(asked_form(kind, &row.summary.title));
        })?,
        SubjectKind::Container
        | SubjectKind::Bill
        | SubjectKind::Vehicle
        | SubjectKind::Declaration
        | SubjectKind::Goods => {}
    }
    found.remove(&asked_form(kind, ""));
    Ok(found)
}

fn every(look: &dyn Look, desk: &str, take: &mut dyn FnMut(&CaseRow)) -> Result<(), Failure> {
    let mut offset = 0;
    loop {
        let query = Query {
            desk: Some(desk.to_owned()),
            order: Order::Oldest,
            offset,
            limit: PAGE,
            ..Query::default()
        };
        let rows = look.cases(&query)?.rows;
        rows.iter().for_each(&mut *take);
        if rows.len() < PAGE as usize {
            return Ok(());
        }
        offset += u64::from(PAGE);
    }
}

fn of_question(look: &dyn Look, hidden: &Hidden, row: &CaseRow) -> Result<Option<Value>, Failure> {
    let Some(question) = read::<MatchQuestion>(row) else { return Ok(None) };
    let act = match question.stage() {
        Some(MatchQuestionStage::Blinding) => blinded(look, hidden, &row.id, &question)?,
        Some(MatchQuestionStage::Opening) => opened(look, hidden, &row.id, &question)?,
        _ => return Ok(None),
    };
    Ok(Some(plain(&act.unwrap_or_else(|refusal| MatchQuestionAct::HoldBack { refusal }))))
}

/// A question blinded for the newest set of its kind that its partner published.
fn blinded(
    look: &dyn Look,
    hidden: &Hidden,
    case: &CaseId,
    question: &MatchQuestion,
) -> Result<Result<MatchQuestionAct, Refusal>, Failure> {
    let Some(asking) = question.asking() else { return Ok(Err(Refusal::new("contents-missing", "values"))) };
    let query = Query {
        desk: Some(MatchSet::NAME.into()),
        stages: vec!["held".into()],
        partner: Some(asking.partner.to_string()),
        reference: Some(("kind".into(), format!("{} {}", asking.kind.code(), asking.wants.code()))),
        order: Order::Newest,
        limit: 1,
        ..Query::default()
    };
    let Some(held) = look.cases(&query)?.rows.pop() else {
        let missing = Refusal::new("set-missing", format!("{} {}", asking.partner, asking.kind.code()));
        return Ok(Err(missing.remedy(asking.partner.as_str())));
    };
    let Some(set) = read::<MatchSet>(&held) else {
        return Ok(Err(Refusal::new("set-missing", held.id.as_str())));
    };
    Ok(asked(hidden, case, question).map_err(refusal).map(|asked| MatchQuestionAct::Dispatch {
        set: held.id,
        question: Box::new(MatchQuestionPaper {
            reference: case.key().to_owned(),
            set: set.paper().reference.clone(),
            purpose: Some(asking.purpose),
            wants: Some(asking.wants),
            blinded: asked.blinded().iter().map(|point| hex(point)).collect(),
        }),
    }))
}

/// The question as `blind` has it; the same each time it is made.
enum Blinded {
    Which(Question<String>),
    HowMany(SizeQuestion),
}

impl Blinded {
    fn blinded(&self) -> &[Point] {
        match self {
            Self::Which(question) => question.blinded(),
            Self::HowMany(question) => question.blinded(),
        }
    }
}

fn asked(hidden: &Hidden, case: &CaseId, question: &MatchQuestion) -> Result<Blinded, Fault> {
    let forms = question.asking().map(|asking| asking.forms()).unwrap_or_default();
    match question.asking().map_or(Wants::Which, |asking| asking.wants) {
        Wants::Which => {
            Question::ask(forms, &hidden.secret(&format!("question {case}")), workers()).map(Blinded::Which)
        }
        Wants::HowMany => {
            let secret = hidden.secret(&format!("count question {case}"));
            SizeQuestion::ask(&forms, &secret, workers()).map(Blinded::HowMany)
        }
    }
}

/// Which of our own values are in the partner's set.
fn opened(
    look: &dyn Look,
    hidden: &Hidden,
    case: &CaseId,
    question: &MatchQuestion,
) -> Result<Result<MatchQuestionAct, Refusal>, Failure> {
    let held = question.set().map(|set| look.case(set)).transpose()?.flatten();
    let set = held.as_ref().and_then(read::<MatchSet>);
    let (Some(set), Some(answer)) = (set, question.answer()) else {
        return Ok(Err(Refusal::new("set-missing", case.as_str())));
    };
    let opened = asked(hidden, case, question).and_then(|asked| match asked {
        Blinded::Which(asked) => {
            hits(&asked, set.paper(), answer).map(|hits| MatchQuestionAct::Open { hits })
        }
        Blinded::HowMany(asked) => {
            common(&asked, set.paper(), answer).map(|common| MatchQuestionAct::OpenCount { common })
        }
    });
    Ok(opened.map_err(refusal))
}

/// The places of our values that are in the set.
fn hits(asked: &Question<String>, set: &MatchSetPaper, answer: &MatchAnswer) -> Result<Vec<usize>, Fault> {
    let tags = Published::from_bytes(&unhex(&set.tags).ok_or(Fault::Length)?).ok_or(Fault::Length)?;
    let public = Public(point(&set.public)?);
    let evaluated = answer.evaluated.iter().map(|text| point(text)).collect::<Result<_, _>>()?;
    let proofs =
        answer.proofs.iter().map(|text| unhex(text).ok_or(Fault::Proof)).collect::<Result<_, _>>()?;
    let own = asked.open(&Answer { evaluated, proofs }, &public, workers())?;
    Ok(own.iter().enumerate().filter(|(_, tag)| tags.holds(tag)).map(|(place, _)| place).collect())
}

/// How many of our values are in the set; which, the answer does not say.
fn common(asked: &SizeQuestion, set: &MatchSetPaper, answer: &MatchAnswer) -> Result<u64, Fault> {
    let bytes = unhex(&set.points).ok_or(Fault::Point)?;
    let (points, rest) = bytes.as_chunks::<{ size_of::<Point>() }>();
    if !rest.is_empty() {
        return Err(Fault::Length);
    }
    let points: BTreeSet<Point> = points.iter().copied().collect();
    let reordered = answer.reordered.iter().map(|text| point(text)).collect::<Result<_, _>>()?;
    asked.open(&Reordered(reordered), &points, workers())
}

/// A partner's question evaluated under the key of the edition it asks, as long as that edition is published to it.
fn of_asked(look: &dyn Look, hidden: &Hidden, row: &CaseRow) -> Result<Option<Value>, Failure> {
    let Some(asked) = read::<MatchAsked>(row).filter(|asked| asked.stage() == Some(AskedStage::Answering))
    else {
        return Ok(None);
    };
    let edition = &asked.question().set;
    let ours = look.case(&CaseId::of(MatchSet::NAME, edition))?;
    let stands = ours.as_ref().and_then(read::<MatchSet>).is_some_and(|set| {
        set.stage() == Some(MatchSetStage::Published)
            && set.partner().as_str() == row.summary.partner
            && set.wants() == asked.question().what()
    });
    let act = if stands {
        evaluated(hidden, row.id.key(), &asked).map_err(refusal)
    } else {
        Err(Refusal::new("set-not-published", edition.clone()))
    };
    Ok(Some(plain(&act.unwrap_or_else(|refusal| MatchAskedAct::HoldBack { refusal }))))
}

fn evaluated(hidden: &Hidden, reference: &str, asked: &MatchAsked) -> Result<MatchAskedAct, Fault> {
    let question = asked.question();
    let blinded = question.blinded.iter().map(|text| point(text)).collect::<Result<Vec<_>, _>>()?;
    let said = MatchAnswer {
        reference: reference.to_owned(),
        question: question.reference.clone(),
        ..MatchAnswer::default()
    };
    let points = |points: &[Point]| points.iter().map(|point| hex(point)).collect();
    let answer = match question.what() {
        Wants::Which => {
            let drawn =
                Digest::of(format!("{reference}\n{}", question.blinded.concat()).as_bytes()).to_string();
            let nonce = u64::from_str_radix(&drawn[..16], 16).unwrap_or_default();
            let answer = hidden.key(&question.set)?.answer(&blinded, nonce, workers())?;
            let proofs = answer.proofs.iter().map(|proof| hex(proof)).collect();
            MatchAnswer { evaluated: points(&answer.evaluated), proofs, ..said }
        }
        Wants::HowMany => {
            let answer = reorder(&hidden.count_key(&question.set), &blinded, workers())?;
            MatchAnswer { reordered: points(&answer.0), ..said }
        }
    };
    Ok(MatchAskedAct::Answer { answer: Box::new(answer) })
}

fn refusal(fault: Fault) -> Refusal {
    let code = match fault {
        Fault::Proof => "match-proof",
        Fault::Value | Fault::Point | Fault::Length => "match-unreadable",
        Fault::Key => "match-key",
    };
    Refusal::new(code, fault.to_string())
}

fn point(text: &str) -> Result<Point, Fault> {
    unhex(text).and_then(|bytes| Point::try_from(bytes).ok()).ok_or(Fault::Point)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| char::from(DIGITS[usize::from(half)]))
        .collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let half = |byte: u8| char::from(byte).to_digit(16).and_then(|half| u8::try_from(half).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty().then_some(())?;
    pairs.iter().map(|[high, low]| Some(half(*high)? << 4 | half(*low)?)).collect()
}

/// How many threads calculate: all but one, since the heart has one of its own.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).saturating_sub(1).max(1)
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
/// How many cases are read at once.
const PAGE: u32 = 1_000;

// Tags are sorted by their bytes, so that their order says nothing; their length is the library's.
const _: () = assert!(TAG_BYTES == 8, "the manual says how long a tag is");
