//! The running node: a synchronous heart that turns inputs into record entries, and an asynchronous rim around it.

mod accounts;
mod act;
mod admit;
mod carry;
pub mod config;
pub mod descriptor;
mod dispatch;
mod envelope;
mod figures;
mod handle;
mod heart;
mod identity;
mod import;
pub mod init;
mod input;
pub mod keys;
mod matching;
mod paper;
mod partners;
mod readers;
mod record;
mod rim;
pub mod run;
mod seal;
mod step;
mod timers;
mod tls;
mod witness;
mod world;
mod writer;

pub use accounts::{Account, SignIn, to_keep};
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
pub use run::{Running, StartFault, run, start};
pub use seal::{Packed, Parcel, Seal};
pub use step::step;
pub use world::World;
