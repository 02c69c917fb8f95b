//! What a firm booked, beside what it declared: our declarations of the period are summed as a line of figures arrives, and again
//! when one of them changes.

use customs::declaration::{Declaration, Flow, Lodged};
use customs::tariff::converted;
use customs::tax::{Own, PeriodCheck, PeriodCheckAct};
use jiff::civil::Date;
use kernel::{AnyAct, Books, CaseId, Money, Procedure as _, State};
use rust_decimal::Decimal;
use store::{CaseRow, Failure, Order, Query};

use crate::act::Turn;

impl Turn<'_> {
    /// Sets a line of figures that just arrived beside our own declarations; a declaration that was just lodged, amended or
    /// cancelled changes the checks of its trader.
    pub(crate) fn booked_after(&mut self, case: &CaseId, act: &str, state: &State) -> Result<(), Failure> {
        match (case.desk(), act) {
            (PeriodCheck::NAME, "receive") => self.sum(case, state),
            (Lodged::NAME, "take" | "amend" | "cancel") => self.sum_again(case, state),
            _ => Ok(()),
        }
    }

    /// Sums anew for the checks this declaration belongs to: those of its trader whose period it falls in, and those that
    /// counted it before.
    fn sum_again(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        let lodged = state.read::<Lodged>().ok();
        let Some(declaration) = lodged.as_deref().and_then(Lodged::declaration) else { return Ok(()) };
        let trader = match declaration.flow {
            Flow::Import => &declaration.importer,
            Flow::Export => &declaration.exporter,
        };
        let mut checks = self.found(PeriodCheck::NAME, "case", case.as_str())?;
        for identifier in &trader.identifiers {
            let belongs = |row: &CaseRow| {
                let check = row.state.read::<PeriodCheck>().unwrap_or_default();
                let asked = check.booked().map(|booked| booked.what.flow()).zip(check.period());
                asked.is_some_and(|(flow, period)| is_in(declaration, flow, period))
            };
            checks.extend(
                self.found(PeriodCheck::NAME, "trader", &identifier.value)?.into_iter().filter(belongs),
            );
        }
        checks.sort_by(|one, other| one.id.cmp(&other.id));
        checks.dedup_by(|one, other| one.id == other.id);
        checks.iter().try_for_each(|row| self.sum(&row.id, &row.state))
    }

    fn sum(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        let Ok(check) = state.read::<PeriodCheck>() else { return Ok(()) };
        let (Some(booked), Some(period)) = (check.booked(), check.period()) else { return Ok(()) };
        let mut own =
            Own { value: Some(Money::new(Decimal::ZERO, booked.value.currency.as_str())), ..Own::default() };
        let rows = self.found(Lodged::NAME, "trader", &booked.party)?;
        for row in rows.iter().filter(|row| row.summary.stage != "cancelled") {
            let lodged = row.state.read::<Lodged>().ok();
            let declaration = lodged.as_deref().and_then(Lodged::declaration);
            if let Some(one) = declaration.filter(|one| is_in(one, booked.what.flow(), period)) {
                count(&mut own, &row.id, one, &self.world.shelf);
            }
        }
        self.follow(case.clone(), AnyAct::of(PeriodCheckAct::SetOwn { own }), Vec::new())
    }

    /// All cases of a desk that are found by a reference.
    fn found(&self, desk: &str, kind: &str, value: &str) -> Result<Vec<CaseRow>, Failure> {
        let query = Query {
            desk: Some(desk.into()),
            reference: Some((kind.to_owned(), value.to_owned())),
            order: Order::Oldest,
            ..Query::default()
        };
        let mut rows = Vec::new();
        self.change.each_case(&query, &mut |row| rows.push(row))?;
        Ok(rows)
    }
}

/// The day a declaration counts for: goods that came by their arrival, goods that went by their departure.
fn day_of(declaration: &Declaration) -> Option<Date> {
    match declaration.flow {
        Flow::Import => declaration.arrives,
        Flow::Export => declaration.departs,
    }
}

/// Whether a declaration is of this flow and falls into the period.
fn is_in(declaration: &Declaration, flow: Flow, (from, until): (Date, Date)) -> bool {
    let day = day_of(declaration);
    declaration.flow == flow && day.is_some_and(|day| from <= day && day <= until)
}

/// Adds a declaration's value, other currencies by the rate of its day; what has no value or no rate is counted as left out.
fn count(own: &mut Own, case: &CaseId, declaration: &Declaration, books: &dyn Books) {
    own.declarations += 1;
    if own.cases.len() < CASES_MAX {
        own.cases.push(case.clone());
    }
    let Some(sum) = &mut own.value else { return };
    let (currency, day) = (sum.currency.clone(), day_of(declaration));
    let in_sum = |value: &Money| {
        if value.currency == currency {
            Some(value.amount)
        } else {
            Some(converted(books, value, &currency, day?)?.amount)
        }
    };
    let values: Vec<_> = declaration.lines.iter().map(|line| line.value.as_ref().and_then(in_sum)).collect();
    if values.is_empty() || values.contains(&None) {
        own.left_out += 1;
    }
    sum.amount += values.into_iter().flatten().sum::<Decimal>().round_dp(2);
}

/// How many cases are read at once.
/// The most declarations named in a check; all are counted.
const CASES_MAX: usize = 50;
