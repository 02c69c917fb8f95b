//! Comparison of a linked group, field by field, at the deepest level both sides share, with the lane's tolerance.
//!
//! A group is compared as a whole where its parts cannot be: the quantities of a split load are summed, and an open
//! remainder is no difference until [`Closing::Closed`].

mod correlation;
mod difference;
mod measure;
mod tolerance;

pub use correlation::Correlation;
pub use difference::{Difference, DifferenceCode};
pub use measure::{Dimension, Measure};
pub use tolerance::{Tolerance, Tolerances};

use customs::tariff::{Stated, same_goods};
use customs::terms::HsCode;
use kernel::{Quantity, Severity, Unit};
use rust_decimal::Decimal;

use crate::doc::{Doc, DocLine};
use crate::resolve;
use crate::score::Field;

/// Whether more may still come that belongs to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// A remainder may still arrive.
    Open,
    /// Nothing more is awaited.
    Closed,
}

/// A line with the document it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// The document.
    pub doc: &'a Doc,
    /// The line.
    pub line: &'a DocLine,
}

/// Two parties at addresses this much alike, in parts per thousand, are not called switched for their names.
const SAME_ADDRESS: u16 = 700;
/// Addresses less alike than this are two.
const OTHER_ADDRESS: u16 = 300;
/// Parties at two addresses and less alike than this share nothing but what any two names do.
const NOTHING_ALIKE: u16 = 50;

/// All differences of a linked group, in the order of the fields.
#[must_use]
pub fn compare(
    exports: &[Placed<'_>],
    imports: &[Placed<'_>],
    tolerances: &Tolerances,
    closing: Closing,
) -> Vec<Difference> {
    let (Some(first), false) = (exports.first(), imports.is_empty()) else { return Vec::new() };
    let tolerance = tolerances.of(&first.doc.id.country);
    let mut found = Vec::new();
    found.extend(quantity(exports, imports, tolerance, closing));
    for import in imports {
        found.extend(hs(exports, *import, tolerance, &tolerances.editions));
        found.extend(origin(exports, *import));
    }
    for import in one_a_document(imports) {
        found.extend(consignee(first.doc, import, tolerance));
        found.extend(arrival(exports, import, tolerance));
    }
    found
}

/// The sums of both sides in one unit, theirs where they used only one; `None` where an amount is missing or the two
/// measure different things.
#[must_use]
pub fn sums(exports: &[Placed<'_>], imports: &[Placed<'_>]) -> Option<(Quantity, Quantity)> {
    let (theirs, ours) = (stated(exports)?, stated(imports)?);
    let unit = one_unit(&theirs);
    if unit.is_some() && unit == one_unit(&ours) {
        return Some((total(&theirs)?, total(&ours)?));
    }
    let (theirs, ours) = (measured(&theirs)?, measured(&ours)?);
    if theirs.dimension != ours.dimension {
        return None;
    }
    let in_theirs =
        |measure| unit.and_then(|unit| in_unit(measure, unit)).unwrap_or_else(|| own_unit(measure));
    Some((in_theirs(theirs), in_theirs(ours)))
}

fn stated<'a>(lines: &[Placed<'a>]) -> Option<Vec<&'a Quantity>> {
    lines.iter().map(|placed| placed.line.quantity.as_ref()).collect()
}

fn one_unit<'a>(quantities: &[&'a Quantity]) -> Option<&'a Unit> {
    let first = &quantities.first()?.unit;
    quantities.iter().all(|quantity| quantity.unit == *first).then_some(first)
}

fn total(quantities: &[&Quantity]) -> Option<Quantity> {
    let sum = quantities.iter().try_fold(Decimal::ZERO, |sum, next| sum.checked_add(next.amount))?;
    Some(Quantity { amount: sum, unit: one_unit(quantities)?.clone() })
}

fn measured(quantities: &[&Quantity]) -> Option<Measure> {
    let mut measures = quantities.iter().map(|quantity| Measure::of(quantity));
    let first = measures.next()??;
    measures.try_fold(first, |sum, next| {
        let next = next.filter(|next| next.dimension == sum.dimension)?;
        Some(Measure { amount: sum.amount.checked_add(next.amount)?, ..sum })
    })
}

fn in_unit(measure: Measure, unit: &Unit) -> Option<Quantity> {
    let one = Measure::of(&Quantity { amount: Decimal::ONE, unit: unit.clone() })?;
    let amount = measure.amount.checked_div(one.amount)?;
    Some(Quantity { amount: amount.round_dp(6).normalize(), unit: unit.clone() })
}

fn own_unit(measure: Measure) -> Quantity {
    Quantity::new(measure.amount.normalize(), measure.dimension.unit())
}

fn quantity(
    exports: &[Placed<'_>],
    imports: &[Placed<'_>],
    tolerance: &Tolerance,
    closing: Closing,
) -> Option<Difference> {
    let Some((theirs, ours)) = sums(exports, imports) else { return not_comparable(exports, imports) };
    let gap = ours.amount - theirs.amount;
    let allowed = theirs.amount.abs() * Decimal::new(i64::from(tolerance.quantity), 3);
    if gap.abs() <= allowed || (gap.is_sign_negative() && closing == Closing::Open) {
        return None;
    }
    let short = gap.is_sign_negative();
    let grave = gap.abs() > theirs.amount.abs() * Decimal::new(10, 2);
    Some(Difference {
        code: if short { DifferenceCode::QuantityShort } else { DifferenceCode::QuantityOver },
        field: Field::Quantity,
        severity: if grave { Severity::Error } else { Severity::Warning },
        excess: Some(Quantity { amount: gap.abs().normalize(), unit: theirs.unit.clone() }),
        theirs: theirs.to_string(),
        ours: ours.to_string(),
        at: None,
    })
}

fn not_comparable(exports: &[Placed<'_>], imports: &[Placed<'_>]) -> Option<Difference> {
    let listed = |quantities: Vec<&Quantity>| {
        quantities.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ")
    };
    Some(Difference {
        code: DifferenceCode::UnitNotComparable,
        field: Field::Quantity,
        severity: Severity::Note,
        theirs: listed(stated(exports)?),
        ours: listed(stated(imports)?),
        excess: None,
        at: None,
    })
}

fn hs(
    exports: &[Placed<'_>],
    import: Placed<'_>,
    tolerance: &Tolerance,
    editions: &Correlation,
) -> Option<Difference> {
    let ours = import.line.hs.as_ref()?;
    let coded: Vec<_> =
        exports.iter().filter_map(|export| Some((export, export.line.hs.as_ref()?))).collect();
    let (_, first) = coded.first()?;
    let same = |export: &Placed<'_>, code: &HsCode| {
        let agree = |level| code.prefix(level) == ours.prefix(level);
        let level = code.common_level(ours, tolerance.hs_digits);
        let dated = dated(export.doc, code, import.doc, ours);
        match dated.unwrap_or_else(|| agree(level.min(6)) || editions.relates(code, ours)) {
            // Beyond six digits the codes are the countries' own, and mean something only where those agree.
            true if level > 6 && agree(6) => agree(level),
            same => same,
        }
    };
    if coded.iter().any(|(export, code)| same(export, code)) {
        return None;
    }
    let chapter = first.prefix(2) == ours.prefix(2);
    Some(Difference {
        code: DifferenceCode::HsMoved,
        field: Field::Hs,
        severity: if chapter { Severity::Warning } else { Severity::Error },
        theirs: first.to_string(),
        ours: ours.to_string(),
        excess: None,
        at: Some(import.doc.line_ref(import.line.item)),
    })
}

/// Whether two codes may name the same goods, each in the edition of its country on its day; `None` where a day is not
/// known, or no edition knows a code.
fn dated(export: &Doc, theirs: &HsCode, import: &Doc, ours: &HsCode) -> Option<bool> {
    let stated = Stated { country: &export.id.country, day: export.day?, code: theirs };
    let declared = Stated { country: &import.id.country, day: import.day?, code: ours };
    same_goods(stated, declared)
}

fn origin(exports: &[Placed<'_>], import: Placed<'_>) -> Option<Difference> {
    let ours = import.line.origin.as_ref()?;
    let mut theirs = exports.iter().filter_map(|export| export.line.origin.as_ref());
    let first = theirs.next()?;
    if first == ours || theirs.any(|origin| origin == ours) {
        return None;
    }
    Some(Difference {
        code: DifferenceCode::OriginChanged,
        field: Field::Origin,
        severity: Severity::Error,
        theirs: first.to_string(),
        ours: ours.to_string(),
        excess: None,
        at: Some(import.doc.line_ref(import.line.item)),
    })
}

fn one_a_document<'a>(imports: &[Placed<'a>]) -> Vec<&'a Doc> {
    let mut docs: Vec<&Doc> = Vec::new();
    for import in imports {
        if !docs.iter().any(|doc| doc.id == import.doc.id) {
            docs.push(import.doc);
        }
    }
    docs
}

fn consignee(export: &Doc, import: &Doc, tolerance: &Tolerance) -> Option<Difference> {
    if export.receiver.is_empty() || import.receiver.is_empty() {
        return None;
    }
    let likeness = resolve::party_likeness(&export.receiver, &import.receiver)?;
    let address = resolve::address_likeness(&export.receiver.address, &import.receiver.address);
    let house = resolve::same_house(&export.receiver.address, &import.receiver.address);
    let elsewhere = address.is_some_and(|address| address < OTHER_ADDRESS) || house == Some(false);
    let here = house.unwrap_or_else(|| address.is_some_and(|address| address >= SAME_ADDRESS));
    let strangers =
        (elsewhere && likeness < NOTHING_ALIKE) || resolve::are_strangers(&export.receiver, &import.receiver);
    let switched = likeness < tolerance.party && strangers && !here;
    switched.then(|| Difference {
        code: DifferenceCode::ConsigneeSwitched,
        field: Field::Consignee,
        severity: Severity::Error,
        theirs: export.receiver.name.clone(),
        ours: import.receiver.name.clone(),
        excess: None,
        at: import.lines.first().map(|line| import.line_ref(line.item)),
    })
}

fn arrival(exports: &[Placed<'_>], import: &Doc, tolerance: &Tolerance) -> Option<Difference> {
    let left = exports.iter().filter_map(|export| export.doc.day).min()?;
    let arrived = import.day?;
    let early = left.since(arrived).ok()?.get_days();
    (early > tolerance.early_days).then(|| Difference {
        code: DifferenceCode::ArrivedBeforeDeparture,
        field: Field::Lag,
        severity: Severity::Warning,
        theirs: left.to_string(),
        ours: arrived.to_string(),
        excess: Some(Quantity::new(Decimal::from(early), "DAY")),
        at: import.lines.first().map(|line| import.line_ref(line.item)),
    })
}
