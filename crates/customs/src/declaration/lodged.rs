//! A declaration lodged with us, as a case: taken in, shared with the country of destination as far as a term allows,
//! amended, cancelled.

use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Procedure, Reference, Refusal, Role, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Acdd, Declaration, Flow, Function};
use crate::agreement::{Document, release};
use crate::gate::{Consignment, ConsignmentAct};
use crate::roles::{ANALYST, CLEARANCE, EXCHANGE, GATE, REVIEWER};

/// One declaration lodged with us.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lodged {
    declaration: Option<Declaration>,
    /// Versions of it that went to partners, from 1.
    version: u32,
    shared_with: Option<NodeId>,
    withheld: Option<Refusal>,
    cancelled: Option<String>,
}

/// Where a declaration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Taken in; an import, or an export to somewhere no partner is.
    Taken,
    /// Its extract went to the country of destination.
    Shared,
    /// Its extract may not go, or not yet.
    Withheld,
    /// Void.
    Cancelled,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// The clearance system gave it.
    Take {
        /// The declaration.
        declaration: Box<Declaration>,
    },
    /// The clearance system gave it again, changed.
    Amend {
        /// The declaration as it is now.
        declaration: Box<Declaration>,
    },
    /// It is void.
    Cancel {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Take { .. } => "take",
            Self::Amend { .. } => "amend",
            Self::Cancel { .. } => "cancel",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Taken in.
    Taken {
        /// The declaration.
        declaration: Box<Declaration>,
    },
    /// Changed.
    Amended {
        /// The declaration as it is now.
        declaration: Box<Declaration>,
    },
    /// Its extract goes to a partner.
    Shared {
        /// Who is to have it.
        with: NodeId,
        /// Which version of the extract.
        version: u32,
    },
    /// Its extract stays.
    Withheld {
        /// Why.
        refusal: Refusal,
    },
    /// Void.
    Cancelled {
        /// Why.
        reason: String,
    },
}

const CUSTODY: &str = "the administration's own clearance";

impl Procedure for Lodged {
    const NAME: &'static str = "declaration";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("take", CLEARANCE, CUSTODY),
        Offer::opening("take", Role::NODE, CUSTODY),
        Offer::at(Stage::Taken, "amend", CLEARANCE, CUSTODY),
        Offer::at(Stage::Taken, "cancel", CLEARANCE, CUSTODY),
        Offer::at(Stage::Shared, "amend", CLEARANCE, CUSTODY),
        Offer::at(Stage::Shared, "cancel", CLEARANCE, CUSTODY),
        Offer::at(Stage::Withheld, "amend", CLEARANCE, CUSTODY),
        Offer::at(Stage::Withheld, "cancel", CLEARANCE, CUSTODY),
    ];

    const FORMS: &'static [Form] = &[
        Form::of("take", &[Field::needed("declaration", Sort::Json)]),
        Form::of("amend", &[Field::needed("declaration", Sort::Json)]),
        Form::of("cancel", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[GATE, ANALYST, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.declaration.as_ref()?;
        Some(match (&self.cancelled, &self.withheld, &self.shared_with) {
            (Some(_), ..) => Stage::Cancelled,
            (None, Some(_), _) => Stage::Withheld,
            (None, None, Some(_)) => Stage::Shared,
            (None, None, None) => Stage::Taken,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Take { declaration } | Act::Amend { declaration }
                if declaration.number.trim().is_empty() =>
            {
                Err(Refusal::new("number-missing", declaration.reference.clone()).remedy("D014"))
            }
            Act::Take { declaration } => {
                let taken = Event::Taken { declaration: declaration.clone() };
                Ok(std::iter::once(taken).chain(self.sharing(declaration, facts)).collect())
            }
            Act::Amend { declaration } if self.declaration.as_ref() == Some(&**declaration) => Ok(Vec::new()),
            Act::Amend { declaration } => {
                let amended = Event::Amended { declaration: declaration.clone() };
                Ok(std::iter::once(amended).chain(self.sharing(declaration, facts)).collect())
            }
            Act::Cancel { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "cancel").remedy("reason"))
            }
            Act::Cancel { reason } => Ok(vec![Event::Cancelled { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Taken { declaration } | Event::Amended { declaration } => {
                self.declaration = Some((**declaration).clone());
            }
            Event::Shared { with, version } => {
                self.shared_with = Some(with.clone());
                self.version = *version;
                self.withheld = None;
            }
            Event::Withheld { refusal } => self.withheld = Some(refusal.clone()),
            Event::Cancelled { reason } => {
                self.cancelled = Some(reason.clone());
                self.version += u32::from(self.shared_with.is_some());
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(declaration) = &self.declaration else { return Vec::new() };
        let import = declaration.flow == Flow::Import;
        match event {
            Event::Taken { .. } | Event::Amended { .. } if import => {
                vec![declared(declaration)]
            }
            Event::Cancelled { reason } if import => vec![Effect::act(
                Consignment::case_of(&declaration.number),
                &ConsignmentAct::Withdraw { reason: reason.clone() },
            )],
            Event::Shared { with, .. } => {
                self.extract(declaration).map(|acdd| share(with, &acdd, facts)).into_iter().collect()
            }
            Event::Cancelled { reason } => self.cancellation(declaration, reason, facts),
            Event::Taken { .. } | Event::Amended { .. } | Event::Withheld { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(declaration), Some(stage)) = (&self.declaration, self.stage()) else {
            return Summary::default();
        };
        let partner = self.shared_with.as_ref().map_or("", NodeId::as_str);
        Summary {
            stage: stage.word().into(),
            title: declaration.number.clone(),
            partner: partner.to_owned(),
            closed: stage == Stage::Cancelled,
            references: references(declaration),
            shown: json!({
                "flow": declaration.flow, "exporter": declaration.exporter.name,
                "importer": declaration.importer.name, "lines": declaration.lines.len(),
                "destination": declaration.destination, "export_country": declaration.export_country,
                "consent": declaration.consent, "version": self.version, "withheld": self.withheld,
                "cancelled": self.cancelled,
            }),
            ..Summary::default()
        }
    }
}

/// What a declaration is found by: its number, and the identifiers of our own trader in it.
fn references(declaration: &Declaration) -> Vec<Reference> {
    let trader = match declaration.flow {
        Flow::Import => &declaration.importer,
        Flow::Export => &declaration.exporter,
    };
    let traders = trader.identifiers.iter().map(|one| Reference::new("trader", one.value.as_str()));
    std::iter::once(Reference::new("own", declaration.number.clone())).chain(traders).collect()
}

impl Lodged {
    /// The case of a declaration: our country and its number.
    #[must_use]
    pub fn case_of(declaration: &Declaration) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{}-{}", declaration.country, declaration.number))
    }

    /// The declaration as it stands.
    #[must_use]
    pub const fn declaration(&self) -> Option<&Declaration> {
        self.declaration.as_ref()
    }

    /// An export's extract goes to its destination where the term in force releases it today; otherwise it stays, and
    /// why is recorded. Nothing is said where no partner is meant.
    fn sharing(&self, declaration: &Declaration, facts: &Facts<'_>) -> Option<Event> {
        let with = destination(declaration)?;
        let version = self.version + 1;
        let acdd = Acdd::extract(declaration, version)?;
        let us = NodeId::new(declaration.country.as_str());
        match release(facts.books, &us, &with, facts.day(), &Document::Acdd(Box::new(acdd))) {
            Ok(_) => Some(Event::Shared { with, version }),
            Err(refusal) => Some(Event::Withheld { refusal }),
        }
    }

    fn extract(&self, declaration: &Declaration) -> Option<Acdd> {
        let acdd = Acdd::extract(declaration, self.version)?;
        let function = if self.version > 1 { Function::Replace } else { Function::Original };
        Some(Acdd { function, ..acdd })
    }

    /// Whoever has an extract hears that the declaration is void.
    fn cancellation(&self, declaration: &Declaration, reason: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let (Some(with), Some(acdd)) = (&self.shared_with, self.extract(declaration)) else {
            return Vec::new();
        };
        let acdd = Acdd { function: Function::Cancel, reason: reason.to_owned(), ..acdd };
        vec![share(with, &acdd, facts)]
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Shared => "shared",
            Self::Withheld => "withheld",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The partner an export goes to: its destination, or the country of the place it is unloaded at.
fn destination(declaration: &Declaration) -> Option<NodeId> {
    let by_place = || declaration.place.as_ref().and_then(crate::terms::Place::country);
    let country = declaration.destination.clone().or_else(by_place)?;
    (declaration.flow == Flow::Export && country != declaration.country)
        .then(|| NodeId::new(country.as_str()))
}

fn share(with: &NodeId, acdd: &Acdd, facts: &Facts<'_>) -> Effect {
    Effect::send(with.clone(), "acdd", acdd, facts.case.clone())
}

fn declared(declaration: &Declaration) -> Effect {
    let act = ConsignmentAct::Declare { declaration: Box::new(declaration.clone()) };
    Effect::act(Consignment::case_of(&declaration.number), &act)
}
