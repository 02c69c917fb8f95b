//! One file per command.

pub(crate) mod account;
pub(crate) mod act;
pub(crate) mod bench;
pub(crate) mod brief;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod folder;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod keys;
pub(crate) mod link;
pub(crate) mod log;
pub(crate) mod mirror;
pub(crate) mod partner;
pub(crate) mod record;
pub(crate) mod running;
pub(crate) mod send;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod sim;
pub(crate) mod tariff;
pub(crate) mod transit;
