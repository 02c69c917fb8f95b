//! Who and what takes part in one consignment.

use super::firm::{Firm, Nation};
use super::generator::Trade;
use super::plan::Lane;
use super::routes::{Route, choose};
use super::truth::Sharing;
use crate::dice::Dice;

/// The parties of one consignment and the way it goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cast<'a> {
    pub(crate) from: &'a Nation,
    pub(crate) to: &'a Nation,
    pub(crate) exporter: &'a Firm,
    pub(crate) importer: &'a Firm,
    pub(crate) export_agent: &'a Firm,
    pub(crate) import_agent: &'a Firm,
    pub(crate) route: &'a Route,
    pub(crate) sharing: Sharing,
}

impl<'a> Cast<'a> {
    /// Draws an exporter of the lane, one of the importers it sells to, their agents and a way.
    pub(crate) fn draw(trade: &'a Trade, lane: &Lane, dice: &mut Dice) -> Self {
        let (from, to) = (trade.nation(&lane.from), trade.nation(&lane.to));
        let exporter = &from.exporters[dice.leaning(from.exporters.len())];
        let route = choose(trade.network(), (from.code, to.code), dice);
        Self {
            importer: partner(exporter, to, dice.below(exporter.partners)),
            export_agent: &from.carriers[dice.leaning(from.carriers.len())],
            import_agent: &to.carriers[dice.leaning(to.carriers.len())],
            sharing: if exporter.reluctance < lane.coverage { Sharing::Shared } else { Sharing::Withheld },
            from,
            to,
            exporter,
            route,
        }
    }

    /// The same, with somebody else importing, at another house number: the addresses show it in every script.
    pub(crate) fn with_other_importer(self, dice: &mut Dice) -> Self {
        let firms = &self.to.importers;
        let step = 1 + dice.below(firms.len().saturating_sub(1).max(1));
        let mut others =
            (step..).take(firms.len()).map(|step| &firms[(self.importer.number + step) % firms.len()]);
        let found = others.find(|other| other.house != self.importer.house);
        Self { importer: found.unwrap_or(self.importer), ..self }
    }
}

/// The `place`-th importer of a country an exporter sells to: always the same.
fn partner<'a>(exporter: &Firm, to: &'a Nation, place: usize) -> &'a Firm {
    let spread = exporter.number.wrapping_mul(2_654_435_761).wrapping_add(place.wrapping_mul(40_503_001));
    &to.importers[spread % to.importers.len()]
}
