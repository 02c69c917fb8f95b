//! Amended export: their statement was changed after it was first sent, so ours may follow the earlier one.
//!
//! ```example
//! quantity-short; version 2 -> cannot tell: 2
//! hs-moved; version 3 -> cannot tell: 3
//! quantity-short; version 1 -> -
//! no-such-thing; version 2 -> -
//! ```

use super::{Looked, is_about_quantity, says};
use crate::gate::{Explained, Explanation};

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    let changed = looked.version > 1;
    let bears = is_about_quantity(looked)
        || matches!(
            looked.code.as_str(),
            "hs-moved" | "origin-changed" | "consignee-switched" | "value-differs"
        );
    (changed && bears).then(|| says("amended", Explained::CannotTell, looked.version))
}
