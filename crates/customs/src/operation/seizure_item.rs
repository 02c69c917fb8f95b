//! A seizure report, as it passes between nodes (the CENcomm seizure template and what the goods packs add).

use jiff::Timestamp;
use kernel::{Effect, Facts};
use serde::{Deserialize, Serialize};

use super::seizure::{Act, Seizure};
use super::words::{LegalState, Method, Pack, Position, Route, Seized};
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::assistance::{Evidence, Subject, SubjectKind};

/// What was seized.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeizureItem {
    /// The reporting side's number.
    pub reference: String,
    /// Counts up with every correction.
    pub version: u32,
    /// The operation it belongs to; empty where it belongs to none.
    pub operation: String,
    /// The kind of goods.
    pub pack: Option<Pack>,
    /// The place, by name or UN/LOCODE.
    pub place: String,
    /// Where on the map.
    pub position: Option<Position>,
    /// When.
    pub at: Option<Timestamp>,
    /// Mode of transport (UN/ECE Recommendation 19).
    pub mode: String,
    /// Container, where there was one.
    pub container: String,
    /// Plate, vessel or flight.
    pub vehicle: String,
    /// What was seized.
    pub goods: Vec<Seized>,
    /// The way it came.
    pub route: Route,
    /// Where it was hidden.
    pub hiding_place: String,
    /// How it was detected.
    pub method: Option<Method>,
    /// How many persons are concerned; never who, in an operation's report.
    pub persons: u32,
    /// Where the case stands before the law.
    pub legal_state: Option<LegalState>,
    /// The warning it came from, by number.
    pub warning: String,
    /// What the laboratory found.
    pub laboratory: Option<Laboratory>,
    /// More, in words.
    pub text: String,
    /// Pictures.
    pub pictures: Vec<Evidence>,
}

/// What a laboratory found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Laboratory {
    /// The substance or species, by its own name.
    pub found: String,
    /// Purity in percent, where it says something.
    pub purity: Option<rust_decimal::Decimal>,
    /// Which laboratory.
    pub by: String,
    /// Its number for the sample.
    pub sample: String,
    /// When.
    pub at: Option<Timestamp>,
}

impl SeizureItem {
    /// What it names, as subjects.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let known = |kind: SubjectKind, value: &str| {
            (!value.trim().is_empty()).then(|| Subject::new(kind, value.trim()))
        };
        [known(SubjectKind::Container, &self.container), known(SubjectKind::Vehicle, &self.vehicle)]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl Writing for SeizureItem {
    const KIND: &'static str = "seizure-report";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "CENcomm seizure"),
        field("version", Class::Key, "CENcomm seizure"),
        field("operation", Class::Key, "CENcomm seizure"),
        field("pack", Class::Key, "operation plan"),
        field("place", Class::Transport, "CENcomm seizure"),
        field("position", Class::Transport, "CENcomm seizure"),
        field("at", Class::Key, "CENcomm seizure"),
        field("mode", Class::Transport, "CENcomm seizure"),
        field("container", Class::Transport, "CENcomm seizure"),
        field("vehicle", Class::Transport, "CENcomm seizure"),
        field("goods", Class::Goods, "CENcomm seizure"),
        field("route", Class::Transport, "CENcomm seizure"),
        field("hiding_place", Class::Conclusion, "CENcomm seizure"),
        field("method", Class::Conclusion, "CENcomm seizure"),
        field("persons", Class::Conclusion, "CENcomm seizure"),
        field("legal_state", Class::Conclusion, "CENcomm seizure"),
        field("warning", Class::Key, "CENcomm seizure"),
        field("laboratory", Class::Conclusion, "IONICS incident"),
        field("text", Class::Conclusion, "CENcomm seizure"),
        field("pictures", Class::Conclusion, "CENcomm seizure"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        self.goods.first().map_or(self.reference.as_str(), |goods| goods.what.as_str())
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        // A correction has a reference of its own on the wire and the number of what it corrects.
        let number = self.reference.split_once('~').map_or(self.reference.as_str(), |(number, _)| number);
        let case = Seizure::case_of(Some(&item.arrival.from), number);
        let act = Act::Arrive { report: Box::new(self.clone()), from: item.arrival.from.clone() };
        item.moves(case, &act)
    }
}
