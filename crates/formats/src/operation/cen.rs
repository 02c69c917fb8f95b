//! Seizures in the style of the Customs Enforcement Network: what, where, how, from where to where.

use customs::operation::{Seized, SeizureItem};

use super::{line, text};

/// The columns.
const HEADS: &[&str] = &[
    "CaseNumber",
    "Operation",
    "SeizureDateTime",
    "Place",
    "Latitude",
    "Longitude",
    "Commodity",
    "HSCode",
    "DeclaredAs",
    "Quantity",
    "Unit",
    "Conveyance",
    "Container",
    "Vehicle",
    "OriginCountry",
    "DepartureLocation",
    "TransitLocations",
    "DestinationLocation",
    "ConcealmentPlace",
    "DetectionMethod",
    "PersonsInvolved",
    "LegalStatus",
    "RelatedWarning",
    "Remarks",
];

/// Writes seizures, one line of goods a line.
#[must_use]
pub fn write_cen(reports: &[SeizureItem]) -> Vec<u8> {
    let mut out = Vec::new();
    line(&mut out, &HEADS.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>());
    for report in reports {
        for goods in &report.goods {
            line(&mut out, &cells(report, goods));
        }
    }
    out
}

fn cells(report: &SeizureItem, goods: &Seized) -> Vec<String> {
    vec![
        report.reference.clone(),
        report.operation.clone(),
        text(report.at.as_ref()),
        report.place.clone(),
        report.position.map_or_else(String::new, |position| position.lat.to_string()),
        report.position.map_or_else(String::new, |position| position.lon.to_string()),
        if goods.code.is_empty() { goods.what.clone() } else { goods.code.clone() },
        text(goods.hs.as_ref()),
        goods.declared_as.clone(),
        goods.quantity.as_ref().map_or_else(String::new, |quantity| quantity.amount.to_string()),
        goods.quantity.as_ref().map_or_else(String::new, |quantity| quantity.unit.to_string()),
        report.mode.clone(),
        report.container.clone(),
        report.vehicle.clone(),
        text(report.route.origin.as_ref()),
        text(report.route.departure.as_ref()),
        report.route.transit.join(" "),
        text(report.route.destination.as_ref()),
        report.hiding_place.clone(),
        report.method.map_or("", customs::operation::Method::code).to_owned(),
        report.persons.to_string(),
        report.legal_state.map_or("", customs::operation::LegalState::code).to_owned(),
        report.warning.clone(),
        report.text.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_as_many_cells_as_there_are_heads() {
        let goods = Seized { what: "Ya ba".into(), code: "methamphetamine".into(), ..Seized::default() };
        let report = SeizureItem {
            reference: "VN-S-1".into(),
            goods: vec![goods.clone(), goods],
            ..SeizureItem::default()
        };
        let written = String::from_utf8(write_cen(&[report])).expect("text");
        let lines: Vec<_> = written.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.split(',').count() == HEADS.len()), "{written}");
        assert!(lines[1].starts_with("VN-S-1,") && lines[1].contains(",methamphetamine,"));
    }
}
