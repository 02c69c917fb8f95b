//! Work by the clock: cases that are to be woken, documents whose matches are to be looked at again.

use jiff::Timestamp;
use kernel::CaseId;
use link::DocId;
use serde::Deserialize as _;
use serde_json::Value;
use store::{Change, Failure, Work};

use crate::act::Turn;
use crate::dispatch::{PACK, SEND};
use crate::matching::MATCH;
use crate::selecting::RESCREEN;
use crate::unseen::UNSEEN;

/// The sort of work that wakes a case.
pub(crate) const WAKE: &str = "wake";

/// The key of a case's reminder of this name.
pub(crate) fn wake_key(case: &CaseId, name: &str) -> String {
    format!("{WAKE}/{case}/{name}")
}

/// Takes work out of the store whose moment has come; nothing where it was put off or withdrawn since somebody looked
/// at the clock. Posting is not taken out: it stays until the partner's
/// answer is there; nor is a calculation: it stays until what came of it is there.
pub(crate) fn claim(change: &mut dyn Change, key: &str, now: Timestamp) -> Result<Option<Work>, Failure> {
    let work = change
        .work(key)?
        .filter(|work| work.at <= now && ![SEND, PACK, UNSEEN].contains(&work.sort.as_str()));
    if work.is_some() {
        change.drop_work(key)?;
    }
    Ok(work)
}

impl Turn<'_> {
    /// Does what work asks for. A refusal is told and nothing more: the case has moved on.
    pub(crate) fn wake(&mut self, work: &Work) -> Result<(), Failure> {
        match work.sort.as_str() {
            WAKE => self.wake_case(work),
            MATCH => self.look_again(work),
            RESCREEN => self.rescreen(work),
            _ => Ok(()),
        }
    }

    fn wake_case(&mut self, work: &Work) -> Result<(), Failure> {
        let case = work.body.get("case").and_then(Value::as_str);
        let (Some(case), Some(act)) = (case, work.body.get("act")) else { return Ok(()) };
        self.take_own(&CaseId::new(case), act.clone(), Vec::new())
    }

    fn look_again(&mut self, work: &Work) -> Result<(), Failure> {
        let doc = work.body.get("doc").map(DocId::deserialize);
        self.affected.extend(doc.and_then(Result::ok));
        self.settle()
    }
}
