//! The pages of steering: the commitment board over all forums, the brief for a partner, the reviewer's watch list.

mod board;
mod brief;
mod watch;

pub(crate) use board::board;
pub(crate) use brief::{brief, briefs};
pub(crate) use watch::watch;
