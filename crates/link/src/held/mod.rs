//! Documents in little room: codes and parties as numbers, lines without text. What comes out equals what went in.

mod amount;
mod codes;
mod hash;
mod hs;
mod packed;
mod parties;
mod piece;
mod rows;

pub(crate) use amount::Amount;
#[cfg(test)]
pub(crate) use amount::Kind;
use amount::Units;
pub(crate) use codes::{Code, Codes};
pub(crate) use hash::{hash, mix, word_hash};
pub(crate) use hs::Hs;
pub(crate) use packed::Packed;
pub(crate) use parties::{Known, Parties, PartyKeys, PartyNo};
pub(crate) use piece::{Piece, Prepared, Renumbered};
pub(crate) use rows::{LineRow, PartyRow};

use customs::terms::{Country, Party, Place, TransportMode};
use jiff::civil::Date;
use kernel::Quantity;
use rust_decimal::Decimal;

use crate::doc::{Doc, DocId, DocLine, Side};

/// Days since the first of January 1970; [`Day::NONE`] where none is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(i32);

impl Default for Day {
    fn default() -> Self {
        Self::NONE
    }
}

impl Day {
    pub(crate) const NONE: Self = Self(i32::MIN);

    pub(crate) fn of(date: Option<Date>) -> Self {
        let since = date.and_then(|date| date.since(EPOCH).ok());
        since.map_or(Self::NONE, |span| Self(span.get_days()))
    }

    pub(crate) fn date(self) -> Option<Date> {
        let days = jiff::Span::new().try_days(self.number()?).ok()?;
        EPOCH.checked_add(days).ok()
    }

    pub(crate) const fn number(self) -> Option<i32> {
        if self.0 == i32::MIN { None } else { Some(self.0) }
    }

    /// The week it lies in; the least number where the day is unknown.
    pub(crate) fn week(self) -> i16 {
        self.number().map_or(i16::MIN, |day| i16::try_from(day.div_euclid(7)).unwrap_or(i16::MAX))
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// A document in little room.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) number: Box<str>,
    pub(crate) side: Side,
    /// The administration it was lodged with; `NONE` where the key names none.
    pub(crate) country: Code,
    pub(crate) sender: PartyNo,
    pub(crate) receiver: PartyNo,
    pub(crate) from: Code,
    pub(crate) day: Day,
    pub(crate) mode: Code,
    pub(crate) place: Code,
    pub(crate) lines: Box<[HeldLine]>,
}

/// What a document says of the way its goods go.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head {
    pub(crate) country: Code,
    pub(crate) from: Code,
    pub(crate) day: Day,
    pub(crate) mode: Code,
    pub(crate) place: Code,
}

impl Held {
    /// What it says of the way.
    pub(crate) const fn head(&self) -> Head {
        let Self { country, from, day, mode, place, .. } = *self;
        Head { country, from, day, mode, place }
    }
}

/// A line in little room.
#[derive(Clone, Debug)]
pub(crate) struct HeldLine {
    pub(crate) item: u32,
    pub(crate) hs: Hs,
    /// The amount as stated; its unit is `NONE` where no quantity is.
    pub(crate) stated: Decimal,
    pub(crate) unit: Code,
    /// The same in a unit that can be summed, worked out once; `None` where there is none.
    pub(crate) amount: Option<Amount>,
    pub(crate) origin: Code,
    pub(crate) quoted: Option<Box<str>>,
}

/// Lines in the order of their items, each item once.
fn tidied(mut lines: Vec<HeldLine>) -> Box<[HeldLine]> {
    lines.sort_by_key(|line| line.item);
    lines.dedup_by_key(|line| line.item);
    lines.truncate(usize::from(u16::MAX));
    lines.into()
}

/// What codes and parties the documents at hand share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    pub(crate) codes: Codes,
    pub(crate) parties: Parties,
    units: Units,
}

impl Terms {
    /// Takes a document in; lines of one number after the first are dropped.
    pub(crate) fn hold(&mut self, doc: Doc) -> Held {
        let (sender, receiver) = (self.parties.take(&doc.sender), self.parties.take(&doc.receiver));
        self.hold_with(doc, sender, receiver)
    }

    fn hold_with(&mut self, doc: Doc, sender: PartyNo, receiver: PartyNo) -> Held {
        let lines = tidied(doc.lines.into_iter().map(|line| self.hold_line(line)).collect());
        let mut code = |code: Option<&str>| self.codes.take(code.unwrap_or_default());
        Held {
            side: doc.id.side,
            country: code(Some(doc.id.country.as_str())),
            sender,
            receiver,
            from: code(doc.from.as_ref().map(Country::as_str)),
            day: Day::of(doc.day),
            mode: code(doc.mode.as_ref().map(TransportMode::as_str)),
            place: code(doc.place.as_ref().map(Place::as_str)),
            lines,
            number: doc.id.number.into(),
        }
    }

    fn hold_line(&mut self, line: DocLine) -> HeldLine {
        let (stated, unit) = match line.quantity {
            Some(quantity) => {
                let unit = self.codes.take(quantity.unit.as_str());
                self.units.know(unit, &quantity.unit);
                (quantity.amount, unit)
            }
            None => (Decimal::ZERO, Code::NONE),
        };
        HeldLine {
            item: line.item,
            hs: Hs::of(line.hs.as_ref()),
            stated,
            unit,
            amount: self.units.amount(stated, unit),
            origin: self.codes.take(line.origin.as_ref().map_or("", Country::as_str)),
            quoted: line.quoted.map(Into::into),
        }
    }

    /// Lets a document go.
    pub(crate) fn release(&mut self, held: &Held) {
        self.parties.give_back(held.sender);
        self.parties.give_back(held.receiver);
    }

    /// The natural key of a document.
    pub(crate) fn id(&self, held: &Held) -> DocId {
        DocId {
            side: held.side,
            country: Country::new(self.codes.text(held.country)),
            number: held.number.to_string(),
        }
    }

    /// The order documents have in every result: by side, country and number.
    pub(crate) fn order(&self, a: &Held, b: &Held) -> std::cmp::Ordering {
        let key = |held: &Held| (held.side, self.codes.text(held.country).to_owned());
        if a.country == b.country && a.side == b.side {
            return a.number.cmp(&b.number);
        }
        key(a).cmp(&key(b)).then_with(|| a.number.cmp(&b.number))
    }

    /// The document as it came.
    pub(crate) fn doc(&self, held: &Held) -> Doc {
        Doc {
            sender: self.parties.known(held.sender).party(),
            receiver: self.parties.known(held.receiver).party(),
            ..self.bare_doc(held, &held.lines)
        }
    }

    /// The document without its parties, with some of its lines.
    pub(crate) fn bare_doc(&self, held: &Held, lines: &[HeldLine]) -> Doc {
        let code = |code: Code| (!code.is_none()).then(|| self.codes.text(code));
        Doc {
            id: self.id(held),
            sender: Party::default(),
            receiver: Party::default(),
            from: code(held.from).map(Country::new),
            day: held.day.date(),
            mode: code(held.mode).map(TransportMode::new),
            place: code(held.place).map(Place::new),
            lines: lines.iter().map(|line| self.line(line)).collect(),
        }
    }

    fn line(&self, line: &HeldLine) -> DocLine {
        DocLine {
            item: line.item,
            hs: line.hs.code(),
            quantity: self.quantity(line),
            origin: (!line.origin.is_none()).then(|| Country::new(self.codes.text(line.origin))),
            quoted: line.quoted.as_deref().map(str::to_owned),
        }
    }

    fn quantity(&self, line: &HeldLine) -> Option<Quantity> {
        (!line.unit.is_none()).then(|| Quantity::new(line.stated, self.codes.text(line.unit)))
    }
}
