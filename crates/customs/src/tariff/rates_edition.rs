//! Exchange rates as they are published: each edition states what currencies cost from a day to a day, and fills the book
//! [`RATES`]. One case for each authority that publishes them.

use jiff::civil::Date;
use kernel::{
    CaseId, Currency, Digest, Edition, EditionHead, Effect, Facts, Field, Form, Offer, Procedure, Reference,
    Refusal, Role, Row, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::exchange::{BASE, Quote, RATES};
use crate::macros::{named, stages};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, REVIEWER};

/// The editions of one authority.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExchangeRates {
    published: Option<Published>,
    editions: u32,
}

/// One edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The edition's own name, such as the notice's number.
    pub edition: String,
    /// The currency everything is quoted in.
    pub base: Currency,
    /// One a line: `USD 25430`, or `JPY/100 16750.5`.
    pub quotes: String,
    /// The first day they hold.
    pub from: Date,
    /// The last day they hold; open where the next edition ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The notice they stand in.
    pub source: String,
}

stages! {
    /// Its latest edition is in the book.
    InForce = "in-force",
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
}

named! {
    Publish = "publish",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// An edition is in the book.
    Published {
        /// Which.
        published: Box<Published>,
    },
}

const BASIS: &str = "WTO Customs Valuation Agreement, article 9 (the rate published by the authorities)";

impl Procedure for ExchangeRates {
    const NAME: &'static str = "exchange-rates";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("publish", ANALYST, BASIS),
        Offer::opening("publish", EXCHANGE, BASIS),
        Offer::at(Stage::InForce, "publish", ANALYST, BASIS),
        Offer::at(Stage::InForce, "publish", EXCHANGE, BASIS),
    ];
    const FORMS: &'static [Form] = &[Form::of(
        "publish",
        &[
            Field::needed("edition", Sort::Text(80)),
            Field::needed("base", Sort::Text(3)),
            Field::needed("quotes", Sort::LongText(20_000)),
            Field::needed("from", Sort::Day),
            Field::optional("until", Sort::Day),
            Field::needed("source", Sort::Text(300)),
        ],
    )];
    const READERS: &'static [Role] = &[GATE, REVIEWER, DIRECTOR];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.published.as_ref().map(|_| Stage::InForce)
    }

    fn decide(&self, act: &Act, _facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let Act::Publish { published } = act;
        if published.until.is_some_and(|until| until < published.from) {
            return Err(Refusal::new("days-reversed", published.from.to_string()).remedy("until"));
        }
        let lines = || published.quotes.lines().filter(|line| !line.trim().is_empty());
        match lines().find(|line| Quote::read(line).is_none()) {
            Some(line) => {
                Err(Refusal::new("rate-not-read", line.trim()).remedy("USD 25430, JPY/100 16750.5"))
            }
            None if lines().next().is_none() => Err(Refusal::new("rate-not-read", "").remedy("quotes")),
            None => Ok(vec![Event::Published { published: published.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        let Event::Published { published } = event;
        self.published = Some((**published).clone());
        self.editions += 1;
    }

    fn follow(&self, event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        let Event::Published { published } = event;
        let rows = published.rows();
        let bytes = serde_json::to_vec(&rows).expect("rows are plain data");
        let head = EditionHead {
            book: RATES.to_owned(),
            name: published.edition.clone(),
            source: published.source.clone(),
            digest: Digest::of(&bytes),
        };
        vec![Effect::Publish { edition: Edition { head, rows } }]
    }

    fn summary(&self) -> Summary {
        let Some(published) = &self.published else { return Summary::default() };
        Summary {
            stage: Stage::InForce.word().into(),
            title: published.edition.clone(),
            references: vec![Reference::new("edition", published.edition.clone())],
            shown: json!({
                "edition": published.edition, "base": published.base, "from": published.from,
                "until": published.until, "source": published.source, "editions": self.editions,
                "quotes": published.quotes.lines().count(),
            }),
            ..Summary::default()
        }
    }
}

impl ExchangeRates {
    /// The case of an authority's editions.
    #[must_use]
    pub fn case_of(authority: &str) -> CaseId {
        CaseId::of(Self::NAME, authority)
    }
}

impl Published {
    /// A row for each currency, and one for the base.
    fn rows(&self) -> Vec<Row> {
        let row =
            |key: &str, value: Value| Row { key: key.to_owned(), from: self.from, until: self.until, value };
        let quotes = self.quotes.lines().filter_map(Quote::read);
        let quoted = quotes.map(|quote| row(quote.currency.as_str(), json!(quote)));
        std::iter::once(row(BASE, json!(self.base))).chain(quoted).collect()
    }
}
