//! Incidents of new psychoactive substances in the style of IONICS: substance, amount, way, laboratory.

use customs::operation::pack::substance;
use customs::operation::{Pack, Seized, SeizureItem};

use super::{line, text};

/// The columns.
const HEADS: &[&str] = &[
    "IncidentId",
    "IncidentDateTime",
    "Location",
    "Substance",
    "AlsoKnownAs",
    "SubstanceClass",
    "Amount",
    "Unit",
    "OriginCountry",
    "DepartureLocation",
    "DestinationLocation",
    "Conveyance",
    "ConcealmentPlace",
    "LaboratoryResult",
    "PurityPercent",
    "Laboratory",
    "SampleId",
];

/// Writes the incidents with drugs among seizures, one line of goods a line.
#[must_use]
pub fn write_ionics(reports: &[SeizureItem]) -> Vec<u8> {
    let mut out = Vec::new();
    line(&mut out, &HEADS.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>());
    for report in reports.iter().filter(|report| report.pack == Some(Pack::Drugs)) {
        for goods in &report.goods {
            line(&mut out, &cells(report, goods));
        }
    }
    out
}

fn cells(report: &SeizureItem, goods: &Seized) -> Vec<String> {
    let said = if goods.code.is_empty() { &goods.what } else { &goods.code };
    let known = substance(said);
    let laboratory = report.laboratory.clone().unwrap_or_default();
    vec![
        report.reference.clone(),
        text(report.at.as_ref()),
        report.place.clone(),
        said.clone(),
        goods.what.clone(),
        known.map_or("", |substance| substance.class).to_owned(),
        goods.quantity.as_ref().map_or_else(String::new, |quantity| quantity.amount.to_string()),
        goods.quantity.as_ref().map_or_else(String::new, |quantity| quantity.unit.to_string()),
        text(report.route.origin.as_ref()),
        text(report.route.departure.as_ref()),
        text(report.route.destination.as_ref()),
        report.mode.clone(),
        report.hiding_place.clone(),
        laboratory.found,
        text(laboratory.purity.as_ref()),
        laboratory.by,
        laboratory.sample,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_drugs_are_incidents_and_their_class_is_told() {
        let goods = Seized { what: "Ya ba".into(), code: "methamphetamine".into(), ..Seized::default() };
        let drugs = SeizureItem { pack: Some(Pack::Drugs), goods: vec![goods], ..SeizureItem::default() };
        let waste =
            SeizureItem { pack: Some(Pack::Waste), goods: vec![Seized::default()], ..SeizureItem::default() };
        let written = String::from_utf8(write_ionics(&[drugs, waste])).expect("text");
        assert_eq!(written.lines().count(), 2);
        assert!(written.contains("methamphetamine,Ya ba,stimulant"));
        assert!(written.lines().all(|line| line.split(',').count() == HEADS.len()));
    }
}
