//! What an office can look at in a day: said once by whoever runs it, kept with its date, and what every trial of a profile is
//! held against.

use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::macros::stages;
use crate::roles::{ANALYST, DIRECTOR, GATE, REVIEWER};

/// An office's case; its key is the office's code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeCapacity {
    can: Option<Can>,
}

/// What an office can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Can {
    /// Lines a day its officers can look at.
    pub lines: u32,
    /// What that rests on, such as its officers and bays.
    #[serde(default)]
    pub because: String,
    /// Who said so.
    #[serde(default)]
    pub by: String,
}

stages! {
    /// It holds.
    InForce = "in-force",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Says it, or says it anew.
    Say {
        /// Lines a day.
        lines: u32,
        /// What that rests on.
        #[serde(default)]
        because: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        "say"
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// It was said.
    Said {
        /// What.
        can: Can,
    },
}

const BASIS: &str =
    "Revised Kyoto Convention, General Annex, standard 6.4 (risk analysis decides what is looked at)";
/// No office looks at more lines in a day.
const LINES_MAX: u32 = 100_000;

impl Procedure for OfficeCapacity {
    const NAME: &'static str = "office-capacity";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("say", ANALYST, BASIS),
        Offer::opening("say", DIRECTOR, BASIS),
        Offer::at(Stage::InForce, "say", ANALYST, BASIS),
        Offer::at(Stage::InForce, "say", DIRECTOR, BASIS),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "say",
        &[
            Field::needed("lines", Sort::Whole(1, LINES_MAX as i64)),
            Field::optional("because", Sort::Text(300)),
        ],
    )];
    const READERS: &'static [Role] = &[REVIEWER, GATE];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.can.as_ref().map(|_| Stage::InForce)
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let Act::Say { lines, because } = act;
        if !(1..=LINES_MAX).contains(lines) {
            return Err(
                Refusal::new("capacity-out-of-bounds", lines.to_string()).remedy(format!("1..{LINES_MAX}"))
            );
        }
        let can = Can { lines: *lines, because: because.clone(), by: facts.actor.name.clone() };
        Ok(vec![Event::Said { can }])
    }

    fn apply(&mut self, event: &Event) {
        let Event::Said { can } = event;
        self.can = Some(can.clone());
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(can)) = (self.stage(), &self.can) else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: can.because.clone(),
            references: vec![Reference::new("lines", can.lines.to_string())],
            shown: json!({ "lines": can.lines, "because": can.because, "by": can.by }),
            ..Summary::default()
        }
    }
}

impl OfficeCapacity {
    /// The case of an office.
    #[must_use]
    pub fn case_of(office: &str) -> CaseId {
        CaseId::of(Self::NAME, office)
    }

    /// What it can do.
    #[must_use]
    pub const fn can(&self) -> Option<&Can> {
        self.can.as_ref()
    }
}
