//! A principal's message as the act it asks for: which case, which act, and what the reader saw wrong.

use customs::transit::{Arrival, Departure, Enquiry, Guarantee, mrn_of};
use jiff::civil::Date;
use kernel::{CaseId, Findings, Place};
use serde_json::{Map, Value, json};

use crate::{Message, Received, read_strictly};

/// What a message of a principal asks for.
#[derive(Clone, Debug)]
pub struct Intake {
    /// The message's code.
    pub code: &'static str,
    /// The case it is about. Before a movement has its number, a message may name it so that several could be meant;
    /// the one that exists is, and of none the first.
    pub cases: Vec<CaseId>,
    /// The act. A declaration in it has its access codes in clear: whoever takes the act in keeps them where they may be
    /// (ADR 0054), and the procedure makes digests of them.
    pub act: Value,
    /// What the reader saw, judged as the office would.
    pub findings: Findings,
}

/// Why a message is no act.
#[derive(Clone, Debug)]
pub struct NotTaken {
    /// What the reader saw.
    pub findings: Findings,
}

/// Reads a principal's message, XML or JSON, as the act it asks for on `day`. A faulty one that still says which movement
/// it is about is an act too: the office rejects it by the standard's own answer.
///
/// # Errors
/// [`NotTaken`] where nothing of a message of a principal could be read, or it names no movement.
pub fn intake(bytes: &[u8], day: Date) -> Result<Intake, NotTaken> {
    let Received { messages, mut findings, .. } = read_strictly(bytes);
    let Some(Message::Transit(message)) = messages.into_iter().next() else {
        return Err(NotTaken { findings });
    };
    let asked = Asked { content: &message.content, day, findings: &findings };
    match asked.act(message.code) {
        Some((cases, act)) => Ok(Intake { code: message.code, cases, act, findings }),
        None => {
            findings.push(
                kernel::Finding::error(
                    "transit-not-a-principals",
                    Place { line: 1, column: 1, ..Place::at("/") },
                )
                .seen(message.code),
            );
            Err(NotTaken { findings })
        }
    }
}

struct Asked<'a> {
    content: &'a Value,
    day: Date,
    findings: &'a Findings,
}

impl Asked<'_> {
    fn text(&self, path: &str) -> &str {
        self.content.pointer(path).and_then(Value::as_str).unwrap_or_default()
    }

    fn act(&self, code: &str) -> Option<(Vec<CaseId>, Value)> {
        let departure = || Some(self.numbers()).filter(|cases| !cases.is_empty());
        let arrival = || {
            Some(vec![Arrival::case_of(self.text("/TransitOperation/MRN"))])
                .filter(|cases| cases[0].key().len() == 18)
        };
        Some(match code {
            "CC015C" => (departure()?, self.lodging("declare")),
            "CC013C" => (departure()?, self.lodging("amend")),
            "CC014C" => (
                departure()?,
                json!({ "act": "ask-invalidation", "justification": self.text("/Invalidation/justification") }),
            ),
            "CC170C" => {
                let consignment = self.content.get("Consignment").cloned().unwrap_or_default();
                (
                    departure()?,
                    json!({ "act": "present", "consignment": consignment, "findings": self.findings }),
                )
            }
            "CC054C" => {
                let release = self.text("/TransitOperation/releaseRequested");
                (departure()?, json!({ "act": "answer-release", "release": yes(release) }))
            }
            "CC007C" => (arrival()?, self.notification()),
            "CC044C" => (arrival()?, self.remarks()),
            "CC141C" => {
                let act = json!({ "act": "answer-holder", "office": self.text("/CustomsOfficeOfDestinationActual/referenceNumber"),
                    "text": self.text("/Enquiry/text") });
                (vec![Enquiry::case_of(self.text("/TransitOperation/MRN"))], act)
            }
            "CC034C" => {
                let grn = self.text("/GuaranteeReference/0/GRN");
                let identifier = self.text("/GuaranteeReference/0/GuaranteeQuery/queryIdentifier");
                (vec![Guarantee::case_of(grn)], json!({ "act": "query", "identifier": identifier }))
            }
            _ => return None,
        })
    }

    /// The movement: by its number where the message has it, else by the principal's own.
    fn numbers(&self) -> Vec<CaseId> {
        let mrn = self.text("/TransitOperation/MRN");
        if mrn.len() == 18 {
            return vec![Departure::case_of(mrn)];
        }
        let holder = self.text("/HolderOfTheTransitProcedure/identificationNumber");
        let office = self.text("/CustomsOfficeOfDeparture/referenceNumber");
        let lrn = self.text("/TransitOperation/LRN");
        let given = self.text("/TransitOperation/security");
        let securities = if given.is_empty() { vec!["0", "1", "2", "3"] } else { vec![given] };
        let number = |security: &str| mrn_of(self.day.year(), office, (holder, lrn), security);
        securities.into_iter().filter_map(number).map(|mrn| Departure::case_of(&mrn)).collect()
    }

    fn lodging(&self, act: &str) -> Value {
        let message = self.text("/messageIdentification").to_owned();
        json!({ "act": act, "declaration": self.content, "findings": self.findings, "message": message, "values": self.values() })
    }

    /// Customs values of the lines, where the principal gives them: additional information `9VAL1` of an item, an amount.
    fn values(&self) -> Vec<Value> {
        let houses = self.content.pointer("/Consignment/HouseConsignment").and_then(Value::as_array);
        let items = houses
            .into_iter()
            .flatten()
            .filter_map(|house| house.get("ConsignmentItem")?.as_array())
            .flatten();
        items
            .filter_map(|item| {
                let line: u32 = item.get("declarationGoodsItemNumber")?.as_str()?.parse().ok()?;
                let given = item.get("AdditionalInformation")?.as_array()?.iter();
                let text = given
                    .filter(|it| it.get("code").and_then(Value::as_str) == Some(VALUE))
                    .find_map(|it| it.get("text")?.as_str())?;
                let amount = text.split(' ').next()?.parse::<rust_decimal::Decimal>().ok()?;
                Some(json!({ "line": line, "value": amount }))
            })
            .collect()
    }

    fn notification(&self) -> Value {
        json!({ "act": "notify", "office": self.text("/CustomsOfficeOfDestinationActual/referenceNumber"),
            "trader": self.text("/TraderAtDestination/identificationNumber"),
            "simplified": yes(self.text("/TransitOperation/simplifiedProcedure")),
            "incidents": self.content.pointer("/Consignment/Incident").cloned().unwrap_or_default(),
            "findings": self.findings, "message": self.text("/messageIdentification") })
    }

    fn remarks(&self) -> Value {
        let mut act = Map::new();
        act.insert("act".into(), json!("remark"));
        act.insert("conform".into(), yes(self.text("/UnloadingRemark/conform")));
        act.insert("complete".into(), yes(self.text("/UnloadingRemark/unloadingCompletion")));
        if let state @ ("0" | "1") = self.text("/UnloadingRemark/stateOfSeals") {
            act.insert("seals".into(), yes(state));
        }
        let said = [
            self.text("/UnloadingRemark/unloadingRemark"),
            self.text("/TransitOperation/otherThingsToReport"),
        ];
        act.insert("text".into(), json!(said.iter().find(|it| !it.is_empty()).unwrap_or(&"")));
        act.insert("differences".into(), self.content.get("Consignment").cloned().unwrap_or_default());
        act.insert("findings".into(), json!(self.findings));
        Value::Object(act)
    }
}

/// A figure of the messages as the acts' own word.
fn yes(figure: &str) -> Value {
    json!(if figure == "1" { "yes" } else { "no" })
}

/// The national code of additional information under which a line's customs value is given.
const VALUE: &str = "9VAL1";
