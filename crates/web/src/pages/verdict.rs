//! The findings of a consignment as cards: one sentence, the explanations that were tried, and the verdict in two clicks.

use customs::declaration::Declaration;
use customs::gate::{Consignment, Difference, Explained, Proposed, REASONS, Stake, next_steps};
use kernel::CaseId;
use serde::Deserialize;
use store::{CaseRow, Failure, Look};

use super::acts::FormSeed;
use super::consignment::offered;
use super::sentences;
use super::standing::Standing;
use crate::ask::Ask;
use crate::fields::path_of;
use crate::frame::Frame;

/// One finding.
#[derive(Debug)]
pub(super) struct Card {
    /// Names it on its page.
    pub mark: String,
    /// Its case.
    pub case: String,
    /// The form that warns a partner because of it; empty for those who warn nobody.
    pub warn: String,
    /// Its record.
    pub record: String,
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// Where: `line 2`, or empty for the whole declaration.
    pub line: String,
    /// How it stands.
    pub standing: Standing,
    /// One sentence.
    pub sentence: String,
    /// Money at stake; empty where it cannot be counted.
    pub stake: String,
    /// Duty and tax in question: `duty 4,000 USD, tax 1,000 USD`; empty where no rate is loaded.
    pub levied: String,
    /// The rates used; empty where none are loaded.
    pub basis: String,
    /// What usually helps next.
    pub next: Vec<String>,
    /// By when a decision costs nothing yet; empty where the goods are here.
    pub before: String,
    /// The explanations that were tried.
    pub tried: Vec<Tried>,
    /// What inspection found; empty before.
    pub inspection: String,
    /// What was concluded; empty before.
    pub verdict: String,
    /// Whether and where the giver heard of it; empty before.
    pub told: String,
    /// The form to have the goods looked at.
    pub inspect: Option<FormSeed>,
    /// The form for what was found in them.
    pub result: Option<FormSeed>,
    /// The forms of a second person, to agree with a verdict or not.
    pub second: Option<(FormSeed, FormSeed)>,
    /// The form to conclude.
    pub decide: Option<FormSeed>,
    /// The verdicts with their reasons, in the order of their digit keys.
    pub choices: Vec<Choice>,
}

/// An explanation that was tried.
#[derive(Debug)]
pub(super) struct Tried {
    /// Whether it holds.
    pub standing: Standing,
    /// What it says.
    pub sentence: String,
}

/// A verdict and its reasons.
#[derive(Debug)]
pub(super) struct Choice {
    /// Its digit key.
    pub digit: usize,
    /// Its code.
    pub code: &'static str,
    /// Its word.
    pub word: String,
    /// Its reasons, each with its digit key, code and word.
    pub reasons: Vec<(usize, &'static str, String)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    difference: Option<Difference>,
    inspection: Option<String>,
    verdict: Option<String>,
    reason: String,
    note: String,
    told: Option<CaseId>,
    proposed: Option<Proposed>,
}

/// The findings of a consignment, open ones first, then the heaviest.
///
/// # Errors
/// What the store says.
pub(super) fn cards(
    ask: &Ask,
    frame: &Frame,
    look: &dyn Look,
    held: &Consignment,
) -> Result<Vec<Card>, Failure> {
    let mut rows = Vec::new();
    for case in held.findings() {
        rows.extend(look.case(case)?);
    }
    rows.sort_by_key(|row| (row.summary.closed, std::cmp::Reverse(row.summary.severity)));
    let ours = held.declaration().cloned().unwrap_or_default();
    Ok(rows.iter().filter_map(|row| card(ask, frame, row, &ours)).collect())
}

fn card(ask: &Ask, frame: &Frame, row: &CaseRow, ours: &Declaration) -> Option<Card> {
    let shown = Shown::deserialize(&row.summary.shown).ok()?;
    let difference = shown.difference.as_ref()?;
    let partner = frame.word("country", &row.summary.partner);
    let form = |act: &str| offered(ask, row, act).then(|| FormSeed::on(frame, &row.id));
    let line = difference.item_no;
    let stake = difference.at_stake.as_ref();
    Some(Card {
        mark: super::arrivals::mark(row),
        case: row.id.to_string(),
        warn: super::warn::link(ask, frame, (row, difference), ours),
        record: format!("/record/{}", path_of(row.id.as_str())),
        code: difference.code.clone(),
        title: frame.word("finding", &difference.code),
        line: if line > 0 { frame.say("finding.line", "line", &line.to_string()) } else { String::new() },
        standing: Standing::of(frame, "finding", &row.summary.stage),
        sentence: sentences::difference(frame, &partner, difference),
        stake: stake.map_or_else(String::new, |stake| sentences::money(frame, stake)),
        levied: difference.stake.as_ref().map_or_else(String::new, |stake| levied(frame, stake)),
        basis: difference.stake.as_ref().map_or_else(String::new, |stake| stake.basis.clone()),
        next: if row.summary.closed {
            Vec::new()
        } else {
            next_steps(&difference.code).iter().map(|step| frame.word("next-step", step)).collect()
        },
        before: before(frame, row),
        tried: difference.explanations.iter().map(|explanation| tried(frame, explanation)).collect(),
        inspection: shown.inspection.clone().unwrap_or_default(),
        verdict: concluded(frame, &shown),
        told: shown
            .told
            .as_ref()
            .map_or_else(String::new, |case| format!("/items/{}", path_of(case.as_str()))),
        inspect: form("inspect"),
        result: form("record-result"),
        second: form("confirm").zip(form("object")),
        decide: form("decide"),
        choices: choices(frame),
    })
}

/// Duty and tax in question, each with its name.
fn levied(frame: &Frame, stake: &Stake) -> String {
    let duty = format!("{} {}", frame.t("stake.duty"), sentences::money(frame, &stake.duty));
    let tax =
        stake.tax.as_ref().map(|tax| format!("{} {}", frame.t("stake.tax"), sentences::money(frame, tax)));
    std::iter::once(duty).chain(tax).collect::<Vec<_>>().join(", ")
}

/// By when a decision costs nothing yet, as a sentence.
fn before(frame: &Frame, row: &CaseRow) -> String {
    let Some(due) = row.summary.due else { return String::new() };
    if due < frame.moments.now {
        return frame.t("stake.arrived").to_owned();
    }
    frame.say("stake.decide-before", "day", &format!("{} · {}", frame.short(&due), frame.moments.until(due)))
}

fn tried(frame: &Frame, explanation: &customs::gate::Explanation) -> Tried {
    let (tone, sign, key) = match explanation.holds {
        Explained::Yes => ("good", "check", "explained.yes"),
        Explained::No => ("bad", "cross", "explained.no"),
        Explained::CannotTell => ("calm", "question", "explained.cannot-tell"),
    };
    let standing = Standing { tone, sign, word: frame.t(key).to_owned() };
    Tried { standing, sentence: sentences::explanation(frame, explanation) }
}

fn concluded(frame: &Frame, shown: &Shown) -> String {
    let parts = match (&shown.verdict, &shown.proposed) {
        (Some(verdict), _) => {
            vec![
                frame.word("verdict", verdict),
                frame.word("verdict-reason", &shown.reason),
                shown.note.clone(),
            ]
        }
        (None, Some(proposed)) => vec![
            frame.word("verdict", proposed.verdict.code()),
            frame.word("verdict-reason", &proposed.reason),
            proposed.note.clone(),
            frame.say("finding.proposed-by", "by", &proposed.by),
        ],
        (None, None) => Vec::new(),
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn choices(frame: &Frame) -> Vec<Choice> {
    let choice = |(place, (verdict, reasons)): (usize, &(customs::terms::Verdict, &[&'static str]))| Choice {
        digit: place + 1,
        code: verdict.code(),
        word: frame.word("verdict", verdict.code()),
        reasons: reasons
            .iter()
            .enumerate()
            .map(|(place, code)| (place + 1, *code, frame.word("verdict-reason", code)))
            .collect(),
    };
    REASONS.iter().enumerate().map(choice).collect()
}
