//! Pages of the trusted-trader officer, and the tariff everybody may ask.

mod browse;
mod claims;
mod desk;
mod divergence;
mod draw_down;
mod given;
mod report;
mod tariff;

pub(crate) use claims::{Claims, claims};
pub(crate) use desk::trusted;
pub(crate) use divergence::divergence;
pub(crate) use draw_down::draw_down;
pub(crate) use given::given;
pub(crate) use tariff::tariff;
