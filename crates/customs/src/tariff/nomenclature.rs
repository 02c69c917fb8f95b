//! Nomenclatures by country and day, the texts on the way to a code, and how deep two codes can be compared.

use jiff::civil::{Date, date};
use serde::Serialize;

use super::harmonized::{self, Edition};
use super::{Relation, ahtn, correlate};
use crate::terms::{Country, HsCode};

/// A list of codes with texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nomenclature {
    /// ASEAN Harmonised Tariff Nomenclature 2022, eight digits.
    #[serde(rename = "ahtn-2022")]
    Ahtn2022,
    /// Harmonized System 2022, six digits.
    #[serde(rename = "hs-2022")]
    Hs2022,
    /// Harmonized System 2017, six digits.
    #[serde(rename = "hs-2017")]
    Hs2017,
    /// Harmonized System 2012, six digits.
    #[serde(rename = "hs-2012")]
    Hs2012,
}

/// The nomenclature of a country on a day, as far as it is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct InForce {
    /// The deepest one loaded.
    pub nomenclature: Nomenclature,
    /// The country goes deeper than what is loaded: digits beyond are not resolved.
    pub deeper: bool,
    /// Only the year of the first day is known, and the day lies in it.
    pub start_unknown: bool,
}

impl Nomenclature {
    /// All that are shipped.
    pub const ALL: [Self; 4] = [Self::Ahtn2022, Self::Hs2022, Self::Hs2017, Self::Hs2012];

    /// Its name, such as `ahtn-2022`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ahtn2022 => "ahtn-2022",
            Self::Hs2022 => "hs-2022",
            Self::Hs2017 => "hs-2017",
            Self::Hs2012 => "hs-2012",
        }
    }

    /// The nomenclature of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// How many digits its codes have.
    #[must_use]
    pub const fn digits(self) -> usize {
        match self {
            Self::Ahtn2022 => 8,
            Self::Hs2022 | Self::Hs2017 | Self::Hs2012 => 6,
        }
    }

    /// What a country uses on a day; `None` where no edition of that day is loaded (before 2012, from 2028 on).
    #[must_use]
    pub fn in_force(country: &Country, day: Date) -> Option<InForce> {
        let member = ASEAN.contains(&country.as_str());
        // The first day is stated for Vietnam (Circular 31/2022/TT-BTC); for the others only the year is.
        let first = if country.as_str() == "VN" { date(2022, 12, 1) } else { date(2022, 1, 1) };
        let (nomenclature, deeper) = match day.year() {
            2022..=2027 if member && day >= first => (Self::Ahtn2022, false),
            2022..=2027 if !member => (Self::Hs2022, true),
            2022 => (Self::Hs2017, true),
            2017..=2021 => (Self::Hs2017, true),
            2012..=2016 => (Self::Hs2012, true),
            _ => return None,
        };
        let start_unknown = nomenclature == Self::Ahtn2022 && day.year() == 2022 && first == date(2022, 1, 1);
        Some(InForce { nomenclature, deeper, start_unknown })
    }

    /// The texts on the way to a code of 2, 4, 6 or, in the ASEAN nomenclature, 8 digits; `None` where it is not one.
    #[must_use]
    pub fn path(self, code: &str) -> Option<Path> {
        let mut nodes = Vec::new();
        for length in [2, 4, 6].into_iter().filter(|length| *length <= code.len()) {
            nodes.push(self.node(code.get(..length)?)?);
        }
        let mut parent_missing = false;
        if code.len() > 6 {
            let line = (self == Self::Ahtn2022).then(|| ahtn::line(code))??;
            parent_missing = line.parent_missing;
            let texts = Texts { en: Some(line.en), id: Some(line.id), vi: Some(line.vi) };
            nodes.push(Node { code: line.code.to_owned(), texts, stands_alone: None });
        }
        let whole = nodes.last().is_some_and(|node| node.code == code);
        whole.then_some(Path { nomenclature: self, nodes, parent_missing })
    }

    fn node(self, code: &str) -> Option<Node> {
        let statistical = harmonized::text(self.edition(), code)?;
        let parent = (self == Self::Ahtn2022).then(|| ahtn::parent(code)).flatten();
        Some(match parent {
            Some(parent) => Node {
                code: code.to_owned(),
                texts: Texts { en: Some(parent.en), id: Some(parent.id), vi: None },
                stands_alone: Some(statistical),
            },
            None => Node {
                code: code.to_owned(),
                texts: Texts { en: Some(statistical), id: None, vi: None },
                stands_alone: Some(statistical),
            },
        })
    }

    /// The codes below a code, one level deeper.
    #[must_use]
    pub fn below(self, code: &str) -> Vec<String> {
        let deeper = match code.len() {
            2 | 4 => code.len() + 2,
            6 if self == Self::Ahtn2022 => 8,
            _ => return Vec::new(),
        };
        let mut codes: Vec<String> = match self {
            Self::Ahtn2022 => ahtn::under(code).iter().map(|line| line.code[..deeper].to_owned()).collect(),
            Self::Hs2022 | Self::Hs2017 | Self::Hs2012 => harmonized::subheadings(self.edition())
                .filter(|six| six.starts_with(code))
                .map(|six| six[..deeper].to_owned())
                .collect(),
        };
        codes.dedup();
        codes
    }

    pub(super) const fn edition(self) -> Edition {
        match self {
            Self::Ahtn2022 | Self::Hs2022 => Edition::Y2022,
            Self::Hs2017 => Edition::Y2017,
            Self::Hs2012 => Edition::Y2012,
        }
    }

    /// The six-digit codes, in order.
    pub fn subheadings(self) -> impl Iterator<Item = &'static str> {
        harmonized::subheadings(self.edition())
    }
}

/// A text in the languages it is known in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Texts {
    /// English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<&'static str>,
    /// Indonesian.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'static str>,
    /// Vietnamese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vi: Option<&'static str>,
}

/// One step on the way to a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// The digits so far.
    pub code: String,
    /// The nomenclature's text.
    pub texts: Texts,
    /// The statistical wording, which can be read without its parents; no legal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands_alone: Option<&'static str>,
}

/// The texts on the way to a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Path {
    /// Of which nomenclature.
    pub nomenclature: Nomenclature,
    /// From the chapter down; never empty.
    pub nodes: Vec<Node>,
    /// A text between the last two steps is in no source: the path is incomplete.
    pub parent_missing: bool,
}

/// How far two codes can be compared, and how far they agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The digits at which a comparison means something.
    pub level: usize,
    /// The digits, at most `level`, up to which they say the same.
    pub agreed: usize,
    /// Where the editions differ: how the first code answers to the second's edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// Where the editions differ: whether the second is among what the first may have become.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reachable: Option<bool>,
}

/// The deepest level at which codes of two nomenclatures mean the same: eight digits within the ASEAN one, six
/// within an edition of the Harmonized System or, through the correlation, between editions.
#[must_use]
pub fn common_level(a: Nomenclature, b: Nomenclature) -> usize {
    if a == b { a.digits() } else { a.digits().min(b.digits()) }
}

/// Compares two codes, each in its nomenclature.
#[must_use]
pub fn compare(a: (Nomenclature, &HsCode), b: (Nomenclature, &HsCode)) -> Comparison {
    let level = a.1.common_level(b.1, common_level(a.0, b.0)) & !1;
    let same =
        (1..=level / 2).map(|pairs| pairs * 2).take_while(|to| a.1.prefix(*to) == b.1.prefix(*to)).last();
    let agreed = same.unwrap_or(0);
    if a.0.edition() == b.0.edition() {
        return Comparison { level, agreed, relation: None, reachable: None };
    }
    let correlation = (level == 6).then(|| correlate(a.1.as_str(), a.0, b.0)).flatten();
    let reachable = correlation.as_ref().map(|found| found.targets.iter().any(|to| to.code == b.1.prefix(6)));
    // The same digits of two editions say the same only where the tables lead from the one to the other.
    let agreed = if agreed == 6 && reachable == Some(false) { 4 } else { agreed };
    Comparison { level, agreed, relation: correlation.map(|found| found.relation), reachable }
}

/// A code as it was stated: where, when.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// The administration it was stated to.
    pub country: &'a Country,
    /// The day.
    pub day: Date,
    /// The code.
    pub code: &'a HsCode,
}

impl Stated<'_> {
    /// The nomenclature its first six digits are read in: the one in force there and then, or an older one where that does
    /// not know them and declarants have not followed; `None` where none of them does.
    #[must_use]
    pub fn nomenclature(&self) -> Option<Nomenclature> {
        let in_force = Nomenclature::in_force(self.country, self.day)?.nomenclature;
        let older = [Nomenclature::Hs2017, Nomenclature::Hs2012].into_iter();
        let older = older.filter(|other| other.edition() < in_force.edition());
        let six = self.code.prefix(6);
        std::iter::once(in_force).chain(older).find(|known| harmonized::text(known.edition(), six).is_some())
    }
}

/// Whether two codes may name the same goods, each read in the edition of its country and day and, where these differ,
/// through the correlation; `None` where a code is in no edition that is loaded.
#[must_use]
pub fn same_goods(a: Stated<'_>, b: Stated<'_>) -> Option<bool> {
    let (a, b) = ((a.nomenclature()?, a.code), (b.nomenclature()?, b.code));
    let found = compare(a, b);
    let few = |from: (Nomenclature, &HsCode), to: Nomenclature| {
        correlate(from.1.as_str(), from.0, to).is_none_or(|found| found.targets.len() <= ANSWERS_MAX)
    };
    let became = found.reachable == Some(true) && few(a, b.0) && few(b, a.0);
    Some(found.agreed >= found.level.min(6) || became)
}

/// A code that answers to more codes of another edition than this, such as electronic waste, says nothing about any of them.
const ANSWERS_MAX: usize = 30;

/// Members that use the ASEAN nomenclature.
const ASEAN: [&str; 10] = ["BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "VN"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_and_a_day_have_their_nomenclature() {
        let check = |country: &str, day, expected: Option<(Nomenclature, bool, bool)>| {
            let found = Nomenclature::in_force(&Country::new(country), day);
            let found = found.map(|found| (found.nomenclature, found.deeper, found.start_unknown));
            assert_eq!(found, expected, "{country} {day}");
        };
        check("VN", date(2026, 3, 1), Some((Nomenclature::Ahtn2022, false, false)));
        check("VN", date(2022, 11, 30), Some((Nomenclature::Hs2017, true, false)));
        check("VN", date(2022, 12, 1), Some((Nomenclature::Ahtn2022, false, false)));
        check("ID", date(2022, 6, 1), Some((Nomenclature::Ahtn2022, false, true)));
        check("TH", date(2019, 6, 1), Some((Nomenclature::Hs2017, true, false)));
        check("CN", date(2026, 3, 1), Some((Nomenclature::Hs2022, true, false)));
        check("CN", date(2013, 3, 1), Some((Nomenclature::Hs2012, true, false)));
        check("VN", date(2028, 1, 1), None);
        check("VN", date(2011, 12, 31), None);
    }

    #[test]
    fn a_path_says_what_is_missing() {
        let path = Nomenclature::Ahtn2022.path("84718090").expect("a line");
        let codes: Vec<&str> = path.nodes.iter().map(|node| node.code.as_str()).collect();
        assert_eq!(codes, ["84", "8471", "847180", "84718090"]);
        assert!(!path.parent_missing);
        let broken = super::ahtn::lines().find(|line| line.parent_missing).expect("some are");
        assert!(Nomenclature::Ahtn2022.path(broken.code).expect("a line").parent_missing);
        for code in ["84718091", "8471809", "99", "", "847180901", "8471é"] {
            assert_eq!(Nomenclature::Ahtn2022.path(code), None, "{code}");
        }
        assert_eq!(Nomenclature::Hs2022.path("84718090"), None, "it has six digits");
    }

    #[test]
    fn codes_compare_as_deep_as_both_mean_the_same() {
        use Nomenclature::{Ahtn2022, Hs2017, Hs2022};
        let check = |a, b, (x, y): (&str, &str), expected: (usize, usize)| {
            let code = |text| HsCode::new(text).expect("a code");
            let found = compare((a, &code(x)), (b, &code(y)));
            assert_eq!((found.level, found.agreed), expected, "{x} {y}");
        };
        check(Ahtn2022, Ahtn2022, ("84718090", "84718010"), (8, 6));
        check(Ahtn2022, Ahtn2022, ("84718090", "84718090"), (8, 8));
        check(Ahtn2022, Hs2022, ("84718090", "8471801111"), (6, 6));
        check(Ahtn2022, Hs2022, ("84718090", "8471"), (4, 4));
        check(Hs2022, Hs2017, ("010121", "010121"), (6, 6));
        check(Hs2022, Hs2017, ("854911", "010121"), (6, 0));
    }

    #[test]
    fn what_lies_below_a_code_is_listed_once() {
        assert_eq!(Nomenclature::Ahtn2022.below("847180"), ["84718010", "84718070", "84718090"]);
        assert!(Nomenclature::Hs2022.below("8471").contains(&"847180".to_owned()));
        assert!(Nomenclature::Hs2022.below("847180").is_empty());
    }
}
