//! The recognition test: may this declaration take the benefit of a partner's trusted trader, and why or why not.
//!
//! The tests run in one order and all are kept, so that officer and trader see not only that a benefit was not given
//! but what would have given it. The status that counts is the one at the event's own time.

use std::sync::Arc;

use jiff::Timestamp;
use kernel::{Books, NodeId};
use serde::{Deserialize, Serialize};

use super::code::OperatorCode;
use super::entry::{Entry, OperatorRole, Status};
use super::name::{name_agreement, name_key};
use crate::agreement::{LaneState, term_in_force};
use crate::declaration::Declaration;
use crate::terms::Country;

/// The book of partners' operators, by code.
pub const OPERATORS: &str = "operators";
/// The book of their names: `COUNTRY|name key` to a code.
pub const OPERATOR_NAMES: &str = "operator-names";
/// The book of names an officer confirmed for a code: `CODE|name key`.
pub const OPERATOR_IDENTITIES: &str = "operator-identities";
/// The document kind whose term is the lane of recognition.
pub const LANE: &str = "operator-list";
/// The scheme under which a declaration's parties quote an operator code.
pub const SCHEME: &str = "AEO";

/// What the test concluded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Recognition {
    /// Whether the benefit is given.
    pub benefit: Benefit,
    /// The code as it was quoted; empty where none was.
    pub quoted: String,
    /// The operator the code is of, or would have been of.
    pub code: Option<OperatorCode>,
    /// The programme's country.
    pub partner: Country,
    /// The name declared.
    pub declared: String,
    /// The name listed.
    pub listed: String,
    /// How far the names agree, in thousandths.
    pub agreement: u16,
    /// Why: the first test that was not passed, or `recognised`.
    pub reason: String,
    /// All tests in their order.
    pub tests: Vec<Test>,
    /// The moment whose status counted.
    pub at: Option<Timestamp>,
}

/// Whether the benefit is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Benefit {
    /// It is.
    Given,
    /// No trusted trader was quoted, and none was near.
    #[default]
    NotAsked,
    /// It was asked for and is not given.
    Refused,
    /// A recognised trader was meant, and its code is missing or mistyped.
    NearMiss,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// What was tested.
    pub code: String,
    /// How it came out.
    pub passed: Passed,
    /// The value it stood on.
    pub seen: String,
}

/// How a test came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Passed {
    /// Passed.
    Yes,
    /// Not passed.
    No,
    /// Not reached.
    Unknown,
}

/// The roles in which a foreign exporter's status counts for us.
const EXPORTING: &[OperatorRole] = &[OperatorRole::Exporter, OperatorRole::Manufacturer];
/// Names that agree this far are the same firm.
pub const NAME_SAME: u16 = 850;
/// Names that agree this far may be; an officer looks.
pub const NAME_DOUBTFUL: u16 = 600;

/// Tests a declaration's exporter at a moment.
#[must_use]
pub fn recognise(declaration: &Declaration, at: Timestamp, books: &dyn Books) -> Recognition {
    let quoted = declaration.exporter.identifiers.iter().find(|one| one.scheme.eq_ignore_ascii_case(SCHEME));
    let quoted = quoted.map(|one| one.value.clone()).unwrap_or_default();
    let mut found = Recognition {
        declared: declaration.exporter.name.clone(),
        partner: declaration.export_country.clone().unwrap_or_default(),
        quoted: quoted.clone(),
        at: Some(at),
        ..Recognition::default()
    };
    let mut run = Run { declaration, at, books, found: &mut found };
    if quoted.trim().is_empty() {
        run.without_code();
    } else {
        run.with_code(&quoted);
    }
    found
}

struct Run<'a> {
    declaration: &'a Declaration,
    at: Timestamp,
    books: &'a dyn Books,
    found: &'a mut Recognition,
}

impl Run<'_> {
    fn day(&self) -> jiff::civil::Date {
        jiff::tz::TimeZone::UTC.to_datetime(self.at).date()
    }

    fn test(&mut self, code: &str, passed: bool, seen: impl Into<String>) -> bool {
        let seen = seen.into();
        self.found.tests.push(Test {
            code: code.to_owned(),
            passed: if passed { Passed::Yes } else { Passed::No },
            seen,
        });
        if !passed && self.found.reason.is_empty() {
            code.clone_into(&mut self.found.reason);
        }
        passed
    }

    fn with_code(&mut self, quoted: &str) {
        self.found.benefit = Benefit::Refused;
        let code = match OperatorCode::new(quoted) {
            Ok(code) => code,
            Err(error) => {
                self.test("code-well-formed", false, format!("{quoted}: {error}"));
                return self.near(None);
            }
        };
        self.test("code-well-formed", true, code.as_str());
        self.found.partner = code.country();
        if !self.lane_is_live(&code.country()) {
            return;
        }
        let Some(entry) = self.entry(code.as_str()) else {
            self.test("code-known", false, code.as_str());
            return self.near(Some(&code));
        };
        self.test("code-known", true, entry.party.name.clone());
        self.found.code = Some(code);
        self.weigh(&entry);
    }

    /// Everything that is tested once the operator is known.
    fn weigh(&mut self, entry: &Entry) {
        self.found.listed.clone_from(&entry.party.name);
        let roles: Vec<String> = entry.roles.iter().map(|role| format!("{role:?}").to_lowercase()).collect();
        let mut passed = self.test("role-covered", entry.has_role(EXPORTING), roles.join(" "));
        let day = self.day();
        let until = entry.until.map_or_else(String::new, |until| until.to_string());
        passed &= self.test("in-validity", entry.covers(day), format!("{} {until}", entry.from));
        let status = entry.status_at(self.at);
        let seen = status.map_or_else(|| "none".to_owned(), |status| format!("{status:?}").to_lowercase());
        passed &= self.test("status-active", status == Some(Status::Active), seen);
        let agreement = agreement(entry, &self.declaration.exporter.name, self.books);
        self.found.agreement = agreement;
        let confirmed = self.confirmed(entry);
        let seen = if confirmed { format!("{agreement} confirmed") } else { agreement.to_string() };
        passed &= self.test("name-agrees", confirmed || agreement >= NAME_SAME, seen);
        if passed {
            self.found.benefit = Benefit::Given;
            "recognised".clone_into(&mut self.found.reason);
        }
    }

    fn lane_is_live(&mut self, partner: &Country) -> bool {
        let (from, us) = (NodeId::new(partner.as_str()), NodeId::new(self.declaration.country.as_str()));
        let term = term_in_force(self.books, LANE, &from, &us, self.day());
        let live = term.as_ref().is_some_and(|standing| standing.term.lane == LaneState::Live);
        let seen = term.map_or_else(|| format!("{from}-{us}: none"), |standing| standing.cite());
        self.test("lane-live", live, seen)
    }

    fn entry(&self, code: &str) -> Option<Entry> {
        // Of the hundreds of codes one slip away nearly all are nobody's.
        if self.books.lacks(OPERATORS, code) {
            return None;
        }
        self.books.at(OPERATORS, code, self.day())?.read().ok().map(Arc::unwrap_or_clone)
    }

    fn confirmed(&self, entry: &Entry) -> bool {
        let key = format!("{}|{}", entry.code, name_key(&self.declaration.exporter.name));
        self.books
            .at(OPERATOR_IDENTITIES, &key, self.day())
            .is_some_and(|value| value.as_bool() == Some(true))
    }

    /// No code: perhaps the exporter is one all the same.
    fn without_code(&mut self) {
        let partner = self.found.partner.clone();
        if let Some(entry) = self.by_name(&partner).filter(|entry| self.would_be_given(entry)) {
            self.note_near(&entry, "code-missing");
        }
    }

    /// A code that is none, or nobody's: perhaps it is one slip away from the exporter's own.
    fn near(&mut self, code: Option<&OperatorCode>) {
        let name = &self.declaration.exporter.name;
        let slipped = code.into_iter().flat_map(OperatorCode::slips).find_map(|slip| {
            self.entry(slip.as_str()).filter(|entry| agreement(entry, name, self.books) >= NAME_SAME)
        });
        let partner = code.map_or_else(|| self.found.partner.clone(), OperatorCode::country);
        let meant = slipped.or_else(|| self.by_name(&partner)).filter(|entry| self.would_be_given(entry));
        if let Some(entry) = meant {
            self.note_near(&entry, "code-mistyped");
        }
    }

    fn by_name(&self, partner: &Country) -> Option<Entry> {
        let name = name_key(&self.declaration.exporter.name);
        if name.is_empty() {
            return None;
        }
        let code = self.books.at(OPERATOR_NAMES, &format!("{partner}|{name}"), self.day())?;
        self.entry(code.as_str()?)
    }

    fn would_be_given(&self, entry: &Entry) -> bool {
        let (from, us) =
            (NodeId::new(entry.country().as_str()), NodeId::new(self.declaration.country.as_str()));
        let term = term_in_force(self.books, LANE, &from, &us, self.day());
        term.is_some_and(|standing| standing.term.lane == LaneState::Live)
            && entry.has_role(EXPORTING)
            && entry.covers(self.day())
            && entry.status_at(self.at) == Some(Status::Active)
    }

    fn note_near(&mut self, entry: &Entry, reason: &str) {
        self.found.benefit = Benefit::NearMiss;
        reason.clone_into(&mut self.found.reason);
        self.found.code = Some(entry.code.clone());
        self.found.partner = entry.country();
        self.found.listed.clone_from(&entry.party.name);
        self.found.agreement = agreement(entry, &self.declaration.exporter.name, self.books);
    }
}

/// How far a declared name agrees with any of the names an operator is listed under: by its words, and by the resolver over
/// scripts and spellings where one is at hand.
#[must_use]
pub fn agreement(entry: &Entry, declared: &str, books: &dyn Books) -> u16 {
    let listed = [&entry.party.name, &entry.local_name];
    let agree = |listed: &String| {
        let resolved = if listed.is_empty() { None } else { books.likeness(listed, declared) };
        name_agreement(listed, declared).max(resolved.unwrap_or_default())
    };
    listed.into_iter().map(agree).max().unwrap_or_default()
}
