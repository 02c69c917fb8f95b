//! Registers of the procedure: authorised traders, vehicle permits, restricted goods, offices, policy. Each entry is a case
//! that publishes one dated row of a book; revoking it publishes another.

use jiff::civil::Date;
use kernel::{
    Books, CaseId, Digest, Edition, EditionHead, Effect, Facts, Field, Form, Named, Offer, Procedure,
    Reference, Refusal, Role, Row, Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::declaration::Declaration;
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, SECRETARY};

/// The books that are kept this way.
pub const BOOKS: [&str; 5] = [TRADERS, PERMITS, GOODS, OFFICES, super::policy::POLICY];
/// Authorisations of transit traders, by their number.
pub const TRADERS: &str = "transit-traders";
/// Goods vehicle cross-border permits (AGVCBP), by their number.
pub const PERMITS: &str = "vehicle-permits";
/// Prohibited and restricted goods, by `COUNTRY/START OF CODE`.
pub const GOODS: &str = "transit-goods";
/// Offices with their place, by number.
pub const OFFICES: &str = "transit-offices";

/// One entry of a register.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entered {
    book: String,
    key: String,
    value: Value,
    from: Option<Date>,
    until: Option<Date>,
    source: String,
    revoked: Option<Date>,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It holds on its days.
    Standing,
    /// It holds no longer.
    Revoked,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is entered, or entered anew.
    Enter {
        /// What it says.
        value: Value,
        /// The first day.
        from: Date,
        /// The last; open where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        /// The act it rests on.
        source: String,
    },
    /// It holds no longer.
    Revoke {
        /// From which day.
        from: Date,
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Enter { .. } => "enter",
            Self::Revoke { .. } => "revoke",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Entered.
    Entered {
        /// The book and the key.
        at: (String, String),
        /// What it says.
        value: Value,
        /// The first day.
        from: Date,
        /// The last.
        until: Option<Date>,
        /// The act it rests on.
        source: String,
    },
    /// Revoked.
    Revoked {
        /// From which day.
        from: Date,
        /// Why.
        reason: String,
    },
}

const BASIS: &str = "national law on transit; Protocols 2, 3 and 7 of AFAFGIT";

impl Procedure for Entered {
    const NAME: &'static str = "transit-register";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("enter", SECRETARY, BASIS),
        Offer::opening("enter", GATE, BASIS),
        Offer::at(Stage::Standing, "enter", SECRETARY, BASIS),
        Offer::at(Stage::Standing, "enter", GATE, BASIS),
        Offer::at(Stage::Standing, "revoke", SECRETARY, BASIS),
        Offer::at(Stage::Standing, "revoke", GATE, BASIS),
        Offer::at(Stage::Revoked, "enter", SECRETARY, BASIS),
        Offer::at(Stage::Revoked, "enter", GATE, BASIS),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "enter",
            &[
                Field::needed("value", Sort::Json),
                Field::needed("from", Sort::Day),
                Field::optional("until", Sort::Day),
                Field::needed("source", Sort::Text(300)),
            ],
        ),
        Form::of("revoke", &[Field::needed("from", Sort::Day), Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, DIRECTOR];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.from?;
        Some(if self.revoked.is_some() { Stage::Revoked } else { Stage::Standing })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let (book, key) = facts.case.key().split_once(':').unwrap_or_else(|| (facts.case.key(), ""));
        if !BOOKS.contains(&book) || key.is_empty() {
            return Err(Refusal::new("register-unknown", facts.case.key()).remedy(BOOKS.join(", ")));
        }
        match act {
            Act::Enter { value, from, until, source } => Ok(vec![Event::Entered {
                at: (book.to_owned(), key.to_owned()),
                value: value.clone(),
                from: *from,
                until: *until,
                source: source.clone(),
            }]),
            Act::Revoke { reason, .. } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "revoke").remedy("reason"))
            }
            Act::Revoke { from, reason } => Ok(vec![Event::Revoked { from: *from, reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Entered { at: (book, key), value, from, until, source } => {
                *self = Self {
                    book: book.clone(),
                    key: key.clone(),
                    value: value.clone(),
                    from: Some(*from),
                    until: *until,
                    source: source.clone(),
                    revoked: None,
                };
            }
            Event::Revoked { from, .. } => self.revoked = Some(*from),
        }
    }

    fn follow(&self, event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        let (from, value) = match event {
            Event::Entered { from, value, .. } => (*from, value.clone()),
            Event::Revoked { from, reason } => (*from, json!({ "revoked": reason })),
        };
        let row = Row { key: self.key.clone(), from, until: self.until, value };
        let bytes = serde_json::to_vec(&row).expect("a row is plain data");
        let name = format!("{} {} {from}", self.book, self.key);
        let head = EditionHead {
            book: self.book.clone(),
            name,
            source: self.source.clone(),
            digest: Digest::of(&bytes),
        };
        vec![Effect::Publish { edition: Edition { head, rows: vec![row] } }]
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage() else { return Summary::default() };
        Summary {
            stage: if stage == Stage::Standing { "standing" } else { "revoked" }.into(),
            title: format!("{} {}", self.book, self.key),
            severity: (stage == Stage::Revoked).then_some(Severity::Warning),
            closed: stage == Stage::Revoked,
            references: vec![Reference::new("register", self.book.clone())],
            shown: json!({ "value": self.value, "from": self.from, "until": self.until, "source": self.source }),
            ..Summary::default()
        }
    }
}

impl Entered {
    /// The case of an entry.
    #[must_use]
    pub fn case_of(book: &str, key: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{book}:{key}"))
    }
}

/// What speaks against a declaration by the registers: a rule of the standard where there is one, else our own code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Where it stands.
    pub path: String,
    /// The rule.
    pub rule: &'static str,
    /// What was seen.
    pub seen: String,
}

/// Holds a declaration against the registers of a day. A register that nobody keeps objects to nothing.
#[must_use]
pub fn objections(declaration: &Declaration, books: &dyn Books, day: Date) -> Vec<Objection> {
    let mut all = Vec::new();
    for authorisation in &declaration.authorisations {
        let row = books.at(TRADERS, &authorisation.reference_number, day);
        let holds = row.as_ref().is_none_or(|row| row.get("revoked").is_none());
        let kind = row.as_ref().and_then(|row| row.get("type")?.as_str().map(str::to_owned));
        if !holds || kind.is_some_and(|kind| kind != authorisation.kind) {
            all.push(objection("Authorisation/referenceNumber", "G0033", &authorisation.reference_number));
        }
    }
    let vehicles = declaration.vehicles();
    for permit in declaration.documents("1AGV") {
        let row = books.at(PERMITS, &permit, day);
        let good = row.as_ref().is_some_and(|row| row.get("revoked").is_none());
        let plate = row.as_ref().and_then(|row| row.get("plate")?.as_str().map(str::to_owned));
        if !good || plate.is_some_and(|plate| !vehicles.contains(&plate)) {
            all.push(objection("Consignment/SupportingDocument/referenceNumber", "AGVCBP", &permit));
        }
    }
    all.extend(goods(declaration, books, day));
    all
}

fn objection(path: &str, rule: &'static str, seen: &str) -> Objection {
    Objection { path: path.to_owned(), rule, seen: seen.to_owned() }
}

/// Goods a country of the way forbids, or lets through only with a paper that is not there.
fn goods(declaration: &Declaration, books: &dyn Books, day: Date) -> Vec<Objection> {
    let mut all = Vec::new();
    for line in declaration.lines() {
        for country in declaration.route() {
            let starts = (2..=line.code.len()).rev().filter_map(|length| line.code.get(..length));
            let found = starts.filter_map(|start| books.at(GOODS, &format!("{country}/{start}"), day)).next();
            let Some(row) = found.filter(|row| row.get("revoked").is_none()) else { continue };
            let paper = row.get("paper").and_then(Value::as_str);
            let shown = paper.is_some_and(|paper| !declaration.documents(paper).is_empty());
            if !shown {
                all.push(objection(
                    "Consignment/HouseConsignment/ConsignmentItem/Commodity/CommodityCode",
                    "GOODS",
                    &format!("{country} {}", line.code),
                ));
            }
        }
    }
    all
}
