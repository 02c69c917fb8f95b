//! Agreements as data: what may go to whom, for which purpose, with which clock; and the items that went and came under them.
//!
//! Sources: national law on treaties and on international agreements; the protocol on the legal framework for the ASEAN
//! Single Window; bilateral customs mutual assistance agreements. Default is deny: what no live term allows does not
//! leave, is not taken in, and is not read. Whether bytes are well-formed is the formats' business, not ours.

mod admission;
mod answer;
mod book;
mod delivery;
mod destruction;
mod disclosure;
mod document;
mod form;
mod instrument;
mod kind;
mod received;
mod release;
mod sent;
mod term;

pub use admission::{Admission, admit};
pub use answer::DocumentResponse;
pub use book::{Standing, TERMS, edition, term_in_force};
pub use delivery::{Algorithms, Corners, Protection, Schedule, Sequence, Token, Way};
pub use destruction::{
    Act as DestructionAct, Destruction, DestructionNotice, Gone, Order, Proof, Stage as DestructionStage,
};
pub use disclosure::{Class, FieldClass, field, fields_of};
pub use document::{Document, Paper, is_answer};
pub use instrument::{Act as AgreementAct, Event as AgreementEvent, Instrument, Stage as AgreementStage};
pub use kind::{Arrived, Dispatched, Ending, Kind, KindOf, Nature, Outline, Writing};
pub use received::{Act as ReceivedAct, Arrival, Event as ReceivedEvent, Received, Stage as ReceivedStage};
pub use release::{Released, release};
pub use sent::{Act as SentAct, AtCentre, Event as SentEvent, Outgoing, Sent, Stage as SentStage};
pub use term::{Agreement, ConsentRule, Escalation, Handling, LaneState, LegalRoute, Onward, Term};
