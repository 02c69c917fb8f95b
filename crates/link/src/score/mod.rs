//! Scoring: weights per field and level in the manner of Fellegi and Sunter, with readable reasons.

mod days;
mod evidence;
mod field;
mod frequency;
mod habit;
mod judge;
mod learn;
mod model;

pub use evidence::Contribution;
pub(crate) use evidence::{Evidence, Pair, place_value, quantity_level};
pub use field::{Field, Level};
pub(crate) use frequency::{Table, Valued};
pub(crate) use habit::{Habits, Way};
pub(crate) use judge::{Judge, Weighed};
pub(crate) use learn::{Taught, expected};
pub(crate) use model::pow2;
pub use model::{Millibits, Model, per_mille};
