//! What measurements and kill tests are made with: a giver that is no node, our node as a process, phase4 as a process, and
//! what the system says of a process.

pub(crate) mod fire;
pub(crate) mod giver;
pub(crate) mod pace;
pub(crate) mod phase4;
pub(crate) mod taker;
pub(crate) mod usage;
