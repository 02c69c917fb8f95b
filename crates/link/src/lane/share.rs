//! A share of a whole with its interval.

use serde::{Deserialize, Serialize};

/// A share of a whole in parts per thousand, with the interval that holds the true one nineteen times in twenty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The estimate.
    pub permille: u16,
    /// The lower end of the interval.
    pub low: u16,
    /// The upper end of the interval.
    pub high: u16,
    /// How many things were counted.
    pub of: u64,
}

impl Share {
    /// The share of `part` in `whole`, each thing counted by itself (Wilson's interval); `None` of nothing.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        (whole > 0).then(|| Self::wilson(part.min(whole) as f64 / whole as f64, whole as f64, whole))
    }

    /// The share where things come in clusters that go one way together, such as the consignments of an exporter who
    /// consented to sharing or did not: each cluster is how many of its things have it, in thousandths, and how many
    /// there are. Few clusters give a wide interval however many things they hold.
    #[must_use]
    pub fn of_clusters(clusters: &[(u64, u64)]) -> Option<Self> {
        let whole: u64 = clusters.iter().map(|(_, whole)| whole).sum();
        if whole == 0 {
            return None;
        }
        let part: f64 = clusters.iter().map(|(part, _)| *part as f64 / 1_000.0).sum();
        let share = (part / whole as f64).clamp(0.0, 1.0);
        Some(Self::wilson(share, effective(clusters, share, whole), whole))
    }

    fn wilson(share: f64, counted: f64, of: u64) -> Self {
        let z2 = Z * Z / counted;
        let middle = (share + z2 / 2.0) / (1.0 + z2);
        let half = Z * (share * (1.0 - share) / counted + z2 / (4.0 * counted)).sqrt() / (1.0 + z2);
        let permille = |share: f64| (share.clamp(0.0, 1.0) * 1_000.0).round() as u16;
        Self { permille: permille(share), low: permille(middle - half), high: permille(middle + half), of }
    }

    /// The same share of a whole of which only `permille` could be seen at all: estimate and interval are scaled up.
    #[must_use]
    pub fn seen_through(self, permille: u16) -> Self {
        let scaled = |share: u16| {
            let scaled = u32::from(share) * 1_000 / u32::from(permille.clamp(1, 1_000));
            u16::try_from(scaled.min(1_000)).unwrap_or(1_000)
        };
        Self { permille: scaled(self.permille), low: scaled(self.low), high: scaled(self.high), ..self }
    }
}

/// As how many single things the clusters count: their number over the design effect.
fn effective(clusters: &[(u64, u64)], share: f64, whole: u64) -> f64 {
    let used = clusters.iter().filter(|(_, whole)| *whole > 0).count() as f64;
    let plain = share * (1.0 - share) / whole as f64;
    if plain <= 0.0 || used < 2.0 {
        return used.max(1.0);
    }
    let spread: f64 = clusters
        .iter()
        .map(|(part, of)| *part as f64 / 1_000.0 - share * *of as f64)
        .map(|residual| residual * residual)
        .sum();
    let variance = used / (used - 1.0) * spread / (whole as f64 * whole as f64);
    whole as f64 / (variance / plain).max(1.0)
}

/// Of the normal distribution, nineteen in twenty lie within so many deviations.
const Z: f64 = 1.959_964;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_is_the_known_one() {
        let share = Share::of(60, 100).expect("a hundred");
        assert_eq!((share.permille, share.low, share.high), (600, 502, 691));
        assert_eq!(Share::of(0, 10).map(|share| (share.low, share.high)), Some((0, 278)));
        assert_eq!(Share::of(1, 0), None);
    }

    #[test]
    fn things_that_go_together_count_as_few() {
        let clusters = [(20_000, 20), (0, 20), (20_000, 20), (20_000, 20), (0, 20)];
        let share = Share::of_clusters(&clusters).expect("a hundred");
        let single = Share::of(60, 100).expect("a hundred");
        assert_eq!(share.permille, 600);
        assert!(share.low < single.low && share.high > single.high, "{share:?}");
    }

    #[test]
    fn what_is_seen_through_a_loss_is_scaled() {
        let share = Share { permille: 570, low: 500, high: 970, of: 9 };
        assert_eq!(share.seen_through(950), Share { permille: 600, low: 526, high: 1_000, of: 9 });
    }
}
