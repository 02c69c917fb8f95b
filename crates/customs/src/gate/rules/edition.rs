//! Another edition of the nomenclature: the same goods stand under another code in the edition the other side uses, or only the
//! national digits differ. Each code is read in the edition in force where and when it was stated, an older one where that does not
//! know it; the correlation tables of the World Customs Organization between 2012, 2017 and 2022 decide.
//!
//! ```example
//! hs-moved; hs 85176200 85176230 -> yes: 85176200 85176230
//! hs-moved; hs 10063099 73209090 -> no: 10063099 73209090
//! hs-moved; hs 854340 854339 -> no: 854340 854339
//! hs-moved; hs 854340 854339; giver TH; own VN; stated-on 2026-05-01; declared-on 2026-05-04 -> no: 854340 854339
//! hs-moved; hs 852580 852589; giver TH; own VN; stated-on 2021-12-20; declared-on 2026-05-04 -> yes: 852580 852589
//! hs-moved -> cannot tell
//! origin-changed; hs 10063099 73209090 -> -
//! ```

use super::{Looked, holds, says};
use crate::gate::{Explained, Explanation};
use crate::tariff::{Nomenclature, Stated, correlate, same_goods};
use crate::terms::HsCode;

const EDITIONS: [Nomenclature; 3] = [Nomenclature::Hs2012, Nomenclature::Hs2017, Nomenclature::Hs2022];

pub(super) fn check(looked: &Looked) -> Option<Explanation> {
    if looked.code != "hs-moved" {
        return None;
    }
    let Some((theirs, ours)) = &looked.hs else { return Some(says("edition", Explained::CannotTell, "")) };
    let same = dated(looked, theirs, ours).unwrap_or_else(|| became(theirs.as_str(), ours.prefix(6)));
    let same = same || theirs.prefix(6) == ours.prefix(6);
    Some(says("edition", holds(same), format_args!("{theirs} {ours}")))
}

/// Whether the codes may name the same goods, each in the edition of its country and day; `None` where that is not known.
fn dated(looked: &Looked, theirs: &HsCode, ours: &HsCode) -> Option<bool> {
    let stated = Stated { country: looked.giver.as_ref()?, day: looked.stated_on?, code: theirs };
    let declared = Stated { country: looked.own.as_ref()?, day: looked.declared_on?, code: ours };
    same_goods(stated, declared)
}

/// Whether one code answers to the other in any two editions.
fn became(theirs: &str, ours: &str) -> bool {
    let pairs = EDITIONS.iter().flat_map(|from| EDITIONS.iter().map(move |to| (*from, *to)));
    pairs.filter(|(from, to)| from != to).any(|(from, to)| {
        correlate(theirs, from, to)
            .is_some_and(|found| found.targets.iter().any(|target| target.code == ours))
    })
}
