//! Another unit: the two sides count in units that measure different things, so that nothing follows from the numbers alone.
//!
//! ```example
//! unit-not-comparable; stated 480 NAR; declared 960 KGM -> cannot tell: 480 NAR 960 KGM
//! unit-not-comparable -> cannot tell
//! quantity-short; stated 480 NAR; declared 400 NAR -> -
//! ```

use super::{Looked, says};
use crate::gate::{Explained, Explanation};

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if looked.code != "unit-not-comparable" {
        return None;
    }
    let both = looked.stated.as_ref().zip(looked.declared.as_ref());
    let seen = both.map_or_else(String::new, |(stated, declared)| format!("{stated} {declared}"));
    Some(says("unit", Explained::CannotTell, seen))
}
