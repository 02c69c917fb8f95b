//! A question of ours, calculated: its file read, its values blinded for a partner's set, the answer opened.

use blind::{Blinding, Evaluated, Fault, Point, Public, Published, SizeQuestion};
use customs::assistance::unseen::{
    Beside, Found, HITS_SHOWN, MatchQuestion, MatchQuestionAct, MatchQuestionPaper, MatchQuestionStage,
    MatchSet, POINT_BYTES, PROOF_BYTES, QUESTION_MAX, TAG_BYTES, Wants,
};
use kernel::{Attachment, CaseId, Procedure as _, Refusal};
use store::{CaseRow, Failure, Look, Order, Query};

use super::bytes::{self, Expected, unhex};
use super::cores::workers;
use super::own::{Own, Source};
use super::{Calculation, Hidden, Stop, laid, read, told};
use crate::act::plain;

pub(super) fn calculate(
    look: &dyn Look,
    hidden: &Hidden,
    row: &CaseRow,
) -> Result<Option<Calculation>, Failure> {
    let Some(question) = read::<MatchQuestion>(row) else { return Ok(None) };
    let asked = Asked { look, hidden, case: &row.id, question: &question };
    let calculated = match question.stage() {
        Some(MatchQuestionStage::Reading) => asked.tallied(),
        Some(MatchQuestionStage::Blinding) => asked.blinded(),
        Some(MatchQuestionStage::Opening) => asked.opened(),
        _ => return Ok(None),
    };
    told(calculated, |refusal| MatchQuestionAct::HoldBack { refusal })
}

/// A question with what it takes to calculate it.
struct Asked<'a> {
    look: &'a dyn Look,
    hidden: &'a Hidden,
    case: &'a CaseId,
    question: &'a MatchQuestion,
}

impl Asked<'_> {
    /// Its own values.
    fn own(&self) -> Result<Own, Stop> {
        let asking = self.question.asking().ok_or_else(|| Refusal::new("contents-missing", "values"))?;
        let (typed, file) = (asking.values.as_slice(), asking.file.as_ref());
        let source = Source { case: self.case, kind: asking.kind, typed, file, most: QUESTION_MAX };
        Own::read(self.look, source)
    }

    fn wants(&self) -> Wants {
        self.question.asking().map_or(Wants::Which, |asking| asking.wants)
    }

    /// How many values it has, once its file is read.
    fn tallied(&self) -> Result<Calculation, Stop> {
        let values = self.own()?.forms.len() as u64;
        Ok(Calculation::plain(&MatchQuestionAct::Tally { values }))
    }

    /// It blinded for the newest set of its kind that its partner published.
    fn blinded(&self) -> Result<Calculation, Stop> {
        let asking = self.question.asking().ok_or_else(|| Refusal::new("contents-missing", "values"))?;
        let (set, held) = self.newest_set()?;
        // What could not be opened is not asked.
        bytes::stand(self.look, beside(&held), expected(&held))?;
        let points = self.points(&self.own()?)?;
        let mut files = Vec::new();
        let paper = MatchQuestionPaper {
            reference: self.case.key().to_owned(),
            set: held.paper().reference.clone(),
            purpose: Some(asking.purpose),
            wants: Some(asking.wants),
            blinded: laid(&mut files, "blinded", points.into_flattened()),
        };
        let act = MatchQuestionAct::Dispatch { set, question: Box::new(paper) };
        Ok(Calculation { act: plain(&act), files })
    }

    fn newest_set(&self) -> Result<(CaseId, std::sync::Arc<MatchSet>), Stop> {
        let asking = self.question.asking().ok_or_else(|| Refusal::new("contents-missing", "values"))?;
        let query = Query {
            desk: Some(MatchSet::NAME.into()),
            stages: vec!["held".into()],
            partner: Some(asking.partner.to_string()),
            reference: Some(("kind".into(), format!("{} {}", asking.kind.code(), asking.wants.code()))),
            order: Order::Newest,
            limit: 1,
            ..Query::default()
        };
        let held = self.look.cases(&query)?.rows.pop();
        let set = held.and_then(|row| read::<MatchSet>(&row).map(|set| (row.id, set)));
        Ok(set.ok_or_else(|| {
            let missing = Refusal::new("set-missing", format!("{} {}", asking.partner, asking.kind.code()));
            missing.remedy(asking.partner.as_str())
        })?)
    }

    fn points(&self, own: &Own) -> Result<Vec<Point>, Fault> {
        let values: Vec<&str> = own.forms.iter().collect();
        match self.wants() {
            Wants::Which => self.blinding(&values).points(),
            Wants::HowMany => self.count(values.len()).points(&values, workers()),
        }
    }

    /// The question as `blind` has it; the same each time it is made.
    fn blinding<'v>(&self, values: &'v [&'v str]) -> Blinding<'v, &'v str> {
        Blinding::new(values, self.hidden.secret(&format!("question {}", self.case)), workers())
    }

    fn count(&self, values: usize) -> SizeQuestion {
        SizeQuestion::of(&self.hidden.secret(&format!("count question {}", self.case)), values)
    }

    /// Which or how many of our own values are in the partner's set.
    fn opened(&self) -> Result<Calculation, Stop> {
        let missing = || Refusal::new("set-missing", self.case.as_str());
        let held = self.question.set().map(|set| self.look.case(set)).transpose()?.flatten();
        let set = held.as_ref().and_then(read::<MatchSet>).ok_or_else(missing)?;
        match self.wants() {
            Wants::Which => {
                let own = self.own()?;
                let places = self.hits(&own, &set)?;
                Ok(self.told(&own, places))
            }
            Wants::HowMany => {
                let common = self.common(&set)?;
                Ok(Calculation::plain(&MatchQuestionAct::OpenCount { common }))
            }
        }
    }

    /// The places of our values that are in the set.
    fn hits(&self, own: &Own, set: &MatchSet) -> Result<Vec<usize>, Stop> {
        let answer = self.question.answer().ok_or_else(|| Refusal::new("contents-missing", "answer"))?;
        let asked = own.forms.len() as u64;
        let evaluated = self.answered(&answer.evaluated, points(asked))?;
        let proofs = self.answered(&answer.proofs, proofs(asked))?;
        let public = Public(point(&set.paper().public)?);
        let evaluated = Evaluated { points: evaluated.as_chunks().0, proofs: chunks(&proofs) };
        let values: Vec<&str> = own.forms.iter().collect();
        let tags = self.blinding(&values).open(evaluated, &public)?;
        let held = Published::from_bytes(&bytes::named(self.look, beside(set), expected(set))?);
        let held = held.ok_or(Fault::Length)?;
        Ok(tags.iter().enumerate().filter(|(_, tag)| held.holds(tag)).map(|(place, _)| place).collect())
    }

    /// How many of our values are in the set; which, the answer does not say.
    fn common(&self, set: &MatchSet) -> Result<u64, Stop> {
        let answer = self.question.answer().ok_or_else(|| Refusal::new("contents-missing", "answer"))?;
        let asked = self.question.asked();
        let reordered = self.answered(&answer.reordered, points(asked))?;
        let held = bytes::named(self.look, beside(set), expected(set))?;
        let mut held: Vec<Point> = held.as_chunks().0.to_vec();
        // Sorted as it came; where it did not, that is the partner's fault and no reason to miscount.
        held.sort_unstable();
        let count = self.count(usize::try_from(asked).map_err(|_| Fault::Length)?);
        Ok(count.open(reordered.as_chunks().0, &held, workers())?)
    }

    fn answered(&self, beside: &Beside, expected: Expected) -> Result<Vec<u8>, Stop> {
        bytes::named(self.look, (beside, self.question.item()), expected)
    }

    /// Few of typed values are told by their places, all others as a file.
    fn told(&self, own: &Own, places: Vec<usize>) -> Calculation {
        let typed = self.question.asking().is_some_and(|asking| asking.file.is_none());
        if typed && places.len() <= HITS_SHOWN {
            return Calculation::plain(&MatchQuestionAct::Open { hits: places, found: None });
        }
        let words =
            |places: &[usize]| -> Vec<&str> { places.iter().map(|place| own.words.at(*place)).collect() };
        let text = words(&places).iter().fold(String::new(), |text, word| text + word + "\n");
        let file = Attachment::of("held-by-both.txt", "text/plain", text.as_bytes());
        let first = words(&places[..places.len().min(HITS_SHOWN)]);
        let found = Found {
            common: places.len() as u64,
            first: first.into_iter().map(str::to_owned).collect(),
            file,
        };
        let act = MatchQuestionAct::Open { hits: Vec::new(), found: Some(Box::new(found)) };
        Calculation { act: plain(&act), files: vec![text.into_bytes()] }
    }
}

/// The bytes of a partner's set, and the item they came in.
fn beside(set: &MatchSet) -> (&Beside, Option<CaseId>) {
    let paper = set.paper();
    let bytes = match set.wants() {
        Wants::Which => &paper.tags,
        Wants::HowMany => &paper.points,
    };
    (bytes, set.item())
}

fn expected(set: &MatchSet) -> Expected {
    let element = match set.wants() {
        Wants::Which => TAG_BYTES,
        Wants::HowMany => POINT_BYTES,
    };
    Expected { count: set.paper().size, element, most: set.wants().set_max() }
}

const fn points(asked: u64) -> Expected {
    Expected { count: asked, element: POINT_BYTES, most: QUESTION_MAX }
}

fn proofs(asked: u64) -> Expected {
    let batches = asked.div_ceil(blind::BATCH as u64);
    Expected { count: batches, element: PROOF_BYTES, most: QUESTION_MAX.div_ceil(blind::BATCH as u64) }
}

fn chunks(bytes: &[u8]) -> &[[u8; blind::PROOF_BYTES]] {
    bytes.as_chunks().0
}

fn point(text: &str) -> Result<Point, Fault> {
    unhex(text).and_then(|bytes| Point::try_from(bytes).ok()).ok_or(Fault::Point)
}

// Tags are sorted by their bytes, so that their order says nothing; their length is the library's.
const _: () = assert!(blind::TAG_BYTES as u64 == TAG_BYTES, "the manual says how long a tag is");
const _: () = assert!(size_of::<Point>() as u64 == POINT_BYTES, "the manual says how long a point is");
const _: () = assert!(blind::PROOF_BYTES as u64 == PROOF_BYTES, "the manual says how long a proof is");
