//! One member of the ring: its cases, books and reminders in memory, moved by the real desks.

use std::collections::BTreeMap;

use customs::agreement::{Document, ReceivedAct, Released, release};
use customs::desks::desk;
use jiff::Timestamp;
use kernel::book::Shelf;
use kernel::{Actor, CaseId, Digest, Effect, Facts, NodeId, Role, State};
use serde_json::Value;

/// One administration.
pub(crate) struct Party {
    pub(crate) id: NodeId,
    pub(crate) cases: BTreeMap<CaseId, State>,
    pub(crate) wakes: BTreeMap<(CaseId, String), (Timestamp, Value)>,
    pub(crate) shelf: Shelf,
    /// What is to go out since last asked.
    pub(crate) outbox: Vec<Letter>,
}

/// A document released and on its way.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) from: NodeId,
    pub(crate) to: NodeId,
    pub(crate) kind: String,
    pub(crate) content: Value,
    pub(crate) waits: Vec<u32>,
}

impl Party {
    pub(crate) fn new(id: &str) -> Self {
        Self {
            id: NodeId::new(id),
            cases: BTreeMap::new(),
            wakes: BTreeMap::new(),
            shelf: Shelf::default(),
            outbox: Vec::new(),
        }
    }

    /// Somebody acts; what follows is carried out at once. A refusal changes nothing.
    pub(crate) fn act(&mut self, case: &CaseId, act: &Value, role: &Role, now: Timestamp) {
        let actor = Actor::new("somebody", role.clone());
        let taken = {
            let facts = Facts { now, actor: &actor, case, books: &self.shelf };
            desk(case.desk()).map(|desk| desk.take(self.cases.get(case), &act.clone().into(), &facts))
        };
        let Some(Ok(taken)) = taken else { return };
        if taken.events.is_empty() {
            return;
        }
        self.cases.insert(case.clone(), taken.state);
        for effect in taken.effects {
            self.carry(case, effect, now);
        }
    }

    fn carry(&mut self, case: &CaseId, effect: Effect, now: Timestamp) {
        match effect {
            Effect::Act { case, act } => self.act(&case, &act, &Role::NODE, now),
            Effect::Wake { name, at, act } => {
                self.wakes.insert((case.clone(), name.into_owned()), (at, act));
            }
            Effect::Rest { name } => {
                self.wakes.remove(&(case.clone(), name.into_owned()));
            }
            Effect::Publish { edition } => self.shelf.publish(&edition),
            Effect::Send { to, kind, document, .. } => {
                let day = jiff::tz::TimeZone::UTC.to_datetime(now).date();
                let released = Document::read(&kind, document)
                    .and_then(|document| release(&self.shelf, &self.id, &to, day, &document));
                self.outbox.extend(released.ok().map(|released| letter(&self.id, &to, &released)));
            }
            Effect::Post { .. } | Effect::Admit { .. } => {}
        }
    }

    /// A letter arrives: it is let in by a live term, read, and what follows is carried out.
    pub(crate) fn receive(&mut self, letter: &Letter, now: Timestamp) {
        let bytes = serde_json::to_vec(&letter.content).expect("a document is plain data");
        let digest = Digest::of(&bytes);
        let case = CaseId::of("received", format_args!("{}-{}-{}", letter.from, letter.kind, digest.short()));
        let arrival = customs::agreement::Arrival {
            from: letter.from.clone(),
            to: letter.to.clone(),
            kind: letter.kind.clone(),
            message_id: digest.short(),
            wire: digest,
            payload: digest,
        };
        let Ok(document) = Document::read(&letter.kind, letter.content.clone()) else { return };
        let arrive = ReceivedAct::Arrive { arrival: Box::new(arrival) };
        let read = ReceivedAct::Read { document: Some(document.into()), findings: kernel::Findings::new() };
        for act in [arrive, read] {
            let act = serde_json::to_value(&act).expect("an act is plain data");
            self.act(&case, &act, &Role::NODE, now);
        }
    }

    /// The next reminder, if any.
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        self.wakes.values().map(|(at, _)| *at).min()
    }

    /// Everything that is due.
    pub(crate) fn wake(&mut self, now: Timestamp) {
        let due: Vec<_> =
            self.wakes.iter().filter(|(_, (at, _))| *at <= now).map(|(key, _)| key.clone()).collect();
        for key in due {
            if let Some((_, act)) = self.wakes.remove(&key) {
                self.act(&key.0, &act, &Role::NODE, now);
            }
        }
    }
}

fn letter(from: &NodeId, to: &NodeId, released: &Released) -> Letter {
    Letter {
        from: from.clone(),
        to: to.clone(),
        kind: released.document().kind().to_owned(),
        content: released.document().content(),
        waits: released.admission().term.delivery.waits.iter().map(|wait| wait.as_seconds()).collect(),
    }
}
