//! The figures of the exchange, recomputed from its cases: how many of how many, in which period, and how fast.

use jiff::Timestamp;
use kernel::{CaseId, Summary};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::terms::figure::median;
use crate::terms::{Figure, Period};

/// Which way requests go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// We ask, the partner answers.
    Ours,
    /// The partner asks, we answer.
    Theirs,
}

/// A request, what its case shows, and when it was made.
type Asked<'a> = (&'a CaseId, Shown, Timestamp);

impl Way {
    /// The desk whose cases count.
    #[must_use]
    pub const fn desk(self) -> &'static str {
        match self {
            Self::Ours => "request",
            Self::Theirs => "requested",
        }
    }
}

/// Whose cases count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// With this partner; with all where empty.
    pub partner: String,
    /// Under this agreement; under all where empty.
    pub agreement: String,
    /// Asked in this period.
    pub period: Period,
}

/// What the exchange with a partner came to, one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Of the requests, those with an answer after which nothing more is owed.
    pub settled: Figure,
    /// Of the requests, those answered in whole or part: refusals are settled and not answered.
    pub answered: Figure,
    /// Of those whose legal clock has run out or was met, those settled by then.
    pub in_time: Figure,
    /// Of the answered, those the requester found useful.
    pub useful: Figure,
    /// Of the answered, those whose result was told.
    pub told: Figure,
    /// Half of the settled requests took no longer than so many seconds.
    pub middle_seconds: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    sent: Option<Timestamp>,
    arrived: Option<Timestamp>,
    settled: Option<Timestamp>,
    answer: Option<String>,
    agreement: Option<String>,
    usefulness: Option<String>,
    result: Option<String>,
}

impl Rates {
    /// Computes the rates of one way from the cases' summaries. `legal` says by when each case's legal clock ran out, where
    /// it has one; `now` is the moment they are computed at.
    #[must_use]
    pub fn of<'a>(
        cases: impl IntoIterator<Item = (&'a CaseId, &'a Summary)>,
        scope: &Scope,
        legal: impl Fn(&CaseId) -> Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let asked: Vec<Asked<'_>> =
            cases.into_iter().filter_map(|(case, summary)| counted(case, summary, scope)).collect();
        let all = |code: &str, counts: &dyn Fn(&Asked<'_>) -> Option<bool>| {
            let each = asked.iter().filter_map(|one| counts(one).map(|counts| (one.0, counts)));
            Figure::share(code, scope.period, each)
        };
        let answered = |shown: &Shown| {
            shown.settled.is_some() && matches!(shown.answer.as_deref(), Some("final" | "partial"))
        };
        Self {
            settled: all("settled", &|(_, shown, _)| Some(shown.settled.is_some())),
            answered: all("answered", &|(_, shown, _)| Some(answered(shown))),
            in_time: all("in-time", &|(case, shown, _)| {
                let due = legal(case)?;
                match shown.settled {
                    Some(settled) => Some(settled <= due),
                    None => (due < now).then_some(false),
                }
            }),
            useful: all("useful", &|(_, shown, _)| {
                answered(shown)
                    .then_some(matches!(shown.usefulness.as_deref(), Some("useful" | "partly-useful")))
            }),
            told: all("result-told", &|(_, shown, _)| {
                answered(shown).then_some(shown.result.as_deref().is_some_and(|result| !result.is_empty()))
            }),
            middle_seconds: median(
                asked.iter().filter_map(|(_, shown, at)| span(*at, shown.settled?)).collect(),
            ),
        }
    }

    /// All of them, in the order they are shown.
    #[must_use]
    pub fn all(&self) -> [&Figure; 5] {
        [&self.settled, &self.answered, &self.in_time, &self.useful, &self.told]
    }
}

fn counted<'a>(case: &'a CaseId, summary: &Summary, scope: &Scope) -> Option<(&'a CaseId, Shown, Timestamp)> {
    let shown = Shown::deserialize(&summary.shown).ok()?;
    let at = shown.sent.or(shown.arrived)?;
    let fits = (scope.partner.is_empty() || summary.partner == scope.partner)
        && (scope.agreement.is_empty() || shown.agreement.as_deref() == Some(scope.agreement.as_str()))
        && summary.stage != "recalled"
        && scope.period.has(at);
    fits.then_some((case, shown, at))
}

fn span(from: Timestamp, until: Timestamp) -> Option<u64> {
    u64::try_from(until.duration_since(from).as_secs()).ok()
}

/// A published count of an exchange: numbers without the items behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Requests, whichever way.
    pub requests: u32,
    /// Replies, whichever way.
    pub replies: u32,
    /// What was neither.
    pub other: u32,
}

/// One way to read a published rate: what would be divided by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which, as a code.
    pub code: &'static str,
    /// What would be counted.
    pub of: u32,
    /// What it would be divided by.
    pub among: u32,
    /// The share in percent, one decimal.
    pub percent: Decimal,
    /// Whether it is more than what was claimed.
    pub fits: bool,
    /// Whether the counts alone say that it is so; where not, it is one assumption among others.
    pub follows: bool,
}

/// Every way a claim of "more than `percent`" can be read over published counts. Those that fit without following from the
/// counts show what somebody would have to show by items.
#[must_use]
pub fn readings(counts: &Published, percent: u32) -> Vec<Reading> {
    let Published { requests, replies, other } = *counts;
    let mut readings = vec![reading("replies-of-requests", replies, requests, percent, true)];
    readings.push(reading("replies-and-other-of-requests", replies + other, requests, percent, false));
    readings.push(reading("replies-of-all", replies, requests + replies + other, percent, false));
    for pending in 1..=requests.saturating_sub(1) {
        if requests - pending >= replies {
            readings.push(reading(
                "replies-of-requests-then-due",
                replies,
                requests - pending,
                percent,
                false,
            ));
        }
    }
    for one_way in 1..requests {
        let answered = one_way.min(replies);
        readings.push(reading("replies-of-requests-one-way", answered, one_way, percent, false));
    }
    readings
}

fn reading(code: &'static str, of: u32, among: u32, percent: u32, follows: bool) -> Reading {
    let share = Decimal::from(of) * Decimal::ONE_HUNDRED / Decimal::from(among.max(1));
    Reading { code, of, among, percent: share.round_dp(1), fits: share > Decimal::from(percent), follows }
}

/// The fewest replies to `requests` that are more than `percent`.
#[must_use]
pub fn replies_needed(requests: u32, percent: u32) -> u32 {
    (0..=requests).find(|replies| replies * 100 > requests * percent).unwrap_or(requests)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Viet Nam and Thailand, three years: 23 exchanges, of them 12 requests, 9 replies, 2 other; "more than 90% answered".
    const PUBLISHED: Published = Published { requests: 12, replies: 9, other: 2 };

    #[test]
    fn nine_replies_to_twelve_requests_are_three_quarters_and_more_than_nine_tenths_takes_eleven() {
        let all = readings(&PUBLISHED, 90);
        assert_eq!((all[0].percent, all[0].fits, all[0].follows), (Decimal::new(750, 1), false, true));
        assert_eq!(replies_needed(12, 90), 11);
    }

    #[test]
    fn what_more_than_ninety_percent_can_mean_is_an_assumption_each_time() {
        let fitting: Vec<_> = readings(&PUBLISHED, 90).into_iter().filter(|reading| reading.fits).collect();
        assert!(fitting.iter().all(|reading| !reading.follows));
        let with_other = fitting.iter().find(|reading| reading.code == "replies-and-other-of-requests");
        assert_eq!(with_other.map(|reading| reading.percent), Some(Decimal::new(917, 1)));
        let due: Vec<_> = fitting
            .iter()
            .filter(|reading| reading.code == "replies-of-requests-then-due")
            .map(|reading| reading.among)
            .collect();
        assert_eq!(due, [9], "nine of ten is ninety, not more");
        let one_way: Vec<_> = fitting
            .iter()
            .filter(|reading| reading.code == "replies-of-requests-one-way")
            .map(|reading| reading.among)
            .collect();
        assert_eq!(one_way, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn a_rate_counts_what_it_says_and_nothing_else() {
        let summary = |partner: &str, shown: serde_json::Value, stage: &str| Summary {
            partner: partner.into(),
            stage: stage.into(),
            shown,
            ..Summary::default()
        };
        let (sent, late) = ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
        let rows = [
            (
                CaseId::of("request", 1),
                summary(
                    "TH",
                    serde_json::json!({"sent": sent, "settled": "2026-01-11T00:00:00Z", "answer": "final", "usefulness": "useful", "result": "paid"}),
                    "told",
                ),
            ),
            (
                CaseId::of("request", 2),
                summary(
                    "TH",
                    serde_json::json!({"sent": sent, "settled": late, "answer": "refused"}),
                    "refused",
                ),
            ),
            (CaseId::of("request", 3), summary("TH", serde_json::json!({"sent": sent}), "sent")),
            (CaseId::of("request", 4), summary("LA", serde_json::json!({"sent": sent}), "sent")),
            (CaseId::of("request", 5), summary("TH", serde_json::json!({"sent": sent}), "recalled")),
            (CaseId::of("request", 6), summary("TH", serde_json::json!({}), "drafted")),
        ];
        let scope = Scope { partner: "TH".into(), ..Scope::default() };
        let legal = |_: &CaseId| "2026-02-01T00:00:00Z".parse().ok();
        let now = "2026-06-01T00:00:00Z".parse().expect("a moment");
        let rates = Rates::of(rows.iter().map(|(case, summary)| (case, summary)), &scope, legal, now);
        let counts = rates.all().map(|figure| (figure.of.len(), figure.among.len()));
        assert_eq!(counts, [(2, 3), (1, 3), (1, 3), (1, 1), (1, 1)]);
        assert_eq!(rates.middle_seconds, Some(10 * 86_400));
    }
}
