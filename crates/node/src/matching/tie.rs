//! The linker's judgement in the words of the gate: one tie per received item, with reasons and differences.

use std::collections::BTreeMap;

use customs::declaration::Declaration;
use customs::gate::rules::{self, Looked};
use customs::gate::{Difference, Group, Levied, Reason, Stake, Tie};
use customs::terms::{Country, GoodsLine, HsCode};
use jiff::civil::Date;
use kernel::{CaseId, Money, Quantity};
use link::{Class, Contribution, DifferenceCode, DocId, Index, LineRef, Match, Rival};

use super::around::Around;
use super::{Matcher, value};

/// One of our imports.
pub(super) struct Import<'a> {
    pub(super) id: &'a DocId,
    pub(super) declaration: &'a Declaration,
    /// The day of the question.
    pub(super) today: Date,
    /// What books, terms and habits say around it.
    pub(super) around: Around<'a>,
    /// What is known beside the documents.
    pub(super) matcher: &'a Matcher,
}

impl Import<'_> {
    /// Which version of the first export of a match speaks.
    pub(super) fn version(&self, found: &Match) -> u32 {
        let first = found.exports.first().and_then(|export| self.matcher.versions.get(&export.doc));
        first.copied().unwrap_or(1)
    }
}

/// One tie for each received item that speaks for an export these matches name, in the order of the exports' keys.
pub(super) fn ties(import: &Import<'_>, matches: &[Match]) -> Vec<Tie> {
    let Matcher { index, speaks, .. } = import.matcher;
    let mut ties: BTreeMap<&DocId, Tie> = BTreeMap::new();
    for found in matches {
        let Some(group) = group_of(found.class) else { continue };
        let spoken =
            documents(&found.exports).into_iter().filter_map(|export| Some((export, speaks.of(export)?)));
        for (place, (export, item)) in spoken.enumerate() {
            let tie = ties.entry(export).or_insert_with(|| empty(item, export, group));
            tie.group = heavier(tie.group, group);
            tie.permille = tie.permille.min(found.probability);
            tie.lines.extend(lines_of((&found.exports, &found.imports), export, import.id));
            add_reasons(&mut tie.reasons, &found.contributions);
            // A difference belongs to the match, not to each of its exports: it is told once, on the first.
            if place == 0 {
                let own =
                    found.differences.iter().filter(|seen| told_on(seen, found, index) == Some(import.id));
                tie.differences.extend(own.map(|seen| difference(seen, found, import)));
                tie.differences.extend(value::differences(found, import, import.matcher));
            }
        }
    }
    for found in matches.iter().filter(|found| found.class == Class::Ambiguous) {
        for rival in &found.rivals {
            compete(&mut ties, (found, rival), import);
        }
    }
    ties.into_values().map(sorted).collect()
}

/// What else an ambiguous match could be is tied beside it, so that somebody may choose.
fn compete<'a>(
    ties: &mut BTreeMap<&'a DocId, Tie>,
    (found, rival): (&Match, &'a Rival),
    import: &Import<'_>,
) {
    let speaks = &import.matcher.speaks;
    let chosen = documents(&found.exports);
    let other = documents(&rival.exports).into_iter().filter(|export| !chosen.contains(export));
    for (export, item) in other.filter_map(|export| Some((export, speaks.of(export)?))) {
        let lines = lines_of((&rival.exports, &rival.imports), export, import.id);
        if lines.is_empty() {
            continue;
        }
        let fresh = Tie { permille: 0, ..empty(item, export, Group::Ambiguous) };
        let tie = ties.entry(export).or_insert(fresh);
        tie.permille = tie.permille.max(rival.probability);
        tie.lines.extend(lines);
        add_reasons(&mut tie.reasons, &rival.contributions);
    }
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

fn documents(lines: &[LineRef]) -> Vec<&DocId> {
    let mut docs: Vec<_> = lines.iter().map(|line| &line.doc).collect();
    docs.sort_unstable();
    docs.dedup();
    docs
}

/// Which of their lines goes with which of ours.
fn lines_of((exports, imports): (&[LineRef], &[LineRef]), export: &DocId, import: &DocId) -> Vec<(u32, u32)> {
    let of = |lines: &[LineRef], doc: &DocId| -> Vec<u32> {
        lines.iter().filter(|line| line.doc == *doc).map(|line| line.item).collect()
    };
    let ours = of(imports, import);
    of(exports, export).into_iter().flat_map(|theirs| ours.iter().map(move |our| (theirs, *our))).collect()
}

/// Each reason once: where several lines give the same one, the one that weighs most.
fn add_reasons(reasons: &mut Vec<Reason>, contributions: &[Contribution]) {
    for contribution in contributions {
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
    let at_stake = line.and_then(|line| at_stake(seen, line));
    Difference {
        code: seen.code.code().to_owned(),
        item_no,
        theirs: seen.theirs.clone(),
        ours: seen.ours.clone(),
        severity: seen.severity,
        excess: seen.excess.clone(),
        stake: at_stake.as_ref().zip(line).and_then(|(value, line)| stake(seen, line, (value, import))),
        explanations: rules::try_all(&looked(seen, found, import, (line, at_stake.as_ref()))),
        at_stake,
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

/// Duty and tax on the value in question; between two codes, what the dearer one costs more.
fn stake(seen: &link::Difference, line: &GoodsLine, (value, import): (&Money, &Import<'_>)) -> Option<Stake> {
    let stated = if seen.code == DifferenceCode::HsMoved { HsCode::new(&seen.theirs).ok() } else { None };
    Stake::of(&Levied {
        country: &import.declaration.country,
        declared: line.hs.as_ref()?,
        stated: stated.as_ref(),
        value,
        day: import.declaration.arrives.unwrap_or(import.today),
    })
}

/// What is known around a difference, for the rules that try to explain it.
fn looked(
    seen: &link::Difference,
    found: &Match,
    import: &Import<'_>,
    (line, at_stake): (Option<&GoodsLine>, Option<&Money>),
) -> Looked {
    let (ours, around) = (import.declaration, &import.around);
    let day = ours.arrives.unwrap_or(import.today);
    let departs = found.exports.first().and_then(|export| import.matcher.index.doc(&export.doc)?.day);
    let hs = || Some((HsCode::new(&seen.theirs).ok()?, HsCode::new(&seen.ours).ok()?));
    Looked {
        code: seen.code.code().to_owned(),
        stated: quantity(&seen.theirs),
        declared: quantity(&seen.ours),
        value: line.and_then(|line| line.value.clone()),
        in_question: at_stake.cloned(),
        low_value: at_stake.and_then(|value| around.low_value(&ours.country, &value.currency, day)),
        procedure: line.and_then(|line| line.procedure.as_ref()?.regime()),
        share: around.share.map(|share| (share.permille, share.low, share.high)),
        stated_on: departs,
        declared_on: Some(day),
        hs: if seen.code == DifferenceCode::HsMoved { hs() } else { None },
        origin: (seen.code == DifferenceCode::OriginChanged)
            .then(|| (Country::new(seen.theirs.as_str()), Country::new(seen.ours.as_str()))),
        giver: found.exports.first().map(|export| export.doc.country.clone()),
        own: Some(ours.country.clone()),
        departs: seen.theirs.parse().ok(),
        arrives: ours.arrives,
        today: Some(import.today),
        due: found.due,
        version: import.version(found),
        ..Looked::default()
    }
}

/// An amount with its unit, as the linker writes it.
fn quantity(plain: &str) -> Option<Quantity> {
    let (amount, unit) = plain.split_once(' ')?;
    Some(Quantity::new(amount.parse().ok()?, unit))
}
