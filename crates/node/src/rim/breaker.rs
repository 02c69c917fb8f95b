//! A partner that cannot be reached is left alone for a while: everything for it waits, one message tries, and only when that
//! one gets through do the others go. What waits here uses up none of its tries.

use std::time::Duration;

use tokio::time::Instant;

/// What a try said about the partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Went {
    /// It was there, whatever it said.
    There,
    /// It could not be reached.
    Gone,
}

/// Whether a partner is tried.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Breaker {
    /// How many tries in a row did not reach it.
    failures: u32,
    until: Option<Instant>,
}

impl Breaker {
    /// Takes in what a try said.
    pub(crate) fn note(&mut self, went: Went, now: Instant) {
        match went {
            Went::There => *self = Self::default(),
            Went::Gone => {
                self.failures = self.failures.saturating_add(1);
                if let Some(past) = self.failures.checked_sub(TRIPS) {
                    let rest = FIRST * 2_u32.saturating_pow(past.min(DOUBLINGS));
                    self.until = Some(now + rest.min(LONGEST));
                }
            }
        }
    }

    /// How many messages may be on their way now, of so many.
    pub(crate) fn lanes(&self, most: usize, now: Instant) -> usize {
        match self.until {
            None => most,
            Some(until) if now < until => 0,
            Some(_) => 1,
        }
    }

    /// Until when nothing goes.
    pub(crate) fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| now < *until)
    }
}

/// How many tries in a row must fail.
const TRIPS: u32 = 5;
/// How long nothing goes then, doubling with each try that fails again.
const FIRST: Duration = Duration::from_secs(1);
const DOUBLINGS: u32 = 8;
/// The longest a partner is left alone.
const LONGEST: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_that_is_gone_is_left_alone_ever_longer_and_tried_by_one() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..TRIPS - 1 {
            breaker.note(Went::Gone, now);
            assert_eq!(breaker.lanes(4, now), 4, "a few failures are no outage");
        }
        breaker.note(Went::Gone, now);
        assert_eq!((breaker.lanes(4, now), breaker.until(now)), (0, Some(now + FIRST)));
        let later = now + FIRST;
        assert_eq!((breaker.lanes(4, later), breaker.until(later)), (1, None), "one tries");
        breaker.note(Went::Gone, later);
        assert_eq!(breaker.until(later), Some(later + FIRST * 2));
        for _ in 0..40 {
            breaker.note(Went::Gone, later);
        }
        assert_eq!(breaker.until(later), Some(later + LONGEST));
        breaker.note(Went::There, later);
        assert_eq!((breaker.lanes(4, later), breaker.until(later)), (4, None));
    }
}
