//! Rules about data that belong one level up because they are equal everywhere below.

use crate::transit::report::Report;
use crate::transit::table::SCHEMA;
use crate::transit::tree::{Id, ROOT, Tree};

use super::Coded;

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0506",
        says: "What is equal on all house consignments belongs on the consignment.",
        ask: |tree, report| {
            let names = [
                "Consignor",
                "Consignee",
                "DepartureTransportMeans",
                "TransportCharges",
                "referenceNumberUCR",
                "countryOfDestination",
                "countryOfDispatch",
            ];
            raised(tree, "Consignment/HouseConsignment", &names, "R0506", report);
        },
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(countryOfDestination=TH) HouseConsignment(countryOfDestination=LA))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(HouseConsignment(countryOfDestination=TH) HouseConsignment(countryOfDestination=TH))",
        )],
    },
    Coded {
        id: "R0507",
        says: "What is equal on all items belongs one level up.",
        ask: |tree, report| {
            let names =
                ["countryOfDispatch", "countryOfDestination", "referenceNumberUCR", "declarationType"];
            raised(tree, "Consignment/HouseConsignment/ConsignmentItem", &names, "R0507", report);
        },
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(countryOfDestination=TH) ConsignmentItem(countryOfDestination=LA)))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(countryOfDestination=TH) ConsignmentItem(countryOfDestination=TH)))",
        )],
    },
];

fn raised(tree: &Tree<'_>, level: &str, names: &[&str], rule: &str, report: &mut Report<'_, '_>) {
    let all = tree.find(ROOT, level);
    let Some((first, others)) = all.split_first() else { return };
    for name in names {
        let Some(name) = SCHEMA.id(name) else { continue };
        let held = |id: &Id| -> Vec<Id> { tree.named(*id, name).collect() };
        let model = held(first);
        if let Some(found) = model.first()
            && others.iter().all(|other| alike(tree, &model, &held(other)))
        {
            report.broken(tree, *found, rule);
        }
    }
}

fn alike(tree: &Tree<'_>, these: &[Id], those: &[Id]) -> bool {
    these.len() == those.len()
        && these.iter().zip(those).all(|(this, that)| {
            let (left, right) = (tree.node(*this), tree.node(*that));
            let (inner, outer): (Vec<_>, Vec<_>) =
                (tree.children(*this).collect(), tree.children(*that).collect());
            left.name == right.name && left.text == right.text && alike(tree, &inner, &outer)
        })
}
