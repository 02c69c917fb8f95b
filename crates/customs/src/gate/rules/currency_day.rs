//! Currency of the day: the two sides converted at rates of different days. Values in two currencies are compared by the rates of the
//! day the goods left and of the day they arrived, where the book of exchange rates has them.
//!
//! ```example
//! value-differs; stated-value 10000 USD; value 10200 USD -> yes: 2%
//! value-differs; stated-value 10000 USD; value 9750 USD -> yes: -3%
//! value-differs; stated-value 10000 USD; value 12000 USD -> no: 20%
//! value-differs; stated-value 10000 USD; value 255000000 VND; rates 25000 25400 -> yes: 0%
//! value-differs; stated-value 10000 USD; value 300000000 VND; rates 25000 25400 -> no: 18%
//! value-differs; stated-value 10000 USD; value 9000 EUR -> cannot tell: USD EUR
//! hs-moved -> -
//! ```

use rust_decimal::Decimal;

use super::{Looked, above, holds, nearest, percent, says};
use crate::gate::{Explained, Explanation};

/// How far rates of neighbouring days lie apart at most, in per cent.
const MOST: i64 = 3;

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    let (theirs, ours) = looked.stated_value.as_ref().zip(looked.value.as_ref())?;
    if looked.code != "value-differs" {
        return None;
    }
    Some(match nearest(&above(looked)) {
        None => {
            let seen = format!("{} {}", theirs.currency, ours.currency);
            says("currency-day", Explained::CannotTell, seen)
        }
        Some(apart) => says("currency-day", holds(apart.abs() <= Decimal::from(MOST)), percent(apart)),
    })
}
