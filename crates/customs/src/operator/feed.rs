//! Our own list as partners get it: every change numbered once, sent to every subscriber at once, repaired on request.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Procedure, Reference, Refusal, Role, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entry::{Entry, Fingerprint};
use super::list::{OperatorList, Scope};
use crate::agreement::Writing as _;
use crate::roles::TRUSTED;
use crate::terms::Country;

/// Our list and who gets it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    us: Option<NodeId>,
    sequence: u64,
    fingerprint: Fingerprint,
    entries: BTreeMap<String, Entry>,
    /// The codes changed last, by their number, for repairs.
    changes: VecDeque<(u64, String)>,
    subscribers: BTreeMap<NodeId, Subscriber>,
}

/// A partner that gets the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscriber {
    /// Since when.
    pub since: Option<Timestamp>,
    /// How many repairs it asked for.
    pub repairs: u32,
}

/// Where the feed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It runs.
    Open,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// An operator is new, or other than before.
    Publish {
        /// As it is now.
        entry: Box<Entry>,
    },
    /// A partner is to get the list: all of it now, changes from then on.
    Subscribe {
        /// Who.
        partner: NodeId,
    },
    /// A partner is to get it no more.
    Unsubscribe {
        /// Who.
        partner: NodeId,
    },
    /// A partner missed something.
    Repair {
        /// Who.
        partner: NodeId,
        /// The last number it holds.
        after: u64,
        /// Why.
        reason: String,
        /// Its own reference.
        reference: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Publish { .. } => "publish",
            Self::Subscribe { .. } => "subscribe",
            Self::Unsubscribe { .. } => "unsubscribe",
            Self::Repair { .. } => "repair",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Changed.
    Published {
        /// Us.
        us: NodeId,
        /// The number of the change.
        sequence: u64,
        /// As it is now.
        entry: Box<Entry>,
        /// When.
        at: Timestamp,
    },
    /// Subscribed.
    Subscribed {
        /// Us.
        us: NodeId,
        /// Who.
        partner: NodeId,
        /// When.
        at: Timestamp,
    },
    /// No longer.
    Unsubscribed {
        /// Who.
        partner: NodeId,
    },
    /// Repaired.
    Repaired {
        /// Who.
        partner: NodeId,
        /// The last number it holds.
        after: u64,
        /// Its own reference.
        reference: String,
        /// When.
        at: Timestamp,
    },
}

const FEED: &str = "the recognition arrangement: exchange of lists and changes";

impl Procedure for Feed {
    const NAME: &'static str = "operator-feed";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("publish", Role::NODE, FEED),
        Offer::opening("subscribe", TRUSTED, FEED),
        Offer::opening("repair", Role::NODE, FEED),
        Offer::at(Stage::Open, "publish", Role::NODE, FEED),
        Offer::at(Stage::Open, "subscribe", TRUSTED, FEED),
        Offer::at(Stage::Open, "unsubscribe", TRUSTED, FEED),
        Offer::at(Stage::Open, "repair", Role::NODE, FEED),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("subscribe", &[Field::needed("partner", Sort::Partner)]),
        Form::of("unsubscribe", &[Field::needed("partner", Sort::Partner)]),
    ];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.us.as_ref().map(|_| Stage::Open)
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let (us, at) = (NodeId::new(facts.case.key()), facts.now);
        match act {
            Act::Publish { entry } if self.entries.get(entry.code.as_str()) == Some(&**entry) => {
                Ok(Vec::new())
            }
            Act::Publish { entry } => {
                Ok(vec![Event::Published { us, sequence: self.sequence + 1, entry: entry.clone(), at }])
            }
            Act::Subscribe { partner } if partner.as_str().is_empty() || *partner == us => {
                Err(Refusal::new("partner-unknown", partner.as_str()).remedy("partner"))
            }
            Act::Subscribe { partner } => Ok(vec![Event::Subscribed { us, partner: partner.clone(), at }]),
            Act::Unsubscribe { partner } if !self.subscribers.contains_key(partner) => Ok(Vec::new()),
            Act::Unsubscribe { partner } => Ok(vec![Event::Unsubscribed { partner: partner.clone() }]),
            Act::Repair { partner, .. } if !self.subscribers.contains_key(partner) => {
                Err(Refusal::new("partner-unknown", partner.as_str()).remedy("subscribe"))
            }
            Act::Repair { partner, after, reference, .. } => {
                let (partner, reference) = (partner.clone(), reference.clone());
                Ok(vec![Event::Repaired { partner, after: *after, reference, at }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Published { us, sequence, entry, .. } => {
                self.us = Some(us.clone());
                self.sequence = *sequence;
                if let Some(before) = self.entries.insert(entry.code.to_string(), (**entry).clone()) {
                    self.fingerprint = self.fingerprint.without(&before.digest());
                }
                self.fingerprint = self.fingerprint.with(&entry.digest());
                self.changes.push_back((*sequence, entry.code.to_string()));
                if self.changes.len() > CHANGES_KEPT {
                    self.changes.pop_front();
                }
            }
            Event::Subscribed { us, partner, at } => {
                self.us = Some(us.clone());
                self.subscribers.entry(partner.clone()).or_default().since = Some(*at);
            }
            Event::Unsubscribed { partner } => {
                self.subscribers.remove(partner);
            }
            Event::Repaired { partner, .. } => {
                if let Some(subscriber) = self.subscribers.get_mut(partner) {
                    subscriber.repairs += 1;
                }
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Published { sequence, entry, at, .. } => {
                let list = self.document(Scope::Changes, vec![(**entry).clone()], *at);
                let reference = format!("{}-{sequence}", list.country);
                let list = OperatorList { reference, ..list };
                let to = self.subscribers.keys();
                to.map(|to| Effect::send(to.clone(), OperatorList::KIND, &list, facts.case.clone())).collect()
            }
            Event::Subscribed { partner, at, .. } => {
                let mut list = self.document(Scope::Full, self.entries.values().cloned().collect(), *at);
                list.reference = format!("{}-{}-full-{}", list.country, self.sequence, at.as_second());
                vec![Effect::send(partner.clone(), OperatorList::KIND, &list, facts.case.clone())]
            }
            Event::Repaired { partner, after, reference, at } => {
                let mut list = self.repair(*after, *at);
                list.reference = format!("{}-{}-for-{reference}", list.country, self.sequence);
                vec![Effect::send(partner.clone(), OperatorList::KIND, &list, facts.case.clone())]
            }
            Event::Unsubscribed { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(us) = &self.us else { return Summary::default() };
        Summary {
            stage: "open".into(),
            title: us.to_string(),
            references: self
                .subscribers
                .keys()
                .map(|partner| Reference::new("partner", partner.as_str()))
                .collect(),
            shown: json!({
                "sequence": self.sequence, "operators": self.entries.len(), "fingerprint": self.fingerprint,
                "subscribers": self.subscribers.keys().collect::<Vec<_>>(),
            }),
            ..Summary::default()
        }
    }
}

impl Feed {
    /// The case of our own feed.
    #[must_use]
    pub fn case_of(us: &str) -> CaseId {
        CaseId::of(Self::NAME, us)
    }

    /// The number of the last change.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The list's fingerprint.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    fn document(&self, scope: Scope, entries: Vec<Entry>, at: Timestamp) -> OperatorList {
        OperatorList {
            reference: String::new(),
            country: self.us.as_ref().map(|us| Country::new(us.as_str())).unwrap_or_default(),
            scope,
            sequence: self.sequence,
            published: Some(at),
            fingerprint: self.fingerprint,
            entries,
        }
    }

    /// What a partner that holds everything up to `after` needs: the changes where they are still known and fewer than
    /// the list, else all of it.
    fn repair(&self, after: u64, at: Timestamp) -> OperatorList {
        let known = self.changes.front().is_some_and(|(first, _)| *first <= after + 1);
        let mut codes: Vec<&String> =
            self.changes.iter().filter(|(sequence, _)| *sequence > after).map(|(_, code)| code).collect();
        codes.sort();
        codes.dedup();
        if after == 0 || !known || codes.len() >= self.entries.len() {
            return self.document(Scope::Full, self.entries.values().cloned().collect(), at);
        }
        let entries = codes.into_iter().filter_map(|code| self.entries.get(code)).cloned().collect();
        self.document(Scope::Changes, entries, at)
    }
}

/// How many changes are remembered for repairs.
const CHANGES_KEPT: usize = 5_000;
