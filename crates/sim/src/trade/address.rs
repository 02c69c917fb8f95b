//! Writes a firm's address, in its own script or in Latin letters.

use customs::terms::{Address, Country};

use super::marks::Mark;
use super::scribe::Scribe;
use super::words::{Script, Word};

impl Scribe<'_> {
    /// The address on its own country's papers, in its own script.
    pub(crate) fn address_at_home(&self) -> Address {
        let line = self.filled(self.tongue().address, |word| word.own.to_owned());
        let city = Scribe::word(&self.tongue().places, self.firm.city).own;
        Address { line, city: city.to_owned(), country: Some(self.country()), ..Address::default() }
    }

    /// The address on another country's papers: everything in one line of Latin letters, as free-text forms have it.
    pub(crate) fn address_abroad(&mut self) -> Address {
        let han = self.tongue().script == Script::Han;
        let order = if han { "No. {n} {street}, {area}, {city}" } else { self.tongue().address };
        let (firm, tongue, permille) = (self.firm, self.tongue(), self.dirt.spelling);
        let lists = [(&tongue.streets, firm.street), (&tongue.areas, firm.area), (&tongue.places, firm.city)];
        let mut ways = lists
            .map(|(words, place)| self.way(Scribe::word(words, place), permille, Mark::Spelling))
            .into_iter();
        let text = self.filled(order, |_| ways.next().unwrap_or_default());
        let line = self.spoilt(text);
        Address { line, country: Some(self.country()), ..Address::default() }
    }

    /// The order with the firm's house, street, area and city in it; these three are asked for in this order.
    fn filled(&self, order: &str, mut write: impl FnMut(&Word) -> String) -> String {
        let (firm, tongue) = (self.firm, self.tongue());
        order
            .replace("{n}", &firm.house.to_string())
            .replace("{street}", &write(Scribe::word(&tongue.streets, firm.street)))
            .replace("{area}", &write(Scribe::word(&tongue.areas, firm.area)))
            .replace("{city}", &write(Scribe::word(&tongue.places, firm.city)))
    }

    fn country(&self) -> Country {
        Country::new(self.nation.code)
    }
}
