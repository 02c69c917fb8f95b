//! One act on one case: weighed by its desk, recorded, folded; and the acts that follow from it, until nothing follows.

use std::collections::{BTreeSet, VecDeque};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{ActId, Actor, AnyAct, AnyEvent, CaseId, Digest, Entry, Facts, Happening, Refusal, Role, Taken};
use link::DocId;
use serde::Serialize;
use serde_json::{Value, json};
use store::{CaseRow, Change, Failure};

use crate::brought::not_brought;
use crate::content::Content;
use crate::input::{Acted, Again, Changed, Declined, Outputs};
use crate::library::Library;
use crate::transport::Transport;
use crate::world::World;

/// One input on its way through the heart: what it may touch, what is still to be done, what it caused so far.
pub(crate) struct Turn<'a> {
    pub(crate) change: &'a mut dyn Change,
    pub(crate) world: &'a mut World,
    pub(crate) transport: &'a dyn Transport,
    pub(crate) now: Timestamp,
    /// What names the acts that follow: the act or message that came in.
    pub(crate) root: ActId,
    pub(crate) outputs: Outputs,
    /// Documents whose matches changed and whose consignments were not told yet.
    pub(crate) affected: BTreeSet<DocId>,
    /// Consignments that changed and that selection has not looked at yet.
    pub(crate) to_select: BTreeSet<CaseId>,
    queue: VecDeque<Wanted>,
    followed: u32,
}

/// An act somebody wants taken.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) actor: Actor,
    pub(crate) id: ActId,
    pub(crate) case: CaseId,
    pub(crate) act: AnyAct,
    /// The bytes it stands on, kept before.
    pub(crate) blobs: Vec<Digest>,
}

/// What came of weighing: taken, taken before, or refused.
pub(crate) type Answer = Result<Acted, Refusal>;

impl<'a> Turn<'a> {
    pub(crate) fn new(
        change: &'a mut dyn Change,
        world: &'a mut World,
        transport: &'a dyn Transport,
        now: Timestamp,
        root: ActId,
    ) -> Self {
        let outputs = Outputs::default();
        let (affected, to_select, queue) = (BTreeSet::new(), BTreeSet::new(), VecDeque::new());
        Self { change, world, transport, now, root, outputs, affected, to_select, queue, followed: 0 }
    }

    /// Takes an act and everything that follows from it. The answer is that of the act itself; refusals of what
    /// follows are told in the outputs.
    pub(crate) fn run(&mut self, wanted: Wanted) -> Result<Answer, Failure> {
        self.run_with(wanted, &[])
    }

    /// Takes an act that files belong to. The files are kept with its entries; of a refused act nothing is kept.
    pub(crate) fn run_with(&mut self, wanted: Wanted, files: &[Content]) -> Result<Answer, Failure> {
        let answer = self.take(wanted, files)?;
        self.settle()?;
        Ok(answer)
    }

    /// Takes everything that waits, in the order it came up; then tells the consignments whose matches that changed, and
    /// chooses among those that changed, and so on until nothing follows.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        loop {
            while let Some(wanted) = self.queue.pop_front() {
                let (case, act) = (wanted.case.clone(), wanted.act.name().to_owned());
                if let Err(refusal) = self.take(wanted, &[])? {
                    self.outputs.declined.push(Declined { case, act, refusal });
                }
            }
            if !self.affected.is_empty() {
                self.rematch()?;
            } else if self.to_select.is_empty() {
                return Ok(());
            } else {
                self.select()?;
            }
        }
    }

    /// Takes an act of the node's own now, and what follows from it. A refusal is told in the outputs.
    pub(crate) fn take_own(
        &mut self,
        case: &CaseId,
        act: impl Into<AnyAct>,
        blobs: Vec<Digest>,
    ) -> Result<(), Failure> {
        self.follow(case.clone(), act, blobs)?;
        self.settle()
    }

    /// Takes an act of the node's own that files belong to, and what follows from it. They are kept with its entries; of a
    /// refused act nothing is kept, and the refusal is told in the outputs.
    pub(crate) fn take_own_with(
        &mut self,
        case: &CaseId,
        act: impl Into<AnyAct>,
        files: &[Content],
    ) -> Result<(), Failure> {
        let act = act.into();
        let name = act.name().to_owned();
        let (actor, id, blobs) = (self.node(), self.root.clone(), Vec::new());
        if let Err(refusal) = self.run_with(Wanted { actor, id, case: case.clone(), act, blobs }, files)? {
            self.outputs.declined.push(Declined { case: case.clone(), act: name, refusal });
        }
        Ok(())
    }

    /// Puts an act of the node's own behind those that wait.
    pub(crate) fn follow(
        &mut self,
        case: CaseId,
        act: impl Into<AnyAct>,
        blobs: Vec<Digest>,
    ) -> Result<(), Failure> {
        self.followed += 1;
        if self.followed > FOLLOWED_MAX {
            return Err(Failure::Unfit {
                what: format!("over {FOLLOWED_MAX} acts follow from {}", self.root),
            });
        }
        let id = ActId::new(format!("{}{FOLLOWS}{}", self.root, self.followed));
        let actor = self.node();
        self.queue.push_back(Wanted { actor, id, case, act: act.into(), blobs });
        Ok(())
    }

    /// The node as an actor.
    pub(crate) fn node(&self) -> Actor {
        Actor::node(self.world.us.as_str())
    }

    fn take(&mut self, mut wanted: Wanted, files: &[Content]) -> Result<Answer, Failure> {
        let row = self.change.case(&wanted.case)?;
        // A case nobody opened has taken no act.
        if row.is_some() && self.change.act_taken(&wanted.case, &wanted.id)? {
            return Ok(known(row, &wanted.case));
        }
        let brought = not_brought(&wanted, row.as_ref(), files).map_or(Ok(()), Err);
        match brought.and_then(|()| self.weigh(&wanted, row.as_ref())) {
            Ok(taken) => {
                for file in files {
                    wanted.blobs.push(file.keep(self.change)?);
                }
                self.hear_codes(&wanted);
                self.record(&wanted, row, taken).map(Ok)
            }
            Err(refusal) => {
                self.refuse(&wanted, &refusal)?;
                Ok(Err(refusal))
            }
        }
    }

    fn weigh(&self, wanted: &Wanted, row: Option<&CaseRow>) -> Result<Taken, Refusal> {
        well_formed(wanted)?;
        let desk = wanted.case.desk();
        let desk = self.world.desk(desk).ok_or_else(|| Refusal::new("desk-unknown", desk))?;
        let library = Library { shelf: &self.world.shelf, operators: &self.world.operators };
        let facts = Facts { now: self.now, actor: &wanted.actor, case: &wanted.case, books: &library };
        desk.take(row.map(|row| &row.state), &wanted.act, &facts)
    }

    fn record(&mut self, wanted: &Wanted, row: Option<CaseRow>, taken: Taken) -> Result<Acted, Failure> {
        let mut last = None;
        for (place, event) in taken.events.into_iter().enumerate() {
            let happening = Happening::Event { act: wanted.id.clone(), name: taken.name.to_owned(), event };
            let mut entry = self.entry(&wanted.actor, &wanted.case, happening, &wanted.blobs);
            if let Some(spared) = taken.spared.get(&place) {
                self.move_event_beside(&mut entry, spared.clone())?;
            }
            last = Some(self.append(entry)?);
        }
        let Some(entry) = last else {
            let entry = row.map_or(0, |row| row.changed);
            return Ok(Acted {
                case: wanted.case.clone(),
                summary: taken.summary,
                entry,
                again: Again::First,
            });
        };
        self.change.put_case(&wanted.case, &taken.state, &taken.summary, entry)?;
        self.outputs.changed.push(Changed {
            case: wanted.case.clone(),
            stage: taken.summary.stage.clone(),
            at: self.now,
        });
        for effect in taken.effects {
            self.carry(&wanted.case, &taken.state, effect)?;
        }
        self.match_after(&wanted.case, taken.name, &taken.state)?;
        self.ends_after(&wanted.case, taken.name, &taken.state)?;
        self.beside_after(&wanted.case, taken.name, &taken.state)?;
        self.register_after(&wanted.case, taken.name, &taken.state)?;
        self.booked_after(&wanted.case, taken.name, &taken.state)?;
        self.signature_after(&wanted.case, taken.name, &taken.state)?;
        self.origin_rules_after(&wanted.case, &taken.state)?;
        self.unseen_after(&wanted.case, &taken.state)?;
        self.destroy_after(&wanted.case, taken.name, &taken.state)?;
        self.select_after(&wanted.case, taken.name);
        self.forget_codes_after(&wanted.case, &taken.state);
        Ok(Acted { case: wanted.case.clone(), summary: taken.summary, entry, again: Again::First })
    }

    /// A refused act of a person is in the record; one of the node's own is only told.
    fn refuse(&mut self, wanted: &Wanted, refusal: &Refusal) -> Result<(), Failure> {
        if wanted.actor.role == Role::NODE {
            return Ok(());
        }
        let refusal = Refusal { reason: bounded(&refusal.reason, REASON_MAX), ..refusal.clone() };
        let happening = Happening::Refused {
            act: ActId::new(bounded(wanted.id.as_str(), ID_MAX)),
            name: bounded(wanted.act.name(), ID_MAX),
            refusal,
        };
        let case = CaseId::new(bounded(wanted.case.as_str(), ID_MAX));
        let entry = self.entry(&wanted.actor, &case, happening, &[]);
        self.append(entry).map(|_| ())
    }

    /// An entry of this moment.
    pub(crate) fn entry(&self, actor: &Actor, case: &CaseId, what: Happening, blobs: &[Digest]) -> Entry {
        Entry { at: self.now, actor: actor.clone(), case: case.clone(), what, blobs: blobs.to_vec() }
    }

    /// Adds an entry. An event too long for the record is kept beside it and stands in the entry by its digest.
    pub(crate) fn append(&mut self, mut entry: Entry) -> Result<u64, Failure> {
        if let Happening::Event { event, .. } = &entry.what
            && event.text().len() + entry.blobs.len() * BLOB_ROOM + ROOM > Entry::BYTES_MAX
            && entry.to_bytes().len() > Entry::BYTES_MAX
        {
            let named = json!({ "event": event.get("event") });
            self.move_event_beside(&mut entry, named)?;
        }
        let number = self.change.append(&entry)?;
        self.outputs.entries += 1;
        Ok(number)
    }

    /// Keeps an entry's event beside the record; the entry has this in its place, and the digest of the whole.
    fn move_event_beside(&mut self, entry: &mut Entry, mut instead: Value) -> Result<(), Failure> {
        let Happening::Event { event, .. } = &mut entry.what else { return Ok(()) };
        // One that lies there already goes on doing so.
        let known = event.get(KEPT).cloned();
        let digest = match &known {
            Some(digest) => digest.clone(),
            None => {
                let digest = self.change.keep_blob(event.text().as_bytes())?;
                entry.blobs.push(digest);
                json!(digest)
            }
        };
        instead[KEPT] = digest;
        *event = instead.into();
        Ok(())
    }
}

/// Whether an entry's event is kept beside the record and only named in it.
pub(crate) fn is_beside(event: &Value) -> bool {
    event.get(KEPT).is_some()
}

/// The digest of an event that is kept beside the record.
pub(crate) fn beside(event: &Value) -> Option<Digest> {
    event.get(KEPT).and_then(Value::as_str).and_then(Digest::parse)
}

/// The event of an entry as its desk wrote it, read from beside the record where it lies there; where that was
/// destroyed, what the record keeps of it.
///
/// # Errors
/// [`Failure::Damaged`] where the bytes it stands by are gone or unreadable, or what the store says.
pub fn whole_event(look: &dyn store::Look, event: &AnyEvent) -> Result<AnyEvent, Failure> {
    let Some(digest) = beside(event) else { return Ok(event.clone()) };
    let damaged = |what: &str| Failure::Damaged { place: format!("blob {digest}"), what: what.to_owned() };
    match look.blob(&digest)? {
        Some(bytes) => serde_json::from_slice::<Value>(&bytes)
            .map(AnyEvent::from)
            .map_err(|error| damaged(&error.to_string())),
        None if look.destroyed(&digest)?.is_some() => {
            let mut kept = Value::clone(event);
            kept.as_object_mut().map(|event| event.remove(KEPT));
            Ok(kept.into())
        }
        None => Err(damaged("missing")),
    }
}

fn known(row: Option<CaseRow>, case: &CaseId) -> Answer {
    let row = row.ok_or_else(|| Refusal::new("case-unknown", case.as_str()))?;
    Ok(Acted { case: row.id, summary: row.summary, entry: row.changed, again: Again::Repeated })
}

/// Ids have a bounded length and no control characters, so that they can stand anywhere. An act id of a person does not
/// look like one of those that follow from an act, so that nobody takes such an id before its act comes.
fn well_formed(wanted: &Wanted) -> Result<(), Refusal> {
    let malformed =
        |what: &str, id: &str| Err(Refusal::new("id-malformed", format!("{what} {}", bounded(id, 40))));
    for (what, id) in [("case", wanted.case.as_str()), ("act", wanted.id.as_str())] {
        if id.is_empty() || id.len() > ID_MAX || id.chars().any(char::is_control) {
            return malformed(what, id);
        }
    }
    let id = wanted.id.as_str();
    if wanted.actor.role != Role::NODE && (id.len() > OWN_ID_MAX || id.contains(FOLLOWS)) {
        return malformed("act", id);
    }
    Ok(())
}

/// Plain data as JSON.
pub(crate) fn plain(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("acts and work are plain data")
}

/// The day of a moment in UTC, for lookups in books.
pub(crate) fn day_of(now: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(now).date()
}

fn bounded(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

/// The most bytes an entry takes beside its event and its files: its ids have their bounds.
const ROOM: usize = 8_192;
/// The most bytes a file's digest takes in an entry.
const BLOB_ROOM: usize = 80;
/// The key under which an entry names the event kept beside it.
const KEPT: &str = "kept-beside";
/// The most acts that may follow from one input: far above any real cascade, low enough to end a circle.
const FOLLOWED_MAX: u32 = 20_000;
/// What stands between the id of an act and the number of one that follows from it.
const FOLLOWS: char = '#';
/// The longest act id a person may choose, in bytes; those that follow from it are longer.
const OWN_ID_MAX: usize = 200;
/// The longest id, in bytes.
const ID_MAX: usize = 400;
/// The longest reason a recorded refusal repeats, in characters.
const REASON_MAX: usize = 2_000;
