//! Evidence: how far two lines agree, field by field, and what that weighs.

use serde::{Deserialize, Serialize};

use super::frequency::{Table, Valued, counts};
use super::habit::DayAt;
use super::{Field, Level, Millibits, Model, levels, receiver};
use crate::held::{Code, Day, Held, HeldLine, Known, PartyNo, Terms, hash};

/// One reason for or against a link: a field, how far it agrees, what that weighs, and the two values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// The field.
    pub field: Field,
    /// How far the two agree in it.
    pub level: Level,
    /// What it weighs, in thousandths of a bit; above zero it speaks for the link.
    pub weight: Millibits,
    /// What they said, as a value.
    pub theirs: String,
    /// What we hold, as a value.
    pub ours: String,
}

/// An export beside an import.
#[derive(Clone, Copy)]
pub(crate) struct Docs<'a> {
    pub(crate) terms: &'a Terms,
    pub(crate) export: &'a Held,
    pub(crate) import: &'a Held,
}

/// A line of an export beside a line of an import.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) docs: Docs<'a>,
    pub(crate) export_line: &'a HeldLine,
    pub(crate) import_line: &'a HeldLine,
}

impl<'a> Docs<'a> {
    /// Days from departure to arrival.
    pub(super) fn days(&self) -> Option<i32> {
        days(self.export.day, self.import.day)
    }

    /// The two senders, or the two receivers.
    pub(super) const fn parties(&self, valued: Valued) -> (PartyNo, PartyNo) {
        match valued {
            Valued::Exporter => (self.export.sender, self.import.sender),
            Valued::Consignee | Valued::Heading | Valued::Place => {
                (self.export.receiver, self.import.receiver)
            }
        }
    }

    pub(super) fn known(&self, valued: Valued) -> (&'a Known, &'a Known) {
        let (left, right) = self.parties(valued);
        (self.terms.parties.known(left), self.terms.parties.known(right))
    }
}

impl Pair<'_> {
    /// How far the quantities of the two agree, as if they stood alone.
    pub(crate) fn quantity(&self) -> Level {
        levels::quantity_level(self.export_line.amount, self.import_line.amount)
    }

    /// The value a field agrees in, as a number and as text.
    fn value(&self, valued: Valued, table: &Table) -> Option<(u64, String)> {
        let Docs { terms, import, .. } = self.docs;
        match valued {
            Valued::Consignee | Valued::Exporter => self.shared_word(table, valued),
            Valued::Heading => {
                let heading = self.import_line.hs.code()?.prefix(4).to_owned();
                Some((self.import_line.hs.prefix(4), heading))
            }
            Valued::Place => {
                Some((place_value(terms, import.place), terms.codes.text(import.place).to_owned()))
            }
        }
    }

    /// Of the rarest words of two names the one that is more common: what a slip of the pen makes rare says nothing.
    fn shared_word(&self, table: &Table, valued: Valued) -> Option<(u64, String)> {
        let (left, right) = self.docs.known(valued);
        [table.rarest(left)?, table.rarest(right)?].into_iter().max_by_key(|(word, _)| table.times(*word).0)
    }
}

/// How far two lines agree in every field, and how common that is in what they agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// The levels of all fields, as positions in [`Field::levels`].
    levels: [u8; Field::ALL.len()],
    /// What being common or rare adds, of the fields where it matters.
    common: [i16; Valued::ALL.len()],
    /// The days the goods took on their way.
    pub(super) day: DayAt,
    /// Whether the two amounts agree, so that another receiver may be one that was changed.
    amounts_agree: bool,
}

impl Evidence {
    /// Evidence of goods that took so many days, which says nothing else.
    pub(super) const fn of(day: DayAt) -> Self {
        Self { levels: [0; Field::ALL.len()], common: [0; Valued::ALL.len()], day, amounts_agree: false }
    }

    /// Evidence that says nothing.
    #[cfg(test)]
    pub(super) const fn empty() -> Self {
        Self::of(DayAt::NONE)
    }

    /// Sets what being common or rare adds, and says it: nothing unless the field agrees in a value.
    pub(super) fn set_common(&mut self, valued: Valued, adds: Millibits) -> Millibits {
        let counted = counts(self.level(valued.field()));
        let adds = i16::try_from(adds).ok().filter(|_| counted).unwrap_or(0);
        self.common[valued as usize] = adds;
        adds.into()
    }

    /// The place of a field's level among [`Field::levels`].
    pub(super) fn place(&self, field: Field) -> usize {
        usize::from(self.levels[field as usize])
    }

    pub(super) fn set(&mut self, field: Field, level: Level) {
        self.levels[field as usize] = field.place(level);
    }

    pub(crate) fn level(&self, field: Field) -> Level {
        field.levels()[usize::from(self.levels[field as usize])]
    }

    /// What all of it weighs together, the prior included.
    pub(crate) fn weight(&self, model: &Model) -> Millibits {
        let levels = Field::ALL.iter().map(|field| model.at(*field, self.levels[*field as usize]));
        let common = self.common.iter().map(|adds| i32::from(*adds));
        levels.chain(common).sum::<Millibits>()
            + self.spared(model)
            + model.habits.adds(self.day)
            + model.prior
    }

    /// Takes in how far the amounts of the two lines agree, before their receivers' names are laid beside each other.
    pub(super) const fn regard(&mut self, quantity: Level) {
        self.amounts_agree = matches!(quantity, Level::Same | Level::Round | Level::Near);
    }

    /// By how much less another receiver speaks against a link than another name and another address, where the amounts agree.
    pub(super) fn spared(&self, model: &Model) -> Millibits {
        if !self.amounts_agree {
            return 0;
        }
        let weight = |field: Field| model.at(field, self.levels[field as usize]);
        receiver::spared(weight(Field::Consignee), weight(Field::Address))
    }

    /// The same as reasons, with their values; fields without a say are left out.
    pub(crate) fn contributions(&self, pair: &Pair<'_>, model: &Model) -> Vec<Contribution> {
        let compared = Field::ALL.into_iter().filter(|field| self.level(*field) != Level::Absent);
        let agreeing = compared.map(|field| {
            let (theirs, ours) = values(pair, field);
            let spared = if field == Field::Address { self.spared(model) } else { 0 };
            let weight = model.at(field, self.levels[field as usize]) + spared;
            Contribution { field, level: self.level(field), weight, theirs, ours }
        });
        let common = Valued::ALL.into_iter().filter_map(|valued| self.frequency(valued, pair, model));
        agreeing.chain(common).chain(self.habit(pair, model)).collect()
    }

    /// What it adds that what agrees is common or rare: the value, and how often it was stated.
    fn frequency(&self, valued: Valued, pair: &Pair<'_>, model: &Model) -> Option<Contribution> {
        let weight = i32::from(self.common[valued as usize]);
        let table = model.frequencies.of(valued);
        let (value, theirs) = pair.value(valued, table).filter(|_| weight != 0)?;
        let (times, counted) = table.times(value);
        let ours = format!("{times}/{counted}");
        Some(Contribution { field: valued.field(), level: Level::Frequency, weight, theirs, ours })
    }

    /// What it adds that goods take so many days on their way, or do not: the way, and the days.
    fn habit(&self, pair: &Pair<'_>, model: &Model) -> Option<Contribution> {
        let weight = model.habits.adds(self.day);
        let (text, export) = (|code| pair.docs.terms.codes.text(code), pair.docs.export);
        let theirs = format!("{} {} {}", text(export.country), text(export.mode), text(export.place));
        let ours = pair.docs.days().filter(|_| weight != 0)?.to_string();
        Some(Contribution { field: Field::Lag, level: Level::Frequency, weight, theirs, ours })
    }
}

/// Days from one day to another.
pub(super) fn days(departure: Day, arrival: Day) -> Option<i32> {
    Some(arrival.number()? - departure.number()?)
}

/// A place as a number that is the same on every machine.
pub(crate) fn place_value(terms: &Terms, place: Code) -> u64 {
    hash(&[terms.codes.text(place)])
}

/// The days a lane takes, as an export of one mode needs them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Days after departure by which goods have arrived.
    pub(super) transit: i32,
    /// Days they may arrive before they left.
    pub(super) early: i32,
    /// The number of the way among those whose days are told apart.
    pub(super) way: Option<u16>,
}

impl Limits {
    pub(super) fn day(self, days: Option<i32>) -> DayAt {
        days.map_or(DayAt::NONE, |days| DayAt::new(self.way, days))
    }
}

fn values(pair: &Pair<'_>, field: Field) -> (String, String) {
    let Docs { terms, export, import } = pair.docs;
    let code = |left, right| (terms.codes.text(left).to_owned(), terms.codes.text(right).to_owned());
    let party = |valued, of: fn(&Known) -> String| {
        let (left, right) = pair.docs.known(valued);
        (of(left), of(right))
    };
    let (export_line, import_line) = (pair.export_line, pair.import_line);
    match field {
        Field::Quoted => {
            (export.number.to_string(), import_line.quoted.as_deref().unwrap_or_default().to_owned())
        }
        Field::Consignee => party(Valued::Consignee, Known::shown),
        Field::Exporter => party(Valued::Exporter, Known::shown),
        Field::Address => party(Valued::Consignee, Known::address_text),
        Field::Hs => {
            let text = |line: &HeldLine| line.hs.code().map_or_else(String::new, |code| code.to_string());
            (text(export_line), text(import_line))
        }
        Field::Origin => code(export_line.origin, import_line.origin),
        Field::Lag => {
            let text = |held: &Held| held.day.date().map_or_else(String::new, |date| date.to_string());
            (text(export), text(import))
        }
        Field::Mode => code(export.mode, import.mode),
        Field::Place => code(export.place, import.place),
        Field::From => code(export.from, import.from),
        Field::Item => (export_line.item.to_string(), import_line.item.to_string()),
        Field::Quantity | Field::Siblings | Field::Lots | Field::Prior => Default::default(),
    }
}
