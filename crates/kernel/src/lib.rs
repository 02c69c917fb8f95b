//! The mechanism: procedure, rule, book, finding, refusal, effect, obligation. No customs word in it.

pub mod finding;

pub use finding::{Finding, Findings, Place, Severity};
