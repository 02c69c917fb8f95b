//! Low value: below a threshold of the day goods are let in without a declaration of their own.
//!
//! ```example
//! undeclared; value 35 USD; low-value 40 USD -> yes: 35 USD
//! undeclared; value 900 USD; low-value 40 USD -> no: 900 USD
//! undeclared; value 35 USD; low-value 1000000 VND -> cannot tell: 35 USD
//! undeclared -> cannot tell
//! quantity-short; value 35 USD; low-value 40 USD -> -
//! ```

use super::{Looked, holds, says};
use crate::gate::{Explained, Explanation};

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if looked.code != "undeclared" {
        return None;
    }
    let Some(value) = &looked.value else { return Some(says("low-value", Explained::CannotTell, "")) };
    let comparable = looked.low_value.as_ref().filter(|threshold| threshold.currency == value.currency);
    let outcome =
        comparable.map_or(Explained::CannotTell, |threshold| holds(value.amount <= threshold.amount));
    Some(says("low-value", outcome, value))
}
