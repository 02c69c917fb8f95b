//! Rates of results with their intervals, and what choosing gains over chance.

use serde::{Deserialize, Serialize};

/// How many of those looked at were wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Looked at, with a result.
    pub looked_at: u32,
    /// Of these, wrong.
    pub wrong: u32,
}

impl Rate {
    /// Counts one more result.
    pub const fn add(&mut self, wrong: u32) {
        self.looked_at += 1;
        self.wrong += wrong;
    }

    /// Parts per ten thousand; `None` where nothing was looked at.
    #[must_use]
    pub fn permyriad(&self) -> Option<u32> {
        (self.wrong * 10_000).checked_div(self.looked_at)
    }

    /// Wilson's interval at 95 per cent, in parts per ten thousand. A rate of few results is a wide one.
    #[must_use]
    pub fn interval(&self) -> (u32, u32) {
        if self.looked_at == 0 {
            return (0, 10_000);
        }
        let (n, p) = (f64::from(self.looked_at), f64::from(self.wrong) / f64::from(self.looked_at));
        let z = 1.959_964_f64;
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let permyriad = |share: f64| (share.clamp(0.0, 1.0) * 10_000.0).round() as u32;
        (permyriad(middle - half), permyriad(middle + half))
    }
}

/// What choosing gains over chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lift {
    /// So many times the rate of chance, in hundredths; the intervals do not overlap.
    Times(u32),
    /// The intervals overlap: it may be no better than chance.
    NoBetter,
    /// Too few were looked at by chance to say.
    Unknown,
}

/// The lift of a rate over that of the control sample.
#[must_use]
pub fn lift(chosen: Rate, control: Rate) -> Lift {
    let (Some(rate), Some(chance)) = (chosen.permyriad(), control.permyriad()) else { return Lift::Unknown };
    let ((low, _), (_, chance_high)) = (chosen.interval(), control.interval());
    if control.looked_at < CONTROL_MIN || chance == 0 {
        return Lift::Unknown;
    }
    if low <= chance_high { Lift::NoBetter } else { Lift::Times(rate * 100 / chance) }
}

/// Fewer results of chance than this say nothing.
const CONTROL_MIN: u32 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_results_do_not_make_a_lift() {
        let control = Rate { looked_at: 1_000, wrong: 50 };
        assert_eq!(lift(Rate { looked_at: 3, wrong: 1 }, control), Lift::NoBetter);
        assert_eq!(lift(Rate { looked_at: 200, wrong: 60 }, control), Lift::Times(600));
        assert_eq!(lift(Rate { looked_at: 200, wrong: 60 }, Rate { looked_at: 4, wrong: 1 }), Lift::Unknown);
    }

    #[test]
    fn the_interval_is_wilsons() {
        assert_eq!(Rate { looked_at: 10, wrong: 0 }.interval(), (0, 2_775));
        assert_eq!(Rate { looked_at: 100, wrong: 50 }.interval(), (4_038, 5_962));
    }
}
