//! A watch list with its editions: the publisher's own files, kept as they came, in force from a day.
//!
//! What a file says is read where it is used; here stands which files are in force. A change of list is an edition, and
//! screening asks anew only what it changed.

use jiff::civil::Date;
use kernel::{
    Attachment, CaseId, Digest, Edition, EditionHead, Effect, Facts, Field, Form, Offer, Procedure,
    Reference, Refusal, Role, Row, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::macros::{named, stages};
use crate::roles::{ANALYST, DIRECTOR, GATE, REVIEWER};

/// The book lists in force are rows of, by list.
pub const LISTS: &str = "watch-lists";

/// The forms lists are published in.
pub const FORMS: &[&str] = &["table", "un", "ofac"];

/// A watch list's case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WatchList {
    published: Option<Published>,
    editions: u32,
    ended: Option<String>,
}

/// One edition: which files it is, and how they are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The edition's own name, such as its date.
    pub edition: String,
    /// The form of its files, one of [`FORMS`].
    pub form: String,
    /// The entries.
    pub entries: Attachment,
    /// Further names, where the form keeps them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Attachment>,
    /// Addresses, where the form keeps them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Attachment>,
    /// The first day.
    pub from: Date,
    /// The act or publication it rests on.
    pub source: String,
}

stages! {
    /// Parties are held against it.
    InForce = "in-force",
    /// No more.
    Ended = "ended",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// An edition is there.
    Publish {
        /// Which.
        #[serde(flatten)]
        published: Box<Published>,
    },
    /// The list is not used any more.
    End {
        /// Why.
        reason: String,
    },
}

named! {
    Publish = "publish",
    End = "end",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// An edition is in force.
    Published {
        /// Which.
        published: Box<Published>,
    },
    /// Not used any more.
    Ended {
        /// Why.
        reason: String,
    },
}

const BASIS: &str = "the list's own legal basis";

impl Procedure for WatchList {
    const NAME: &'static str = "watch-list";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("publish", ANALYST, BASIS),
        Offer::at(Stage::InForce, "publish", ANALYST, BASIS),
        Offer::at(Stage::InForce, "end", DIRECTOR, BASIS),
        Offer::at(Stage::Ended, "publish", ANALYST, BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "publish",
            &[
                Field::needed("edition", Sort::Text(80)),
                Field::needed("form", Sort::Choice("watch-list-form", FORMS)),
                Field::needed("entries", Sort::File),
                Field::optional("names", Sort::File),
                Field::optional("addresses", Sort::File),
                Field::needed("from", Sort::Day),
                Field::needed("source", Sort::Text(300)),
            ],
        ),
        Form::of("end", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[REVIEWER, GATE];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.published.as_ref()?;
        Some(if self.ended.is_some() { Stage::Ended } else { Stage::InForce })
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Publish { published } if !FORMS.contains(&published.form.as_str()) => {
                Err(Refusal::new("list-form-unknown", published.form.clone()).remedy(FORMS.join(", ")))
            }
            Act::Publish { published } => Ok(vec![Event::Published { published: published.clone() }]),
            Act::End { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "end").remedy("reason"))
            }
            Act::End { reason } => Ok(vec![Event::Ended { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Published { published } => {
                self.published = Some((**published).clone());
                self.editions += 1;
                self.ended = None;
            }
            Event::Ended { reason } => self.ended = Some(reason.clone()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(published) = &self.published else { return Vec::new() };
        let (from, value) = match event {
            Event::Published { published } => (published.from, json!(published)),
            Event::Ended { reason } => (facts.day().max(published.from), json!({ "ended": reason })),
        };
        let row = Row { key: facts.case.key().to_owned(), from, until: None, value };
        let head = EditionHead {
            book: LISTS.into(),
            name: format!("{} {} {from}", facts.case.key(), published.edition),
            source: published.source.clone(),
            digest: Digest::of(format!("{}{}", facts.now, json!(row)).as_bytes()),
        };
        vec![Effect::Publish { edition: Edition { head, rows: vec![row] } }]
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(published)) = (self.stage(), &self.published) else {
            return Summary::default();
        };
        Summary {
            stage: stage.word().into(),
            title: published.edition.clone(),
            severity: (stage == Stage::Ended).then_some(Severity::Warning),
            closed: stage == Stage::Ended,
            references: vec![Reference::new("edition", published.edition.clone())],
            shown: json!({
                "edition": published.edition, "form": published.form, "from": published.from,
                "source": published.source, "entries": published.entries.name, "editions": self.editions,
                "ended": self.ended,
            }),
            ..Summary::default()
        }
    }
}

impl WatchList {
    /// The edition in force; none where the list is not used any more.
    #[must_use]
    pub const fn in_force(&self) -> Option<&Published> {
        if self.ended.is_some() { None } else { self.published.as_ref() }
    }

    /// The case of a list.
    #[must_use]
    pub fn case_of(list: &str) -> CaseId {
        CaseId::of(Self::NAME, list)
    }
}
