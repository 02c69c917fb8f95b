//! One kind of goods in a consignment as it truly is, and how each side states it.

use customs::terms::{Country, GoodsLine, HsCode};
use kernel::{Money, Quantity};
use rust_decimal::{Decimal, RoundingStrategy};

use super::goods::{Good, national};
use super::plan::Plan;
use crate::dice::Dice;

/// What truly moves.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) good: &'a Good,
    /// How much, in the good's unit.
    pub(crate) amount: Decimal,
    /// Where it was made.
    pub(crate) origin: &'static str,
    /// Value of one unit in cents.
    cents: i64,
    /// Gross mass for each hundred of net.
    packing: i64,
    /// Whether one side counts in another unit.
    pub(crate) unit: Option<OtherUnit>,
    /// Whether the exporter declares by the edition of 2017.
    pub(crate) edition: Edition,
}

/// Which edition of the nomenclature the exporter declares by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edition {
    Current,
    Older,
}

/// Another unit for the same goods, and which side uses it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OtherUnit {
    code: &'static str,
    /// How many of the good's unit are one of this.
    holds: Decimal,
    at: Side,
}

/// The two sides of a border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Export,
    Import,
}

impl<'a> Item<'a> {
    /// A usual lot of these goods, sent from `from`.
    pub(crate) fn lot(good: &'a Good, from: &'static str, plan: &Plan, dice: &mut Dice) -> Self {
        let amount = usual_amount(good, dice);
        let older = good.was.is_some() && dice.chance(plan.mix.edition);
        Self {
            unit: if dice.chance(plan.mix.unit) { other_unit(good, amount, dice) } else { None },
            good,
            amount,
            origin: if good.chapter() < "28" || dice.chance(880) {
                from
            } else {
                *dice.pick(&["CN", "JP", "KR", "MY", "ID"])
            },
            cents: dice.between(good.cents.0, good.cents.1),
            packing: dice.between(102, 111),
            edition: if older { Edition::Older } else { Edition::Current },
        }
    }

    /// The same goods in another amount; counted as the good is, since the other unit may not divide it.
    pub(crate) fn of_amount(&self, amount: Decimal) -> Self {
        Self { amount, unit: None, ..self.clone() }
    }

    /// The line as the exporter states it, free on board.
    pub(crate) fn exported(&self, item_no: u32, from: &str) -> GoodsLine {
        let code = match (self.edition, self.good.was) {
            (Edition::Older, Some(was)) => was.to_owned(),
            _ => national(self.good, from),
        };
        self.line(item_no, &code, self.amount, Side::Export)
    }

    /// The line as an importer states it, for this much of the goods, with freight and insurance in the value.
    pub(crate) fn imported(&self, item_no: u32, to: &str, amount: Decimal, freight: i64) -> GoodsLine {
        let mut line = self.line(item_no, &national(self.good, to), amount, Side::Import);
        if let Some(value) = &mut line.value {
            value.amount = cents(value.amount * Decimal::new(100 + freight, 2));
        }
        line
    }

    fn line(&self, item_no: u32, code: &str, amount: Decimal, side: Side) -> GoodsLine {
        GoodsLine {
            item_no,
            hs: HsCode::new(code).ok(),
            description: self.good.words.to_owned(),
            quantity: Some(self.counted(amount, side)),
            origin: Some(Country::new(self.origin)),
            gross: Some(Quantity::new(self.gross(amount), "KGM")),
            value: Some(Money::new(cents(amount * Decimal::new(self.cents, 2)), "USD")),
            quoted_export: None,
            ..GoodsLine::default()
        }
    }

    /// This much in the unit a side uses.
    pub(crate) fn counted(&self, amount: Decimal, side: Side) -> Quantity {
        match self.unit {
            Some(other) if other.at == side => Quantity::new((amount / other.holds).normalize(), other.code),
            _ => Quantity::new(amount, self.good.unit),
        }
    }

    /// Gross mass of this much, in kilograms to the tenth.
    fn gross(&self, amount: Decimal) -> Decimal {
        let net = amount * Decimal::new(self.good.grams, 3);
        let gross = net * Decimal::new(self.packing, 2);
        gross.round_dp_with_strategy(1, RoundingStrategy::AwayFromZero).normalize()
    }

    /// The amount rounded to what scales and counters show: a thousandth of a tonne or cubic metre, else a whole.
    pub(crate) fn grained(&self, amount: Decimal) -> Decimal {
        amount.round_dp(grain(self.good.unit)).max(Decimal::new(1, grain(self.good.unit))).normalize()
    }
}

/// Rounds to whole cents.
pub(crate) fn cents(amount: Decimal) -> Decimal {
    amount.round_dp(2)
}

/// After how many decimals a unit ends.
fn grain(unit: &str) -> u32 {
    if matches!(unit, "TNE" | "MTQ") { 3 } else { 0 }
}

/// A lot of usual size: full loads for goods that fill lorries, else any round number, small ones more often.
fn usual_amount(good: &Good, dice: &mut Dice) -> Decimal {
    let (low, high) = good.lot;
    if good.unit == "KGM" && high >= 20_000 && dice.chance(250) {
        return Decimal::from(*dice.pick(&[16_000, 18_000, 19_500, 20_000, 21_000, 22_000, 24_000, 25_000]));
    }
    let leaning = dice.between(low, high).min(dice.between(low, high));
    let step = match leaning {
        10_000.. => 50,
        1_000.. => 10,
        200.. => 2,
        _ => 1,
    };
    let whole = Decimal::from((leaning / step * step).max(1));
    if grain(good.unit) == 3 { whole + Decimal::new(dice.between(0, 999), 3) } else { whole }
}

/// Another unit these goods are counted in elsewhere; `None` where there is none.
fn other_unit(good: &Good, amount: Decimal, dice: &mut Dice) -> Option<OtherUnit> {
    let dozens = (amount % Decimal::from(12)).is_zero();
    let (code, holds) = match good.unit {
        "KGM" => ("TNE", Decimal::ONE_THOUSAND),
        "TNE" => ("KGM", Decimal::new(1, 3)),
        "LTR" => ("HLT", Decimal::ONE_HUNDRED),
        "MTR" => ("KMT", Decimal::ONE_THOUSAND),
        "MIL" => ("H87", Decimal::new(1, 3)),
        "H87" if dozens => ("DZN", Decimal::from(12)),
        "H87" => ("C62", Decimal::ONE),
        _ => return None,
    };
    Some(OtherUnit { code, holds, at: if dice.chance(300) { Side::Export } else { Side::Import } })
}
