//! What happens to a consignment, and when it leaves and comes.

use jiff::ToSpan;
use jiff::civil::Date;

use super::plan::{Mix, Plan};
use super::routes::{Route, window};
use super::truth::{Plant, Sharing};
use crate::dice::Dice;

/// What happens to a consignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Story {
    Clean,
    Split,
    Merged,
    Partial,
    Cancelled,
    Replaced,
    Fraud(Plant),
    LowValue,
    FreeZone,
    ThirdCountry,
    Delayed,
    DearFreight,
}

impl Story {
    /// Draws one as often as the mix says. What nobody could see without the export happens only where it is shared.
    pub(crate) fn draw(mix: &Mix, sharing: Sharing, dice: &mut Dice) -> Self {
        let plant = Plant::ALL[dice.below(Plant::ALL.len())];
        let odds = [
            (Self::Split, mix.split),
            (Self::Merged, mix.merged),
            (Self::Partial, mix.partial),
            (Self::ThirdCountry, mix.third_country),
            (Self::Delayed, mix.delayed),
            (Self::DearFreight, mix.dear_freight),
            (Self::Cancelled, mix.cancelled),
            (Self::Replaced, mix.replaced),
            (Self::Fraud(plant), mix.fraud),
            (Self::LowValue, mix.low_value),
            (Self::FreeZone, mix.free_zone),
        ];
        let everywhere = 6;
        let told: u16 = odds.iter().map(|(_, odds)| odds).sum();
        let clean = u32::from(1000_u16.saturating_sub(told));
        let place = dice.weighed(odds.iter().map(|(_, odds)| u32::from(*odds)).chain([clean]));
        match odds.get(place) {
            Some((story, _)) if place < everywhere || sharing == Sharing::Shared => *story,
            _ => Self::Clean,
        }
    }

    /// Whether nothing comes of it before the plan's date, however long one waits.
    const fn never_comes(self) -> bool {
        matches!(self, Self::LowValue | Self::FreeZone | Self::Fraud(Plant::NeverDeclared))
    }
}

/// When a consignment leaves and comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) departs: Date,
    /// The day of arrival; it may be after the plan's date.
    pub(crate) arrives: Date,
}

/// A consignment's way within a plan.
pub(crate) struct Journey<'a> {
    pub(crate) route: &'a Route,
    pub(crate) mode: &'a str,
    pub(crate) plan: &'a Plan,
}

impl Journey<'_> {
    /// Draws the days. Only a clean consignment may still be under way on the plan's date; a part of a lot has come,
    /// and there is still time for the rest; what never comes had all its time.
    pub(crate) fn times(&self, story: Story, dice: &mut Dice) -> Times {
        let Self { route, mode, plan } = self;
        let slow = if dice.chance(100) { dice.between(1, 2) } else { 0 };
        let usual = dice.between(route.days.0, route.days.1) + slow;
        let within = dice.between(0, i64::from(plan.days));
        let window = i64::from(window(mode));
        let (ago, way) = match story {
            Story::Clean => (within, usual),
            Story::Partial => (usual + dice.between(0, (window - usual - 1).max(0)), usual),
            Story::Delayed => {
                let delay = window + dice.between(1, 10);
                (delay + within, delay)
            }
            story if story.never_comes() || story == Story::Fraud(Plant::QuantityShort) => {
                (window + 1 + within, usual)
            }
            _ => (usual + PARTS_APART_MAX + within, usual),
        };
        let departs = plan.date.saturating_sub(ago.days());
        Times { departs, arrives: departs.saturating_add(way.days()) }
    }
}

/// The parts of a split or merged lot leave and come within so many days.
pub(crate) const PARTS_APART_MAX: i64 = 3;
