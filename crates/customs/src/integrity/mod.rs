//! Integrity: what the reviewer looks into, and the yearly self-assessment. Integrity and confidentiality are the same log:
//! who looked, who overrode, who re-routed, who let a clock lapse. Sources: Revised Arusha Declaration; ASEAN customs
//! integrity framework.

mod assessment;
mod concern;

pub use assessment::{Act as AssessmentAct, Assessment, ELEMENTS, Rating};
pub use concern::{Act as ConcernAct, Concern, Indicator};
