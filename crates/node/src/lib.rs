//! The running node: a synchronous heart that turns inputs into record entries, and an asynchronous rim around it.

mod accounts;
mod act;
mod admit;
mod carry;
mod dispatch;
mod envelope;
mod figures;
mod handle;
mod heart;
mod identity;
mod import;
mod input;
mod matching;
mod paper;
mod readers;
mod seal;
mod step;
mod timers;
mod witness;
mod world;
mod writer;

pub use accounts::{Account, SignIn};
pub use act::whole_event;
pub use admit::{Delivered, Delivery};
pub use dispatch::Posting;
pub use envelope::{As4, entity, party_of, split};
pub use handle::Handle;
pub use heart::{Heart, Worked};
pub use identity::{Identity, Partner};
pub use import::Batch;
pub use input::{
    Acted, Again, Changed, Declined, ImportReport, Input, NotDone, Outcome, Outputs, RefusedDeclaration,
    Retry,
};
pub use readers::{Readers, Reading};
pub use seal::{Packed, Parcel, Seal};
pub use step::step;
pub use world::World;
