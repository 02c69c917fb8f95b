//! The linker's judgement in the words of the gate: one tie per received item, with reasons and differences.

use std::collections::BTreeMap;

use customs::declaration::Declaration;
use customs::gate::{Difference, Explained, Explanation, Group, Reason, Tie};
use customs::terms::GoodsLine;
use kernel::{CaseId, Money};
use link::{Class, DifferenceCode, DocId, Index, LineRef, Match};

/// One of our imports.
pub(super) struct Import<'a> {
    pub(super) id: &'a DocId,
    pub(super) declaration: &'a Declaration,
}

/// One tie for each received item that speaks for an export these matches name, in the order of the exports' keys.
pub(super) fn ties(
    import: &Import<'_>,
    matches: &[Match],
    index: &Index,
    speaks: &BTreeMap<DocId, CaseId>,
) -> Vec<Tie> {
    let mut ties: BTreeMap<&DocId, Tie> = BTreeMap::new();
    for found in matches {
        let Some(group) = group_of(found.class) else { continue };
        let spoken = exports_of(found).into_iter().filter_map(|export| Some((export, speaks.get(export)?)));
        for (place, (export, item)) in spoken.enumerate() {
            let tie = ties.entry(export).or_insert_with(|| empty(item, export, group));
            tie.group = heavier(tie.group, group);
            tie.permille = tie.permille.min(found.probability);
            tie.lines.extend(lines_of(found, export, import.id));
            add_reasons(&mut tie.reasons, found);
            // A difference belongs to the match, not to each of its exports: it is told once, on the first.
            if place == 0 {
                let own =
                    found.differences.iter().filter(|seen| told_on(seen, found, index) == Some(import.id));
                tie.differences.extend(own.map(|seen| difference(seen, found, import)));
            }
        }
    }
    ties.into_values().map(sorted).collect()
}

fn empty(item: &CaseId, export: &DocId, group: Group) -> Tie {
    Tie {
        item: item.clone(),
        export: format!("{}:{}", export.country, export.number),
        group,
        permille: 1_000,
        reasons: Vec::new(),
        differences: Vec::new(),
        lines: Vec::new(),
    }
}

fn sorted(mut tie: Tie) -> Tie {
    tie.reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.weight), reason.code.clone()));
    tie.lines.sort_unstable();
    tie.lines.dedup();
    tie
}

/// What the gate calls a class; nothing while nothing is linked.
const fn group_of(class: Class) -> Option<Group> {
    match class {
        Class::OneToOne => Some(Group::OneToOne),
        Class::Split => Some(Group::Split),
        Class::Merged => Some(Group::Merged),
        Class::Partial => Some(Group::Partial),
        Class::Ambiguous => Some(Group::Ambiguous),
        Class::Awaited | Class::Overdue => None,
    }
}

/// Of two judgements about lines of one pair of documents, the one somebody should know of first.
fn heavier(one: Group, other: Group) -> Group {
    let weight = |group: &Group| match group {
        Group::OneToOne => 0,
        Group::Split => 1,
        Group::Merged => 2,
        Group::Partial => 3,
        Group::Ambiguous => 4,
    };
    if weight(&other) > weight(&one) { other } else { one }
}

fn exports_of(found: &Match) -> Vec<&DocId> {
    let mut docs: Vec<_> = found.exports.iter().map(|line| &line.doc).collect();
    docs.sort_unstable();
    docs.dedup();
    docs
}

/// Which of their lines goes with which of ours.
fn lines_of(found: &Match, export: &DocId, import: &DocId) -> Vec<(u32, u32)> {
    let of = |lines: &[LineRef], doc: &DocId| -> Vec<u32> {
        lines.iter().filter(|line| line.doc == *doc).map(|line| line.item).collect()
    };
    let ours = of(&found.imports, import);
    of(&found.exports, export)
        .into_iter()
        .flat_map(|theirs| ours.iter().map(move |our| (theirs, *our)))
        .collect()
}

/// Each reason once: where several lines give the same one, the one that weighs most.
fn add_reasons(reasons: &mut Vec<Reason>, found: &Match) {
    for contribution in &found.contributions {
        let code = format!("{}-{}", contribution.field.code(), contribution.level.code());
        // The gate keeps hundredths of a bit.
        let weight = contribution.weight / 10;
        let (theirs, ours) = (contribution.theirs.clone(), contribution.ours.clone());
        match reasons.iter_mut().find(|reason| reason.code == code) {
            Some(known) if known.weight.abs() >= weight.abs() => {}
            Some(known) => *known = Reason { code, weight, theirs, ours },
            None => reasons.push(Reason { code, weight, theirs, ours }),
        }
    }
}

/// The import a difference is told on: the one whose line it is about; for the whole group the one that came last,
/// since only with it the group is what it is.
fn told_on<'a>(seen: &'a link::Difference, found: &'a Match, index: &Index) -> Option<&'a DocId> {
    if let Some(at) = &seen.at {
        return Some(&at.doc);
    }
    let imports = found.imports.iter().map(|line| &line.doc);
    imports.max_by_key(|doc| (index.doc(doc).and_then(|doc| doc.day), *doc))
}

fn difference(seen: &link::Difference, found: &Match, import: &Import<'_>) -> Difference {
    let own: Vec<u32> =
        found.imports.iter().filter(|line| line.doc == *import.id).map(|line| line.item).collect();
    let only = if let [one] = own[..] { one } else { 0 };
    let item_no = seen.at.as_ref().map_or(only, |at| at.item);
    let line = import.declaration.lines.iter().find(|line| line.item_no == item_no);
    Difference {
        code: seen.code.code().to_owned(),
        item_no,
        theirs: seen.theirs.clone(),
        ours: seen.ours.clone(),
        severity: seen.severity,
        excess: seen.excess.clone(),
        at_stake: line.and_then(|line| at_stake(seen, line)),
        explanations: explanations(seen, found),
    }
}

/// The value of the goods in question, at the declaration's own price: of the gap where there is one in the line's own
/// unit, else of the whole line.
fn at_stake(seen: &link::Difference, line: &GoodsLine) -> Option<Money> {
    let value = line.value.as_ref()?;
    let Some(excess) = &seen.excess else { return Some(value.clone()) };
    let quantity = line.quantity.as_ref().filter(|quantity| quantity.unit == excess.unit)?;
    let part = excess.amount.abs().checked_div(quantity.amount)?;
    let amount = value.amount.checked_mul(part)?.round_dp(2);
    Some(Money { amount, currency: value.currency.clone() })
}

/// The innocent explanations the linker tried before it called this a difference, and those it cannot try yet.
fn explanations(seen: &link::Difference, found: &Match) -> Vec<Explanation> {
    let explanation =
        |code: &str, holds: Explained, seen: String| Explanation { code: code.into(), holds, seen };
    match seen.code {
        DifferenceCode::QuantityShort => {
            let due = found.due.map_or_else(String::new, |due| due.to_string());
            let awaited = if found.due.is_some() { Explained::CannotTell } else { Explained::No };
            let gap = seen.excess.as_ref().map_or_else(String::new, ToString::to_string);
            vec![explanation("tolerance", Explained::No, gap), explanation("split-lot", awaited, due)]
        }
        DifferenceCode::QuantityOver => {
            let gap = seen.excess.as_ref().map_or_else(String::new, ToString::to_string);
            vec![explanation("tolerance", Explained::No, gap)]
        }
        DifferenceCode::UnitNotComparable => {
            vec![explanation("unit", Explained::CannotTell, format!("{} {}", seen.theirs, seen.ours))]
        }
        DifferenceCode::HsMoved => {
            vec![explanation("edition", Explained::CannotTell, format!("{} {}", seen.theirs, seen.ours))]
        }
        DifferenceCode::OriginChanged
        | DifferenceCode::ConsigneeSwitched
        | DifferenceCode::ArrivedBeforeDeparture => Vec::new(),
    }
}
