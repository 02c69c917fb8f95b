//! What all hits of a line together lead to. Causes stay apart and are counted apart.

use std::collections::BTreeSet;

use customs::terms::{Lane, Measure, Profile};
use serde::{Deserialize, Serialize};

/// Why a line was chosen. A line may have several causes; each is counted by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum Cause {
    /// Law asks for it, whatever the risk.
    Mandatory {
        /// The law or agency.
        basis: String,
    },
    /// A profile held.
    Profile {
        /// Its name.
        profile: String,
        /// The reason it gives.
        reason: String,
    },
    /// A watch list has a party, vessel or container of it.
    List {
        /// The list.
        list: String,
        /// The entry.
        entry: String,
    },
    /// What a partner said differs.
    Foreign {
        /// The difference.
        code: String,
    },
    /// The model put it above the line drawn for the day.
    Score {
        /// Calibrated probability in parts per thousand.
        permille: u16,
    },
    /// Chance: the control sample.
    Control,
    /// Chance among what the model knows least.
    Exploration,
}

/// Where a line goes, what is done there, and all the causes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The strongest lane asked for.
    pub lane: Lane,
    /// All measures asked for by what asked for that lane.
    pub measures: BTreeSet<Measure>,
    /// Every cause.
    pub causes: BTreeSet<Cause>,
}

/// Puts the hits of a line together: the strongest lane, with the measures of the profiles that asked for it. A green
/// profile never takes away what another asks for; it is only noted.
#[must_use]
pub fn outcome<'a>(profiles: impl IntoIterator<Item = &'a Profile>) -> Outcome {
    let mut outcome = Outcome::default();
    for profile in profiles {
        outcome.ask(profile.lane, &profile.measures);
        outcome.causes.insert(Cause::Profile { profile: profile.id.clone(), reason: profile.reason.clone() });
    }
    outcome
}

impl Outcome {
    /// Asks for a lane with measures; a weaker one than is asked for already changes nothing.
    pub fn ask(&mut self, lane: Lane, measures: &BTreeSet<Measure>) {
        if lane > self.lane {
            self.lane = lane;
            self.measures.clear();
        }
        if lane == self.lane {
            self.measures.extend(measures);
        }
    }

    /// The same with another cause and what it asks for.
    #[must_use]
    pub fn with(mut self, cause: Cause, lane: Lane, measure: Measure) -> Self {
        self.ask(lane, &BTreeSet::from([measure]));
        self.causes.insert(cause);
        self
    }
}
