//! Timing: clocks of two countries and the hour of departure move a day; goods cannot arrive days before they left.
//!
//! ```example
//! arrived-before-departure; departs 2026-11-20; arrives 2026-11-19 -> yes: 2026-11-20
//! arrived-before-departure; departs 2026-11-20; arrives 2026-11-12 -> no: 2026-11-20
//! arrived-before-departure; departs 2026-11-20 -> cannot tell: 2026-11-20
//! quantity-short; departs 2026-11-20 -> -
//! ```

use super::{Looked, holds, says};
use crate::gate::{Explained, Explanation};

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if looked.code != "arrived-before-departure" {
        return None;
    }
    let departs = looked.departs?;
    let Some(arrives) = looked.arrives else { return Some(says("timing", Explained::CannotTell, departs)) };
    let next_day = arrives.tomorrow().is_ok_and(|next| next >= departs);
    Some(says("timing", holds(next_day), departs))
}
