//! A seizure: entered and checked, told to the operation, tied to the warning it came from, completed by the laboratory.

use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::seizure_item::{Laboratory, SeizureItem};
use super::words::{GOODS, LegalState, MODES, Method, Pack};
use super::{pack, valid};
use crate::assistance::{Subject, dossier};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, COORDINATOR, DIRECTOR, EXCHANGE, GATE, REVIEWER};

/// One seizure, ours or a member's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seizure {
    stage: Option<Stage>,
    /// Who reported it; empty where it is ours.
    from: NodeId,
    report: SeizureItem,
    by: String,
    told: Vec<NodeId>,
    parallel: Vec<CaseId>,
}

stages! {
    /// Entered by us.
    Entered = "entered",
    /// Told to the members named.
    Reported = "reported",
    /// A member's.
    Heard = "heard",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A seizure is entered, or corrected.
    Enter {
        /// The report.
        report: Box<SeizureItem>,
    },
    /// The laboratory says what it was.
    RecordLaboratory {
        /// What.
        laboratory: Laboratory,
    },
    /// Members are told.
    Report {
        /// Whom.
        to: Vec<NodeId>,
    },
    /// A member's report is here.
    Arrive {
        /// The report.
        report: Box<SeizureItem>,
        /// From whom.
        from: NodeId,
    },
    /// Another case about the same subject is open.
    NoteParallel {
        /// The others.
        cases: Vec<CaseId>,
    },
}

named! {
    Enter = "enter", RecordLaboratory = "record-laboratory", Report = "report", Arrive = "arrive",
    NoteParallel = "note-parallel",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Entered.
    Entered {
        /// The report.
        report: Box<SeizureItem>,
        /// By whom.
        by: String,
    },
    /// The laboratory said.
    LaboratoryRecorded {
        /// What.
        laboratory: Laboratory,
    },
    /// Told.
    Reported {
        /// Whom.
        to: Vec<NodeId>,
    },
    /// A member's.
    Arrived {
        /// The report.
        report: Box<SeizureItem>,
        /// From whom.
        from: NodeId,
    },
    /// Others are about the same.
    ParallelNoted {
        /// Which.
        cases: Vec<CaseId>,
    },
}

const PLAN: &str = "the operation's plan; CENcomm seizure";

impl Procedure for Seizure {
    const NAME: &'static str = "seizure";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("enter", GATE, PLAN),
        Offer::opening("enter", COORDINATOR, PLAN),
        Offer::opening("enter", ANALYST, PLAN),
        Offer::opening("arrive", Role::NODE, PLAN),
        Offer::at(Stage::Entered, "enter", GATE, "a correction"),
        Offer::at(Stage::Entered, "enter", COORDINATOR, "a correction"),
        Offer::at(Stage::Entered, "record-laboratory", COORDINATOR, "laboratory certificate"),
        Offer::at(Stage::Entered, "record-laboratory", ANALYST, "laboratory certificate"),
        Offer::at(Stage::Entered, "report", COORDINATOR, PLAN),
        Offer::at(Stage::Entered, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Reported, "enter", COORDINATOR, "a correction; told again"),
        Offer::at(Stage::Reported, "record-laboratory", COORDINATOR, "laboratory certificate"),
        Offer::at(Stage::Reported, "record-laboratory", ANALYST, "laboratory certificate"),
        Offer::at(Stage::Reported, "report", COORDINATOR, PLAN),
        Offer::at(Stage::Reported, "note-parallel", Role::NODE, dossier::BASIS),
        Offer::at(Stage::Heard, "arrive", Role::NODE, "a correction, or the same report again"),
        Offer::at(Stage::Heard, "note-parallel", Role::NODE, dossier::BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "enter",
            &[
                Field::optional("report.operation", Sort::Text(60)),
                Field::needed("report.pack", Sort::Choice("pack", Pack::CODES)),
                Field::needed("report.place", Sort::Text(120)),
                Field::optional("report.position.lat", Sort::Decimal),
                Field::optional("report.position.lon", Sort::Decimal),
                Field::needed("report.at", Sort::Moment),
                Field::needed("report.mode", Sort::Choice("mode", MODES)),
                Field::optional("report.container", Sort::Text(20)),
                Field::optional("report.vehicle", Sort::Text(40)),
                Field::needed("report.goods", Sort::Lines(GOODS)),
                Field::optional("report.route.origin", Sort::Country),
                Field::optional("report.route.departure", Sort::Text(17)),
                Field::optional("report.route.destination", Sort::Text(17)),
                Field::optional("report.hiding_place", Sort::Text(200)),
                Field::needed("report.method", Sort::Choice("method", Method::CODES)),
                Field::optional("report.persons", Sort::Whole(0, 10_000)),
                Field::needed("report.legal_state", Sort::Choice("legal-state", LegalState::CODES)),
                Field::optional("report.warning", Sort::Text(60)),
                Field::optional("report.text", Sort::LongText(4_000)),
            ],
        ),
        Form::of(
            "record-laboratory",
            &[
                Field::needed("laboratory.found", Sort::Text(120)),
                Field::optional("laboratory.purity", Sort::Decimal),
                Field::needed("laboratory.by", Sort::Text(120)),
                Field::needed("laboratory.sample", Sort::Text(60)),
                Field::optional("laboratory.at", Sort::Moment),
            ],
        ),
        Form::of("report", &[Field::needed("to", Sort::Words(60))]),
    ];
    const READERS: &'static [Role] = &[DIRECTOR, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::Enter { report } => {
                vec![Event::Entered { report: self.entered(report, facts)?, by: facts.actor.name.clone() }]
            }
            Act::RecordLaboratory { laboratory } => {
                vec![Event::LaboratoryRecorded { laboratory: pack::resolved(laboratory) }]
            }
            Act::Report { to } if to.is_empty() => {
                return Err(Refusal::new("text-missing", "to").remedy("to"));
            }
            Act::Report { to } => vec![Event::Reported { to: to.clone() }],
            Act::Arrive { report, .. } if self.stage.is_some() && report.version <= self.report.version => {
                Vec::new()
            }
            Act::Arrive { report, from } => {
                vec![Event::Arrived { report: report.clone(), from: from.clone() }]
            }
            Act::NoteParallel { cases } => dossier::noted(&self.parallel, cases)
                .map(|cases| Event::ParallelNoted { cases })
                .into_iter()
                .collect(),
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Entered { report, by } => {
                self.stage = Some(Stage::Entered);
                self.report = (**report).clone();
                self.by.clone_from(by);
            }
            Event::LaboratoryRecorded { laboratory } => {
                self.report.laboratory = Some(laboratory.clone());
                self.report.version += 1;
            }
            Event::Reported { to } => {
                self.stage = Some(Stage::Reported);
                self.told.clone_from(to);
            }
            Event::Arrived { report, from } => {
                self.stage = Some(Stage::Heard);
                self.report = (**report).clone();
                self.from = from.clone();
            }
            Event::ParallelNoted { cases } => self.parallel.extend(cases.iter().cloned()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Entered { report, .. } => {
                let mut effects = dossier::mention(&report.subjects(), facts.case);
                effects.extend(self.told_again(facts));
                effects
            }
            Event::LaboratoryRecorded { .. } => self.told_again(facts),
            Event::Reported { to } => to.iter().map(|node| self.send(node, facts)).collect(),
            Event::Arrived { report, .. } => dossier::mention(&report.subjects(), facts.case),
            Event::ParallelNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let report = &self.report;
        let mut references: Vec<_> = report.subjects().iter().map(Subject::reference).collect();
        for (kind, value) in [("operation", &report.operation), ("warning", &report.warning)] {
            if !value.is_empty() {
                references.push(Reference::new(kind, value.clone()));
            }
        }
        Summary {
            stage: stage.word().into(),
            title: report.goods.first().map_or_else(String::new, |goods| goods.what.clone()),
            partner: self.from.to_string(),
            severity: (stage == Stage::Entered && !report.operation.is_empty()).then_some(Severity::Warning),
            closed: stage != Stage::Entered,
            references,
            shown: json!({
                "reference": report.reference, "operation": report.operation, "pack": report.pack,
                "place": report.place, "position": report.position, "at": report.at, "mode": report.mode,
                "goods": report.goods, "method": report.method, "legal_state": report.legal_state,
                "hiding_place": report.hiding_place, "warning": report.warning, "told": self.told,
                "laboratory": report.laboratory, "parallel": self.parallel,
            }),
            ..Summary::default()
        }
    }
}

impl Seizure {
    /// The case of a seizure of this number: a member's, or ours where there is no sender.
    #[must_use]
    pub fn case_of(from: Option<&NodeId>, reference: &str) -> CaseId {
        match from {
            Some(from) => CaseId::of(Self::NAME, format_args!("{from}-{reference}")),
            None => CaseId::of(Self::NAME, reference),
        }
    }

    /// The report.
    #[must_use]
    pub const fn report(&self) -> &SeizureItem {
        &self.report
    }

    /// Entered only whole and possible; the refusal names every place that is not.
    fn entered(&self, report: &SeizureItem, facts: &Facts<'_>) -> Result<Box<SeizureItem>, Refusal> {
        let mut report = report.clone();
        facts.case.key().clone_into(&mut report.reference);
        report.version = self.report.version + 1;
        for goods in &mut report.goods {
            pack::resolve(report.pack, goods);
        }
        let findings = valid::check(&report, facts.now);
        if findings.is_acceptable() {
            return Ok(Box::new(report));
        }
        let wrong: Vec<_> = findings
            .iter()
            .filter(|finding| finding.severity >= Severity::Error)
            .map(|finding| format!("{} {}", finding.place.path, finding.code))
            .collect();
        let first = findings.iter().find(|finding| finding.severity >= Severity::Error);
        let remedy = first.map_or_else(String::new, |finding| finding.place.path.clone());
        Err(Refusal::new("seizure-invalid", wrong.join("; ")).remedy(remedy))
    }

    fn told_again(&self, facts: &Facts<'_>) -> Vec<Effect> {
        self.told.iter().map(|node| self.send(node, facts)).collect()
    }

    /// A corrected report travels under a reference of its own.
    fn send(&self, to: &NodeId, facts: &Facts<'_>) -> Effect {
        let mut report = self.report.clone();
        if report.version > 1 {
            report.reference = format!("{}~{}", report.reference, report.version);
        }
        Effect::send(to.clone(), "seizure-report", &report, facts.case.clone())
    }
}
