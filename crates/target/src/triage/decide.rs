//! The decision on one line.

use std::collections::BTreeMap;

use customs::parcel::{Ask, Category, Charge, Charges, NoCharge, Parcel, Thresholds, category, charge};
use customs::terms::{Bag, Column, Gauge, Lane, ListBook, Measure};
use jiff::civil::Date;
use names::words;
use rust_decimal::Decimal;
use serde::Serialize;

use super::quality::faults;
use super::{Exchange, Fault, Vague, three_way};
use crate::batch::{Builder, Entry};
use crate::sample::drawn;
use crate::select::{Bound, Cause, Outcome, Selection, outcome};

/// What a night is decided by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The country whose thresholds hold.
    pub country: String,
    /// Thresholds with their dates.
    pub thresholds: Thresholds,
    /// Exchange rates.
    pub exchange: Exchange,
    /// Rates of duty in per cent, by commodity code.
    pub duty: BTreeMap<String, Decimal>,
    /// Words that say nothing.
    pub vague: Vague,
    /// Profiles, compiled.
    pub selection: Selection<ListBook>,
    /// The share of the control sample in parts per ten thousand, by lane.
    pub control: BTreeMap<Lane, u16>,
    /// The secret the sample is drawn by.
    pub secret: [u8; 32],
}

/// What was decided on a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decided {
    /// Its group; `None` where no threshold holds or no value is known.
    pub category: Option<Category>,
    /// What it owes, or why that cannot be said.
    pub charge: Result<Charge, NoCharge>,
    /// Where it goes and why.
    pub outcome: Outcome,
    /// What is wrong with what was said.
    pub faults: Vec<Fault>,
    /// What the carrier is asked.
    pub ask: Option<Ask>,
    /// The number of its splitting cluster, or 0.
    pub cluster: u32,
}

/// Decides lines of a block.
#[derive(Debug)]
pub struct Desk<'a> {
    rules: &'a Rules,
}

impl<'a> Desk<'a> {
    /// A desk with these rules.
    #[must_use]
    pub const fn new(rules: &'a Rules) -> Self {
        Self { rules }
    }

    /// The threshold parcels of one receiver are held against, and a line's value in its currency, both in thousandths.
    #[must_use]
    pub fn weighed(&self, parcel: &Parcel<'_>) -> Option<(i64, i64)> {
        let charges = self.charges(parcel)?;
        let value = self.value(parcel, charges)?;
        let limit = charges.duty_free_to.or(charges.simplified_to)?;
        Some((value, crate::batch::thousandths(limit)))
    }

    /// A line's value in thousandths of the currency its country's thresholds are in.
    #[must_use]
    pub fn valued(&self, parcel: &Parcel<'_>) -> Option<(i64, &'a str)> {
        let charges = self.charges(parcel)?;
        Some((self.value(parcel, charges)?, &charges.currency))
    }

    /// Decides the lines of a block; `cluster_of` has the cluster of each.
    #[must_use]
    pub fn decide(&self, parcels: &[Parcel<'_>], cluster_of: &[u32]) -> Vec<Decided> {
        let mut decided: Vec<Decided> =
            parcels.iter().zip(cluster_of).map(|(parcel, cluster)| self.alone(parcel, *cluster)).collect();
        self.select(parcels, &mut decided);
        for (parcel, decided) in parcels.iter().zip(&mut decided) {
            self.settle(parcel, decided);
        }
        decided
    }

    fn charges(&self, parcel: &Parcel<'_>) -> Option<&'a Charges> {
        self.rules.thresholds.at(&self.rules.country, parcel.day?)
    }

    fn value(&self, parcel: &Parcel<'_>, charges: &Charges) -> Option<i64> {
        self.rules.exchange.convert(parcel.value?, &parcel.currency, &charges.currency, parcel.day?)
    }

    /// What can be said of a line by itself.
    fn alone(&self, parcel: &Parcel<'_>, cluster: u32) -> Decided {
        let mut found = Vec::new();
        faults(parcel, &self.rules.vague, &mut found);
        found.extend(three_way(parcel));
        let charges = self.charges(parcel);
        let value = charges.and_then(|charges| self.value(parcel, charges));
        if charges.is_some() && parcel.value.is_some() && value.is_none() {
            found.push(Fault::CurrencyUnknown);
        }
        let rate = self.rules.duty.get(parcel.code.as_ref()).copied();
        Decided {
            category: charges
                .zip(value.or_else(|| parcel.value.is_none().then_some(0)))
                .map(|(charges, value)| category(charges, parcel.contents, value)),
            charge: charges.map_or(Err(NoCharge::TaxUnknown), |charges| charge(charges, parcel, value, rate)),
            outcome: Outcome::default(),
            faults: found,
            ask: None,
            cluster,
        }
    }

    /// Profiles over the whole block at once.
    fn select(&self, parcels: &[Parcel<'_>], decided: &mut [Decided]) {
        if self.rules.selection.is_empty() {
            return;
        }
        let mut builder = Builder::default();
        for (parcel, decided) in parcels.iter().zip(&*decided) {
            push(&mut builder, parcel, decided);
        }
        let mut lines = builder.finish();
        lines.count(self.rules.selection.gauges());
        let bound = Bound::new(&self.rules.selection, &lines);
        let mut hits: Vec<Vec<usize>> = vec![Vec::new(); parcels.len()];
        bound.evaluate(0..parcels.len(), |hit| hits[hit.row].push(hit.slot));
        for ((slots, decided), parcel) in hits.into_iter().zip(decided).zip(parcels) {
            let held = slots.into_iter().map(|slot| self.rules.selection.profile(slot));
            decided.outcome =
                outcome(held.filter(|profile| parcel.day.is_some_and(|day| profile.holds(day))));
        }
    }

    /// Splitting, faults, the control sample, and what the carrier is asked.
    fn settle(&self, parcel: &Parcel<'_>, decided: &mut Decided) {
        let mut outcome = std::mem::take(&mut decided.outcome);
        if decided.cluster > 0 {
            let cause = Cause::Profile { profile: "splitting".into(), reason: "split-suspected".into() };
            outcome = outcome.with(cause, Lane::Yellow, Measure::Documents);
        }
        if decided.category == Some(Category::High) {
            let cause = Cause::Mandatory { basis: "full-declaration".into() };
            outcome = outcome.with(cause, Lane::Yellow, Measure::Documents);
        }
        let serious = decided.faults.iter().any(|fault| SERIOUS.contains(fault));
        if serious {
            let cause = Cause::Profile { profile: "data-quality".into(), reason: "data-faulty".into() };
            outcome = outcome.with(cause, Lane::Yellow, Measure::Ask);
        }
        let share = self.rules.control.get(&outcome.lane).copied().unwrap_or(0);
        let stratum = format!("{}/{}", outcome.lane.code(), parcel.office);
        if outcome.lane != Lane::Red && drawn(&self.rules.secret, &stratum, &parcel.id, share) {
            outcome = outcome.with(Cause::Control, Lane::Red, Measure::Open);
        }
        decided.ask = ask(&outcome, serious);
        decided.outcome = outcome;
    }
}

/// Faults that cannot be settled without asking.
const SERIOUS: [Fault; 5] = [
    Fault::ReceiverMissing,
    Fault::ValueMissing,
    Fault::OrderDiffers,
    Fault::PaymentDiffers,
    Fault::DocumentsOfValue,
];

/// Screening before loading where a profile asks for a picture; information where what was said is not enough. That goods
/// are not loaded at all is an officer's word, never a rule's.
fn ask(outcome: &Outcome, lacks: bool) -> Option<Ask> {
    let screened = outcome.lane == Lane::Red && outcome.measures.contains(&Measure::Scan);
    if screened { Some(Ask::Screening) } else { lacks.then_some(Ask::Information) }
}

fn push(builder: &mut Builder, parcel: &Parcel<'_>, decided: &Decided) {
    let described = words(&parcel.description);
    let codes: Vec<&str> = decided.faults.iter().map(|fault| fault.code()).collect();
    let mut entry = Entry::default()
        .text(Column::Code, &parcel.code)
        .text(Column::Origin, &parcel.origin)
        .text(Column::Departure, &parcel.departure)
        .text(Column::Office, &parcel.office)
        .text(Column::Carrier, &parcel.carrier)
        .text(Column::Importer, &parcel.receiver)
        .text(Column::Seller, &parcel.sender)
        .text(Column::Declarant, &parcel.platform)
        .bag(Bag::Words, described.iter().map(String::as_str))
        .bag(Bag::Findings, codes);
    entry = entry.gauge(Gauge::GrossMass, Decimal::new(parcel.grams as i64, 3));
    entry = entry.gauge(Gauge::Quantity, Decimal::from(parcel.pieces));
    if let Some(value) = parcel.value {
        entry = entry.gauge(Gauge::Value, Decimal::new(value, 3));
    }
    builder.push(parcel.day.unwrap_or(Date::MAX), &entry);
}
