//! Grouped assignment: which lines belong together, where one may stand against several.
//!
//! A component is a set of lines that could belong to each other. Every way to group some of them is a hypothesis
//! with a weight; the chosen hypotheses share no line and weigh as much as can be found together.

mod hypotheses;
mod packing;
mod quotes;

pub(crate) use hypotheses::{Edge, Problem, sum};
pub(crate) use packing::{Chosen, lone, solve};
