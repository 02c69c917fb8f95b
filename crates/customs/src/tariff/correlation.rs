//! What became of a code from one edition of the Harmonized System to another: shown as it is, never guessed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;

use super::blocks::Blocks;
use super::harmonized::Edition;
use super::{Nomenclature, manifest};

/// How the codes of two editions answer to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// One code, wholly the other.
    OneToOne,
    /// The code was split: a person must choose.
    OneToMany,
    /// The code was merged into one that holds more.
    ManyToOne,
    /// Split and merged: a person must choose, and what is chosen holds more.
    ManyToMany,
}

/// One code of the other edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// Its six digits.
    pub code: &'static str,
    /// How many codes of the first edition lead to it, this one among them.
    pub sources: usize,
}

/// What a code answers to in another edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Correlation {
    /// The other edition.
    pub to: Nomenclature,
    /// How the two answer to one another.
    pub relation: Relation,
    /// All codes it may have become; never empty.
    pub targets: Vec<Target>,
}

/// What the six digits of a code answer to in another edition; `None` where the tables do not know the code or the
/// two are the same edition.
#[must_use]
pub fn correlate(code: &str, from: Nomenclature, to: Nomenclature) -> Option<Correlation> {
    let (from, other) = (from.edition(), to.edition());
    let pairs = TABLES.pairs(from, other)?;
    let back = TABLES.pairs(other, from)?;
    let codes = pairs.0.get(code.get(..6)?)?;
    let target = |code: &&'static str| Target { code, sources: back.0.get(code).map_or(0, Vec::len) };
    let targets: Vec<Target> = codes.iter().map(target).collect();
    let merged = targets.iter().any(|target| target.sources > 1);
    let relation = match (targets.len(), merged) {
        (1, false) => Relation::OneToOne,
        (1, true) => Relation::ManyToOne,
        (_, false) => Relation::OneToMany,
        (_, true) => Relation::ManyToMany,
    };
    Some(Correlation { to, relation, targets })
}

/// All pairs of codes of two editions that answer to one another; none where the two are the same edition.
pub fn pairs(from: Nomenclature, to: Nomenclature) -> impl Iterator<Item = (&'static str, &'static str)> {
    let pairs = TABLES.pairs(from.edition(), to.edition()).into_iter().flat_map(|pairs| &pairs.0);
    pairs.flat_map(|(code, others)| others.iter().map(|other| (*code, *other)))
}

/// For each code of an edition, the codes of the other.
#[derive(Default)]
struct Pairs(BTreeMap<&'static str, Vec<&'static str>>);

/// Both directions of each pair of editions, read when first asked for.
struct Tables([(Edition, Edition, LazyLock<Pairs>); 6]);

impl Tables {
    fn pairs(&self, from: Edition, to: Edition) -> Option<&Pairs> {
        self.0.iter().find(|(known, other, _)| (*known, *other) == (from, to)).map(|(_, _, pairs)| &**pairs)
    }
}

fn forward(block: &str) -> Pairs {
    let split = |line: &'static str| line.split_once('\t');
    let rows = BLOCKS.text(block).unwrap_or_default().lines().filter_map(split);
    Pairs(rows.map(|(new, old)| (new, old.split(' ').collect())).collect())
}

fn backward(block: &str) -> Pairs {
    let mut pairs = Pairs::default();
    for (new, olds) in forward(block).0 {
        for old in olds {
            pairs.0.entry(old).or_default().push(new);
        }
    }
    pairs
}

static BLOCKS: LazyLock<Blocks> = LazyLock::new(|| manifest::open("correlations"));

static TABLES: Tables = Tables([
    (Edition::Y2022, Edition::Y2017, LazyLock::new(|| forward("2022-2017"))),
    (Edition::Y2022, Edition::Y2012, LazyLock::new(|| forward("2022-2012"))),
    (Edition::Y2017, Edition::Y2012, LazyLock::new(|| forward("2017-2012"))),
    (Edition::Y2017, Edition::Y2022, LazyLock::new(|| backward("2022-2017"))),
    (Edition::Y2012, Edition::Y2022, LazyLock::new(|| backward("2022-2012"))),
    (Edition::Y2012, Edition::Y2017, LazyLock::new(|| backward("2017-2012"))),
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_code_shows_all_it_became() {
        use Nomenclature::{Ahtn2022, Hs2012, Hs2017, Hs2022};
        let check = |code, from, to, relation, targets: usize| {
            let found = correlate(code, from, to).expect(code);
            assert_eq!((found.relation, found.targets.len()), (relation, targets), "{code}");
        };
        check("010121", Hs2022, Hs2017, Relation::OneToOne, 1);
        check("01012100", Ahtn2022, Hs2017, Relation::OneToOne, 1);
        check("010121", Hs2012, Hs2022, Relation::OneToOne, 1);
        assert!(correlate("030990", Hs2022, Hs2017).expect("flours of fish").targets.len() > 1);
        assert_eq!(correlate("010121", Hs2022, Ahtn2022), None, "the same edition");
        assert_eq!(correlate("010100", Hs2022, Hs2017), None, "no such subheading");
        assert_eq!(correlate("0101", Hs2022, Hs2017), None, "a heading is no subheading");
    }
}
