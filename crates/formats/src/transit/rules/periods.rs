//! Rules about periods, and about unavailability.

use std::collections::BTreeSet;

use crate::transit::report::Report;
use crate::transit::tree::{ROOT, Tree};

use super::Coded;

const UNAVAILABLE: &str = "Country/Action/Unavailability";

pub(super) const RULES: &[Coded] = &[
    Coded {
        id: "R0519",
        says: "An unavailability begins before it ends.",
        ask: |tree, report| order(tree, UNAVAILABLE, ("startDateAndTime", "endDateAndTime"), "R0519", report),
        good: &[(
            "CD971C",
            "Country(Action(Unavailability(startDateAndTime=2026-11-01T08:00:00 endDateAndTime=2026-11-01T09:00:00)))",
        )],
        bad: &[(
            "CD971C",
            "Country(Action(Unavailability(startDateAndTime=2026-11-01T08:00:00 endDateAndTime=2026-11-01T08:00:00)))",
        )],
    },
    Coded {
        id: "R0705",
        says: "The period asked about begins before it ends.",
        ask: |tree, report| {
            order(
                tree,
                "GuaranteeReference/GuaranteeQuery",
                ("periodFromDate", "periodToDate"),
                "R0705",
                report,
            );
        },
        good: &[(
            "CC034C",
            "GuaranteeReference(GuaranteeQuery(periodFromDate=2026-10-01 periodToDate=2026-11-01))",
        )],
        bad: &[(
            "CC034C",
            "GuaranteeReference(GuaranteeQuery(periodFromDate=2026-11-01 periodToDate=2026-10-01))",
        )],
    },
    Coded {
        id: "R0516",
        says: "All unavailabilities of a message are of one kind.",
        ask: one_kind,
        good: &[("CD971C", "Country(Action(Unavailability(type=S) Unavailability(type=S)))")],
        bad: &[("CD971C", "Country(Action(Unavailability(type=S) Unavailability(type=U)))")],
    },
    Coded {
        id: "R0518",
        says: "The same unavailability is announced once for a country.",
        ask: once,
        good: &[(
            "CD971C",
            "Country(Action(Unavailability(type=S functionality=A startDateAndTime=1) Unavailability(type=S functionality=B startDateAndTime=1)))",
        )],
        bad: &[(
            "CD971C",
            "Country(Action(Unavailability(type=S functionality=A startDateAndTime=1) Unavailability(type=S functionality=A startDateAndTime=1)))",
        )],
    },
];

fn order(tree: &Tree<'_>, path: &str, (from, to): (&str, &str), rule: &str, report: &mut Report<'_, '_>) {
    for id in tree.find(ROOT, path) {
        for end in tree.find(id, to) {
            let start = tree.text(id, from);
            if !start.is_empty() && tree.node(end).text.as_ref() <= start {
                report.broken(tree, end, rule);
            }
        }
    }
}

fn one_kind(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    let kinds = tree.find(ROOT, &format!("{UNAVAILABLE}/type"));
    let Some(first) = kinds.first() else { return };
    for kind in kinds.iter().filter(|kind| tree.node(**kind).text != tree.node(*first).text) {
        report.broken(tree, *kind, "R0516");
    }
}

fn once(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for country in tree.find(ROOT, "Country") {
        let mut seen = BTreeSet::new();
        for id in tree.find(country, "Action/Unavailability") {
            let key =
                ["type", "functionality", "startDateAndTime"].map(|name| tree.text(id, name).to_owned());
            if !seen.insert(key) {
                report.broken(tree, id, "R0518");
            }
        }
    }
}
