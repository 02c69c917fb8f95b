//! Pages of the trusted-trader officer, and the tariff everybody may ask.

mod claims;
mod desk;
mod report;
mod tariff;

pub(crate) use claims::{Claims, claims};
pub(crate) use desk::trusted;
pub(crate) use tariff::tariff;
