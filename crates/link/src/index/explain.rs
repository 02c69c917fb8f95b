//! A chosen group told as a match: class, reasons, differences, the day silence means something.

use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::graph::{Graph, Group};
use super::shelf::LineNo;
use crate::compare::{Closing, Placed, Tolerance, compare, sums};
use crate::doc::{Doc, DocLine, LineRef};
use crate::matches::{Class, Match, Rival};
use crate::score::{Contribution, Evidence, Field, Level, quantity_level};

/// A group with its documents as they came.
struct Told {
    exports: Vec<(Doc, usize)>,
    imports: Vec<(Doc, usize)>,
}

impl Graph<'_> {
    /// The match a group is on this day.
    pub(super) fn told(&self, group: &Group, today: Date) -> Match {
        let told = Told { exports: self.docs(&group.exports), imports: self.docs(&group.imports) };
        let tolerance = self.settings.tolerances.of(&told.exports[0].0.id.country);
        let open_until = told.open_until(tolerance);
        let open = open_until.is_some_and(|due| today <= due);
        let class = self.class(group, open);
        let closing = if open { Closing::Open } else { Closing::Closed };
        let differences = if class == Class::Ambiguous {
            Vec::new()
        } else {
            compare(&told.placed(Of::Exports), &told.placed(Of::Imports), tolerance, closing)
        };
        Match {
            exports: self.refs(&group.exports),
            imports: self.refs(&group.imports),
            class,
            probability: group.probability,
            due: open_until.filter(|_| open),
            contributions: self.contributions(group, &told, tolerance),
            differences,
            rivals: self.rivals(group),
        }
    }

    /// The match of an export line nothing was found for.
    pub(super) fn alone(&self, line: LineNo, today: Date) -> Match {
        let doc = self.shelf.terms.doc(self.shelf.doc(line.doc));
        let tolerance = self.settings.tolerances.of(&doc.id.country);
        let due = doc.day.and_then(|day| later(day, tolerance.transit(doc.mode.as_ref())));
        let late = due.is_some_and(|due| today > due);
        Match {
            exports: vec![self.shelf.line_ref(line)],
            imports: Vec::new(),
            class: if late { Class::Overdue } else { Class::Awaited },
            probability: 0,
            due: due.filter(|_| !late),
            contributions: Vec::new(),
            differences: Vec::new(),
            rivals: Vec::new(),
        }
    }

    /// The match of an import line that quotes an export which is not at hand.
    pub(super) fn quoting(&self, line: LineNo) -> Match {
        Match {
            exports: Vec::new(),
            imports: vec![self.shelf.line_ref(line)],
            class: Class::Awaited,
            probability: 0,
            due: None,
            contributions: Vec::new(),
            differences: Vec::new(),
            rivals: Vec::new(),
        }
    }

    fn docs(&self, lines: &[LineNo]) -> Vec<(Doc, usize)> {
        let one = |line: &LineNo| {
            let doc = self.shelf.terms.doc(self.shelf.doc(line.doc));
            let item = self.shelf.line(*line).item;
            let at = doc.lines.iter().position(|line| line.item == item).unwrap_or(0);
            (doc, at)
        };
        lines.iter().map(one).collect()
    }

    fn refs(&self, lines: &[LineNo]) -> Vec<LineRef> {
        lines.iter().map(|line| self.shelf.line_ref(*line)).collect()
    }

    fn class(&self, group: &Group, open: bool) -> Class {
        match (group.exports.len(), group.imports.len()) {
            _ if self.is_ambiguous(group) => Class::Ambiguous,
            _ if open => Class::Partial,
            (1, 1) => Class::OneToOne,
            (1, _) => Class::Split,
            (_, _) => Class::Merged,
        }
    }

    /// A group is ambiguous where it is not sure enough and something else is about as likely, unless that only
    /// exchanges lines of the same documents.
    fn is_ambiguous(&self, group: &Group) -> bool {
        let docs =
            |lines: &[LineNo]| lines.iter().map(|line| line.doc).collect::<std::collections::BTreeSet<_>>();
        let own = (docs(&group.exports), docs(&group.imports));
        let other = |(exports, imports, probability): &&(Vec<LineNo>, Vec<LineNo>, u16)| {
            (docs(exports), docs(imports)) != own && probability * 4 >= group.probability
        };
        group.probability < self.settings.sure && group.rivals.iter().any(|rival| other(&rival))
    }

    fn rivals(&self, group: &Group) -> Vec<Rival> {
        let rival = |(exports, imports, probability): &(Vec<LineNo>, Vec<LineNo>, u16)| Rival {
            exports: self.refs(exports),
            imports: self.refs(imports),
            probability: *probability,
        };
        group.rivals.iter().map(rival).collect()
    }

    /// The reasons of all pairs of the group by field, and those of the group itself.
    fn contributions(&self, group: &Group, told: &Told, tolerance: &Tolerance) -> Vec<Contribution> {
        let model = &self.settings.model;
        let mut all: Vec<Contribution> = Vec::new();
        for (export, import) in pairs(group) {
            let pair = self.pair(export, import);
            let quoted = self.quoted(export, import).unwrap_or(Level::Absent);
            let evidence = Evidence::of(&pair, tolerance, quoted);
            for contribution in evidence.contributions(&pair, model) {
                merge(&mut all, contribution);
            }
        }
        all.extend(self.of_group(group, told));
        all.sort_by_key(|contribution| contribution.field);
        all
    }

    fn of_group(&self, group: &Group, told: &Told) -> Vec<Contribution> {
        let model = &self.settings.model;
        let level = quantity_level(self.amount(&group.exports), self.amount(&group.imports));
        let summed = sums(&told.placed(Of::Exports), &told.placed(Of::Imports));
        let (theirs, ours) = summed.map_or_else(Default::default, |(a, b)| (a.to_string(), b.to_string()));
        let pairs = i32::try_from(pairs(group).len()).unwrap_or(i32::MAX);
        let lots = |weight| Contribution {
            field: Field::Lots,
            level: Level::Absent,
            weight,
            theirs: group.exports.len().to_string(),
            ours: group.imports.len().to_string(),
        };
        let prior = Contribution { field: Field::Prior, ..lots(model.prior.saturating_mul(pairs)) };
        let quantity = Contribution {
            field: Field::Quantity,
            level,
            weight: model.weight(Field::Quantity, level),
            theirs,
            ours,
        };
        let mut all = vec![quantity, lots(model.lots.saturating_mul(pairs - 1)), prior];
        all.retain(|contribution| contribution.weight != 0);
        all
    }

    fn amount(&self, lines: &[LineNo]) -> Option<crate::held::Amount> {
        let amounts: Vec<_> =
            lines.iter().map(|line| self.shelf.terms.amount(self.shelf.line(*line))).collect();
        crate::assign::sum(&amounts, &(0..amounts.len()).collect::<Vec<_>>())
    }
}

/// The pairs a group rests on: its single line with each of the others.
fn pairs(group: &Group) -> Vec<(LineNo, LineNo)> {
    group.exports.iter().flat_map(|export| group.imports.iter().map(|import| (*export, *import))).collect()
}

fn merge(all: &mut Vec<Contribution>, next: Contribution) {
    let Some(known) = all.iter_mut().find(|known| known.field == next.field) else {
        all.push(next);
        return;
    };
    known.weight += next.weight;
    known.level = known.level.max(next.level);
    for (joined, value) in [(&mut known.theirs, next.theirs), (&mut known.ours, next.ours)] {
        if !joined.split(" + ").any(|part| part == value) {
            joined.push_str(" + ");
            joined.push_str(&value);
        }
    }
}

#[derive(Clone, Copy)]
enum Of {
    Exports,
    Imports,
}

impl Told {
    fn placed(&self, of: Of) -> Vec<Placed<'_>> {
        let lines = match of {
            Of::Exports => &self.exports,
            Of::Imports => &self.imports,
        };
        lines
            .iter()
            .filter_map(|(doc, at)| doc.lines.get(*at).map(|line: &DocLine| Placed { doc, line }))
            .collect()
    }

    /// The last day on which the rest of a load may still come; `None` where nothing is missing.
    fn open_until(&self, tolerance: &Tolerance) -> Option<Date> {
        let (theirs, ours) = sums(&self.placed(Of::Exports), &self.placed(Of::Imports))?;
        let missing = theirs.amount - ours.amount;
        let share = theirs.amount * Decimal::new(i64::from(tolerance.remainder.max(tolerance.quantity)), 3);
        if missing <= share {
            return None;
        }
        let last = self.imports.iter().filter_map(|(doc, _)| doc.day).max()?;
        later(last, tolerance.closing_days)
    }
}

fn later(day: Date, days: i32) -> Option<Date> {
    day.checked_add(days.days()).ok()
}
