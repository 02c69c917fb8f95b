//! A question under a quota: what one administration may ask another's node by itself, so many times a day, and what is kept
//! of it where it is answered. Whoever may ask without end can learn everything there is, so a term without quotas lets no
//! question go or come, and both sides count.
//!
//! ```text
//! asker:    asked -> counted -> out -> answered                 (`register`, `unseen`: each a question of its own)
//! answerer: arrived -> counted -> answered by the node, or with a reason why not     asked
//! ```

mod asked;
mod meter;

pub use asked::{Act as AskedAct, Asked, Question, Stage as AskedStage};
pub use meter::{Act as MatchMeterAct, MatchMeter, count};
