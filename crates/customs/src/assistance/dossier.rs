//! A dossier: every open matter about one subject, so that two questions about the same thing find each other.
//!
//! The same container may be asked about by an attaché, by a letter and by another unit. Whatever area names a subject
//! mentions it here; from the second mention on, all hear of one another.

use kernel::{CaseId, Effect, Facts, Offer, Procedure, Reference, Refusal, Role, Summary};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::words::Subject;
use crate::macros::{named, stages};
use crate::roles::{ANALYST, EXCHANGE, REVIEWER};

/// What is going on about one subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    subject: Option<Subject>,
    mentions: Vec<CaseId>,
}

stages! {
    /// One matter names the subject.
    Single = "single",
    /// Several matters name it.
    Parallel = "parallel",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A matter names the subject.
    Mention {
        /// The subject as it stood.
        subject: Subject,
        /// The matter.
        case: CaseId,
    },
}

named! {
    Mention = "mention",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Named.
    Mentioned {
        /// The subject as it stood.
        subject: Subject,
        /// The matter.
        case: CaseId,
    },
}

/// Why the dossier speaks up.
pub(crate) const BASIS: &str = "own practice: the same question is not asked twice unnoticed";

impl Procedure for Dossier {
    const NAME: &'static str = "dossier";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("mention", Role::NODE, BASIS),
        Offer::at(Stage::Single, "mention", Role::NODE, BASIS),
        Offer::at(Stage::Parallel, "mention", Role::NODE, BASIS),
    ];
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.subject.as_ref()?;
        Some(if self.mentions.len() > 1 { Stage::Parallel } else { Stage::Single })
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let Act::Mention { subject, case } = act;
        if self.mentions.contains(case) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::Mentioned { subject: subject.clone(), case: case.clone() }])
    }

    fn apply(&mut self, event: &Event) {
        let Event::Mentioned { subject, case } = event;
        self.subject.get_or_insert_with(|| subject.clone());
        self.mentions.push(case.clone());
    }

    fn follow(&self, event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        let Event::Mentioned { case, .. } = event;
        let others: Vec<CaseId> = self.mentions.iter().filter(|other| *other != case).cloned().collect();
        if others.is_empty() {
            return Vec::new();
        }
        let hear = |to: &CaseId, of: &[CaseId]| Effect::Act {
            case: to.clone(),
            act: json!({ "act": "note-parallel", "cases": of }),
        };
        let mut effects = vec![hear(case, &others)];
        effects.extend(others.iter().map(|other| hear(other, std::slice::from_ref(case))));
        effects
    }

    fn summary(&self) -> Summary {
        let (Some(subject), Some(stage)) = (&self.subject, self.stage()) else { return Summary::default() };
        let mut references = vec![subject.reference()];
        references.extend(self.mentions.iter().map(|case| Reference::new("about", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: subject.value.clone(),
            references,
            shown: json!({ "kind": subject.kind, "mentions": self.mentions }),
            ..Summary::default()
        }
    }
}

/// The effects that tell the dossiers of these subjects of a case that names them.
pub(crate) fn mention(subjects: &[Subject], case: &CaseId) -> Vec<Effect> {
    let told = |subject: &Subject| {
        let act = Act::Mention { subject: subject.clone(), case: case.clone() };
        Effect::act(CaseId::of(Dossier::NAME, subject.key()), &act)
    };
    let mut keys = std::collections::BTreeSet::new();
    subjects.iter().filter(|subject| keys.insert(subject.key())).map(told).collect()
}

/// The cases among `cases` that were not noted before; nothing where there are none.
pub(crate) fn noted(known: &[CaseId], cases: &[CaseId]) -> Option<Vec<CaseId>> {
    let new: Vec<_> = cases.iter().filter(|case| !known.contains(case)).cloned().collect();
    (!new.is_empty()).then_some(new)
}
