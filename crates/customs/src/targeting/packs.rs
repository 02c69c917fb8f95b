//! Packs: code lists and indicators that profiles are made of, each row marked as law, derived, or demonstration.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::terms::Standing;

/// A pack.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its name: `waste`, `drugs`, `ipr`, `dual-use`.
    pub id: String,
    /// Where its rows are from.
    pub source: String,
    /// What is doubtful about it.
    pub caveat: String,
    /// Its rows.
    pub rows: Vec<PackRow>,
}

/// A row of a pack.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackRow {
    /// What kind: `hs6`, `basel`, `un-number`, `alias`, `right`.
    pub kind: String,
    /// The code, number or name.
    pub code: String,
    /// What it stands for.
    #[serde(default)]
    pub item: String,
    /// What it rests on.
    pub standing: Standing,
}

impl Pack {
    /// The codes of a kind, for the sets and prefixes of a profile.
    #[must_use]
    pub fn codes(&self, kind: &str) -> BTreeSet<String> {
        self.rows.iter().filter(|row| row.kind == kind).map(|row| row.code.clone()).collect()
    }
}

/// The packs that are shipped.
///
/// # Panics
/// Never: a test reads them.
#[must_use]
pub fn packs() -> Vec<Pack> {
    let texts = [
        include_str!("packs/waste.json"),
        include_str!("packs/drugs.json"),
        include_str!("packs/ipr.json"),
        include_str!("packs/dual_use.json"),
    ];
    texts
        .iter()
        .map(|text| serde_json::from_str(text).expect("shipped packs are readable, a test sees to it"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_a_pack_says_what_it_rests_on() {
        for pack in packs() {
            assert!(!pack.source.is_empty() && !pack.caveat.is_empty(), "{}", pack.id);
            assert!(!pack.rows.is_empty(), "{}", pack.id);
            let hs6 = pack.codes("hs6");
            assert!(
                hs6.iter().all(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())),
                "{}",
                pack.id
            );
        }
    }
}
