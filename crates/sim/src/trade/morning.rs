//! A morning: all consignments of a plan, and the order in which their declarations are lodged and sent.

use customs::declaration::Declaration;

use super::consignment::Consignment;
use super::generator::{PlanFault, Trade};
use super::plan::Plan;
use super::truth::Truth;
use crate::dice::{Dice, Room};

/// All trade of a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Morning {
    /// The export declarations of all sides; those without consent are not to be sent.
    pub exports: Vec<Declaration>,
    /// The import declarations of all sides.
    pub imports: Vec<Declaration>,
    /// What is true of them.
    pub truth: Truth,
    /// When which is lodged, earliest first. Everything is lodged at least once.
    pub timetable: Vec<Lodging>,
}

/// One declaration reaching its own administration, which sends it on if it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lodging {
    /// Minutes after the morning began.
    pub minute: u32,
    /// Which declaration.
    pub which: Which,
    /// What goes wrong on its way to the other side.
    pub trouble: Option<Trouble>,
}

/// A declaration of a morning, by its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one of the exports.
    Export(usize),
    /// This one of the imports.
    Import(usize),
}

/// What goes wrong with a message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is sent twice.
    Doubled,
    /// It comes after the import it is about.
    Late,
    /// It comes damaged; whole it is lodged again a few minutes later.
    Damaged(Damage),
}

/// How a message is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Everything after this permille of its bytes is missing.
    Truncated(u16),
    /// The byte at this permille of its length is another.
    Flipped(u16),
}

impl Damage {
    /// The bytes as they arrive.
    #[must_use]
    pub fn done_to(self, bytes: &[u8]) -> Vec<u8> {
        let place = |permille: u16| bytes.len() * usize::from(permille.min(999)) / 1000;
        let mut damaged = bytes.to_vec();
        match self {
            Self::Truncated(permille) => damaged.truncate(place(permille)),
            Self::Flipped(permille) => {
                if let Some(byte) = damaged.get_mut(place(permille)) {
                    *byte ^= 0x15;
                }
            }
        }
        damaged
    }
}

impl Morning {
    /// Generates all trade of a plan.
    ///
    /// # Errors
    /// [`PlanFault`] where the plan cannot be followed.
    pub fn generate(plan: &Plan) -> Result<Self, PlanFault> {
        let trade = Trade::new(plan.clone())?;
        let mut morning = Self::default();
        trade.consignments().for_each(|consignment| morning.add(consignment, plan.seed));
        morning.timetable.sort_by_key(|lodging| lodging.minute);
        Ok(morning)
    }

    /// Takes in a consignment and says when its declarations are lodged.
    fn add(&mut self, consignment: Consignment, seed: u64) {
        let mut dice = Dice::of(seed, Room::Timetable, consignment.case.number);
        let start = u32::try_from(dice.below(180)).unwrap_or(0);
        let trouble = self.troubled(&consignment, &mut dice);
        let exports = self.exports.len()..self.exports.len() + consignment.exports.len();
        let imports = self.imports.len()..self.imports.len() + consignment.imports.len();
        let late = if trouble == Some(Trouble::Late) { 40 } else { 0 };
        for (place, later) in exports.zip((0..).step_by(4)) {
            self.lodge(start + late + later, Which::Export(place), trouble);
        }
        for (place, later) in imports.zip((15..).step_by(9)) {
            self.lodge(start + later, Which::Import(place), None);
        }
        self.exports.extend(consignment.exports);
        self.imports.extend(consignment.imports);
        self.truth.cases.push(consignment.case);
    }

    /// One in fifty messages of shared exports is doubled, one late, one damaged.
    fn troubled(&self, consignment: &Consignment, dice: &mut Dice) -> Option<Trouble> {
        let place = u16::try_from(dice.between(100, 950)).unwrap_or(500);
        let single = consignment.exports.len() == 1 && consignment.exports[0].consent.is_some();
        match dice.below(50) {
            0 if single => Some(Trouble::Doubled),
            1 if single && !consignment.imports.is_empty() => Some(Trouble::Late),
            2 if single => Some(Trouble::Damaged(Damage::Truncated(place))),
            3 if single && dice.chance(500) => Some(Trouble::Damaged(Damage::Flipped(place))),
            _ => None,
        }
    }

    fn lodge(&mut self, minute: u32, which: Which, trouble: Option<Trouble>) {
        self.timetable.push(Lodging { minute, which, trouble });
        if matches!(trouble, Some(Trouble::Damaged(_))) {
            self.timetable.push(Lodging { minute: minute + 3, which, trouble: None });
        }
    }

    /// Takes in a consignment whose declarations are lodged in this order, a minute apart.
    pub(crate) fn stage(&mut self, consignment: Consignment, order: &[(Which, Option<Trouble>)]) {
        let (exports, imports) = (self.exports.len(), self.imports.len());
        for (which, trouble) in order {
            let which = match *which {
                Which::Export(place) => Which::Export(exports + place),
                Which::Import(place) => Which::Import(imports + place),
            };
            let minute = self.timetable.last().map_or(0, |last| last.minute + 1);
            self.lodge(minute, which, *trouble);
        }
        self.exports.extend(consignment.exports);
        self.imports.extend(consignment.imports);
        self.truth.cases.push(consignment.case);
    }
}
