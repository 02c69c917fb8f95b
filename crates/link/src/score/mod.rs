//! Scoring: weights per field and level in the manner of Fellegi and Sunter, with readable reasons.

mod beside;
mod days;
mod evidence;
mod field;
mod frequency;
mod habit;
mod judge;
mod laid;
mod learn;
mod levels;
mod model;
mod most;
mod outlook;
mod receiver;
mod siblings;
mod weighing;

pub(crate) use beside::Beside;
pub use evidence::Contribution;
pub(crate) use evidence::{Docs, Evidence, Limits, Pair, place_value};
pub use field::{Field, Level};
pub(crate) use frequency::{Table, Valued};
pub(crate) use habit::{Habits, Way};
pub(crate) use judge::{Judge, Promise, Weighed};
pub(crate) use learn::{Taught, expected};
pub(crate) use levels::quantity_level;
pub(crate) use model::pow2;
pub use model::{Millibits, Model, per_mille};
pub(crate) use outlook::Facing;
