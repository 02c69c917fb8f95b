//! Values beside each other: an export document carries none, but the partner's register does where it was asked. Theirs is free on
//! board, ours holds freight and insurance, and the two may be in different currencies.

use std::collections::BTreeMap;

use customs::assistance::register::{RegisterAnswer, RegisterQuestion};
use customs::declaration::Flow;
use customs::gate::rules::{self, Looked};
use customs::gate::{Difference, Levied, Stake};
use customs::terms::{Country, GoodsLine};
use kernel::{Money, Severity, State};
use link::compare::{Placed, sums};
use link::{Class, Doc, DocId, Index, LineRef, Match};
use rust_decimal::Decimal;

use super::Matcher;
use super::tie::Import;
use crate::act::Turn;

/// The values of export lines, as partners' registers answered.
#[derive(Debug, Default)]
pub(super) struct Values(BTreeMap<DocId, BTreeMap<u32, Money>>);

impl Values {
    /// Takes in what a question of ours was answered, and says of which export.
    pub(super) fn note(&mut self, state: &State) -> Option<DocId> {
        let question = state.read::<RegisterQuestion>().ok()?;
        let (partner, declaration, answer) = question.answered()?;
        let stands = answer.flow == Some(Flow::Export) && answer.cancelled != Some(true);
        let values = valued(answer).filter(|_| stands);
        let export = DocId::export(Country::new(partner.as_str()), declaration);
        self.0.insert(export.clone(), values.collect());
        Some(export)
    }

    /// The value of some export lines together; `None` where one is not known, or they are in several currencies.
    fn of(&self, lines: &[LineRef]) -> Option<Money> {
        let value = |line: &LineRef| self.0.get(&line.doc)?.get(&line.item);
        let (first, rest) = lines.split_first()?;
        rest.iter().try_fold(value(first)?.clone(), |sum, line| {
            let next = value(line).filter(|next| next.currency == sum.currency)?;
            Some(Money { amount: sum.amount.checked_add(next.amount)?, ..sum })
        })
    }
}

fn valued(answer: &RegisterAnswer) -> impl Iterator<Item = (u32, Money)> + '_ {
    answer.lines.iter().filter_map(|line| Some((line.item_no, line.value.clone()?)))
}

impl Turn<'_> {
    /// Looks again at what is linked with an export whose values a partner's register just told.
    pub(super) fn values_heard(&mut self, state: &State) {
        let Some(export) = self.ahead().values.note(state) else { return };
        let today = crate::act::day_of(self.now);
        let matches = self.world.matcher.index.matches_for(&export, today);
        self.affected.extend(matches.into_iter().flat_map(|found| found.imports).map(|line| line.doc));
    }
}

/// The differences in value between a match and the lines of one of our imports.
pub(super) fn differences(found: &Match, import: &Import<'_>, matcher: &Matcher) -> Vec<Difference> {
    if found.class == Class::Ambiguous {
        return Vec::new();
    }
    let Some(stated) = matcher.values.of(&found.exports) else { return Vec::new() };
    let own = found.imports.iter().filter(|line| line.doc == *import.id);
    own.filter_map(|line| difference(found, line, &stated, (import, &matcher.index))).collect()
}

fn difference(
    found: &Match,
    line: &LineRef,
    stated: &Money,
    (import, index): (&Import<'_>, &Index),
) -> Option<Difference> {
    let ours = import.declaration.lines.iter().find(|ours| ours.item_no == line.item)?;
    let (value, stated) = (ours.value.as_ref()?, part(stated, &found.exports, line, index)?);
    let departs = found.exports.first().and_then(|export| index.doc(&export.doc)?.day);
    let days = [departs, import.declaration.arrives];
    let rates = import.around.rates((&stated.currency, &value.currency), &days);
    let gap = rates.iter().filter_map(|rate| Some(value.amount - stated.amount.checked_mul(*rate)?));
    let gap = gap.min_by_key(Decimal::abs)?;
    if gap.abs() <= value.amount.abs() * Decimal::new(TOLERATED, 3) {
        return None;
    }
    let at_stake = Money { amount: gap.abs().round_dp(2), currency: value.currency.clone() };
    let looked = Looked {
        code: CODE.to_owned(),
        stated_value: Some(stated.clone()),
        value: Some(value.clone()),
        rates,
        freight: import.around.freight,
        version: import.version(found),
        ..Looked::default()
    };
    Some(Difference {
        code: CODE.to_owned(),
        item_no: line.item,
        theirs: stated.to_string(),
        ours: value.to_string(),
        severity: Severity::Warning,
        excess: None,
        stake: stake(ours, &at_stake, import).filter(|_| gap.is_sign_negative()),
        at_stake: Some(at_stake),
        explanations: rules::try_all(&looked),
    })
}

/// What so much of the goods as one of our lines has is worth by their value of all of it.
fn part(stated: &Money, exports: &[LineRef], line: &LineRef, index: &Index) -> Option<Money> {
    let docs: Vec<(Doc, u32)> =
        exports.iter().map(|export| Some((index.doc(&export.doc)?, export.item))).collect::<Option<_>>()?;
    let own = (index.doc(&line.doc)?, line.item);
    let placed =
        |(doc, item): &(Doc, u32)| -> Option<usize> { doc.lines.iter().position(|line| line.item == *item) };
    let theirs: Vec<Placed<'_>> = docs
        .iter()
        .map(|one| Some(Placed { doc: &one.0, line: &one.0.lines[placed(one)?] }))
        .collect::<Option<_>>()?;
    let ours = Placed { doc: &own.0, line: &own.0.lines[placed(&own)?] };
    let (theirs, ours) = sums(&theirs, &[ours])?;
    let amount = stated.amount.checked_mul(ours.amount)?.checked_div(theirs.amount)?.round_dp(2);
    Some(Money { amount, currency: stated.currency.clone() })
}

/// Duty and tax on what is missing from the value.
fn stake(line: &GoodsLine, missing: &Money, import: &Import<'_>) -> Option<Stake> {
    Stake::of(&Levied {
        country: &import.declaration.country,
        declared: line.hs.as_ref()?,
        stated: None,
        value: missing,
        day: import.declaration.arrives.unwrap_or(import.today),
    })
}

/// The finding of a value that is not the one the partner's register has.
const CODE: &str = "value-differs";
/// How far values may lie apart before anything is said, in thousandths.
const TOLERATED: i64 = 10;
