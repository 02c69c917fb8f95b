//! Scoring: weights per field and level in the manner of Fellegi and Sunter, with readable reasons.

mod evidence;
mod field;
mod judge;
mod learn;
mod model;

pub use evidence::Contribution;
pub(crate) use evidence::{Pair, quantity_level};
pub use field::{Field, Level};
pub(crate) use judge::{Judge, Weighed};
pub use learn::Tally;
pub(crate) use model::pow2;
pub use model::{Millibits, Model, per_mille};
