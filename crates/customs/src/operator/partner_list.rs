//! A partner's list as we hold it: taken in order, repaired where something is missing, published into the books.
//!
//! A change that arrives early waits for what is missing and a repair is asked for; one that arrives twice or late
//! changes nothing. The entries live in the book; the case holds number, fingerprint and what waits.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use kernel::{
    CaseId, Digest, Edition, EditionHead, Effect, Facts, Field, Form, Limit, Named, NodeId, Offer, Procedure,
    Reference, Refusal, Role, Row, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::benefit::{Act as BenefitAct, Benefits, Gap};
use super::entry::{Entry, Fingerprint, Status};
use super::list::{OperatorList, OperatorListRequest, Scope};
use super::name::name_key;
use super::recognise::{LANE, OPERATOR_NAMES, OPERATORS};
use super::taking::{Changed, Taking};
use crate::agreement::{Writing as _, term_in_force};
use crate::roles::{DIRECTOR, TRUSTED};
use crate::terms::{Country, Purpose};

/// One partner's list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartnerList {
    partner: Option<NodeId>,
    us: NodeId,
    sequence: u64,
    fingerprint: Fingerprint,
    /// Codes we hold; the entries are in the book.
    codes: BTreeSet<String>,
    /// Changes that came before what they build on.
    waiting: BTreeMap<u64, OperatorList>,
    asked: u32,
    broken: bool,
    taken: Option<Timestamp>,
    /// Status changes taken in last, newest first, for the desk.
    changes: Vec<Changed>,
}

/// Where a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Everything up to its number is here.
    Current,
    /// Something is missing and was asked for.
    Gap,
    /// The fingerprint did not agree; the whole list was asked for.
    Mismatch,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A list or a change arrived.
    Take {
        /// What.
        list: Box<OperatorList>,
        /// The received item.
        item: CaseId,
        /// Who.
        from: NodeId,
        /// Us.
        us: NodeId,
    },
    /// What is missing is asked for, again.
    Ask {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// Somebody reads what the list meant for a consignment.
    See {
        /// Whose goods.
        consignment: CaseId,
        /// What for.
        purpose: Purpose,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Take { .. } => "take",
            Self::Ask { .. } => "ask",
            Self::See { .. } => "see",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Taken in.
    Taken {
        /// Who.
        partner: NodeId,
        /// Us.
        us: NodeId,
        /// The number up to which everything is here.
        sequence: u64,
        /// The fingerprint now.
        fingerprint: Fingerprint,
        /// The entries that are new or other than before.
        entries: Vec<Entry>,
        /// Status changes among them.
        changes: Vec<Changed>,
        /// Whether the whole list was taken in.
        scope: Scope,
        /// When.
        at: Timestamp,
    },
    /// It waits for what is missing.
    Waits {
        /// Who.
        partner: NodeId,
        /// Us.
        us: NodeId,
        /// What.
        list: Box<OperatorList>,
    },
    /// What is missing was asked for.
    Asked {
        /// The last number we hold.
        after: u64,
        /// Why.
        reason: String,
        /// How often so far.
        time: u32,
    },
    /// What it meant for a consignment was read.
    Seen {
        /// Whose goods.
        consignment: CaseId,
        /// What for.
        purpose: Purpose,
    },
}

const FEED: &str = "the recognition arrangement: exchange of lists and changes";
const READING: &str = "the term's purposes";

impl Procedure for PartnerList {
    const NAME: &'static str = "partner-list";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("take", Role::NODE, FEED),
        Offer::at(Stage::Current, "take", Role::NODE, FEED),
        Offer::at(Stage::Current, "ask", TRUSTED, FEED),
        Offer::at(Stage::Current, "ask", Role::NODE, FEED),
        Offer::at(Stage::Current, "see", TRUSTED, READING),
        Offer::at(Stage::Current, "see", DIRECTOR, READING),
        Offer::at(Stage::Gap, "take", Role::NODE, FEED),
        Offer::at(Stage::Gap, "ask", TRUSTED, FEED),
        Offer::at(Stage::Gap, "ask", Role::NODE, FEED),
        Offer::at(Stage::Gap, "see", TRUSTED, READING),
        Offer::at(Stage::Gap, "see", DIRECTOR, READING),
        Offer::at(Stage::Mismatch, "take", Role::NODE, FEED),
        Offer::at(Stage::Mismatch, "ask", TRUSTED, FEED),
        Offer::at(Stage::Mismatch, "ask", Role::NODE, FEED),
        Offer::at(Stage::Mismatch, "see", TRUSTED, READING),
        Offer::at(Stage::Mismatch, "see", DIRECTOR, READING),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "ask",
            &[Field::needed("reason", Sort::Choice("list-reason", &["gap", "fingerprint", "start"]))],
        ),
        Form::of(
            "see",
            &[
                Field::needed("consignment", Sort::Case("consignment")),
                Field::needed("purpose", Purpose::SORT),
            ],
        ),
    ];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.partner.as_ref()?;
        Some(match () {
            () if self.broken => Stage::Mismatch,
            () if !self.waiting.is_empty() => Stage::Gap,
            () => Stage::Current,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Take { list, from, us, .. } => Ok(self.take(list, from, us, facts)),
            // The reminder found nothing missing any more.
            Act::Ask { .. } if facts.actor.role == Role::NODE && self.stage() == Some(Stage::Current) => {
                Ok(Vec::new())
            }
            Act::Ask { reason } => {
                let reason = if reason.is_empty() { "gap" } else { reason };
                Ok(vec![self.asked(reason)])
            }
            Act::See { consignment, purpose } => {
                self.may_see(*purpose, facts)?;
                Ok(vec![Event::Seen { consignment: consignment.clone(), purpose: *purpose }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Taken { partner, us, sequence, fingerprint, entries, changes, scope, at } => {
                self.partner = Some(partner.clone());
                self.us = us.clone();
                self.sequence = *sequence;
                self.fingerprint = *fingerprint;
                if *scope == Scope::Full {
                    self.broken = false;
                    self.codes.clear();
                }
                self.codes.extend(entries.iter().map(|entry| entry.code.to_string()));
                self.waiting.retain(|number, _| number > sequence);
                self.asked = if self.waiting.is_empty() { 0 } else { self.asked };
                self.taken = Some(*at);
                self.changes.splice(0..0, changes.iter().rev().cloned());
                self.changes.truncate(CHANGES_SHOWN);
            }
            Event::Waits { partner, us, list } => {
                self.partner = Some(partner.clone());
                self.us = us.clone();
                if self.waiting.len() < WAITING_MAX {
                    self.waiting.insert(list.sequence, (**list).clone());
                }
            }
            Event::Asked { reason, time, .. } => {
                self.asked = *time;
                self.broken |= reason == "fingerprint";
            }
            Event::Seen { .. } => {}
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Taken { entries, changes, partner, sequence, .. } => {
                let mut effects = publish(entries, partner, *sequence);
                effects.extend(changes.iter().flat_map(|change| reviews(change, facts)));
                if self.waiting.is_empty() && !self.broken {
                    effects.push(Effect::Rest { name: ASK.into() });
                }
                effects
            }
            Event::Waits { .. } | Event::Seen { .. } => Vec::new(),
            Event::Asked { after, reason, time } => {
                let us = Country::new(self.us.as_str());
                let partner = self.partner.clone().unwrap_or_default();
                let reference = format!("{us}-{after}-{time}-{}", facts.now.as_second());
                let request =
                    OperatorListRequest { reference, country: us, after: *after, reason: reason.clone() };
                let again = self.again(&partner, *time, facts);
                let again = again.map(|wait| {
                    Effect::wake(ASK, wait.after(facts.now), &Act::Ask { reason: reason.clone() })
                });
                let send = Effect::send(partner, OperatorListRequest::KIND, &request, facts.case.clone());
                std::iter::once(send).chain(again).collect()
            }
        }
    }

    fn summary(&self) -> Summary {
        let (Some(partner), Some(stage)) = (&self.partner, self.stage()) else { return Summary::default() };
        let suspended = self.changes.iter().filter(|change| change.after != Status::Active).count();
        Summary {
            stage: stage.word().into(),
            title: partner.to_string(),
            partner: partner.to_string(),
            severity: (stage != Stage::Current).then_some(Severity::Warning),
            references: vec![Reference::new("partner", partner.as_str())],
            shown: json!({
                "sequence": self.sequence, "operators": self.codes.len(), "fingerprint": self.fingerprint,
                "taken": self.taken, "waiting": self.waiting.len(), "asked": self.asked,
                "changes": self.changes.iter().take(20).collect::<Vec<_>>(), "suspended": suspended,
            }),
            ..Summary::default()
        }
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Gap => "gap",
            Self::Mismatch => "mismatch",
        }
    }
}

impl PartnerList {
    /// The number up to which everything is here.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The fingerprint of what is here.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Status changes taken in last, newest first.
    #[must_use]
    pub fn changes(&self) -> &[Changed] {
        &self.changes
    }

    /// How many operators it has.
    #[must_use]
    pub fn operators(&self) -> usize {
        self.codes.len()
    }

    fn take(&self, list: &OperatorList, from: &NodeId, us: &NodeId, facts: &Facts<'_>) -> Vec<Event> {
        let fresh = self.partner.is_none() && list.scope == Scope::Changes && list.sequence > 1;
        let old = list.sequence <= self.sequence && !(self.broken && list.scope == Scope::Full);
        let empty_start = self.partner.is_none() && list.scope == Scope::Full;
        if old && !empty_start {
            return Vec::new();
        }
        let repaired = list.scope == Scope::Changes && list.reference.contains("-for-");
        if list.scope == Scope::Changes && !repaired && (fresh || list.sequence > self.sequence + 1) {
            let (partner, us) = (from.clone(), us.clone());
            let mut events = vec![Event::Waits { partner, us, list: Box::new(list.clone()) }];
            if self.asked == 0 {
                events.push(self.asked(if fresh { "start" } else { "gap" }));
            }
            return events;
        }
        let mut after =
            Taking { codes: self.codes.clone(), fingerprint: self.fingerprint, known: BTreeMap::new() };
        let mut events = vec![after.step(list, from, us, facts)];
        let mut sequence = list.sequence;
        // What waited and now follows.
        for next in self.waiting.values().filter(|next| next.sequence > list.sequence) {
            if next.sequence != sequence + 1 {
                break;
            }
            events.push(after.step(next, from, us, facts));
            sequence = next.sequence;
        }
        if let Some(Event::Taken { fingerprint, .. }) = events.last() {
            let stated = if sequence == list.sequence {
                list.fingerprint
            } else {
                self.waiting[&sequence].fingerprint
            };
            if *fingerprint != stated {
                events.push(Event::Asked { after: 0, reason: "fingerprint".into(), time: self.asked + 1 });
            }
        }
        events
    }

    /// What a partner's list says is read for what its term allows and nothing else.
    fn may_see(&self, purpose: Purpose, facts: &Facts<'_>) -> Result<(), Refusal> {
        let partner = self.partner.clone().unwrap_or_default();
        let standing = term_in_force(facts.books, LANE, &partner, &self.us, facts.day());
        let standing = standing.ok_or_else(|| {
            Refusal::new("purpose-not-allowed", format!("{purpose} {partner}-{}: none", self.us))
        })?;
        if standing.term.purposes.contains(&purpose) {
            return Ok(());
        }
        let allowed: Vec<String> = standing.term.purposes.iter().map(ToString::to_string).collect();
        Err(Refusal::new("purpose-not-allowed", format!("{purpose} {}", standing.cite()))
            .remedy(allowed.join(", ")))
    }

    /// How long to wait before asking again: the term's clock `repair`, doubled each time up to 64 times; a term without
    /// one leaves asking again to people.
    fn again(&self, partner: &NodeId, time: u32, facts: &Facts<'_>) -> Option<Limit> {
        let standing = term_in_force(facts.books, OperatorListRequest::KIND, &self.us, partner, facts.day())?;
        let wait = standing.term.clock("repair")?.as_seconds();
        Some(Limit::seconds(wait.saturating_mul(2_u32.saturating_pow(time.saturating_sub(1).min(6)))))
    }

    fn asked(&self, reason: &str) -> Event {
        let after = if reason == "fingerprint" { 0 } else { self.sequence };
        Event::Asked { after, reason: reason.to_owned(), time: self.asked + 1 }
    }
}

/// The rows of the books that answer for these operators from now on.
fn publish(entries: &[Entry], partner: &NodeId, sequence: u64) -> Vec<Effect> {
    let plain = |entry: &Entry| serde_json::to_value(entry).expect("an entry is plain data");
    let rows: Vec<Row> = entries.iter().map(|entry| row(entry.code.to_string(), plain(entry))).collect();
    let named = entries.iter().flat_map(|entry| {
        let names = [&entry.party.name, &entry.local_name].map(|name| name_key(name));
        let code = json!(entry.code.as_str());
        let country = entry.country();
        names
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(move |name| row(format!("{country}|{name}"), code.clone()))
    });
    let named: Vec<Row> = named.collect();
    [(OPERATORS, rows), (OPERATOR_NAMES, named)]
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(book, rows)| {
            let name = format!("{partner} {sequence}");
            // Under its own name: a change of status leaves the names as they were, and is a new edition all the same.
            let bytes = serde_json::to_vec(&(book, &name, &rows)).expect("rows are plain data");
            let source = format!("operator list of {partner}");
            Effect::Publish {
                edition: Edition {
                    head: EditionHead { book: book.into(), name, source, digest: Digest::of(&bytes) },
                    rows,
                },
            }
        })
        .collect()
}

/// A row that always answers: what an operator was on a day stands in its own history.
fn row(key: String, value: serde_json::Value) -> Row {
    Row { key, from: ALWAYS, until: None, value }
}

/// The benefits given between the moment a change took effect and the moment it reached us are looked at, day by day.
fn reviews(change: &Changed, facts: &Facts<'_>) -> Vec<Effect> {
    // Of an operator that is new to us nothing was given before.
    if change.effective >= change.received || (change.after == Status::Active && change.before.is_none()) {
        return Vec::new();
    }
    let day = |at: Timestamp| jiff::tz::TimeZone::UTC.to_datetime(at).date();
    let (first, last) = (day(change.effective), day(change.received));
    let gap = Gap {
        code: change.code.clone(),
        status: change.after,
        effective: change.effective,
        received: change.received,
        until: change.until,
        reason: change.reason.clone(),
        source: facts.case.clone(),
    };
    let mut effects = Vec::new();
    let mut at = first;
    while at <= last && effects.len() < DAYS_MAX {
        effects
            .push(Effect::act(Benefits::case_of(&change.code, at), &BenefitAct::Review { gap: gap.clone() }));
        let Ok(next) = at.checked_add(1.day()) else { break };
        at = next;
    }
    effects
}

/// First day of every row.
const ALWAYS: Date = date(1990, 1, 1);
/// The reminder to ask again.
const ASK: &str = "ask";
/// Status changes the desk shows.
const CHANGES_SHOWN: usize = 500;
/// The most changes that may wait.
const WAITING_MAX: usize = 1_000;
/// The longest latency that is looked back over, in days.
const DAYS_MAX: usize = 750;
