//! Effects carried out: what the heart can do itself it does in the same transaction, the rest becomes work.

use kernel::{CaseId, Digest, Edition, EditionHead, Effect, Happening, State};
use serde_json::json;
use store::{Failure, Work};

use crate::act::Turn;
use crate::library::index_operators;
use crate::timers;
use crate::world::Touched;

impl Turn<'_> {
    /// Carries out one effect of an event on a case that stands in `state` now.
    pub(crate) fn carry(&mut self, case: &CaseId, state: &State, effect: Effect) -> Result<(), Failure> {
        match effect {
            Effect::Act { case, act } => self.follow(case, act, Vec::new()),
            Effect::Wake { name, at, act } => {
                let body = json!({ "case": case, "act": act });
                let key = timers::wake_key(case, &name);
                self.put_work(Work { key, sort: timers::WAKE.into(), at, attempts: 0, body })
            }
            Effect::Rest { name } => self.change.drop_work(&timers::wake_key(case, &name)),
            Effect::Send { to, kind, document, about } => self.dispatch(&to, &kind, document, &about),
            Effect::Post { case, digest } => self.post(&case, state, digest),
            Effect::Publish { edition } => self.publish(case, &edition),
            Effect::Admit { case, digest } => self.admit_again(&case, &digest),
        }
    }

    /// Puts work in and remembers that somebody should look at the clock.
    pub(crate) fn put_work(&mut self, work: Work) -> Result<(), Failure> {
        let earlier = self.outputs.work_at.is_none_or(|at| work.at < at);
        if earlier {
            self.outputs.work_at = Some(work.at);
        }
        self.change.put_work(&work)
    }

    /// What is published in the same words as before is a publication of its own all the same: a lane stopped again, a status
    /// that came back. It gets a digest of its own, since the later of two answers.
    fn publish(&mut self, case: &CaseId, edition: &Edition) -> Result<(), Failure> {
        let mut again = None;
        if self.change.edition(&edition.head.digest)?.is_some() {
            let digest = Digest::of(format!("{}\n{}", edition.head.digest, self.change.size()?).as_bytes());
            let head = EditionHead { digest, ..edition.head.clone() };
            again = Some(Edition { head, rows: edition.rows.clone() });
        }
        let edition = again.as_ref().unwrap_or(edition);
        self.rescreen_for(edition)?;
        self.change.publish(edition)?;
        self.world.touched = Touched::Ahead;
        self.world.shelf.publish(edition);
        index_operators(&mut self.world.operators, edition);
        if edition.head.book == customs::agreement::TERMS {
            self.world.matcher.forget_tolerances();
        }
        self.select_by(&edition.head.book);
        let head = &edition.head;
        let what =
            Happening::Edition { book: head.book.clone(), edition: head.name.clone(), digest: head.digest };
        let entry = self.entry(&self.node(), case, what, &[]);
        self.append(entry).map(|_| ())
    }
}
