//! How what the procedures say is put into messages of the standard.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Effect, Facts, NodeId};
use serde_json::{Value, json};

use super::departure::{Record, Stage};

/// A moment as the messages write it: UTC, to the second.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    TimeZone::UTC.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The day of a moment.
#[must_use]
pub fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// Reads a moment as the messages write it.
#[must_use]
pub fn read_moment(text: &str) -> Option<Timestamp> {
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// An office as a group.
#[must_use]
pub fn office(number: &str) -> Value {
    json!({ "referenceNumber": number })
}

/// Offices as a repeated group.
#[must_use]
pub fn offices<'a>(numbers: impl Iterator<Item = &'a str>) -> Value {
    let each = numbers.enumerate();
    Value::Array(
        each.map(|(at, of)| json!({ "sequenceNumber": (at + 1).to_string(), "referenceNumber": of }))
            .collect(),
    )
}

/// Guarantees as a repeated group of their numbers.
#[must_use]
pub fn guarantees(numbers: &[String]) -> Value {
    let each = numbers.iter().enumerate();
    Value::Array(
        each.map(|(at, grn)| json!({ "sequenceNumber": (at + 1).to_string(), "GRN": grn })).collect(),
    )
}

/// The name under which a country's customs sends and receives.
#[must_use]
pub fn authority(country: &NodeId) -> String {
    format!("NTA.{country}")
}

/// What stands at the head of a message.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The sender.
    pub from: &'a str,
    /// The recipient.
    pub to: &'a str,
    /// The message's code.
    pub code: &'a str,
    /// Its own id.
    pub id: &'a str,
    /// When it was made.
    pub at: Timestamp,
    /// The id of the message it answers.
    pub answers: Option<&'a str>,
}

/// A content with its head alone.
#[must_use]
pub fn header(envelope: &Envelope<'_>) -> Value {
    let mut content = json!({
        "messageSender": envelope.from, "messageRecipient": envelope.to,
        "preparationDateAndTime": moment(envelope.at),
        "messageIdentification": envelope.id.chars().take(35).collect::<String>(), "messageType": envelope.code,
    });
    if let Some(answers) = envelope.answers.filter(|it| !it.is_empty()) {
        content["correlationIdentifier"] = json!(answers.chars().take(35).collect::<String>());
    }
    content
}

/// A content under a head of its own; a head it had before is gone.
#[must_use]
pub fn headed(mut content: Value, envelope: &Envelope<'_>) -> Value {
    drop_member(&mut content, "correlationIdentifier");
    drop_member(&mut content, "@PhaseID");
    put(&mut content, header(envelope));
    content
}

/// Puts the members of one content into another.
pub fn put(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

/// Takes a member out.
pub fn drop_member(from: &mut Value, name: &str) {
    if let Some(object) = from.as_object_mut() {
        object.remove(name);
    }
}

/// Functional errors as groups.
#[must_use]
pub fn faults(faults: &Value) -> Value {
    let each = faults.as_array().into_iter().flatten().map(|fault| {
        let reason = fault["reason"].as_str().filter(|it| !it.is_empty()).unwrap_or("N/A");
        let mut group =
            json!({ "errorPointer": fault["pointer"], "errorCode": fault["code"], "errorReason": reason });
        if fault["seen"].as_str().is_some_and(|it| !it.is_empty()) {
            group["originalAttributeValue"] = fault["seen"].clone();
        }
        group
    });
    Value::Array(each.collect())
}

/// The status of a movement at departure, as 038 and 095 tell it. The standard's own values are not published; these
/// are ours, three signs each.
#[must_use]
pub const fn status(stage: Stage) -> &'static str {
    match stage {
        Stage::Prelodged => "A00",
        Stage::Submitted => "A01",
        Stage::Rejected => "A02",
        Stage::Accepted => "A03",
        Stage::UnderAmendment => "A04",
        Stage::UnderControl => "A05",
        Stage::ReleaseRequested => "A06",
        Stage::GuaranteeRegistration => "A07",
        Stage::GuaranteeUnderAmendment => "A08",
        Stage::NotReleased => "A09",
        Stage::Invalidated => "A10",
        Stage::Released => "B01",
        Stage::Arrived => "B02",
        Stage::Discrepancies => "B03",
        Stage::UnderEnquiry => "B04",
        Stage::UnderRecovery => "B05",
        Stage::WrittenOff => "B06",
    }
}

/// The answer to a request for a record that is not given.
#[must_use]
pub fn refused(record: Record, mrn: &str, (office_of, departure): (&str, &str), reason: &str) -> Value {
    let name = record.office();
    let mut content = json!({ "TransitOperation": { "MRN": mrn, "requestRejectionReasonCode": reason }, name: office(office_of) });
    if record == Record::Passage {
        content[name]["guaranteeNotValidForCountry"] = json!("0");
    }
    if reason != "1" && !departure.is_empty() {
        content["CustomsOfficeOfDeparture"] = office(departure);
    }
    content
}

/// One message to another country.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who sends.
    pub from: NodeId,
    /// Who receives.
    pub to: NodeId,
    /// The message's code.
    pub code: &'static str,
    /// What it says, without its head.
    pub content: Value,
    /// The message it answers.
    pub answers: Option<String>,
}

impl Letter {
    /// What sends it: under the movement's number and the sender's own count, so that each has its own id. A word to an
    /// office of the same country leaves no node; it is taken at once.
    #[must_use]
    pub fn send(self, counted: (&str, u32), facts: &Facts<'_>) -> Vec<Effect> {
        self.send_as_of(facts.now, counted, facts)
    }

    /// The same under a moment of its own, where the receiver puts words in order by the moments they were written.
    #[must_use]
    pub fn send_as_of(self, at: Timestamp, (mrn, count): (&str, u32), facts: &Facts<'_>) -> Vec<Effect> {
        let id = letter_id(self.code, (mrn, count), facts.case.desk());
        let (from, to) = (authority(&self.from), authority(&self.to));
        let answers = self.answers.as_deref();
        let content =
            headed(self.content, &Envelope { from: &from, to: &to, code: self.code, id: &id, at, answers });
        if self.from == self.to {
            return super::papers::taken_at_home(self.code, &content, &self.to, facts);
        }
        vec![Effect::send(self.to, super::papers::kind_of(self.code), &content, facts.case.clone())]
    }
}

/// The id of a letter: the movement, the message, the desk that writes it, and that desk's own count.
#[must_use]
pub fn letter_id(code: &str, (mrn, count): (&str, u32), desk: &str) -> String {
    let role = match desk {
        "transit-departure" => "D",
        "transit-passage" => "T",
        "transit-arrival" => "A",
        "transit-recovery" => "R",
        "transit-guarantee" => "G",
        _ => "E",
    };
    format!("{mrn}-{}{role}{count}", &code[2..5])
}

/// The answer to an enquiry.
#[must_use]
pub fn enquiry_answer(mrn: &str, asked: &str, (code, text): (&str, &str), at: Timestamp) -> Value {
    let mut enquiry = json!({ "enquiryResponseDate": day(at), "responseCode": code });
    if !text.is_empty() && ["2", "4"].contains(&code) {
        enquiry["text"] = json!(text);
    }
    if code == "3" {
        enquiry["returnCopyReturnedDate"] = json!(day(at));
    }
    json!({ "TransitOperation": { "MRN": mrn }, "CustomsOfficeOfRequest": office(asked),
        "CustomsOfficeOfEnquiryAtDeparture": office(asked), "Enquiry": enquiry })
}
