//! A profile tried on the past before it is switched on: what it would have chosen, what that would have cost each
//! office, what others choose already, and what it is likely to find.

use std::collections::{BTreeMap, BTreeSet};

use customs::terms::{Column, Lane, Lists, Profile};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::compile::Selection;
use super::history::History;
use crate::sample::{Lift, Rate, lift};

/// What came of past lines: for each, what an officer found.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// Rows that were looked at and wrong.
    pub wrong: BTreeSet<u32>,
    /// Rows that were looked at and right.
    pub right: BTreeSet<u32>,
    /// Rows that were looked at by chance, whatever came of it.
    pub by_chance: BTreeSet<u32>,
    /// Money recovered, in thousandths, by row.
    pub recovered: BTreeMap<u32, i64>,
}

/// How many lines an office can look at in a day, by office; an office that is not named can look at `other`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Lines a day by office.
    #[serde(default)]
    pub offices: BTreeMap<String, u32>,
    /// Lines a day of an office that is not named.
    pub other: u32,
    /// How much of its day one profile may take, in per cent.
    pub share_max: u32,
}

/// The heaviest day a profile would have given an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfficeDay {
    /// The office.
    pub office: String,
    /// The day.
    pub day: Date,
    /// Lines on it.
    pub lines: u32,
    /// Lines the office can look at in a day.
    pub can: u32,
    /// Lines a day on average.
    pub usual_hundredths: u32,
}

/// What a profile would have done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// Lines of the past it was tried on.
    pub lines: usize,
    /// Days of the past.
    pub days: usize,
    /// Lines it would have chosen.
    pub hits: usize,
    /// Of these, lines no profile in force chooses.
    pub new_hits: usize,
    /// Lines it shares with profiles in force, the most first, ten at most.
    pub overlap: Vec<(String, usize)>,
    /// Offices by their heaviest day, the most loaded first.
    pub workload: Vec<OfficeDay>,
    /// Offices it would swamp: what it asks of a usual or a heaviest day is over the share it may take.
    pub swamped: Vec<OfficeDay>,
    /// What was found in the lines it would have chosen, as far as they were looked at.
    pub rate: Rate,
    /// What chance found.
    pub control: Rate,
    /// What it gains over chance.
    pub lift: Lift,
    /// Money recovered in those lines, in thousandths.
    pub recovered: i64,
}

/// Tries a profile on the past beside the profiles in force.
#[must_use]
pub fn try_profile<L: Lists>(
    profile: &Profile,
    history: &History,
    in_force: &Selection<L>,
    verdicts: &Verdicts,
    capacity: &Capacity,
) -> Trial {
    let rows = history.chosen(profile, in_force.lists());
    let chosen: BTreeSet<u32> = rows.iter().copied().collect();
    let (overlap, known) = overlaps(profile, &chosen, history, in_force);
    let days: BTreeSet<Date> = (0..history.lines().len()).map(|row| history.lines().day(row)).collect();
    let workload = workload(&rows, history, capacity, days.len());
    let swamped = workload.iter().filter(|of| profile.lane > Lane::Green && swamps(of, capacity));
    let rate = rate(&chosen, verdicts);
    let control = rate_of(verdicts.by_chance.iter(), verdicts);
    Trial {
        lines: history.lines().len(),
        days: days.len(),
        hits: rows.len(),
        new_hits: chosen.difference(&known).count(),
        overlap,
        swamped: swamped.cloned().collect(),
        workload,
        rate,
        control,
        lift: lift(rate, control),
        recovered: rows.iter().filter_map(|row| verdicts.recovered.get(row)).sum(),
    }
}

fn overlaps<L: Lists>(
    profile: &Profile,
    chosen: &BTreeSet<u32>,
    history: &History,
    in_force: &Selection<L>,
) -> (Vec<(String, usize)>, BTreeSet<u32>) {
    let mut known = BTreeSet::new();
    let mut overlap = Vec::new();
    let holding = in_force.profiles().filter(|other| other.lane > Lane::Green && other.id != profile.id);
    for other in holding {
        let rows = history.chosen(other, in_force.lists());
        let shared: Vec<u32> = rows.into_iter().filter(|row| chosen.contains(row)).collect();
        if !shared.is_empty() {
            overlap.push((other.id.clone(), shared.len()));
            known.extend(shared);
        }
    }
    overlap.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    overlap.truncate(OVERLAPS_MAX);
    (overlap, known)
}

fn workload(rows: &[u32], history: &History, capacity: &Capacity, days: usize) -> Vec<OfficeDay> {
    let mut by_office: BTreeMap<&str, BTreeMap<Date, u32>> = BTreeMap::new();
    for row in rows {
        let office = history.lines().column(Column::Office).of(*row as usize);
        *by_office.entry(office).or_default().entry(history.lines().day(*row as usize)).or_default() += 1;
    }
    let mut workload: Vec<OfficeDay> = by_office
        .into_iter()
        .filter_map(|(office, by_day)| {
            let all: u32 = by_day.values().sum();
            let (day, lines) =
                by_day.into_iter().max_by_key(|(day, lines)| (*lines, std::cmp::Reverse(*day)))?;
            let can = capacity.offices.get(office).copied().unwrap_or(capacity.other);
            let usual_hundredths = (u64::from(all) * 100 / days.max(1) as u64) as u32;
            Some(OfficeDay { office: office.to_owned(), day, lines, can, usual_hundredths })
        })
        .collect();
    workload
        .sort_by_key(|of| std::cmp::Reverse((u64::from(of.lines) * 1_000).checked_div(u64::from(of.can))));
    workload
}

/// A profile swamps an office where a usual day takes more than its share, or the heaviest one more than a whole day.
fn swamps(of: &OfficeDay, capacity: &Capacity) -> bool {
    of.lines > of.can || u64::from(of.usual_hundredths) > u64::from(of.can) * u64::from(capacity.share_max)
}

fn rate(chosen: &BTreeSet<u32>, verdicts: &Verdicts) -> Rate {
    rate_of(chosen.iter(), verdicts)
}

fn rate_of<'a>(rows: impl Iterator<Item = &'a u32>, verdicts: &Verdicts) -> Rate {
    let mut rate = Rate::default();
    for row in rows {
        if verdicts.wrong.contains(row) {
            rate.add(1);
        } else if verdicts.right.contains(row) {
            rate.add(0);
        }
    }
    rate
}

const OVERLAPS_MAX: usize = 10;
