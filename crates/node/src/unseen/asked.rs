//! A partner's question, evaluated under the key of the edition it asks, as long as that edition is published to it.

use blind::{Point, reorder};
use customs::assistance::quota::AskedStage;
use customs::assistance::unseen::{
    MatchAnswer, MatchAsked, MatchAskedAct, MatchSet, MatchSetStage, POINT_BYTES, QUESTION_MAX, Wants,
};
use kernel::{CaseId, Digest, Procedure as _, Refusal};
use store::{CaseRow, Failure, Look};

use super::bytes::{self, Expected};
use super::cores::workers;
use super::{Calculation, Hidden, Stop, laid, read, told};
use crate::act::plain;

pub(super) fn calculate(
    look: &dyn Look,
    hidden: &Hidden,
    row: &CaseRow,
) -> Result<Option<Calculation>, Failure> {
    let Some(asked) = read::<MatchAsked>(row).filter(|asked| asked.stage() == Some(AskedStage::Answering))
    else {
        return Ok(None);
    };
    told(answered(look, hidden, (row, &asked)), |refusal| MatchAskedAct::HoldBack { refusal })
}

fn answered(
    look: &dyn Look,
    hidden: &Hidden,
    (row, asked): (&CaseRow, &MatchAsked),
) -> Result<Calculation, Stop> {
    let question = asked.question();
    let ours = look.case(&CaseId::of(MatchSet::NAME, &question.set))?;
    let stands = ours.as_ref().and_then(read::<MatchSet>).is_some_and(|set| {
        set.stage() == Some(MatchSetStage::Published)
            && set.partner().as_str() == row.summary.partner
            && set.wants() == question.what()
    });
    if !stands {
        return Err(Refusal::new("set-not-published", question.set.clone()).into());
    }
    let expected = Expected { count: question.asked(), element: POINT_BYTES, most: QUESTION_MAX };
    let blinded = bytes::named(look, (&question.blinded, asked.item().cloned()), expected)?;
    evaluated(hidden, (row.id.key(), asked), &blinded)
}

fn evaluated(
    hidden: &Hidden,
    (reference, asked): (&str, &MatchAsked),
    bytes: &[u8],
) -> Result<Calculation, Stop> {
    let (question, blinded): (_, &[Point]) = (asked.question(), bytes.as_chunks().0);
    let mut files = Vec::new();
    let mut answer = MatchAnswer {
        reference: reference.to_owned(),
        question: question.reference.clone(),
        ..MatchAnswer::default()
    };
    match question.what() {
        Wants::Which => {
            let nonce = nonce(reference, bytes);
            let said = hidden.key(&question.set)?.answer(blinded, nonce, workers())?;
            answer.evaluated = laid(&mut files, "evaluated", said.evaluated.into_flattened());
            answer.proofs = laid(&mut files, "proofs", said.proofs.concat());
        }
        Wants::HowMany => {
            let said = reorder(&hidden.count_key(&question.set), blinded, workers())?;
            answer.reordered = laid(&mut files, "reordered", said.0.into_flattened());
        }
    }
    Ok(Calculation { act: plain(&MatchAskedAct::Answer { answer: Box::new(answer) }), files })
}

/// What keeps the proofs of two questions apart: it follows from the question, the same again after a restart.
fn nonce(reference: &str, blinded: &[u8]) -> u64 {
    let drawn = Digest::of(format!("{reference}\n{}", Digest::of(blinded)).as_bytes());
    let [first, ..] = drawn.as_bytes().as_chunks::<8>().0 else { return 0 };
    u64::from_be_bytes(*first)
}
