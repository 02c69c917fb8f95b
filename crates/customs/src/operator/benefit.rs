//! The benefits given to one operator on one day, so that they can be found again when it turns out that they rested on
//! a stale status.
//!
//! One case a day and operator: a suspension that reached us late looks at the days between, and each lists exactly the
//! consignments whose event lay in the gap. An officer sends them to post-clearance or lets them stand, with a reason.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entry::Status;
use crate::certificate::Worth;
use crate::gate::{Believed, ConsignmentAct, Difference};
use crate::roles::TRUSTED;

/// The benefits of an operator on a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Benefits {
    code: String,
    day: Option<Date>,
    given: BTreeMap<CaseId, Given>,
    gaps: Vec<Gap>,
}

/// A benefit given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The moment whose status counted.
    pub at: Timestamp,
    /// Whether it lies in a gap, and what was done about it.
    #[serde(default)]
    pub gap: Option<InGap>,
}

/// A benefit that rested on a stale status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InGap {
    /// Which gap, by its place among the day's gaps.
    pub gap: usize,
    /// What was decided; none where nobody did yet.
    #[serde(default)]
    pub decision: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// The time between a change's effect at the partner and its arrival here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The operator.
    pub code: String,
    /// What it became.
    pub status: Status,
    /// Since when, by its programme.
    pub effective: Timestamp,
    /// Since when we knew.
    pub received: Timestamp,
    /// Since when it ran again, where that was known by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why, as a class.
    pub reason: String,
    /// The list it came in.
    pub source: CaseId,
}

/// Where a day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Benefits were given; nothing is wrong with them.
    Given,
    /// Some rested on a stale status and await a decision.
    Listed,
    /// All of those were decided.
    Settled,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A benefit was given.
    Give {
        /// To whose goods.
        consignment: CaseId,
        /// The moment whose status counted.
        at: Timestamp,
    },
    /// It was taken back, with its declaration or by another judgement.
    Take {
        /// Whose goods.
        consignment: CaseId,
    },
    /// A change of status reached us late.
    Review {
        /// The gap.
        gap: Gap,
    },
    /// What is done about a listed benefit: `post-clearance` or `stands`.
    Settle {
        /// Whose goods; all listed ones where none is named.
        #[serde(default)]
        consignment: Option<CaseId>,
        /// What.
        decision: String,
        /// Why; needed where it stands.
        #[serde(default)]
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Give { .. } => "give",
            Self::Take { .. } => "take",
            Self::Review { .. } => "review",
            Self::Settle { .. } => "settle",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Given.
    Given {
        /// The operator.
        code: String,
        /// The day.
        day: Date,
        /// To whose goods.
        consignment: CaseId,
        /// The moment whose status counted.
        at: Timestamp,
    },
    /// Taken back.
    Taken {
        /// Whose goods.
        consignment: CaseId,
    },
    /// Listed as given in a gap.
    Listed {
        /// The gap.
        gap: Gap,
        /// Whose goods.
        consignments: Vec<CaseId>,
    },
    /// No longer listed: the status had begun to run again before these.
    Cleared {
        /// Since when it ran again, by the programme.
        since: Timestamp,
        /// Whose goods.
        consignments: Vec<CaseId>,
    },
    /// Decided.
    Settled {
        /// Whose goods.
        consignments: Vec<CaseId>,
        /// What.
        decision: String,
        /// Why.
        reason: String,
    },
}

const TEST: &str = "the recognition test at the declaration";
const REVIEW: &str = "recompute: a status that was effective before we knew";

impl Procedure for Benefits {
    const NAME: &'static str = "benefit";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("give", Role::NODE, TEST),
        Offer::opening("take", Role::NODE, "taking back what was not given changes nothing"),
        Offer::opening("review", Role::NODE, "a day without benefits has no gap"),
        Offer::at(Stage::Given, "give", Role::NODE, TEST),
        Offer::at(Stage::Given, "take", Role::NODE, TEST),
        Offer::at(Stage::Given, "review", Role::NODE, REVIEW),
        Offer::at(Stage::Listed, "give", Role::NODE, TEST),
        Offer::at(Stage::Listed, "take", Role::NODE, TEST),
        Offer::at(Stage::Listed, "review", Role::NODE, REVIEW),
        Offer::at(Stage::Listed, "settle", TRUSTED, "post-clearance audit; own practice"),
        Offer::at(Stage::Settled, "give", Role::NODE, TEST),
        Offer::at(Stage::Settled, "take", Role::NODE, TEST),
        Offer::at(Stage::Settled, "review", Role::NODE, REVIEW),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "settle",
        &[
            Field::optional("consignment", Sort::Case("consignment")),
            Field::needed("decision", Sort::Choice("benefit-decision", &DECISIONS)),
            Field::optional("reason", Sort::Text(300)),
        ],
    )];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.day?;
        let listed = self.given.values().filter_map(|given| given.gap.as_ref());
        Some(match (listed.clone().count(), listed.filter(|gap| gap.decision.is_none()).count()) {
            (0, _) => Stage::Given,
            (_, 0) => Stage::Settled,
            _ => Stage::Listed,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Give { consignment, at }
                if self.given.get(consignment).is_some_and(|given| given.at == *at) =>
            {
                Ok(Vec::new())
            }
            Act::Give { consignment, at } => {
                let (code, day) = about(facts.case)?;
                Ok(vec![Event::Given { code, day, consignment: consignment.clone(), at: *at }])
            }
            Act::Take { consignment } if !self.given.contains_key(consignment) => Ok(Vec::new()),
            Act::Take { consignment } => Ok(vec![Event::Taken { consignment: consignment.clone() }]),
            Act::Review { gap } => Ok(self.listed(gap)),
            Act::Settle { consignment, decision, reason } => {
                self.settled(consignment.as_ref(), decision, reason)
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Given { code, day, consignment, at } => {
                self.code.clone_from(code);
                self.day = Some(*day);
                self.given.insert(consignment.clone(), Given { at: *at, gap: None });
            }
            Event::Taken { consignment } => {
                self.given.remove(consignment);
            }
            Event::Listed { gap, consignments } => {
                let place = self.gaps.len();
                self.gaps.push(gap.clone());
                for consignment in consignments {
                    if let Some(given) = self.given.get_mut(consignment) {
                        given.gap = Some(InGap { gap: place, decision: None, reason: String::new() });
                    }
                }
            }
            Event::Cleared { consignments, .. } => {
                for consignment in consignments {
                    if let Some(given) = self.given.get_mut(consignment) {
                        given.gap = None;
                    }
                }
            }
            Event::Settled { consignments, decision, reason } => {
                for consignment in consignments {
                    let gap = self.given.get_mut(consignment).and_then(|given| given.gap.as_mut());
                    if let Some(gap) = gap {
                        gap.decision = Some(decision.clone());
                        gap.reason.clone_from(reason);
                    }
                }
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            // Every decision that rested on the status hears that it does not hold any more, or that it does again.
            Event::Listed { gap, consignments } => {
                consignments.iter().map(|one| self.told(one, Some(gap), facts)).collect()
            }
            Event::Cleared { consignments, .. } => {
                consignments.iter().map(|one| self.told(one, None, facts)).collect()
            }
            Event::Given { .. } | Event::Taken { .. } | Event::Settled { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(day), Some(stage)) = (self.day, self.stage()) else { return Summary::default() };
        let listed: Vec<_> = self.given.iter().filter(|(_, given)| given.gap.is_some()).collect();
        let mut references = vec![Reference::new("operator", self.code.clone())];
        references.extend(listed.iter().map(|(case, _)| Reference::new("consignment", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: format!("{} {day}", self.code),
            partner: self.code.get(3..5).unwrap_or_default().to_owned(),
            severity: (stage == Stage::Listed).then_some(Severity::Warning),
            closed: stage != Stage::Listed,
            references,
            shown: json!({
                "code": self.code, "day": day, "given": self.given.len(),
                "gaps": self.gaps,
                "listed": listed.iter().map(|(case, given)| json!({
                    "consignment": case, "at": given.at,
                    "decision": given.gap.as_ref().and_then(|gap| gap.decision.clone()),
                })).collect::<Vec<_>>(),
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
            Self::Given => "given",
            Self::Listed => "listed",
            Self::Settled => "settled",
        }
    }
}

impl Benefits {
    /// The case of an operator's benefits on a day.
    #[must_use]
    pub fn case_of(code: &str, day: Date) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{code}-{day}"))
    }

    /// Every benefit given, by consignment.
    #[must_use]
    pub const fn given(&self) -> &BTreeMap<CaseId, Given> {
        &self.given
    }

    /// The gaps this day lies in.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// A consignment hears what became of its benefit.
    fn told(&self, consignment: &CaseId, gap: Option<&Gap>, facts: &Facts<'_>) -> Effect {
        let at = self.given.get(consignment).map(|given| given.at.to_string()).unwrap_or_default();
        let difference = |gap: &Gap| Difference {
            code: "benefit-in-latency-gap".into(),
            item_no: 0,
            theirs: format!("{:?} {}", gap.status, gap.effective).to_lowercase(),
            ours: at.clone(),
            severity: Severity::Warning,
            excess: None,
            at_stake: None,
            stake: None,
            explanations: Vec::new(),
        };
        let believed = Believed {
            subject: facts.case.clone(),
            kind: "aeo".into(),
            quoted: self.code.clone(),
            worth: if gap.is_some() { Worth::Doubtful } else { Worth::Holds },
            differences: gap.map(difference).into_iter().collect(),
            ..Believed::default()
        };
        Effect::act(consignment.clone(), &ConsignmentAct::Believe { believed: Box::new(believed) })
    }

    /// A status that runs again clears what was listed for the time since; nothing that was decided is undone.
    fn cleared(&self, gap: &Gap) -> Vec<Event> {
        let stale = |given: &Given| {
            given.gap.as_ref().is_some_and(|listed| {
                let since = self.gaps.get(listed.gap).map(|gap| gap.effective);
                listed.decision.is_none() && since.is_some_and(|since| since < gap.effective)
            })
        };
        let after = self.given.iter().filter(|(_, given)| given.at >= gap.effective && stale(given));
        let consignments: Vec<CaseId> = after.map(|(case, _)| case.clone()).collect();
        if consignments.is_empty() {
            return Vec::new();
        }
        vec![Event::Cleared { since: gap.effective, consignments }]
    }

    /// What a change that reached us late makes happen to this day's benefits.
    fn listed(&self, gap: &Gap) -> Vec<Event> {
        if gap.status == Status::Active {
            return self.cleared(gap);
        }
        if self.gaps.contains(gap) {
            return Vec::new();
        }
        let end = gap.until.unwrap_or(gap.received).min(gap.received);
        let inside = self.given.iter().filter(|(_, given)| given.at >= gap.effective && given.at < end);
        let open = inside.filter(|(_, given)| given.gap.is_none());
        let consignments: Vec<CaseId> = open.map(|(case, _)| case.clone()).collect();
        if consignments.is_empty() {
            return Vec::new();
        }
        vec![Event::Listed { gap: gap.clone(), consignments }]
    }

    fn settled(&self, one: Option<&CaseId>, decision: &str, reason: &str) -> Result<Vec<Event>, Refusal> {
        if !DECISIONS.contains(&decision) {
            return Err(Refusal::new("reason-unknown", decision).remedy(DECISIONS.join(", ")));
        }
        if decision == "stands" && reason.trim().is_empty() {
            return Err(Refusal::new("reason-missing", "settle").remedy("reason"));
        }
        let open = self.given.iter().filter(|(case, given)| {
            given.gap.as_ref().is_some_and(|gap| gap.decision.is_none()) && one.is_none_or(|one| one == *case)
        });
        let consignments: Vec<CaseId> = open.map(|(case, _)| case.clone()).collect();
        if consignments.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Settled {
            consignments,
            decision: decision.to_owned(),
            reason: reason.trim().to_owned(),
        }])
    }
}

/// What can be done about a listed benefit.
pub const DECISIONS: [&str; 2] = ["post-clearance", "stands"];

/// Code and day, from the case.
fn about(case: &CaseId) -> Result<(String, Date), Refusal> {
    let malformed = || Refusal::new("id-malformed", case.as_str());
    let (code, day) = case.key().split_once('-').ok_or_else(malformed)?;
    Ok((code.to_owned(), day.parse().map_err(|_| malformed())?))
}
