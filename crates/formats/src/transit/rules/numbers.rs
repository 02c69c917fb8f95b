//! Rules about MRNs and guarantee numbers.

use customs::transit::{grn_is_sound, mrn_is_sound};

use crate::transit::report::Report;
use crate::transit::table::SCHEMA;
use crate::transit::tree::{Id, ROOT, Tree};

use super::Coded;

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0028",
        says: "The check digit of an MRN fits its number.",
        ask: digits,
        good: &[("CC007C", "TransitOperation(MRN=24GB0002463CTPQVJ0)")],
        bad: &[("CC007C", "TransitOperation(MRN=24GB0002463CTPQVJ1)")],
    },
    Coded {
        id: "R0318",
        says: "The number of a voucher has 24 signs, that of another guarantee 17.",
        ask: lengths,
        good: &[("CC015C", "Guarantee(guaranteeType=1 GuaranteeReference(GRN=23GB0000010000058))")],
        bad: &[
            ("CC015C", "Guarantee(guaranteeType=4 GuaranteeReference(GRN=23GB0000010000058))"),
            ("CC015C", "Guarantee(guaranteeType=1 GuaranteeReference(GRN=23GB0000010000059))"),
        ],
    },
    Coded {
        id: "R0324",
        says: "The number of a guarantee that is managed as a whole has 17 signs.",
        ask: |tree, report| {
            for id in tree.find(ROOT, "GuaranteeReference/GRN") {
                if tree.node(id).text.len() != 17 {
                    report.broken(tree, id, "R0324");
                }
            }
        },
        good: &[("CC228C", "GuaranteeReference(GRN=23GB0000010000058)")],
        bad: &[("CC225C", "GuaranteeReference(GRN=23GB0000010000058A000001)")],
    },
    Coded {
        id: "R0416",
        says: "An export declaration that goes before is cited by its export MRN.",
        ask: exports,
        good: &[(
            "CC015C",
            "Consignment(HouseConsignment(PreviousDocument(type=N830 referenceNumber=26VN000000000000B0)))",
        )],
        bad: &[(
            "CC015C",
            "Consignment(HouseConsignment(PreviousDocument(type=N830 referenceNumber=26VN000000000000J2)))",
        )],
    },
];

fn every(tree: &Tree<'_>, name: &str) -> Vec<Id> {
    let Some(name) = SCHEMA.id(name) else { return Vec::new() };
    (0..tree.len())
        .filter_map(|id| Id::try_from(id).ok())
        .filter(|id| *id != ROOT && tree.node(*id).name == name)
        .collect()
}

fn digits(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for id in every(tree, "MRN") {
        if !mrn_is_sound(&tree.node(id).text) {
            report.broken(tree, id, "R0028");
        }
    }
}

fn lengths(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for guarantee in tree.find(ROOT, "Guarantee") {
        let kind = tree.text(guarantee, "guaranteeType");
        let length = if kind == "4" { 24 } else { 17 };
        for id in tree.find(guarantee, "GuaranteeReference/GRN") {
            let number = &tree.node(id).text;
            if number.len() != length || !grn_is_sound(number) {
                report.broken(tree, id, "R0318");
            }
        }
    }
}

fn exports(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for document in tree.find(ROOT, "Consignment/HouseConsignment/PreviousDocument") {
        if tree.text(document, "type") != "N830" {
            continue;
        }
        for id in tree.find(document, "referenceNumber") {
            let letter = tree.node(id).text.chars().nth(16);
            if !letter.is_some_and(|letter| matches!(letter, 'A' | 'B' | 'E')) {
                report.broken(tree, id, "R0416");
            }
        }
    }
}
