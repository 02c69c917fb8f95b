//! One country of the play: its cases as events on a disk, its clocks, what it has sent and what it has seen.

use std::collections::{BTreeMap, BTreeSet};

use customs::agreement::{Admission, Arrival, Arrived};
use customs::catalogue;
use customs::desks::desk;
use customs::transit::codes::{CARRIERS, Codes, codes_of_others, open_codes};
use customs::transit::guarantee::{Reason, unsent};
use jiff::{SignedDuration, Timestamp};
use kernel::book::Shelf;
use kernel::{Actor, AnyEvent, CaseId, Digest, Effect, Facts, NodeId, Refusal, State};
use serde_json::{Value, json};

/// One country.
#[derive(Debug)]
pub(super) struct Country {
    pub(super) name: NodeId,
    /// How far its clock is off.
    skew: SignedDuration,
    /// What is on its disk: the events of every case, in their order.
    disk: BTreeMap<CaseId, Vec<AnyEvent>>,
    /// What it holds in memory: the cases as they stand.
    cases: BTreeMap<CaseId, State>,
    wakes: BTreeMap<(CaseId, String), (Timestamp, Value)>,
    shelf: Shelf,
    /// Access codes in clear: in memory alone, so that a crash loses them.
    codes: Codes,
    /// Sent and not receipted: on disk, sent again until it is.
    pub(super) outbox: Vec<Letter>,
    /// Received and receipted: a letter that comes again is only receipted again.
    seen: BTreeSet<Digest>,
    /// Acts of the node's own that were refused; none may be.
    pub(super) refused: Vec<String>,
}

/// A letter on its way.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) kind: String,
    pub(super) bytes: Vec<u8>,
}

impl Letter {
    pub(super) fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }
}

/// Somebody's wish.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) who: Actor,
    pub(super) case: CaseId,
    pub(super) act: Value,
}

impl Country {
    pub(super) fn new(name: &str, skew: SignedDuration) -> Self {
        Self {
            name: NodeId::new(name),
            skew,
            disk: BTreeMap::new(),
            cases: BTreeMap::new(),
            wakes: BTreeMap::new(),
            shelf: Shelf::default(),
            codes: Codes::new(),
            outbox: Vec::new(),
            seen: BTreeSet::new(),
            refused: Vec::new(),
        }
    }

    fn clock(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.skew).unwrap_or(now)
    }

    pub(super) fn case(&self, case: &CaseId) -> Option<&State> {
        self.cases.get(case)
    }

    /// Takes an act and all that follows at home; letters go into the outbox in the same step.
    pub(super) fn act(&mut self, wish: &Wish, now: Timestamp) -> Result<(), Refusal> {
        let now = self.clock(now);
        let mut queue: Vec<(CaseId, Effect)> = self.take(&wish.who, &wish.case, &wish.act, now)?;
        let said = wish.act.get("declaration").map(|said| codes_of_others(said, &self.name));
        self.codes.extend(said.unwrap_or_default());
        queue.reverse();
        let node = Actor::node(self.name.as_str());
        while let Some((of, effect)) = queue.pop() {
            match effect {
                Effect::Act { case, act } => match self.take(&node, &case, &act, now) {
                    Ok(next) => queue.extend(next.into_iter().rev()),
                    Err(refusal) => self.refused.push(format!("{case} {act}: {refusal}")),
                },
                Effect::Wake { name, at, act } => drop(self.wakes.insert((of, name.into_owned()), (at, act))),
                Effect::Rest { name } => drop(self.wakes.remove(&(of, name.into_owned()))),
                Effect::Send { to, kind, document, .. } => {
                    let unsent = self.send(to, &kind, document);
                    queue.extend(unsent.into_iter().map(|effect| (of.clone(), effect)));
                }
                Effect::Publish { edition } => self.shelf.publish(&edition),
                Effect::Post { .. } | Effect::Admit { .. } => {}
            }
        }
        Ok(())
    }

    /// Puts a letter into the outbox; gives what follows where a code it must carry is lost.
    fn send(&mut self, to: NodeId, kind: &str, mut document: Value) -> Vec<Effect> {
        let sealed = document.clone();
        if CARRIERS.contains(&kind) && open_codes(&mut document, &self.codes).is_err() {
            return unsent(&kind.to_uppercase(), &sealed, Reason::G03);
        }
        let bytes = formats::write_paper(kind, &document);
        self.outbox.push(Letter { from: self.name.clone(), to, kind: kind.to_owned(), bytes });
        Vec::new()
    }

    fn take(
        &mut self,
        who: &Actor,
        case: &CaseId,
        act: &Value,
        now: Timestamp,
    ) -> Result<Vec<(CaseId, Effect)>, Refusal> {
        let facts = Facts { now, actor: who, case, books: &self.shelf };
        let desk = desk(case.desk()).ok_or_else(|| Refusal::new("desk-unknown", case.desk()))?;
        let taken = desk.take(self.cases.get(case), &act.clone().into(), &facts)?;
        if !taken.events.is_empty() {
            self.cases.insert(case.clone(), taken.state);
            self.disk.entry(case.clone()).or_default().extend(taken.events);
        }
        Ok(taken.effects.into_iter().map(|effect| (case.clone(), effect)).collect())
    }

    /// Takes a letter in. The node keeps what it has seen with what followed from it, in one step; a double is nothing
    /// new to it. `again` lets a double through all the same, as where the node's memory of it was lost.
    pub(super) fn receive(&mut self, letter: &Letter, now: Timestamp, again: Doubles) -> Result<(), String> {
        let digest = letter.digest();
        if !self.seen.insert(digest) && again == Doubles::Stopped {
            return Ok(());
        }
        let (content, findings) = formats::read_paper(&letter.kind, &letter.bytes);
        let Some(content) = content.filter(|_| findings.is_acceptable()) else {
            return Err(format!("{} from {} is faulty: {findings:?}", letter.kind, letter.from));
        };
        let arrival = Arrival {
            from: letter.from.clone(),
            to: self.name.clone(),
            kind: letter.kind.clone(),
            message_id: digest.short(),
            wire: digest,
            payload: digest,
        };
        let node = Actor::node(self.name.as_str());
        let (case, admission) = (arrival.case(), admission()?);
        let item = Arrived { case: &case, arrival: &arrival, admission: &admission };
        let kind = catalogue::kind(&letter.kind).ok_or_else(|| letter.kind.clone())?;
        let facts = Facts { now: self.clock(now), actor: &node, case: &case, books: &self.shelf };
        for effect in kind.arrived(&content, &item, &facts) {
            let Effect::Act { case, act } = effect else { continue };
            let wish = Wish { who: node.clone(), case, act };
            if let Err(refusal) = self.act(&wish, now) {
                // A movement this country never had has no case to move; that is no fault of the letter.
                if refusal.code != "not-offered" {
                    self.refused.push(format!("{} {}: {refusal}", wish.case, wish.act["act"]));
                }
            }
        }
        Ok(())
    }

    /// Fires the next clock that has run out.
    pub(super) fn wake(&mut self, now: Timestamp) -> Option<()> {
        let due = self.clock(now);
        let next = self.wakes.iter().filter(|(_, (at, _))| *at <= due).min_by_key(|(_, (at, _))| *at);
        let key = next.map(|(key, _)| key.clone())?;
        let (_, act) = self.wakes.remove(&key)?;
        let wish = Wish { who: Actor::node(self.name.as_str()), case: key.0, act };
        if let Err(refusal) = self.act(&wish, now) {
            self.refused.push(format!("{} {}: {refusal}", wish.case, wish.act));
        }
        Some(())
    }

    /// The moment of the next clock, on the world's own time.
    pub(super) fn next_wake(&self) -> Option<Timestamp> {
        let next = self.wakes.values().map(|(at, _)| *at).min()?;
        next.checked_sub(self.skew).ok()
    }

    /// Loses its memory, as by a power cut, and builds it again from its disk.
    pub(super) fn crash(&mut self) -> Result<(), String> {
        self.codes.clear();
        for (case, events) in &self.disk {
            let desk = desk(case.desk()).ok_or_else(|| case.to_string())?;
            let (state, _) = desk.replay(events).map_err(|refusal| format!("{case}: {refusal}"))?;
            let state = State::from(state);
            if self.cases.get(case) != Some(&state) {
                return Err(format!("{case} is another after a crash"));
            }
            self.cases.insert(case.clone(), state);
        }
        Ok(())
    }
}

/// Whether a letter that came before is let through again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubles {
    /// The node remembers it.
    Stopped,
    /// It does not.
    Let,
}

fn admission() -> Result<Admission, String> {
    let term = json!({ "id": "1", "kind": "any", "from": "A", "to": "B", "lane": "live", "fields": [],
        "purposes": ["exchange"], "handling": "h0", "consent": "not-needed", "onward": "never", "keep": "1d",
        "delivery": { "waits": ["1s"] }, "escalation": [] });
    let term = serde_json::from_value(term).map_err(|error| error.to_string())?;
    Ok(Admission { agreement: "SIM".into(), term })
}
