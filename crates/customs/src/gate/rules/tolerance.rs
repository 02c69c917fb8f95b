//! Within the tolerance: the two amounts are so close that weighing, drying or rounding explains what is between them.
//!
//! ```example
//! quantity-short; stated 18000 KGM; declared 17950 KGM -> yes: 50 KGM
//! quantity-short; stated 18000 KGM; declared 12000 KGM -> no: 6000 KGM
//! quantity-over; stated 18000 KGM; declared 18090 KGM -> yes: 90 KGM
//! quantity-short; stated 480 NAR; declared 479 NAR -> no: 1 NAR
//! mass-differs; stated 2500 KGM; declared 2495 KGM -> yes: 5 KGM
//! mass-differs; stated 2500 KGM; declared 2100 KGM -> no: 400 KGM
//! hs-moved -> -
//! ```

use rust_decimal::Decimal;

use super::{Looked, holds, is_about_quantity, says};
use crate::gate::Explanation;

/// How far weights may lie apart, in thousandths; counted goods may not.
const WEIGHED: i64 = 5;
/// Units in which goods are weighed or measured (UN/ECE Recommendation 20).
const MEASURED: [&str; 8] = ["KGM", "TNE", "GRM", "LTR", "MTR", "MTK", "MTQ", "HLT"];

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    let (stated, declared) = (looked.stated.as_ref()?, looked.declared.as_ref()?);
    let bears = is_about_quantity(looked) || looked.code == "mass-differs";
    if !bears || stated.unit != declared.unit {
        return None;
    }
    let apart = (stated.amount - declared.amount).abs();
    let measured = MEASURED.contains(&stated.unit.as_str());
    let allowed = if measured { stated.amount * Decimal::new(WEIGHED, 3) } else { Decimal::ZERO };
    Some(says("tolerance", holds(apart <= allowed), format_args!("{} {}", apart.normalize(), stated.unit)))
}
