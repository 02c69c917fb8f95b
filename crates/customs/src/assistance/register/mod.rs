//! A question on demand to a partner's live register: one declaration by its number, some years back, under a term with a quota. The
//! partner's node answers by itself, from its own declarations, with the fields the term lets go.
//!
//! Source: the exchange of customs records in Mercosur (INDIRA), made for questions because bulk sending was mostly unused.

mod asked;
mod papers;
mod question;

pub use asked::{Act as RegisterAskedAct, RegisterAsked, Stage as RegisterAskedStage};
pub use papers::{RegisterAnswer, RegisterQuestionPaper};
pub use question::{Act as RegisterQuestionAct, RegisterQuestion};
