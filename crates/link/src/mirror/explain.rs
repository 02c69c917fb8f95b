//! What explains a gap between two sums.

use serde::{Deserialize, Serialize};

/// Why two sums may differ though nobody did wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// Only a part of the lane's exports is shared with us.
    Coverage,
    /// Goods left in one month and arrived in another.
    Timing,
    /// The same goods stand under another subheading on the other side.
    Classification,
    /// The other side names another country as partner.
    Attribution,
    /// Values at import hold freight and insurance.
    CifFob,
    /// The two sides count in units that cannot be brought to one.
    Unit,
}

impl GapReason {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Coverage, Self::Timing, Self::Classification, Self::Attribution, Self::CifFob, Self::Unit];

    /// The code in records and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Coverage => "coverage",
            Self::Timing => "timing",
            Self::Classification => "classification",
            Self::Attribution => "attribution",
            Self::CifFob => "cif-fob",
            Self::Unit => "unit",
        }
    }
}

/// One explanation, and how much of the gap it takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapExplanation {
    /// Which.
    pub reason: GapReason,
    /// What it comes to, in parts per thousand of what they said; above nought where it makes ours larger.
    pub permille: i64,
}
