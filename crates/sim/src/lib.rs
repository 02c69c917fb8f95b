//! Many administrations from one seed: the trade that passes between them, with the truth kept beside it.

pub mod trade;
