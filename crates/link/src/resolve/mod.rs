//! Party resolution: whether two statements name one party, over languages, scripts and identifiers.

mod fold;
mod legal;
mod name;
mod similar;

pub use fold::words;
pub use name::Name;
pub use similar::jaro_winkler;

use customs::terms::Party;

/// Likeness of two parties in parts per thousand; `None` where nothing they carry can be compared.
#[must_use]
pub fn party_likeness(left: &Party, right: &Party) -> Option<u16> {
    if let Some(true) = identifiers(left, right) {
        return Some(1_000);
    }
    let (left, right) = (Name::new(&left.name), Name::new(&right.name));
    (!left.is_empty() && !right.is_empty()).then(|| left.likeness(&right))
}

/// Whether the two carry an identifier of one scheme, and if so, whether any is the same; `None` where they share no
/// scheme.
#[must_use]
pub fn identifiers(left: &Party, right: &Party) -> Option<bool> {
    let mut shared = None;
    for ours in &left.identifiers {
        for theirs in right.identifiers.iter().filter(|theirs| theirs.scheme == ours.scheme) {
            let same = plain(&ours.value).eq(plain(&theirs.value));
            shared = Some(shared.unwrap_or(false) || same);
        }
    }
    shared
}

fn plain(identifier: &str) -> impl Iterator<Item = char> + '_ {
    identifier.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase)
}
