//! The ebMS 3.0 header: user messages, receipts and errors as types, read strictly and written canonically.

mod model;
mod read;
mod write;

pub use model::{
    AgreementRef, ErrorSignal, PartInfo, Party, PartyId, PeerError, Property, Receipt, Reference, Service,
    Transform, UserMessage,
};
pub(crate) use read::{SignalIds, Unit, messaging_unit, prefix_list, references, unescaped};
pub(crate) use write::{body, error_signal, receipt_signal, reference, user_message};
