//! Scoring: weights per field and level in the manner of Fellegi and Sunter, with readable reasons.

mod evidence;
mod field;
mod judge;
mod learn;
mod model;

pub use evidence::Contribution;
pub(crate) use evidence::{Evidence, Pair, quantity_level};
pub use field::{Field, Level};
pub(crate) use judge::{Judge, Weighed};
pub(crate) use learn::{Taught, expected};
pub(crate) use model::pow2;
pub use model::{Millibits, Model, per_mille};
