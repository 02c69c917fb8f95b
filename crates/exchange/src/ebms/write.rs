//! Writes `eb:Messaging` and the empty body in canonical form, so that what is signed is what is sent.

use jiff::Timestamp;

use super::{PartInfo, Party, Property, Reference, UserMessage};
use crate::Fault;
use crate::names::ns::{DS, EB, EBBP, EXC, SOAP, WSU};
use crate::xml::Canonical;

/// `eb:Messaging` with a user message.
pub(crate) fn user_message(message: &UserMessage, id: &str) -> Result<String, Fault> {
    let mut out = messaging(id);
    out.open("eb:UserMessage", &[]);
    message_info(&mut out, &message.message_id, message.timestamp, message.ref_to.as_deref());
    out.open("eb:PartyInfo", &[]);
    party(&mut out, "eb:From", &message.from);
    party(&mut out, "eb:To", &message.to);
    out.close();
    collaboration(&mut out, message);
    properties(&mut out, "eb:MessageProperties", &message.properties);
    if !message.parts.is_empty() {
        out.open("eb:PayloadInfo", &[]);
        message.parts.iter().for_each(|part| part_info(&mut out, part));
        out.close();
    }
    out.finish()
}

/// `eb:Messaging` with a receipt for the message `ref_to`.
pub(crate) fn receipt_signal(
    ids: (&str, Timestamp),
    ref_to: &str,
    references: &[Reference],
    id: &str,
) -> Result<String, Fault> {
    let mut out = messaging(id);
    out.open("eb:SignalMessage", &[]);
    message_info(&mut out, ids.0, ids.1, Some(ref_to));
    out.open("eb:Receipt", &[]).open("ebbp:NonRepudiationInformation", &[("xmlns:ebbp", Some(EBBP))]);
    for each in references {
        out.open("ebbp:MessagePartNRInformation", &[]);
        reference(&mut out, each, Some(DS));
        out.close();
    }
    out.finish()
}

/// `eb:Messaging` with one error about a message.
pub(crate) fn error_signal(ids: (&str, Timestamp), fault: &Fault, id: &str) -> Result<String, Fault> {
    let error = fault.ebms();
    let ref_to = fault.message_id.as_deref();
    let mut out = messaging(id);
    out.open("eb:SignalMessage", &[]);
    message_info(&mut out, ids.0, ids.1, ref_to);
    let attributes = [
        ("category", Some(error.category())),
        ("errorCode", Some(error.code())),
        ("origin", Some("ebMS")),
        ("refToMessageInError", ref_to),
        ("severity", Some(error.severity().word())),
        ("shortDescription", Some(error.short())),
    ];
    out.open("eb:Error", &attributes);
    out.leaf("eb:Description", &[("xml:lang", Some("en"))], fault.why.code());
    out.leaf("eb:ErrorDetail", &[], &printable(&fault.detail));
    out.finish()
}

/// The empty SOAP body.
pub(crate) fn body(id: &str) -> Result<String, Fault> {
    let mut out = Canonical::default();
    out.open("S12:Body", &[("xmlns:S12", Some(SOAP)), ("xmlns:wsu", Some(WSU)), ("wsu:Id", Some(id))]);
    out.finish()
}

/// One `ds:Reference`; `declare` writes the namespace on it where nothing around it does.
pub(crate) fn reference(out: &mut Canonical, reference: &Reference, declare: Option<&str>) {
    out.open("ds:Reference", &[("xmlns:ds", declare), ("URI", Some(&reference.uri))]);
    if !reference.transforms.is_empty() {
        out.open("ds:Transforms", &[]);
        for transform in &reference.transforms {
            out.open("ds:Transform", &[("Algorithm", Some(&transform.algorithm))]);
            if let Some(prefixes) = &transform.prefixes {
                out.leaf(
                    "ec:InclusiveNamespaces",
                    &[("xmlns:ec", Some(EXC)), ("PrefixList", Some(prefixes))],
                    "",
                );
            }
            out.close();
        }
        out.close();
    }
    out.leaf("ds:DigestMethod", &[("Algorithm", Some(&reference.method))], "");
    out.leaf("ds:DigestValue", &[], &reference.digest).close();
}

fn messaging(id: &str) -> Canonical {
    let mut out = Canonical::default();
    let attributes = [
        ("xmlns:S12", Some(SOAP)),
        ("xmlns:eb", Some(EB)),
        ("xmlns:wsu", Some(WSU)),
        ("wsu:Id", Some(id)),
        ("S12:mustUnderstand", Some("true")),
    ];
    out.open("eb:Messaging", &attributes);
    out
}

fn message_info(out: &mut Canonical, message_id: &str, timestamp: Timestamp, ref_to: Option<&str>) {
    out.open("eb:MessageInfo", &[]);
    out.leaf("eb:Timestamp", &[], &format!("{timestamp:.3}"));
    out.leaf("eb:MessageId", &[], message_id);
    if let Some(ref_to) = ref_to {
        out.leaf("eb:RefToMessageId", &[], ref_to);
    }
    out.close();
}

fn party(out: &mut Canonical, name: &'static str, party: &Party) {
    out.open(name, &[]);
    out.leaf("eb:PartyId", &[("type", party.id.kind.as_deref())], &party.id.value);
    out.leaf("eb:Role", &[], &party.role).close();
}

fn collaboration(out: &mut Canonical, message: &UserMessage) {
    out.open("eb:CollaborationInfo", &[]);
    if let Some(agreement) = &message.agreement_ref {
        let attributes = [("pmode", agreement.pmode.as_deref()), ("type", agreement.kind.as_deref())];
        out.leaf("eb:AgreementRef", &attributes, &agreement.value);
    }
    out.leaf("eb:Service", &[("type", message.service.kind.as_deref())], &message.service.value);
    out.leaf("eb:Action", &[], &message.action);
    out.leaf("eb:ConversationId", &[], &message.conversation_id).close();
}

fn properties(out: &mut Canonical, name: &'static str, properties: &[Property]) {
    if properties.is_empty() {
        return;
    }
    out.open(name, &[]);
    for property in properties {
        let attributes = [("name", Some(property.name.as_str())), ("type", property.kind.as_deref())];
        out.leaf("eb:Property", &attributes, &property.value);
    }
    out.close();
}

fn part_info(out: &mut Canonical, part: &PartInfo) {
    out.open("eb:PartInfo", &[("href", Some(&format!("cid:{}", part.content_id)))]);
    properties(out, "eb:PartProperties", &part.properties);
    out.close();
}

/// A detail quotes what a peer sent, which may hold characters that XML has no place for.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c })
        .collect()
}
