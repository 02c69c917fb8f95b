//! Currency of the day: the two sides converted at rates of different days.
//!
//! ```example
//! value-differs; stated-value 10000 USD; value 10200 USD -> yes: 2%
//! value-differs; stated-value 10000 USD; value 9750 USD -> yes: -3%
//! value-differs; stated-value 10000 USD; value 12000 USD -> no: 20%
//! value-differs; stated-value 10000 USD; value 9000 EUR -> cannot tell: USD EUR
//! hs-moved -> -
//! ```

use rust_decimal::Decimal;

use super::{Looked, holds, says};
use crate::gate::{Explained, Explanation};

/// How far rates of neighbouring days lie apart at most, in per cent.
const MOST: i64 = 3;

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    let (theirs, ours) = looked.stated_value.as_ref().zip(looked.value.as_ref())?;
    if looked.code != "value-differs" {
        return None;
    }
    if theirs.currency != ours.currency {
        let seen = format_args!("{} {}", theirs.currency, ours.currency).to_string();
        return Some(says("currency-day", Explained::CannotTell, seen));
    }
    let apart =
        (ours.amount - theirs.amount).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(theirs.amount)?;
    let near = apart.abs() <= Decimal::from(MOST);
    Some(says("currency-day", holds(near), format_args!("{}%", rounded(apart))))
}

/// To whole per cents, halves away from nought.
fn rounded(number: Decimal) -> Decimal {
    number.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero).normalize()
}
