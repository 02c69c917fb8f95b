//! Text from bytes, whatever is written in it: bounded, decoded, with lines and columns.

mod fault;
mod input;
mod limits;
mod lines;

pub use fault::Fault;
pub use input::{Decoded, decode, read_bounded};
pub use limits::Limits;
pub use lines::{Lines, Position};
