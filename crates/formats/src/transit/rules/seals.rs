//! Rules about seals.

use std::collections::BTreeSet;

use crate::transit::report::Report;
use crate::transit::tree::{Id, ROOT, Tree};

use super::Coded;

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0106",
        says: "The number of seals is the number of the last seal listed.",
        ask: counted,
        good: &[(
            "CC015C",
            "Consignment(TransportEquipment(numberOfSeals=2 Seal(sequenceNumber=1) Seal(sequenceNumber=2)))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(TransportEquipment(numberOfSeals=3 Seal(sequenceNumber=1) Seal(sequenceNumber=2)))",
        )],
    },
    Coded {
        id: "R0107",
        says: "A seal is listed once in the whole declaration.",
        ask: once,
        good: &[(
            "CC015C",
            "Consignment(TransportEquipment(Seal(identifier=A)) TransportEquipment(Seal(identifier=B)))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(TransportEquipment(Seal(identifier=A)) TransportEquipment(Seal(identifier=A)))",
        )],
    },
    Coded {
        id: "R0448",
        says: "Equipment that is no container is listed only for its seals.",
        ask: sealed,
        good: &[(
            "CC015C",
            "Consignment(TransportEquipment(containerIdentificationNumber=A numberOfSeals=0))",
        )],
        bad: &[("CC015C", "Consignment(TransportEquipment(numberOfSeals=0))")],
    },
];

fn equipment(tree: &Tree<'_>) -> Vec<Id> {
    let mut all = tree.find(ROOT, "Consignment/TransportEquipment");
    all.extend(tree.find(ROOT, "Consignment/Incident/TransportEquipment"));
    all
}

fn counted(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for id in equipment(tree) {
        let Some(number) = tree.find(id, "numberOfSeals").first().copied() else { continue };
        let numbers = tree
            .find(id, "Seal/sequenceNumber")
            .into_iter()
            .map(|seal| tree.node(seal).text.parse().unwrap_or(0));
        let highest: u32 = numbers.max().unwrap_or(0);
        if tree.node(number).text.parse().is_ok_and(|declared: u32| declared != highest) {
            report.broken(tree, number, "R0106");
        }
    }
}

fn once(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let mut seen = BTreeSet::new();
    for id in equipment(tree) {
        for seal in tree.find(id, "Seal/identifier") {
            if !seen.insert(tree.node(seal).text.clone()) {
                report.broken(tree, seal, "R0107");
            }
        }
    }
}

fn sealed(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for id in equipment(tree) {
        let container = !tree.find(id, "containerIdentificationNumber").is_empty();
        let none = tree.find(id, "numberOfSeals").into_iter().find(|number| tree.node(*number).text == "0");
        if let Some(number) = none.filter(|_| !container) {
            report.broken(tree, number, "R0448");
        }
    }
}
