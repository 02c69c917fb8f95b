//! Evidence: how far two lines agree, field by field, and what that weighs.

use serde::{Deserialize, Serialize};

use super::frequency::{Table, Valued, counts};
use super::habit::DayAt;
use super::{Field, Level, Millibits, Model};
use crate::compare::Correlation;
use crate::held::{Amount, Code, Held, HeldLine, Hs, Known, PartyNo, Terms, hash};
use crate::resolve::{self, Name};

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

/// A line of an export beside a line of an import.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) terms: &'a Terms,
    pub(crate) export: &'a Held,
    pub(crate) export_line: &'a HeldLine,
    pub(crate) import: &'a Held,
    pub(crate) import_line: &'a HeldLine,
}

impl Pair<'_> {
    /// How far the quantities of the two agree, as if they stood alone.
    pub(crate) fn quantity(&self) -> Level {
        quantity_level(self.terms.amount(self.export_line), self.terms.amount(self.import_line))
    }

    /// Days from departure to arrival.
    fn days(&self) -> Option<i32> {
        Some(self.import.day.number()? - self.export.day.number()?)
    }

    /// The value a field agrees in, as a number.
    pub(super) fn value(&self, valued: Valued, table: &Table) -> Option<u64> {
        match valued {
            Valued::Consignee | Valued::Exporter => self.shared_word(table, valued).map(|(word, _)| word),
            Valued::Heading => Some(self.import_line.hs.prefix(4)),
            Valued::Place => Some(place_value(self.terms, self.import)),
        }
    }

    /// The same as text.
    fn value_text(&self, valued: Valued, table: &Table) -> Option<String> {
        match valued {
            Valued::Consignee | Valued::Exporter => self.shared_word(table, valued).map(|(_, text)| text),
            Valued::Heading => self.import_line.hs.code().map(|code| code.prefix(4).to_owned()),
            Valued::Place => Some(self.terms.codes.text(self.import.place).to_owned()),
        }
    }

    /// Of the rarest words of two names the one that is more common: what a slip of the pen makes rare says nothing.
    fn shared_word(&self, table: &Table, valued: Valued) -> Option<(u64, String)> {
        let (left, right) = match valued {
            Valued::Exporter => (self.export.sender, self.import.sender),
            Valued::Consignee | Valued::Heading | Valued::Place => {
                (self.export.receiver, self.import.receiver)
            }
        };
        let rarest = |party| table.rarest(self.terms.parties.known(party));
        [rarest(left)?, rarest(right)?].into_iter().max_by_key(|(word, _)| table.times(*word).0)
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
}

impl Evidence {
    /// Compares two lines in the fields that take no time. The quantities are left out: they belong to a group, see
    /// [`quantity_level`].
    pub(super) fn quick(pair: &Pair<'_>, limits: Limits, editions: &Correlation, quoted: Level) -> Self {
        let mut evidence = Self { day: limits.day(pair), ..Self::NOTHING };
        let (export, import) = (pair.export, pair.import);
        let same_item = pair.export_line.item == pair.import_line.item;
        evidence.set(Field::Quoted, quoted);
        evidence.set(Field::Hs, hs(pair.export_line.hs, pair.import_line.hs, editions));
        evidence.set(Field::Origin, same(pair.export_line.origin, pair.import_line.origin));
        evidence.set(Field::Lag, lag(pair, limits));
        evidence.set(Field::Mode, same(export.mode, import.mode));
        evidence.set(Field::Place, place(pair));
        evidence.set(Field::From, same(export.from, import.from));
        evidence.set(Field::Item, if same_item { Level::Same } else { Level::Different });
        evidence
    }

    /// Evidence that says nothing.
    const NOTHING: Self =
        Self { levels: [0; Field::ALL.len()], common: [0; Valued::ALL.len()], day: DayAt::NONE };

    /// Evidence that says nothing.
    #[cfg(test)]
    pub(super) const fn empty() -> Self {
        Self::NOTHING
    }

    /// Sets what being common or rare adds, where the field agrees in a value.
    pub(super) fn set_common(&mut self, valued: Valued, adds: Millibits) {
        if counts(self.level(valued.field())) {
            self.common[valued as usize] = i16::try_from(adds).unwrap_or(0);
        }
    }

    /// The place of a field's level among [`Field::levels`].
    pub(super) fn place(&self, field: Field) -> usize {
        usize::from(self.levels[field as usize])
    }

    pub(super) fn set(&mut self, field: Field, level: Level) {
        let at = field.levels().iter().position(|known| *known == level).unwrap_or(0);
        self.levels[field as usize] = at as u8;
    }

    pub(crate) fn level(&self, field: Field) -> Level {
        field.levels()[usize::from(self.levels[field as usize])]
    }

    /// What all of it weighs together, the prior included.
    pub(crate) fn weight(&self, model: &Model) -> Millibits {
        let levels = Field::ALL.iter().map(|field| model.at(*field, self.levels[*field as usize]));
        let common = self.common.iter().map(|adds| i32::from(*adds));
        levels.chain(common).sum::<Millibits>() + model.habits.adds(self.day) + model.prior
    }

    /// The same as reasons, with their values; fields without a say are left out.
    pub(crate) fn contributions(&self, pair: &Pair<'_>, model: &Model) -> Vec<Contribution> {
        let compared = Field::ALL.into_iter().filter(|field| self.level(*field) != Level::Absent);
        let agreeing = compared.map(|field| {
            let (theirs, ours) = values(pair, field);
            let weight = model.at(field, self.levels[field as usize]);
            Contribution { field, level: self.level(field), weight, theirs, ours }
        });
        let common = Valued::ALL.into_iter().filter_map(|valued| self.frequency(valued, pair, model));
        agreeing.chain(common).chain(self.habit(pair, model)).collect()
    }

    /// What it adds that what agrees is common or rare: the value, and how often it was stated.
    fn frequency(&self, valued: Valued, pair: &Pair<'_>, model: &Model) -> Option<Contribution> {
        let weight = i32::from(self.common[valued as usize]);
        let table = model.frequencies.of(valued);
        let (times, counted) = table.times(pair.value(valued, table).filter(|_| weight != 0)?);
        let (theirs, ours) = (pair.value_text(valued, table)?, format!("{times}/{counted}"));
        Some(Contribution { field: valued.field(), level: Level::Frequency, weight, theirs, ours })
    }

    /// What it adds that goods take so many days on their way, or do not: the way, and the days.
    fn habit(&self, pair: &Pair<'_>, model: &Model) -> Option<Contribution> {
        let weight = model.habits.adds(self.day);
        let (text, export) = (|code| pair.terms.codes.text(code), pair.export);
        let theirs = format!("{} {} {}", text(export.country), text(export.mode), text(export.place));
        let ours = pair.days().filter(|_| weight != 0)?.to_string();
        Some(Contribution { field: Field::Lag, level: Level::Frequency, weight, theirs, ours })
    }
}

/// A place as a number that is the same on every machine.
pub(crate) fn place_value(terms: &Terms, held: &Held) -> u64 {
    hash(&[terms.codes.text(held.place)])
}

/// How far two sums of quantities agree: theirs first.
pub(crate) fn quantity_level(theirs: Option<Amount>, ours: Option<Amount>) -> Level {
    let (Some(theirs), Some(ours)) = (theirs, ours) else { return Level::Absent };
    if theirs.kind != ours.kind {
        return Level::Absent;
    }
    let gap = ours.micro.abs_diff(theirs.micro);
    match () {
        () if gap == 0 && theirs.is_round() => Level::Round,
        () if gap == 0 => Level::Same,
        () if gap <= theirs.share(5) => Level::Near,
        () if gap <= theirs.share(50) => Level::Close,
        () if ours.micro < theirs.micro => Level::Under,
        () => Level::Over,
    }
}

fn same(left: Code, right: Code) -> Level {
    match () {
        () if left.is_none() || right.is_none() => Level::Absent,
        () if left == right => Level::Same,
        () => Level::Different,
    }
}

pub(super) fn party(terms: &Terms, left: PartyNo, right: PartyNo) -> Level {
    let (left, right) = (terms.parties.known(left), terms.parties.known(right));
    let same_identifier = left.same_identifier(right);
    if same_identifier == Some(true) {
        return Level::Identifier;
    }
    if left.name.is_empty() || right.name.is_empty() {
        return if same_identifier == Some(false) { Level::Different } else { Level::Absent };
    }
    match names(&left.name, &right.name) {
        Level::Part | Level::Different if left.owner.is_some() && left.owner == right.owner => Level::Alias,
        level => level,
    }
}

/// How far two names agree. Names that do not even sound alike are not laid beside each other; names that do are alike in
/// part though their words are not.
fn names(left: &Name, right: &Name) -> Level {
    let kinship = left.kinship(right);
    if kinship.is_some_and(|kinship| kinship < STRANGE) {
        return Level::Different;
    }
    match (resolve::name_likeness(left, right), kinship.unwrap_or(0)) {
        (890.., _) => Level::Same,
        (750.., _) | (_, AKIN..) => Level::Close,
        (400.., _) | (_, LIKE..) => Level::Part,
        _ => Level::Different,
    }
}

/// Names less akin than this are not looked at further.
const STRANGE: u16 = 340;
/// Names at least so much akin are alike in part.
const LIKE: u16 = 560;
/// Names at least so much akin are alike.
const AKIN: u16 = 780;

pub(super) fn address(terms: &Terms, left: PartyNo, right: PartyNo) -> Level {
    let (left, right) = (&terms.parties.known(left).address, &terms.parties.known(right).address);
    match resolve::shared_words(left, right) {
        None => Level::Absent,
        Some(700..) => Level::Same,
        Some(300..) => Level::Part,
        Some(_) => Level::Different,
    }
}

pub(super) fn hs(theirs: Hs, ours: Hs, editions: &Correlation) -> Level {
    let level = theirs.len().min(ours.len());
    let agree = |digits| level >= digits && theirs.prefix(digits) == ours.prefix(digits);
    match () {
        () if level == 0 => Level::Absent,
        () if level > 6 && agree(level) => Level::Same,
        () if agree(6) || editions.holds(theirs.digits(6), ours.digits(6)) => Level::Six,
        () if agree(4) => Level::Four,
        () if agree(2) => Level::Chapter,
        () => Level::Different,
    }
}

/// The days a lane takes, as an export of one mode needs them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Days after departure by which goods have arrived.
    pub(super) transit: i32,
    /// Days they may arrive before they left.
    pub(super) early: i32,
    /// The number of the way among those whose days are told apart.
    pub(super) way: Option<u16>,
}

impl Limits {
    fn day(self, pair: &Pair<'_>) -> DayAt {
        pair.days().map_or(DayAt::NONE, |days| DayAt::new(self.way, days))
    }
}

fn lag(pair: &Pair<'_>, limits: Limits) -> Level {
    let Some(days) = pair.days() else { return Level::Absent };
    let limit = limits.transit;
    match days {
        days if days < -4 * limits.early => Level::Different,
        days if days < 0 => Level::Early,
        days if days <= limit / 2 => Level::Usual,
        days if days <= limit => Level::Possible,
        days if days <= 2 * limit => Level::Late,
        _ => Level::Different,
    }
}

fn place(pair: &Pair<'_>) -> Level {
    let level = same(pair.export.place, pair.import.place);
    let country = |code| pair.terms.codes.text(code).get(..2);
    let one_country = country(pair.export.place) == country(pair.import.place);
    if level == Level::Different && one_country { Level::Part } else { level }
}

fn values(pair: &Pair<'_>, field: Field) -> (String, String) {
    let code =
        |left, right| (pair.terms.codes.text(left).to_owned(), pair.terms.codes.text(right).to_owned());
    let party = |left, right, of: fn(&Known) -> String| {
        (of(pair.terms.parties.known(left)), of(pair.terms.parties.known(right)))
    };
    let (export, import) = (pair.export, pair.import);
    let (export_line, import_line) = (pair.export_line, pair.import_line);
    match field {
        Field::Quoted => {
            (export.number.to_string(), import_line.quoted.as_deref().unwrap_or_default().to_owned())
        }
        Field::Consignee => party(export.receiver, import.receiver, Known::shown),
        Field::Exporter => party(export.sender, import.sender, Known::shown),
        Field::Address => party(export.receiver, import.receiver, Known::address_text),
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
