//! Low value: below a threshold of the day goods are let in without a declaration of their own, and so may be what is missing.
//!
//! ```example
//! undeclared; in-question 35 USD; low-value 40 USD -> yes: 35 USD
//! undeclared; in-question 900 USD; low-value 40 USD -> no: 900 USD
//! quantity-short; in-question 35 USD; low-value 40 USD -> yes: 35 USD
//! quantity-short; in-question 4000 USD; low-value 40 USD -> no: 4000 USD
//! undeclared; in-question 35 USD; low-value 1000000 VND -> cannot tell: 35 USD
//! undeclared -> cannot tell
//! quantity-short -> cannot tell
//! quantity-over; in-question 35 USD; low-value 40 USD -> -
//! ```

use super::{Looked, holds, says};
use crate::gate::{Explained, Explanation};

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if !matches!(looked.code.as_str(), "undeclared" | "quantity-short") {
        return None;
    }
    let Some(value) = &looked.in_question else { return Some(says("low-value", Explained::CannotTell, "")) };
    let comparable = looked.low_value.as_ref().filter(|threshold| threshold.currency == value.currency);
    let outcome =
        comparable.map_or(Explained::CannotTell, |threshold| holds(value.amount <= threshold.amount));
    Some(says("low-value", outcome, value))
}
