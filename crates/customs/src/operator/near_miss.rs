//! A near miss: goods of a recognised exporter that got no benefit because its code was missing or mistyped.
//!
//! The importer is told, with the code that would have been right as far as the programme's list may be shown to a
//! trader: its own supplier's code is what the supplier would have sent it.

use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::recognise::Recognition;
use crate::roles::TRUSTED;

/// One near miss.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NearMiss {
    recognition: Option<Recognition>,
    consignment: Option<CaseId>,
    importer: String,
    noticed: Option<String>,
    dismissed: Option<String>,
    cured: bool,
}

/// Where a near miss stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nobody told the importer yet.
    Seen,
    /// The importer knows.
    Noticed,
    /// It is none.
    Dismissed,
    /// The declaration was amended and the benefit given.
    Cured,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// The recognition test saw it.
    See {
        /// What it saw.
        recognition: Box<Recognition>,
        /// On which consignment.
        consignment: CaseId,
        /// Who imports.
        importer: String,
    },
    /// The importer is told.
    Notice {
        /// How: a reference of the letter or message.
        #[serde(default)]
        reference: String,
    },
    /// It is none.
    Dismiss {
        /// Why.
        reason: String,
    },
    /// The benefit was given after all, or the declaration is gone.
    Cure,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::See { .. } => "see",
            Self::Notice { .. } => "notice",
            Self::Dismiss { .. } => "dismiss",
            Self::Cure => "cure",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Seen.
    Seen {
        /// What.
        recognition: Box<Recognition>,
        /// On which consignment.
        consignment: CaseId,
        /// Who imports.
        importer: String,
    },
    /// Told.
    Noticed {
        /// How.
        reference: String,
    },
    /// None.
    Dismissed {
        /// Why.
        reason: String,
    },
    /// No more.
    Cured,
}

const NOTICE: &str = "own practice: the trader is told what it missed";

impl Procedure for NearMiss {
    const NAME: &'static str = "near-miss";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("see", Role::NODE, "the recognition test at the declaration"),
        Offer::opening("cure", Role::NODE, "curing what was not missed changes nothing"),
        Offer::at(Stage::Seen, "see", Role::NODE, "the recognition test at the declaration"),
        Offer::at(Stage::Seen, "notice", TRUSTED, NOTICE),
        Offer::at(Stage::Seen, "dismiss", TRUSTED, NOTICE),
        Offer::at(Stage::Seen, "cure", Role::NODE, "the recognition test at the declaration"),
        Offer::at(Stage::Noticed, "see", Role::NODE, "the recognition test at the declaration"),
        Offer::at(Stage::Noticed, "cure", Role::NODE, "the recognition test at the declaration"),
        Offer::at(Stage::Dismissed, "see", Role::NODE, "the recognition test at the declaration"),
        Offer::at(Stage::Dismissed, "cure", Role::NODE, "the recognition test at the declaration"),
        Offer::at(Stage::Cured, "see", Role::NODE, "the recognition test at the declaration"),
        Offer::at(Stage::Cured, "cure", Role::NODE, "the recognition test at the declaration"),
    ];
    const FORMS: &'static [Form] = &[
        Form::of("notice", &[Field::optional("reference", Sort::Text(120))]),
        Form::of("dismiss", &[Field::needed("reason", Sort::Text(300))]),
    ];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.recognition.as_ref()?;
        Some(match () {
            () if self.cured => Stage::Cured,
            () if self.dismissed.is_some() => Stage::Dismissed,
            () if self.noticed.is_some() => Stage::Noticed,
            () => Stage::Seen,
        })
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::See { recognition, .. }
                if !self.cured && self.recognition.as_ref() == Some(&**recognition) =>
            {
                Ok(Vec::new())
            }
            Act::See { recognition, consignment, importer } => {
                let (recognition, consignment, importer) =
                    (recognition.clone(), consignment.clone(), importer.clone());
                Ok(vec![Event::Seen { recognition, consignment, importer }])
            }
            Act::Notice { reference } => Ok(vec![Event::Noticed { reference: reference.trim().to_owned() }]),
            Act::Dismiss { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "dismiss").remedy("reason"))
            }
            Act::Dismiss { reason } => Ok(vec![Event::Dismissed { reason: reason.trim().to_owned() }]),
            Act::Cure if self.recognition.is_none() || self.cured => Ok(Vec::new()),
            Act::Cure => Ok(vec![Event::Cured]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Seen { recognition, consignment, importer } => {
                *self = Self {
                    recognition: Some((**recognition).clone()),
                    consignment: Some(consignment.clone()),
                    importer: importer.clone(),
                    ..Self::default()
                };
            }
            Event::Noticed { reference } => self.noticed = Some(reference.clone()),
            Event::Dismissed { reason } => self.dismissed = Some(reason.clone()),
            Event::Cured => self.cured = true,
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let (Some(found), Some(stage)) = (&self.recognition, self.stage()) else { return Summary::default() };
        let code = found.code.as_ref().map_or("", |code| code.as_str());
        let consignment = self.consignment.as_ref().map_or("", CaseId::as_str);
        Summary {
            stage: stage.word().into(),
            title: consignment.split_once('/').map_or("", |(_, number)| number).to_owned(),
            partner: found.partner.to_string(),
            severity: (stage == Stage::Seen).then_some(Severity::Note),
            closed: stage != Stage::Seen,
            references: vec![
                Reference::new("consignment", consignment),
                Reference::new("operator", code),
                Reference::new("code", found.reason.clone()),
            ],
            shown: json!({
                "reason": found.reason, "quoted": found.quoted, "meant": code, "declared": found.declared,
                "listed": found.listed, "agreement": found.agreement, "importer": self.importer,
                "consignment": consignment, "noticed": self.noticed, "dismissed": self.dismissed,
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
            Self::Seen => "seen",
            Self::Noticed => "noticed",
            Self::Dismissed => "dismissed",
            Self::Cured => "cured",
        }
    }
}

impl NearMiss {
    /// The case of a near miss on a consignment.
    #[must_use]
    pub fn case_of(consignment: &CaseId) -> CaseId {
        CaseId::of(Self::NAME, consignment.key())
    }
}
