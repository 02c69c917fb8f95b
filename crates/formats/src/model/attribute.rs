//! Attributes of values: which may stand beside which kind of text, and what they may say.

use super::date;
use super::picture::{Base, Picture};

/// One attribute that may stand beside a value.
#[derive(Debug)]
pub(super) struct Allowed {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// Printed as what would have been right.
    pub(super) expected: &'static str,
}

/// What an attribute may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Anything.
    Free,
    /// A language tag.
    Language,
    /// The code of an agency, one to three characters.
    Agency,
    /// Three capital letters, from ISO 4217.
    Currency,
    /// One to five characters, from UN/ECE Recommendation 20.
    Unit,
    /// The format of a date; the one attribute that must stand.
    DateFormat,
}

const fn free(name: &'static str) -> Allowed {
    Allowed { name, shape: Shape::Free, expected: "" }
}

const fn shaped(name: &'static str, shape: Shape, expected: &'static str) -> Allowed {
    Allowed { name, shape, expected }
}

const LANGUAGE: Allowed = shaped("languageID", Shape::Language, "a language tag");
const UNIT: &[Allowed] = &[shaped("unitCode", Shape::Unit, "an..5 of UN/ECE Rec 20")];
const CURRENCY: &[Allowed] = &[shaped("currencyID", Shape::Currency, "a3 of ISO 4217")];
const FORMAT: &[Allowed] = &[shaped("formatCode", Shape::DateFormat, "102|304")];
const TEXT: &[Allowed] = &[LANGUAGE];
const FREE_TEXT: &[Allowed] = &[free("languageID")];
const CODE: &[Allowed] = &[
    free("listID"),
    shaped("listAgencyID", Shape::Agency, "an..3"),
    free("listAgencyName"),
    free("listName"),
    free("listVersionID"),
    free("name"),
    LANGUAGE,
    free("listURI"),
    free("listSchemeURI"),
];
const ID: &[Allowed] = &[
    free("schemeID"),
    free("schemeName"),
    shaped("schemeAgencyID", Shape::Agency, "an..3"),
    free("schemeAgencyName"),
    free("schemeVersionID"),
    free("schemeDataURI"),
    free("schemeURI"),
];

const FREE_CODE: &[Allowed] = &[
    free("listID"),
    shaped("listAgencyID", Shape::Agency, "an..3"),
    free("listAgencyName"),
    free("listName"),
    free("listVersionID"),
    free("name"),
    free("languageID"),
    free("listURI"),
    free("listSchemeURI"),
];

/// The attributes that may stand beside a value of this picture. The wrapper's values, which have no bounds, say
/// their language as they like.
pub(super) const fn allowed(picture: &Picture) -> &'static [Allowed] {
    match picture.base {
        Base::Text if picture.max == Picture::FREE => FREE_TEXT,
        Base::Code if picture.max == Picture::FREE => FREE_CODE,
        Base::Text => TEXT,
        Base::Id | Base::LooseId => ID,
        Base::Code => CODE,
        Base::Amount => CURRENCY,
        Base::Measure | Base::Quantity => UNIT,
        Base::Number => &[],
        Base::DateTime => FORMAT,
    }
}

impl Shape {
    /// Whether a value has this shape.
    pub(super) fn fits(self, value: &str) -> bool {
        match self {
            Self::Free => true,
            Self::Language => is_language(value),
            Self::Agency => (1..=3).contains(&value.chars().count()) && !value.contains('\n'),
            Self::Currency => value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_uppercase()),
            Self::Unit => (1..=5).contains(&value.chars().count()),
            Self::DateFormat => matches!(value, date::DAY | date::MOMENT),
        }
    }
}

fn is_language(value: &str) -> bool {
    let mut parts = value.trim_matches(' ').split('-');
    let first = parts.next().is_some_and(|part| sized(part) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    first && parts.all(|part| sized(part) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn sized(part: &str) -> bool {
    (1..=8).contains(&part.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_have_the_shape_their_list_asks_for() {
        for (shape, value, fits) in [
            (Shape::Language, "vi", true),
            (Shape::Language, "zh-Hans-CN", true),
            (Shape::Language, "", false),
            (Shape::Language, "vietnamese", false),
            (Shape::Agency, "6", true),
            (Shape::Agency, "", false),
            (Shape::Agency, "1234", false),
            (Shape::Currency, "VND", true),
            (Shape::Currency, "vnd", false),
            (Shape::Unit, "KGM", true),
            (Shape::Unit, "", false),
            (Shape::DateFormat, "304", true),
            (Shape::DateFormat, "203", false),
        ] {
            assert_eq!(shape.fits(value), fits, "{shape:?} {value}");
        }
    }
}
