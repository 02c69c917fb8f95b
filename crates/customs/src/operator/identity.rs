//! Who an operator's code belongs to among the names our own declarations know: sure, doubtful, confirmed or not.
//!
//! Every declaration that quotes a code under a name is an observation. Names that agree are taken as the same firm;
//! doubtful ones are put to an officer, whose word is published and counts from then on.

use jiff::civil::{Date, date};
use kernel::{
    CaseId, Digest, Edition, EditionHead, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference,
    Refusal, Role, Row, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::name::name_key;
use super::recognise::{NAME_DOUBTFUL, NAME_SAME, OPERATOR_IDENTITIES};
use crate::roles::TRUSTED;
use crate::terms::Identifier;

/// One name seen with one code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    code: Option<String>,
    name: String,
    listed: String,
    agreement: u16,
    identifiers: Vec<Identifier>,
    seen: u32,
    last: Option<CaseId>,
    verdict: Option<Verdict>,
    by: String,
}

/// What an officer said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The same firm.
    Same,
    /// Another one.
    Other,
}

/// Where an identity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The names agree.
    Sure,
    /// They agree in part.
    Doubtful,
    /// They do not agree.
    Differing,
    /// An officer said it is the same firm.
    Confirmed,
    /// An officer said it is another.
    Rejected,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A declaration quoted the code under the name.
    Observe {
        /// The code.
        code: String,
        /// The name declared.
        name: String,
        /// The name listed.
        listed: String,
        /// How far they agree.
        agreement: u16,
        /// Other identifiers declared with it, such as a trader identification number.
        identifiers: Vec<Identifier>,
        /// Where.
        consignment: CaseId,
    },
    /// An officer says which.
    Judge {
        /// Same or other.
        verdict: Verdict,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Observe { .. } => "observe",
            Self::Judge { .. } => "judge",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Observed.
    Observed {
        /// The code.
        code: String,
        /// The name declared.
        name: String,
        /// The name listed.
        listed: String,
        /// How far they agree.
        agreement: u16,
        /// Other identifiers.
        identifiers: Vec<Identifier>,
        /// Where.
        consignment: CaseId,
    },
    /// Judged.
    Judged {
        /// Same or other.
        verdict: Verdict,
        /// By whom.
        by: String,
    },
}

const SEEN: &str = "the recognition test at the declaration";
const JUDGE: &str = "own practice: an officer says whether two names are one firm";

impl Procedure for Identity {
    const NAME: &'static str = "operator-identity";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("observe", Role::NODE, SEEN),
        Offer::at(Stage::Sure, "observe", Role::NODE, SEEN),
        Offer::at(Stage::Sure, "judge", TRUSTED, JUDGE),
        Offer::at(Stage::Doubtful, "observe", Role::NODE, SEEN),
        Offer::at(Stage::Doubtful, "judge", TRUSTED, JUDGE),
        Offer::at(Stage::Differing, "observe", Role::NODE, SEEN),
        Offer::at(Stage::Differing, "judge", TRUSTED, JUDGE),
        Offer::at(Stage::Confirmed, "observe", Role::NODE, SEEN),
        Offer::at(Stage::Confirmed, "judge", TRUSTED, JUDGE),
        Offer::at(Stage::Rejected, "observe", Role::NODE, SEEN),
        Offer::at(Stage::Rejected, "judge", TRUSTED, JUDGE),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "judge",
        &[Field::needed("verdict", Sort::Choice("identity-verdict", &["same", "other"]))],
    )];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.code.as_ref()?;
        Some(match self.verdict {
            Some(Verdict::Same) => Stage::Confirmed,
            Some(Verdict::Other) => Stage::Rejected,
            None if self.agreement >= NAME_SAME => Stage::Sure,
            None if self.agreement >= NAME_DOUBTFUL => Stage::Doubtful,
            None => Stage::Differing,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Observe { consignment, .. } if self.last.as_ref() == Some(consignment) => Ok(Vec::new()),
            Act::Observe { code, name, listed, agreement, identifiers, consignment } => {
                Ok(vec![Event::Observed {
                    code: code.clone(),
                    name: name.clone(),
                    listed: listed.clone(),
                    agreement: *agreement,
                    identifiers: identifiers.clone(),
                    consignment: consignment.clone(),
                }])
            }
            Act::Judge { verdict } => {
                Ok(vec![Event::Judged { verdict: *verdict, by: facts.actor.name.clone() }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Observed { code, name, listed, agreement, identifiers, consignment } => {
                self.code = Some(code.clone());
                self.name.clone_from(name);
                self.listed.clone_from(listed);
                self.agreement = *agreement;
                for one in identifiers {
                    if !self.identifiers.contains(one) && self.identifiers.len() < IDENTIFIERS_MAX {
                        self.identifiers.push(one.clone());
                    }
                }
                self.seen += 1;
                self.last = Some(consignment.clone());
            }
            Event::Judged { verdict, by } => {
                self.verdict = Some(*verdict);
                self.by.clone_from(by);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let (Event::Judged { verdict, .. }, Some(code)) = (event, &self.code) else { return Vec::new() };
        let key = format!("{code}|{}", name_key(&self.name));
        let rows = vec![Row {
            key: key.clone(),
            from: ALWAYS,
            until: None,
            value: json!(*verdict == Verdict::Same),
        }];
        // Every judgement is an edition of its own, also one that goes back to an earlier one.
        let name = format!("{key} {verdict:?} {}", facts.now);
        let digest = Digest::of(name.as_bytes());
        let head = EditionHead {
            book: OPERATOR_IDENTITIES.into(),
            name,
            source: "officer's judgement".into(),
            digest,
        };
        vec![Effect::Publish { edition: Edition { head, rows } }]
    }

    fn summary(&self) -> Summary {
        let (Some(code), Some(stage)) = (&self.code, self.stage()) else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: code.clone(),
            partner: code.get(3..5).unwrap_or_default().to_owned(),
            severity: matches!(stage, Stage::Doubtful | Stage::Differing).then_some(Severity::Note),
            closed: !matches!(stage, Stage::Doubtful | Stage::Differing),
            references: vec![Reference::new("operator", code.clone())],
            shown: json!({
                "name": self.name, "listed": self.listed, "agreement": self.agreement, "seen": self.seen,
                "identifiers": self.identifiers, "by": self.by,
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
            Self::Sure => "sure",
            Self::Doubtful => "doubtful",
            Self::Differing => "differing",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
        }
    }
}

impl Identity {
    /// The case of a name seen with a code.
    #[must_use]
    pub fn case_of(code: &str, name: &str) -> CaseId {
        let key = Digest::of(name_key(name).as_bytes()).short();
        CaseId::of(Self::NAME, format_args!("{code}-{key}"))
    }
}

/// First day of every row.
const ALWAYS: Date = date(1990, 1, 1);
/// The most identifiers remembered of a name.
const IDENTIFIERS_MAX: usize = 20;
