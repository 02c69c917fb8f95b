//! The past: goods lines of the newest consignments with what officers found in them. Profiles are tried on it, and models
//! learn from it.

use std::collections::BTreeMap;

use customs::gate::Consignment;
use customs::targeting::Referral;
use jiff::civil::Date;
use kernel::{Money, Procedure as _};
use store::{CaseRow, Failure, Look, Order, Query};

use super::goods::Goods;

/// A goods line, and what an officer found in it where one looked.
#[derive(Clone, Debug, PartialEq)]
pub struct PastLine {
    /// The line.
    pub goods: Goods,
    /// What was found.
    pub found: Option<Found>,
}

/// What an officer found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether something was wrong, or nothing.
    pub verdict: Verdict,
    /// Whether chance chose the line.
    pub chosen: ChosenBy,
    /// Money recovered.
    pub recovered: Option<Money>,
}

/// Whether something was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Something was.
    Wrong,
    /// Nothing was.
    Right,
}

/// Who chose a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// Chance, whatever else did.
    Chance,
    /// A profile, a list, the model or a person.
    Reason,
}

/// The newest consignments' lines, the newest first.
///
/// # Errors
/// What the store says.
pub fn past(look: &dyn Look, today: Date) -> Result<Vec<PastLine>, Failure> {
    let mut found = BTreeMap::new();
    newest(look, Referral::NAME, |row| found.extend(found_in(row)))?;
    let mut lines = Vec::new();
    newest(look, Consignment::NAME, |row| {
        if let Ok(consignment) = row.state.read::<Consignment>() {
            let goods = Goods::of(&consignment, &[], today).into_iter();
            lines.extend(goods.map(|goods| PastLine { found: found.get(&goods.line).cloned(), goods }));
        }
    })?;
    Ok(lines)
}

fn found_in(row: &CaseRow) -> Option<(String, Found)> {
    let referral = row.state.read::<Referral>().ok()?;
    let (outcome, recovered) = referral.result()?;
    let verdict = if outcome.is_wrong()? { Verdict::Wrong } else { Verdict::Right };
    let chosen = if referral.is_by_chance() { ChosenBy::Chance } else { ChosenBy::Reason };
    let line = referral.referred()?.line.clone();
    Some((line, Found { verdict, chosen, recovered: recovered.cloned() }))
}

/// Goes through the newest cases of a desk, so many at most.
fn newest(look: &dyn Look, desk: &str, mut take: impl FnMut(&CaseRow)) -> Result<(), Failure> {
    let query =
        Query { desk: Some(desk.to_owned()), order: Order::Newest, limit: NEWEST, ..Query::default() };
    look.each_case(&query, &mut |row| take(&row))
}

/// The newest consignments and referrals that are looked at.
const NEWEST: u32 = 20_000;
