//! Targeting: what each reason to look found beside chance, what waits by money and time, what offices will have to do.

mod board;

pub(crate) use board::targeting;
