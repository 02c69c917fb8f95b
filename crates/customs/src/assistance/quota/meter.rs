//! What one administration asked another by a kind of question, day by day, held against the quotas of the term. All questions of a
//! direction pass through one case, so that two at the same time cannot both be the last one allowed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{CaseId, Effect, Facts, NodeId, Offer, Procedure, Refusal, Role, Severity, Summary};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::agreement::{Admission, Term, admit};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, EXCHANGE, REVIEWER};
use crate::terms::Purpose;

/// The count of one direction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchMeter {
    kind: String,
    from: NodeId,
    to: NodeId,
    days: BTreeMap<Date, Day>,
    refused: u64,
    last: Option<Refusal>,
}

/// What was asked on one day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Day {
    questions: Vec<CaseId>,
    values: u64,
}

stages! {
    /// Counts.
    Counting = "counting",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A question is to be counted, and let through or not.
    Count {
        /// The question.
        question: CaseId,
        /// The document kind it goes as.
        kind: String,
        /// Who asks.
        from: NodeId,
        /// Whom.
        to: NodeId,
        /// How many values.
        values: u64,
        /// What for.
        purpose: Purpose,
    },
}

named! {
    Count = "count",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Counted and let through.
    Counted {
        /// The question.
        question: CaseId,
        /// The document kind it goes as.
        kind: String,
        /// Who asks.
        from: NodeId,
        /// Whom.
        to: NodeId,
        /// How many values.
        values: u64,
        /// The day.
        day: Date,
        /// Under which term.
        admission: Box<Admission>,
    },
    /// Not let through.
    TurnedAway {
        /// The question.
        question: CaseId,
        /// The document kind it goes as.
        kind: String,
        /// Who asks.
        from: NodeId,
        /// Whom.
        to: NodeId,
        /// Why.
        refusal: Refusal,
    },
}

/// What the meter tells the question: both sides' questions take these acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
enum Word {
    /// It may go on.
    Grant {
        /// Under which term.
        admission: Box<Admission>,
    },
    /// It may not.
    Deny {
        /// Why.
        refusal: Refusal,
    },
}

const QUOTA: &str = "the quotas of the term; none, no question";

impl Procedure for MatchMeter {
    const NAME: &'static str = "match-meter";
    const TABLE: &'static [Offer<Stage>] =
        &[Offer::opening("count", Role::NODE, QUOTA), Offer::at(Stage::Counting, "count", Role::NODE, QUOTA)];
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        (!self.from.as_str().is_empty()).then_some(Stage::Counting)
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let Act::Count { question, kind, from, to, values, purpose } = act;
        if self.days.values().any(|day| day.questions.contains(question)) {
            return Ok(Vec::new());
        }
        let (question, kind, from, to) = (question.clone(), kind.clone(), from.clone(), to.clone());
        Ok(vec![match self.weighed((&kind, &from, &to), (*values, *purpose), facts) {
            Ok(admission) => Event::Counted {
                question,
                kind,
                from,
                to,
                values: *values,
                day: facts.day(),
                admission: Box::new(admission),
            },
            Err(refusal) => Event::TurnedAway { question, kind, from, to, refusal },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Counted { question, kind, from, to, values, day, .. } => {
                (self.kind, self.from, self.to) = (kind.clone(), from.clone(), to.clone());
                let counted = self.days.entry(*day).or_default();
                counted.questions.push(question.clone());
                counted.values += values;
                while self.days.len() > DAYS_KEPT {
                    self.days.pop_first();
                }
            }
            Event::TurnedAway { kind, from, to, refusal, .. } => {
                (self.kind, self.from, self.to) = (kind.clone(), from.clone(), to.clone());
                self.refused += 1;
                self.last = Some(refusal.clone());
            }
        }
    }

    fn follow(&self, event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        let (question, word) = match event {
            Event::Counted { question, admission, .. } => {
                (question, Word::Grant { admission: admission.clone() })
            }
            Event::TurnedAway { question, refusal, .. } => {
                (question, Word::Deny { refusal: refusal.clone() })
            }
        };
        vec![Effect::act(question.clone(), &word)]
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage() else { return Summary::default() };
        let days: Vec<_> = self
            .days
            .iter()
            .rev()
            .map(|(day, count)| json!({ "day": day, "questions": count.questions.len(), "values_asked": count.values }))
            .collect();
        Summary {
            stage: stage.word().into(),
            title: format!("{} → {}", self.from, self.to),
            lane: Term::lane_of(&self.kind, &self.from, &self.to),
            severity: (self.refused > 0).then_some(Severity::Warning),
            shown: json!({ "days": days, "turned_away": self.refused, "last": self.last }),
            ..Summary::default()
        }
    }
}

impl MatchMeter {
    /// The count of what one asks another by documents of a kind.
    #[must_use]
    pub fn case_of(kind: &str, from: &NodeId, to: &NodeId) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{to}-{kind}"))
    }

    /// A term allows the question, for this purpose, and its quotas are not used up.
    fn weighed(
        &self,
        (kind, from, to): (&str, &NodeId, &NodeId),
        (values, purpose): (u64, Purpose),
        facts: &Facts<'_>,
    ) -> Result<Admission, Refusal> {
        let admission = admit(facts.books, kind, from, to, facts.day())?;
        if !admission.term.allows(purpose) {
            return Err(Refusal::new("purpose-not-allowed", purpose.code()).remedy(admission.cite()));
        }
        let today = self.days.get(&facts.day());
        let asked = today.map_or((0, 0), |day| (day.questions.len() as u64, day.values));
        let quotas = [
            ("values-a-question", values, true),
            ("questions-a-day", asked.0 + 1, true),
            ("values-a-day", asked.1 + values, false),
        ];
        for (name, wanted, needed) in quotas {
            match admission.term.quota(name) {
                None if needed => return Err(Refusal::new("quota-missing", name).remedy(admission.cite())),
                Some(most) if wanted > u64::from(most) => {
                    return Err(
                        Refusal::new("quota-spent", format!("{name} {wanted}")).remedy(most.to_string())
                    );
                }
                None | Some(_) => {}
            }
        }
        Ok(admission)
    }
}

/// The effect that has the count of its direction weigh a question: a document of this kind with so many values.
#[must_use]
pub fn count(
    question: &CaseId,
    kind: &str,
    (from, to): (&NodeId, &NodeId),
    (values, purpose): (u64, Purpose),
) -> Effect {
    let act = Act::Count {
        question: question.clone(),
        kind: kind.to_owned(),
        from: from.clone(),
        to: to.clone(),
        values,
        purpose,
    };
    Effect::act(MatchMeter::case_of(kind, from, to), &act)
}

/// How many days stay on the page; the record has all.
const DAYS_KEPT: usize = 62;
