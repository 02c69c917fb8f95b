//! The product-specific rules of origin of a scheme with their editions: a table as somebody made it from the scheme's annex,
//! kept as it came, read by the node, in force from a day.
//!
//! No rules are shipped: none of the annexes is held in a form that may be passed on. A scheme whose rules are not loaded is
//! said to have none loaded; it is not taken to have none.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    Attachment, CaseId, Digest, Edition, EditionHead, Effect, Facts, Field, Form, Offer, Procedure,
    Reference, Refusal, Role, Row, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::PRODUCT_RULES;
use crate::macros::{named, stages};
use crate::roles::{DIRECTOR, EXCHANGE, GATE, REVIEWER, TRUSTED};

/// What a table of rules may call itself.
pub(super) const STANDINGS: &[&str] = &["official", "derived", "demonstration"];

/// The rules of one scheme.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OriginRules {
    offered: Option<Offered>,
    loaded: Option<Loaded>,
    /// The codes for which a row was published.
    codes: BTreeSet<String>,
    ended: Option<String>,
}

/// A table as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The edition's own name, such as `Annex 3, HS 2022`.
    pub edition: String,
    /// The table.
    pub table: Attachment,
    /// The first day it holds.
    pub from: Date,
    /// The act or annex it was made from.
    pub source: String,
    /// One of [`STANDINGS`].
    pub standing: String,
}

/// The rule of one code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRule {
    /// A chapter, heading or subheading, or `*` for the scheme's general rule.
    pub hs: String,
    /// The alternatives, each as it is written.
    pub any_of: Vec<String>,
    /// The first day, where it is not the edition's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day; open where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// What reading a table gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// Rules in force.
    pub rules: usize,
    /// Lines that are no rule.
    pub faulty: usize,
    /// Alternatives that name more than a criterion, such as a process or an exception, and that people judge.
    pub for_people: usize,
    /// When it was read.
    pub at: Timestamp,
}

stages! {
    /// Handed in, not read yet.
    Offered = "offered",
    /// Read; certificates of the scheme are held against it.
    InForce = "in-force",
    /// Nothing in it could be read.
    Faulty = "faulty",
    /// No more.
    Ended = "ended",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A table is there.
    Publish {
        /// Which.
        #[serde(flatten)]
        offered: Box<Offered>,
    },
    /// It was read.
    Load {
        /// The rules.
        rules: Vec<ProductRule>,
        /// Lines that are none.
        faulty: usize,
    },
    /// The rules are not used any more.
    End {
        /// Why.
        reason: String,
    },
}

named! {
    Publish = "publish",
    Load = "load",
    End = "end",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// A table was handed in.
    Published {
        /// Which.
        offered: Box<Offered>,
    },
    /// It was read.
    Loaded {
        /// The rules.
        rules: Vec<ProductRule>,
        /// What that came to.
        loaded: Loaded,
        /// Codes that had a rule and have none in this edition.
        gone: Vec<String>,
    },
    /// Not used any more.
    Ended {
        /// Why.
        reason: String,
        /// From when.
        day: Date,
    },
}

const BASIS: &str = "the scheme's annex of product-specific rules";

impl Procedure for OriginRules {
    const NAME: &'static str = "origin-rules";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("publish", TRUSTED, BASIS),
        Offer::at(Stage::Offered, "publish", TRUSTED, BASIS),
        Offer::at(Stage::Offered, "load", Role::NODE, BASIS),
        Offer::at(Stage::InForce, "publish", TRUSTED, BASIS),
        Offer::at(Stage::InForce, "end", DIRECTOR, BASIS),
        Offer::at(Stage::Faulty, "publish", TRUSTED, BASIS),
        Offer::at(Stage::Ended, "publish", TRUSTED, BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "publish",
            &[
                Field::needed("edition", Sort::Text(80)),
                Field::needed("table", Sort::File),
                Field::needed("from", Sort::Day),
                Field::needed("source", Sort::Text(300)),
                Field::needed("standing", Sort::Choice("rules-standing", STANDINGS)),
            ],
        ),
        Form::of("end", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[GATE, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.offered.as_ref()?;
        Some(match (&self.ended, &self.loaded) {
            (Some(_), _) => Stage::Ended,
            (None, None) => Stage::Offered,
            (None, Some(loaded)) if loaded.rules == 0 => Stage::Faulty,
            (None, Some(_)) => Stage::InForce,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Publish { offered } if !STANDINGS.contains(&offered.standing.as_str()) => {
                Err(Refusal::new("value-missing", offered.standing.clone()).remedy(STANDINGS.join(", ")))
            }
            Act::Publish { offered } => Ok(vec![Event::Published { offered: offered.clone() }]),
            Act::Load { rules, faulty } => Ok(vec![self.loading(rules, *faulty, facts)]),
            Act::End { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "end").remedy("reason"))
            }
            Act::End { reason } => Ok(vec![Event::Ended { reason: reason.clone(), day: facts.day() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Published { offered } => {
                self.offered = Some((**offered).clone());
                self.loaded = None;
                self.ended = None;
            }
            Event::Loaded { rules, loaded, .. } => {
                self.loaded = Some(*loaded);
                if !rules.is_empty() {
                    self.codes = rules.iter().map(|rule| rule.hs.clone()).collect();
                }
            }
            Event::Ended { reason, .. } => self.ended = Some(reason.clone()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(offered) = &self.offered else { return Vec::new() };
        let key = |hs: &str| format!("{}/{hs}", facts.case.key());
        let none = |hs: &String, from: Date| Row { key: key(hs), from, until: None, value: Value::Null };
        let rows: Vec<Row> = match event {
            Event::Published { .. } => return Vec::new(),
            Event::Loaded { rules, gone, .. } => {
                let row = |rule: &ProductRule| Row {
                    key: key(&rule.hs),
                    from: rule.from.unwrap_or(offered.from),
                    until: rule.until,
                    value: json!(rule.any_of),
                };
                rules.iter().map(row).chain(gone.iter().map(|hs| none(hs, offered.from))).collect()
            }
            Event::Ended { day, .. } => {
                self.codes.iter().map(|hs| none(hs, (*day).max(offered.from))).collect()
            }
        };
        if rows.is_empty() {
            return Vec::new();
        }
        let head = EditionHead {
            book: PRODUCT_RULES.into(),
            name: format!("{} {}", facts.case.key(), offered.edition),
            source: offered.source.clone(),
            digest: Digest::of(format!("{}{}", facts.now, json!(rows)).as_bytes()),
        };
        vec![Effect::Publish { edition: Edition { head, rows } }]
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(offered)) = (self.stage(), &self.offered) else {
            return Summary::default();
        };
        Summary {
            stage: stage.word().into(),
            title: offered.edition.clone(),
            severity: match stage {
                Stage::Faulty => Some(Severity::Error),
                Stage::Ended => Some(Severity::Warning),
                Stage::Offered | Stage::InForce => None,
            },
            closed: stage == Stage::Ended,
            references: vec![Reference::new("edition", offered.edition.clone())],
            shown: json!({
                "edition": offered.edition, "from": offered.from, "source": offered.source,
                "standing": offered.standing, "entries": offered.table.name,
                "rules": self.loaded.map(|loaded| loaded.rules), "faulty": self.loaded.map(|loaded| loaded.faulty),
                "for_people": self.loaded.map(|loaded| loaded.for_people), "ended": self.ended,
            }),
            ..Summary::default()
        }
    }
}

impl OriginRules {
    /// The case of a scheme's rules.
    #[must_use]
    pub fn case_of(scheme: &str) -> CaseId {
        CaseId::of(Self::NAME, scheme)
    }

    /// The table that waits to be read.
    #[must_use]
    pub fn waiting(&self) -> Option<&Attachment> {
        let offered = self.offered.as_ref()?;
        (self.stage() == Some(Stage::Offered)).then_some(&offered.table)
    }

    fn loading(&self, rules: &[ProductRule], faulty: usize, facts: &Facts<'_>) -> Event {
        let alternatives = rules.iter().flat_map(|rule| &rule.any_of);
        let for_people = alternatives.filter(|one| super::Criterion::read(one).is_none()).count();
        let loaded = Loaded { rules: rules.len(), faulty, for_people, at: facts.now };
        let now: BTreeSet<&String> = rules.iter().map(|rule| &rule.hs).collect();
        // A table that cannot be read takes nothing out of force.
        let gone = self.codes.iter().filter(|hs| !rules.is_empty() && !now.contains(hs)).cloned().collect();
        Event::Loaded { rules: rules.to_vec(), loaded, gone }
    }
}
