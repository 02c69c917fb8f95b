//! How likely two parties are one, from their names and identifiers.

use customs::terms::Party;

use super::{Agreement, Name};
use crate::score::{Millibits, per_mille};

/// Likeness of two parties in parts per thousand; `None` where nothing they carry can be compared.
#[must_use]
pub fn party_likeness(left: &Party, right: &Party) -> Option<u16> {
    if identifiers(left, right) == Some(true) {
        return Some(1_000);
    }
    let (left, right) = (Name::new(&left.name), Name::new(&right.name));
    (!left.is_empty() && !right.is_empty()).then(|| name_likeness(&left, &right))
}

/// Likeness of two names in parts per thousand.
#[must_use]
pub fn name_likeness(left: &Name, right: &Name) -> u16 {
    likeness(&Agreement::of(left, right))
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

fn likeness(agreement: &Agreement) -> u16 {
    if *agreement == (Agreement { agreed: agreement.agreed, ..Agreement::default() }) && agreement.agreed > 0
    {
        return 1_000;
    }
    per_mille(odds(agreement))
}

/// What the agreement of two names weighs. The shares are of the longer name; the weights were fitted to pairs of
/// names with a known answer and rounded.
fn odds(agreement: &Agreement) -> Millibits {
    let all = i64::from(agreement.agreed + agreement.conflict + agreement.extra).max(1);
    let share = |part: u32, weight: i64| i64::from(part) * weight / all;
    let nothing = if agreement.agreed == 0 { 3_000 } else { 0 };
    let any = if agreement.conflict > 0 { CONFLICT_ANY } else { 0 };
    let flags = i64::from(agreement.forms_differ) * FORMS
        + i64::from(agreement.turned) * TURNED
        + i64::from(agreement.numbers) * NUMBERS;
    let against = share(2 * agreement.conflict, CONFLICT).min(CONFLICT)
        + share(agreement.extra, EXTRA)
        + share(agreement.slips, SLIPS)
        + share(agreement.short, SHORT);
    Millibits::try_from(SAME - any - against - flags - nothing).unwrap_or(Millibits::MIN)
}

const SAME: i64 = 4_400;
const CONFLICT_ANY: i64 = 4_300;
const CONFLICT: i64 = 4_700;
const EXTRA: i64 = 5_400;
const SLIPS: i64 = 13_200;
const SHORT: i64 = 1_000;
const FORMS: i64 = 4_000;
const TURNED: i64 = 1_500;
const NUMBERS: i64 = 1_500;
