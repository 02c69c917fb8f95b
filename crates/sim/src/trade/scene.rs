//! The scenes of the demonstration: the exact documents of each, from a seed and a date, to be played one by one.

use customs::declaration::{Declaration, Function};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::consignment::Consignment;
use super::generator::Trade;
use super::morning::{Damage, Morning, Trouble, Which};
use super::papers::numbered;
use super::plan::{Dirt, Lane, Mix, Plan};
use super::story::Story;
use super::truth::{Class, Plant};

/// A scene of the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scene {
    /// Thailand to Viet Nam: what left is what comes.
    CleanLot,
    /// Thailand to Viet Nam: the first import is short, the second closes the lot. No alarm.
    SplitLoad,
    /// China to Viet Nam: less is declared than left.
    Shortfall,
    /// Laos to Thailand: the export is cancelled after the import was linked to it.
    CancelledExport,
    /// Viet Nam to Laos: the same message comes twice.
    Duplicate,
    /// Viet Nam to Thailand: the message comes after the import.
    Late,
    /// Thailand to Laos: the message comes cut off, and then whole.
    Damaged,
    /// Viet Nam to China: a clean lot an officer wants to read for a purpose its term does not name.
    PurposeRefused,
    /// China to Thailand: a moved commodity code about which nobody decides in time.
    Overdue,
}

impl Scene {
    /// All scenes, in the order they are played.
    pub const ALL: [Self; 9] = [
        Self::CleanLot,
        Self::SplitLoad,
        Self::Shortfall,
        Self::CancelledExport,
        Self::Duplicate,
        Self::Late,
        Self::Damaged,
        Self::PurposeRefused,
        Self::Overdue,
    ];

    /// The scene's name in reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CleanLot => "clean-lot",
            Self::SplitLoad => "split-load",
            Self::Shortfall => "shortfall",
            Self::CancelledExport => "cancelled-export",
            Self::Duplicate => "duplicate",
            Self::Late => "late",
            Self::Damaged => "damaged",
            Self::PurposeRefused => "purpose-refused",
            Self::Overdue => "overdue",
        }
    }

    /// Who sends and who receives.
    #[must_use]
    pub const fn lane(self) -> (&'static str, &'static str) {
        match self {
            Self::CleanLot | Self::SplitLoad => ("TH", "VN"),
            Self::Shortfall => ("CN", "VN"),
            Self::CancelledExport => ("LA", "TH"),
            Self::Duplicate => ("VN", "LA"),
            Self::Late => ("VN", "TH"),
            Self::Damaged => ("TH", "LA"),
            Self::PurposeRefused => ("VN", "CN"),
            Self::Overdue => ("CN", "TH"),
        }
    }
}

impl Morning {
    /// The documents of a scene, in the order in which they are lodged; all that comes, comes on `date`.
    ///
    /// # Panics
    /// Never: every scene is found among the consignments of every seed.
    #[must_use]
    pub fn scene(scene: Scene, seed: u64, date: Date) -> Self {
        let trade = Trade::new(scene.plan(seed, date)).expect("the lanes of the scenes have places");
        let start = FIRST_NUMBER + scene as u64 * NUMBERS_EACH;
        let numbers = start..start + NUMBERS_EACH;
        let mut met = numbers.map(|number| trade.staged(number, scene.story()));
        let found = met.find(|consignment| scene.is_shown_by(consignment));
        let mut consignment =
            found.expect("one in some dozen consignments shows it, and there are thousands");
        if scene == Scene::CancelledExport {
            make_void(&mut consignment);
        }
        let mut morning = Self::default();
        morning.stage(consignment, scene.order());
        morning
    }
}

impl Scene {
    fn plan(self, seed: u64, date: Date) -> Plan {
        let (from, to) = self.lane();
        Plan {
            days: 1,
            lanes: vec![Lane::new(from, to, 1000, 1)],
            firms: 60,
            dirt: Dirt { typo: 0, cut: 0, missing: 0, weighed: 0, ..Dirt::LIGHT },
            mix: Mix::CLEAN,
            quoted: if matches!(self, Self::CleanLot | Self::SplitLoad | Self::Duplicate) { 1000 } else { 0 },
            ..Plan::morning(seed, date)
        }
    }

    const fn story(self) -> Story {
        match self {
            Self::SplitLoad => Story::Split,
            Self::Shortfall => Story::Fraud(Plant::QuantityShort),
            Self::Overdue => Story::Fraud(Plant::HsMoved),
            Self::CleanLot
            | Self::CancelledExport
            | Self::Duplicate
            | Self::Late
            | Self::Damaged
            | Self::PurposeRefused => Story::Clean,
        }
    }

    /// Whether a consignment shows the scene as simply as it can be shown: by road, one line, and for the split load
    /// two parts of which the larger comes first, for the shortfall a quarter or more missing.
    fn is_shown_by(self, consignment: &Consignment) -> bool {
        let amounts = |declarations: &[Declaration]| -> Vec<_> {
            let lines = declarations.iter().flat_map(|declaration| &declaration.lines);
            lines.filter_map(|line| line.quantity.as_ref().map(|quantity| quantity.amount)).collect()
        };
        let (sent, come) = (amounts(&consignment.exports), amounts(&consignment.imports));
        let by_road = consignment
            .exports
            .iter()
            .all(|export| export.mode.as_ref().is_some_and(|mode| mode.as_str() == "3"));
        by_road
            && match self {
                Self::CleanLot => (2..=3).contains(&sent.len()),
                Self::SplitLoad => sent.len() == 1 && come.len() == 2 && come[0] > come[1],
                Self::Shortfall => {
                    sent.len() == 1 && come[0] * Decimal::from(4) <= sent[0] * Decimal::from(3)
                }
                Self::CancelledExport
                | Self::Duplicate
                | Self::Late
                | Self::Damaged
                | Self::PurposeRefused
                | Self::Overdue => sent.len() == 1,
            }
    }

    /// Which declaration is lodged after which, and what goes wrong with it.
    const fn order(self) -> &'static [(Which, Option<Trouble>)] {
        const EXPORT: (Which, Option<Trouble>) = (Which::Export(0), None);
        const IMPORT: (Which, Option<Trouble>) = (Which::Import(0), None);
        match self {
            Self::CleanLot | Self::Shortfall | Self::PurposeRefused | Self::Overdue => &[EXPORT, IMPORT],
            Self::SplitLoad => &[EXPORT, IMPORT, (Which::Import(1), None)],
            Self::CancelledExport => &[EXPORT, IMPORT, (Which::Export(1), None)],
            Self::Duplicate => &[(Which::Export(0), Some(Trouble::Doubled)), IMPORT],
            Self::Late => &[IMPORT, (Which::Export(0), Some(Trouble::Late))],
            Self::Damaged => &[(Which::Export(0), Some(Trouble::Damaged(Damage::Truncated(600)))), IMPORT],
        }
    }
}

/// Makes the export void after the import was lodged: the import is left without an export.
fn make_void(consignment: &mut Consignment) {
    let void = Declaration { function: Function::Cancel, ..consignment.exports[0].clone() };
    consignment.exports.push(numbered(void, 2));
    consignment.case.class = Class::Void;
    consignment.case.links.clear();
    consignment.case.innocents.clear();
}

/// Far beyond the numbers of any morning.
const FIRST_NUMBER: u64 = 500_000_000;
/// How many consignments are looked through for a scene.
const NUMBERS_EACH: u64 = 100_000;
