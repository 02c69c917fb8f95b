//! Coverage: exporters share by consent, so what is not in the statement may stand in an export that was not shared.
//!
//! ```example
//! quantity-over; share 600 520 680 -> cannot tell: 600
//! quantity-over; share 990 975 998 -> no: 990
//! quantity-over -> cannot tell
//! quantity-short; share 600 520 680 -> -
//! ```

use super::{Looked, says};
use crate::gate::{Explained, Explanation};

/// From this share on, at the lower end of its interval, what is not shared is not worth a thought.
const NEARLY_ALL: u16 = 970;

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if looked.code != "quantity-over" {
        return None;
    }
    Some(match looked.share {
        None => says("coverage", Explained::CannotTell, ""),
        Some((share, low, _)) if low >= NEARLY_ALL => says("coverage", Explained::No, share),
        Some((share, ..)) => says("coverage", Explained::CannotTell, share),
    })
}
