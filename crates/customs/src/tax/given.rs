//! The tax authority's own side of a period: what firms booked, as it gave it, and what customs said of each line.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::papers::{BookedKind, PeriodFigures, PeriodResult};
use crate::agreement::{Admission, Writing as _, admit};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, REVIEWER};

/// The figures of one period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FiguresGiven {
    stage: Option<Stage>,
    partner: NodeId,
    figures: PeriodFigures,
    admission: Option<Admission>,
    sent: Option<Timestamp>,
    held_back: Option<Refusal>,
    /// What customs said last of each line.
    results: BTreeMap<usize, PeriodResult>,
}

stages! {
    /// Written, and on its way if a term lets it go.
    Sent = "sent",
    /// No live term lets it go.
    Kept = "kept",
    /// Customs has it.
    Delivered = "delivered",
    /// Customs said what came of a line.
    Answered = "answered",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// What firms booked is given to customs.
    Give {
        /// To whom.
        partner: NodeId,
        /// What.
        figures: Box<PeriodFigures>,
    },
    /// It goes, if a live term lets it.
    Dispatch,
    /// It is tried again after the terms changed.
    Retry,
    /// Customs' receipt is here.
    Deliver {
        /// The sent item.
        evidence: CaseId,
    },
    /// Customs says what came of a line.
    Hear {
        /// What.
        result: Box<PeriodResult>,
        /// The item it came in.
        item: CaseId,
        /// From whom.
        from: NodeId,
    },
}

named! { Give = "give", Dispatch = "dispatch", Retry = "retry", Deliver = "deliver", Hear = "hear", }

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Written.
    Given {
        /// To whom.
        partner: NodeId,
        /// What.
        figures: Box<PeriodFigures>,
    },
    /// Tried again.
    Retried,
    /// Out.
    Dispatched {
        /// Under which term.
        admission: Box<Admission>,
        /// When.
        at: Timestamp,
    },
    /// No live term lets it go.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// Receipted.
    Delivered {
        /// The sent item.
        evidence: CaseId,
    },
    /// Customs said what came of a line.
    ResultHeard {
        /// What.
        result: Box<PeriodResult>,
        /// The item it came in.
        item: CaseId,
    },
}

const MEMORANDUM: &str = "memorandum between customs and tax; WCO customs-tax guidelines 2016";
const DOOR: &str = "the term for its kind, direction and day; none, no exit";

impl Procedure for FiguresGiven {
    const NAME: &'static str = "figures-given";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("give", ANALYST, MEMORANDUM),
        Offer::opening("give", EXCHANGE, MEMORANDUM),
        Offer::at(Stage::Sent, "dispatch", Role::NODE, DOOR),
        Offer::at(Stage::Sent, "deliver", Role::NODE, "the partner's signed receipt"),
        Offer::at(Stage::Sent, "hear", Role::NODE, MEMORANDUM),
        Offer::at(Stage::Kept, "dispatch", Role::NODE, DOOR),
        Offer::at(Stage::Kept, "retry", EXCHANGE, DOOR),
        Offer::at(Stage::Delivered, "hear", Role::NODE, MEMORANDUM),
        Offer::at(Stage::Answered, "hear", Role::NODE, MEMORANDUM),
        Offer::at(Stage::Answered, "deliver", Role::NODE, "the partner's signed receipt"),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "give",
        &[
            Field::needed("partner", Sort::Partner),
            Field::needed("figures.from", Sort::Day),
            Field::needed("figures.until", Sort::Day),
            Field::needed("figures.lines", Sort::Lines(LINE)),
        ],
    )];
    const READERS: &'static [Role] = &[DIRECTOR, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match act {
            Act::Give { partner, figures } => {
                Event::Given { partner: partner.clone(), figures: whole(figures, facts)? }
            }
            Act::Dispatch => self.dispatched(facts),
            Act::Retry => Event::Retried,
            Act::Deliver { evidence } => Event::Delivered { evidence: evidence.clone() },
            Act::Hear { from, .. } if *from != self.partner => {
                return Err(
                    Refusal::new("not-the-partner-asked", from.as_str()).remedy(self.partner.as_str())
                );
            }
            Act::Hear { result, item, .. } => {
                Event::ResultHeard { result: result.clone(), item: item.clone() }
            }
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Given { partner, figures } => {
                self.stage = Some(Stage::Sent);
                self.partner = partner.clone();
                self.figures = (**figures).clone();
            }
            Event::Retried => self.stage = Some(Stage::Sent),
            Event::Dispatched { admission, at } => {
                self.admission = Some((**admission).clone());
                self.sent = Some(*at);
                self.held_back = None;
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.held_back = Some(refusal.clone());
            }
            Event::Delivered { .. } => {
                if self.stage == Some(Stage::Sent) {
                    self.stage = Some(Stage::Delivered);
                }
            }
            Event::ResultHeard { result, .. } => {
                self.stage = Some(Stage::Answered);
                self.results.insert(result.line, (**result).clone());
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Given { .. } | Event::Retried => vec![Effect::act(facts.case.clone(), &Act::Dispatch)],
            Event::Dispatched { .. } => {
                let (to, case) = (self.partner.clone(), facts.case.clone());
                vec![Effect::send(to, PeriodFigures::KIND, &self.figures, case)]
            }
            Event::HeldBack { .. } | Event::Delivered { .. } | Event::ResultHeard { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let lines = &self.figures.lines;
        Summary {
            stage: stage.word().into(),
            title: self.figures.reference.clone(),
            partner: self.partner.to_string(),
            severity: (stage == Stage::Kept).then_some(Severity::Warning),
            references: lines.iter().map(|line| Reference::new("trader", line.party.clone())).collect(),
            shown: json!({
                "from": self.figures.from, "until": self.figures.until, "lines": lines.len(), "sent": self.sent,
                "results": self.results, "term": self.admission.as_ref().map(Admission::cite),
                "held_back": self.held_back,
            }),
            ..Summary::default()
        }
    }
}

impl FiguresGiven {
    /// The case of the figures of this number.
    #[must_use]
    pub fn case_of(reference: &str) -> CaseId {
        CaseId::of(Self::NAME, reference)
    }

    fn dispatched(&self, facts: &Facts<'_>) -> Event {
        let us = NodeId::new(&facts.actor.name);
        match admit(facts.books, PeriodFigures::KIND, &us, &self.partner, facts.day()) {
            Ok(admission) => Event::Dispatched { admission: Box::new(admission), at: facts.now },
            Err(refusal) => Event::HeldBack { refusal },
        }
    }
}

/// Figures are of a period and of somebody; their number is the case's.
fn whole(figures: &PeriodFigures, facts: &Facts<'_>) -> Result<Box<PeriodFigures>, Refusal> {
    let missing: Vec<_> = [
        ("from", figures.from.is_none()),
        ("until", figures.until.is_none()),
        ("lines", figures.lines.is_empty()),
    ]
    .into_iter()
    .filter_map(|(name, missing)| missing.then_some(name))
    .collect();
    if !missing.is_empty() {
        return Err(Refusal::new("contents-missing", missing.join(", ")).remedy(missing[0]));
    }
    if figures.until < figures.from {
        let seen = format!("{} {}", day(figures.from), day(figures.until));
        return Err(Refusal::new("period-turned", seen).remedy("until"));
    }
    Ok(Box::new(PeriodFigures { reference: facts.case.key().to_owned(), ..figures.clone() }))
}

fn day(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// A line in a form.
const LINE: &[Field] = &[
    Field::needed("party", Sort::Text(40)),
    Field::optional("name", Sort::Text(200)),
    Field::needed("what", Sort::Choice("booked", BookedKind::CODES)),
    Field::needed("value", Sort::Money),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tax::Booked;

    #[test]
    fn a_line_has_the_fields_of_what_is_booked() {
        let blank = json!({ "party": "", "name": "", "what": "purchases", "value": { "amount": "1", "currency": "VND" } });
        assert!(serde_json::from_value::<Booked>(blank.clone()).is_ok());
        assert!(LINE.iter().all(|field| blank.get(field.name).is_some()));
    }
}
