//! Names of parties over languages and scripts: folding, taking apart, likeness. What linking and screening share.
//!
//! Whether two statements name one party is asked of every pair of them; whether a party stands on a watch list is asked
//! of every party. Both ask the same of names, so it is written once, here.

mod address;
mod align;
mod directory;
mod fold;
mod lexicon;
mod likeness;
mod name;
mod number;
mod odds;
mod pairs;
mod romanize;
mod similar;
mod sketch;
mod sound;

pub use address::{address_likeness, address_words, place_words, same_house, shared_words};
pub use align::Agreement;
pub use directory::{Directory, Known as KnownName};
pub use fold::words;
pub use likeness::{are_strangers, identifiers, name_likeness, party_likeness, plain};
pub use name::{Name, Token, TokenKind};
pub use odds::{Millibits, per_mille, pow2};
pub use similar::{distance, jaro_winkler};
pub use sketch::Sketch;
pub use sound::sound;
