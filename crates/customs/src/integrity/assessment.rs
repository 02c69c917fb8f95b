//! The yearly self-assessment by the ten elements of the Revised Arusha Declaration, each rated with what shows it.

use kernel::{Effect, Facts, Field, Form, Named, Offer, Procedure, Refusal, Sort, Summary};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::roles::{DIRECTOR, REVIEWER};

/// One year's self-assessment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    stage: Option<Stage>,
    year: i16,
    ratings: Vec<Rating>,
    improvements: String,
}

/// One element as rated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// The element, one of [`ELEMENTS`].
    pub element: String,
    /// From 1 (nothing in place) to 4 (in place, used and measured).
    pub level: u8,
    /// What shows it: a figure of the record, a document.
    pub evidence: String,
}

/// The elements of the Revised Arusha Declaration (WCO, 2003), in its order.
pub const ELEMENTS: &[&str] = &[
    "leadership",
    "regulatory-framework",
    "transparency",
    "automation",
    "reform",
    "audit",
    "code-of-conduct",
    "human-resources",
    "morale",
    "private-sector",
];

/// Where an assessment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Elements are being rated.
    Open,
    /// Closed by the Director General.
    Closed,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A year's assessment begins.
    Begin {
        /// The year.
        year: i16,
    },
    /// An element is rated, or rated anew.
    Rate {
        /// How.
        #[serde(flatten)]
        rating: Rating,
    },
    /// It is closed.
    Close {
        /// What is to be better next year.
        improvements: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Begin { .. } => "begin",
            Self::Rate { .. } => "rate",
            Self::Close { .. } => "close",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Begun.
    Begun {
        /// The year.
        year: i16,
    },
    /// Rated.
    Rated {
        /// How.
        rating: Rating,
    },
    /// Closed.
    Closed {
        /// What is to be better.
        improvements: String,
    },
}

const ARUSHA: &str = "Revised Arusha Declaration; ASEAN customs integrity framework";

impl Procedure for Assessment {
    const NAME: &'static str = "assessment";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("begin", REVIEWER, ARUSHA),
        Offer::at(Stage::Open, "rate", REVIEWER, ARUSHA),
        Offer::at(Stage::Open, "close", DIRECTOR, ARUSHA),
    ];
    const FORMS: &'static [Form] = &[
        Form::keyed("begin", "year", &[Field::needed("year", Sort::Whole(2000, 2100))]),
        Form::of(
            "rate",
            &[
                Field::needed("element", Sort::Choice("arusha", ELEMENTS)),
                Field::needed("level", Sort::Whole(1, 4)),
                Field::needed("evidence", Sort::LongText(2_000)),
            ],
        ),
        Form::of("close", &[Field::needed("improvements", Sort::LongText(4_000))]),
    ];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Begin { year } => Ok(vec![Event::Begun { year: *year }]),
            Act::Rate { rating } if !ELEMENTS.contains(&rating.element.as_str()) => {
                Err(Refusal::new("element-unknown", rating.element.clone()).remedy(ELEMENTS.join(", ")))
            }
            Act::Rate { rating } if !(1..=4).contains(&rating.level) => {
                Err(Refusal::new("level-unknown", rating.level.to_string()).remedy("1…4"))
            }
            Act::Rate { rating } if rating.evidence.trim().is_empty() => {
                Err(Refusal::new("evidence-missing", rating.element.clone()).remedy("evidence"))
            }
            Act::Rate { rating } => Ok(vec![Event::Rated { rating: rating.clone() }]),
            Act::Close { improvements } => match self.unrated() {
                Some(element) => Err(Refusal::new("element-unrated", element).remedy("rate")),
                None => Ok(vec![Event::Closed { improvements: improvements.clone() }]),
            },
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Begun { year } => {
                self.stage = Some(Stage::Open);
                self.year = *year;
            }
            Event::Rated { rating } => {
                self.ratings.retain(|known| known.element != rating.element);
                self.ratings.push(rating.clone());
            }
            Event::Closed { improvements } => {
                self.stage = Some(Stage::Closed);
                self.improvements.clone_from(improvements);
            }
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: self.year.to_string(),
            closed: stage == Stage::Closed,
            shown: json!({
                "ratings": self.ratings, "improvements": self.improvements,
                "rated": self.ratings.len(), "of": ELEMENTS.len(),
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
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl Assessment {
    fn unrated(&self) -> Option<&'static str> {
        let rated = |element: &str| self.ratings.iter().any(|rating| rating.element == element);
        ELEMENTS.iter().copied().find(|element| !rated(element))
    }
}
