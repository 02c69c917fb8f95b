//! The running node: a synchronous heart that turns inputs into record entries, and an asynchronous rim around it.
//!
//! [`Heart`] is the calculation with its store: inputs in, outcomes out, one transaction at a time; a simulation drives
//! it by hand. [`start`] puts it on a thread of its own behind sockets; everybody beside it speaks through [`Handle`].
//!
//! ```text
//! step.rs      one input, all or nothing        act.rs       one act: weighed, recorded, folded; what follows from it
//! admit.rs     the one door inwards             dispatch.rs  the one door outwards
//! carry.rs     effects                          timers.rs    work by the clock
//! matching/    the linker's judgement as acts   witness.rs   two records vouch for each other
//! selecting/   profiles, lists, models, chance  world.rs     what the heart holds in memory
//! heart.rs     group commit                     writer.rs    its thread
//! transport/   the ways messages take           rim/         sockets, clock, signals
//! run.rs       from folder to last commit       opened.rs      what stands behind the sockets
//! ```

mod accounts;
mod act;
mod admit;
mod ahead;
mod beside;
mod booked;
pub mod brief;
mod brought;
mod carry;
mod codes;
pub mod config;
mod contacts;
mod content;
pub mod descriptor;
mod destroy;
mod dispatch;
mod envelope;
pub mod evidence;
mod figures;
mod handle;
mod heart;
pub mod hub;
mod identity;
mod import;
pub mod init;
mod input;
pub mod keys;
mod library;
pub mod logs;
mod matching;
mod notary;
mod opened;
mod origin_rules;
mod pack;
mod paper;
mod partners;
mod proof;
mod readers;
mod reading;
mod record;
mod register;
mod rim;
pub mod run;
pub mod selecting;
mod standing;
pub mod statements;
mod step;
mod timers;
mod tls;
mod transport;
pub mod unseen;
pub mod verify;
pub mod watch_list;
mod witness;
mod world;
mod writer;

pub use accounts::{Account, SignIn, to_keep};
pub use act::whole_event;
pub use admit::{Delivered, Delivery, Lack, Suited};
pub use ahead::ReadAhead;
pub use config::Config;
pub use contacts::Contact;
pub use content::{Attached, Content};
pub use descriptor::Descriptor;
pub use destroy::{Destroyed, destroyed};
pub use dispatch::Posting;
pub use envelope::{SERVICE, entity, party_of, split};
pub use formats::{write_cen, write_ionics};
pub use handle::Handle;
pub use heart::{Heart, Worked};
pub use identity::{Identity, Partner};
pub use import::Batch;
pub use input::{
    Acted, Again, Changed, Declined, ImportReport, Input, NotDone, Outcome, Outputs, RefusedDeclaration,
    Retry,
};
pub use keys::Keys;
pub use readers::{Readers, Reading};
pub use rim::call::{CallFault, Caller, Probed, Return, announce, fetch, ping, probe};
pub use rim::long::{Long, send_long};
pub use rim::open_line::OpenLine;
pub use rim::post::post_once;
pub use run::{Running, StartFault, run, start};
pub use step::step;
pub use transport::{As4, Asked, Heard, Letters, Packed, Parcel, Posted, Transport};
pub use verify::{VerifyFault, verify};
pub use witness::{Countersigned, Record};
pub use world::World;
