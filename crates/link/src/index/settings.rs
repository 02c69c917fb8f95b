//! What an index works by.

use serde::{Deserialize, Serialize};

use crate::compare::Tolerances;
use crate::score::Model;

/// The weights and tolerances an index works by. Results follow from these and the documents at hand, and from
/// nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What agreement and disagreement weigh.
    pub model: Model,
    /// What may differ.
    pub tolerances: Tolerances,
    /// A link below this many parts per thousand is for a person to decide.
    pub sure: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self { model: Model::default(), tolerances: Tolerances::default(), sure: 700 }
    }
}
