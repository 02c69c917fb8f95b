//! A cargo feed for a partner's targeting: lines of our manifests and declarations go to it before sailing, as far as a term lets
//! them; what its targeting sees comes back as a hit; what came of every hit is told, both ways.
//!
//! ```text
//! line -> out (cargo-line) -> held by the partner -> hit raised -> back (cargo-hit) -> looked at here -> result (hit-result)
//!                                                                                  result told there (hit-result) <- what it came to
//! ```
//!
//! Whoever gives data and hears nothing learns nothing; so the result of a hit is owed by a clock of the term, and the one who raised
//! it owes what it came to in turn.

mod hit;
mod line;
mod papers;

pub use hit::{Act as CargoHitAct, CargoHit, Outcome as HitOutcome, Stage as CargoHitStage};
pub use line::{Act as CargoLineAct, CargoLine, Stage as CargoLineStage};
pub use papers::{CargoLinePaper, HitPaper, HitResult, Wanted};
