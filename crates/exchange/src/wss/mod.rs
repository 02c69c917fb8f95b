//! WS-Security as AS4 narrows it: one signature over header, body and parts; one content key sealed to the receiver.
//!
//! Only a few fixed shapes are known. Whatever else stands in a security header is refused, not interpreted.

mod agree;
mod attachment;
mod open;
mod place;
mod seal;
mod sign;
mod token;
mod verify;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(crate) use attachment::signed_octets;
pub(crate) use open::{Opened, SealedWith, failed, open_parts, sealed_parts};
pub(crate) use place::Place;
pub(crate) use seal::{PartKeys, SEALED_MIME, seal, seal_keys};
pub(crate) use sign::{digested_part, element_reference, envelope, part_reference, signature};
pub(crate) use token::TokenRef;
pub(crate) use verify::{Signature, part_matches};

/// Base64 as digests and tokens are written.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
