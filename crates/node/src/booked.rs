//! What a firm booked, beside what it declared: our declarations of the period are summed as a line of figures arrives.

use customs::declaration::{Declaration, Flow, Lodged};
use customs::tariff::converted;
use customs::tax::{Own, PeriodCheck, PeriodCheckAct};
use kernel::{Books, CaseId, Money, Procedure as _};
use rust_decimal::Decimal;
use serde::Deserialize as _;
use serde_json::Value;
use store::{Failure, Order, Query};

use crate::act::{Turn, plain};

impl Turn<'_> {
    /// Sets a line of figures that just arrived beside our own declarations.
    pub(crate) fn booked_after(&mut self, case: &CaseId, act: &str, state: &Value) -> Result<(), Failure> {
        if case.desk() != PeriodCheck::NAME || act != "receive" {
            return Ok(());
        }
        let Ok(check) = PeriodCheck::deserialize(state) else { return Ok(()) };
        let (Some(booked), Some((from, until))) = (check.booked(), check.period()) else { return Ok(()) };
        let mut own =
            Own { value: Some(Money::new(Decimal::ZERO, booked.value.currency.as_str())), ..Own::default() };
        let mut offset = 0;
        loop {
            let query = Query {
                desk: Some(Lodged::NAME.into()),
                reference: Some(("trader".into(), booked.party.clone())),
                order: Order::Oldest,
                offset,
                limit: PAGE,
                ..Query::default()
            };
            let rows = self.change.cases(&query)?.rows;
            for row in rows.iter().filter(|row| row.summary.stage != "cancelled") {
                let lodged = Lodged::deserialize(&row.state).ok();
                let Some(declaration) = lodged.as_ref().and_then(Lodged::declaration) else { continue };
                let day = day_of(declaration);
                if declaration.flow == booked.what.flow()
                    && day.is_some_and(|day| from <= day && day <= until)
                {
                    count(&mut own, &row.id, declaration, &self.world.shelf);
                }
            }
            if rows.len() < PAGE as usize {
                break;
            }
            offset += u64::from(PAGE);
        }
        self.follow(case.clone(), plain(&PeriodCheckAct::SetOwn { own }), Vec::new())
    }
}

/// The day a declaration counts for: goods that came by their arrival, goods that went by their departure.
fn day_of(declaration: &Declaration) -> Option<jiff::civil::Date> {
    match declaration.flow {
        Flow::Import => declaration.arrives,
        Flow::Export => declaration.departs,
    }
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

/// How many declarations are read at once.
const PAGE: u32 = 500;
/// The most declarations named in a check; all are counted.
const CASES_MAX: usize = 50;
