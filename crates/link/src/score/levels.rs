//! How far two statements agree in one field.

use super::evidence::Limits;
use super::{Field, Level};
use crate::compare::Correlation;
use crate::held::{Amount, Code, Hs, Known, PartyRow, Terms};
use crate::resolve::{self, Name};

/// How far two sums of quantities agree: theirs first.
pub(crate) fn quantity_level(theirs: Option<Amount>, ours: Option<Amount>) -> Level {
    let (Some(theirs), Some(ours)) = (theirs, ours) else { return Level::Absent };
    if theirs.kind != ours.kind {
        return Level::Absent;
    }
    let gap = ours.micro.abs_diff(theirs.micro);
    match () {
        () if gap == 0 && theirs.is_round() => Level::Round,
        () if gap == 0 => Level::Same,
        () if gap <= theirs.share(5) => Level::Near,
        () if gap <= theirs.share(50) => Level::Close,
        () if ours.micro < theirs.micro => Level::Under,
        () => Level::Over,
    }
}

/// How far two codes agree that are the same or not.
pub(super) fn same(left: Code, right: Code) -> Level {
    match () {
        () if left.is_none() || right.is_none() => Level::Absent,
        () if left == right => Level::Same,
        () => Level::Different,
    }
}

/// What a glance at two parties tells of how far their names and identifiers agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glance {
    /// So far.
    Sure(Level),
    /// Only their names laid beside each other tell: it will be one of these levels.
    Open(&'static [Level]),
}

impl Glance {
    /// The levels it leaves open.
    pub(super) const fn levels(&self) -> &[Level] {
        match self {
            Self::Sure(level) => std::slice::from_ref(level),
            Self::Open(levels) => levels,
        }
    }
}

/// Looks at identifiers, and at names from afar: names that do not even sound alike are not laid beside each other.
pub(super) fn glance(left: &Known, right: &Known) -> Glance {
    use Level::{Absent, Alias, Close, Different, Identifier, Same};
    let same_identifier = left.same_identifier(right);
    if same_identifier == Some(true) {
        return Glance::Sure(Identifier);
    }
    if left.name.is_empty() || right.name.is_empty() {
        return Glance::Sure(if same_identifier == Some(false) { Different } else { Absent });
    }
    if are_one(left, right) {
        return Glance::Open(&[Same, Close, Alias]);
    }
    kin(left.name.kinship(&right.name))
}

/// The same of rows: no less than what the parties themselves show.
pub(super) fn glance_at_rows(left: &PartyRow, right: &PartyRow) -> Glance {
    if left.identified && right.identified {
        return Glance::Open(Field::Consignee.levels());
    }
    if left.name.is_empty() || right.name.is_empty() {
        return Glance::Sure(Level::Absent);
    }
    kin(left.name.kinship(&right.name))
}

/// What the kinship of two names tells.
fn kin(kinship: Option<u16>) -> Glance {
    use Level::{Close, Different, Part, Same};
    match kinship {
        Some(..STRANGE) => Glance::Sure(Different),
        Some(AKIN..) => Glance::Open(&[Same, Close]),
        Some(LIKE..) => Glance::Open(&[Same, Close, Part]),
        _ => Glance::Open(&[Same, Close, Part, Different]),
    }
}

/// How far the names of two parties agree where a glance left it open.
pub(super) fn laid(left: &Known, right: &Known) -> Level {
    match names(&left.name, &right.name) {
        Level::Part | Level::Different if are_one(left, right) => Level::Alias,
        level => level,
    }
}

/// Whether both go by names of one party.
fn are_one(left: &Known, right: &Known) -> bool {
    left.owner.is_some() && left.owner == right.owner
}

/// How far two names agree. Names that sound alike are alike in part though their words are not.
fn names(left: &Name, right: &Name) -> Level {
    let kinship = left.kinship(right);
    if kinship.is_some_and(|kinship| kinship < STRANGE) {
        return Level::Different;
    }
    match (resolve::name_likeness(left, right), kinship.unwrap_or(0)) {
        (890.., _) => Level::Same,
        (750.., _) | (_, AKIN..) => Level::Close,
        (400.., _) | (_, LIKE..) => Level::Part,
        _ => Level::Different,
    }
}

/// Names less akin than this are not looked at further.
const STRANGE: u16 = 340;
/// Names at least so much akin are alike in part.
const LIKE: u16 = 560;
/// Names at least so much akin are alike.
const AKIN: u16 = 780;

/// How far the addresses of two parties agree.
pub(super) fn address(left: &Known, right: &Known) -> Level {
    address_level(resolve::shared_words(&left.address, &right.address))
}

/// The level of a share of words two addresses have in common.
const fn address_level(shared: Option<u16>) -> Level {
    match shared {
        None => Level::Absent,
        Some(700..) => Level::Same,
        Some(300..) => Level::Part,
        Some(_) => Level::Different,
    }
}

/// The levels two addresses may agree at by their rows.
pub(super) fn address_of_rows(left: &PartyRow, right: &PartyRow) -> &'static [Level] {
    match address_level(left.address_most(right)) {
        Level::Same => &[Level::Same, Level::Part, Level::Different],
        Level::Part => &[Level::Part, Level::Different],
        Level::Different => &[Level::Different],
        _ => &[Level::Absent],
    }
}

/// How far two commodity codes agree.
pub(super) fn hs(theirs: Hs, ours: Hs, editions: &Correlation) -> Level {
    let level = theirs.len().min(ours.len());
    let shared = theirs.shared(ours);
    match shared {
        _ if level == 0 => Level::Absent,
        7.. if shared == level => Level::Same,
        6.. => Level::Six,
        _ if editions.holds(theirs.digits(6), ours.digits(6)) => Level::Six,
        4.. => Level::Four,
        2.. => Level::Chapter,
        _ => Level::Different,
    }
}

/// Whether goods took as long as goods take.
pub(super) fn lag(days: Option<i32>, limits: Limits) -> Level {
    let Some(days) = days else { return Level::Absent };
    let limit = limits.transit;
    match days {
        days if days < -4 * limits.early => Level::Different,
        days if days < 0 => Level::Early,
        days if days <= limit / 2 => Level::Usual,
        days if days <= limit => Level::Possible,
        days if days <= 2 * limit => Level::Late,
        _ => Level::Different,
    }
}

/// How far two places agree: places of one country in part.
pub(super) fn place(terms: &Terms, left: Code, right: Code) -> Level {
    let country = |code| terms.codes.text(code).get(..2);
    match same(left, right) {
        Level::Different if country(left) == country(right) => Level::Part,
        level => level,
    }
}
