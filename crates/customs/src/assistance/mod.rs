//! Mutual assistance: what we ask of partners and they of us, what either tells the other unasked, and who answers for it.
//!
//! ```text
//! need -> own checks -> draft -> cleared by a second person -> sent -> answers -> judged, used, told -> destroyed
//!         request                                               |
//!                                                               v
//! arrived -> acknowledged -> accepted -> sub-tasks at home -> answer drafted -> cleared -> out -> result heard
//!         requested
//! ```
//!
//! Sources: WCO model bilateral agreement on mutual administrative assistance; Nairobi Convention; WTO Trade Facilitation
//! Agreement, article 12. Every clock is the agreement's own: the term's `clocks` name `acknowledge`, `interim`, `reply`
//! (the legal one), `agreed` (the focal points'), `result`, `destroy`, `answer-test`; the operational clock is the moment
//! the requester names. How the documents look on the wire is not this area's business.

mod alert;
mod answering;
mod asking;
mod clocks;
mod contact;
pub(crate) mod dossier;
mod ending;
pub mod figures;
mod forms;
mod information;
mod onward;
pub mod quota;
pub mod register;
mod request;
mod requested;
mod spontaneous_in;
mod spontaneous_out;
mod subtask;
pub mod unseen;
mod words;

use kernel::Refusal;

pub use alert::{Act as AlertAct, Alert, Outcome as AlertOutcome};
pub use answering::{Answer, On, Recall, ResultTold};
pub use asking::{
    Asking, AssistanceRequest, BackTracking, ControlledDelivery, OriginVerification, Reciprocity,
    case_of as request_case,
};
pub use clocks::{ACKNOWLEDGE, AGREED, Debt, INTERIM, LEGAL, OPERATIONAL, POSTPONED, RESULT};
pub use contact::{Act as ContactAct, Contact, ContactAnswer, ContactEntry, ContactTest};
pub use dossier::{Act as DossierAct, Dossier};
pub use information::Information;
pub use onward::{Act as OnwardAct, Grant, OnwardAnswer, OnwardRequest, PassingOn, UseFor};
pub use request::{
    Act as RequestAct, Event as RequestEvent, Heard, Request, Sent as RequestSent, Stage as RequestStage, Use,
};
pub use requested::{
    Act as RequestedAct, Event as RequestedEvent, Report, Requested, Stage as RequestedStage,
};
pub use spontaneous_in::{Act as SpontaneousInAct, SpontaneousIn};
pub use spontaneous_out::{Act as SpontaneousOutAct, SpontaneousOut};
pub use subtask::{Act as SubtaskAct, Subtask};
pub use words::{
    AnswerKind, ContentGrade, Evidence, Grade, Matter, RefusalReason, SUBJECT, SourceGrade, Statement,
    Subject, SubjectKind, Urgency, Usefulness, Verified,
};

/// A text a person must have written.
pub(crate) fn given(what: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() { Err(Refusal::new("text-missing", what).remedy(what)) } else { Ok(text.to_owned()) }
}
