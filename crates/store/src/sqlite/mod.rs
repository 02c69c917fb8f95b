//! The store in one SQLite file, for a node on one machine: nothing to install, nothing to run beside it.
//!
//! Files, for a store at `store.sqlite`:
//!
//! | file | what |
//! |---|---|
//! | `store.sqlite` | the database; changed by checkpoints only |
//! | `store.sqlite-wal` | what was committed since the last checkpoint |
//! | `store.sqlite-shm` | SQLite's index of it; can be lost |
//! | `store.pages` | a digest of every page of the database, and how far the log of commits is known to reach |
//! | `store.pages-next` | there only while a checkpoint is under way: the digests it will leave behind |
//! | `store.lock` | locked while a writer has the store open |
//!
//! Every byte of the first two and of the digests is covered by a digest or checksum, so that
//! [`verify`](verify()) finds any that changed by itself.

mod cases;
mod change;
mod checkpoint;
mod clear;
mod columns;
mod counts;
#[cfg(test)]
mod crash;
mod drafts;
mod hands;
mod list;
mod lock;
mod migrate;
mod open;
mod pages;
mod recent;
mod verify;
mod view;
mod wal;

pub use open::{Sqlite, read};
pub use verify::{Against, Fault, Logged, NoLog, Progress, Replay, Report, verify};
