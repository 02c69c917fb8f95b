//! Profiles held against one another: which one adds nothing, which two want different things of the same goods.

use std::collections::BTreeSet;

use customs::terms::{Lane, Profile, Sense, Test};
use serde::Serialize;

/// What is wrong with a set of profiles.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Review {
    /// Profiles whose every hit is a hit of another that asks for as much.
    pub shadowed: Vec<Shadow>,
    /// Pairs of which one releases what the other opens, and one line can meet both.
    pub struggles: Vec<Struggle>,
    /// Profiles no line can meet.
    pub impossible: Vec<String>,
}

/// A profile that adds nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shadow {
    /// The one that adds nothing.
    pub profile: String,
    /// The one that already has all its hits.
    pub by: String,
}

/// Two profiles that want different things of the same goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Struggle {
    /// The one that lets go.
    pub releases: String,
    /// The one that holds.
    pub holds: String,
}

/// Holds the profiles against one another.
#[must_use]
pub fn review(profiles: &[Profile]) -> Review {
    let masks: Vec<u64> = profiles.iter().map(mask).collect();
    let mut review = Review::default();
    for (at, profile) in profiles.iter().enumerate() {
        if is_impossible(profile) {
            review.impossible.push(profile.id.clone());
            continue;
        }
        let shadows = profiles.iter().enumerate().find(|(other, by)| {
            *other != at
                && masks[*other] & !masks[at] == 0
                && by.lane >= profile.lane
                && by.measures.is_superset(&profile.measures)
                && by.from <= profile.from
                && by.until >= profile.until
                && implies(profile, by)
                && (*other < at || !implies(by, profile))
        });
        if let Some((_, by)) = shadows {
            review.shadowed.push(Shadow { profile: profile.id.clone(), by: by.id.clone() });
        }
        if profile.lane == Lane::Green {
            review.struggles.extend(struggles(profile, profiles));
        }
    }
    review
}

fn struggles<'a>(green: &'a Profile, profiles: &'a [Profile]) -> impl Iterator<Item = Struggle> + 'a {
    let holding = profiles.iter().filter(|other| other.lane > Lane::Green && !is_impossible(other));
    let meeting = holding
        .filter(|other| green.from <= other.until && other.from <= green.until && can_meet(green, other));
    meeting.map(|other| Struggle { releases: green.id.clone(), holds: other.id.clone() })
}

/// One bit for each column, bag and kind of gauge a profile looks at: a profile can only be implied by one that looks
/// at no more.
fn mask(profile: &Profile) -> u64 {
    profile.tests.iter().fold(0, |mask, test| {
        mask | 1
            << match test {
                Test::Is { column, .. } | Test::Listed { column, .. } => column.place(),
                Test::Code { .. } => 0,
                Test::Has { bag, .. } => 32 + bag.place(),
                Test::Within { .. } => 48,
            }
    })
}

/// Whether every line that meets `narrow` meets `wide`. Never says so wrongly; may miss one that spans several tests.
fn implies(narrow: &Profile, wide: &Profile) -> bool {
    wide.tests.iter().all(|wide| narrow.tests.iter().any(|narrow| test_implies(narrow, wide)))
}

fn test_implies(narrow: &Test, wide: &Test) -> bool {
    match (narrow, wide) {
        (Test::Is { column: a, sense: sa, values: va }, Test::Is { column: b, sense: sb, values: vb }) => {
            a == b && set_implies((*sa, va), (*sb, vb))
        }
        (Test::Has { bag: a, sense: sa, values: va }, Test::Has { bag: b, sense: sb, values: vb }) => {
            a == b && sa == sb && set_implies((*sa, va), (*sb, vb))
        }
        (
            Test::Code { edition: a, sense: sa, prefixes: pa },
            Test::Code { edition: b, sense: sb, prefixes: pb },
        ) => a == b && sa == sb && prefixes_imply(*sa, pa, pb),
        (Test::Within { gauge: a, least: la, most: ma }, Test::Within { gauge: b, least: lb, most: mb }) => {
            let least = lb.is_none_or(|lb| la.is_some_and(|la| la >= lb));
            let most = mb.is_none_or(|mb| ma.is_some_and(|ma| ma <= mb));
            a == b && least && most
        }
        (Test::Listed { .. }, Test::Listed { .. }) => narrow == wide,
        _ => false,
    }
}

fn set_implies(narrow: (Sense, &BTreeSet<String>), wide: (Sense, &BTreeSet<String>)) -> bool {
    match (narrow.0, wide.0) {
        (Sense::Any, Sense::Any) => narrow.1.is_subset(wide.1),
        (Sense::None, Sense::None) => narrow.1.is_superset(wide.1),
        (Sense::Any, Sense::None) => narrow.1.is_disjoint(wide.1),
        (Sense::None, Sense::Any) => false,
    }
}

fn prefixes_imply(sense: Sense, narrow: &BTreeSet<String>, wide: &BTreeSet<String>) -> bool {
    let covered = |of: &BTreeSet<String>, by: &BTreeSet<String>| {
        of.iter().all(|code| by.iter().any(|prefix| code.starts_with(prefix.as_str())))
    };
    match sense {
        Sense::Any => covered(narrow, wide),
        Sense::None => covered(wide, narrow),
    }
}

/// Whether no pair of tests of one profile, or of two together, rules the other out.
fn can_meet(left: &Profile, right: &Profile) -> bool {
    left.tests.iter().all(|a| right.tests.iter().all(|b| !excludes(a, b)))
}

fn is_impossible(profile: &Profile) -> bool {
    let empty = profile.tests.iter().any(|test| match test {
        Test::Is { sense: Sense::Any, values, .. } | Test::Has { sense: Sense::Any, values, .. } => {
            values.is_empty()
        }
        Test::Code { sense: Sense::Any, prefixes, .. } => prefixes.is_empty(),
        Test::Within { least: Some(least), most: Some(most), .. } => least > most,
        Test::Is { .. }
        | Test::Has { .. }
        | Test::Code { .. }
        | Test::Within { .. }
        | Test::Listed { .. } => false,
    });
    empty || !can_meet(profile, profile)
}

fn excludes(a: &Test, b: &Test) -> bool {
    match (a, b) {
        (Test::Is { column: ca, sense: sa, values: va }, Test::Is { column: cb, sense: sb, values: vb }) => {
            ca == cb
                && match (sa, sb) {
                    (Sense::Any, Sense::Any) => va.is_disjoint(vb),
                    (Sense::Any, Sense::None) => va.is_subset(vb),
                    (Sense::None, Sense::Any) => vb.is_subset(va),
                    (Sense::None, Sense::None) => false,
                }
        }
        (
            Test::Code { edition: ea, sense: Sense::Any, prefixes: pa },
            Test::Code { edition: eb, sense: Sense::Any, prefixes: pb },
        ) => {
            ea == eb
                && pa
                    .iter()
                    .all(|a| pb.iter().all(|b| !a.starts_with(b.as_str()) && !b.starts_with(a.as_str())))
        }
        (
            Test::Within { gauge: ga, least: la, most: ma },
            Test::Within { gauge: gb, least: lb, most: mb },
        ) => {
            let apart = |most: &Option<_>, least: &Option<_>| matches!((most, least), (Some(most), Some(least)) if most < least);
            ga == gb && (apart(ma, lb) || apart(mb, la))
        }
        _ => false,
    }
}
