//! How likely two parties are one, from their names and identifiers.

use customs::terms::Party;

use super::{Agreement, Name, TokenKind, distance};
use super::{Millibits, per_mille};

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
    if left.is_far_from(right) {
        return 0;
    }
    let agreement = Agreement::of(left, right);
    let words = likeness(&agreement);
    if words >= SURE || agreement.numbers > 0 { words } else { words.max(as_one_text(left, right)) }
}

/// Likeness from here on needs no second look.
const SURE: u16 = 890;

/// Likeness of two names as runs of letters: one cut off, or with slips that break its words apart.
fn as_one_text(left: &Name, right: &Name) -> u16 {
    let cut = |short: &str, long: &str| short.len() >= CUT_MIN && long.starts_with(short);
    if cut(left.folded(), right.folded()) || cut(right.folded(), left.folded()) {
        return CUT;
    }
    let (left, right) = (left.body(), right.body());
    let (shorter, longer) = (left.len().min(right.len()), left.len().max(right.len()));
    let allowed = longer / SLIP_EVERY;
    if longer - shorter > allowed {
        return 0;
    }
    let slips = distance(left, right);
    if slips as usize > allowed { 0 } else { SLIPPED - 40 * slips as u16 }
}

/// A name this long that another begins with was cut off.
const CUT_MIN: usize = 24;
const CUT: u16 = 860;
/// One slip for so many letters is a slip; more is another name.
const SLIP_EVERY: usize = 8;
const SLIPPED: u16 = 880;

/// Whether two parties are clearly two: no identifier in common, and hardly an own word of their names.
///
/// This asks for more than unlikeness: names lose words, forms and order on their way, and keep their own words.
#[must_use]
pub fn are_strangers(left: &Party, right: &Party) -> bool {
    if identifiers(left, right) == Some(true) {
        return false;
    }
    let (left, right) = (Name::new(&left.name), Name::new(&right.name));
    if left.is_empty() || right.is_empty() || as_one_text(&left, &right) > 0 {
        return false;
    }
    let Agreement { own_agreed, own_conflict, .. } = Agreement::of(&left, &right);
    own_conflict > 2 * own_agreed && shared_pairs(&left, &right).is_some_and(|shared| shared < STRANGERS_MAX)
}

/// Share of the pairs of neighbouring letters the own words of two names have in common, in parts per thousand;
/// `None` where one has too few of its own to tell.
fn shared_pairs(left: &Name, right: &Name) -> Option<usize> {
    let own = |name: &Name| -> String {
        let own = name.tokens().filter(|token| token.kind == TokenKind::Own);
        own.map(|token| token.letters()).collect()
    };
    let pairs = |text: String| {
        let mut pairs: Vec<[u8; 2]> = text.as_bytes().windows(2).map(|pair| [pair[0], pair[1]]).collect();
        pairs.sort_unstable();
        pairs
    };
    let (left, right) = (pairs(own(left)), pairs(own(right)));
    if left.len().min(right.len()) < OWN_PAIRS_MIN {
        return None;
    }
    let mut rest = right.as_slice();
    let shared = left
        .iter()
        .filter(|pair| {
            let at = rest.partition_point(|other| other < pair);
            let found = rest.get(at) == Some(pair);
            rest = &rest[at + usize::from(found)..];
            found
        })
        .count();
    Some(2_000 * shared / (left.len() + right.len()))
}

/// Strangers share no more than this of the pairs of letters in their own words.
const STRANGERS_MAX: usize = 450;
/// Own words with fewer pairs of letters tell nothing.
const OWN_PAIRS_MIN: usize = 5;

/// Whether the two carry an identifier of one scheme, and if so, whether any is the same; `None` where they share no
/// scheme.
#[must_use]
pub fn identifiers(left: &Party, right: &Party) -> Option<bool> {
    let mut shared = None;
    for ours in &left.identifiers {
        for theirs in right.identifiers.iter().filter(|theirs| theirs.scheme == ours.scheme) {
            let same = plain(&ours.value) == plain(&theirs.value);
            shared = Some(shared.unwrap_or(false) || same);
        }
    }
    shared
}

/// An identifier without what people put between its letters, in capitals.
#[must_use]
pub fn plain(identifier: &str) -> String {
    identifier.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn likeness(agreement: &Agreement) -> u16 {
    let Agreement { agreed, own_agreed, .. } = *agreement;
    if agreed > 0 && *agreement == (Agreement { agreed, own_agreed, ..Agreement::default() }) {
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
