//! Part of a split lot: the rest of what left may still be under way and be declared by itself.
//!
//! ```example
//! quantity-short; today 2026-11-20; due 2026-12-05 -> cannot tell: 2026-12-05
//! quantity-short; today 2026-12-06; due 2026-12-05 -> no: 2026-12-05
//! quantity-short; today 2026-11-20 -> no
//! quantity-over; today 2026-11-20; due 2026-12-05 -> -
//! ```

use super::{Looked, says};
use crate::gate::{Explained, Explanation};

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if looked.code != "quantity-short" {
        return None;
    }
    let Some(due) = looked.due else { return Some(says("split-lot", Explained::No, "")) };
    let may_come = looked.today.is_some_and(|today| today <= due);
    Some(says("split-lot", if may_come { Explained::CannotTell } else { Explained::No }, due))
}
