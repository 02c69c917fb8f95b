//! Third country: one side names where the goods were made, the other where they were bought or shipped from.
//!
//! ```example
//! origin-changed; origin CN TH; giver TH -> cannot tell: TH
//! origin-changed; origin TH CN; giver TH -> cannot tell: TH
//! origin-changed; origin CN MY; giver TH -> no: TH
//! origin-changed; origin CN MY -> -
//! hs-moved; giver TH -> -
//! ```

use super::{Looked, says};
use crate::gate::{Explained, Explanation};

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    let (theirs, ours) = looked.origin.as_ref().filter(|_| looked.code == "origin-changed")?;
    let giver = looked.giver.as_ref()?;
    let named = giver == theirs || giver == ours;
    Some(says("third-country", if named { Explained::CannotTell } else { Explained::No }, giver))
}
