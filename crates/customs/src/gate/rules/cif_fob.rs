//! Freight and insurance: an import value holds what it cost to bring the goods here, an export value does not.
//!
//! ```example
//! value-differs; stated-value 10000 USD; value 10900 USD -> yes: 9%
//! value-differs; stated-value 10000 USD; value 16000 USD -> no: 60%
//! value-differs; stated-value 10000 USD; value 9000 USD -> no: -10%
//! value-differs; stated-value 10000 USD; value 9000 EUR -> cannot tell
//! quantity-short; stated-value 10000 USD; value 10900 USD -> -
//! ```

use rust_decimal::Decimal;

use super::{Looked, holds, says};
use crate::gate::{Explained, Explanation};

/// How much freight and insurance usually add at most, in per cent.
const MOST: i64 = 15;

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if looked.code != "value-differs" {
        return None;
    }
    let both = looked.stated_value.as_ref().zip(looked.value.as_ref());
    let more = both.filter(|(theirs, ours)| theirs.currency == ours.currency).and_then(|(theirs, ours)| {
        (ours.amount - theirs.amount).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(theirs.amount)
    });
    Some(match more {
        None => says("cif-fob", Explained::CannotTell, ""),
        Some(more) => {
            let usual = more >= Decimal::ZERO && more <= Decimal::from(MOST);
            says("cif-fob", holds(usual), format_args!("{}%", more.round().normalize()))
        }
    })
}
