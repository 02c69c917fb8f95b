//! What passes: a line of cargo, a hit on it, what came of a hit.

use jiff::Timestamp;
use kernel::{Effect, Facts};
use serde::{Deserialize, Serialize};

use super::hit::{Act as HitAct, CargoHit, Outcome};
use super::line::{Act as LineAct, CargoLine};
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::macros::codes;

const FEED: &str = "the term of the feed: foreign electronic cargo data exchange";

/// A line of cargo, before it sails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CargoLinePaper {
    /// The giver's own number.
    pub reference: String,
    /// Transport document.
    pub bill: String,
    /// Container.
    pub container: String,
    /// Vessel and voyage, flight, vehicle.
    pub vehicle: String,
    /// Whose goods.
    pub shipper: String,
    /// To whom.
    pub consignee: String,
    /// What they are said to be.
    pub goods: String,
    /// Commodity code, where it is known.
    pub hs: String,
    /// Gross weight in kilograms.
    pub gross_kg: String,
    /// Where it is loaded.
    pub loading: String,
    /// Where it is unloaded.
    pub unloading: String,
    /// When it sails; after that a hit comes too late to stop it.
    pub sails: Option<Timestamp>,
}

impl Writing for CargoLinePaper {
    const KIND: &'static str = "cargo-line";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, FEED),
        field("bill", Class::Transport, FEED),
        field("container", Class::Transport, FEED),
        field("vehicle", Class::Transport, FEED),
        field("shipper", Class::Trader, FEED),
        field("consignee", Class::Trader, FEED),
        field("goods", Class::Goods, FEED),
        field("hs", Class::Goods, FEED),
        field("gross_kg", Class::Goods, FEED),
        field("loading", Class::Transport, FEED),
        field("unloading", Class::Transport, FEED),
        field("sails", Class::Key, FEED),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        if self.container.is_empty() { &self.bill } else { &self.container }
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = CargoLine::case_of(&item.arrival.from, &self.reference);
        let act = LineAct::Arrive {
            line: Box::new(self.clone()),
            from: item.arrival.from.clone(),
            item: item.case.clone(),
        };
        item.moves(case, &act)
    }
}

codes! {
    /// What a hit asks for.
    Wanted:
    /// The goods looked at before they sail.
    Inspection = "inspection",
    /// More about the goods or the parties.
    Information = "information",
    /// The goods not loaded.
    DoNotLoad = "do-not-load",
}

/// A hit of a partner's targeting on a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HitPaper {
    /// The number of whoever raised it.
    pub reference: String,
    /// The giver's number of the line.
    pub line: String,
    /// What is asked for.
    pub wanted: Option<Wanted>,
    /// Why, as codes.
    pub reasons: Vec<String>,
    /// In words.
    pub text: String,
}

impl Writing for HitPaper {
    const KIND: &'static str = "cargo-hit";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, FEED),
        field("line", Class::Key, FEED),
        field("wanted", Class::Key, FEED),
        field("reasons", Class::Conclusion, FEED),
        field("text", Class::Conclusion, FEED),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.line
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = CargoHit::case_of(&item.arrival.from, &self.reference);
        let act = HitAct::Arrive {
            hit: Box::new(self.clone()),
            from: item.arrival.from.clone(),
            us: item.arrival.to.clone(),
            item: item.case.clone(),
            admission: Box::new(item.admission.clone()),
        };
        item.moves(case, &act)
    }
}

/// What came of a hit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HitResult {
    /// The teller's own number.
    pub reference: String,
    /// The number of the hit with whoever raised it.
    pub hit: String,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// In words.
    pub text: String,
}

impl Writing for HitResult {
    const KIND: &'static str = "hit-result";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, FEED),
        field("hit", Class::Key, FEED),
        field("outcome", Class::Key, FEED),
        field("text", Class::Conclusion, FEED),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.hit
    }

    /// It is for a hit of ours, or for one of the teller's that came before; whichever case there is hears it.
    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = HitAct::Hear {
            result: Box::new(self.clone()),
            from: item.arrival.from.clone(),
            item: item.case.clone(),
        };
        let theirs = self.reference.strip_prefix("raised-").is_some();
        let case =
            if theirs { CargoHit::case_of(&item.arrival.from, &self.hit) } else { CargoHit::ours(&self.hit) };
        item.moves(case, &act)
    }
}
