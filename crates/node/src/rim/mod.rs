//! The asynchronous rim: sockets, clocks and signals around the synchronous heart. Everything it learns goes to the
//! writer as an input; everything it does follows from what is in the store.

mod breaker;
pub(crate) mod call;
pub(crate) mod hub;
pub(crate) mod line;
pub(crate) mod long;
pub(crate) mod open_line;
pub(crate) mod post;
pub(crate) mod pump;
pub(crate) mod receive;
pub(crate) mod revocation;
pub(crate) mod serve;
mod spool;
pub(crate) mod watch;

use std::path::Path;
use std::sync::Arc;

use exchange::Limits;
use kernel::NodeId;
use store::LongBlobs;

use crate::contacts::Contacts;
use crate::figures::Figures;
use crate::keys::{TlsKey, Wallet};
use crate::partners::Partners;
use crate::readers::Readers;
use crate::rim::hub::HubAt;
use crate::transport::As4;
use crate::unseen::Hidden;
use crate::writer::Inbox;

/// What every part of the rim needs.
#[derive(Clone)]
pub(crate) struct Rim {
    pub(crate) us: NodeId,
    pub(crate) inbox: Inbox,
    pub(crate) readers: Readers,
    pub(crate) partners: Partners,
    /// How messages between nodes are read.
    pub(crate) as4: Arc<As4>,
    /// The hub, where the node exchanges through it.
    pub(crate) hub: Option<Arc<HubAt>>,
    pub(crate) wallet: Wallet,
    /// What we show partners that ask who connects.
    pub(crate) tls: Arc<TlsKey>,
    pub(crate) figures: Arc<Figures>,
    /// How it goes with each partner.
    pub(crate) contacts: Contacts,
    /// The node's folder.
    pub(crate) folder: Arc<Path>,
    /// What is taken into memory.
    pub(crate) limits: Limits,
    /// What is taken to the disk.
    pub(crate) long_limits: Limits,
    /// What the secrets of asking without showing are derived from.
    pub(crate) hidden: Hidden,
    /// Where long messages lie.
    pub(crate) long_blobs: LongBlobs,
}
