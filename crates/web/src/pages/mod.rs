//! The officers' pages: each is a function from a question to a page; none keeps anything of its own.

mod acts;
mod agreements;
mod analyst;
mod arrivals;
mod cases;
mod chips;
mod codes;
mod comparison;
mod consignment;
mod cooperation;
mod document;
mod excerpt;
mod exchange;
mod followed;
mod forms;
mod happening;
mod item;
mod lanes;
mod obligations;
mod partners;
mod problems;
mod record;
mod sentences;
mod sessions;
mod standing;
pub(crate) mod statement;
pub(crate) mod steering;
mod targeting;
pub(crate) mod trust;
mod verdict;
mod warn;
mod wire;

pub(crate) use acts::{act, replay};
pub(crate) use agreements::{agreement, agreements};
pub(crate) use analyst::{
    cell, lane, ledger, matches, mirror, parties, recomputed, waiting as matches_waiting,
};
pub(crate) use arrivals::arrivals;
pub(crate) use cases::{Block, attachment, case, cases, new_case, paper};
pub(crate) use codes::{code, codes};
pub(crate) use consignment::consignment;
pub(crate) use cooperation::{beside, board, export as room_export, rates, room, rooms};
pub(crate) use exchange::exchange;
pub(crate) use happening::sentence as happened;
pub(crate) use item::{bytes, item};
pub(crate) use lanes::lanes;
pub(crate) use obligations::obligations;
pub(crate) use partners::partners;
pub(crate) use problems::{problem, to_sign_in};
pub(crate) use record::{entry, history, proof, record};
pub(crate) use sessions::{
    LANGUAGE_COOKIE, change_session, home, language, session, sign_in, sign_in_form, sign_out,
};
pub(crate) use standing::Standing;
pub(crate) use statement::Statuses;
pub(crate) use targeting::{Remembered, editor, keep_profile, parcels, targeting};
pub(crate) use wire::{dead_letters, evidence, throughput};

/// The header by which a page's own script says that no person asked.
pub(crate) const SCRIPT: &str = "x-live";
