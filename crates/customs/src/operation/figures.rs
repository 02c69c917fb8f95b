//! The figures of an operation, computed from its items: the daily report and the debrief write themselves from these.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CaseId, Summary};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::plan_item::{Count, SituationReport};
use crate::terms::figure::median;
use crate::terms::{Figure, Period};

/// What an operation came to, each figure with the items behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Debrief {
    /// Of the warnings that went out, those with feedback.
    pub answered: Figure,
    /// Of those with feedback, those whose feedback came before it was due.
    pub in_time: Figure,
    /// Of the warnings whose moment passed, those that were silent then.
    pub silent: Figure,
    /// Of those with feedback, those that were looked at.
    pub checked: Figure,
    /// Of those looked at, those in which something was found.
    pub found: Figure,
    /// Of the seizures, those that came from a warning.
    pub from_warnings: Figure,
    /// The seizures by kind of goods.
    pub by_pack: BTreeMap<String, Vec<CaseId>>,
    /// The seizures by day, in UTC.
    pub by_day: BTreeMap<Date, Vec<CaseId>>,
    /// Half of the feedback came within so many seconds.
    pub middle_seconds: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    sent: Option<Timestamp>,
    arrived: Option<Timestamp>,
    answered: Option<Timestamp>,
    feedback_due: Option<Timestamp>,
    silent: bool,
    outcome: Option<String>,
    pack: Option<String>,
    at: Option<Timestamp>,
    warning: Option<String>,
}

struct Row<'a> {
    case: &'a CaseId,
    shown: Shown,
}

fn rows<'a>(cases: &'a [(CaseId, Summary)], desk: &str) -> Vec<Row<'a>> {
    let of_desk = cases.iter().filter(|(case, summary)| case.desk() == desk && summary.stage != "cancelled");
    of_desk
        .filter_map(|(case, summary)| Some(Row { case, shown: Shown::deserialize(&summary.shown).ok()? }))
        .collect()
}

impl Debrief {
    /// Computes it from the summaries of an operation's warnings and seizures.
    #[must_use]
    pub fn of(cases: &[(CaseId, Summary)], now: Timestamp) -> Self {
        let warnings: Vec<_> =
            rows(cases, "warning").into_iter().filter(|row| row.shown.sent.is_some()).collect();
        let seizures = rows(cases, "seizure");
        let share = |code: &str, rows: &[Row<'_>], counts: &dyn Fn(&Shown) -> Option<bool>| {
            let each = rows.iter().filter_map(|row| counts(&row.shown).map(|counts| (row.case, counts)));
            Figure::share(code, Period::default(), each)
        };
        let answered = |shown: &Shown| shown.answered.is_some();
        let looked_at = ["found", "nothing-found", "other-found"];
        let checked =
            |shown: &Shown| shown.outcome.as_deref().is_some_and(|outcome| looked_at.contains(&outcome));
        Self {
            answered: share("feedback", &warnings, &|shown| Some(answered(shown))),
            in_time: share("feedback-in-time", &warnings, &|shown| {
                Some(shown.answered? <= shown.feedback_due?)
            }),
            silent: share("silent", &warnings, &|shown| {
                (shown.feedback_due? <= now || answered(shown)).then_some(shown.silent)
            }),
            checked: share("checked", &warnings, &|shown| answered(shown).then(|| checked(shown))),
            found: share("found", &warnings, &|shown| {
                checked(shown).then(|| shown.outcome.as_deref() != Some("nothing-found"))
            }),
            from_warnings: share("from-warnings", &seizures, &|shown| {
                Some(shown.warning.as_deref().is_some_and(|warning| !warning.is_empty()))
            }),
            by_pack: grouped(&seizures, |shown| shown.pack.clone()),
            by_day: grouped(&seizures, |shown| shown.at.map(day_of)),
            middle_seconds: median(warnings.iter().filter_map(|row| span(&row.shown)).collect()),
        }
    }

    /// The shares, in the order they are shown.
    #[must_use]
    pub fn shares(&self) -> [&Figure; 6] {
        [&self.answered, &self.in_time, &self.silent, &self.checked, &self.found, &self.from_warnings]
    }
}

/// The report of a day, computed from the summaries of an operation's warnings and seizures.
#[must_use]
pub fn situation(cases: &[(CaseId, Summary)], day: Date) -> SituationReport {
    let warnings = rows(cases, "warning");
    let count = |rows: &[Row<'_>], at: &dyn Fn(&Shown) -> Option<Timestamp>| {
        let days: Vec<Date> = rows.iter().filter_map(|row| at(&row.shown)).map(day_of).collect();
        let of = |fits: &dyn Fn(&Date) -> bool| {
            u32::try_from(days.iter().filter(|day| fits(day)).count()).unwrap_or(u32::MAX)
        };
        Count { day: of(&|moment| *moment == day), all: of(&|moment| *moment <= day) }
    };
    SituationReport {
        day: Some(day),
        warnings: count(&warnings, &|shown| shown.sent),
        answered: count(&warnings, &|shown| shown.answered),
        silent: count(&warnings, &|shown| shown.feedback_due.filter(|_| shown.silent)),
        seizures: count(&rows(cases, "seizure"), &|shown| shown.at),
        ..SituationReport::default()
    }
}

fn grouped<K: Ord>(rows: &[Row<'_>], key: impl Fn(&Shown) -> Option<K>) -> BTreeMap<K, Vec<CaseId>> {
    let mut groups: BTreeMap<K, Vec<CaseId>> = BTreeMap::new();
    for row in rows {
        if let Some(key) = key(&row.shown) {
            groups.entry(key).or_default().push(row.case.clone());
        }
    }
    groups
}

fn day_of(moment: Timestamp) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(moment).date()
}

fn span(shown: &Shown) -> Option<u64> {
    let from = shown.sent.or(shown.arrived)?;
    u64::try_from(shown.answered?.duration_since(from).as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(desk: &str, key: u32, shown: serde_json::Value) -> (CaseId, Summary) {
        (CaseId::of(desk, key), Summary { shown, ..Summary::default() })
    }

    /// The first edition of a known operation: six warnings, one feedback. The debrief says so and opens.
    #[test]
    fn six_warnings_and_one_feedback_are_one_of_six_and_open() {
        let mut cases: Vec<_> = (1..=5)
            .map(|key| row("warning", key, json!({"sent": "2026-11-01T00:00:00Z", "feedback_due": "2026-11-01T08:00:00Z", "silent": true})))
            .collect();
        cases.push(row("warning", 6, json!({"sent": "2026-11-01T00:00:00Z", "feedback_due": "2026-11-01T08:00:00Z", "answered": "2026-11-01T02:00:00Z", "outcome": "found", "silent": false})));
        cases.push(row("seizure", 1, json!({"at": "2026-11-01T05:00:00Z", "pack": "drugs", "warning": "6"})));
        cases.push(row("seizure", 2, json!({"at": "2026-11-02T05:00:00Z", "pack": "drugs", "warning": ""})));
        let now = "2026-11-03T00:00:00Z".parse().expect("a moment");
        let debrief = Debrief::of(&cases, now);
        let shares = debrief.shares().map(|figure| (figure.of.len(), figure.among.len()));
        assert_eq!(shares, [(1, 6), (1, 1), (5, 6), (1, 1), (1, 1), (1, 2)]);
        assert_eq!(debrief.answered.of, [CaseId::of("warning", 6)]);
        assert_eq!(debrief.middle_seconds, Some(7_200));
        let report = situation(&cases, jiff::civil::date(2026, 11, 1));
        assert_eq!((report.warnings, report.seizures), (Count { day: 6, all: 6 }, Count { day: 1, all: 1 }));
    }
}
