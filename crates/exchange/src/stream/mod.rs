//! Messages of any length in little memory: a body is taken apart as it arrives, its parts are proved and unfolded a piece
//! at a time, and what is sent is compressed, sealed and written a piece at a time.
//!
//! In: [`Intake`] takes pieces of a body and keeps only the envelope and the places of the parts; the caller keeps the
//! bytes. [`Spooled::open`] proves everything but the parts and says how each is proved ([`Part::proof`], once over its
//! bytes) and then unfolded ([`Part::unfold`], again over its bytes): nothing of a part is given out before tag and digest
//! were found right. [`Opening::conclude`] is what [`crate::Received::verify`] is for a body in memory.
//!
//! Out: [`Folding`] compresses and digests a payload, [`pack`] makes everything around the parts, and [`Pouring`] seals a
//! part.

mod folding;
mod gcm;
mod intake;
mod opening;
mod packing;
mod part;
mod scan;

pub use folding::{Folded, Folding};
pub use intake::{Intake, Spooled};
pub use opening::Opening;
pub use packing::{Head, LargeWire, Pouring, pack};
pub use part::{Part, Proof, Unfolding};
