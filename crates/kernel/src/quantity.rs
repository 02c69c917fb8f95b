//! Exact quantities: a decimal with its unit.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A unit of measure by its UN/ECE Recommendation 20 code; unknown codes survive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unit(String);

impl Unit {
    /// Takes the code as it stood on the wire.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An exact amount of something, such as `18000 KGM`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// How many, exactly.
    pub amount: Decimal,
    /// Of what unit.
    pub unit: Unit,
}

impl Quantity {
    /// This many of this unit.
    #[must_use]
    pub fn new(amount: Decimal, unit: impl Into<String>) -> Self {
        Self { amount, unit: Unit::new(unit) }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount.normalize(), self.unit)
    }
}
