//! The keys of a line: what of it may have a history or a leaning of its own.

use super::sheet::{Number, Sheet, Text, mix};

/// A key: its name, and for one whose history is kept the key above it and how strongly it is drawn there.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) above: Option<usize>,
    pub(super) weight: f32,
}

const fn key(name: &'static str, above: Option<usize>, weight: f32) -> Key {
    Key { name, above, weight }
}

/// How many of the keys have a history; they are the first ones.
pub(super) const WITH_HISTORY: usize = 11;

/// Where the commodity code stands among the keys.
pub(super) const CODE: usize = 2;

/// All keys; numbers are taken by the steps they fall into.
pub(super) const KEYS: [Key; 17] = [
    key("chapter", None, 30.0),
    key("heading", Some(0), 15.0),
    key("code", Some(1), 10.0),
    key("origin", None, 20.0),
    key("regime", None, 20.0),
    key("origin-chapter", Some(0), 15.0),
    key("origin-heading", Some(1), 15.0),
    key("departure-heading", Some(1), 15.0),
    key("regime-heading", Some(1), 15.0),
    key("origin-code", Some(2), 15.0),
    key("rate-heading", Some(1), 15.0),
    key("departure", None, 0.0),
    key("rate", None, 0.0),
    key("net-mass", None, 0.0),
    key("step-of-net-mass", None, 0.0),
    key("step-of-value", None, 0.0),
    key("step-of-unit-value", None, 0.0),
];

/// The values of all keys of a line.
pub(super) fn values(sheet: &Sheet, row: usize) -> [u64; KEYS.len()] {
    let text = |text: Text| sheet.texts[text as usize][row];
    let number = |number: Number| sheet.numbers[number as usize][row];
    let (chapter, heading, code) = (sheet.chapters[row], sheet.headings[row], text(Text::Code));
    let (origin, departure, regime) = (text(Text::Origin), text(Text::Departure), text(Text::Regime));
    let (mass, value) = (number(Number::Mass), number(Number::Value));
    let rate = u64::from(number(Number::Rate).to_bits());
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
        mix(12, departure),
        mix(13, rate),
        mix(14, u64::from(mass.to_bits())),
        mix(15, step(mass)),
        mix(16, step(value)),
        mix(17, step(value / mass)),
    ]
}

/// A number's place among steps of which each is twice as large as the one before; that is its exponent.
fn step(number: f32) -> u64 {
    u64::from(number.to_bits() >> 23)
}
