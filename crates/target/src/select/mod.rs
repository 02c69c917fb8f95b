//! Selectivity: profiles compiled to a bitmap index and residual bands.
//!
//! For every value a column can have, the profiles that value does not rule out are known as one bit each. The bitmaps
//! of a line's values are laid over one another; of the few bits left the bands are tried. What holds for profiles
//! holds by [`Profile::matches`](customs::terms::Profile::matches); this is the same, fast.

mod bind;
mod compile;
mod evaluate;
mod explain;
mod history;
mod outcome;
mod review;
mod trial;

pub use bind::Bound;
pub use compile::Selection;
pub use evaluate::Hit;
pub use explain::{Explained, Seen};
pub use history::History;
pub use outcome::{Cause, Outcome, outcome};
pub use review::{Review, Shadow, Struggle, review};
pub use trial::{Capacity, OfficeDay, Trial, Verdicts, try_profile};
