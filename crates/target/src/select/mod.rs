//! Selectivity: profiles compiled to a bitmap index.
//!
//! For every value a column can have, and every interval of a number, the profiles it does not rule out are known as one
//! bit each. The bitmaps of a line's values are laid over one another; what is left holds, but for bands that lie finer
//! than the intervals, which are tried. What holds for profiles
//! holds by [`Profile::matches`](customs::terms::Profile::matches); this is the same, fast.

mod bands;
mod bind;
mod compile;
mod evaluate;
mod explain;
mod history;
mod outcome;
mod pool;
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
