//! A platform's tax account: what its parcels owe by period, what it has paid, what its guarantee still covers.

use jiff::civil::Date;
use kernel::{
    Effect, Facts, Field, Form, Money, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::roles::{ANALYST, CLEARANCE, DIRECTOR, REVIEWER};

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    stage: Option<Stage>,
    platform: String,
    tax_id: String,
    currency: String,
    guarantee: Decimal,
    owed: Decimal,
    posts: Vec<Post>,
    reason: String,
}

/// One movement on an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// The period or payment, each once.
    pub reference: String,
    /// The day.
    pub day: Date,
    /// What it adds to what is owed; payments take away.
    pub amount: Decimal,
    /// Parcels it is for.
    pub parcels: u64,
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// In use.
    Open,
    /// What is owed is over the guarantee: parcels are charged one by one.
    Suspended,
    /// No more.
    Closed,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Open it.
    Open {
        /// The platform.
        platform: String,
        /// Its tax registration.
        tax_id: String,
        /// What it has put up.
        guarantee: Money,
    },
    /// Parcels of a period owe this.
    Charge {
        /// The period; one is charged once.
        reference: String,
        /// How much.
        amount: Money,
        /// For how many parcels.
        parcels: u64,
    },
    /// A payment came.
    Pay {
        /// Its reference; one is counted once.
        reference: String,
        /// How much.
        amount: Money,
    },
    /// Another guarantee.
    SetGuarantee {
        /// How much.
        guarantee: Money,
    },
    /// Close it.
    Close {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Charge { .. } => "charge",
            Self::Pay { .. } => "pay",
            Self::SetGuarantee { .. } => "set-guarantee",
            Self::Close { .. } => "close",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    Opened { platform: String, tax_id: String, guarantee: Money },
    Posted { post: Post },
    GuaranteeSet { guarantee: Decimal },
    Suspended,
    Resumed,
    Closed { reason: String },
}

const BASIS: &str = "the country's rule on tax at the sale, as its edition names it";

impl Procedure for Account {
    const NAME: &'static str = "platform-account";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("open", ANALYST, BASIS),
        Offer::at(Stage::Open, "charge", Role::NODE, BASIS),
        Offer::at(Stage::Open, "charge", CLEARANCE, BASIS),
        Offer::at(Stage::Open, "pay", CLEARANCE, BASIS),
        Offer::at(Stage::Open, "pay", ANALYST, BASIS),
        Offer::at(Stage::Open, "set-guarantee", ANALYST, BASIS),
        Offer::at(Stage::Open, "close", DIRECTOR, BASIS),
        Offer::at(Stage::Suspended, "charge", Role::NODE, BASIS),
        Offer::at(Stage::Suspended, "charge", CLEARANCE, BASIS),
        Offer::at(Stage::Suspended, "pay", CLEARANCE, BASIS),
        Offer::at(Stage::Suspended, "pay", ANALYST, BASIS),
        Offer::at(Stage::Suspended, "set-guarantee", ANALYST, BASIS),
        Offer::at(Stage::Suspended, "close", DIRECTOR, BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "open",
            &[
                Field::needed("platform", Sort::Text(80)),
                Field::needed("tax_id", Sort::Text(40)),
                Field::needed("guarantee", Sort::Money),
            ],
        ),
        Form::of("pay", &[Field::needed("reference", Sort::Text(40)), Field::needed("amount", Sort::Money)]),
        Form::of(
            "charge",
            &[
                Field::needed("reference", Sort::Text(40)),
                Field::needed("amount", Sort::Money),
                Field::needed("parcels", Sort::Whole(0, 1_000_000_000)),
            ],
        ),
        Form::of("set-guarantee", &[Field::needed("guarantee", Sort::Money)]),
        Form::of("close", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let day = facts.day();
        match act {
            Act::Open { platform, tax_id, guarantee } => Ok(vec![Event::Opened {
                platform: platform.clone(),
                tax_id: tax_id.clone(),
                guarantee: guarantee.clone(),
            }]),
            Act::Charge { reference, amount, parcels } => self.posted(Post {
                reference: reference.clone(),
                day,
                amount: self.own(amount)?,
                parcels: *parcels,
            }),
            Act::Pay { reference, amount } => self.posted(Post {
                reference: reference.clone(),
                day,
                amount: -self.own(amount)?,
                parcels: 0,
            }),
            Act::SetGuarantee { guarantee } => {
                let guarantee = self.own(guarantee)?;
                Ok([vec![Event::GuaranteeSet { guarantee }], self.settled(self.owed, guarantee)].concat())
            }
            Act::Close { .. } if self.owed > Decimal::ZERO => {
                Err(Refusal::new("still-owed", self.owed.to_string()).remedy("pay"))
            }
            Act::Close { reason } => Ok(vec![Event::Closed { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened { platform, tax_id, guarantee } => {
                self.stage = Some(Stage::Open);
                self.platform.clone_from(platform);
                self.tax_id.clone_from(tax_id);
                self.currency = guarantee.currency.as_str().to_owned();
                self.guarantee = guarantee.amount;
            }
            Event::Posted { post } => {
                self.owed += post.amount;
                self.posts.push(post.clone());
            }
            Event::GuaranteeSet { guarantee } => self.guarantee = *guarantee,
            Event::Suspended => self.stage = Some(Stage::Suspended),
            Event::Resumed => self.stage = Some(Stage::Open),
            Event::Closed { reason } => {
                self.stage = Some(Stage::Closed);
                self.reason.clone_from(reason);
            }
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: self.platform.clone(),
            severity: (stage == Stage::Suspended).then_some(Severity::Error),
            closed: stage == Stage::Closed,
            references: vec![Reference::new("tax-id", self.tax_id.clone())],
            shown: json!({
                "platform": self.platform, "tax_id": self.tax_id, "currency": self.currency,
                "guarantee": self.guarantee, "owed": self.owed, "posts": self.posts, "reason": self.reason,
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
            Self::Open => "open",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }
}

impl Account {
    /// An amount above nothing in the account's own currency.
    fn own(&self, money: &Money) -> Result<Decimal, Refusal> {
        if money.currency.as_str() != self.currency {
            return Err(Refusal::new("currency-other", money.currency.as_str()).remedy(self.currency.clone()));
        }
        if money.amount <= Decimal::ZERO {
            return Err(Refusal::new("amount-not-positive", money.amount.to_string()));
        }
        Ok(money.amount)
    }

    /// A movement, once; then the account is suspended or goes on as what is owed stands to the guarantee.
    fn posted(&self, post: Post) -> Result<Vec<Event>, Refusal> {
        if self.posts.iter().any(|known| known.reference == post.reference && known.amount == post.amount) {
            return Ok(Vec::new());
        }
        if self.posts.iter().any(|known| known.reference == post.reference) {
            return Err(Refusal::new("reference-used", post.reference));
        }
        let owed = self.owed + post.amount;
        Ok([vec![Event::Posted { post }], self.settled(owed, self.guarantee)].concat())
    }

    fn settled(&self, owed: Decimal, guarantee: Decimal) -> Vec<Event> {
        match self.stage {
            Some(Stage::Open) if owed > guarantee => vec![Event::Suspended],
            Some(Stage::Suspended) if owed <= guarantee => vec![Event::Resumed],
            _ => Vec::new(),
        }
    }
}
