//! How a movement at departure takes in what happened.

use std::sync::Arc;

use super::event::DepartureEvent;
use super::{Departure, Stage};
use crate::transit::declaration::GuaranteeReference;

impl Departure {
    pub(super) fn take_in(&mut self, event: &DepartureEvent) {
        self.sent += 1;
        self.take_state(event);
        self.take_abroad(event);
        self.take_in_ends(event);
        if let Some(stage) = self.stage_after(event) {
            self.stage = Some(stage);
        }
        self.notices.extend(self.notices_of(event));
    }

    /// The registered guarantees the declaration relies on, with the kind of each.
    pub(super) fn references(&self) -> Vec<(String, GuaranteeReference)> {
        let all = self.lodging.declaration.guarantees.iter();
        let each = all.flat_map(|it| {
            it.references.iter().map(|reference| (it.guarantee_type.clone(), reference.clone()))
        });
        each.filter(|(_, reference)| !reference.grn.is_empty()).collect()
    }

    fn take_state(&mut self, event: &DepartureEvent) {
        match event {
            DepartureEvent::Lodged { lodging, by, at, worked } => {
                (self.lodging, self.by, self.lodged) = ((**lodging).clone(), by.clone(), Some(*at));
                self.worked = worked.as_deref().cloned();
                self.number();
            }
            DepartureEvent::Rejected { lodging: Some(lodged), .. } => {
                (self.by, self.lodging) = (**lodged).clone();
                self.number();
            }
            DepartureEvent::Presented { consignment, .. } => {
                self.lodging.declaration.consignment = Arc::new(consignment.clone());
            }
            DepartureEvent::Accepted { at } => self.accepted = Some(*at),
            DepartureEvent::Amended { lodging, worked, .. } => {
                self.lodging = (**lodging).clone();
                self.worked = worked.as_deref().cloned().or_else(|| self.worked.take());
            }
            DepartureEvent::InvalidationAsked { justification, .. } => {
                self.asked_invalidation = Some(justification.clone());
            }
            DepartureEvent::KeptValid { .. } => self.asked_invalidation = None,
            DepartureEvent::LimitSet { limit } => self.limit = Some(*limit),
            DepartureEvent::Concluded { code, text, .. } => {
                self.control = Some((*code, text.clone()));
                self.guarantees = self.references().into_iter().map(|(_, it)| (it.grn, None)).collect();
            }
            DepartureEvent::ReleaseQuestioned { text, .. } => {
                self.control = Some((super::ControlCode::A5, text.clone()));
            }
            DepartureEvent::GuaranteeTold { grn, reasons } => {
                self.guarantees.insert(grn.clone(), Some(reasons.clone()));
            }
            DepartureEvent::Released { at, limit } => (self.released, self.limit) = (Some(*at), Some(*limit)),
            DepartureEvent::Crossed { office, day } => self.crossings.push((office.clone(), *day)),
            DepartureEvent::Arrived { office, at } => self.arrival = Some((office.clone(), *at)),
            DepartureEvent::ResultsTold { office, code, text, at, .. } => {
                self.results = Some((*code, text.clone()));
                self.arrival.get_or_insert_with(|| (office.clone(), *at));
            }
            DepartureEvent::IncidentTold { incidents, .. } => self.incidents.push(incidents.clone()),
            DepartureEvent::EnquiryOpened { .. } => self.enquired = true,
            _ => {}
        }
    }

    /// The movement's number follows from who declares under which number of their own.
    fn number(&mut self) {
        let declaration = &self.lodging.declaration;
        let year = self.lodged.map_or(0, |at| jiff::tz::TimeZone::UTC.to_datetime(at).year());
        let of = (declaration.holder.identification_number.as_str(), declaration.operation.lrn.as_str());
        let security = &declaration.operation.security;
        let number = crate::transit::mrn_of(year, &declaration.departure.reference_number, of, security);
        self.mrn = number.unwrap_or_default();
    }

    fn stage_after(&mut self, event: &DepartureEvent) -> Option<Stage> {
        Some(match event {
            DepartureEvent::Lodged { lodging, .. } if lodging.declaration.in_advance() => Stage::Prelodged,
            DepartureEvent::Lodged { .. } | DepartureEvent::Presented { .. } => Stage::Submitted,
            DepartureEvent::Rejected { lodging: Some(_), .. } => Stage::Rejected,
            DepartureEvent::Accepted { .. } => Stage::Accepted,
            DepartureEvent::AmendmentAsked { .. } => {
                self.before = self.stage;
                Stage::UnderAmendment
            }
            DepartureEvent::Amended { .. } => match self.stage {
                Some(Stage::UnderAmendment) => self.before.take().unwrap_or(Stage::Accepted),
                Some(Stage::GuaranteeUnderAmendment) => {
                    self.guarantees = self.references().into_iter().map(|(_, it)| (it.grn, None)).collect();
                    Stage::GuaranteeRegistration
                }
                other => return other,
            },
            DepartureEvent::ControlNotified { notice, .. } if notice == "2" => return None,
            DepartureEvent::ControlNotified { .. } => Stage::UnderControl,
            DepartureEvent::ReleaseQuestioned { .. } => Stage::ReleaseRequested,
            DepartureEvent::Concluded { .. } => Stage::GuaranteeRegistration,
            DepartureEvent::GuaranteeInvalid { .. } => Stage::GuaranteeUnderAmendment,
            DepartureEvent::Released { .. } => Stage::Released,
            DepartureEvent::NotReleased { .. } => Stage::NotReleased,
            DepartureEvent::Invalidated { .. } => Stage::Invalidated,
            DepartureEvent::Arrived { .. } => Stage::Arrived,
            DepartureEvent::DiscrepanciesFound { .. } => Stage::Discrepancies,
            DepartureEvent::EnquiryOpened { .. } => Stage::UnderEnquiry,
            DepartureEvent::RecoveryBegun { .. } => Stage::UnderRecovery,
            DepartureEvent::WrittenOff { .. } => Stage::WrittenOff,
            _ => return None,
        })
    }
}
