//! The mechanism, written once: procedure, rule, book, finding, refusal, effect, obligation. No customs word in it.
//!
//! Everything here is a calculation. Time and all else from outside arrives in [`Facts`]; everything that must happen
//! outside leaves as an [`Effect`]; what happened is an [`Entry`].

pub mod any_act;
mod any_event;
pub mod book;
pub mod canonical;
pub mod desk;
pub mod effect;
pub mod entry;
pub mod facts;
pub mod finding;
pub mod form;
pub mod id;
pub mod money;
pub mod obligation;
pub mod procedure;
pub mod quantity;
pub mod refusal;
pub mod rule;
pub mod state;
pub mod summary;
pub mod text;
pub mod time;
mod written;

pub use any_act::AnyAct;
pub use any_event::AnyEvent;
pub use book::{Book, Edition, EditionHead, Row, Said};
pub use desk::{Desk, Of, TableLine, Taken};
pub use effect::Effect;
pub use entry::{Entry, Happening};
pub use facts::{Actor, Books, Facts, Role};
pub use finding::{Finding, Findings, Place, Severity};
pub use form::{Attachment, Field, Form, Need, Sort, Wrong};
pub use id::{ActId, CaseId, Digest, NodeId};
pub use money::{Currency, Money};
pub use obligation::{Obligation, Owed};
pub use procedure::{Named, Offer, Procedure};
pub use quantity::{Quantity, Unit};
pub use refusal::Refusal;
pub use rule::Rule;
pub use state::State;
pub use summary::{Reference, Summary};
pub use text::Text;
pub use time::Limit;
pub use written::Written;
