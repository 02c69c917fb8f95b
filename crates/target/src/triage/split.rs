//! Orders that were split to stay under a threshold: one receiver under several spellings, whose parcels of a few days
//! are each under it and together over it.

use std::collections::BTreeMap;

use super::key::{Keys, Marks};

/// The rule: parcels of so many days count together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Days, the first and the last included.
    pub days: i32,
    /// At least so many parcels.
    pub parcels: usize,
}

/// Parcels of one receiver that are together over the threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The parcels, by their places in the file, in their order.
    pub parcels: Vec<u32>,
    /// What they are worth together, in thousandths.
    pub value: i64,
    /// First and last day, counted from 1970.
    pub days: (i32, i32),
}

/// Gathers parcels and finds who split.
#[derive(Clone, Debug, Default)]
pub struct Splits {
    /// Pairs of keys with the parcel they are of.
    keyed: Vec<(u64, u32)>,
    /// Names with addresses, with the parcel they are of and what else it says of its receiver.
    homes: Vec<(u64, u32, Marks)>,
    days: Vec<i32>,
    values: Vec<i64>,
}

/// One receiver as a line names it.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<'a> {
    /// Name.
    pub name: &'a str,
    /// Address.
    pub address: &'a str,
    /// Telephone.
    pub phone: &'a str,
    /// Means of payment.
    pub payment: &'a str,
}

impl Splits {
    /// Takes the next parcel of the file. One without value, or worth more than the threshold by itself, splits nothing
    /// and is only counted.
    ///
    /// # Panics
    /// Past four billion parcels.
    pub fn take(&mut self, receiver: Receiver<'_>, day: i32, value: Option<i64>, threshold: i64) {
        let at = u32::try_from(self.days.len()).expect("fewer than four billion parcels");
        self.days.push(day);
        self.values.push(value.unwrap_or(0));
        if value.is_none_or(|value| value <= 0 || value > threshold) {
            return;
        }
        let keys = Keys::of(receiver.name, receiver.address, receiver.phone, receiver.payment);
        self.keyed.extend(keys.pairs().into_iter().filter(|pair| *pair != 0).map(|pair| (pair, at)));
        if keys.home() != 0 {
            self.homes.push((keys.home(), at, keys.marks()));
        }
    }

    /// How many parcels were taken.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether none was.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The clusters, by their first parcel, and for every parcel the number of its cluster from 1, or 0.
    #[must_use]
    pub fn find(mut self, threshold: i64, window: Window) -> (Vec<Cluster>, Vec<u32>) {
        self.keyed.sort_unstable();
        let mut groups = Groups::new(self.days.len());
        for pair in self.keyed.chunk_by(|a, b| a.0 == b.0).filter(|pair| pair.len() > 1) {
            pair.windows(2).for_each(|two| groups.join(two[0].1, two[1].1));
        }
        self.keyed = Vec::new();
        self.homes.sort_unstable_by_key(|(home, at, _)| (*home, *at));
        self.homes.chunk_by(|a, b| a.0 == b.0).for_each(|home| namesakes(home, &mut groups));
        self.homes = Vec::new();
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for at in 0..self.days.len() as u32 {
            let root = groups.root(at);
            if root != at || groups.is_shared(at) {
                members.entry(root).or_default().push(at);
            }
        }
        let mut clusters: Vec<Cluster> =
            members.into_values().flat_map(|group| self.over(group, threshold, window)).collect();
        clusters.sort_by_key(|cluster| cluster.parcels.first().copied());
        let mut cluster_of = vec![0; self.days.len()];
        for (number, cluster) in (1..).zip(&clusters) {
            cluster.parcels.iter().for_each(|at| cluster_of[*at as usize] = number);
        }
        (clusters, cluster_of)
    }

    /// Of one receiver's parcels, the runs in which some window is over the threshold; windows that share a parcel are
    /// one run.
    fn over(&self, mut group: Vec<u32>, threshold: i64, window: Window) -> Vec<Cluster> {
        group.sort_by_key(|at| (self.days[*at as usize], *at));
        let mut runs: Vec<(usize, usize)> = Vec::new();
        let (mut start, mut sum) = (0, 0_i64);
        for end in 0..group.len() {
            sum = sum.saturating_add(self.values[group[end] as usize]);
            let day = self.days[group[end] as usize];
            while day - self.days[group[start] as usize] >= window.days {
                sum -= self.values[group[start] as usize];
                start += 1;
            }
            if sum > threshold && end - start + 1 >= window.parcels {
                match runs.last_mut() {
                    Some(last) if start <= last.1 => last.1 = end,
                    _ => runs.push((start, end)),
                }
            }
        }
        runs.into_iter().map(|(start, end)| self.cluster(&group[start..=end])).collect()
    }

    fn cluster(&self, run: &[u32]) -> Cluster {
        let value = run.iter().map(|at| self.values[*at as usize]).fold(0, i64::saturating_add);
        let day = |at: Option<&u32>| at.map_or(0, |at| self.days[*at as usize]);
        let days = (day(run.first()), day(run.last()));
        let mut parcels = run.to_vec();
        parcels.sort_unstable();
        Cluster { parcels, value, days }
    }
}

/// Joins those of one name and address who may be one person.
fn namesakes(home: &[(u64, u32, Marks)], groups: &mut Groups) {
    let mut persons: Vec<(u32, Marks)> = Vec::new();
    for (_, at, marks) in home {
        match persons.iter().position(|(_, known)| known.may_be(*marks)) {
            Some(place) => {
                let (first, known) = &mut persons[place];
                groups.join(*first, *at);
                *known = known.with(*marks);
            }
            None if persons.len() < NAMESAKES_MAX => persons.push((*at, *marks)),
            None => {}
        }
    }
}

/// Persons of one name and address that are told apart, at most; the others' parcels are known by telephone and payment alone.
const NAMESAKES_MAX: usize = 64;

/// Which parcels are one receiver's.
struct Groups {
    above: Vec<u32>,
    shared: Vec<bool>,
}

impl Groups {
    fn new(count: usize) -> Self {
        Self { above: (0..count as u32).collect(), shared: vec![false; count] }
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.above[at as usize] != at {
            let above = self.above[at as usize];
            self.above[at as usize] = self.above[above as usize];
            at = above;
        }
        at
    }

    fn join(&mut self, left: u32, right: u32) {
        let (left, right) = (self.root(left), self.root(right));
        self.above[left.max(right) as usize] = left.min(right);
        self.shared[left.min(right) as usize] = true;
    }

    fn is_shared(&self, at: u32) -> bool {
        self.shared[at as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(parcels: &[(&str, &str, i32, i64)]) -> Vec<Vec<u32>> {
        let mut splits = Splits::default();
        for (name, phone, day, value) in parcels {
            let receiver = Receiver { name, address: "", phone, payment: "" };
            splits.take(receiver, *day, Some(*value), 100);
        }
        let (clusters, _) = splits.find(100, Window { days: 3, parcels: 2 });
        clusters.into_iter().map(|cluster| cluster.parcels).collect()
    }

    #[test]
    fn parcels_of_one_receiver_count_together_within_the_window() {
        let phone = "0903123456";
        assert_eq!(
            found(&[("An Ba", phone, 1, 60), ("BA AN", phone, 2, 60), ("An Ba", phone, 9, 60)]),
            [[0, 1]]
        );
        assert!(found(&[("An Ba", phone, 1, 60), ("An Ba", phone, 4, 60)]).is_empty(), "a day too far apart");
        assert!(found(&[("An Ba", phone, 1, 40), ("An Ba", phone, 1, 60)]).is_empty(), "not over");
        assert!(
            found(&[("An Ba", phone, 1, 60), ("Lan Ba", phone, 1, 60)]).is_empty(),
            "a family's telephone"
        );
    }

    #[test]
    fn a_parcel_over_the_threshold_splits_nothing() {
        assert!(found(&[("An Ba", "0903123456", 1, 60), ("An Ba", "0903123456", 1, 400)]).is_empty());
    }
}
