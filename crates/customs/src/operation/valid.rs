//! A seizure report is checked while it is entered: the frequent error items are refused before they travel.

use jiff::Timestamp;
use kernel::{Finding, Findings, Place};

use super::pack;
use super::seizure_item::SeizureItem;
use super::words::{MODES, Seized};

/// Everything wrong with a report that is entered now.
#[must_use]
pub fn check(report: &SeizureItem, now: Timestamp) -> Findings {
    let mut findings = Findings::new();
    let mut needed = |path: &str, missing: bool| {
        if missing {
            findings.push(Finding::error("seizure-field-missing", Place::at(path)));
        }
    };
    needed("/place", report.place.trim().is_empty());
    needed("/position", report.position.is_none());
    needed("/at", report.at.is_none());
    needed("/mode", report.mode.is_empty());
    needed("/goods", report.goods.is_empty());
    needed("/method", report.method.is_none());
    needed("/legal_state", report.legal_state.is_none());
    needed("/route/origin", report.route.origin.is_none() && report.route.departure.is_none());
    needed("/route/destination", report.route.destination.is_none());
    facts(report, now, &mut findings);
    for (number, goods) in report.goods.iter().enumerate() {
        check_goods(goods, number + 1, &mut findings);
    }
    pack::check(report, &mut findings);
    findings
}

/// Values that cannot be.
fn facts(report: &SeizureItem, now: Timestamp, findings: &mut Findings) {
    if let Some(position) = report.position.filter(|position| !position.is_on_earth()) {
        let seen = format!("{} {}", position.lat, position.lon);
        findings.push(
            Finding::error("position-off-earth", Place::at("/position"))
                .seen(&seen)
                .expected("-90..90 -180..180"),
        );
    }
    if let Some(at) = report.at.filter(|at| *at > now) {
        findings.push(
            Finding::error("moment-in-future", Place::at("/at"))
                .seen(&at.to_string())
                .expected(now.to_string()),
        );
    }
    if !report.mode.is_empty() && !MODES.contains(&report.mode.as_str()) {
        findings.push(
            Finding::error("mode-unknown", Place::at("/mode")).seen(&report.mode).expected(MODES.join(" ")),
        );
    }
    if report.mode == "1" && report.container.is_empty() && report.vehicle.is_empty() {
        findings.push(Finding::warning("seizure-field-missing", Place::at("/container")));
    }
}

fn check_goods(goods: &Seized, number: usize, findings: &mut Findings) {
    let at = |field: &str| Place::at(format!("/goods[{number}]/{field}"));
    if goods.what.trim().is_empty() {
        findings.push(Finding::error("seizure-field-missing", at("what")));
    }
    match &goods.quantity {
        None => findings.push(Finding::error("seizure-field-missing", at("quantity"))),
        Some(quantity) if quantity.unit.as_str().trim().is_empty() => {
            findings
                .push(Finding::error("unit-missing", at("quantity/unit")).seen(&quantity.amount.to_string()));
        }
        Some(quantity) if quantity.amount <= rust_decimal::Decimal::ZERO => {
            findings.push(
                Finding::error("quantity-not-positive", at("quantity/amount"))
                    .seen(&quantity.amount.to_string()),
            );
        }
        Some(_) => {}
    }
    if goods.hs.is_none() {
        findings.push(Finding::warning("seizure-field-missing", at("hs")));
    }
}
