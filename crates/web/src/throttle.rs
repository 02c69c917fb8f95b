//! Slows down whoever guesses: after some wrong tries in a row a name or an address has to wait, longer each time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// No wait is longer.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// Names and addresses remembered at once; past it the oldest are forgotten.
const KEPT: usize = 10_000;

/// Counts wrong tries by name or by address.
#[derive(Debug)]
pub struct Throttle {
    /// Wrong tries that cost nothing.
    free: u32,
    tries: Mutex<BTreeMap<String, Tries>>,
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    wrong: u32,
    last: Timestamp,
}

impl Throttle {
    /// After this many wrong tries in a row, the next ones have to wait.
    #[must_use]
    pub fn after(free: u32) -> Self {
        Self { free, tries: Mutex::default() }
    }

    /// How long this name or address still has to wait; `None` where it may try now.
    #[must_use]
    pub fn wait(&self, who: &str, now: Timestamp) -> Option<SignedDuration> {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = tries.get(who)?;
        let left = (seen.last + self.pause(seen.wrong)).duration_since(now);
        left.is_positive().then_some(left)
    }

    /// A wrong try.
    pub fn wrong(&self, who: &str, now: Timestamp) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = tries.entry(who.to_owned()).or_insert(Tries { wrong: 0, last: now });
        // A name that was left alone for the longest wait starts again.
        let rested = now.duration_since(seen.last) > LONGEST;
        *seen = Tries { wrong: if rested { 1 } else { seen.wrong.saturating_add(1) }, last: now };
        if tries.len() > KEPT {
            let oldest = tries.iter().min_by_key(|(_, seen)| seen.last).map(|(who, _)| who.clone());
            oldest.and_then(|who| tries.remove(&who));
        }
    }

    /// A right try: the count starts again.
    pub fn right(&self, who: &str) {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).remove(who);
    }

    fn pause(&self, wrong: u32) -> SignedDuration {
        match wrong.checked_sub(self.free) {
            None => SignedDuration::ZERO,
            Some(over) => SignedDuration::from_secs(1_i64 << over.min(10)).min(LONGEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_guesses_waits_longer_each_time() {
        let throttle = Throttle::after(5);
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().expect("a moment");
        let waits: Vec<_> = (0..8)
            .map(|_| {
                throttle.wrong("lan", now);
                throttle.wait("lan", now).map_or(0, |wait| wait.as_secs())
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(throttle.wait("minh", now), None, "others do not wait");
        assert_eq!(throttle.wait("lan", now + SignedDuration::from_secs(8)), None, "the wait ends");
        throttle.right("lan");
        throttle.wrong("lan", now);
        assert_eq!(throttle.wait("lan", now), None, "a right try starts again");
    }

    #[test]
    fn no_flood_of_names_fills_the_memory() {
        let throttle = Throttle::after(5);
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().expect("a moment");
        (0..KEPT + 50).for_each(|name| throttle.wrong(&name.to_string(), now));
        assert_eq!(throttle.tries.lock().expect("not poisoned").len(), KEPT);
    }
}
