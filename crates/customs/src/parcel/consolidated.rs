//! A consolidated declaration: parcels that were released on a list, declared together afterwards.

use jiff::civil::Date;
use kernel::{
    CaseId, Digest, Effect, Facts, Field, Form, Money, Named, Offer, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account::Act as AccountAct;
use crate::roles::{ANALYST, CLEARANCE, REVIEWER};

/// A consolidated declaration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Consolidated {
    stage: Option<Stage>,
    list: Option<List>,
    number: String,
    account: Option<CaseId>,
    difference: String,
}

/// What was released on a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Who declares: carrier, post or platform.
    pub declarant: String,
    /// First and last day.
    pub days: (Date, Date),
    /// Parcels on it.
    pub parcels: u64,
    /// Their value.
    pub value: Money,
    /// Duty and tax they owe.
    pub owed: Money,
    /// The digest of the list's bytes, so that it is this list and no other.
    pub digest: Digest,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Parcels were released; the declaration is awaited.
    Listed,
    /// Declared, and the same as the list.
    Declared,
    /// Declared, and not the same.
    Differs,
    /// Charged.
    Charged,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Parcels were released on this list.
    List {
        /// The list.
        list: Box<List>,
    },
    /// The declaration came.
    Declare {
        /// Its number.
        number: String,
        /// Parcels on it.
        parcels: u64,
        /// Their value.
        value: Money,
    },
    /// The difference is settled.
    Settle {
        /// How.
        reason: String,
    },
    /// What is owed goes to this account.
    Charge {
        /// The platform's account.
        account: CaseId,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::List { .. } => "list",
            Self::Declare { .. } => "declare",
            Self::Settle { .. } => "settle",
            Self::Charge { .. } => "charge",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    Listed { list: Box<List> },
    Declared { number: String, difference: String },
    Settled { reason: String },
    Charged { account: CaseId },
}

const BASIS: &str = "WCO Immediate Release Guidelines, part II (simplified and periodic declaration)";

impl Procedure for Consolidated {
    const NAME: &'static str = "consolidated";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("list", Role::NODE, BASIS),
        Offer::opening("list", CLEARANCE, BASIS),
        Offer::at(Stage::Listed, "declare", CLEARANCE, BASIS),
        Offer::at(Stage::Differs, "settle", ANALYST, BASIS),
        Offer::at(Stage::Differs, "declare", CLEARANCE, BASIS),
        Offer::at(Stage::Declared, "charge", ANALYST, BASIS),
        Offer::at(Stage::Declared, "charge", CLEARANCE, BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("list", &[Field::needed("list", Sort::Json)]),
        Form::of(
            "declare",
            &[
                Field::needed("number", Sort::Text(40)),
                Field::needed("parcels", Sort::Whole(0, 1_000_000_000)),
                Field::needed("value", Sort::Money),
            ],
        ),
        Form::of("settle", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("charge", &[Field::needed("account", Sort::Case("platform-account"))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER, ANALYST];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let event = match act {
            Act::List { list } => Event::Listed { list: list.clone() },
            Act::Declare { number, parcels, value } => {
                Event::Declared { number: number.clone(), difference: self.difference(*parcels, value) }
            }
            Act::Settle { reason } if reason.trim().is_empty() => {
                return Err(Refusal::new("reason-missing", "settle").remedy("reason"));
            }
            Act::Settle { reason } => Event::Settled { reason: reason.clone() },
            Act::Charge { account } => Event::Charged { account: account.clone() },
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Listed { list } => {
                self.stage = Some(Stage::Listed);
                self.list = Some((**list).clone());
            }
            Event::Declared { number, difference } => {
                self.stage = Some(if difference.is_empty() { Stage::Declared } else { Stage::Differs });
                self.number.clone_from(number);
                self.difference.clone_from(difference);
            }
            Event::Settled { .. } => self.stage = Some(Stage::Declared),
            Event::Charged { account } => {
                self.stage = Some(Stage::Charged);
                self.account = Some(account.clone());
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match (event, &self.list) {
            (Event::Charged { account }, Some(list)) => {
                let reference = facts.case.key().to_owned();
                let charge =
                    AccountAct::Charge { reference, amount: list.owed.clone(), parcels: list.parcels };
                vec![Effect::act(account.clone(), &charge)]
            }
            _ => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(list)) = (self.stage, &self.list) else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: list.declarant.clone(),
            severity: (stage == Stage::Differs).then_some(Severity::Warning),
            closed: stage == Stage::Charged,
            references: vec![Reference::new("number", self.number.clone())],
            shown: json!({
                "list": list, "number": self.number, "difference": self.difference, "account": self.account,
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
            Self::Listed => "listed",
            Self::Declared => "declared",
            Self::Differs => "differs",
            Self::Charged => "charged",
        }
    }
}

impl Consolidated {
    /// What differs between list and declaration; empty where nothing does.
    fn difference(&self, parcels: u64, value: &Money) -> String {
        let Some(list) = &self.list else { return String::new() };
        match (list.parcels == parcels, list.value == *value) {
            (true, true) => String::new(),
            (false, _) => format!("parcels {parcels} listed {}", list.parcels),
            (true, false) => format!("value {value} listed {}", list.value),
        }
    }
}
