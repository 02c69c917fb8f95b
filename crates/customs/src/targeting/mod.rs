//! Targeting: who decides what is looked at, by which profiles, and what came of it.
//!
//! A profile is drafted, tried on the past, proposed, and put in force by a second person; it always ends. What it chooses
//! is referred to an officer with every reason, and the officer's result is the label all measuring rests on. The control
//! sample runs beside it all and cannot be switched off silently. What is worked out in bulk is the crate `target`'s.

mod capacity;
mod control;
mod listing;
mod model;
mod packs;
mod plan;
mod rate;
mod referral;
mod screening;
mod watch;

pub use capacity::{Act as OfficeCapacityAct, Can, OfficeCapacity};
pub use control::{Control, SHARE_MIN_PERMYRIAD, Shares};
pub use listing::{FORMS as LIST_FORMS, LISTS, Published, WatchList};
pub use model::{Act as ModelAct, CHALLENGER, CHAMPION, MODELS, Model, Proposed, Signature};
pub use packs::{Pack, packs};
pub use plan::{BOOK, Plan, Tried};
pub use rate::{Lift, Rate, lift};
pub use referral::{Act as ReferralAct, OUTCOMES, Outcome, Referral, Referred, Stage as ReferralStage};
pub use screening::{Act as ScreeningAct, Match, Screening, Stage as ScreeningStage};
pub use watch::{Listed, ListedKind};
