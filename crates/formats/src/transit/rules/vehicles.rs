//! Rules about means of transport.

use crate::transit::report::Report;
use crate::transit::tree::{Id, ROOT, Tree};

use super::Coded;

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0472",
        says: "Means of departure are of the kind the inland mode of transport names.",
        ask: of_mode,
        good: &[(
            "CC015C",
            "Consignment(inlandModeOfTransport=3 DepartureTransportMeans(typeOfIdentification=30))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(inlandModeOfTransport=4 DepartureTransportMeans(typeOfIdentification=30))",
        )],
    },
    Coded {
        id: "R0473",
        says: "Numbers of wagons, vehicles, ships and aircraft are written in capitals.",
        ask: |tree, report| {
            capitals(
                tree,
                &departures(tree),
                &["10", "20", "21", "30", "31", "40", "41", "80"],
                "R0473",
                report,
            );
        },
        good: &[(
            "CC015C",
            "Consignment(DepartureTransportMeans(typeOfIdentification=30 identificationNumber=29C-123.45))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(DepartureTransportMeans(typeOfIdentification=30 identificationNumber=29c-123.45))",
        )],
    },
    Coded {
        id: "R0076",
        says: "Numbers of the means that cross the border are written in capitals.",
        ask: |tree, report| {
            let means = tree.find(ROOT, "Consignment/ActiveBorderTransportMeans");
            capitals(tree, &means, &["10", "21", "30", "40", "41", "80"], "R0076", report);
        },
        good: &[(
            "CC015C",
            "Consignment(ActiveBorderTransportMeans(typeOfIdentification=30 identificationNumber=A1))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(ActiveBorderTransportMeans(typeOfIdentification=30 identificationNumber=a1))",
        )],
    },
    Coded {
        id: "R0476",
        says: "By road, the second and third means of departure are trailers.",
        ask: trailers,
        good: &[(
            "CC015C",
            "Consignment(inlandModeOfTransport=3 DepartureTransportMeans(typeOfIdentification=30) DepartureTransportMeans(typeOfIdentification=31))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(inlandModeOfTransport=3 DepartureTransportMeans(typeOfIdentification=30) DepartureTransportMeans(typeOfIdentification=30))",
        )],
    },
    Coded {
        id: "R0855",
        says: "By road there are at most three means of departure, by rail several, else one.",
        ask: many,
        good: &[(
            "CC015C",
            "Consignment(inlandModeOfTransport=2 DepartureTransportMeans(typeOfIdentification=20) DepartureTransportMeans(typeOfIdentification=20))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(inlandModeOfTransport=4 DepartureTransportMeans(typeOfIdentification=40) DepartureTransportMeans(typeOfIdentification=40))",
        )],
    },
    Coded {
        id: "R0315",
        says: "A flight number is an airline's prefix of up to three signs, up to four digits, and at most one letter.",
        ask: flights,
        good: &[(
            "CC015C",
            "Consignment(modeOfTransportAtTheBorder=4 ActiveBorderTransportMeans(conveyanceReferenceNumber=VN661))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(modeOfTransportAtTheBorder=4 ActiveBorderTransportMeans(conveyanceReferenceNumber=FLIGHT661))",
        )],
    },
];

/// The means of departure of each level: of the consignment, then of each house consignment.
fn levels(tree: &Tree<'_>) -> Vec<Vec<Id>> {
    let mut all = vec![tree.find(ROOT, "Consignment/DepartureTransportMeans")];
    all.extend(
        tree.find(ROOT, "Consignment/HouseConsignment")
            .into_iter()
            .map(|house| tree.find(house, "DepartureTransportMeans")),
    );
    all
}

fn departures(tree: &Tree<'_>) -> Vec<Id> {
    levels(tree).into_iter().flatten().collect()
}

fn mode<'t>(tree: &'t Tree<'_>) -> &'t str {
    tree.text(ROOT, "Consignment/inlandModeOfTransport")
}

fn of_mode(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let mode = mode(tree);
    if !["1", "2", "3", "4", "8"].contains(&mode) {
        return;
    }
    for kind in
        departures(tree).into_iter().flat_map(|id| tree.find(id, "typeOfIdentification")).collect::<Vec<_>>()
    {
        if !tree.node(kind).text.starts_with(mode) {
            report.broken(tree, kind, "R0472");
        }
    }
}

fn capitals(tree: &Tree<'_>, means: &[Id], kinds: &[&str], rule: &str, report: &mut Report<'_, '_>) {
    for id in means.iter().filter(|id| kinds.contains(&tree.text(**id, "typeOfIdentification"))) {
        for number in tree.find(*id, "identificationNumber") {
            if tree.node(number).text.chars().any(char::is_lowercase) {
                report.broken(tree, number, rule);
            }
        }
    }
}

fn trailers(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    if mode(tree) != "3" {
        return;
    }
    for level in levels(tree) {
        for kind in level.into_iter().skip(1).flat_map(|id| tree.find(id, "typeOfIdentification")) {
            if tree.node(kind).text != "31" {
                report.broken(tree, kind, "R0476");
            }
        }
    }
}

fn many(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let most = match mode(tree) {
        "2" => return,
        "3" => 3,
        _ => 1,
    };
    for level in levels(tree) {
        for id in level.into_iter().skip(most) {
            report.broken(tree, id, "R0855");
        }
    }
}

fn flights(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    if tree.text(ROOT, "Consignment/modeOfTransportAtTheBorder") != "4" {
        return;
    }
    for number in tree.find(ROOT, "Consignment/ActiveBorderTransportMeans/conveyanceReferenceNumber") {
        if !is_flight(&tree.node(number).text) {
            report.broken(tree, number, "R0315");
        }
    }
}

fn is_flight(text: &str) -> bool {
    let text = text.strip_suffix(|c: char| c.is_ascii_alphabetic()).unwrap_or(text);
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let fits = |prefix: usize| {
        let rest = text.len() - prefix;
        (1..=4).contains(&rest) && rest <= digits
    };
    text.is_ascii()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (1..=3).any(|prefix| prefix < text.len() && fits(prefix))
}
