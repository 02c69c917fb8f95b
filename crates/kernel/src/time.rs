//! Deadlines: limits as agreements write them, added to a moment.
//!
//! Moments are [`jiff::Timestamp`] (UTC; shown in the reader's zone at the rim), days are [`jiff::civil::Date`].

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A limit of time as an agreement writes it: `45s`, `90m`, `72h`, `30d`. Always longer than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Limit {
    seconds: u32,
}

impl Limit {
    /// A limit of whole seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self { seconds }
    }

    /// A limit of whole hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self { seconds: hours.saturating_mul(3_600) }
    }

    /// The length in seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u32 {
        self.seconds
    }

    /// The moment this limit ends when it starts at `start`; the last representable moment where that overflows.
    #[must_use]
    pub fn after(self, start: Timestamp) -> Timestamp {
        start.checked_add(SignedDuration::from_secs(i64::from(self.seconds))).unwrap_or(Timestamp::MAX)
    }

    /// The moment this limit before `end`.
    #[must_use]
    pub fn before(self, end: Timestamp) -> Timestamp {
        end.checked_sub(SignedDuration::from_secs(i64::from(self.seconds))).unwrap_or(Timestamp::MIN)
    }
}

/// Why a text is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a limit is a whole number above zero followed by s, m, h or d, at most 100 years")]
pub struct NotALimit;

impl FromStr for Limit {
    type Err = NotALimit;

    fn from_str(text: &str) -> Result<Self, NotALimit> {
        let unit = text.chars().next_back().ok_or(NotALimit)?;
        let factor = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(NotALimit),
        };
        let count: u32 = text[..text.len() - 1].parse().map_err(|_| NotALimit)?;
        let seconds = count.checked_mul(factor).filter(|seconds| (1..=3_155_760_000).contains(seconds));
        seconds.map(|seconds| Self { seconds }).ok_or(NotALimit)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (factor, unit) in [(86_400, 'd'), (3_600, 'h'), (60, 'm')] {
            if self.seconds.is_multiple_of(factor) {
                return write!(f, "{}{unit}", self.seconds / factor);
            }
        }
        write!(f, "{}s", self.seconds)
    }
}

impl Serialize for Limit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_reads_and_writes_as_agreements_do() {
        for (text, seconds) in [("45s", 45), ("90m", 5_400), ("72h", 259_200), ("30d", 2_592_000)] {
            let limit: Limit = text.parse().expect(text);
            assert_eq!(limit.as_seconds(), seconds, "{text}");
            assert_eq!(limit.to_string().parse(), Ok(limit), "{text}");
        }
        for text in ["", "0h", "h", "-3d", "3w", "3é", "99999999d"] {
            assert_eq!(text.parse::<Limit>(), Err(NotALimit), "{text}");
        }
    }

    #[test]
    fn a_limit_past_the_end_of_time_stops_there() {
        assert_eq!(Limit::hours(1).after(Timestamp::MAX), Timestamp::MAX);
    }
}
