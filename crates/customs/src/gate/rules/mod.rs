//! Innocent explanations: why two statements may differ though nobody did wrong. One file each, tried before anybody is alarmed.
//!
//! A rule looks at a difference and at what is known around it, and says that it explains the difference, that it does not, or
//! that it cannot tell and which value it would need. It says nothing where it has no bearing. The example block of each file is its
//! test and its page in the manual (`docs/tables/explanations.out`).
//!
//! The list follows the reasons for mirror differences that the United Nations' statistical guidance names, as far as a single
//! consignment can show them.

mod amended;
mod cif_fob;
mod coverage;
mod currency_day;
mod edition;
mod endorsed;
mod free_zone;
mod low_value;
mod returns;
mod split_lot;
mod third_country;
mod timing;
mod tolerance;
mod unit;

use jiff::civil::Date;
use kernel::{Money, Quantity};
use rust_decimal::Decimal;

use super::{Explained, Explanation};
use crate::terms::{Country, HsCode, Regime};

/// A difference, and what is known around it. What is not known is absent, and the rules say so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looked {
    /// The difference's code: `quantity-short`.
    pub code: String,
    /// How many they state.
    pub stated: Option<Quantity>,
    /// How many are declared here.
    pub declared: Option<Quantity>,
    /// Their value, where the document carries one.
    pub stated_value: Option<Money>,
    /// The value of the line here.
    pub value: Option<Money>,
    /// The value of what is in question, at our declaration's own price.
    pub in_question: Option<Money>,
    /// What one of their currency cost in ours on the days in question, each once.
    pub rates: Vec<Decimal>,
    /// How much freight and insurance add on this lane at most, in per cent, where its term says so.
    pub freight: Option<u32>,
    /// Below this value no declaration of its own is needed here on that day.
    pub low_value: Option<Money>,
    /// Their commodity code and ours.
    pub hs: Option<(HsCode, HsCode)>,
    /// The day their code was stated on.
    pub stated_on: Option<Date>,
    /// The day ours was.
    pub declared_on: Option<Date>,
    /// The origin they state and ours.
    pub origin: Option<(Country, Country)>,
    /// Who gave the statement.
    pub giver: Option<Country>,
    /// Whose declaration ours is.
    pub own: Option<Country>,
    /// The procedure the goods are under here.
    pub procedure: Option<Regime>,
    /// When they left, and when they arrived.
    pub departs: Option<Date>,
    /// When they arrived.
    pub arrives: Option<Date>,
    /// The day of the question.
    pub today: Option<Date>,
    /// Until when the rest of the lot may still come.
    pub due: Option<Date>,
    /// The share of the giver's exports that is shared with us, in thousandths: estimate, low, high.
    pub share: Option<(u16, u16, u16)>,
    /// Which version of their statement it is.
    pub version: u32,
    /// The authority that endorsed what happened on the way.
    pub endorsed: Option<String>,
}

/// A rule: nothing where it has no bearing on the difference.
pub type Rule = fn(&Looked) -> Option<Explanation>;

/// Every innocent explanation, in the order they are shown.
pub const RULES: [(&str, Rule); 14] = [
    ("tolerance", tolerance::check),
    ("unit", unit::check),
    ("split-lot", split_lot::check),
    ("timing", timing::check),
    ("edition", edition::check),
    ("coverage", coverage::check),
    ("low-value", low_value::check),
    ("free-zone", free_zone::check),
    ("returns", returns::check),
    ("third-country", third_country::check),
    ("cif-fob", cif_fob::check),
    ("currency-day", currency_day::check),
    ("amended", amended::check),
    ("endorsed", endorsed::check),
];

/// Tries every explanation that bears on a difference.
#[must_use]
pub fn try_all(looked: &Looked) -> Vec<Explanation> {
    RULES.iter().filter_map(|(_, rule)| rule(looked)).collect()
}

/// Whether a difference is about how much there is.
fn is_about_quantity(looked: &Looked) -> bool {
    matches!(looked.code.as_str(), "quantity-short" | "quantity-over" | "undeclared")
}

/// By how many per cent our value is above theirs, at each rate that is known; nothing where none is, or a value is not.
fn above(looked: &Looked) -> Vec<Decimal> {
    let Some((theirs, ours)) = looked.stated_value.as_ref().zip(looked.value.as_ref()) else {
        return Vec::new();
    };
    let rates: &[Decimal] = if theirs.currency == ours.currency { &[Decimal::ONE] } else { &looked.rates };
    let above = |rate: &Decimal| {
        let stated = theirs.amount.checked_mul(*rate)?;
        (ours.amount - stated).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(stated)
    };
    rates.iter().filter_map(above).collect()
}

/// The one nearest to none.
fn nearest(above: &[Decimal]) -> Option<Decimal> {
    above.iter().copied().min_by_key(Decimal::abs)
}

/// To whole per cents, halves away from nought.
fn percent(number: Decimal) -> String {
    let whole = number.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    format!("{}%", whole.normalize())
}

fn says(code: &str, holds: Explained, seen: impl ToString) -> Explanation {
    Explanation { code: code.to_owned(), holds, seen: seen.to_string() }
}

const fn holds(yes: bool) -> Explained {
    if yes { Explained::Yes } else { Explained::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 14] = [
        ("amended", include_str!("amended.rs")),
        ("cif-fob", include_str!("cif_fob.rs")),
        ("coverage", include_str!("coverage.rs")),
        ("currency-day", include_str!("currency_day.rs")),
        ("edition", include_str!("edition.rs")),
        ("endorsed", include_str!("endorsed.rs")),
        ("free-zone", include_str!("free_zone.rs")),
        ("low-value", include_str!("low_value.rs")),
        ("returns", include_str!("returns.rs")),
        ("split-lot", include_str!("split_lot.rs")),
        ("third-country", include_str!("third_country.rs")),
        ("timing", include_str!("timing.rs")),
        ("tolerance", include_str!("tolerance.rs")),
        ("unit", include_str!("unit.rs")),
    ];

    fn quantity(text: &str) -> Option<Quantity> {
        let (amount, unit) = text.split_once(' ')?;
        Some(Quantity::new(amount.parse().ok()?, unit))
    }

    fn money(text: &str) -> Option<Money> {
        let (amount, currency) = text.split_once(' ')?;
        Some(Money::new(amount.parse().ok()?, currency))
    }

    /// `quantity-short; stated 18000 KGM; declared 17950 KGM` as what is known.
    fn looked(line: &str) -> Looked {
        let mut parts = line.split(';').map(str::trim);
        let mut looked =
            Looked { code: parts.next().unwrap_or_default().to_owned(), version: 1, ..Looked::default() };
        for part in parts {
            let (name, value) = part.split_once(' ').unwrap_or_else(|| panic!("no value in {part:?}"));
            let day = || Some(value.parse().unwrap_or_else(|_| panic!("no day in {part:?}")));
            let two = || value.split_once(' ').unwrap_or_else(|| panic!("not two in {part:?}"));
            match name {
                "stated" => looked.stated = quantity(value),
                "declared" => looked.declared = quantity(value),
                "stated-value" => looked.stated_value = money(value),
                "value" => looked.value = money(value),
                "low-value" => looked.low_value = money(value),
                "hs" => looked.hs = HsCode::new(two().0).ok().zip(HsCode::new(two().1).ok()),
                "origin" => looked.origin = Some((Country::new(two().0), Country::new(two().1))),
                "giver" => looked.giver = Some(Country::new(value)),
                "own" => looked.own = Some(Country::new(value)),
                "procedure" => {
                    looked.procedure = Regime::ALL.into_iter().find(|regime| regime.code() == value);
                }
                "in-question" => looked.in_question = money(value),
                "rates" => {
                    looked.rates = value.split(' ').map(|rate| rate.parse().expect("a rate")).collect();
                }
                "freight" => looked.freight = value.parse().ok(),
                "stated-on" => looked.stated_on = day(),
                "declared-on" => looked.declared_on = day(),
                "departs" => looked.departs = day(),
                "arrives" => looked.arrives = day(),
                "today" => looked.today = day(),
                "due" => looked.due = day(),
                "endorsed" => looked.endorsed = Some(value.to_owned()),
                "version" => looked.version = value.parse().expect("a number"),
                "share" => {
                    let numbers: Vec<u16> =
                        value.split(' ').map(|number| number.parse().expect("thousandths")).collect();
                    looked.share = Some((numbers[0], numbers[1], numbers[2]));
                }
                other => panic!("{other} is nothing a rule knows"),
            }
        }
        looked
    }

    fn answer(rule: Rule, line: &str) -> String {
        match rule(&looked(line)) {
            None => "-".to_owned(),
            Some(explanation) => {
                let word = match explanation.holds {
                    Explained::Yes => "yes",
                    Explained::No => "no",
                    Explained::CannotTell => "cannot tell",
                };
                format!("{word}: {}", explanation.seen).trim_end_matches([':', ' ']).to_owned()
            }
        }
    }

    fn examples(source: &str) -> Vec<(String, String)> {
        let block =
            source.split("```example").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
        let lines = block.lines().map(|line| line.trim_start_matches("//!").trim());
        lines
            .filter_map(|line| line.split_once(" -> "))
            .map(|(a, b)| (a.trim().into(), b.trim().into()))
            .collect()
    }

    #[test]
    fn every_rule_says_what_its_examples_say() {
        for (name, rule) in RULES {
            let (_, source) = FILES.iter().find(|(file, _)| *file == name).expect("each rule has its file");
            let examples = examples(source);
            assert!(examples.len() >= 3, "{name} has too few examples");
            for (line, said) in examples {
                assert_eq!(answer(rule, &line), said, "{name}: {line}");
            }
        }
    }

    #[test]
    fn no_rule_explains_what_it_has_no_bearing_on_or_fails_on_what_is_not_known() {
        for (name, rule) in RULES {
            assert_eq!(rule(&Looked { code: "no-such-thing".into(), ..Looked::default() }), None, "{name}");
            for code in [
                "quantity-short",
                "quantity-over",
                "hs-moved",
                "origin-changed",
                "value-differs",
                "undeclared",
            ] {
                let bare = rule(&Looked { code: code.into(), ..Looked::default() });
                let explains = bare.as_ref().is_some_and(|explanation| explanation.holds == Explained::Yes);
                assert!(!explains, "{name} explains {code} by nothing");
            }
        }
    }
}
