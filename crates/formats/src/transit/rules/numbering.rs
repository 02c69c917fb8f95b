//! Rules about running numbers.

use std::collections::BTreeSet;

use crate::transit::report::Report;
use crate::transit::table::{NameId, SCHEMA};
use crate::transit::tree::{Id, ROOT, Tree};

use super::Coded;

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0987",
        says: "Repeated groups are numbered 1, 2, 3 and so on in the order they stand.",
        ask: |tree, report| running(tree, "sequenceNumber", "R0987", report),
        good: &[("CC015C", "Guarantee(sequenceNumber=1) Guarantee(sequenceNumber=2)")],
        bad: &[("CC015C", "Guarantee(sequenceNumber=1) Guarantee(sequenceNumber=3)")],
    },
    Coded {
        id: "R0988",
        says: "Items are numbered 1, 2, 3 and so on inside their house consignment.",
        ask: |tree, report| running(tree, "goodsItemNumber", "R0988", report),
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(goodsItemNumber=1) ConsignmentItem(goodsItemNumber=2)))",
        )],
        bad: &[("CC015C", "Consignment(HouseConsignment(ConsignmentItem(goodsItemNumber=2)))")],
    },
    Coded {
        id: "R0007",
        says: "Items are numbered 1, 2, 3 and so on through the whole declaration.",
        ask: through,
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(declarationGoodsItemNumber=1)) HouseConsignment(ConsignmentItem(declarationGoodsItemNumber=2)))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(HouseConsignment(ConsignmentItem(declarationGoodsItemNumber=1)) HouseConsignment(ConsignmentItem(declarationGoodsItemNumber=1)))",
        )],
    },
    Coded {
        id: "R0001",
        says: "Each kind of information is given once in an answer.",
        ask: |tree, report| once(tree, "ResponseInformation/informationCode", "R0001", report),
        good: &[(
            "CD144C",
            "ResponseInformation(informationCode=10) ResponseInformation(informationCode=11)",
        )],
        bad: &[("CD144C", "ResponseInformation(informationCode=10) ResponseInformation(informationCode=10)")],
    },
    Coded {
        id: "R0002",
        says: "Each kind of information is asked for once.",
        ask: |tree, report| once(tree, "RequestedInformation/code", "R0002", report),
        good: &[("CD145C", "RequestedInformation(code=1) RequestedInformation(code=2)")],
        bad: &[("CD145C", "RequestedInformation(code=1) RequestedInformation(code=1)")],
    },
    Coded {
        id: "R0054",
        says: "A report of differences names each sequence number of a group once.",
        ask: |tree, report| unique(tree, "sequenceNumber", "R0054", report),
        good: &[("CC044C", "Consignment(TransportEquipment(sequenceNumber=3))")],
        bad: &[(
            "CC044C",
            "Consignment(TransportEquipment(sequenceNumber=3) TransportEquipment(sequenceNumber=3))",
        )],
    },
    Coded {
        id: "R0055",
        says: "A report of differences names each item once.",
        ask: |tree, report| unique(tree, "declarationGoodsItemNumber", "R0055", report),
        good: &[("CC044C", "Consignment(HouseConsignment(ConsignmentItem(declarationGoodsItemNumber=5)))")],
        bad: &[(
            "CC044C",
            "Consignment(HouseConsignment(ConsignmentItem(declarationGoodsItemNumber=5) ConsignmentItem(declarationGoodsItemNumber=5)))",
        )],
    },
];

/// Calls `each` for every repeated element that has a number of this name: the number, and how many of its like stood
/// before it under the same parent.
fn numbered(tree: &Tree<'_>, name: NameId, mut each: impl FnMut(Id, usize)) {
    for parent in 0..tree.len() {
        let Ok(parent) = Id::try_from(parent) else { return };
        let mut run = (NameId::MAX, 0);
        for child in tree.children(parent).filter(|child| tree.node(*child).group.is_some()) {
            let of = tree.node(child).name;
            run = if of == run.0 { (of, run.1 + 1) } else { (of, 0) };
            if let Some(number) = tree.one(child, name) {
                each(number, run.1);
            }
        }
    }
}

fn running(tree: &Tree<'_>, name: &str, rule: &str, report: &mut Report<'_, '_>) {
    let Some(name) = SCHEMA.id(name) else { return };
    numbered(tree, name, |number, before| {
        if tree.node(number).text.parse() != Ok(before + 1) {
            report.broken(tree, number, rule);
        }
    });
}

fn unique(tree: &Tree<'_>, name: &str, rule: &str, report: &mut Report<'_, '_>) {
    let Some(name) = SCHEMA.id(name) else { return };
    let mut seen = BTreeSet::new();
    numbered(tree, name, |number, before| {
        if before == 0 {
            seen.clear();
        }
        if !seen.insert(tree.node(number).text.clone()) {
            report.broken(tree, number, rule);
        }
    });
}

fn through(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let numbers = tree.find(ROOT, "Consignment/HouseConsignment/ConsignmentItem/declarationGoodsItemNumber");
    for (at, number) in numbers.into_iter().enumerate() {
        if tree.node(number).text.parse() != Ok(at + 1) {
            report.broken(tree, number, "R0007");
        }
    }
}

fn once(tree: &Tree<'_>, path: &str, rule: &str, report: &mut Report<'_, '_>) {
    let mut seen = BTreeSet::new();
    for id in tree.find(ROOT, path) {
        if !seen.insert(tree.node(id).text.clone()) {
            report.broken(tree, id, rule);
        }
    }
}
