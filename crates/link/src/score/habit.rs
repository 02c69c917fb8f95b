//! How many days goods take on the way they go, learnt from what was linked: an arrival after the usual days speaks for a
//! link, one after days nobody takes against it.

use serde::{Deserialize, Serialize};

use super::model::Millibits;

/// What each number of days adds, by way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Habits(Vec<Way>);

/// Goods of one country by one mode to one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Way {
    /// Exporting country.
    from: String,
    /// Mode of transport, Recommendation 19.
    mode: String,
    /// Where the goods are unloaded, as the export has it.
    place: String,
    /// What each number of days adds, from the earliest on; empty before anything was learnt.
    #[serde(default)]
    adds: Vec<Millibits>,
}

impl Way {
    /// A way nothing is learnt of yet.
    pub(crate) fn new(from: &str, mode: &str, place: &str) -> Self {
        Self { from: from.to_owned(), mode: mode.to_owned(), place: place.to_owned(), adds: Vec::new() }
    }

    fn key(&self) -> (&str, &str, &str) {
        (&self.from, &self.mode, &self.place)
    }
}

/// A number of days on a way, as one number; none where there is no such way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DayAt(u16);

impl DayAt {
    /// No day.
    pub(crate) const NONE: Self = Self(0);

    /// So many days on the way of this number; none beyond the days that are told apart.
    pub(crate) fn new(way: Option<u16>, days: i32) -> Self {
        let day = usize::try_from(days - EARLIEST).ok().filter(|day| *day < DAYS);
        let at = way.zip(day).map(|(way, day)| usize::from(way) * DAYS + day + 1);
        Self(at.and_then(|at| u16::try_from(at).ok()).unwrap_or(0))
    }

    /// Its place among the days of all ways.
    pub(crate) const fn place(self) -> Option<usize> {
        match self.0 {
            0 => None,
            at => Some(at as usize - 1),
        }
    }
}

impl Habits {
    /// The same ways with nothing learnt of them, and further ones.
    pub(crate) fn of(ways: impl IntoIterator<Item = Way>) -> Self {
        let mut ways: Vec<Way> = ways.into_iter().collect();
        ways.sort();
        ways.dedup();
        ways.truncate(WAYS_MAX);
        Self(ways)
    }

    /// The number of a way.
    pub(crate) fn find(&self, from: &str, mode: &str, place: &str) -> Option<u16> {
        let at = self.0.binary_search_by(|way| way.key().cmp(&(from, mode, place))).ok()?;
        u16::try_from(at).ok()
    }

    /// How many days of how many ways are told apart.
    pub(crate) const fn places(&self) -> usize {
        self.0.len() * DAYS
    }

    /// What a number of days adds.
    pub(crate) fn adds(&self, at: DayAt) -> Millibits {
        let Some(place) = at.place() else { return 0 };
        let way = self.0.get(place / DAYS);
        way.and_then(|way| way.adds.get(place % DAYS)).copied().unwrap_or(0)
    }

    /// The same ways with what each of their days adds.
    pub(crate) fn learnt(&self, adds: impl Fn(usize) -> Millibits) -> Self {
        let way = |(at, way): (usize, &Way)| Way {
            adds: (0..DAYS).map(|day| adds(at * DAYS + day)).collect(),
            ..way.clone()
        };
        Self(self.0.iter().enumerate().map(way).collect())
    }
}

/// The fewest days told apart: arrivals may be declared before they are departures.
const EARLIEST: i32 = -7;
/// How many days are told apart.
pub(crate) const DAYS: usize = 64;
/// Ways told apart, at most.
const WAYS_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_on_a_way_has_a_place_of_its_own() {
        let way = |place: &str| Way::new("TH", "1", place);
        let habits = Habits::of([way("VNSGN"), way("VNHPH"), way("VNSGN")]);
        assert_eq!(habits.find("TH", "1", "VNHPH"), Some(0));
        assert_eq!(habits.find("TH", "1", "VNSGN"), Some(1));
        assert_eq!(habits.find("TH", "4", "VNSGN"), None);
        let at = DayAt::new(habits.find("TH", "1", "VNSGN"), 3);
        let learnt = habits.learnt(|place| if Some(place) == at.place() { 700 } else { -100 });
        assert_eq!((learnt.adds(at), learnt.adds(DayAt::new(Some(1), 4))), (700, -100));
        for (way, days) in [(None, 3), (Some(0), -8), (Some(0), 57)] {
            assert_eq!(learnt.adds(DayAt::new(way, days)), 0, "{way:?} {days}");
        }
    }
}
