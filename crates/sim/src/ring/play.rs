//! Plays a ring from its seed: the agenda, the truth beside it, and the figures at the end.

use std::collections::{BTreeMap, BTreeSet};

use customs::agreement::{Agreement, edition};
use customs::declaration::Declaration;
use customs::gate::{Consignment, ConsignmentAct};
use customs::operator::{Benefits, Feed, Operator, OperatorCode, PartnerList, SCHEME, Scope, Status};
use customs::roles::{DIRECTOR, TRUSTED};
use customs::terms::{Country, Identifier, Party as Trader};
use jiff::Timestamp;
use jiff::civil::date;
use kernel::{CaseId, NodeId, Procedure as _, Role};
use serde::Deserialize as _;
use serde_json::json;

use super::party::{Letter, Party};
use super::wire::{Posted, Wire};
use super::{MEMBERS, Report, Script, later, seconds};
use crate::dice::{Dice, Room};

/// Something that happens at a moment.
enum Event {
    Declare { at: usize, code: usize, number: u32 },
    Change { code: usize },
    Arrive { letter: Letter },
    Again { letter: Letter, attempt: usize },
}

/// A change as the simulation made it.
struct Change {
    sequence: u64,
    status: Status,
    effective: Timestamp,
    published: Timestamp,
    /// When each member held it, as the wire delivered it.
    held: BTreeMap<usize, Timestamp>,
}

struct Trusted {
    owner: usize,
    code: OperatorCode,
    name: String,
    changes: Vec<Change>,
}

/// What a member has of a giver's changes, counted from what the wire delivered alone.
#[derive(Default)]
struct Delivered {
    prefix: u64,
    early: BTreeSet<u64>,
}

struct Play {
    parties: Vec<Party>,
    traders: Vec<Trusted>,
    agenda: BTreeMap<(Timestamp, u64), Event>,
    turn: u64,
    wire: Wire,
    dice: Dice,
    delivered: BTreeMap<(usize, usize), Delivered>,
    /// Benefits that were to be given, by member, consignment and trader: the moment.
    given: Vec<(usize, CaseId, usize, Timestamp)>,
    sequences: [u64; 5],
    repairs: usize,
}

/// Runs a ring.
///
/// # Panics
/// Never: everything it reads it wrote itself.
#[must_use]
pub fn run(script: Script) -> Report {
    let start: Timestamp = "2026-11-22T00:00:00Z".parse().expect("a moment");
    let end = later(start, i64::from(script.minutes) * 60_000);
    let mut play = Play::new(script, start, end);
    play.found(start);
    play.plan(script, start);
    play.go();
    play.report()
}

impl Play {
    fn new(script: Script, start: Timestamp, end: Timestamp) -> Self {
        let ids: Vec<NodeId> = MEMBERS.iter().map(|id| NodeId::new(*id)).collect();
        let mut parties: Vec<Party> = MEMBERS.iter().map(|id| Party::new(id)).collect();
        for party in &mut parties {
            party.shelf.publish(&edition(&arrangement(), date(2024, 1, 1), None));
        }
        Self {
            parties,
            traders: Vec::new(),
            agenda: BTreeMap::new(),
            turn: 0,
            wire: Wire::new(script.seed, &ids, start, end),
            dice: Dice::of(script.seed, Room::People, 99),
            delivered: BTreeMap::new(),
            given: Vec::new(),
            sequences: [0; 5],
            repairs: 0,
        }
    }

    /// The programmes as they stand before the morning: every trader authorised and known to every partner.
    fn found(&mut self, start: Timestamp) {
        let before = later(start, -86_400_000);
        for (owner, member) in MEMBERS.iter().enumerate() {
            for number in 0..TRADERS {
                self.authorise(owner, number, before);
            }
            let feed = Feed::case_of(member);
            for partner in MEMBERS.iter().filter(|partner| *partner != member) {
                let act = json!({"act": "subscribe", "partner": partner});
                self.parties[owner].act(&feed, &act, &TRUSTED, before);
            }
            for letter in std::mem::take(&mut self.parties[owner].outbox) {
                let to = index(&letter.to);
                self.parties[to].receive(&letter, before);
                self.delivered.entry((to, owner)).or_default().prefix = self.sequences[owner];
            }
        }
        for party in &mut self.parties {
            party.outbox.clear();
        }
    }

    fn authorise(&mut self, owner: usize, number: usize, at: Timestamp) {
        let country = MEMBERS[owner];
        let national =
            if country == "SG" { format!("{:012}", number + 1) } else { format!("{:010}", number + 1) };
        let code = OperatorCode::new(&format!("AEO{country}{national}")).expect("a code of its form");
        let name = format!("Trader {} {country}", WORDS[number % WORDS.len()]);
        let case = Operator::case_of(code.as_str());
        let acts = [
            (
                json!({"act": "apply", "application": {"party": {"name": name}, "roles": ["exporter"]}}),
                TRUSTED,
            ),
            (json!({"act": "plan-validation", "planned": "2026-01-10", "team": ["a"]}), TRUSTED),
            (json!({"act": "report-validation", "outcome": "met", "report": "in order"}), TRUSTED),
            (json!({"act": "authorise", "code": code, "from": "2026-01-15"}), DIRECTOR),
        ];
        for (act, role) in acts {
            self.parties[owner].act(&case, &act, &role, at);
        }
        self.sequences[owner] += 1;
        self.traders.push(Trusted { owner, code, name, changes: Vec::new() });
    }

    fn plan(&mut self, script: Script, start: Timestamp) {
        let span = i64::from(script.minutes) * 60_000;
        for _ in 0..script.changes {
            let (at, code) = (self.dice.between(60_000, span), self.dice.below(self.traders.len()));
            self.put(later(start, at), Event::Change { code });
        }
        for number in 0..script.declarations {
            let at = later(start, self.dice.between(0, span));
            let (member, code) = (self.dice.below(MEMBERS.len()), self.dice.below(self.traders.len()));
            if self.traders[code].owner != member {
                self.put(at, Event::Declare { at: member, code, number });
            }
        }
    }

    fn put(&mut self, at: Timestamp, event: Event) {
        self.turn += 1;
        self.agenda.insert((at, self.turn), event);
    }

    /// Plays until nothing is left to happen; reminders that come due between events are taken at their moment.
    fn go(&mut self) {
        let mut last = None;
        loop {
            let next = self.agenda.first_key_value().map(|((at, _), _)| *at);
            let wake = self.parties.iter().filter_map(Party::next_wake).min();
            let now = match (next, wake) {
                (None, None) => return,
                (Some(next), Some(wake)) => next.min(wake),
                (one, other) => one.or(other).expect("one of them is there"),
            };
            // A reminder that sets itself again for ever after the end is not waited for.
            if next.is_none() && last.is_some_and(|last| seconds(last, now) > 86_400) {
                return;
            }
            if next.is_some() {
                last = Some(now);
            }
            if wake.is_some_and(|wake| wake <= now) {
                self.parties.iter_mut().for_each(|party| party.wake(now));
            } else if let Some(((at, _), event)) = self.agenda.pop_first() {
                self.happen(event, at);
            }
            self.post(now);
        }
    }

    fn happen(&mut self, event: Event, now: Timestamp) {
        match event {
            Event::Change { code } => self.change(code, now),
            Event::Declare { at, code, number } => self.declare(at, code, number, now),
            Event::Arrive { letter } => {
                let to = index(&letter.to);
                self.note_delivery(&letter, now);
                self.parties[to].receive(&letter, now);
            }
            Event::Again { letter, attempt } => self.post_one(letter, attempt, now),
        }
    }

    /// A programme suspends one of its traders, sometimes as of some minutes ago, or reinstates it.
    fn change(&mut self, at: usize, now: Timestamp) {
        let back = if self.dice.chance(300) { self.dice.between(1_000, 600_000) } else { 0 };
        let trader = &mut self.traders[at];
        let suspended = trader.changes.last().is_some_and(|change| change.status == Status::Suspended);
        let after = trader.changes.last().map(|change| later(change.effective, 1));
        let (act, role, effective, status) = if suspended {
            (json!({"act": "reinstate", "reason": "mended"}), DIRECTOR, now, Status::Active)
        } else {
            let effective = after.map_or_else(|| later(now, -back), |after| later(now, -back).max(after));
            (
                json!({"act": "suspend", "reason": "non-compliance", "at": effective}),
                TRUSTED,
                effective,
                Status::Suspended,
            )
        };
        let owner = trader.owner;
        self.sequences[owner] += 1;
        let (sequence, held) = (self.sequences[owner], BTreeMap::new());
        trader.changes.push(Change { sequence, status, effective, published: now, held });
        let case = Operator::case_of(trader.code.as_str());
        self.parties[owner].act(&case, &act, &role, now);
    }

    fn declare(&mut self, member: usize, code: usize, number: u32, now: Timestamp) {
        let trader = &self.traders[code];
        let number = format!("{}-{number}", MEMBERS[member]);
        let declaration = Declaration {
            number: number.clone(),
            country: Country::new(MEMBERS[member]),
            export_country: Some(Country::new(MEMBERS[trader.owner])),
            exporter: Trader {
                identifiers: vec![Identifier { scheme: SCHEME.into(), value: trader.code.to_string() }],
                ..Trader::named(trader.name.clone())
            },
            ..Declaration::default()
        };
        let case = Consignment::case_of(&number);
        if self.believed(member, code, now) == Status::Active {
            self.given.push((member, case.clone(), code, now));
        }
        let act = ConsignmentAct::Declare { declaration: Box::new(declaration) };
        let act = serde_json::to_value(&act).expect("an act is plain data");
        self.parties[member].act(&case, &act, &Role::NODE, now);
    }

    /// What a member must believe of a trader at a moment, from what the wire delivered to it.
    fn believed(&self, member: usize, code: usize, now: Timestamp) -> Status {
        let held = self.traders[code].changes.iter().filter(|change| {
            change.held.get(&member).is_some_and(|held| *held <= now) && change.effective <= now
        });
        held.max_by_key(|change| change.effective).map_or(Status::Active, |change| change.status)
    }

    /// Counts what the wire delivered: a change holds once everything before it is there too.
    fn note_delivery(&mut self, letter: &Letter, now: Timestamp) {
        let Ok(list) = customs::operator::OperatorList::deserialize(&letter.content) else { return };
        if letter.kind != customs::operator::LANE {
            return;
        }
        let (to, owner) = (index(&letter.to), index(&letter.from));
        let delivered = self.delivered.entry((to, owner)).or_default();
        let covers = list.scope == Scope::Full || list.reference.contains("-for-");
        if covers {
            delivered.prefix = delivered.prefix.max(list.sequence);
        } else {
            delivered.early.insert(list.sequence);
        }
        while delivered.early.contains(&(delivered.prefix + 1)) {
            delivered.prefix += 1;
        }
        let prefix = delivered.prefix;
        let own = self.traders.iter_mut().filter(|trader| trader.owner == owner);
        for change in own.flat_map(|trader| &mut trader.changes) {
            if change.sequence <= prefix {
                change.held.entry(to).or_insert(now);
            }
        }
    }

    fn post(&mut self, now: Timestamp) {
        for party in 0..self.parties.len() {
            for letter in std::mem::take(&mut self.parties[party].outbox) {
                self.repairs += usize::from(letter.kind == "operator-list-request");
                self.post_one(letter, 0, now);
            }
        }
    }

    fn post_one(&mut self, letter: Letter, attempt: usize, now: Timestamp) {
        match self.wire.post(&letter, attempt, now) {
            Posted::Arrives(moments) => {
                for at in moments {
                    self.put(at, Event::Arrive { letter: letter.clone() });
                }
            }
            Posted::Again(at) => self.put(at, Event::Again { letter, attempt: attempt + 1 }),
            Posted::Never => {}
        }
    }

    fn report(&self) -> Report {
        let mut took: Vec<i64> = self
            .traders
            .iter()
            .flat_map(|trader| &trader.changes)
            .flat_map(|change| change.held.values().map(|held| seconds(change.published, *held)))
            .collect();
        took.sort_unstable();
        let at =
            |permille: usize| took.get((took.len() * permille / 1_000).min(took.len().saturating_sub(1)));
        let (truth, listed) = (self.truth(), self.listed());
        Report {
            deliveries: took.len(),
            median_seconds: at(500).copied().unwrap_or_default(),
            p99_seconds: at(990).copied().unwrap_or_default(),
            longest_seconds: took.last().copied().unwrap_or_default(),
            over_a_minute: took.iter().filter(|took| **took >= 60).count(),
            partitions: self.wire.partitions(),
            posted: self.wire.posted,
            lost: self.wire.lost,
            doubled: self.wire.doubled,
            given_up: self.wire.given_up,
            repairs: self.repairs,
            benefits: self.given.len(),
            in_gap: truth.len(),
            missed: truth.difference(&listed).count(),
            invented: listed.difference(&truth).count(),
            fingerprints_differ: self.fingerprints_differ(),
        }
    }

    /// The benefits that rested on a status that had ended and had not begun again, by the simulation's own account.
    fn truth(&self) -> BTreeSet<(usize, CaseId)> {
        let stale = self.given.iter().filter(|(.., code, at)| {
            let changes = self.traders[*code].changes.iter().filter(|change| change.effective <= *at);
            changes
                .max_by_key(|change| change.effective)
                .is_some_and(|change| change.status != Status::Active)
        });
        stale.map(|(member, case, ..)| (*member, case.clone())).collect()
    }

    /// What the desks list.
    fn listed(&self) -> BTreeSet<(usize, CaseId)> {
        let mut listed = BTreeSet::new();
        for (member, party) in self.parties.iter().enumerate() {
            let days = party.cases.iter().filter(|(case, _)| case.desk() == Benefits::NAME);
            for benefits in days.filter_map(|(_, state)| state.read::<Benefits>().ok()) {
                let gaps = benefits.given().iter().filter(|(_, given)| given.gap.is_some());
                listed.extend(gaps.map(|(case, _)| (member, case.clone())));
            }
        }
        listed
    }

    fn fingerprints_differ(&self) -> usize {
        let state = |party: usize, case: &CaseId| self.parties[party].cases.get(case).expect("a case");
        let mut differ = 0;
        for (owner, country) in MEMBERS.iter().enumerate() {
            let feed = state(owner, &Feed::case_of(country)).read::<Feed>().expect("a feed");
            for member in (0..MEMBERS.len()).filter(|member| *member != owner) {
                let case = CaseId::of(PartnerList::NAME, country);
                let list = state(member, &case).read::<PartnerList>().expect("a list");
                differ += usize::from(list.fingerprint() != feed.fingerprint());
            }
        }
        differ
    }
}

fn index(id: &NodeId) -> usize {
    MEMBERS.iter().position(|member| *member == id.as_str()).expect("a member")
}

/// Every member gives its list to every other, and hears when something is missing.
fn arrangement() -> Agreement {
    let mut terms = Vec::new();
    for from in MEMBERS {
        for to in MEMBERS.iter().filter(|to| **to != from) {
            for (kind, fields, clocks) in [
                ("operator-list", json!(["entries"]), json!({})),
                ("operator-list-request", json!([]), json!({"repair": "5s"})),
            ] {
                terms.push(json!({
                    "id": terms.len().to_string(), "kind": kind, "from": from, "to": to, "lane": "live", "fields": fields,
                    "purposes": ["border-control"], "handling": "h0", "consent": "not-needed", "onward": "never",
                    "keep": "1095d", "clocks": clocks, "escalation": [],
                    "delivery": {"waits": ["2s", "3s", "5s", "5s", "10s", "10s", "15s", "20s", "30s", "60s"]},
                }));
            }
        }
    }
    serde_json::from_value(json!({
        "id": "RING", "title": "Mutual recognition", "parties": MEMBERS, "route": "ministry", "source": "simulated",
        "from": "2024-01-01", "term": terms,
    }))
    .expect("an agreement")
}

/// How many traders a programme has.
const TRADERS: usize = 20;

const WORDS: [&str; 20] = [
    "Aspen", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ironwood", "Juniper", "Katsura",
    "Larch", "Maple", "Nutmeg", "Oak", "Pine", "Quince", "Rowan", "Spruce", "Teak",
];
