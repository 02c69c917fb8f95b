//! Documents in little room: codes and parties as numbers, lines without text. What comes out equals what went in.

mod amount;
mod codes;
mod hash;
mod hs;
mod parties;

pub(crate) use amount::Amount;
use amount::Units;
pub(crate) use codes::{Code, Codes};
pub(crate) use hash::{hash, mix};
pub(crate) use hs::Hs;
pub(crate) use parties::{Known, Parties, PartyNo};

use customs::terms::{Country, Place, TransportMode};
use jiff::civil::Date;
use kernel::Quantity;
use rust_decimal::Decimal;

use crate::doc::{Doc, DocId, DocLine};

/// Days since the first of January 1970; [`Day::NONE`] where none is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(i32);

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
    pub(crate) id: DocId,
    pub(crate) sender: PartyNo,
    pub(crate) receiver: PartyNo,
    pub(crate) from: Code,
    pub(crate) day: Day,
    pub(crate) mode: Code,
    pub(crate) place: Code,
    pub(crate) lines: Box<[HeldLine]>,
}

/// A line in little room.
#[derive(Clone, Debug)]
pub(crate) struct HeldLine {
    pub(crate) item: u32,
    pub(crate) hs: Hs,
    /// The amount as stated; its unit is `NONE` where no quantity is.
    pub(crate) amount: Decimal,
    pub(crate) unit: Code,
    pub(crate) origin: Code,
    pub(crate) quoted: Option<Box<str>>,
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
        let text = |code: Option<&str>| code.unwrap_or_default().to_owned();
        let mut lines: Vec<HeldLine> = doc.lines.into_iter().map(|line| self.hold_line(line)).collect();
        lines.sort_by_key(|line| line.item);
        lines.dedup_by_key(|line| line.item);
        Held {
            sender: self.parties.take(&doc.sender),
            receiver: self.parties.take(&doc.receiver),
            from: self.codes.take(&text(doc.from.as_ref().map(Country::as_str))),
            day: Day::of(doc.day),
            mode: self.codes.take(&text(doc.mode.as_ref().map(TransportMode::as_str))),
            place: self.codes.take(&text(doc.place.as_ref().map(Place::as_str))),
            lines: lines.into(),
            id: doc.id,
        }
    }

    fn hold_line(&mut self, line: DocLine) -> HeldLine {
        let (amount, unit) = match line.quantity {
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
            amount,
            unit,
            origin: self.codes.take(line.origin.as_ref().map_or("", Country::as_str)),
            quoted: line.quoted.map(Into::into),
        }
    }

    /// Lets a document go.
    pub(crate) fn release(&mut self, held: &Held) {
        self.parties.give_back(held.sender);
        self.parties.give_back(held.receiver);
    }

    /// The document as it came.
    pub(crate) fn doc(&self, held: &Held) -> Doc {
        let code = |code: Code| (!code.is_none()).then(|| self.codes.text(code));
        Doc {
            id: held.id.clone(),
            sender: self.parties.known(held.sender).party.clone(),
            receiver: self.parties.known(held.receiver).party.clone(),
            from: code(held.from).map(Country::new),
            day: held.day.date(),
            mode: code(held.mode).map(TransportMode::new),
            place: code(held.place).map(Place::new),
            lines: held.lines.iter().map(|line| self.line(line)).collect(),
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
        (!line.unit.is_none()).then(|| Quantity::new(line.amount, self.codes.text(line.unit)))
    }

    /// The line's amount in a unit that can be summed; `None` where there is none.
    pub(crate) fn amount(&self, line: &HeldLine) -> Option<Amount> {
        self.units.amount(line.amount, line.unit)
    }
}
