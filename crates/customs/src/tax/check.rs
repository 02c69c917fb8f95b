//! One line of a period's figures beside our own declarations: equal within a tolerance, or a difference somebody looks into and whose
//! result the tax authority hears.

use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Money, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::papers::{Booked, BookedKind, PeriodResult};
use crate::agreement::Admission;
use crate::assistance::{Debt, given};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER};

/// One check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PeriodCheck {
    stage: Option<Stage>,
    giver: NodeId,
    us: NodeId,
    figures: String,
    line: usize,
    period: Option<(Date, Date)>,
    booked: Option<Booked>,
    item: Option<CaseId>,
    admission: Option<Admission>,
    own: Own,
    outcome: String,
    note: String,
    /// How often the giver was told what came of it.
    told: u32,
}

/// What we have ourselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// The value of the firm's declarations of the period, in the currency that was booked by the rates of their days.
    pub value: Option<Money>,
    /// How many declarations it is the sum of.
    pub declarations: u64,
    /// Some of them.
    #[serde(default)]
    pub cases: Vec<CaseId>,
    /// How many more have no value, or one in a currency without a rate of that day.
    #[serde(default)]
    pub left_out: u64,
}

stages! {
    /// Ours is being summed.
    Received = "received",
    /// The two agree within the tolerance of the term.
    Agrees = "agrees",
    /// They differ, and somebody has to look.
    Differs = "differs",
    /// Somebody looked.
    Concluded = "concluded",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A line of figures is here.
    Receive {
        /// Who gave it.
        giver: NodeId,
        /// Who we are.
        us: NodeId,
        /// The giver's number of the exchange.
        reference: String,
        /// The line's number, from 1.
        line: usize,
        /// The period's first and last day.
        period: (Date, Date),
        /// What was booked.
        booked: Booked,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// Our own declarations are summed.
    SetOwn {
        /// What they come to.
        own: Own,
    },
    /// Somebody looked into the difference.
    Conclude {
        /// What it was, as a code.
        outcome: String,
        /// More, in words.
        note: String,
    },
}

named! {
    Receive = "receive", SetOwn = "set-own", Conclude = "conclude",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Here.
    Received {
        /// Who gave it.
        giver: NodeId,
        /// Who we are.
        us: NodeId,
        /// The giver's number of the exchange.
        reference: String,
        /// The line's number.
        line: usize,
        /// The period.
        period: (Date, Date),
        /// What was booked.
        booked: Booked,
        /// The item it came in.
        item: CaseId,
        /// The term.
        admission: Box<Admission>,
    },
    /// Set beside each other.
    Compared {
        /// Ours.
        own: Own,
        /// How much of a thousand they differ by; nothing where they cannot be compared.
        permille: Option<u32>,
        /// Whether that is more than the term tolerates.
        differs: Verdict,
    },
    /// Concluded.
    Concluded {
        /// What it was.
        outcome: String,
        /// More.
        note: String,
    },
}

/// What the comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Within the tolerance.
    Agrees,
    /// Beyond it.
    Differs,
}

/// What a difference can be.
const OUTCOMES: &[&str] =
    &["undervalued", "overvalued", "unbooked", "undeclared", "timing", "other-goods-and-services", "error"];
const MEMORANDUM: &str = "memorandum between customs and tax; WCO customs-tax guidelines 2016";

const CHANGED: &str = "one of our declarations of the period changed";

impl Procedure for PeriodCheck {
    const NAME: &'static str = "period-check";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("receive", Role::NODE, MEMORANDUM),
        Offer::at(Stage::Received, "set-own", Role::NODE, MEMORANDUM),
        Offer::at(Stage::Agrees, "set-own", Role::NODE, CHANGED),
        Offer::at(Stage::Differs, "set-own", Role::NODE, CHANGED),
        Offer::at(Stage::Concluded, "set-own", Role::NODE, CHANGED),
        Offer::at(Stage::Differs, "conclude", ANALYST, MEMORANDUM),
        Offer::at(Stage::Differs, "conclude", EXCHANGE, MEMORANDUM),
        Offer::at(Stage::Concluded, "conclude", ANALYST, "more came to light"),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "conclude",
        &[
            Field::needed("outcome", Sort::Choice("period-outcome", OUTCOMES)),
            Field::needed("note", Sort::LongText(2_000)),
        ],
    )];
    const READERS: &'static [Role] = &[DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match act {
            Act::Receive { giver, us, reference, line, period, booked, item, admission } => Event::Received {
                giver: giver.clone(),
                us: us.clone(),
                reference: reference.clone(),
                line: *line,
                period: *period,
                booked: booked.clone(),
                item: item.clone(),
                admission: admission.clone(),
            },
            Act::SetOwn { own } if self.stage != Some(Stage::Received) && *own == self.own => {
                return Ok(Vec::new());
            }
            Act::SetOwn { own } => self.compared(own),
            Act::Conclude { outcome, .. } if !OUTCOMES.contains(&outcome.as_str()) => {
                return Err(Refusal::new("outcome-unknown", outcome.clone()).remedy(OUTCOMES.join(", ")));
            }
            Act::Conclude { outcome, note } => {
                Event::Concluded { outcome: outcome.clone(), note: given("note", note)? }
            }
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Received { giver, us, reference, line, period, booked, item, admission } => {
                self.stage = Some(Stage::Received);
                self.giver = giver.clone();
                self.us = us.clone();
                self.figures.clone_from(reference);
                self.line = *line;
                self.period = Some(*period);
                self.booked = Some(booked.clone());
                self.item = Some(item.clone());
                self.admission = Some((**admission).clone());
            }
            Event::Compared { own, differs, .. } => {
                // What was concluded stands, with the new sum beside it.
                if self.stage == Some(Stage::Concluded) {
                    self.told += 1;
                } else {
                    self.stage = Some(match differs {
                        Verdict::Agrees => Stage::Agrees,
                        Verdict::Differs => Stage::Differs,
                    });
                }
                self.own = own.clone();
            }
            Event::Concluded { outcome, note } => {
                self.stage = Some(Stage::Concluded);
                self.told += 1;
                self.outcome.clone_from(outcome);
                self.note.clone_from(note);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Compared { .. } if self.stage == Some(Stage::Concluded) => vec![self.result(facts)],
            Event::Compared { differs: Verdict::Differs, .. } => self.owed(facts).into_iter().collect(),
            Event::Compared { differs: Verdict::Agrees, .. } => {
                vec![Owed::lapse(RESULT, facts.case, "agrees-now")]
            }
            Event::Concluded { .. } => {
                vec![self.result(facts), Owed::meet(RESULT, facts.case, facts.case.clone())]
            }
            Event::Received { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(booked)) = (self.stage, &self.booked) else { return Summary::default() };
        let mut references = vec![Reference::new("trader", booked.party.clone())];
        references.extend(self.item.iter().map(|case| Reference::new("item", case.as_str())));
        references.extend(self.own.cases.iter().map(|case| Reference::new("case", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: format!("{} {}", booked.party, booked.name).trim_end().to_owned(),
            partner: self.giver.to_string(),
            severity: (stage == Stage::Differs).then_some(Severity::Warning),
            closed: matches!(stage, Stage::Agrees | Stage::Concluded),
            references,
            shown: json!({
                "what": booked.what, "booked": booked.value, "declared": self.own.value,
                "declarations": self.own.declarations, "left_out": self.own.left_out,
                "difference": self.difference(), "from": self.period.map(|period| period.0),
                "until": self.period.map(|period| period.1), "outcome": self.outcome, "note": self.note,
                "term": self.admission.as_ref().map(Admission::cite),
            }),
            ..Summary::default()
        }
    }
}

impl PeriodCheck {
    /// What was booked.
    #[must_use]
    pub const fn booked(&self) -> Option<&Booked> {
        self.booked.as_ref()
    }

    /// The period's first and last day.
    #[must_use]
    pub const fn period(&self) -> Option<(Date, Date)> {
        self.period
    }

    /// Booked less declared.
    fn difference(&self) -> Option<Money> {
        let (booked, own) = (&self.booked.as_ref()?.value, self.own.value.as_ref()?);
        Some(Money { amount: booked.amount - own.amount, currency: booked.currency.clone() })
    }

    /// The term says by how much of a thousand the two may differ; where it says nothing, by nothing.
    fn compared(&self, own: &Own) -> Event {
        let booked = self.booked.as_ref().map(|booked| booked.value.amount).unwrap_or_default();
        let declared = own.value.as_ref().map(|value| value.amount).unwrap_or_default();
        let larger = booked.max(declared);
        let permille = if larger > Decimal::ZERO {
            let share = (booked - declared).abs() * Decimal::ONE_THOUSAND / larger;
            u32::try_from(share.ceil()).ok()
        } else {
            Some(0)
        };
        let tolerated =
            self.admission.as_ref().and_then(|admission| admission.term.quota("tolerance-permille"));
        let within = permille.is_some_and(|permille| permille <= tolerated.unwrap_or_default());
        let differs = if within { Verdict::Agrees } else { Verdict::Differs };
        Event::Compared { own: own.clone(), permille, differs }
    }

    /// The result is owed to the giver by the term's clock.
    fn owed(&self, facts: &Facts<'_>) -> Option<Effect> {
        let admission = self.admission.as_ref()?;
        let debt = Debt { by: &self.us, to: &self.giver, about: facts.case, admission };
        debt.open("result", RESULT, facts.now)
    }

    /// What came of it, as it goes to the giver; told again, it has another number.
    fn result(&self, facts: &Facts<'_>) -> Effect {
        let key = facts.case.key();
        let result = PeriodResult {
            reference: if self.told > 1 { format!("{key}-{}", self.told) } else { key.to_owned() },
            figures: self.figures.clone(),
            line: self.line,
            outcome: self.outcome.clone(),
            declared: self.own.value.clone(),
            text: self.note.clone(),
        };
        Effect::send(self.giver.clone(), "period-result", &result, facts.case.clone())
    }
}

/// Which of our declarations stand beside what was booked.
impl BookedKind {
    /// The flow of goods.
    #[must_use]
    pub const fn flow(self) -> crate::declaration::Flow {
        match self {
            Self::Purchases => crate::declaration::Flow::Import,
            Self::RefundBase => crate::declaration::Flow::Export,
        }
    }
}

/// What we owe for a difference.
const RESULT: &str = "result-of-period";
