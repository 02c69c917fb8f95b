//! The two ends of a movement: the export declarations its goods come from and the import declarations that follow it,
//! held against what was carried.
//!
//! Every leg keeps its own statement. Where two that follow each other differ, the difference becomes a finding of the
//! ordinary kind, with the innocent explanations that were tried.

mod missing;
mod seals;

use kernel::{CaseId, Money, Quantity, Severity};
use rust_decimal::Decimal;
use serde_json::Value;

pub use self::missing::{Whereabouts, missing};
pub use self::seals::{Sealed, renewed};
use super::declaration::{Line, lines};
use crate::declaration::Declaration;
use crate::gate::rules::{self, Looked};
use crate::gate::{Difference, Group, Reason, Tie};
use crate::terms::Party;

/// Whether two names are likely those of one party.
pub type Alike<'a> = &'a dyn Fn(&str, &str) -> bool;

/// What one leg says of the goods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leg {
    /// Gross mass in kilograms.
    pub mass: Option<Decimal>,
    /// The goods.
    pub lines: Vec<Line>,
    /// Who sends, by number and name.
    pub consignor: (String, String),
    /// Who receives, by number and name.
    pub consignee: (String, String),
    /// The seals.
    pub seals: Vec<String>,
}

impl Leg {
    /// What a transit consignment says.
    #[must_use]
    pub fn of(consignment: &Value) -> Self {
        Self {
            mass: consignment.get("grossMass").and_then(Value::as_str).and_then(|mass| mass.parse().ok()),
            lines: lines(consignment),
            consignor: party(consignment, "Consignor"),
            consignee: party(consignment, "Consignee"),
            seals: super::declaration::seals(consignment),
        }
    }
}

/// A party of the consignment; where each house consignment has its own, and only one, that of the house.
fn party(consignment: &Value, name: &str) -> (String, String) {
    let houses = consignment.get("HouseConsignment").and_then(Value::as_array);
    let one = houses.filter(|houses| houses.len() == 1).and_then(|houses| houses[0].get(name));
    let party = consignment.get(name).or(one);
    let text = |field: &str| {
        let text = party.and_then(|party| party.get(field)).and_then(Value::as_str).unwrap_or_default();
        text.to_owned()
    };
    (text("identificationNumber"), text("name"))
}

/// What we hold of a declaration a leg names.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// The declaration.
    Held(&'a Declaration),
    /// None stands under that number.
    Unknown,
}

/// The goods at departure beside the export declaration they come from. Where several are named, masses are compared for all
/// of them together, on the first.
#[must_use]
pub fn before(
    leg: &Leg,
    (item, export): (&CaseId, &str),
    held: Named<'_>,
    alike: Alike<'_>,
    of: Share<'_>,
) -> Tie {
    let mut tie = tie(item, export, of);
    let Named::Held(declared) = held else {
        tie.differences.push(difference("declaration-unknown", 0, (export, ""), Severity::Warning));
        return tie;
    };
    let together = of.all(declared);
    tie.lines = pairs(&declared.lines, &leg.lines).into_iter().collect();
    tie.differences.extend(mass(of, leg.mass, &together, Ours::Leg));
    if of.first() {
        tie.differences.extend(leg.lines.iter().filter_map(|line| undeclared(line, &together)));
    }
    tie.differences.extend(party_differs(
        "consignor-switched",
        &declared.exporter,
        &leg.consignor,
        alike,
        Ours::Leg,
    ));
    tie.differences.extend(party_differs(
        "consignee-switched",
        &declared.importer,
        &leg.consignee,
        alike,
        Ours::Leg,
    ));
    tie
}

/// What was carried here beside the import declaration that follows it. Where several follow, masses are compared for all of
/// them together, on the first.
#[must_use]
pub fn after(
    came: &Came<'_>,
    (item, movement): (&CaseId, &str),
    declared: &Declaration,
    alike: Alike<'_>,
    of: Share<'_>,
) -> Tie {
    let mut tie = tie(item, movement, of);
    let together = of.all(declared);
    tie.lines =
        pairs(&declared.lines, &came.leg.lines).into_iter().map(|(ours, theirs)| (theirs, ours)).collect();
    tie.differences.extend(mass(of, came.leg.mass, &together, Ours::Declaration));
    let strange = declared.lines.iter().filter(|line| !carried(line, &came.leg.lines));
    tie.differences.extend(strange.filter_map(|line| {
        let theirs = codes(&came.leg.lines);
        let mut seen =
            difference("goods-differ", line.item_no, (&theirs, line.hs.as_ref()?.as_str()), Severity::Error);
        seen.at_stake.clone_from(&line.value);
        Some(seen)
    }));
    tie.differences.extend(party_differs(
        "consignee-switched",
        &declared.importer,
        &came.leg.consignee,
        alike,
        Ours::Declaration,
    ));
    tie.differences.extend(came.seals.differ());
    tie
}

/// What the office of destination told beside what left, on the movement's own case; nothing where nothing differs.
#[must_use]
pub fn told(
    leg: &Leg,
    (own, movement): (&CaseId, &str),
    unloaded: &Value,
    seals: &Sealed<'_>,
) -> Option<Tie> {
    let mut tie = tie(own, movement, Share::ALONE);
    let came = Leg::of(unloaded);
    tie.differences.extend(leg.mass.zip(came.mass).and_then(|(before, now)| mass_differs(before, now)));
    let strange = came.lines.iter().filter(|line| !line.code.is_empty());
    let strange = strange.filter(|line| !leg.lines.iter().any(|it| heading(&it.code) == heading(&line.code)));
    tie.differences.extend(strange.map(|line| {
        difference("goods-differ", line.number, (&codes(&leg.lines), &line.code), Severity::Error)
    }));
    tie.differences.extend(seals.differ());
    (!tie.differences.is_empty()).then_some(tie)
}

/// What came to the office of destination: the leg, and what became of its seals.
#[derive(Clone, Debug)]
pub struct Came<'a> {
    /// What was carried: as unloaded where somebody unloaded, else as the record has it.
    pub leg: Leg,
    /// The seals.
    pub seals: Sealed<'a>,
}

/// Which other declarations share one movement with this one.
#[derive(Clone, Copy, Debug)]
pub struct Share<'a> {
    /// All of them, this one included.
    pub among: &'a [&'a Declaration],
    /// Whether this is the one on which what concerns all is told.
    pub place: usize,
}

impl<'a> Share<'a> {
    /// Nothing shares the movement.
    pub const ALONE: Self = Self { among: &[], place: 0 };

    const fn first(self) -> bool {
        self.place == 0
    }

    fn all(self, own: &'a Declaration) -> Vec<&'a Declaration> {
        if self.among.is_empty() { vec![own] } else { self.among.to_vec() }
    }
}

/// Which side of a comparison is ours: the later one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ours {
    Leg,
    Declaration,
}

impl Ours {
    fn order<T>(self, declared: T, carried: T) -> (T, T) {
        if self == Self::Leg { (declared, carried) } else { (carried, declared) }
    }
}

fn tie(item: &CaseId, export: &str, of: Share<'_>) -> Tie {
    let number = export.split_once(':').map_or(export, |(_, number)| number).to_owned();
    let quoted = Reason { code: "quoted-equal".into(), weight: 2_000, theirs: number.clone(), ours: number };
    Tie {
        item: item.clone(),
        export: export.to_owned(),
        group: if of.among.len() > 1 { Group::Split } else { Group::OneToOne },
        permille: 1_000,
        reasons: vec![quoted],
        differences: Vec::new(),
        lines: Vec::new(),
    }
}

/// The gross mass of declarations, where every line of them gives one in kilograms.
fn weighed(declarations: &[&Declaration]) -> Option<Decimal> {
    let lines = declarations.iter().flat_map(|declaration| &declaration.lines);
    let mut masses = lines.map(|line| {
        line.gross.as_ref().filter(|gross| gross.unit.as_str() == "KGM").map(|gross| gross.amount)
    });
    masses.try_fold(Decimal::ZERO, |sum, mass| sum.checked_add(mass?)).filter(|mass| !mass.is_zero())
}

fn mass(
    of: Share<'_>,
    carried: Option<Decimal>,
    together: &[&Declaration],
    ours: Ours,
) -> Option<Difference> {
    let (carried, declared) = (carried.filter(|_| of.first())?, weighed(together)?);
    let (before, now) = ours.order(declared, carried);
    let mut seen = mass_differs(before, now)?;
    let apart = seen.excess.as_ref().map(|excess| excess.amount.abs());
    seen.at_stake = apart.and_then(|apart| value_of(together, apart, declared));
    Some(seen)
}

fn mass_differs(before: Decimal, now: Decimal) -> Option<Difference> {
    let kilograms = |amount: Decimal| Quantity::new(amount.normalize(), "KGM");
    let apart = now.checked_sub(before).filter(|apart| !apart.is_zero())?;
    let (stated, declared) = (kilograms(before), kilograms(now));
    let values = (stated.to_string(), declared.to_string());
    let mut seen = difference("mass-differs", 0, (&values.0, &values.1), Severity::Warning);
    seen.excess = Some(kilograms(apart));
    seen.explanations = rules::try_all(&Looked {
        code: seen.code.clone(),
        stated: Some(stated),
        declared: Some(declared),
        version: 1,
        ..Looked::default()
    });
    Some(seen)
}

/// What so much of the goods is worth, at the declarations' own prices; nothing where they are in several currencies.
fn value_of(declarations: &[&Declaration], part: Decimal, whole: Decimal) -> Option<Money> {
    let mut values = declarations.iter().flat_map(|it| &it.lines).map(|line| line.value.as_ref());
    let first = values.next()??.clone();
    let all = values.try_fold(first, |sum, value| {
        let value = value.filter(|value| value.currency == sum.currency)?;
        Some(Money { amount: sum.amount.checked_add(value.amount)?, ..sum })
    })?;
    let amount = all.amount.checked_mul(part)?.checked_div(whole)?.round_dp(2);
    Some(Money { amount, ..all })
}

/// Six digits are what all countries of a way have in common.
fn heading(code: &str) -> &str {
    code.get(..6).unwrap_or(code)
}

fn carried(line: &crate::terms::GoodsLine, carried: &[Line]) -> bool {
    let Some(hs) = &line.hs else { return true };
    carried.iter().any(|it| heading(&it.code) == heading(hs.as_str()))
}

/// Goods on the leg no export declares.
fn undeclared(line: &Line, together: &[&Declaration]) -> Option<Difference> {
    let mut declared = together.iter().flat_map(|it| &it.lines).filter_map(|it| it.hs.as_ref());
    let known = declared.any(|hs| heading(hs.as_str()) == heading(&line.code));
    if known || line.code.is_empty() {
        return None;
    }
    let mut theirs: Vec<&str> = together
        .iter()
        .flat_map(|it| &it.lines)
        .filter_map(|it| it.hs.as_ref())
        .map(|hs| hs.as_str())
        .collect();
    theirs.dedup();
    theirs.truncate(CODES_SHOWN);
    Some(difference("goods-differ", line.number, (&theirs.join(", "), &line.code), Severity::Error))
}

fn codes(lines: &[Line]) -> String {
    let mut codes: Vec<&str> = lines.iter().map(|line| line.code.as_str()).collect();
    codes.dedup();
    codes.truncate(CODES_SHOWN);
    codes.join(", ")
}

/// Lines of one and the other that bear the same six digits.
fn pairs(declared: &[crate::terms::GoodsLine], carried: &[Line]) -> Vec<(u32, u32)> {
    let same = |line: &crate::terms::GoodsLine, other: &Line| {
        line.hs.as_ref().is_some_and(|hs| heading(hs.as_str()) == heading(&other.code))
    };
    let each = declared.iter().flat_map(|line| {
        let with = carried.iter().filter(move |other| same(line, other));
        with.map(|other| (line.item_no, other.number))
    });
    each.take(PAIRS_MAX).collect()
}

/// Nothing where one of the two is not named, or both bear one number, or their names are alike.
fn party_differs(
    code: &str,
    declared: &Party,
    carried: &(String, String),
    alike: Alike<'_>,
    ours: Ours,
) -> Option<Difference> {
    let (number, name) = carried;
    let same_number = !number.is_empty() && declared.identifiers.iter().any(|it| it.value == *number);
    if same_number || name.is_empty() || declared.name.is_empty() || alike(&declared.name, name) {
        return None;
    }
    let (before, now) = ours.order(declared.name.as_str(), name.as_str());
    Some(difference(code, 0, (before, now), Severity::Warning))
}

fn difference(code: &str, item_no: u32, (theirs, ours): (&str, &str), severity: Severity) -> Difference {
    Difference {
        code: code.to_owned(),
        item_no,
        theirs: theirs.to_owned(),
        ours: ours.to_owned(),
        severity,
        excess: None,
        at_stake: None,
        stake: None,
        explanations: Vec::new(),
    }
}

/// The most commodity codes a difference names.
const CODES_SHOWN: usize = 8;
/// The most pairs of lines a tie names.
const PAIRS_MAX: usize = 2_000;
