//! MIME as AS4 uses it: one SOAP envelope, alone or as the root of `multipart/related` with the payload parts after it.

mod content_type;
mod read;
mod write;

pub(crate) use content_type::ContentType;
pub(crate) use read::{Attachment, Fields, Package, bare_id, envelope_text, header_of, read};
pub(crate) use write::{Frame, OutgoingPart, frame, write};
