//! The tax authority as a partner like any other: what a firm booked for a period beside what it declared to us.
//!
//! Case by case the two ask each other as any two administrations do (`assistance`), under a domestic agreement. Period by period
//! the tax authority sends what firms booked; each line becomes a check that sets it beside our declarations, import value
//! beside booked purchases, export value beside the base of the VAT refund; a declaration that changes later
//! changes the check, and what was told already is told again. Source: WCO guidelines for strengthening cooperation
//! between customs and tax authorities (2016).

mod check;
mod given;
mod papers;

pub use check::{Act as PeriodCheckAct, Own, PeriodCheck, Stage as PeriodCheckStage};
pub use given::{Act as FiguresGivenAct, FiguresGiven};
pub use papers::{Booked, BookedKind, PeriodFigures, PeriodResult};
