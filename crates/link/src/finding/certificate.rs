//! A certificate drawn for more than it certifies.

use jiff::civil::Date;
use kernel::{Quantity, Unit};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::compare::Measure;
use crate::doc::LineRef;

/// An import line that rests on a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// The line.
    pub at: LineRef,
    /// When it was declared.
    pub day: Option<Date>,
    /// How much it takes.
    pub quantity: Quantity,
}

/// What was drawn too much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdrawn {
    /// What all drawings come to, in the certificate's unit.
    pub drawn: Quantity,
    /// What they come to beyond what is certified.
    pub excess: Quantity,
    /// The drawings from the one that went past it on, in the order of their days.
    pub past: Vec<LineRef>,
    /// Drawings whose unit cannot be held against the certificate's; they are not in the sum.
    pub not_comparable: Vec<LineRef>,
}

/// Whether these drawings come to more than the certificate certifies, beyond a tolerance in parts per thousand;
/// `None` where they do not.
#[must_use]
pub fn overdrawn(certified: &Quantity, drawings: &[Drawing], tolerance: u32) -> Option<Overdrawn> {
    let mut drawings: Vec<&Drawing> = drawings.iter().collect();
    drawings.sort_by_key(|drawing| (drawing.day.is_none(), drawing.day, &drawing.at));
    let limit = certified.amount.checked_mul(Decimal::ONE + Decimal::new(i64::from(tolerance), 3))?;
    let (mut drawn, mut past, mut not_comparable) = (Decimal::ZERO, Vec::new(), Vec::new());
    for drawing in drawings {
        let Some(amount) = in_unit(&drawing.quantity, &certified.unit) else {
            not_comparable.push(drawing.at.clone());
            continue;
        };
        drawn = drawn.checked_add(amount)?;
        if drawn > limit {
            past.push(drawing.at.clone());
        }
    }
    let quantity = |amount: Decimal| Quantity { amount: amount.normalize(), unit: certified.unit.clone() };
    (drawn > limit).then(|| Overdrawn {
        drawn: quantity(drawn),
        excess: quantity(drawn - certified.amount),
        past,
        not_comparable,
    })
}

/// An amount in another unit; `None` where the two measure different things.
fn in_unit(quantity: &Quantity, unit: &Unit) -> Option<Decimal> {
    if quantity.unit == *unit {
        return Some(quantity.amount);
    }
    let own = Measure::of(quantity)?;
    let one = Measure::of(&Quantity { amount: Decimal::ONE, unit: unit.clone() })?;
    (own.dimension == one.dimension).then(|| own.amount.checked_div(one.amount))?
}

#[cfg(test)]
mod tests {
    use customs::terms::Country;

    use super::*;
    use crate::doc::DocId;

    fn drawing(number: &str, day: i8, amount: i64, unit: &str) -> Drawing {
        let doc = DocId::import(Country::new("VN"), number);
        let day = Some(Date::constant(2026, 5, day));
        Drawing { at: LineRef { doc, item: 1 }, day, quantity: Quantity::new(Decimal::from(amount), unit) }
    }

    #[test]
    fn the_drawing_that_goes_past_is_named_and_all_after_it() {
        let certified = Quantity::new(Decimal::from(20), "TNE");
        let drawings =
            [drawing("C", 9, 4_000, "KGM"), drawing("A", 1, 12_000, "KGM"), drawing("B", 5, 9, "TNE")];
        let found = overdrawn(&certified, &drawings, 5).expect("25 of 20 tonnes");
        assert_eq!((found.drawn.to_string(), found.excess.to_string()), ("25 TNE".into(), "5 TNE".into()));
        let past: Vec<&str> = found.past.iter().map(|line| line.doc.number.as_str()).collect();
        assert_eq!(past, ["B", "C"]);
        assert_eq!(overdrawn(&certified, &drawings[1..2], 5), None);
    }

    #[test]
    fn what_cannot_be_compared_is_told_and_not_summed() {
        let certified = Quantity::new(Decimal::from(20), "TNE");
        let drawings = [drawing("A", 1, 21, "TNE"), drawing("B", 2, 900, "NMB")];
        let found = overdrawn(&certified, &drawings, 0).expect("21 of 20 tonnes");
        assert_eq!(found.not_comparable.len(), 1);
        assert_eq!(overdrawn(&certified, &drawings[1..], 0), None);
    }
}
