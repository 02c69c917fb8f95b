//! Party resolution: whether two statements name one party, over languages, scripts and identifiers.

mod address;
mod align;
mod directory;
mod fold;
mod lexicon;
mod likeness;
mod name;
mod number;
mod pairs;
mod romanize;
mod similar;
mod sound;

pub(crate) use address::shared_words;
pub use address::{address_likeness, address_words};
pub use align::Agreement;
pub use directory::{Directory, Known as KnownName};
pub use fold::words;
pub use likeness::{are_strangers, identifiers, name_likeness, party_likeness, plain};
pub use name::{Name, Token, TokenKind};
pub use similar::{distance, jaro_winkler};
pub use sound::sound;
