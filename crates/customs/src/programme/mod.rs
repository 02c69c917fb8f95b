//! The steering of cooperation: agreements on their way, meetings, what they conclude, action plans, the dialogue with
//! business, experts, pilots.
//!
//! Every promise made here is an obligation of the same kind as an answer owed on a lane: one board, one escalation. Whose
//! turn it is and by when is data of the matter itself (a conclusion's date, the reply period a law gives), never a
//! constant. Sources: national law on treaties and on international agreements; terms of reference of the forums.

mod action;
mod commitment;
mod expert;
mod issue;
mod meeting;
mod negotiation;
mod pilot;
mod promise;
mod selection;

pub use action::{Act as ActionAct, Action, Measure, Progress};
pub use commitment::{Act as CommitmentAct, Commitment};
pub use expert::{Act as ExpertAct, Expert, Profile};
pub use issue::{Act as IssueAct, Issue};
pub use meeting::{Act as MeetingAct, Delegate, Meeting, Slot, Standing};
pub use negotiation::{Act as NegotiationAct, Negotiation, OpensLane, Position};
pub use pilot::{Act as PilotAct, Outcome as PilotOutcome, Pilot};
pub use promise::Promise;
pub use selection::{Act as SelectionAct, Candidate, Judgement, Selection};
