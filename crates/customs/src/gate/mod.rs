//! The gate: our import declaration beside what partners said about it, the differences, and the officer's decision.
//!
//! Whether two statements are about the same goods is crate `link`'s judgement, which arrives here as plain data with
//! its reasons. The statements stay side by side; neither is changed by the other.

mod believed;
mod consignment;
mod difference;
mod finding;
pub mod rules;
mod stake;

pub use believed::{Believed, Given as PreferenceGiven, Preference};
pub(crate) use consignment::WRONG_LINK;
pub use consignment::{
    Act as ConsignmentAct, Awaits, Consignment, Event as ConsignmentEvent, Stage as ConsignmentStage,
};
pub use difference::{Difference, Explained, Explanation, Group, Reason, Tie};
pub use finding::{
    Act as FindingAct, Event as FindingEvent, Finding, Proposed, REASONS, Stage as FindingStage,
};
pub use stake::{Levied, Stake, next_steps};
