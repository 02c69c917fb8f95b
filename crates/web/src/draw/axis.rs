//! Axes: round steps, and where a number lies.

/// From a number to its place along one side of a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    step: f64,
}

impl Scale {
    /// A scale that holds all these numbers between `from` and `to`, with about this many round steps. Numbers that are none
    /// are passed over.
    pub(crate) fn holding(
        numbers: impl IntoIterator<Item = f64>,
        (from, to): (f64, f64),
        steps: u32,
    ) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for number in numbers.into_iter().filter(|number| number.is_finite()) {
            low = low.min(number);
            high = high.max(number);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if high - low < f64::EPSILON * high.abs().max(1.0) {
            high = low + 1.0;
        }
        let step = round_step((high - low) / f64::from(steps.max(1)));
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, from, to, step }
    }

    /// A scale from zero, or from below it where there are such numbers.
    pub(crate) fn from_zero(numbers: impl IntoIterator<Item = f64>, ends: (f64, f64), steps: u32) -> Self {
        Self::holding(numbers.into_iter().chain([0.0]), ends, steps)
    }

    /// Where a number lies.
    pub(crate) fn at(&self, number: f64) -> f64 {
        let number = if number.is_finite() { number.clamp(self.low, self.high) } else { self.low };
        self.from + (number - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// The round numbers along it.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let count = ((self.high - self.low) / self.step).round().clamp(0.0, 40.0);
        let mut ticks = Vec::new();
        let mut place = 0.0;
        while place <= count {
            ticks.push(self.low + place * self.step);
            place += 1.0;
        }
        ticks
    }

    /// How many digits its steps need behind the point.
    pub(crate) fn digits(&self) -> usize {
        match self.step {
            step if step >= 1.0 => 0,
            step if step >= 0.1 => 1,
            step if step >= 0.01 => 2,
            _ => 3,
        }
    }
}

/// The next larger of 1, 2, 2.5 and 5 times a power of ten.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.abs().max(1e-9).log10().floor());
    let multiples = [1.0, 2.0, 2.5, 5.0, 10.0];
    power * multiples.into_iter().find(|multiple| multiple * power >= rough * 0.999).unwrap_or(10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_hold_every_number() {
        let scale = Scale::from_zero([3.0, 97.0, 41.5], (0.0, 100.0), 5);
        assert_eq!(scale.ticks(), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert!((scale.at(50.0) - 50.0).abs() < 1e-9);
        let below = Scale::from_zero([-12.0, 30.0], (0.0, 1.0), 4);
        assert!(below.ticks().contains(&0.0) && below.ticks()[0] <= -12.0);
    }

    #[test]
    fn nothing_and_nonsense_have_an_axis_too() {
        for numbers in [vec![], vec![f64::NAN, f64::INFINITY], vec![7.0], vec![0.0, 0.0]] {
            let scale = Scale::holding(numbers.clone(), (0.0, 10.0), 5);
            assert!(scale.ticks().len() >= 2, "{numbers:?}");
            assert!(scale.at(f64::NAN).is_finite());
        }
    }
}
