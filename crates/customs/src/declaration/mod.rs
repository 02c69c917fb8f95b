//! Declarations: our own import and export declarations, the ACDD extracted from an export, and the answer to it.
//!
//! Sources: WCO Data Model classes 42A, 67A, 68A, 07B; ASEAN Customs Declaration Document, fifteen parameters.
//! What other administrations do with an ACDD is the gate area's business; whether it may be sent, the agreement's.

mod acdd;
mod goods_declaration;
mod lodged;
mod response;

pub use acdd::{Acdd, AcddLine};
pub use goods_declaration::{Consent, Declaration, Flow, Function};
pub use lodged::{Act as LodgedAct, Event as LodgedEvent, Lodged, Stage as LodgedStage};
pub use response::{Outcome, Remark, Response};
