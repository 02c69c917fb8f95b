//! The ledger from outside: published values, foreign judges, damage, interruption, partners, disk.
#![expect(clippy::unwrap_used, reason = "a test that unwraps in vain fails, as it should")]

mod damage;
#[expect(clippy::disallowed_methods, reason = "these tests look at the files themselves")]
mod disk;
mod growth;
mod judges;
mod partners;
mod proofs;
mod support;
mod texts;
mod vectors;
