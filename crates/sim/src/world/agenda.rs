//! The world's clock: what happens next, and when. Time passes only from one event to the next.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// Events in the order of their moments; those of one moment in the order they were put in.
#[derive(Debug)]
pub(crate) struct Agenda<E> {
    now: Timestamp,
    put: u64,
    events: BTreeMap<(Timestamp, u64), E>,
}

impl<E> Agenda<E> {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { now, put: 0, events: BTreeMap::new() }
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Puts an event in; one whose moment has passed happens next.
    pub(crate) fn at(&mut self, moment: Timestamp, event: E) {
        self.put += 1;
        self.events.insert((moment.max(self.now), self.put), event);
    }

    /// Puts an event in, so many milliseconds from now.
    pub(crate) fn after(&mut self, milliseconds: i64, event: E) {
        self.at(self.now + SignedDuration::from_millis(milliseconds), event);
    }

    /// Strikes out what is not wanted any more.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&E) -> bool) {
        self.events.retain(|_, event| wanted(event));
    }

    /// The next event up to this moment; the clock then stands at its moment.
    pub(crate) fn next_until(&mut self, until: Timestamp) -> Option<E> {
        let entry = self.events.first_entry()?;
        if entry.key().0 > until {
            return None;
        }
        self.now = entry.key().0;
        Some(entry.remove())
    }
}
