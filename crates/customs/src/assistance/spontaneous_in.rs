//! Information a partner gives without being asked: graded, made an alert, its result told back.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answering::{On, ResultTold};
use super::clocks::Debt;
use super::forms::{EXTRACT, GRADE};
use super::information::Information;
use super::spontaneous_out::RESULT;
use super::words::{Grade, Subject, Usefulness};
use super::{alert, dossier, given};
use crate::agreement::{Admission, Handling, ReceivedAct};
use crate::declaration::Remark;
use crate::macros::{named, stages};
use crate::roles::{ANALYST, EXCHANGE, REVIEWER};

/// One item of information of a partner's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpontaneousIn {
    stage: Option<Stage>,
    us: NodeId,
    partner: NodeId,
    information: Information,
    item: Option<CaseId>,
    admission: Option<Admission>,
    arrived: Option<Timestamp>,
    grade: Option<Grade>,
    alerts: u32,
    result: String,
    usefulness: Option<Usefulness>,
    parallel: Vec<CaseId>,
}

stages! {
    /// Here, and nobody looked at it yet.
    Arrived = "arrived",
    /// We graded it ourselves.
    Graded = "graded",
    /// The gate looks for it.
    Alerted = "alerted",
    /// The giver knows what came of it.
    Told = "told",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is here.
    Arrive {
        /// What it says.
        information: Box<Information>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// We grade it ourselves.
    Grade {
        /// How.
        grade: Grade,
    },
    /// A sanitised extract goes to the gate.
    Extract {
        /// What the gate is to look for.
        subject: Subject,
        /// What it is told: nothing of the source.
        text: String,
        /// Until when it holds.
        until: Timestamp,
    },
    /// What came of it is told back.
    TellResult {
        /// How useful it was.
        usefulness: Usefulness,
        /// What was decided.
        result: String,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
}

named! {
    Arrive = "arrive", Grade = "grade", Extract = "extract", TellResult = "tell-result",
    NoteParallel = "note-parallel",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Here.
    Arrived {
        /// What it says.
        information: Box<Information>,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
    },
    /// Graded.
    Graded {
        /// How.
        grade: Grade,
    },
    /// At the gate.
    Extracted {
        /// The alert.
        alert: CaseId,
        /// What the gate looks for.
        subject: Subject,
        /// What it is told.
        text: String,
        /// Until when.
        until: Timestamp,
    },
    /// The result is on its way.
    ResultTold {
        /// How useful it was.
        usefulness: Usefulness,
        /// What was decided.
        result: String,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
}

const OWN_INITIATIVE: &str = "Nairobi Convention, annex I: assistance on own initiative";
const GATE_HEARS: &str = "own practice: the gate hears what to look for, not from whom";
const TOLD: &str = "the giver is told what came of it";

impl Procedure for SpontaneousIn {
    const NAME: &'static str = "spontaneous-in";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("arrive", Role::NODE, OWN_INITIATIVE),
        Offer::at(Stage::Arrived, "arrive", Role::NODE, "the same information again"),
        Offer::at(Stage::Arrived, "grade", EXCHANGE, "Europol 4x4"),
        Offer::at(Stage::Arrived, "grade", ANALYST, "Europol 4x4"),
        Offer::at(Stage::Arrived, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Graded, "arrive", Role::NODE, "the same information again"),
        Offer::at(Stage::Graded, "grade", EXCHANGE, "Europol 4x4"),
        Offer::at(Stage::Graded, "extract", EXCHANGE, GATE_HEARS),
        Offer::at(Stage::Graded, "tell-result", EXCHANGE, TOLD),
        Offer::at(Stage::Graded, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Alerted, "arrive", Role::NODE, "the same information again"),
        Offer::at(Stage::Alerted, "extract", EXCHANGE, GATE_HEARS),
        Offer::at(Stage::Alerted, "tell-result", EXCHANGE, TOLD),
        Offer::at(Stage::Alerted, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Told, "arrive", Role::NODE, "the same information again"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("grade", &GRADE),
        Form::of("extract", EXTRACT),
        Form::of(
            "tell-result",
            &[
                Field::needed("usefulness", Sort::Choice("usefulness", Usefulness::CODES)),
                Field::needed("result", Sort::LongText(2_000)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Arrive { .. } if self.stage.is_some() => Vec::new(),
            Act::Arrive { information, item, admission } => vec![Event::Arrived {
                information: information.clone(),
                item: item.clone(),
                admission: admission.clone(),
                us: NodeId::new(&facts.actor.name),
                at: facts.now,
            }],
            Act::Grade { grade } => vec![Event::Graded { grade: *grade }],
            Act::Extract { subject, text, until } => {
                let alert = alert::case_of(facts.case, self.alerts + 1);
                let (subject, text) = (subject.clone(), given("text", text)?);
                vec![Event::Extracted { alert, subject, text, until: *until }]
            }
            Act::TellResult { usefulness, result } => {
                vec![Event::ResultTold { usefulness: *usefulness, result: given("result", result)? }]
            }
            Act::NoteParallel { cases } => dossier::noted(&self.parallel, cases)
                .map(|cases| Event::ParallelNoted { cases })
                .into_iter()
                .collect(),
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Arrived { information, item, admission, us, at } => {
                self.stage = Some(Stage::Arrived);
                self.us = us.clone();
                self.partner = admission.term.from.clone();
                self.information = (**information).clone();
                self.item = Some(item.clone());
                self.admission = Some((**admission).clone());
                self.arrived = Some(*at);
            }
            Event::Graded { grade } => {
                self.stage = Some(Stage::Graded);
                self.grade = Some(*grade);
            }
            Event::Extracted { .. } => {
                self.stage = Some(Stage::Alerted);
                self.alerts += 1;
            }
            Event::ResultTold { usefulness, result } => {
                self.stage = Some(Stage::Told);
                self.usefulness = Some(*usefulness);
                self.result.clone_from(result);
            }
            Event::ParallelNoted { cases } => self.parallel.extend(cases.iter().cloned()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Arrived { admission, us, at, information, .. } => {
                let debt = Debt { by: us, to: &self.partner, about: facts.case, admission };
                let mut effects: Vec<_> = debt.open("result", RESULT, *at).into_iter().collect();
                effects.extend(dossier::mention(&information.subjects, facts.case));
                effects
            }
            Event::Extracted { alert, subject, text, until } => {
                vec![alert::open(alert, facts.case, self.handling(), (subject, text), *until)]
            }
            Event::ResultTold { usefulness, result } => self.result_told(*usefulness, result, facts),
            Event::Graded { .. } | Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let subjects = &self.information.subjects;
        let mut references: Vec<_> = subjects.iter().map(Subject::reference).collect();
        references.extend(self.item.iter().map(|item| Reference::new("item", item.as_str())));
        let told = stage == Stage::Told;
        Summary {
            stage: stage.word().into(),
            title: subjects.first().map_or_else(String::new, |subject| subject.value.clone()),
            partner: self.partner.to_string(),
            due: self.information.of_use_until.filter(|_| !told),
            severity: (stage == Stage::Arrived).then_some(Severity::Warning),
            closed: told,
            references,
            shown: json!({
                "text": self.information.text, "arrived": self.arrived, "handling": self.handling(),
                "given_grade": self.information.grade.map(|grade| grade.to_string()),
                "grade": self.grade.map(|grade| grade.to_string()), "alerts": self.alerts,
                "term": self.admission.as_ref().map(Admission::cite),
                "agreement": self.admission.as_ref().map(|admission| &admission.agreement),
                "usefulness": self.usefulness, "result": self.result, "parallel": self.parallel,
            }),
            ..Summary::default()
        }
    }
}

impl SpontaneousIn {
    /// The case of a partner's information of this number.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{reference}"))
    }

    fn handling(&self) -> Option<Handling> {
        let term = self.admission.as_ref().map(|admission| admission.term.handling);
        self.information.handling.max(term)
    }

    fn result_told(&self, usefulness: Usefulness, result: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let told = ResultTold {
            reference: format!("{}-result", facts.case.key()),
            of: self.information.reference.clone(),
            on: On::Information,
            usefulness: Some(usefulness),
            result: result.to_owned(),
            uses: self.alerts,
            destroyed: None,
        };
        let mut effects =
            vec![Effect::send(self.partner.clone(), "assistance-result", &told, facts.case.clone())];
        effects.push(Owed::meet(RESULT, facts.case, facts.case.clone()));
        let code = usefulness.code().to_owned();
        let remark = Remark { code: "used".into(), pointer: String::new(), text: code };
        let acted = ReceivedAct::ActOn { decision: facts.case.clone(), remarks: vec![remark] };
        effects.extend(self.item.iter().map(|item| Effect::act(item.clone(), &acted)));
        effects
    }
}
