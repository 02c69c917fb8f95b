//! The messages between countries as kinds of document: each is its own content under the standard's own names, is
//! written in the standard's syntax, and moves the case of the movement it names.

use kernel::{CaseId, Effect, Facts, NodeId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::arrival::{Arrival, ArrivalAct};
use super::departure::{Answer, ControlCode, Departure, DepartureAct, Record};
use super::enquiry::{Enquiry, EnquiryAct};
use super::guarantee;
use super::passage::{Passage, PassageAct};
use super::recovery::{Recovery, RecoveryAct, RecoveryAsked};
use super::wire;
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};

/// Everything every message has at its head.
const HEAD: [FieldClass; 6] = [
    field("messageSender", Class::Key, "header"),
    field("messageRecipient", Class::Key, "header"),
    field("preparationDateAndTime", Class::Key, "header"),
    field("messageIdentification", Class::Key, "header"),
    field("messageType", Class::Key, "header"),
    field("correlationIdentifier", Class::Key, "header"),
];

macro_rules! letters {
    ($($name:ident $code:literal $kind:literal $doc:literal [$($member:ident $wire:literal $class:ident),* $(,)?])*) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
            #[serde(default)]
            pub struct $name {
                #[serde(rename = "messageSender")]
                sender: String,
                #[serde(rename = "messageRecipient")]
                recipient: String,
                #[serde(rename = "preparationDateAndTime")]
                prepared: String,
                #[serde(rename = "messageIdentification")]
                identification: String,
                #[serde(rename = "messageType")]
                message_type: String,
                #[serde(rename = "correlationIdentifier")]
                correlation: String,
                #[serde(rename = "TransitOperation")]
                operation: Value,
                $(#[serde(rename = $wire)] $member: Value,)*
            }

            impl Writing for $name {
                const KIND: &'static str = $kind;
                const FIELDS: &'static [FieldClass] = &[
                    HEAD[0], HEAD[1], HEAD[2], HEAD[3], HEAD[4], HEAD[5],
                    field("TransitOperation", Class::Key, $code),
                    $(field($wire, Class::$class, $code),)*
                ];

                fn reference(&self) -> &str {
                    &self.identification
                }

                fn number(&self) -> &str {
                    self.operation.get("MRN").and_then(Value::as_str).unwrap_or_default()
                }

                fn arrived(&self, item: &Arrived<'_>, facts: &Facts<'_>) -> Vec<Effect> {
                    let content = serde_json::to_value(self).expect("a document is plain data");
                    let came = Came { content: &content, from: &item.arrival.from, to: &item.arrival.to };
                    arrived($code, &came, facts)
                }
            }
        )*

        /// The kind under which a message passes between nodes.
        ///
        /// # Panics
        /// For a code that is none of theirs, which the procedures do not have.
        #[must_use]
        pub fn kind_of(code: &str) -> &'static str {
            match code {
                $($code => $kind,)*
                other => unreachable!("no message {other} passes between nodes"),
            }
        }

        /// Every message that passes between nodes: its kind and its code.
        pub const LETTERS: &[(&str, &str)] = &[$(($kind, $code),)*];
    };
}

letters! {
    Anticipated "CD001C" "cd001c" "The movement, to the office of destination, at its release (001)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        transit "CustomsOfficeOfTransitDeclared" Transport, exit "CustomsOfficeOfExitForTransitDeclared" Transport,
        holder "HolderOfTheTransitProcedure" Trader, control "ControlResult" Conclusion,
        risk "RiskAnalysisIdentification" Conclusion, consignment "Consignment" Goods,
    ]
    AnticipatedRequest "CD002C" "cd002c" "The record is asked for, for an arrival (002)." [
        actual "CustomsOfficeOfDestinationActual" Transport,
    ]
    AnticipatedResponse "CD003C" "cd003c" "The record for an arrival, or why not (003)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        actual "CustomsOfficeOfDestinationActual" Transport, transit "CustomsOfficeOfTransitDeclared" Transport,
        exit "CustomsOfficeOfExitForTransitDeclared" Transport, holder "HolderOfTheTransitProcedure" Trader,
        control "ControlResult" Conclusion, risk "RiskAnalysisIdentification" Conclusion, consignment "Consignment" Goods,
    ]
    ArrivalAdvice "CD006C" "cd006c" "The goods arrived (006)." [
        departure "CustomsOfficeOfDeparture" Transport, actual "CustomsOfficeOfDestinationActual" Transport,
    ]
    Invalidation "CD010C" "cd010c" "The movement is invalidated after its release (010)." [
        invalidation "Invalidation" Conclusion, departure "CustomsOfficeOfDeparture" Transport,
        destination "CustomsOfficeOfDestinationDeclared" Transport, transit "CustomsOfficeOfTransitDeclared" Transport,
        exit "CustomsOfficeOfExitForTransitDeclared" Transport,
    ]
    ControlResults "CD018C" "cd018c" "What the office of destination found (018)." [
        departure "CustomsOfficeOfDeparture" Transport, actual "CustomsOfficeOfDestinationActual" Transport,
        control "ControlResult" Conclusion, consignment "Consignment" Goods,
    ]
    ForwardedArrival "CD024C" "cd024c" "The goods arrived elsewhere (024)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        actual "CustomsOfficeOfDestinationActual" Transport, transit "CustomsOfficeOfTransitDeclared" Transport,
        passed "CustomsOfficeOfTransitActual" Transport, exit "CustomsOfficeOfExitForTransitDeclared" Transport,
        left "CustomsOfficeOfExitForTransitActual" Transport,
    ]
    MovementQuery "CD027C" "cd027c" "The record and its status are asked for (027)." [
        request "CustomsOfficeOfRequest" Transport,
    ]
    MovementResponse "CD038C" "cd038c" "The record and its status (038)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        transit "CustomsOfficeOfTransitDeclared" Transport, exit "CustomsOfficeOfExitForTransitDeclared" Transport,
        request "CustomsOfficeOfRequest" Transport, holder "HolderOfTheTransitProcedure" Trader,
        control "ControlResult" Conclusion, risk "RiskAnalysisIdentification" Conclusion, consignment "Consignment" Goods,
    ]
    DiscrepanciesSolved "CD049C" "cd049c" "Whether open discrepancies were solved (049)." [
        departure "CustomsOfficeOfDeparture" Transport, actual "CustomsOfficeOfDestinationActual" Transport,
    ]
    TransitRecord "CD050C" "cd050c" "The movement, to a country it crosses, at its release (050)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        transit "CustomsOfficeOfTransitDeclared" Transport, exit "CustomsOfficeOfExitForTransitDeclared" Transport,
        holder "HolderOfTheTransitProcedure" Trader, control "ControlResult" Conclusion,
        risk "RiskAnalysisIdentification" Conclusion, consignment "Consignment" Goods,
    ]
    EnquiryCancelled "CD059C" "cd059c" "An enquiry is cancelled (059)." [
        departure "CustomsOfficeOfDeparture" Transport, request "CustomsOfficeOfRequest" Transport,
    ]
    RecoveryStarted "CD063C" "cd063c" "Recovery has begun (063)." [
        destination "CustomsOfficeOfDestinationDeclared" Transport, actual "CustomsOfficeOfDestinationActual" Transport,
        transit "CustomsOfficeOfTransitDeclared" Transport, passed "CustomsOfficeOfTransitActual" Transport,
        exit "CustomsOfficeOfExitForTransitDeclared" Transport, left "CustomsOfficeOfExitForTransitActual" Transport,
        incident "CustomsOfficeOfIncidentRegistration" Transport, recovery "CustomsOfficeOfRecoveryAtDeparture" Transport,
    ]
    StatusRequest "CD094C" "cd094c" "How a movement stands is asked (094)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestination" Transport,
        transit "CustomsOfficeOfTransit" Transport, exit "CustomsOfficeOfExitForTransit" Transport,
    ]
    StatusResponse "CD095C" "cd095c" "How a movement stands (095)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestination" Transport,
        transit "CustomsOfficeOfTransit" Transport, exit "CustomsOfficeOfExitForTransit" Transport,
    ]
    TransitRecordRequest "CD114C" "cd114c" "The record is asked for, for a passage (114)." [
        passed "CustomsOfficeOfTransitActual" Transport,
    ]
    TransitRecordResponse "CD115C" "cd115c" "The record for a passage, or why not (115)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        transit "CustomsOfficeOfTransitDeclared" Transport, passed "CustomsOfficeOfTransitActual" Transport,
        exit "CustomsOfficeOfExitForTransitDeclared" Transport, holder "HolderOfTheTransitProcedure" Trader,
        control "ControlResult" Conclusion, risk "RiskAnalysisIdentification" Conclusion, consignment "Consignment" Goods,
    ]
    Crossing "CD118C" "cd118c" "The goods crossed a frontier (118)." [
        departure "CustomsOfficeOfDeparture" Transport, passed "CustomsOfficeOfTransitActual" Transport,
    ]
    EnquiryRequest "CD142C" "cd142c" "Where are the goods (142)?" [
        departure "CustomsOfficeOfDeparture" Transport, request "CustomsOfficeOfRequest" Transport,
        enquiring "CustomsOfficeOfEnquiryAtDeparture" Transport, enquiry "Enquiry" Conclusion, consignment "Consignment" Trader,
    ]
    EnquiryResponse "CD143C" "cd143c" "What an office knows of goods that are looked for (143)." [
        request "CustomsOfficeOfRequest" Transport, enquiring "CustomsOfficeOfEnquiryAtDeparture" Transport,
        enquiry "Enquiry" Conclusion,
    ]
    RecoveryRequest "CD150C" "cd150c" "Another country is asked to recover (150)." [
        requesting "CustomsOfficeOfRecoveryRequesting" Transport, requested "CustomsOfficeOfRecoveryRequested" Transport,
        recovery "Recovery" Conclusion, guarantee "GuaranteeReference" Trader,
    ]
    RecoveryAnswer "CD151C" "cd151c" "Whether it recovers (151)." [
        requesting "CustomsOfficeOfRecoveryRequesting" Transport, requested "CustomsOfficeOfRecoveryRequested" Transport,
        recovery "Recovery" Conclusion, guarantee "GuaranteeReference" Trader,
    ]
    RecoveryDone "CD152C" "cd152c" "What was owed is collected (152)." [
        departure "CustomsOfficeOfRecoveryAtDeparture" Transport, office "CustomsOfficeOfRecovery" Transport,
        recovery "Recovery" Conclusion,
    ]
    IncidentNotice "CD180C" "cd180c" "Something happened on the way (180)." [
        departure "CustomsOfficeOfDeparture" Transport, incident "CustomsOfficeOfIncidentRegistration" Transport,
        consignment "Consignment" Goods,
    ]
    ForwardedIncident "CD181C" "cd181c" "Something happened on the way, to those ahead (181)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        transit "CustomsOfficeOfTransitDeclared" Transport, exit "CustomsOfficeOfExitForTransitDeclared" Transport,
        incident "CustomsOfficeOfIncidentRegistration" Transport, consignment "Consignment" Goods,
    ]
    GuaranteeCheck "CD200C" "cd200c" "Whether a guarantee could be relied on (200)?" [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        holder "HolderOfTheTransitProcedure" Trader, countries "CountryInvolved" Transport,
        guarantee "Guarantee" Trader, consignment "Consignment" Goods,
    ]
    GuaranteeCheckResult "CD201C" "cd201c" "What speaks against relying on it (201)." [
        departure "CustomsOfficeOfDeparture" Transport, holder "HolderOfTheTransitProcedure" Trader,
        guarantee "Guarantee" Conclusion,
    ]
    GuaranteeUse "CD203C" "cd203c" "A movement is to rely on a guarantee (203)." [
        departure "CustomsOfficeOfDeparture" Transport, destination "CustomsOfficeOfDestinationDeclared" Transport,
        holder "HolderOfTheTransitProcedure" Trader, countries "CountryInvolved" Transport,
        guarantee "Guarantee" Trader, consignment "Consignment" Goods,
    ]
    GuaranteeUseCancelled "CD204C" "cd204c" "A movement does not rely on it after all (204)." [
        departure "CustomsOfficeOfDeparture" Transport, guarantee "Guarantee" Trader,
    ]
    GuaranteeUseResult "CD205C" "cd205c" "Whether the movement may rely on it (205)." [
        departure "CustomsOfficeOfDeparture" Transport, holder "HolderOfTheTransitProcedure" Trader,
        guarantee "Guarantee" Conclusion,
    ]
    GuaranteeCredit "CD209C" "cd209c" "The movement relies on it no more (209)." [
        departure "CustomsOfficeOfDeparture" Transport, guarantee "Guarantee" Trader,
    ]
}

/// A message that came.
pub(super) struct Came<'a> {
    pub(super) content: &'a Value,
    pub(super) from: &'a NodeId,
    pub(super) to: &'a NodeId,
}

impl Came<'_> {
    pub(super) fn mrn(&self) -> String {
        self.text("/TransitOperation/MRN")
    }

    pub(super) fn text(&self, path: &str) -> String {
        self.content.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub(super) fn office(&self, group: &str) -> String {
        self.text(&format!("/{group}/referenceNumber"))
    }

    fn incidents(&self) -> Value {
        self.content.pointer("/Consignment/Incident").cloned().unwrap_or_default()
    }
}

/// The cases a movement has or can have here: as a country it crosses, as that of its destination. A word that comes before
/// the record it is about is kept, so that the record that comes after it opens nothing.
fn both(mrn: &str, came: &Came<'_>, passage: &PassageAct, arrival: &ArrivalAct) -> Vec<Effect> {
    let here = |number: &str| super::country_of(number) == came.to.as_str();
    let transit = came.content.get("CustomsOfficeOfTransitDeclared").and_then(Value::as_array);
    let crosses =
        transit.into_iter().flatten().filter_map(|office| office.get("referenceNumber")?.as_str()).any(here);
    let ends = here(&came.office("CustomsOfficeOfDestinationDeclared"));
    let passage = crosses.then(|| Effect::act(Passage::case_of(mrn), passage));
    passage.into_iter().chain(ends.then(|| Effect::act(Arrival::case_of(mrn), arrival))).collect()
}

/// What follows from a word between two offices of one country.
pub(super) fn taken_at_home(code: &str, content: &Value, us: &NodeId, facts: &Facts<'_>) -> Vec<Effect> {
    arrived(code, &Came { content, from: us, to: us }, facts)
}

fn arrived(code: &str, came: &Came<'_>, facts: &Facts<'_>) -> Vec<Effect> {
    let mrn = came.mrn();
    let record = came.content.clone();
    let refused = came.text("/TransitOperation/requestRejectionReasonCode");
    let to = |case: CaseId, act: &ArrivalAct| vec![Effect::act(case, act)];
    let on_way = |case: CaseId, act: &PassageAct| vec![Effect::act(case, act)];
    match code {
        "CD001C" => to(Arrival::case_of(&mrn), &ArrivalAct::Expect { record }),
        "CD003C" if !refused.is_empty() => to(Arrival::case_of(&mrn), &ArrivalAct::Deny { reason: refused }),
        "CD003C" => to(Arrival::case_of(&mrn), &ArrivalAct::Expect { record }),
        "CD050C" => on_way(Passage::case_of(&mrn), &PassageAct::Expect { record }),
        "CD115C" if !refused.is_empty() => {
            on_way(Passage::case_of(&mrn), &PassageAct::Deny { reason: refused })
        }
        "CD115C" => on_way(Passage::case_of(&mrn), &PassageAct::Expect { record }),
        "CD010C" => both(&mrn, came, &PassageAct::Cancel, &ArrivalAct::Cancel),
        "CD024C" => both(&mrn, came, &PassageAct::Close, &ArrivalAct::Divert),
        "CD063C" => both(&mrn, came, &PassageAct::CloseForRecovery, &ArrivalAct::CloseForRecovery),
        "CD181C" => {
            let incidents = came.incidents();
            both(
                &mrn,
                came,
                &PassageAct::Incident { incidents: incidents.clone() },
                &ArrivalAct::Incident { incidents },
            )
        }
        "CD142C" => {
            let office = came.office("CustomsOfficeOfEnquiryAtDeparture");
            let message = came.text("/messageIdentification");
            let passage = PassageAct::Enquire { office: office.clone(), message: message.clone() };
            vec![
                Effect::act(Passage::case_of(&mrn), &passage),
                Effect::act(Arrival::case_of(&mrn), &ArrivalAct::Enquire { office, message }),
            ]
        }
        "CD150C" => {
            vec![Effect::act(Recovery::case_of(&mrn), &RecoveryAct::Ask(Box::new(recovery(&mrn, came))))]
        }
        "CD049C" => {
            let solved = came.text("/TransitOperation/discrepanciesResolved") == "1";
            let solved = if solved { Answer::Yes } else { Answer::No };
            to(Arrival::case_of(&mrn), &ArrivalAct::Resolve { solved })
        }
        "CD200C" | "CD201C" | "CD203C" | "CD204C" | "CD205C" | "CD209C" => guarantee::arrived(code, came),
        _ => at_home(code, &mrn, came, facts),
    }
}

/// Messages to the country of departure.
fn at_home(code: &str, mrn: &str, came: &Came<'_>, facts: &Facts<'_>) -> Vec<Effect> {
    let act = |act: DepartureAct| vec![Effect::act(Departure::case_of(mrn), &act)];
    let asked = |record: Record, group: &str| {
        let (by, message) = (came.from.clone(), came.text("/messageIdentification"));
        act(DepartureAct::RecordAsked { record, by, office: came.office(group), message })
    };
    let enquiry = |act: EnquiryAct| vec![Effect::act(Enquiry::case_of(mrn), &act)];
    let moment = |path: &str| wire::read_moment(&came.text(path)).unwrap_or(facts.now);
    match code {
        "CD002C" => asked(Record::Arrival, "CustomsOfficeOfDestinationActual"),
        "CD114C" => asked(Record::Passage, "CustomsOfficeOfTransitActual"),
        "CD027C" => asked(Record::Query, "CustomsOfficeOfRequest"),
        "CD006C" => act(DepartureAct::Arrived {
            office: came.office("CustomsOfficeOfDestinationActual"),
            at: moment("/TransitOperation/arrivalDateAndTimeActual"),
        }),
        "CD018C" => results(came).map_or_else(Vec::new, act),
        "CD118C" => act(DepartureAct::Crossed {
            office: came.office("CustomsOfficeOfTransitActual"),
            day: came.text("/TransitOperation/passageDate").parse().unwrap_or_else(|_| facts.day()),
        }),
        "CD180C" => act(DepartureAct::Incident {
            office: came.office("CustomsOfficeOfIncidentRegistration"),
            at: moment("/TransitOperation/incidentNotificationDateAndTime"),
            incidents: came.incidents(),
        }),
        "CD094C" => act(DepartureAct::StatusAsked {
            by: came.from.clone(),
            message: came.text("/messageIdentification"),
        }),
        "CD143C" => enquiry(EnquiryAct::Answered {
            country: came.from.clone(),
            code: came.text("/Enquiry/responseCode"),
            text: came.text("/Enquiry/text"),
        }),
        "CD151C" => {
            enquiry(EnquiryAct::RecoveryAnswered { accepted: came.text("/Recovery/recoveryAcceptance") })
        }
        "CD152C" => enquiry(EnquiryAct::Pay { by: came.from.to_string() }),
        _ => Vec::new(),
    }
}

fn recovery(mrn: &str, came: &Came<'_>) -> RecoveryAsked {
    let references = came.content.get("GuaranteeReference").and_then(Value::as_array);
    let numbers =
        references.into_iter().flatten().filter_map(|it| it.get("GRN")?.as_str().map(str::to_owned));
    RecoveryAsked {
        mrn: mrn.to_owned(),
        requesting: came.office("CustomsOfficeOfRecoveryRequesting"),
        requested: came.office("CustomsOfficeOfRecoveryRequested"),
        text: came.text("/Recovery/text"),
        guarantees: numbers.collect(),
        message: came.text("/messageIdentification"),
    }
}

fn results(came: &Came<'_>) -> Option<DepartureAct> {
    let code = match came.text("/ControlResult/code").as_str() {
        "A1" => ControlCode::A1,
        "A2" => ControlCode::A2,
        "A3" => ControlCode::A3,
        "A5" => ControlCode::A5,
        "B1" => ControlCode::B1,
        _ => return None,
    };
    let seals = match came.text("/ControlResult/stateOfSeals").as_str() {
        "1" => Some(Answer::Yes),
        "0" => Some(Answer::No),
        _ => None,
    };
    let said = came.text("/TransitOperation/otherThingsToReport");
    let text = if said.is_empty() { came.text("/ControlResult/text") } else { said };
    let differences = came.content.get("Consignment").cloned().unwrap_or_default();
    let office = came.office("CustomsOfficeOfDestinationActual");
    Some(DepartureAct::Results { office, code, seals, text, differences })
}
