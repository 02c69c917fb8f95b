//! Information a partner gives without being asked: graded, made an alert, its result told back, destroyed in the end.

mod act;

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answering::{On, ResultTold};
use super::clocks::{DESTROY, Debt};
use super::ending::{Ended, KEEP, KEEP_OVER};
use super::forms::{EXTRACT, GRADE};
use super::information::Information;
use super::spontaneous_out::RESULT;
use super::words::{Grade, Subject, Usefulness};
use super::{alert, dossier, given};
use crate::agreement::{Admission, Handling, ReceivedAct};
use crate::declaration::Remark;
use crate::macros::stages;
use crate::roles::{ANALYST, EXCHANGE, REVIEWER};

pub use act::Act;
use act::Event;

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
    keep_until: Option<Timestamp>,
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
    /// What it said is gone.
    Destroyed = "destroyed",
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
        Offer::at(Stage::Arrived, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Arrived, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Graded, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Graded, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Alerted, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Alerted, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Told, "keep-over", Role::NODE, KEEP),
        Offer::at(Stage::Told, "destroy", EXCHANGE, KEEP),
        Offer::at(Stage::Destroyed, "arrive", Role::NODE, "the same information again"),
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
        Form::of("destroy", &[Field::needed("protocol", Sort::LongText(1_000))]),
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
                keep_until: Some(admission.term.keep.after(facts.now)),
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
            Act::KeepOver => vec![Event::KeepEnded],
            Act::Destroy { protocol } => vec![Event::Destroyed {
                protocol: given("protocol", protocol)?,
                by: facts.actor.name.clone(),
                at: facts.now,
            }],
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Arrived { information, item, admission, us, at, keep_until } => {
                self.keep_until = *keep_until;
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
            Event::KeepEnded => {}
            Event::Destroyed { .. } => {
                self.stage = Some(Stage::Destroyed);
                self.information = stripped(&self.information);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Arrived { at, information, keep_until, .. } => {
                let result = self.debt(facts).and_then(|debt| debt.open("result", RESULT, *at));
                let over = keep_until.map(|until| Effect::wake(KEEP_OVER, until, &Act::KeepOver));
                let mut effects: Vec<_> = result.into_iter().chain(over).collect();
                effects.extend(dossier::mention(&information.subjects, facts.case));
                effects
            }
            Event::Extracted { alert, subject, text, until } => {
                vec![alert::open(alert, facts.case, self.handling(), (subject, text), *until)]
            }
            Event::ResultTold { usefulness, .. } => self.told(*usefulness, facts),
            Event::KeepEnded => {
                self.debt(facts).and_then(|debt| debt.destruction(facts.now)).into_iter().collect()
            }
            Event::Destroyed { protocol, by, at } => self.ended(protocol, by, *at, facts),
            Event::Graded { .. } | Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn spared(event: &Event) -> Option<Event> {
        let mut spared = event.clone();
        let Event::Arrived { information, .. } = &mut spared else { return None };
        **information = stripped(information);
        Some(spared)
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let subjects = &self.information.subjects;
        let mut references: Vec<_> = subjects.iter().map(Subject::reference).collect();
        references.extend(self.item.iter().map(|item| Reference::new("item", item.as_str())));
        let told = matches!(stage, Stage::Told | Stage::Destroyed);
        Summary {
            stage: stage.word().into(),
            title: subjects.first().map_or(&self.information.reference, |subject| &subject.value).clone(),
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
                "keep_until": self.keep_until,
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

    /// What we owe the giver about it.
    fn debt<'a>(&'a self, facts: &Facts<'a>) -> Option<Debt<'a>> {
        let admission = self.admission.as_ref()?;
        Some(Debt { by: &self.us, to: &self.partner, about: facts.case, admission })
    }

    /// What came of it goes back, and its item climbs.
    fn told(&self, usefulness: Usefulness, facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = self.result_told(None, facts);
        let code = usefulness.code().to_owned();
        let remark = Remark { code: "used".into(), pointer: String::new(), text: code };
        let acted = ReceivedAct::ActOn { decision: facts.case.clone(), remarks: vec![remark] };
        effects.extend(self.item.iter().map(|item| Effect::act(item.clone(), &acted)));
        effects
    }

    fn result_told(&self, destroyed: Option<Timestamp>, facts: &Facts<'_>) -> Vec<Effect> {
        let told = ResultTold {
            reference: format!(
                "{}-{}",
                facts.case.key(),
                if destroyed.is_some() { "destroyed" } else { "result" }
            ),
            of: self.information.reference.clone(),
            on: On::Information,
            usefulness: self.usefulness,
            result: self.result.clone(),
            uses: self.alerts,
            destroyed,
        };
        vec![
            Effect::send(self.partner.clone(), "assistance-result", &told, facts.case.clone()),
            Owed::meet(RESULT, facts.case, facts.case.clone()),
        ]
    }

    /// The giver hears that it is gone, whatever came of it, and the bytes go.
    fn ended(&self, protocol: &str, by: &str, at: Timestamp, facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = self.result_told(Some(at), facts);
        let reference = &self.information.reference;
        effects.extend(
            self.debt(facts)
                .zip(self.item.as_ref())
                .map(|(debt, item)| debt.destroy(&Ended { item, reference, protocol, by })),
        );
        effects.push(Owed::meet(DESTROY, facts.case, facts.case.clone()));
        effects.push(Effect::Rest { name: KEEP_OVER.into() });
        effects
    }
}

/// What stays of information when it is destroyed: which it was, and how it had to be handled.
fn stripped(information: &Information) -> Information {
    Information {
        reference: information.reference.clone(),
        purpose: information.purpose,
        grade: information.grade,
        handling: information.handling,
        of_use_until: information.of_use_until,
        ..Information::default()
    }
}
