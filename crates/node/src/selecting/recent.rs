//! What can only be said of a line beside others: how often a value came in a span of days, how a price stands beside its
//! peers' prices. Kept only for what a profile in force asks for.

use std::collections::{BTreeMap, BTreeSet};

use customs::gate::Consignment;
use customs::terms::{Column, Gauge};
use jiff::civil::Date;
use kernel::Procedure as _;
use rust_decimal::Decimal;
use store::{Failure, KeptCase, Look};

use super::goods::Goods;
use crate::reading::{at_hand, read_beside};

/// Counts by value and day, and prices by code and origin.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// Spans asked for: a column and so many days.
    spans: Vec<(Column, u16)>,
    prices_wanted: bool,
    /// Lines that were counted, by the line's own name: a declaration that comes again counts once.
    counted: BTreeSet<String>,
    days: BTreeMap<(Column, String), BTreeMap<Date, u32>>,
    prices: BTreeMap<(String, String), Vec<Decimal>>,
}

impl Recent {
    /// What these gauges ask for, from the consignments there are.
    pub(super) fn of(look: &dyn Look, gauges: &BTreeSet<Gauge>, today: Date) -> Result<Self, Failure> {
        let spans = gauges.iter().filter_map(|gauge| match gauge {
            Gauge::Frequency { column, days } => Some((*column, *days)),
            _ => None,
        });
        let mut recent = Self {
            spans: spans.collect(),
            prices_wanted: gauges.contains(&Gauge::AgainstPeers),
            ..Self::default()
        };
        if recent.spans.is_empty() && !recent.prices_wanted {
            return Ok(recent);
        }
        for closed in [false, true] {
            let goods_of = |part: Vec<KeptCase>| {
                let held = part.iter().map(KeptCase::own::<Consignment>).collect::<Result<Vec<_>, _>>()?;
                let goods = held.iter().flatten().flat_map(|held| Goods::of(held, &[], today));
                Ok(goods.collect::<Vec<_>>())
            };
            let count = |part: Vec<Goods>| part.iter().for_each(|goods| recent.count(goods));
            read_beside(look, &at_hand(Consignment::NAME, closed), goods_of, count)?;
        }
        Ok(recent)
    }

    /// Counts a line, once.
    pub(super) fn count(&mut self, goods: &Goods) {
        if (self.spans.is_empty() && !self.prices_wanted) || !self.counted.insert(goods.line.clone()) {
            return;
        }
        let columns: BTreeSet<Column> = self.spans.iter().map(|(column, _)| *column).collect();
        for column in columns {
            let key = (column, goods.text(column).to_owned());
            *self.days.entry(key).or_default().entry(goods.day).or_default() += 1;
        }
        if let Some(price) = price(goods).filter(|_| self.prices_wanted) {
            let prices = self.prices.entry(peers(goods)).or_default();
            prices.insert(prices.partition_point(|known| *known < price), price);
        }
    }

    /// Puts what these gauges say of a line into it.
    pub(super) fn put_into(&self, goods: &mut Goods) {
        for (column, days) in &self.spans {
            let key = (*column, goods.text(*column).to_owned());
            let first = goods.day.saturating_sub(jiff::Span::new().days(i64::from(*days) - 1));
            let by_day = self.days.get(&key).map(|by_day| by_day.range(first..=goods.day));
            let count: u32 = by_day.into_iter().flatten().map(|(_, count)| count).sum();
            goods.put(Gauge::Frequency { column: *column, days: *days }, Decimal::from(count));
        }
        let median = self.prices.get(&peers(goods)).and_then(|prices| prices.get(prices.len() / 2));
        let beside = price(goods)
            .zip(median)
            .and_then(|(price, median)| price.checked_mul(Decimal::ONE_THOUSAND)?.checked_div(*median));
        if let Some(permille) = beside.filter(|_| self.prices_wanted) {
            goods.put(Gauge::AgainstPeers, permille.round());
        }
    }
}

fn price(goods: &Goods) -> Option<Decimal> {
    goods.gauge(&Gauge::Value)?.checked_div(goods.gauge(&Gauge::NetMass)?)
}

fn peers(goods: &Goods) -> (String, String) {
    (goods.text(Column::Code).to_owned(), goods.text(Column::Origin).to_owned())
}
