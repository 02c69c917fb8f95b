//! A line of the feed: ours, on its way to a partner's targeting; or a partner's, held for ours.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::papers::CargoLinePaper;
use crate::agreement::{Admission, admit};
use crate::assistance::{Subject, SubjectKind};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, CLEARANCE, EXCHANGE, REVIEWER};

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CargoLine {
    stage: Option<Stage>,
    partner: NodeId,
    line: CargoLinePaper,
    item: Option<CaseId>,
    admission: Option<Admission>,
    held_back: Option<Refusal>,
    at: Option<Timestamp>,
    hits: Vec<CaseId>,
}

stages! {
    /// Ours, on its way.
    Shared = "shared",
    /// Ours, and no live term lets it go.
    Kept = "kept",
    /// A partner's, for our targeting.
    Held = "held",
    /// Somebody's targeting saw something.
    Hit = "hit",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A line is to go to a partner.
    Share {
        /// Whom.
        partner: NodeId,
        /// The line.
        line: Box<CargoLinePaper>,
    },
    /// It goes, if a live term lets it.
    Dispatch,
    /// A partner's line is here.
    Arrive {
        /// The line.
        line: Box<CargoLinePaper>,
        /// Whose.
        from: NodeId,
        /// The item it came in.
        item: CaseId,
    },
    /// Somebody's targeting saw something in it.
    NoteHit {
        /// The hit.
        hit: CaseId,
    },
}

named! {
    Share = "share", Dispatch = "dispatch", Arrive = "arrive", NoteHit = "note-hit",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// To go.
    Shared {
        /// To whom.
        partner: NodeId,
        /// The line.
        line: Box<CargoLinePaper>,
    },
    /// Out.
    Dispatched {
        /// Under which term.
        admission: Box<Admission>,
        /// When.
        at: Timestamp,
    },
    /// Not out.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// Here.
    Arrived {
        /// The line.
        line: Box<CargoLinePaper>,
        /// Whose.
        from: NodeId,
        /// The item it came in.
        item: CaseId,
        /// When.
        at: Timestamp,
    },
    /// Hit.
    HitNoted {
        /// The hit.
        hit: CaseId,
    },
}

const FEED: &str = "the term of the feed; none, no exit";
const HIT: &str = "the feed's purpose";

impl Procedure for CargoLine {
    const NAME: &'static str = "cargo-line";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("share", CLEARANCE, FEED),
        Offer::opening("share", EXCHANGE, FEED),
        Offer::opening("arrive", Role::NODE, FEED),
        Offer::at(Stage::Shared, "dispatch", Role::NODE, FEED),
        Offer::at(Stage::Shared, "note-hit", Role::NODE, HIT),
        Offer::at(Stage::Held, "note-hit", Role::NODE, HIT),
        Offer::at(Stage::Hit, "note-hit", Role::NODE, HIT),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "share",
        &[
            Field::needed("partner", Sort::Partner),
            Field::optional("line.bill", Sort::Text(40)),
            Field::optional("line.container", Sort::Text(20)),
            Field::optional("line.vehicle", Sort::Text(60)),
            Field::needed("line.shipper", Sort::Text(200)),
            Field::needed("line.consignee", Sort::Text(200)),
            Field::needed("line.goods", Sort::Text(500)),
            Field::optional("line.hs", Sort::Text(12)),
            Field::optional("line.gross_kg", Sort::Text(20)),
            Field::optional("line.loading", Sort::Text(17)),
            Field::optional("line.unloading", Sort::Text(17)),
            Field::optional("line.sails", Sort::Moment),
        ],
    )];
    const READERS: &'static [Role] = &[ANALYST, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match act {
            Act::Share { line, .. } if line.bill.is_empty() && line.container.is_empty() => {
                return Err(Refusal::new("contents-missing", "bill, container").remedy("bill"));
            }
            Act::Share { partner, line } => {
                let mut line = line.clone();
                facts.case.key().clone_into(&mut line.reference);
                Event::Shared { partner: partner.clone(), line }
            }
            Act::Dispatch => {
                let us = NodeId::new(&facts.actor.name);
                match admit(facts.books, "cargo-line", &us, &self.partner, facts.day()) {
                    Ok(admission) => Event::Dispatched { admission: Box::new(admission), at: facts.now },
                    Err(refusal) => Event::HeldBack { refusal },
                }
            }
            Act::Arrive { line, from, item } => {
                Event::Arrived { line: line.clone(), from: from.clone(), item: item.clone(), at: facts.now }
            }
            Act::NoteHit { hit } if self.hits.contains(hit) => return Ok(Vec::new()),
            Act::NoteHit { hit } => Event::HitNoted { hit: hit.clone() },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Shared { partner, line } => {
                self.stage = Some(Stage::Shared);
                self.partner = partner.clone();
                self.line = (**line).clone();
            }
            Event::Dispatched { admission, at } => {
                self.admission = Some((**admission).clone());
                self.at = Some(*at);
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.held_back = Some(refusal.clone());
            }
            Event::Arrived { line, from, item, at } => {
                self.stage = Some(Stage::Held);
                self.partner = from.clone();
                self.line = (**line).clone();
                self.item = Some(item.clone());
                self.at = Some(*at);
            }
            Event::HitNoted { hit } => {
                self.stage = Some(Stage::Hit);
                self.hits.push(hit.clone());
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Shared { .. } => vec![Effect::act(facts.case.clone(), &Act::Dispatch)],
            Event::Dispatched { .. } => {
                vec![Effect::send(self.partner.clone(), "cargo-line", &self.line, facts.case.clone())]
            }
            Event::HeldBack { .. } | Event::Arrived { .. } | Event::HitNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let number = if self.line.container.is_empty() { &self.line.bill } else { &self.line.container };
        let mut references: Vec<_> = self.subjects().iter().map(Subject::reference).collect();
        references.extend(self.item.iter().map(|case| Reference::new("item", case.as_str())));
        references.extend(self.hits.iter().map(|case| Reference::new("case", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: number.clone(),
            partner: self.partner.to_string(),
            due: self.line.sails.filter(|_| matches!(stage, Stage::Held | Stage::Hit)),
            severity: (stage == Stage::Kept).then_some(Severity::Warning),
            closed: stage == Stage::Kept,
            references,
            shown: json!({
                "bill": self.line.bill, "container": self.line.container, "vehicle": self.line.vehicle,
                "shipper": self.line.shipper, "consignee": self.line.consignee, "goods": self.line.goods,
                "hs": self.line.hs, "gross_kg": self.line.gross_kg, "loading": self.line.loading,
                "unloading": self.line.unloading, "sails": self.line.sails, "hits": self.hits,
                "term": self.admission.as_ref().map(Admission::cite), "held_back": self.held_back,
            }),
            ..Summary::default()
        }
    }
}

impl CargoLine {
    /// The case of a partner's line.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{reference}"))
    }

    fn subjects(&self) -> Vec<Subject> {
        let line = &self.line;
        [
            (SubjectKind::Container, &line.container),
            (SubjectKind::Bill, &line.bill),
            (SubjectKind::Vehicle, &line.vehicle),
            (SubjectKind::Party, &line.shipper),
            (SubjectKind::Party, &line.consignee),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(kind, value)| Subject::new(kind, value.as_str()))
        .collect()
    }
}
