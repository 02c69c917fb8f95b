//! The gap of one cell, and what of it is explained.

use std::collections::BTreeMap;

use customs::terms::Country;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};

use super::{Both, Cell, GapExplanation, GapReason, Pile, Sum};
use crate::lane::Share;

/// What is known of lanes when sums are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lens {
    /// Coverage by exporting country; where none is given everything counts as shared.
    pub coverage: BTreeMap<Country, Share>,
    /// How much freight and insurance add to a value, in parts per thousand: from, to.
    pub freight: (i64, i64),
    /// What may differ without meaning anything, in parts per thousand.
    pub tolerance: i64,
}

impl Default for Lens {
    /// A tenth for freight and insurance, as statisticians assume where nothing is known, with room on both sides.
    fn default() -> Self {
        Self { coverage: BTreeMap::new(), freight: (0, 150), tolerance: 20 }
    }
}

/// The gap of one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Which cell.
    pub cell: Cell,
    /// What they said.
    pub theirs: Sum,
    /// What was declared here.
    pub ours: Sum,
    /// Ours less theirs, in parts per thousand of theirs, by quantity; `None` where they said nothing or the units
    /// cannot be brought to one.
    pub gap: Option<i64>,
    /// What is left of it after all explanations; `None` where the gap is.
    pub unexplained: Option<i64>,
    /// The same by value, where both sides carry values.
    pub value_gap: Option<i64>,
    /// What is left of the gap by value once coverage, timing and freight are taken away.
    pub value_unexplained: Option<i64>,
    /// What explains the gap by quantity, and for values freight and insurance.
    pub explanations: Vec<GapExplanation>,
}

impl Gap {
    pub(super) fn of(cell: &Cell, both: &Both, lens: &Lens) -> Self {
        let (theirs, ours) = (&both.theirs, &both.ours);
        let coverage = lens.coverage.get(&cell.partner).copied();
        let unit = theirs.sum.common_unit(&ours.sum).unwrap_or_default().to_owned();
        let quantity = Side::new(theirs, ours, |sum| sum.amount(&unit));
        let currency = theirs.sum.common_currency(&ours.sum).map(str::to_owned);
        let value = currency.map(|currency| Side::new(theirs, ours, |sum| sum.value(&currency)));
        let mut explanations = quantity.explanations(coverage);
        let told: i64 = explanations.iter().map(|told| told.permille).sum();
        let gap = quantity.permille(quantity.ours - quantity.theirs);
        if gap.is_some() && !both.theirs.sum.amounts.is_empty() && apart(&theirs.sum, &ours.sum) {
            explanations.push(GapExplanation { reason: GapReason::Unit, permille: 0 });
        }
        let value_gap = value.as_ref().and_then(|value| value.permille(value.ours - value.theirs));
        let value_rest = value.as_ref().zip(value_gap).map(|(value, gap)| {
            let explained: i64 = value.explanations(coverage).iter().map(|told| told.permille).sum();
            let (rest, freight) = beyond(gap - explained, lens.freight);
            if freight != 0 {
                explanations.push(GapExplanation { reason: GapReason::CifFob, permille: freight });
            }
            rest_of(rest, lens.tolerance + value.doubt(coverage))
        });
        Self {
            cell: cell.clone(),
            unexplained: gap.map(|gap| rest_of(gap - told, lens.tolerance + quantity.doubt(coverage))),
            gap,
            value_gap,
            value_unexplained: value_rest,
            theirs: theirs.sum.clone(),
            ours: ours.sum.clone(),
            explanations,
        }
    }
}

/// One measure of both sides, with the parts that stand in another cell there.
struct Side {
    theirs: Decimal,
    ours: Decimal,
    /// Theirs whose counterpart stands elsewhere, ours whose does.
    moved: Vec<(GapReason, Decimal, Decimal)>,
}

impl Side {
    fn new(theirs: &Pile, ours: &Pile, of: impl Fn(&Sum) -> Decimal) -> Self {
        let part = |pile: &Pile, reason| pile.moved.get(&reason).map_or(Decimal::ZERO, &of);
        let moved = [GapReason::Timing, GapReason::Classification, GapReason::Attribution]
            .map(|reason| (reason, part(theirs, reason), part(ours, reason)));
        Self { theirs: of(&theirs.sum), ours: of(&ours.sum), moved: moved.into() }
    }

    /// Parts per thousand of what they said; of what we hold where they said nothing.
    fn permille(&self, amount: Decimal) -> Option<i64> {
        let whole = if self.theirs.is_zero() { self.ours } else { self.theirs };
        amount.checked_mul(Decimal::ONE_THOUSAND)?.checked_div(whole)?.round().to_i64()
    }

    /// What moved in or out, and what was never shared. Of ours that came from elsewhere only that is theirs too; the
    /// rest of theirs is scaled up by what is not shared.
    fn explanations(&self, coverage: Option<Share>) -> Vec<GapExplanation> {
        let mut told = Vec::new();
        let (mut out, mut came) = (Decimal::ZERO, Decimal::ZERO);
        for (reason, theirs, ours) in &self.moved {
            (out, came) = (out + theirs, came + ours);
            let permille = self.permille(*ours - *theirs).unwrap_or(0);
            told.extend((permille != 0).then_some(GapExplanation { reason: *reason, permille }));
        }
        let share = coverage.map_or(1_000, |share| share.permille.max(1));
        let unshared = (self.theirs - out + came) * Decimal::from(1_000 - share) / Decimal::from(share);
        let permille = if self.theirs.is_zero() && share < 1_000 {
            self.permille(self.ours - came)
        } else {
            self.permille(unshared)
        };
        let permille = permille.unwrap_or(0);
        told.extend((permille != 0).then_some(GapExplanation { reason: GapReason::Coverage, permille }));
        told.sort_by_key(|told| std::cmp::Reverse(told.permille.abs()));
        told
    }

    /// How far the explanation by coverage may be off, by its interval.
    fn doubt(&self, coverage: Option<Share>) -> i64 {
        let Some(share) = coverage else { return 0 };
        let times = |permille: u16| 1_000_000 / i64::from(permille.max(1));
        times(share.low) - times(share.permille)
    }
}

/// Whether one side has amounts in a unit the other has not.
fn apart(theirs: &Sum, ours: &Sum) -> bool {
    theirs.amounts.keys().any(|unit| !ours.amounts.contains_key(unit))
        || ours.amounts.keys().any(|unit| !theirs.amounts.contains_key(unit))
}

/// What of a gap lies beyond freight and insurance, and what these take away.
fn beyond(gap: i64, (least, most): (i64, i64)) -> (i64, i64) {
    let freight = gap.clamp(least.min(most), most.max(least));
    (gap - freight, freight)
}

/// What lies beyond the tolerance; nought within it.
const fn rest_of(gap: i64, tolerance: i64) -> i64 {
    if gap.abs() <= tolerance { 0 } else { gap }
}
