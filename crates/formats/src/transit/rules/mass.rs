//! Rules about mass.

use rust_decimal::Decimal;

use crate::transit::report::Report;
use crate::transit::table::SCHEMA;
use crate::transit::tree::{Id, ROOT, Tree};

use super::Coded;

const HOUSE: &str = "Consignment/HouseConsignment";
const GROSS: &str = "Commodity/GoodsMeasure/grossMass";

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0994",
        says: "The consignment weighs at least as much as its house consignments together.",
        ask: |tree, report| {
            for consignment in tree.find(ROOT, "Consignment") {
                covers(tree, consignment, "HouseConsignment/grossMass", "R0994", report);
            }
        },
        good: &[(
            "CC015C",
            "Consignment(grossMass=3 HouseConsignment(grossMass=1) HouseConsignment(grossMass=2))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(grossMass=2.999 HouseConsignment(grossMass=1) HouseConsignment(grossMass=2))",
        )],
    },
    Coded {
        id: "R0983",
        says: "A house consignment weighs at least as much as its items together.",
        ask: |tree, report| {
            for house in tree.find(ROOT, HOUSE) {
                covers(tree, house, "ConsignmentItem/Commodity/GoodsMeasure/grossMass", "R0983", report);
            }
        },
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(grossMass=1 ConsignmentItem(Commodity(GoodsMeasure(grossMass=1)))))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(HouseConsignment(grossMass=1 ConsignmentItem(Commodity(GoodsMeasure(grossMass=2)))))",
        )],
    },
    Coded {
        id: "R0223",
        says: "Goods weigh no more net than gross.",
        ask: net,
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(Commodity(GoodsMeasure(grossMass=2 netMass=2)))))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(Commodity(GoodsMeasure(grossMass=2 netMass=2.1)))))",
        )],
    },
    Coded {
        id: "R0221",
        says: "An item weighs nothing if and only if it is packed with another that does.",
        ask: shared,
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(Commodity(GoodsMeasure(grossMass=0)) Packaging(numberOfPackages=0)) ConsignmentItem(Commodity(GoodsMeasure(grossMass=5)) Packaging(numberOfPackages=1))))",
        )],
        bad: &[
            (
                "CC015C",
                "Consignment(HouseConsignment(ConsignmentItem(Commodity(GoodsMeasure(grossMass=1)) Packaging(numberOfPackages=0)) ConsignmentItem(Commodity(GoodsMeasure(grossMass=5)))))",
            ),
            (
                "CC015C",
                "Consignment(HouseConsignment(ConsignmentItem(Commodity(GoodsMeasure(grossMass=0)) Packaging(numberOfPackages=2))))",
            ),
        ],
    },
];

fn number(tree: &Tree<'_>, id: Id) -> Option<Decimal> {
    tree.node(id).text.parse().ok()
}

/// Whether the element's own gross mass covers the sum of those at a path under it.
fn covers(tree: &Tree<'_>, id: Id, path: &str, rule: &str, report: &mut Report<'_, '_>) {
    let Some(own) = SCHEMA.id("grossMass").and_then(|name| tree.one(id, name)) else { return };
    let sum = tree
        .find(id, path)
        .into_iter()
        .filter_map(|part| number(tree, part))
        .try_fold(Decimal::ZERO, Decimal::checked_add);
    if let (Some(mass), Some(sum)) = (number(tree, own), sum)
        && mass < sum
    {
        report.broken(tree, own, rule);
    }
}

fn net(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let (Some(gross), Some(net)) = (SCHEMA.id("grossMass"), SCHEMA.id("netMass")) else { return };
    for measure in tree.find(ROOT, "Consignment/HouseConsignment/ConsignmentItem/Commodity/GoodsMeasure") {
        let (Some(gross), Some(net)) = (tree.one(measure, gross), tree.one(measure, net)) else { continue };
        if let (Some(whole), Some(part)) = (number(tree, gross), number(tree, net))
            && whole > Decimal::ZERO
            && part > whole
        {
            report.broken(tree, net, "R0223");
        }
    }
}

fn shared(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for house in tree.find(ROOT, HOUSE) {
        let items = tree.find(house, "ConsignmentItem");
        let mass = |item: &Id| tree.find(*item, GROSS).first().copied();
        let weighing = items
            .iter()
            .filter(|item| mass(item).and_then(|id| number(tree, id)).is_some_and(|it| !it.is_zero()))
            .count();
        for item in &items {
            let Some(gross) = mass(item) else { continue };
            let none = tree
                .find(*item, "Packaging/numberOfPackages")
                .iter()
                .any(|count| tree.node(*count).text == "0");
            let weightless = number(tree, gross).is_some_and(|it| it.is_zero());
            if none != weightless || (none && weighing == 0) {
                report.broken(tree, gross, "R0221");
            }
        }
    }
}
