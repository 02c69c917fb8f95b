//! How good what a lane gives is: timely, readable, complete, consistent.

use serde::{Deserialize, Serialize};

/// What was counted of a lane's items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityCount {
    /// Items that arrived.
    pub items: u64,
    /// Of these, before the goods did, or before they were declared.
    pub in_time: u64,
    /// Of these, readable without an error.
    pub readable: u64,
    /// Fields that the lane's document should carry, over all readable items.
    pub fields: u64,
    /// Of these, how many were there.
    pub filled: u64,
    /// Linked items that were compared.
    pub compared: u64,
    /// Of these, without a difference that was not explained.
    pub agreeing: u64,
}

/// A lane's quality in parts per thousand; a part is absent where nothing was counted for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// Items in time.
    pub timely: Option<u16>,
    /// Items readable.
    pub readable: Option<u16>,
    /// Fields filled.
    pub complete: Option<u16>,
    /// Items that agree with what was declared.
    pub consistent: Option<u16>,
    /// All of them together: the geometric mean of the parts there are, so that one bad part is not hidden by good ones.
    pub score: Option<u16>,
}

impl QualityCount {
    /// The quality these counts speak for.
    #[must_use]
    pub fn quality(&self) -> Quality {
        let readable = share(self.readable, self.items);
        let timely = share(self.in_time, self.items);
        let complete = share(self.filled, self.fields);
        let consistent = share(self.agreeing, self.compared);
        let parts: Vec<u16> = [timely, readable, complete, consistent].into_iter().flatten().collect();
        Quality { timely, readable, complete, consistent, score: mean(&parts) }
    }
}

fn share(part: u64, whole: u64) -> Option<u16> {
    u16::try_from((u128::from(part.min(whole)) * 1_000).checked_div(u128::from(whole))?).ok()
}

/// The geometric mean, rounded down: the greatest number whose power is no more than the product.
fn mean(parts: &[u16]) -> Option<u16> {
    let power = u32::try_from(parts.len()).ok().filter(|parts| *parts > 0)?;
    let product: u128 = parts.iter().map(|part| u128::from(*part)).product();
    (0..=1_000_u16).rev().find(|mean| u128::from(*mean).pow(power) <= product)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_part_is_not_hidden() {
        let count = QualityCount {
            items: 100,
            in_time: 90,
            readable: 100,
            fields: 1_500,
            filled: 1_500,
            compared: 50,
            agreeing: 5,
        };
        let quality = count.quality();
        assert_eq!((quality.timely, quality.consistent), (Some(900), Some(100)));
        assert_eq!(quality.score, Some(547));
    }

    #[test]
    fn of_nothing_nothing_is_said() {
        let quality = QualityCount::default().quality();
        assert_eq!((quality.timely, quality.score), (None, None));
    }
}
