//! Bands as bitmaps: the bounds of all profiles cut a number's range into intervals, and every interval has the bitmap
//! of the profiles its numbers are let through by. Where there are more bounds than intervals are kept, some bounds lie
//! inside one; the profiles they are of are asked again, number by number.

use customs::terms::{Gauge, Lists};

use super::bind::{Laid, clear, set};
use super::compile::Selection;
use super::pool::Pool;
use crate::batch::{ABSENT, Lines};

/// A band over a number the batch has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Residual {
    pub(super) gauge: u32,
    pub(super) least: i64,
    pub(super) most: i64,
}

/// All bands of a selection, being laid against a batch.
pub(super) struct Laying<'a> {
    gauges: Vec<Gauge>,
    values: Vec<&'a [i64]>,
    lines: usize,
    /// By gauge: slots with a band on it, several bands of a slot made one.
    bands: Vec<Vec<(usize, Residual)>>,
    /// By slot, what no bitmap settles.
    unsettled: Vec<Vec<Residual>>,
}

impl<'a> Laying<'a> {
    pub(super) fn new<L: Lists>(selection: &Selection<L>, lines: &'a Lines) -> Self {
        let gauges: Vec<Gauge> = selection.gauges().into_iter().collect();
        let mut bands = vec![Vec::<(usize, Residual)>::new(); gauges.len()];
        for (slot, of_slot) in selection.bands.iter().enumerate() {
            for band in of_slot {
                let Ok(gauge) = gauges.binary_search(&band.gauge) else { continue };
                let (least, most) = (band.least, band.most);
                match bands[gauge].last_mut() {
                    Some((last, known)) if *last == slot => {
                        known.least = known.least.max(least);
                        known.most = known.most.min(most);
                    }
                    _ => bands[gauge].push((slot, Residual { gauge: gauge as u32, least, most })),
                }
            }
        }
        Self {
            values: gauges.iter().map(|gauge| lines.gauge(gauge).unwrap_or(&[])).collect(),
            lines: lines.len(),
            unsettled: vec![Vec::new(); selection.slots.len()],
            gauges,
            bands,
        }
    }

    /// Every number as a column of bitmaps, with how many slots ask for it.
    pub(super) fn columns<'l>(&mut self, occupied: &[u64], pool: &mut Pool) -> Vec<(usize, Laid<'l>)> {
        (0..self.gauges.len())
            .map(|gauge| (self.bands[gauge].len(), self.column(gauge, occupied, pool)))
            .collect()
    }

    fn column<'l>(&mut self, gauge: usize, occupied: &[u64], pool: &mut Pool) -> Laid<'l> {
        let edges = edges(&self.bands[gauge]);
        let at = self.intervals(gauge, &edges, occupied, pool);
        let values = self.values[gauge];
        if values.is_empty() {
            return Laid::Rows(vec![at[0]; self.lines]);
        }
        let of_value = |value: &i64| at[edges.partition_point(|edge| edge <= value)];
        Laid::Rows(values.iter().map(of_value).collect())
    }

    /// The bitmap of every interval; the first lies below all edges.
    fn intervals(&mut self, gauge: usize, edges: &[i64], occupied: &[u64], pool: &mut Pool) -> Vec<u32> {
        let mut open = occupied.to_vec();
        self.bands[gauge].iter().for_each(|(slot, _)| clear(&mut open, *slot));
        let mut maps = vec![open; edges.len() + 1];
        for (slot, band) in &self.bands[gauge] {
            if band.least > band.most {
                continue;
            }
            let of = |value: i64| edges.partition_point(|edge| *edge <= value);
            let (low, high) = (of(band.least), of(band.most));
            maps[low..=high].iter_mut().for_each(|map| set(map, *slot));
            let begins = edges.binary_search(&band.least).is_ok();
            let ends = band.most == i64::MAX || edges.binary_search(&(band.most + 1)).is_ok();
            if !begins || !ends {
                self.unsettled[*slot].push(*band);
            }
        }
        maps.iter().map(|map| pool.keep(map)).collect()
    }

    /// The numbers, the bands that must still be tried, and where those of each slot begin.
    pub(super) fn residuals(self) -> (Vec<&'a [i64]>, Vec<Residual>, Vec<u32>) {
        let mut first = vec![0];
        let mut residuals = Vec::new();
        for of_slot in self.unsettled {
            residuals.extend(of_slot);
            first.push(residuals.len() as u32);
        }
        (self.values, residuals, first)
    }
}

/// Where intervals begin: every bound, or so many of them that stand evenly among all.
fn edges(bands: &[(usize, Residual)]) -> Vec<i64> {
    let bounds = |band: &Residual| [Some(band.least), band.most.checked_add(1)];
    let mut edges: Vec<i64> = bands.iter().flat_map(|(_, band)| bounds(band)).flatten().collect();
    edges.push(ABSENT + 1);
    edges.sort_unstable();
    edges.dedup();
    if edges.len() <= EDGES_MAX {
        return edges;
    }
    let step = edges.len().div_ceil(EDGES_MAX);
    edges.into_iter().step_by(step).collect()
}

const EDGES_MAX: usize = 512;
