//! The officers' pages: each is a function from a question to a page; none keeps anything of its own.

mod acts;
mod agreements;
mod arrivals;
mod chips;
mod codes;
mod comparison;
mod consignment;
mod document;
mod excerpt;
mod exchange;
mod followed;
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
mod verdict;

pub use acts::{act, replay};
pub use agreements::{agreement, agreements};
pub use arrivals::arrivals;
pub use codes::{code, codes};
pub use consignment::consignment;
pub use exchange::exchange;
pub use item::{bytes, item};
pub use lanes::lanes;
pub use obligations::obligations;
pub use partners::partners;
pub use problems::{problem, to_sign_in};
pub use record::{entry, history, proof, record};
pub use sessions::{
    LANGUAGE_COOKIE, change_session, home, language, session, sign_in, sign_in_form, sign_out,
};

/// The header by which a page's own script says that no person asked.
pub const SCRIPT: &str = "x-live";
