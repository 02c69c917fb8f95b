//! Mirror analysis: what partners say they sent us beside what was declared here, by subheading, partner and month, with
//! the explanations that work on sums.
//!
//! The mirror is the telescope, linking the microscope: every gap opens down to the lines behind it, and links of lines
//! explain part of it (what fell into the next month, under another code, or to another partner).

mod explain;
mod gap;
mod month;
mod sum;

pub use explain::{GapExplanation, GapReason};
pub use gap::{Gap, Lens};
pub use month::Month;
pub use sum::Sum;

use std::collections::BTreeMap;

use customs::terms::{Country, HsCode};
use jiff::civil::Date;
use kernel::{Money, Quantity};
use serde::{Deserialize, Serialize};

use crate::doc::{LineRef, Side};

/// What a gap is about: a subheading, a partner, a month.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell {
    /// The exporting country.
    pub partner: Country,
    /// The first six digits, or fewer where no more is known.
    pub hs: String,
    /// The month: of departure for theirs, of arrival for ours.
    pub month: Month,
}

/// One line as the mirror sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The line.
    pub at: LineRef,
    /// The exporting country: for an export where it was lodged, for an import what it names.
    pub partner: Country,
    /// Its commodity code.
    pub hs: HsCode,
    /// Day of departure or arrival.
    pub day: Date,
    /// Its quantity.
    pub quantity: Option<Quantity>,
    /// Its value, in one currency for all lines; absent where the document carries none, as an ACDD does.
    pub value: Option<Money>,
    /// The cell in which the line it is linked to stands, where it is linked.
    pub linked: Option<Cell>,
}

/// What stands in one cell on both sides.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Both {
    pub(crate) theirs: Pile,
    pub(crate) ours: Pile,
}

/// The lines of one side in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pile {
    pub(crate) sum: Sum,
    /// The part that is linked to a line in another cell, by why that cell is another.
    pub(crate) moved: BTreeMap<GapReason, Sum>,
    /// The part that is linked to a line of the same cell.
    pub(crate) matched: Sum,
    pub(crate) lines: Vec<LineRef>,
}

/// All cells.
#[derive(Clone, Debug, Default)]
pub struct Mirror(BTreeMap<Cell, Both>);

impl Cell {
    /// The cell of a line.
    #[must_use]
    pub fn of(partner: &Country, hs: &HsCode, day: Date) -> Self {
        Self { partner: partner.clone(), hs: hs.prefix(6).to_owned(), month: Month::of(day) }
    }
}

impl Mirror {
    /// An empty mirror.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a line in.
    pub fn add(&mut self, stated: &Stated) {
        let cell = Cell::of(&stated.partner, &stated.hs, stated.day);
        let moved = stated.linked.as_ref().and_then(|other| cell.apart(other));
        let both = self.0.entry(cell).or_default();
        let pile = match stated.at.doc.side {
            Side::Export => &mut both.theirs,
            Side::Import => &mut both.ours,
        };
        let (quantity, value) = (stated.quantity.as_ref(), stated.value.as_ref());
        pile.sum.add(quantity, value);
        match (&stated.linked, moved) {
            (Some(_), Some(reason)) => pile.moved.entry(reason).or_default().add(quantity, value),
            (Some(_), None) => pile.matched.add(quantity, value),
            (None, _) => {}
        }
        pile.lines.push(stated.at.clone());
    }

    /// The gap of every cell through this lens, in the order of the cells.
    pub fn gaps<'a>(&'a self, lens: &'a Lens) -> impl Iterator<Item = Gap> + 'a {
        self.0.iter().map(|(cell, both)| Gap::of(cell, both, lens))
    }

    /// The gap of one cell; `None` where neither side has anything there.
    #[must_use]
    pub fn gap(&self, cell: &Cell, lens: &Lens) -> Option<Gap> {
        self.0.get(cell).map(|both| Gap::of(cell, both, lens))
    }

    /// The lines behind a cell: theirs, ours.
    #[must_use]
    pub fn lines(&self, cell: &Cell) -> (&[LineRef], &[LineRef]) {
        self.0.get(cell).map_or((&[], &[]), |both| (&both.theirs.lines, &both.ours.lines))
    }
}

impl Cell {
    /// Why a linked line stands in another cell; `None` where it is the same cell.
    fn apart(&self, other: &Self) -> Option<GapReason> {
        match () {
            () if self.partner != other.partner => Some(GapReason::Attribution),
            () if self.hs != other.hs => Some(GapReason::Classification),
            () if self.month != other.month => Some(GapReason::Timing),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::doc::DocId;
    use crate::lane::Share;

    fn stated(side: Side, number: &str, day: Date, tonnes: i64) -> Stated {
        let doc = DocId { side, country: Country::new("TH"), number: number.into() };
        Stated {
            at: LineRef { doc, item: 1 },
            partner: Country::new("TH"),
            hs: HsCode::new("40012200").expect("a code"),
            day,
            quantity: Some(Quantity::new(Decimal::from(tonnes), "TNE")),
            value: None,
            linked: None,
        }
    }

    fn day(month: i8, day: i8) -> Date {
        Date::constant(2026, month, day)
    }

    #[test]
    fn what_arrived_in_the_next_month_is_explained_by_timing() {
        let mut mirror = Mirror::new();
        let (may, june) =
            (stated(Side::Export, "E", day(5, 30), 18), stated(Side::Import, "I", day(6, 2), 18));
        let cells = [&may, &june].map(|line| Cell::of(&line.partner, &line.hs, line.day));
        mirror.add(&Stated { linked: Some(cells[1].clone()), ..may });
        mirror.add(&Stated { linked: Some(cells[0].clone()), ..june });
        let lens = Lens::default();
        for cell in &cells {
            let gap = mirror.gap(cell, &lens).expect("a line stands there");
            assert_eq!(gap.unexplained, Some(0), "{gap:?}");
            assert!(gap.explanations.iter().any(|told| told.reason == GapReason::Timing), "{gap:?}");
        }
    }

    #[test]
    fn a_covered_lane_shows_what_was_sent_and_not_declared() {
        let mut mirror = Mirror::new();
        mirror.add(&stated(Side::Export, "E1", day(5, 3), 100));
        mirror.add(&stated(Side::Import, "I1", day(5, 5), 60));
        let cell = Cell::of(&Country::new("TH"), &HsCode::new("400122").expect("a code"), day(5, 1));
        let whole = mirror.gap(&cell, &Lens::default()).expect("lines stand there");
        assert_eq!(whole.unexplained, Some(-400), "all is shared: four tenths are missing");
        let coverage = Share { permille: 600, low: 550, high: 650, of: 100 };
        let lens = Lens { coverage: [(Country::new("TH"), coverage)].into(), ..Lens::default() };
        let part = mirror.gap(&cell, &lens).expect("lines stand there");
        assert!(part.unexplained < Some(-600), "six tenths are shared: far more must have left: {part:?}");
        assert_eq!(mirror.lines(&cell).0.len(), 1);
    }

    #[test]
    fn more_here_than_they_share_is_explained_by_coverage() {
        let mut mirror = Mirror::new();
        mirror.add(&stated(Side::Export, "E1", day(5, 3), 60));
        mirror.add(&stated(Side::Import, "I1", day(5, 5), 100));
        let coverage = Share { permille: 600, low: 550, high: 650, of: 100 };
        let lens = Lens { coverage: [(Country::new("TH"), coverage)].into(), ..Lens::default() };
        let gap = mirror.gaps(&lens).next().expect("one cell");
        assert_eq!((gap.gap, gap.unexplained), (Some(667), Some(0)));
        assert_eq!(gap.explanations[0].reason, GapReason::Coverage);
    }
}
