//! The ledger from outside: published values, foreign judges, damage, interruption, partners, disk.

mod judges;
mod proofs;
mod support;
mod vectors;
