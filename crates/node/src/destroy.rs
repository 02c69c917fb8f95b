//! Destroying what a partner told: every blob that holds it goes, and what is kept of the cases is folded again from what
//! the record still has. The digests stay, with the entry that says why. Bytes that something else stands on too, under a
//! term of its own or as our own, stay for that.

use std::collections::BTreeSet;
use std::fmt;

use customs::agreement::{Admission, Destruction, DestructionAct, Gone, Order, Received};
use jiff::Timestamp;
use kernel::{AnyAct, CaseId, Digest, Entry, Happening, Procedure as _, State};
use serde_json::Value;
use store::{Failure, Look};

use crate::act::{Turn, beside, whole_event};

impl Turn<'_> {
    /// Carries a destruction out once it is ordered; once it is recorded, the bytes go.
    pub(crate) fn destroy_after(&mut self, case: &CaseId, act: &str, state: &State) -> Result<(), Failure> {
        if case.desk() != Destruction::NAME {
            return Ok(());
        }
        let Ok(destruction) = state.read::<Destruction>() else { return Ok(()) };
        match (act, destruction.order(), destruction.gone()) {
            ("order", Some(order), _) => self.carry_out(case, order),
            ("carry-out", Some(order), Some(gone)) => self.destroy(case, order, gone),
            _ => Ok(()),
        }
    }

    fn carry_out(&mut self, case: &CaseId, order: &Order) -> Result<(), Failure> {
        let Some(row) = self.change.case(&order.item)? else { return Ok(()) };
        let Ok(received) = row.state.read::<Received>() else { return Ok(()) };
        let Some(arrival) = received.arrival() else { return Ok(()) };
        let gone = Gone {
            giver: arrival.from.clone(),
            kind: arrival.kind.clone(),
            message_id: arrival.message_id.clone(),
            wire: arrival.wire,
            payload: arrival.payload,
            term: received.admission().map_or_else(String::new, Admission::cite),
            keep_until: row.summary.shown["keep_until"].as_str().and_then(|until| until.parse().ok()),
            blobs: self.told_in(order)?,
        };
        self.follow(case.clone(), AnyAct::of(DestructionAct::CarryOut { gone: Box::new(gone) }), Vec::new())
    }

    /// Every blob that holds what an item said: those it came with, and the events that speak of it.
    fn told_in(&self, order: &Order) -> Result<Vec<Digest>, Failure> {
        let mut blobs = Vec::new();
        for (_, entry) in self.change.history(&order.item)? {
            blobs.extend(entry.blobs);
        }
        for (_, entry) in self.change.history(&order.about)? {
            let Happening::Event { event, .. } = &entry.what else { continue };
            let Some(digest) = beside(event) else { continue };
            if names(&*whole_event(&*self.change, event)?, order.item.as_str()) {
                blobs.push(digest);
            }
        }
        blobs.sort_unstable();
        blobs.dedup();
        let needed = self.needed(&blobs, order)?;
        blobs.retain(|digest| !needed.contains(digest));
        Ok(blobs)
    }

    /// Which of these blobs something else stands on. Equal bytes lie under one digest, and a partner must not be able to
    /// have ours destroyed by sending them back.
    fn needed(&self, told: &[Digest], order: &Order) -> Result<BTreeSet<Digest>, Failure> {
        let (mut needed, mut start) = (BTreeSet::new(), 0);
        loop {
            let page = self.change.entry_bytes(start, ENTRIES_AT_ONCE)?;
            for bytes in &page {
                let Ok(entry) = Entry::from_bytes(bytes) else { continue };
                let blobs: Vec<Digest> =
                    entry.blobs.iter().filter(|blob| told.binary_search(blob).is_ok()).copied().collect();
                if !blobs.is_empty() && !self.is_told(&entry, told, order)? {
                    needed.extend(blobs);
                }
            }
            if page.is_empty() {
                return Ok(needed);
            }
            start += page.len() as u64;
        }
    }

    /// Whether an entry is of the item, speaks of it, or is of another item that was destroyed.
    fn is_told(&self, entry: &Entry, told: &[Digest], order: &Order) -> Result<bool, Failure> {
        let speaks = match &entry.what {
            Happening::Event { event, .. } => beside(event).is_some_and(|digest| told.contains(&digest)),
            Happening::Refused { .. } | Happening::Witnessed { .. } | Happening::Edition { .. } => false,
        };
        if speaks || entry.case == order.item {
            return Ok(true);
        }
        let other = self.change.case(&Destruction::case_of(&entry.case))?;
        Ok(other.is_some_and(|row| {
            row.state.read::<Destruction>().is_ok_and(|one| {
                one.gone().is_some() && one.order().is_some_and(|order| order.item == entry.case)
            })
        }))
    }

    fn destroy(&mut self, case: &CaseId, order: &Order, gone: &Gone) -> Result<(), Failure> {
        let entry = self.change.history(case)?.last().map_or(0, |(number, _)| *number);
        for digest in &gone.blobs {
            self.change.destroy(digest, entry)?;
        }
        for told in [&order.item, &order.about] {
            self.fold_again(told)?;
        }
        Ok(())
    }

    /// Puts a case as what the record still has of its events gives it.
    fn fold_again(&mut self, case: &CaseId) -> Result<(), Failure> {
        let (Some(row), Some(desk)) = (self.change.case(case)?, self.world.desk(case.desk())) else {
            return Ok(());
        };
        let mut events = Vec::new();
        for (_, entry) in self.change.history(case)? {
            if let Happening::Event { event, .. } = entry.what {
                events.push(whole_event(&*self.change, &event)?);
            }
        }
        let unfit = |refusal: kernel::Refusal| Failure::Unfit { what: format!("{case}: {refusal}") };
        let (state, summary) = desk.replay(&events).map_err(unfit)?;
        self.change.put_case(case, &state.into(), &summary, row.changed)
    }
}

/// Entries of the record looked at in one go.
const ENTRIES_AT_ONCE: u32 = 1_000;

/// That bytes were destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destroyed {
    /// The entry that says so.
    pub entry: u64,
    /// When.
    pub at: Timestamp,
    /// The term that no longer let them be kept.
    pub term: String,
}

impl fmt::Display for Destroyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "destroyed on {}, by term {}, as entry {} says", self.at, self.term, self.entry)
    }
}

/// When and by which term the bytes of a digest were destroyed; `None` where they were not.
///
/// # Errors
/// What the store says.
pub fn destroyed(look: &dyn Look, digest: &Digest) -> Result<Option<Destroyed>, Failure> {
    let Some(number) = look.destroyed(digest)? else { return Ok(None) };
    let Some(entry) = look.entry(number)? else { return Ok(None) };
    let term = match &entry.what {
        Happening::Event { event, .. } => event["gone"]["term"].as_str().unwrap_or_default().to_owned(),
        Happening::Refused { .. } | Happening::Witnessed { .. } | Happening::Edition { .. } => String::new(),
    };
    Ok(Some(Destroyed { entry: number, at: entry.at, term }))
}

/// Whether a value stands anywhere in this.
fn names(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value == text,
        Value::Array(values) => values.iter().any(|value| names(value, text)),
        Value::Object(values) => values.values().any(|value| names(value, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
