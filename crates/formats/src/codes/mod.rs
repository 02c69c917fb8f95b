//! Open code lists: known codes with their short names. An unknown code is doubtful, never lost.

mod container;
mod list;
mod place;

pub use container::container_check;
pub use list::{Codes, countries, currencies, modes, packages, units};
pub use place::is_place;
