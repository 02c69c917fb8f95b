//! Rules about the offices on the way.

use std::collections::BTreeSet;

use crate::transit::report::Report;
use crate::transit::tree::{ROOT, Tree};

use super::Coded;

const TRANSIT: &str = "CustomsOfficeOfTransitDeclared";

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0003",
        says: "An office of transit is declared once.",
        ask: once,
        good: &[(
            "CC015C",
            "CustomsOfficeOfTransitDeclared(referenceNumber=LA000001) CustomsOfficeOfTransitDeclared(referenceNumber=TH000001)",
        )],
        bad: &[(
            "CC015C",
            "CustomsOfficeOfTransitDeclared(referenceNumber=LA000001) CustomsOfficeOfTransitDeclared(referenceNumber=LA000001)",
        )],
    },
    Coded {
        id: "R0004",
        says: "The goods are expected at an office of transit after their release.",
        ask: |tree, report| after(tree, "TransitOperation/releaseDate", "R0004", report),
        good: &[(
            "CC029C",
            "TransitOperation(releaseDate=2026-11-01) CustomsOfficeOfTransitDeclared(arrivalDateAndTimeEstimated=2026-11-02T08:00:00)",
        )],
        bad: &[(
            "CC029C",
            "TransitOperation(releaseDate=2026-11-03) CustomsOfficeOfTransitDeclared(arrivalDateAndTimeEstimated=2026-11-02T08:00:00)",
        )],
    },
    Coded {
        id: "R0005",
        says: "The goods are expected at an office of transit after the declaration was made.",
        ask: |tree, report| after(tree, "preparationDateAndTime", "R0005", report),
        good: &[(
            "CC015C",
            "preparationDateAndTime=2026-11-01T08:00:00 CustomsOfficeOfTransitDeclared(arrivalDateAndTimeEstimated=2026-11-02T08:00:00)",
        )],
        bad: &[(
            "CC015C",
            "preparationDateAndTime=2026-11-03T08:00:00 CustomsOfficeOfTransitDeclared(arrivalDateAndTimeEstimated=2026-11-02T08:00:00)",
        )],
    },
    Coded {
        id: "R0103",
        says: "An office of exit is neither an office of transit nor that of destination.",
        ask: exits,
        good: &[(
            "CC015C",
            "CustomsOfficeOfExitForTransitDeclared(referenceNumber=XI000001) CustomsOfficeOfTransitDeclared(referenceNumber=XI000002)",
        )],
        bad: &[(
            "CC015C",
            "CustomsOfficeOfExitForTransitDeclared(referenceNumber=XI000001) CustomsOfficeOfTransitDeclared(referenceNumber=XI000001)",
        )],
    },
];

fn once(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let mut seen = BTreeSet::new();
    for id in tree.find(ROOT, "CustomsOfficeOfTransitDeclared/referenceNumber") {
        if !seen.insert(tree.node(id).text.clone()) {
            report.broken(tree, id, "R0003");
        }
    }
}

/// Whether every expected arrival is later than what stands at a path; days and moments sort as texts.
fn after(tree: &Tree<'_>, path: &str, rule: &str, report: &mut Report<'_, '_>) {
    let from = tree.text(ROOT, path);
    for id in tree.find(ROOT, "CustomsOfficeOfTransitDeclared/arrivalDateAndTimeEstimated") {
        if !from.is_empty() && tree.node(id).text.as_ref() < from {
            report.broken(tree, id, rule);
        }
    }
}

fn exits(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let mut taken: BTreeSet<_> = tree
        .find(ROOT, &format!("{TRANSIT}/referenceNumber"))
        .into_iter()
        .map(|id| tree.node(id).text.clone())
        .collect();
    taken.extend(
        tree.find(ROOT, "CustomsOfficeOfDestinationDeclared/referenceNumber")
            .into_iter()
            .map(|id| tree.node(id).text.clone()),
    );
    for id in tree.find(ROOT, "CustomsOfficeOfExitForTransitDeclared/referenceNumber") {
        if taken.contains(&tree.node(id).text) {
            report.broken(tree, id, "R0103");
        }
    }
}
