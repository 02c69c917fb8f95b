//! Trusted traders: our own programme, partners' lists, and whether a declaration may take the benefit of one.
//!
//! Sources: WCO SAFE Framework, pillar 2; ASEAN AEO mutual recognition arrangement and its bilateral kin. A status
//! counts at the event's own time. What was given on a status that had already ended elsewhere is found again and
//! listed; what was missed for want of a code is told to the trader; what the benefit is worth is measured like for
//! like.
//!
//! Left to others: the matcher over names and scripts (`link`), the gate's decision, transport of the lists.

mod application;
mod benefit;
mod code;
mod entry;
pub mod fair;
mod feed;
mod identity;
mod index;
mod joint;
mod list;
mod name;
mod near_miss;
mod partner_list;
mod programme;
mod recognise;
mod slots;
mod taking;

pub use application::{Application, Monitoring, Outcome, Validation};
pub use benefit::{
    Act as BenefitAct, Benefits, DECISIONS, Event as BenefitEvent, Gap, Given, InGap, Stage as BenefitStage,
};
pub use code::{NotACode, OperatorCode, packed};
pub use entry::{Entry, Fingerprint, OperatorRole, Status, StatusChange};
pub use feed::{Act as FeedAct, Event as FeedEvent, Feed, Stage as FeedStage, Subscriber};
pub use identity::{
    Act as IdentityAct, Event as IdentityEvent, Identity, Stage as IdentityStage, Verdict as IdentityVerdict,
};
pub use index::{Covered, Found, Index, Question};
pub use joint::{
    Act as JointAct, Event as JointEvent, JointAnswer, JointPlan, JointStep, JointValidation, Observation,
    Stage as JointStage,
};
pub use list::{OperatorList, OperatorListRequest, Scope};
pub use name::{name_agreement, name_key};
pub use near_miss::{Act as NearMissAct, Event as NearMissEvent, NearMiss, Stage as NearMissStage};
pub use partner_list::{
    Act as PartnerListAct, Event as PartnerListEvent, PartnerList, Stage as PartnerListStage,
};
pub use programme::{Act as OperatorAct, Event as OperatorEvent, Operator, Stage as OperatorStage};
pub use recognise::{
    Benefit, LANE, NAME_DOUBTFUL, NAME_SAME, OPERATOR_IDENTITIES, OPERATOR_NAMES, OPERATORS, Passed,
    Recognition, SCHEME, Test, agreement, recognise,
};
pub use taking::Changed;
