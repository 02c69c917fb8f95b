//! A chosen group told as a match: class, reasons, differences, the day silence means something.

use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::graph::{Graph, Group};
use super::shelf::LineNo;
use crate::compare::{Closing, Placed, Tolerance, compare, sums};
use crate::doc::{Doc, DocLine, LineRef};
use crate::matches::{Class, Match, Rival};
use crate::score::{Contribution, Field, Judge, Level, Millibits, quantity_level};

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
            compare(&told.placed(Of::Exports), &told.placed(Of::Imports), &self.settings.tolerances, closing)
        };
        Match {
            exports: self.refs(&group.exports),
            imports: self.refs(&group.imports),
            class,
            probability: group.probability,
            due: open_until.filter(|_| open),
            contributions: self.contributions(group, &told),
            differences,
            rivals: self.rivals(group, class),
        }
    }

    /// The same without reasons, differences and rivals.
    pub(super) fn told_briefly(&self, group: &Group, today: Date) -> Match {
        let open_until = if self.is_whole(group) { None } else { self.open_until(group) };
        let open = open_until.is_some_and(|due| today <= due);
        Match {
            exports: self.refs(&group.exports),
            imports: self.refs(&group.imports),
            class: self.class(group, open),
            probability: group.probability,
            due: open_until.filter(|_| open),
            contributions: Vec::new(),
            differences: Vec::new(),
            rivals: Vec::new(),
        }
    }

    /// Whether as much came as was sent, as far as amounts in one unit tell at a glance.
    fn is_whole(&self, group: &Group) -> bool {
        let unit = self.shelf.line(group.exports[0]).unit;
        let total = |lines: &[LineNo]| {
            lines.iter().map(|line| self.shelf.line(*line)).try_fold(Decimal::ZERO, |sum, line| {
                sum.checked_add(line.stated).filter(|_| line.unit == unit && !unit.is_none())
            })
        };
        let sums = total(&group.exports).zip(total(&group.imports));
        sums.is_some_and(|(theirs, ours)| ours >= theirs && !theirs.is_sign_negative())
    }

    /// The last day on which the rest of a group's load may still come; `None` where nothing is missing.
    fn open_until(&self, group: &Group) -> Option<Date> {
        let told = Told { exports: self.bare(&group.exports), imports: self.bare(&group.imports) };
        told.open_until(self.settings.tolerances.of(&told.exports[0].0.id.country))
    }

    /// The match of an export line nothing was found for.
    pub(super) fn alone(&self, line: LineNo, today: Date) -> Match {
        let doc = self.shelf.terms.bare_doc(self.shelf.doc(line.doc), &[]);
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
        let doc = |line: &LineNo| self.shelf.terms.doc(self.shelf.doc(line.doc));
        lines.iter().map(|line| (doc(line), usize::from(line.at))).collect()
    }

    /// The same without their parties and their other lines.
    fn bare(&self, lines: &[LineNo]) -> Vec<(Doc, usize)> {
        let alone = |line: &LineNo| std::slice::from_ref(self.shelf.line(*line));
        let doc = |line: &LineNo| self.shelf.terms.bare_doc(self.shelf.doc(line.doc), alone(line));
        lines.iter().map(|line| (doc(line), 0)).collect()
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

    fn rivals(&self, group: &Group, class: Class) -> Vec<Rival> {
        let rival = |(exports, imports, probability): &(Vec<LineNo>, Vec<LineNo>, u16)| Rival {
            exports: self.refs(exports),
            imports: self.refs(imports),
            probability: *probability,
            contributions: if class == Class::Ambiguous {
                self.reasons_of(exports, imports)
            } else {
                Vec::new()
            },
        };
        group.rivals.iter().map(rival).collect()
    }

    /// The reasons for lines that were not chosen.
    fn reasons_of(&self, exports: &[LineNo], imports: &[LineNo]) -> Vec<Contribution> {
        let told = Told { exports: self.docs(exports), imports: self.docs(imports) };
        let group = Group {
            exports: exports.to_vec(),
            imports: imports.to_vec(),
            weight: 0,
            probability: 0,
            rivals: Vec::new(),
        };
        let mut reasons = self.reasons(&group, &told);
        reasons.sort_by_key(|contribution| contribution.field);
        reasons
    }

    /// The reasons, and what further lines add.
    fn contributions(&self, group: &Group, told: &Told) -> Vec<Contribution> {
        let mut all = self.reasons(group, told);
        let further = group.weight - all.iter().map(|reason| reason.weight).sum::<Millibits>();
        let lots = (told.exports.len(), told.imports.len());
        all.extend((further != 0).then(|| counted(Field::Lots, further, lots)));
        all.sort_by_key(|contribution| contribution.field);
        all
    }

    /// The reasons of the best pair with the values of all, and the sums.
    fn reasons(&self, group: &Group, told: &Told) -> Vec<Contribution> {
        let model = &self.settings.model;
        let mut judge = Judge::new(self.settings);
        let mut pairs: Vec<_> = pairs(group)
            .into_iter()
            .map(|(export, import)| {
                let quoted = self.shelf.quoted(export.doc, import).unwrap_or(Level::Absent);
                let pair = self.shelf.pair(export, import);
                (judge.evidence(&pair, quoted), pair)
            })
            .collect();
        pairs.sort_by_key(|(evidence, _)| std::cmp::Reverse(evidence.weight(model)));
        let mut all: Vec<Contribution> = Vec::new();
        for (evidence, pair) in &pairs {
            evidence.contributions(pair, model).into_iter().for_each(|next| merge(&mut all, next));
        }
        all.extend(self.of_group(group, told));
        all
    }

    fn of_group(&self, group: &Group, told: &Told) -> [Contribution; 2] {
        let model = &self.settings.model;
        let level = quantity_level(self.amount(&group.exports), self.amount(&group.imports));
        let summed = sums(&told.placed(Of::Exports), &told.placed(Of::Imports));
        let (theirs, ours) = summed.map_or_else(Default::default, |(a, b)| (a.to_string(), b.to_string()));
        let weight = model.weight(Field::Quantity, level);
        let lots = (told.exports.len(), told.imports.len());
        [
            Contribution { field: Field::Quantity, level, weight, theirs, ours },
            counted(Field::Prior, model.prior, lots),
        ]
    }

    fn amount(&self, lines: &[LineNo]) -> Option<crate::held::Amount> {
        let amounts: Vec<_> = lines.iter().map(|line| self.shelf.line(*line).amount).collect();
        crate::assign::sum(&amounts, &(0..amounts.len()).collect::<Vec<_>>())
    }
}

/// The pairs a group rests on: its single line with each of the others.
fn pairs(group: &Group) -> Vec<(LineNo, LineNo)> {
    group.exports.iter().flat_map(|export| group.imports.iter().map(|import| (*export, *import))).collect()
}

/// A reason whose values are how many lines stand on each side.
fn counted(field: Field, weight: Millibits, (exports, imports): (usize, usize)) -> Contribution {
    Contribution {
        field,
        level: Level::Absent,
        weight,
        theirs: exports.to_string(),
        ours: imports.to_string(),
    }
}

/// Adds a reason, or its values where the field has one already.
fn merge(all: &mut Vec<Contribution>, next: Contribution) {
    let own = |known: &&mut Contribution| {
        known.field == next.field && (known.level == Level::Frequency) == (next.level == Level::Frequency)
    };
    let Some(known) = all.iter_mut().find(own) else {
        all.push(next);
        return;
    };
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
