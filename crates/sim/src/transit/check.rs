//! What must hold when no letter is on its way: no two countries contradict each other, and no guarantee is spent
//! twice or leaked, in whichever country it is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use customs::transit::guarantee::Usage;
use customs::transit::{Arrival, Departure, Guarantee, Passage, grn};
use kernel::CaseId;
use rust_decimal::Decimal;

use super::country::Country;
use super::play::{KEEPERS, LIMIT};

type Countries = BTreeMap<&'static str, Country>;

/// The stage of a case; `-` where there is none.
pub(super) fn stage(country: &Country, case: &CaseId) -> String {
    let state = country.case(case).and_then(|state| state.json()["stage"].as_str());
    state.unwrap_or("-").to_owned()
}

/// The stages that can stand beside one at departure: at the office of destination, wherever the goods went.
fn beside(departure: &str) -> &'static [&'static str] {
    match departure {
        "submitted"
        | "accepted"
        | "under-control"
        | "release-requested"
        | "guarantee-registration"
        | "guarantee-under-amendment"
        | "not-released"
        | "rejected"
        | "-" => &["-", "rejected", "record-requested"],
        "released" | "under-enquiry" | "under-recovery" => {
            &["-", "expected", "enquired", "rejected", "closed-for-recovery"]
        }
        "invalidated" => &["-", "cancelled", "arrived", "closed", "rejected", "diverted", "under-control"],
        "arrived" => &["arrived", "unloading", "under-control"],
        "discrepancies" => &["waiting-for-resolution"],
        "written-off" => &["closed", "closed-for-recovery", "expected", "diverted", "enquired"],
        _ => &[],
    }
}

/// No two countries contradict each other.
pub(super) fn agreement(countries: &Countries, movements: &[String]) -> Result<(), String> {
    for country in countries.values() {
        if let Some(refused) = country.refused.first() {
            return Err(format!("{}: {refused}", country.name));
        }
    }
    for mrn in movements {
        let departure = stage(&countries["VN"], &Departure::case_of(mrn));
        let passage = stage(&countries["LA"], &Passage::case_of(mrn));
        let arrivals = ["TH", "KH"].map(|at| stage(&countries[at], &Arrival::case_of(mrn)));
        let said = || format!("{mrn}: departure {departure}, passage {passage}, arrivals {arrivals:?}");
        // Where the goods are, or are expected, goes with what departure believes; elsewhere nothing is awaited for ever.
        if departure == "guarantee-registration" {
            return Err(format!("{mrn} waits for an answer nobody owes"));
        }
        let fits = arrivals.iter().any(|arrival| beside(&departure).contains(&arrival.as_str()));
        let twice = arrivals
            .iter()
            .filter(|it| {
                ["arrived", "unloading", "under-control", "waiting-for-resolution"].contains(&it.as_str())
            })
            .count();
        if !fits || twice > 1 {
            return Err(said());
        }
        let forgotten = ["written-off", "invalidated"].contains(&departure.as_str()) && passage == "expected";
        if forgotten {
            return Err(said());
        }
    }
    exposure(countries, movements)
}

/// What the guarantees cover is what the movements at departure say they must, whichever country keeps them.
fn exposure(countries: &Countries, movements: &[String]) -> Result<(), String> {
    let guarantees: Vec<Arc<Guarantee>> =
        KEEPERS.iter().map(|keeper| guarantee(countries, keeper)).collect::<Result<_, _>>()?;
    if let Some(spent) =
        guarantees.iter().map(|guarantee| guarantee.exposure()).find(|it| *it > Decimal::from(LIMIT))
    {
        return Err(format!("double-spent: {spent} of {LIMIT}"));
    }
    for mrn in movements {
        let departure = stage(&countries["VN"], &Departure::case_of(mrn));
        let open = |guarantee: &&Arc<Guarantee>| guarantee.usages().get(mrn).is_some_and(Usage::is_open);
        let covered = guarantees.iter().filter(open).count();
        let needed = ["released", "arrived", "discrepancies", "under-enquiry", "under-recovery"]
            .contains(&departure.as_str());
        if covered != usize::from(needed) {
            return Err(format!("{mrn} is {departure} and bound by {covered} guarantees"));
        }
    }
    Ok(())
}

/// A guarantee as its country has it; blank while it is not registered.
fn guarantee(countries: &Countries, (country, office): &(&str, &str)) -> Result<Arc<Guarantee>, String> {
    let number = grn(2026, office, 1).ok_or("no number")?;
    let Some(state) = countries[country].case(&Guarantee::case_of(&number)) else {
        return Ok(Arc::default());
    };
    state.read().map_err(|error| error.to_string())
}

/// After months everything has ended and the whole guarantee is free.
pub(super) fn rest(countries: &Countries, movements: &[String]) -> Result<(), String> {
    for mrn in movements {
        let end = stage(&countries["VN"], &Departure::case_of(mrn));
        let open = [
            "released",
            "arrived",
            "discrepancies",
            "under-enquiry",
            "under-recovery",
            "guarantee-registration",
        ];
        if open.contains(&end.as_str()) {
            return Err(format!("{mrn} is {end} for ever"));
        }
    }
    exposure(countries, movements)
}
