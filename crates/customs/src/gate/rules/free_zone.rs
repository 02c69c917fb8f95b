//! Free zone or warehouse: goods in a free zone or under bond arrive without an import for home use; the rest may follow as it is taken out.
//!
//! ```example
//! quantity-short; procedure warehouse -> yes: warehouse
//! quantity-short; procedure home-use -> no: home-use
//! undeclared; procedure free-zone -> yes: free-zone
//! quantity-short -> cannot tell
//! quantity-over; procedure warehouse -> -
//! ```

use super::{Looked, holds, says};
use crate::gate::{Explained, Explanation};
use crate::terms::Regime;

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if !matches!(looked.code.as_str(), "quantity-short" | "undeclared") {
        return None;
    }
    Some(match looked.procedure {
        None => says("free-zone", Explained::CannotTell, ""),
        Some(procedure) => says(
            "free-zone",
            holds(matches!(procedure, Regime::Warehouse | Regime::FreeZone)),
            procedure.code(),
        ),
    })
}
