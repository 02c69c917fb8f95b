//! A question on demand to a partner's live register: one declaration by its number, some years back, under a term with a quota. The
//! partner's node answers by itself, from its own declarations, with the fields the term lets go.
//!
//! Source: the exchange of customs records in Mercosur (INDIRA), made for questions because bulk sending was mostly unused.

mod papers;
mod question;

pub use papers::{RegisterAnswer, RegisterQuestionPaper};
pub use question::{Act as RegisterQuestionAct, RegisterQuestion};

use super::quota::{Asked, AskedAct};

/// A partner's question to our register.
pub type RegisterAsked = Asked<RegisterQuestionPaper>;
/// What parties may want of one.
pub type RegisterAskedAct = AskedAct<RegisterQuestionPaper>;
