//! Writes a firm's address, in its own script or in Latin letters.

use customs::terms::{Address, Country};

use super::firm::Firm;
use super::marks::{Mark, Marks};
use super::naming::{Written, way};
use super::plan::Dirt;
use super::words::{Script, Tongue, Word};
use crate::dice::Dice;

/// The address on its own country's papers: a line and a city, in its own script.
pub(crate) fn at_home(firm: &Firm, (code, tongue): (&str, &Tongue)) -> Address {
    let line = filled(firm, tongue, tongue.address, |word| word.own.to_owned());
    let city = tongue.places[usize::from(firm.city)].own;
    Address { line, city: city.to_owned(), country: Some(Country::new(code)), ..Address::default() }
}

/// The address on another country's papers: everything in one line of Latin letters, as free-text forms have it.
pub(crate) fn abroad(
    firm: &Firm,
    (code, tongue): (&str, &Tongue),
    dirt: &Dirt,
    dice: &mut Dice,
) -> (Address, Marks) {
    let mut marks = Marks::default();
    let order =
        if tongue.script == Script::Han { "No. {n} {street}, {area}, {city}" } else { tongue.address };
    let text = filled(firm, tongue, order, |word| way(word, dirt.spelling, Mark::Spelling, &mut marks, dice));
    let mut written = Written { text, marks };
    written.spoil(dirt, dice);
    (Address { line: written.text, country: Some(Country::new(code)), ..Address::default() }, written.marks)
}

/// The order with the firm's house, street, area and city in it.
fn filled(firm: &Firm, tongue: &Tongue, order: &str, mut write: impl FnMut(&Word) -> String) -> String {
    order
        .replace("{n}", &firm.house.to_string())
        .replace("{street}", &write(&tongue.streets[usize::from(firm.street)]))
        .replace("{area}", &write(&tongue.areas[usize::from(firm.area)]))
        .replace("{city}", &write(&tongue.places[usize::from(firm.city)]))
}
