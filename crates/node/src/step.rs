//! The synchronous heart: one input, one answer, all or nothing. Time comes in, work goes out; nothing is drawn by lot.

use customs::agreement::SentAct;
use jiff::Timestamp;
use kernel::{ActId, AnyAct, CaseId, Digest};
use serde::Deserialize as _;
use store::{Change, Failure};

use crate::act::{Turn, Wanted};
use crate::dispatch::{Posting, send_key, ticket_key};
use crate::input::{Input, Outcome, Outputs, Retry};
use crate::timers;
use crate::transport::Transport;
use crate::world::World;

/// Works off one input within the caller's transaction. What it returns may be told to anybody only after that
/// transaction is committed.
///
/// # Errors
/// Where the store fails or the input cannot be kept. The caller must then undo the transaction (or the mark set before)
/// and have [`World::fall_back`] follow it.
pub fn step(
    change: &mut dyn Change,
    world: &mut World,
    transport: &dyn Transport,
    now: Timestamp,
    input: &Input,
) -> Result<(Outcome, Outputs), Failure> {
    match input {
        Input::Wake { key } => wake(change, world, transport, now, key),
        other => {
            let root = root(other, change.size()?);
            let mut turn = Turn::new(change, world, transport, now, root);
            let outcome = turn.work_off(other)?;
            Ok((outcome, turn.outputs))
        }
    }
}

fn wake(
    change: &mut dyn Change,
    world: &mut World,
    transport: &dyn Transport,
    now: Timestamp,
    key: &str,
) -> Result<(Outcome, Outputs), Failure> {
    let Some(work) = timers::claim(change, key, now)? else {
        return Ok((Outcome::Done, Outputs::default()));
    };
    let root = named("wake", key, change.size()?);
    let mut turn = Turn::new(change, world, transport, now, root);
    turn.wake(&work)?;
    Ok((Outcome::Done, turn.outputs))
}

impl Turn<'_> {
    fn work_off(&mut self, input: &Input) -> Result<Outcome, Failure> {
        match input {
            Input::Act { actor, id, case, act } => {
                let (actor, id, case, act) = (actor.clone(), id.clone(), case.clone(), act.clone().into());
                self.run(Wanted { actor, id, case, act, blobs: Vec::new() }).map(Outcome::Act)
            }
            Input::ActWith { actor, id, case, act, files } => {
                let (actor, id, case, act) = (actor.clone(), id.clone(), case.clone(), act.clone().into());
                self.run_with(Wanted { actor, id, case, act, blobs: Vec::new() }, files).map(Outcome::Act)
            }
            Input::Import { actor, batch } => self.import(actor, batch).map(Outcome::Import),
            Input::Deliver(delivery) => self.deliver(delivery).map(Outcome::Deliver),
            Input::Answer { from, message_id, bytes } => {
                self.answer(from.as_str(), message_id, bytes).map(Outcome::Answer)
            }
            Input::Packed { key, wire, digests } => self.packed(key, wire, digests),
            Input::NotPacked { key } => self.not_packed(key),
            Input::Receipt { case, bytes } => self.receipted(case, bytes),
            Input::Tracked { case, ticket, state, again } => self.tracked(case, ticket, state, *again),
            Input::Undelivered { case, code, retry } => self.undelivered(case, code, *retry),
            Input::Calculated { key, case, act, files } => {
                self.change.drop_work(key)?;
                if let Some(act) = act {
                    self.take_own_with(case, act.clone(), files)?;
                }
                Ok(Outcome::Done)
            }
            Input::Keep { key, value } => {
                self.change.keep(key, value.as_deref())?;
                Ok(Outcome::Done)
            }
            Input::Wake { .. } => Ok(Outcome::Done),
        }
    }

    /// Keeps the answer to a message, unless it has one: then that one counts.
    fn answer(&mut self, from: &str, message_id: &str, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let known = self.change.message(from, message_id)?.and_then(|state| state.answer);
        if let Some(digest) = known {
            let missing = || Failure::Damaged { place: format!("blob {digest}"), what: "missing".into() };
            return self.change.blob(&digest)?.ok_or_else(missing);
        }
        let digest = self.change.keep_blob(bytes)?;
        self.change.accept(from, message_id, Some(&digest))?;
        Ok(bytes.to_vec())
    }

    fn receipted(&mut self, case: &CaseId, bytes: &[u8]) -> Result<Outcome, Failure> {
        self.change.drop_work(&send_key(case))?;
        self.change.keep(&ticket_key(case), None)?;
        self.pass_on(case)?;
        let digest = self.change.keep_blob(bytes)?;
        self.take_own(case, AnyAct::of(SentAct::Receipt { digest }), vec![digest])?;
        Ok(Outcome::Done)
    }

    /// Remembers the number a centre gave an item, and has it asked again. Waiting there uses up none of the tries.
    fn tracked(
        &mut self,
        case: &CaseId,
        ticket: &str,
        state: &str,
        again: Timestamp,
    ) -> Result<Outcome, Failure> {
        let Some(mut work) = self.change.work(&send_key(case))? else { return Ok(Outcome::Done) };
        self.change.keep(&ticket_key(case), Some(ticket.as_bytes()))?;
        work.at = again;
        self.put_work(work)?;
        let act = SentAct::Track { ticket: ticket.to_owned(), state: state.to_owned() };
        self.take_own(case, AnyAct::of(act), Vec::new())?;
        Ok(Outcome::Done)
    }

    /// Puts the next try in by the term's schedule; where none is left, the item failed.
    fn undelivered(&mut self, case: &CaseId, code: &str, retry: Retry) -> Result<Outcome, Failure> {
        let Some(work) = self.change.work(&send_key(case))? else { return Ok(Outcome::Done) };
        let attempts = work.attempts + 1;
        let posting = Posting::deserialize(&work.body).ok();
        let next = posting.as_ref().filter(|_| retry == Retry::MayHelp);
        let wait = next.and_then(|posting| posting.schedule.wait(attempts));
        if let (Some(posting), Some(wait)) = (next, wait) {
            self.put_posting(posting, wait.after(self.now), attempts)?;
        } else {
            self.change.drop_work(&work.key)?;
            self.change.keep(&ticket_key(case), None)?;
            self.pass_on(case)?;
            self.take_own(case, AnyAct::of(SentAct::Fail { code: code.to_owned() }), Vec::new())?;
        }
        Ok(Outcome::Done)
    }
}

/// What names the acts that follow from an input: its own act's id, or what came and how long the record was then. No two
/// inputs that record anything begin at the same length, so no two name their acts alike.
fn root(input: &Input, size: u64) -> ActId {
    match input {
        Input::Act { id, .. } | Input::ActWith { id, .. } => id.clone(),
        Input::Import { batch, .. } => named("import", &batch.digest().to_string(), size),
        Input::Deliver(one) => named("in", &format!("{}\n{}", one.from, one.message_id), size),
        Input::Answer { message_id, .. } => named("answer", message_id, size),
        Input::Receipt { case, .. } => named("receipt", case.as_str(), size),
        Input::Packed { key, .. } => named("packed", key, size),
        Input::NotPacked { key } => named("not-packed", key, size),
        Input::Tracked { case, .. } => named("tracked", case.as_str(), size),
        Input::Undelivered { case, .. } => named("undelivered", case.as_str(), size),
        Input::Wake { key } => named("wake", key, size),
        Input::Calculated { key, .. } => named("calculated", key, size),
        Input::Keep { key, .. } => named("keep", key, size),
    }
}

/// An id of bounded length, whatever it is about.
fn named(what: &str, about: &str, size: u64) -> ActId {
    ActId::new(format!("{what}/{}@{size}", Digest::of(about.as_bytes()).short()))
}
