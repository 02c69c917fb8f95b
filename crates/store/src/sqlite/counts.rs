//! How many cases there are of each combination of columns. An open change moves many cases from one combination to another;
//! what that comes to is written once for each, when the cases are.

use std::collections::BTreeMap;

use kernel::Summary;
use rusqlite::types::Value;
use rusqlite::{Connection, ToSql, params_from_iter};

use super::columns::{failed, severity};
use crate::Failure;

/// The columns `counts` counts by, in the order of its key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Combination {
    desk: String,
    closed: bool,
    stage: String,
    lane: String,
    rung: u8,
    partner: String,
    severity: i64,
}

impl Combination {
    /// Under which a case is counted.
    pub(super) fn of(desk: &str, summary: &Summary) -> Self {
        Self {
            desk: desk.to_owned(),
            closed: summary.closed,
            stage: summary.stage.clone(),
            lane: summary.lane.clone(),
            rung: summary.rung,
            partner: summary.partner.clone(),
            severity: severity(summary.severity),
        }
    }

    /// As columns hold it.
    pub(super) fn columns(self) -> [Value; 7] {
        [
            self.desk.into(),
            i64::from(self.closed).into(),
            self.stage.into(),
            self.lane.into(),
            i64::from(self.rung).into(),
            self.partner.into(),
            self.severity.into(),
        ]
    }
}

/// By how many cases each count changes.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<Combination, i64>);

impl Counts {
    /// Moves a case from one count to another; `None` for one that was in none.
    pub(super) fn shift(&mut self, was: Option<Combination>, is: Combination) {
        if was.as_ref() == Some(&is) {
            return;
        }
        if let Some(was) = was {
            *self.0.entry(was).or_default() -= 1;
        }
        *self.0.entry(is).or_default() += 1;
    }

    /// Writes what changed.
    pub(super) fn write(self, connection: &Connection) -> Result<(), Failure> {
        for (combination, change) in self.0.into_iter().filter(|(_, change)| *change != 0) {
            add(connection, combination, change)?;
        }
        Ok(())
    }
}

/// A count goes up or down. One that reaches nothing is no row any more.
fn add(connection: &Connection, combination: Combination, change: i64) -> Result<(), Failure> {
    let key = combination.columns();
    let run = |sql: &str, change: Option<&i64>| {
        let values =
            key.iter().map(|column| column as &dyn ToSql).chain(change.map(|change| change as &dyn ToSql));
        connection.prepare_cached(sql)?.execute(params_from_iter(values))
    };
    let counted = if change > 0 {
        run(MORE, Some(&change))
    } else {
        run(FEWER, Some(&change)).and_then(|_| run(NONE, None))
    };
    counted.map(drop).map_err(failed("count cases"))
}

const MORE: &str = "INSERT INTO counts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
    ON CONFLICT DO UPDATE SET cases = cases + excluded.cases";

const FEWER: &str = "UPDATE counts SET cases = cases + ?8 WHERE desk = ?1 AND closed = ?2 AND stage = ?3 \
    AND lane = ?4 AND rung = ?5 AND partner = ?6 AND severity = ?7";

const NONE: &str = "DELETE FROM counts WHERE desk = ?1 AND closed = ?2 AND stage = ?3 AND lane = ?4 AND rung = ?5 \
    AND partner = ?6 AND severity = ?7 AND cases = 0";
