//! What judgement looks at: for every line a row of numbers, the same whether it is learned from or scored.
//!
//! Rates of a key are drawn towards those of the key above it (heading towards chapter, subheading towards heading), so
//! that few verdicts say little. Lines that are the same goods line to the last digit are left out of each other's
//! rates: what they have in common is memory's business, not judgement's.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::history::{Chance, History, Known, Row};
use super::sheet::{NO_DAY, Number, Sheet, Text, mix};

/// Histories by key, memory, and the share of wrong lines over all.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Encoder {
    /// How likely any line is wrong, of all that were learned from.
    pub prior: Chance,
    /// By [`KEYS`].
    histories: Vec<History>,
    /// Of lines that are the same.
    memory: History,
}

/// How many numbers a line has.
pub const WIDTH: usize = PLAIN.len() + KEYS.len() * 2;

/// The names of the plain numbers.
const PLAIN: [&str; 14] = [
    "net-mass",
    "value",
    "unit-value",
    "rate",
    "office",
    "procedure",
    "kind",
    "purpose",
    "payment",
    "transport",
    "origin-mark",
    "regime",
    "departs-elsewhere",
    "duty",
];

/// A key of which a history is kept: its name, the key above it, and how strongly it is drawn there.
struct Key {
    name: &'static str,
    above: Option<usize>,
    weight: f32,
}

const fn key(name: &'static str, above: Option<usize>, weight: f32) -> Key {
    Key { name, above, weight }
}

const KEYS: [Key; 13] = [
    key("chapter", None, 120.0),
    key("heading", Some(0), 60.0),
    key("code", Some(1), 40.0),
    key("origin", None, 20.0),
    key("regime", None, 20.0),
    key("origin-chapter", Some(0), 15.0),
    key("origin-heading", Some(1), 15.0),
    key("departure-heading", Some(1), 15.0),
    key("regime-heading", Some(1), 15.0),
    key("origin-code", Some(2), 15.0),
    key("rate-heading", Some(1), 15.0),
    key("origin-departure", None, 50.0),
    key("origin-rate", None, 50.0),
];

/// The name of one of a line's numbers.
#[must_use]
pub fn feature(at: usize) -> String {
    let Some(of_key) = at.checked_sub(PLAIN.len()) else { return PLAIN[at].to_owned() };
    let name = KEYS.get(of_key / 2).map_or("?", |key| key.name);
    format!("{}-{name}", if of_key % 2 == 0 { "rate-of" } else { "lines-of" })
}

/// The values of all keys of a line.
fn values(sheet: &Sheet, row: usize) -> [u64; KEYS.len()] {
    let text = |text: Text| sheet.texts[text as usize][row];
    let (chapter, heading, code) = (sheet.chapters[row], sheet.headings[row], text(Text::Code));
    let (origin, departure, regime) = (text(Text::Origin), text(Text::Departure), text(Text::Regime));
    let rate = u64::from(sheet.numbers[Number::Rate as usize][row].to_bits());
    [
        mix(1, chapter),
        mix(2, heading),
        mix(3, code),
        mix(4, origin),
        mix(5, regime),
        mix(mix(6, origin), chapter),
        mix(mix(7, origin), heading),
        mix(mix(8, departure), heading),
        mix(mix(9, regime), heading),
        mix(mix(10, origin), code),
        mix(mix(11, rate), heading),
        mix(mix(12, origin), departure),
        mix(mix(13, origin), rate),
    ]
}

impl Encoder {
    /// Learns histories from labelled lines; a label from `from` on is wrong, a lesser one above nothing is wrong at all.
    #[must_use]
    pub fn learn(sheet: &Sheet, labels: &[u8], from: u8) -> Self {
        let rows: Vec<usize> = (0..sheet.len()).filter(|row| sheet.days[*row] != NO_DAY).collect();
        let by_row: Vec<[u64; KEYS.len()]> = rows.iter().map(|row| values(sheet, *row)).collect();
        let wrong_at_all = |row: usize| u8::from(labels[row] >= from.min(1));
        let wrong = |row: usize| u8::from(labels[row] >= from);
        let line = |row: usize, value: u64, same: u64| {
            let day = sheet.days[row];
            Row { value, same, day, wrong_at_all: wrong_at_all(row), wrong: wrong(row) }
        };
        let of_key = |key: usize| {
            History::new(
                rows.iter().zip(&by_row).map(|(row, values)| line(*row, values[key], sheet.same[*row])),
            )
        };
        // Memory is of the lines themselves: each counts.
        let memory = History::new(rows.iter().map(|row| line(*row, sheet.same[*row], *row as u64)));
        let sum = |of: &dyn Fn(usize) -> u8| rows.iter().map(|row| u32::from(of(*row))).sum::<u32>() as f32;
        let (at_all, so_far) = (sum(&wrong_at_all), sum(&wrong));
        Self {
            prior: Chance { at_all: at_all / rows.len().max(1) as f32, so_far: so_far / at_all.max(1.0) },
            histories: (0..KEYS.len()).map(of_key).collect(),
            memory,
        }
    }

    /// What came of lines that were the same, before the line's own day.
    #[must_use]
    pub fn memory(&self, sheet: &Sheet, row: usize) -> Known {
        self.memory.before(sheet.same[row], sheet.days[row])
    }

    /// Writes a line's numbers.
    pub fn row(&self, sheet: &Sheet, row: usize, same: Known, out: &mut [f32]) {
        let number = |number: Number| sheet.numbers[number as usize][row];
        let (mass, value, rate) = (number(Number::Mass), number(Number::Value), number(Number::Rate));
        let small = |text: Text| small(sheet.texts[text as usize][row]);
        let elsewhere = sheet.texts[Text::Origin as usize][row] != sheet.texts[Text::Departure as usize][row];
        let plain: [f32; PLAIN.len()] = [
            log(mass),
            log(value),
            log(value) - log(mass),
            rate,
            small(Text::Office),
            small(Text::Procedure),
            small(Text::Kind),
            small(Text::Purpose),
            small(Text::Payment),
            small(Text::Transport),
            small(Text::OriginMark),
            small(Text::Regime),
            f32::from(u8::from(elsewhere)),
            log(value * rate),
        ];
        out[..PLAIN.len()].copy_from_slice(&plain);
        let day = sheet.days[row];
        let mut chances = [self.prior; KEYS.len()];
        for (at, value) in values(sheet, row).into_iter().enumerate() {
            let known = self.histories[at].before(value, day).without(same);
            let towards = KEYS[at].above.map_or(self.prior, |above| chances[above]);
            chances[at] = known.chance(towards, KEYS[at].weight);
            out[PLAIN.len() + at * 2] = chances[at].rate();
            out[PLAIN.len() + at * 2 + 1] = log_of(known.seen);
        }
    }

    /// Makes the tables look-ups need; called once after reading.
    pub fn index(&mut self) {
        self.histories.iter_mut().chain([&mut self.memory]).for_each(History::index);
    }

    /// Whether what was read hangs together.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.histories.len() == KEYS.len()
            && self.histories.iter().chain([&self.memory]).all(History::is_sound)
    }
}

impl Encoder {
    /// Where judgement starts: the log odds of the commodity code's own history, drawn towards its heading and chapter, and a
    /// part of what other histories say beyond the usual. The trees only say how a line differs from that.
    #[must_use]
    pub fn start(&self, row: &[f32]) -> f32 {
        self.usual() + self.leanings(row).iter().map(|(_, by)| by).sum::<f32>()
    }

    /// What moves the start away from the usual: the number's place, and by how much.
    #[must_use]
    pub fn leanings(&self, row: &[f32]) -> [(usize, f32); LEANING.len()] {
        let usual = self.usual();
        LEANING.map(|(key, part)| {
            let at = PLAIN.len() + key * 2;
            (at, part * (log_odds(row[at]) - usual))
        })
    }

    fn usual(&self) -> f32 {
        log_odds(self.prior.rate())
    }
}

fn log_odds(rate: f32) -> f32 {
    let rate = rate.clamp(1e-6, 1.0 - 1e-6);
    (rate / (1.0 - rate)).ln()
}

/// The keys judgement starts from: the code, origin with chapter, origin with departure, origin with rate. The latter three
/// know much of the same, so each has a third of the word.
const LEANING: [(usize, f32); 4] = [(CODE, 1.0), (5, 1.0 / 3.0), (11, 1.0 / 3.0), (12, 1.0 / 3.0)];
const CODE: usize = 2;

/// Where in a line's numbers it stands how many lines of its commodity code are known.
pub const LINES_OF_CODE: usize = PLAIN.len() + CODE * 2 + 1;

/// A text of few values as a number that keeps them apart; absent where there is none.
fn small(hash: u64) -> f32 {
    if hash == 0 { f32::NAN } else { (hash >> 44) as f32 }
}

/// As [`log`], for whole numbers, of which most are small.
fn log_of(count: u32) -> f32 {
    static SMALL: LazyLock<Vec<f32>> =
        LazyLock::new(|| (0..4_096_u16).map(|count| log(f32::from(count))).collect());
    SMALL.get(count as usize).copied().unwrap_or_else(|| log(count as f32))
}

fn log(number: f32) -> f32 {
    if number > -1.0 { number.ln_1p() } else { f32::NAN }
}
