//! Work by the clock: cases that are to be woken.

use jiff::Timestamp;
use kernel::{ActId, Actor, CaseId};
use serde_json::Value;
use store::{Change, Failure, Work};

use crate::act::{Turn, Wanted};

/// The sort of work that wakes a case.
pub(crate) const WAKE: &str = "wake";

/// The key of a case's reminder of this name.
pub(crate) fn wake_key(case: &CaseId, name: &str) -> String {
    format!("{WAKE}/{case}/{name}")
}

/// A reminder whose moment has come.
#[derive(Clone, Debug)]
pub(crate) struct Reminder {
    pub(crate) id: ActId,
    pub(crate) case: CaseId,
    pub(crate) act: Value,
}

/// Takes a reminder out of the store; nothing where it was put off or withdrawn since somebody looked at the clock.
pub(crate) fn claim(change: &mut dyn Change, key: &str, now: Timestamp) -> Result<Option<Reminder>, Failure> {
    let Some(work) = change.work(key)?.filter(|work| work.at <= now && work.sort == WAKE) else {
        return Ok(None);
    };
    change.drop_work(key)?;
    Ok(reminder(&work))
}

impl Turn<'_> {
    /// Takes the reminder's act. A refusal is told and nothing more: the case has moved on.
    pub(crate) fn wake(&mut self, reminder: Reminder) -> Result<(), Failure> {
        let Reminder { id, case, act } = reminder;
        let actor = Actor::node(self.world.us.as_str());
        let wanted = Wanted { actor, id, case, act, blobs: Vec::new() };
        let answer = self.run(&wanted)?;
        if let Err(refusal) = answer {
            self.decline(&wanted, refusal);
        }
        Ok(())
    }
}

/// The act id names the moment too, so that a reminder that is put in again under its name is another act.
fn reminder(work: &Work) -> Option<Reminder> {
    let case = CaseId::new(work.body.get("case")?.as_str()?);
    let act = work.body.get("act")?.clone();
    Some(Reminder { id: ActId::new(format!("{}@{}", work.key, work.at)), case, act })
}
