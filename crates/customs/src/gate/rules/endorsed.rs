//! Endorsed on the way: an authority registered what happened and set the new seals itself.
//!
//! ```example
//! seals-changed; endorsed Lao Customs -> yes: Lao Customs
//! seals-changed -> no
//! mass-differs; endorsed Lao Customs -> cannot tell: Lao Customs
//! hs-moved; endorsed Lao Customs -> -
//! ```

use super::{Looked, says};
use crate::gate::{Explained, Explanation};

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    let by = looked.endorsed.as_deref().unwrap_or_default();
    match (looked.code.as_str(), by.is_empty()) {
        ("seals-changed", false) => Some(says("endorsed", Explained::Yes, by)),
        ("seals-changed", true) => Some(says("endorsed", Explained::No, "")),
        // Goods may have been lost or taken out; the endorsement alone does not say how many.
        ("mass-differs", false) => Some(says("endorsed", Explained::CannotTell, by)),
        _ => None,
    }
}
