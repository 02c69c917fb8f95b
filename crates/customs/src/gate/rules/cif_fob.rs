//! Freight and insurance: an import value holds what it cost to bring the goods here, an export value does not. How much that may be
//! is a term of the lane (`freight-percent`), and 15 per cent where no term says so.
//!
//! ```example
//! value-differs; stated-value 10000 USD; value 10900 USD -> yes: 9%
//! value-differs; stated-value 10000 USD; value 16000 USD -> no: 60%
//! value-differs; stated-value 10000 USD; value 9000 USD -> no: -10%
//! value-differs; stated-value 10000 USD; value 11800 USD; freight 20 -> yes: 18%
//! value-differs; stated-value 10000 USD; value 10900 USD; freight 5 -> no: 9%
//! value-differs; stated-value 10000 USD; value 272500000 VND; rates 25000 25200 -> yes: 8%
//! value-differs; stated-value 10000 USD; value 400000000 VND; rates 25000 -> no: 60%
//! value-differs; stated-value 10000 USD; value 9000 EUR -> cannot tell
//! quantity-short; stated-value 10000 USD; value 10900 USD -> -
//! ```

use rust_decimal::Decimal;

use super::{Looked, above, holds, nearest, percent, says};
use crate::gate::{Explained, Explanation};

/// How much freight and insurance usually add at most, in per cent.
const MOST: u32 = 15;

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if looked.code != "value-differs" {
        return None;
    }
    let above = above(looked);
    let most = Decimal::from(looked.freight.unwrap_or(MOST));
    let usual = above.iter().any(|more| *more >= Decimal::ZERO && *more <= most);
    Some(match nearest(&above) {
        None => says("cif-fob", Explained::CannotTell, ""),
        Some(more) => says("cif-fob", holds(usual), percent(more)),
    })
}
