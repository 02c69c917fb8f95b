//! Firms: who exports, imports and carries. Fictitious by construction, the same for the same seed.

use super::goods::Good;
use super::identifier;
use super::words::{Script, Tongue, tongue};
use crate::dice::{Dice, Room};

/// One firm, as places in its country's word lists.
#[derive(Clone, Debug)]
pub(crate) struct Firm {
    /// Its number among the firms of its country and role.
    pub(crate) number: usize,
    /// The words of its brand.
    pub(crate) brand: Vec<u16>,
    /// The words of its business, one or two.
    pub(crate) trade: Vec<u16>,
    /// Its legal form.
    pub(crate) form: u16,
    /// Whether the city belongs to the name.
    pub(crate) local: Local,
    /// Where it is.
    pub(crate) city: u16,
    pub(crate) area: u16,
    pub(crate) street: u16,
    pub(crate) house: u16,
    /// Its identifier in the country's scheme.
    pub(crate) identifier: String,
    /// Where it stands in the order in which exporters consent, from 0 to 999: it consented where this is below the
    /// lane's coverage.
    pub(crate) reluctance: u16,
    /// The goods it deals in, as places in the catalogue; none for a carrier.
    pub(crate) goods: Vec<usize>,
    /// How many importers of a country it sells to.
    pub(crate) partners: usize,
}

/// Whether a firm's city is part of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Local {
    /// It is.
    Named,
    /// It is not.
    Unnamed,
}

/// What firms of a country do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Calling {
    Exporter = 0,
    Importer = 1,
    Carrier = 2,
}

/// The firms and words of one country.
#[derive(Clone, Debug)]
pub(crate) struct Nation {
    pub(crate) code: &'static str,
    pub(crate) tongue: Tongue,
    pub(crate) exporters: Vec<Firm>,
    pub(crate) importers: Vec<Firm>,
    pub(crate) carriers: Vec<Firm>,
}

/// The countries the generator has places for.
pub(crate) const COUNTRIES: [&str; 7] = ["VN", "TH", "LA", "CN", "KH", "MY", "SG"];

impl Nation {
    /// A country with this many exporters, as many importers and a tenth as many carriers; `None` for one there are
    /// no places for.
    pub(crate) fn found(seed: u64, country: &str, population: usize, goods: &[Good]) -> Option<Self> {
        let place = COUNTRIES.iter().position(|known| *known == country)?;
        let code = COUNTRIES[place];
        let tongue = tongue(code);
        let sold = sold_by(code, goods);
        let firms = |calling: Calling, many: usize| -> Vec<Firm> {
            let base = ((place * 3 + calling as usize) as u64) << 32;
            let dice = |number: usize| Dice::of(seed, Room::Firms, base | number as u64);
            (0..many).map(|number| firm((code, &tongue, &sold), calling, number, dice(number))).collect()
        };
        let exporters = firms(Calling::Exporter, population);
        let importers = firms(Calling::Importer, population);
        let carriers = firms(Calling::Carrier, population / 10 + 3);
        Some(Self { code, exporters, importers, carriers, tongue })
    }
}

/// The goods a country sells, as places in the catalogue; all where the table names none.
fn sold_by(country: &str, goods: &[Good]) -> Vec<usize> {
    let own: Vec<usize> = (0..goods.len()).filter(|place| goods[*place].from.contains(&country)).collect();
    if own.is_empty() { (0..goods.len()).collect() } else { own }
}

fn firm(
    (code, tongue, sold): (&'static str, &Tongue, &[usize]),
    calling: Calling,
    number: usize,
    mut dice: Dice,
) -> Firm {
    let trades = if matches!(calling, Calling::Carrier) { &tongue.carriers } else { &tongue.trades };
    let mut trade = vec![small(dice.below(trades.len()))];
    let second = small(dice.below(trades.len()));
    if dice.chance(450) && second != trade[0] {
        trade.push(second);
    }
    let local = if dice.chance(named_permille(tongue.script)) { Local::Named } else { Local::Unnamed };
    Firm {
        number,
        brand: brand(tongue, &mut dice),
        trade,
        form: small(dice.leaning(tongue.forms.len())),
        local,
        city: small(dice.below(tongue.places.len())),
        area: small(dice.below(tongue.areas.len())),
        street: small(dice.below(tongue.streets.len())),
        house: small(dice.below(880) + 1),
        identifier: identifier::of_firm(code, calling as usize, number),
        reluctance: small(dice.below(1000)),
        goods: if matches!(calling, Calling::Carrier) { Vec::new() } else { range_of_goods(sold, &mut dice) },
        partners: dice.leaning(6) + 1,
    }
}

/// Two words of a brand, three in a script that has short ones.
fn brand(tongue: &Tongue, dice: &mut Dice) -> Vec<u16> {
    let third = if tongue.script == Script::Han { 900 } else { 350 };
    let many = if dice.chance(third) { 3 } else { 2 };
    let mut brand = Vec::with_capacity(many);
    while brand.len() < many {
        let word = small(dice.below(tongue.brands.len()));
        if !brand.contains(&word) {
            brand.push(word);
        }
    }
    brand
}

/// Two to four kinds of goods that stand near each other in the nomenclature.
fn range_of_goods(sold: &[usize], dice: &mut Dice) -> Vec<usize> {
    let start = dice.below(sold.len());
    let many = dice.below(3) + 2;
    let mut goods: Vec<usize> = (0..many).map(|_| sold[(start + dice.below(7)) % sold.len()]).collect();
    goods.sort_unstable();
    goods.dedup();
    goods
}

/// How often the city is part of a name.
fn named_permille(script: Script) -> u16 {
    if script == Script::Han { 900 } else { 120 }
}

/// A place in a word list; the lists are short.
fn small(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}
