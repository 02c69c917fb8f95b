//! Rules about packages that several items share.

use crate::transit::lists;
use crate::transit::report::Report;
use crate::transit::tree::{Id, ROOT, Tree};

use super::Coded;

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0219",
        says: "An item that is packed with another has no packages of its own.",
        ask: alone,
        good: &[("CC015C", "Consignment(HouseConsignment(ConsignmentItem(Packaging(numberOfPackages=0))))")],
        bad: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(Packaging(numberOfPackages=0) Packaging(numberOfPackages=3))))",
        )],
    },
    Coded {
        id: "R0364",
        says: "An item that is packed with another bears the marks of that other's packages.",
        ask: with,
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(Packaging(numberOfPackages=0 typeOfPackages=BX shippingMarks=A)) ConsignmentItem(Packaging(numberOfPackages=4 typeOfPackages=BX shippingMarks=A))))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(Packaging(numberOfPackages=0 typeOfPackages=BX shippingMarks=A)) ConsignmentItem(Packaging(numberOfPackages=4 typeOfPackages=BX shippingMarks=B))))",
        )],
    },
];

fn none(tree: &Tree<'_>, packaging: Id) -> bool {
    tree.text(packaging, "numberOfPackages") == "0"
}

fn alone(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for item in tree.find(ROOT, "Consignment/HouseConsignment/ConsignmentItem") {
        let all = tree.find(item, "Packaging");
        if !all.iter().any(|packaging| none(tree, *packaging)) {
            continue;
        }
        let own = all.into_iter().filter(|packaging| !none(tree, *packaging));
        for count in own.flat_map(|packaging| tree.find(packaging, "numberOfPackages")).collect::<Vec<_>>() {
            report.broken(tree, count, "R0219");
        }
    }
}

fn with(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for house in tree.find(ROOT, "Consignment/HouseConsignment") {
        let all = tree.find(house, "ConsignmentItem/Packaging");
        let holds = |packaging: &Id, marks: &str| {
            let kind = tree.text(*packaging, "typeOfPackages");
            let loose = ["CL181", "CL182"].iter().any(|list| lists::has(list, kind) == Some(true));
            !loose
                && tree.text(*packaging, "shippingMarks") == marks
                && tree.text(*packaging, "numberOfPackages").parse().unwrap_or(0) > 0
        };
        for packaging in all.iter().filter(|packaging| none(tree, **packaging)) {
            let marks = tree.text(*packaging, "shippingMarks");
            if !all.iter().any(|other| holds(other, marks)) {
                report.broken(tree, *packaging, "R0364");
            }
        }
    }
}
