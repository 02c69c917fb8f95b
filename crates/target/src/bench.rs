//! Profiles and declarations to measure with, and the measuring itself; the clock is an argument.

use std::time::Duration;

use customs::terms::{Column, Gauge, Lane, ListBook, Measure, Profile, Sense, Standing, Test};
use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::batch::{Builder, Entry, Lines};
use crate::select::{Bound, Hit, Selection};

/// One declaration as peers are given it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "named as the columns of customs::terms are")]
pub struct Given {
    pub origin: String,
    pub code: String,
    pub office: String,
    pub value: i64,
    pub mass: i64,
    pub weekday: u8,
}

/// One rule as peers are given it: sets, a length of code, and thresholds (`true` is above).
#[derive(Clone, Debug, Default, Serialize)]
#[expect(missing_docs, reason = "named as the columns of customs::terms are")]
pub struct GivenRule {
    pub origin: Vec<String>,
    pub code: Vec<String>,
    pub office: Vec<String>,
    pub weekday: Vec<u8>,
    pub value: Option<(bool, i64)>,
    pub mass: Option<(bool, i64)>,
}

/// Declarations and rules that follow from a seed alone.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// The declarations.
    pub declarations: Vec<Given>,
    /// The rules.
    pub rules: Vec<GivenRule>,
}

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Rules.
    pub rules: usize,
    /// Declarations.
    pub declarations: usize,
    /// Declarations a second, index laid already.
    pub evaluated: f64,
    /// Declarations a second, laying the index against them included.
    pub laid_and_evaluated: f64,
    /// Declarations a second with every hit explained.
    pub explained: f64,
    /// Milliseconds to compile the rules.
    pub compiled_ms: f64,
    /// Milliseconds to lay them against the declarations.
    pub laid_ms: f64,
    /// Milliseconds to take one rule out and put another in, without laying.
    pub changed_ms: f64,
    /// Hits.
    pub hits: usize,
    /// Hits as peers must find them: row and rule, mixed.
    pub hits_sum: u64,
    /// Declarations on which the naive evaluator says the same, of those asked.
    pub agreed: (usize, usize),
}

/// A seeded sequence of numbers that is the same everywhere (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A sequence.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below this.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// A number below this, small ones far more often.
    pub const fn skewed(&mut self, end: u64) -> u64 {
        let (a, b) = (self.below(end), self.below(end));
        a * b / end
    }
}

const ORIGINS: u64 = 119;
const OFFICES: u64 = 43;
const CODES: u64 = 2_437;

fn origin(at: u64) -> String {
    let letter = |at: u64| char::from(b'A' + (at % 26) as u8);
    format!("{}{}", letter(at / 26 + 2), letter(at))
}

/// The code of this number; headings and chapters are shared as in a real nomenclature.
fn code(at: u64) -> String {
    format!("{:02}{:02}{:02}", 1 + at / 26, 1 + at % 26 / 3, 10 * (1 + at % 3))
}

fn office(at: u64) -> String {
    format!("VN{at:02}")
}

impl Task {
    /// So many rules and declarations of a seed.
    #[must_use]
    pub fn new(rules: usize, declarations: usize, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let declarations = (0..declarations).map(|_| declaration(&mut dice)).collect();
        Self { declarations, rules: (0..rules).map(|_| rule(&mut dice)).collect() }
    }

    /// The declarations as a batch.
    #[must_use]
    pub fn lines(&self) -> Lines {
        let mut builder = Builder::default();
        for given in &self.declarations {
            let entry = Entry::default()
                .text(Column::Origin, &given.origin)
                .text(Column::Code, &given.code)
                .text(Column::Office, &given.office)
                .gauge(Gauge::Value, Decimal::from(given.value))
                .gauge(Gauge::NetMass, Decimal::from(given.mass));
            // 2026-01-05 is a Monday.
            let day = Date::constant(2026, 1, 4).saturating_add(Span::new().days(i32::from(given.weekday)));
            builder.push(day, &entry);
        }
        builder.finish()
    }

    /// The rules as profiles.
    #[must_use]
    pub fn profiles(&self) -> Vec<Profile> {
        self.rules.iter().enumerate().map(|(at, rule)| rule.profile(at)).collect()
    }
}

fn declaration(dice: &mut Dice) -> Given {
    Given {
        origin: origin(dice.skewed(ORIGINS)),
        code: code(dice.skewed(CODES)),
        office: office(dice.skewed(OFFICES)),
        value: 1 + (1_u64 << dice.below(20)) as i64 + dice.below(1_000) as i64,
        mass: 1 + (1_u64 << dice.below(14)) as i64,
        weekday: 1 + dice.below(7) as u8,
    }
}

fn rule(dice: &mut Dice) -> GivenRule {
    let mut rule = GivenRule::default();
    if dice.below(10) < 7 {
        rule.origin = distinct((0..1 + dice.below(12)).map(|_| origin(dice.skewed(ORIGINS))));
    }
    if dice.below(10) < 9 {
        let length = [2, 4, 4, 6][dice.below(4) as usize];
        rule.code = distinct((0..1 + dice.below(4)).map(|_| code(dice.skewed(CODES))[..length].to_owned()));
    }
    if dice.below(10) < 3 {
        rule.office = distinct((0..1 + dice.below(6)).map(|_| office(dice.skewed(OFFICES))));
    }
    if dice.below(10) < 2 {
        rule.weekday = (1..=7).filter(|_| dice.below(2) == 0).collect();
    }
    if dice.below(10) < 6 {
        rule.value = Some((dice.below(3) > 0, 1 << (4 + dice.below(14))));
    }
    if dice.below(10) < 3 {
        rule.mass = Some((dice.below(3) > 0, 1 << dice.below(12)));
    }
    rule
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    values.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

impl GivenRule {
    fn profile(&self, at: usize) -> Profile {
        let mut tests = Vec::new();
        let mut is = |column, values: &[String]| {
            if !values.is_empty() {
                let values = values.iter().cloned().collect();
                tests.push(Test::Is { column, sense: Sense::Any, values });
            }
        };
        is(Column::Origin, &self.origin);
        is(Column::Office, &self.office);
        is(Column::Weekday, &self.weekday.iter().map(u8::to_string).collect::<Vec<_>>());
        if !self.code.is_empty() {
            let prefixes = self.code.iter().cloned().collect();
            tests.push(Test::Code { edition: "HS2022".into(), sense: Sense::Any, prefixes });
        }
        for (gauge, threshold) in [(Gauge::Value, self.value), (Gauge::NetMass, self.mass)] {
            let Some((above, than)) = threshold else { continue };
            // Whole numbers: above 10 is at least 11.
            let least = above.then(|| Decimal::from(than + 1));
            let most = (!above).then(|| Decimal::from(than - 1));
            tests.push(Test::Within { gauge, least, most });
        }
        Profile {
            id: format!("r{at}"),
            title: String::new(),
            owner: "bench".into(),
            from: Date::constant(2026, 1, 1),
            until: Date::constant(2026, 12, 31),
            area: String::new(),
            standing: Standing::Demonstration,
            tests,
            lane: Lane::Red,
            measures: [Measure::Open].into(),
            reason: "bench".into(),
        }
    }
}

/// Hits in a number that does not depend on their order.
#[must_use]
pub fn sum_of(row: usize, rule: usize) -> u64 {
    Dice::new((row as u64) << 20 | rule as u64).roll() >> 8
}

/// Measures a task; `naive` declarations are asked of the naive evaluator too.
#[must_use]
pub fn measure(task: &Task, naive: usize, clock: impl Fn() -> Duration) -> Measured {
    let lines = task.lines();
    let (mut selection, compiled) = timed(&clock, || Selection::of(task.profiles(), ListBook::default()));
    let (_, changed) = timed(&clock, || {
        let last = task.rules.len().saturating_sub(1);
        task.rules.last().map(|rule| selection.put(rule.profile(last)))
    });
    let (bound, laid) = timed(&clock, || Bound::new(&selection, &lines));
    let mut hits: Vec<Hit> = Vec::new();
    let evaluated = rate(lines.len(), &clock, || {
        hits.clear();
        bound.evaluate(0..lines.len(), |hit| hits.push(hit));
    });
    let mut told = 0;
    let explained = rate(lines.len(), &clock, || {
        bound.evaluate(0..lines.len(), |hit| told += bound.explain(hit).seen.len());
    });
    Measured {
        rules: task.rules.len(),
        declarations: lines.len(),
        evaluated,
        laid_and_evaluated: 1.0 / (evaluated.recip() + laid.as_secs_f64() / lines.len().max(1) as f64),
        explained,
        compiled_ms: compiled.as_secs_f64() * 1e3,
        laid_ms: laid.as_secs_f64() * 1e3,
        changed_ms: changed.as_secs_f64() * 1e3,
        hits: hits.len(),
        hits_sum: hits.iter().fold(0, |sum, hit| sum.wrapping_add(sum_of(hit.row, hit.slot))),
        agreed: agreed(&selection, &lines, &hits, naive),
    }
}

/// The best of three rounds.
fn rate(lines: usize, clock: &impl Fn() -> Duration, mut work: impl FnMut()) -> f64 {
    let rounds = (0..3).map(|_| timed(clock, &mut work).1.as_secs_f64());
    lines as f64 / rounds.fold(f64::INFINITY, f64::min).max(1e-9)
}

fn timed<T>(clock: &impl Fn() -> Duration, work: impl FnOnce() -> T) -> (T, Duration) {
    let start = clock();
    let done = work();
    (done, clock().saturating_sub(start))
}

fn agreed(selection: &Selection<ListBook>, lines: &Lines, hits: &[Hit], ask: usize) -> (usize, usize) {
    let ask = ask.min(lines.len());
    let same = (0..ask).filter(|row| {
        let of_row = |at: usize| hits.partition_point(|hit| hit.row < at);
        let compiled = hits[of_row(*row)..of_row(*row + 1)].iter().map(|hit| selection.profile(hit.slot));
        let line = lines.row(*row);
        compiled.eq(selection.profiles().filter(|profile| profile.matches(&line, selection.lists())))
    });
    (same.count(), ask)
}
