//! Joint operations: set-up, warnings and their feedback, seizures, and what each kind of goods adds.
//!
//! ```text
//! operation:  planned -> invited / joined -> running -> closed      (one number for all members)
//! warning:    raised -> delivered -> answered | silent -> escalated   at the partner: warned
//! seizure:    entered and checked -> reported -> heard by the members
//! take-back:  looked at -> notified -> accepted -> taken back          waste
//! right, detention                                                     goods that infringe a right
//! ```
//!
//! Sources: WCO CENcomm templates (warning, feedback, seizure); Basel Convention; CITES; TRIPS. When feedback is due is the
//! term's business: its clock `feedback-before-eta` is counted back from when the goods are expected.

mod detention;
pub mod figures;
mod operation;
pub mod pack;
mod plan_item;
mod right;
mod seizure;
mod seizure_item;
mod similar;
mod take_back;
mod take_back_item;
mod valid;
mod warned;
mod warning;
mod warning_item;
mod words;

pub use detention::{Act as DetentionAct, Detention, HolderSays};
pub use operation::{Act as OperationAct, Operation, case_of as operation_case};
pub use plan_item::{Count, Joins, Member, Plan, PlanAnswer, SituationReport};
pub use right::{Act as RightAct, Right, RightKind, RightRecord};
pub use seizure::{Act as SeizureAct, Seizure};
pub use seizure_item::{Laboratory, SeizureItem};
pub use similar::{Alike, alike, similar};
pub use take_back::{Act as TakeBackAct, TakeBack};
pub use take_back_item::{Says, TakeBackAnswer, TakeBackNotice};
pub use valid::check as check_seizure;
pub use warned::{Act as WarnedAct, Beside, Warned};
pub use warning::{Act as WarningAct, Warning};
pub use warning_item::{Feedback, Silence, WarningItem};
pub use words::{Carriage, FeedbackOutcome, LegalState, Method, Pack, Position, Route, Seized};
