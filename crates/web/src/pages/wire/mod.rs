//! The wire: messages that went nowhere and what mends them, how much passes and how fast, the evidence of one message.

mod dead;
mod evidence;
mod throughput;

pub(crate) use dead::dead_letters;
pub(crate) use evidence::evidence;
pub(crate) use throughput::throughput;

use crate::frame::Frame;

/// Why something was not delivered, in words, by its code.
pub(crate) fn failure(frame: &Frame, code: &str) -> String {
    frame.word("wire.ebms", code.trim_start_matches("EBMS:"))
}
