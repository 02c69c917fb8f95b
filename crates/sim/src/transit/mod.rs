//! Transit through three countries from one seed: whole journeys with loss, doubling, disorder, skewed clocks and crashes,
//! and what must hold when everything has come to rest.

mod check;
mod country;
mod play;

pub use play::{Outcome, run};
