//! The one list of procedures.

use kernel::{Desk, Obligation, Of};

use crate::agreement::{Destruction, Instrument, Received, Sent};
use crate::assistance::quota::MatchMeter;
use crate::assistance::unseen::{MatchAsked, MatchQuestion, MatchSet};
use crate::assistance::{
    Alert, Contact, Dossier, PassingOn, Request, Requested, SpontaneousIn, SpontaneousOut, Subtask,
};
use crate::certificate::{Certificate, Issuance, OriginRules, Verification};
use crate::declaration::Lodged;
use crate::gate::{Consignment, Finding};
use crate::integrity::{Assessment, Concern};
use crate::operation::{Detention, Operation, Right, Seizure, TakeBack, Warned, Warning};
use crate::operator::{Benefits, Feed, Identity, JointValidation, NearMiss, Operator, PartnerList};
use crate::programme::{Action, Commitment, Expert, Issue, Meeting, Negotiation, Pilot, Selection};
use crate::transit::{Arrival, Departure, Enquiry, Entered, Guarantee, Passage, Recovery};

/// Every desk there is. A procedure that is not here does not exist.
pub static DESKS: &[&dyn Desk] = &[
    &Of::<Instrument>::new(),
    &Of::<Lodged>::new(),
    &Of::<Sent>::new(),
    &Of::<Received>::new(),
    &Of::<Destruction>::new(),
    &Of::<Consignment>::new(),
    &Of::<Finding>::new(),
    &Of::<Certificate>::new(),
    &Of::<Issuance>::new(),
    &Of::<Verification>::new(),
    &Of::<OriginRules>::new(),
    &Of::<Operator>::new(),
    &Of::<Feed>::new(),
    &Of::<PartnerList>::new(),
    &Of::<Benefits>::new(),
    &Of::<NearMiss>::new(),
    &Of::<Identity>::new(),
    &Of::<JointValidation>::new(),
    &Of::<crate::tariff::Divergence>::new(),
    &Of::<crate::tariff::ExchangeRates>::new(),
    &Of::<Obligation>::new(),
    // The steering of cooperation, and integrity.
    &Of::<Negotiation>::new(),
    &Of::<Meeting>::new(),
    &Of::<Commitment>::new(),
    &Of::<Action>::new(),
    &Of::<Issue>::new(),
    &Of::<Expert>::new(),
    &Of::<Selection>::new(),
    &Of::<Pilot>::new(),
    &Of::<Concern>::new(),
    &Of::<Assessment>::new(),
    // Mutual assistance.
    &Of::<Request>::new(),
    &Of::<Requested>::new(),
    &Of::<Subtask>::new(),
    &Of::<SpontaneousOut>::new(),
    &Of::<SpontaneousIn>::new(),
    &Of::<Alert>::new(),
    &Of::<PassingOn>::new(),
    &Of::<Contact>::new(),
    &Of::<Dossier>::new(),
    &Of::<crate::assistance::register::RegisterQuestion>::new(),
    &Of::<crate::assistance::register::RegisterAsked>::new(),
    &Of::<crate::feed::CargoLine>::new(),
    &Of::<crate::feed::CargoHit>::new(),
    &Of::<crate::tax::PeriodCheck>::new(),
    &Of::<crate::tax::FiguresGiven>::new(),
    &Of::<MatchSet>::new(),
    &Of::<MatchQuestion>::new(),
    &Of::<MatchAsked>::new(),
    &Of::<MatchMeter>::new(),
    // Joint operations.
    &Of::<Operation>::new(),
    &Of::<Warning>::new(),
    &Of::<Warned>::new(),
    &Of::<Seizure>::new(),
    &Of::<TakeBack>::new(),
    &Of::<Right>::new(),
    &Of::<Detention>::new(),
    &Of::<Departure>::new(),
    &Of::<Passage>::new(),
    &Of::<Arrival>::new(),
    &Of::<Guarantee>::new(),
    &Of::<Enquiry>::new(),
    &Of::<Recovery>::new(),
    &Of::<Entered>::new(),
    // targeting and parcels
    &Of::<crate::targeting::Plan>::new(),
    &Of::<crate::targeting::Referral>::new(),
    &Of::<crate::targeting::Control>::new(),
    &Of::<crate::targeting::Screening>::new(),
    &Of::<crate::targeting::WatchList>::new(),
    &Of::<crate::targeting::Model>::new(),
    &Of::<crate::targeting::OfficeCapacity>::new(),
    &Of::<crate::parcel::Referral>::new(),
    &Of::<crate::parcel::Consolidated>::new(),
    &Of::<crate::parcel::Account>::new(),
];

/// The desk of this name.
#[must_use]
pub fn desk(name: &str) -> Option<&'static dyn Desk> {
    DESKS.iter().copied().find(|desk| desk.name() == name)
}
