//! The one list of document kinds, besides the two that have standards of their own from the first day (ACDD and Customs
//! Response).

use crate::agreement::{DestructionNotice, DocumentResponse, Kind, KindOf};
use crate::assistance::register::{RegisterAnswer, RegisterQuestionPaper};
use crate::assistance::unseen::{MatchAnswer, MatchQuestionPaper, MatchSetPaper};
use crate::assistance::{
    Answer, AssistanceRequest, BackTracking, ContactAnswer, ContactEntry, ContactTest, ControlledDelivery,
    Information, OnwardAnswer, OnwardRequest, OriginVerification, Recall, ResultTold,
};
use crate::certificate::{CertificateQuery, CertificateReply, CertificateUse, EPhyto, OriginCertificate};
use crate::feed::{CargoLinePaper, HitPaper, HitResult};
use crate::operation::{
    Feedback, Plan, PlanAnswer, SeizureItem, Silence, SituationReport, TakeBackAnswer, TakeBackNotice,
    WarningItem,
};
use crate::operator::{JointPlan, OperatorList, OperatorListRequest};
use crate::tax::{PeriodFigures, PeriodResult};
use crate::transit::papers;

/// Every kind of document an area declares. A kind that is not here does not pass between nodes.
pub static KINDS: &[&dyn Kind] = &[
    &KindOf::<DocumentResponse>::new(),
    &KindOf::<DestructionNotice>::new(),
    // Mutual assistance.
    &KindOf::<AssistanceRequest>::new(),
    &KindOf::<OriginVerification>::new(),
    &KindOf::<ControlledDelivery>::new(),
    &KindOf::<BackTracking>::new(),
    &KindOf::<Answer>::new(),
    &KindOf::<ResultTold>::new(),
    &KindOf::<Recall>::new(),
    &KindOf::<Information>::new(),
    &KindOf::<OnwardRequest>::new(),
    &KindOf::<OnwardAnswer>::new(),
    &KindOf::<ContactEntry>::new(),
    &KindOf::<ContactTest>::new(),
    &KindOf::<ContactAnswer>::new(),
    &KindOf::<RegisterQuestionPaper>::new(),
    &KindOf::<RegisterAnswer>::new(),
    &KindOf::<CargoLinePaper>::new(),
    &KindOf::<HitPaper>::new(),
    &KindOf::<HitResult>::new(),
    &KindOf::<PeriodFigures>::new(),
    &KindOf::<PeriodResult>::new(),
    &KindOf::<MatchSetPaper>::new(),
    &KindOf::<MatchQuestionPaper>::new(),
    &KindOf::<MatchAnswer>::new(),
    // Joint operations.
    &KindOf::<Plan>::new(),
    &KindOf::<PlanAnswer>::new(),
    &KindOf::<WarningItem>::new(),
    &KindOf::<Feedback>::new(),
    &KindOf::<Silence>::new(),
    &KindOf::<SeizureItem>::new(),
    &KindOf::<SituationReport>::new(),
    &KindOf::<TakeBackNotice>::new(),
    &KindOf::<TakeBackAnswer>::new(),
    &KindOf::<EPhyto>::new(),
    &KindOf::<OriginCertificate>::new(),
    &KindOf::<CertificateUse>::new(),
    &KindOf::<CertificateQuery>::new(),
    &KindOf::<CertificateReply>::new(),
    &KindOf::<OperatorList>::new(),
    &KindOf::<OperatorListRequest>::new(),
    &KindOf::<JointPlan>::new(),
    &KindOf::<papers::Anticipated>::new(),
    &KindOf::<papers::AnticipatedRequest>::new(),
    &KindOf::<papers::AnticipatedResponse>::new(),
    &KindOf::<papers::ArrivalAdvice>::new(),
    &KindOf::<papers::Invalidation>::new(),
    &KindOf::<papers::ControlResults>::new(),
    &KindOf::<papers::ForwardedArrival>::new(),
    &KindOf::<papers::MovementQuery>::new(),
    &KindOf::<papers::MovementResponse>::new(),
    &KindOf::<papers::DiscrepanciesSolved>::new(),
    &KindOf::<papers::TransitRecord>::new(),
    &KindOf::<papers::EnquiryCancelled>::new(),
    &KindOf::<papers::RecoveryStarted>::new(),
    &KindOf::<papers::StatusRequest>::new(),
    &KindOf::<papers::StatusResponse>::new(),
    &KindOf::<papers::TransitRecordRequest>::new(),
    &KindOf::<papers::TransitRecordResponse>::new(),
    &KindOf::<papers::Crossing>::new(),
    &KindOf::<papers::EnquiryRequest>::new(),
    &KindOf::<papers::EnquiryResponse>::new(),
    &KindOf::<papers::RecoveryRequest>::new(),
    &KindOf::<papers::RecoveryAnswer>::new(),
    &KindOf::<papers::RecoveryDone>::new(),
    &KindOf::<papers::IncidentNotice>::new(),
    &KindOf::<papers::ForwardedIncident>::new(),
    &KindOf::<papers::GuaranteeCheck>::new(),
    &KindOf::<papers::GuaranteeCheckResult>::new(),
    &KindOf::<papers::GuaranteeUse>::new(),
    &KindOf::<papers::GuaranteeUseCancelled>::new(),
    &KindOf::<papers::GuaranteeUseResult>::new(),
    &KindOf::<papers::GuaranteeCredit>::new(),
];

/// The name of every kind that passes between nodes.
pub fn names() -> impl Iterator<Item = &'static str> {
    STANDARD.into_iter().chain(KINDS.iter().map(|kind| kind.name()))
}

/// The kinds with standards of their own from the first day.
const STANDARD: [&str; 2] = ["acdd", "customs-response"];

/// The kind of this name.
#[must_use]
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let distinct: BTreeSet<_> = names().collect();
        assert_eq!(distinct.len(), names().count());
    }

    #[test]
    fn a_document_of_which_everything_was_withheld_can_still_be_read() {
        for kind in KINDS {
            assert!(kind.outline(&serde_json::json!({})).is_ok(), "{}", kind.name());
        }
    }
}
