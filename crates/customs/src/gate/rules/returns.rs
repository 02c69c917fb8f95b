//! Returns and repair: goods that come back after repair or unsold keep the origin they had, which is often our own.
//!
//! ```example
//! origin-changed; origin TH VN; own VN; procedure returned -> yes: returned
//! origin-changed; origin TH VN; own VN; procedure home-use -> no: home-use
//! origin-changed; origin TH VN; own VN; procedure repair -> yes: repair
//! origin-changed; origin TH VN; own VN -> cannot tell: VN
//! origin-changed; origin TH MY; own VN -> -
//! quantity-short; own VN -> -
//! ```

use super::{Looked, holds, says};
use crate::gate::{Explained, Explanation};
use crate::terms::Regime;

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    let (theirs, ours) = looked.origin.as_ref().filter(|_| looked.code == "origin-changed")?;
    let own = looked.own.as_ref().filter(|own| *own == ours || *own == theirs)?;
    Some(match looked.procedure {
        None => says("returns", Explained::CannotTell, own),
        Some(procedure) => {
            says("returns", holds(matches!(procedure, Regime::Returned | Regime::Repair)), procedure.code())
        }
    })
}
