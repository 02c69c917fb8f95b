//! Reads `eb:Messaging`: exactly one message unit, each element where and as often as the standard allows.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use roxmltree::Node;

use super::{
    AgreementRef, PartInfo, Party, PartyId, PeerError, Property, Reference, Service, Transform, UserMessage,
};
use crate::names::ns::{DS, EB, EBBP, EXC};
use crate::xml::{base64_text, child, children, one, optional, text_of};
use crate::{Fault, Why};

/// What an `eb:Messaging` holds.
#[derive(Debug)]
pub(crate) enum Unit {
    /// A business message.
    User(Box<UserMessage>),
    /// A receipt.
    Receipt { ids: SignalIds, references: Vec<Reference> },
    /// Errors.
    Errors { ids: SignalIds, errors: Vec<PeerError> },
}

/// `eb:MessageInfo` of a signal.
#[derive(Debug)]
pub(crate) struct SignalIds {
    pub(crate) message_id: String,
    pub(crate) timestamp: Timestamp,
    pub(crate) ref_to: Option<String>,
}

/// Reads the one message unit.
///
/// # Errors
/// A header reason; [`Why::Bundled`] for several units, [`Why::NotServed`] for a pull request.
pub(crate) fn messaging_unit(messaging: Node<'_, '_>) -> Result<Unit, Fault> {
    let mut units = messaging.children().filter(Node::is_element);
    let unit = units.next().ok_or_else(|| Fault::new(Why::HeaderIncomplete, "eb:Messaging is empty"))?;
    if units.next().is_some() {
        return Err(Fault::new(Why::Bundled, "more than one message unit in eb:Messaging"));
    }
    if unit.has_tag_name((EB, "UserMessage")) {
        return user_message(unit).map(|message| Unit::User(Box::new(message)));
    }
    if !unit.has_tag_name((EB, "SignalMessage")) {
        return Err(Fault::new(Why::NotEbms, format!("{} is not a message unit", unit.tag_name().name())));
    }
    signal(unit)
}

fn signal(unit: Node<'_, '_>) -> Result<Unit, Fault> {
    let ids = signal_ids(unit)?;
    if let Some(receipt) = optional(unit, EB, "Receipt")? {
        let references = match optional(receipt, EBBP, "NonRepudiationInformation")? {
            Some(information) => acknowledged(information)?,
            None => Vec::new(),
        };
        return Ok(Unit::Receipt { ids, references });
    }
    let errors = children(unit, EB, "Error").map(peer_error).collect::<Result<Vec<_>, _>>()?;
    if !errors.is_empty() {
        return Ok(Unit::Errors { ids, errors });
    }
    let content =
        unit.children().filter(Node::is_element).nth(1).map_or("nothing", |node| node.tag_name().name());
    Err(Fault::new(Why::NotServed, format!("a signal with {content}")))
}

/// Reads `eb:MessageInfo` of a signal.
fn signal_ids(unit: Node<'_, '_>) -> Result<SignalIds, Fault> {
    let info = one(unit, EB, "MessageInfo")?;
    let message_id = filled(info, "MessageId")?;
    Ok(SignalIds {
        timestamp: timestamp(info).map_err(|fault| fault.about(&message_id))?,
        message_id,
        ref_to: optional(info, EB, "RefToMessageId")?.map(text_of).transpose()?.filter(|id| !id.is_empty()),
    })
}

fn user_message(unit: Node<'_, '_>) -> Result<UserMessage, Fault> {
    let ids = signal_ids(unit)?;
    let about = |fault: Fault| fault.about(&ids.message_id);
    let parties = one(unit, EB, "PartyInfo").map_err(about)?;
    let collaboration = one(unit, EB, "CollaborationInfo").map_err(about)?;
    let read = || -> Result<UserMessage, Fault> {
        Ok(UserMessage {
            message_id: ids.message_id.clone(),
            timestamp: ids.timestamp,
            ref_to: ids.ref_to.clone(),
            from: party(one(parties, EB, "From")?)?,
            to: party(one(parties, EB, "To")?)?,
            agreement_ref: optional(collaboration, EB, "AgreementRef")?.map(agreement_ref).transpose()?,
            service: service(one(collaboration, EB, "Service")?)?,
            action: filled(collaboration, "Action")?,
            conversation_id: text_of(one(collaboration, EB, "ConversationId")?)?,
            properties: properties(optional(unit, EB, "MessageProperties")?)?,
            parts: parts(unit)?,
        })
    };
    read().map_err(about)
}

/// The text of the only child of this name, which must not be empty.
fn filled(node: Node<'_, '_>, name: &'static str) -> Result<String, Fault> {
    let text = text_of(one(node, EB, name)?)?;
    if text.is_empty() {
        Err(Fault::new(Why::HeaderIncomplete, format!("{name} is empty")))
    } else {
        Ok(text)
    }
}

/// `xs:dateTime`; one without a zone is taken as UTC, as ebMS asks for UTC anyway.
fn timestamp(info: Node<'_, '_>) -> Result<Timestamp, Fault> {
    let text = filled(info, "Timestamp")?;
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let moment = if text.contains('T') { text.parse().ok().or_else(civil) } else { None };
    moment.ok_or_else(|| Fault::new(Why::HeaderValue, format!("Timestamp {text} is not a date and time")))
}

fn party(node: Node<'_, '_>) -> Result<Party, Fault> {
    let id = one(node, EB, "PartyId")?;
    let value = filled(node, "PartyId")?;
    Ok(Party { id: PartyId { value, kind: attribute(id, "type") }, role: filled(node, "Role")? })
}

fn service(node: Node<'_, '_>) -> Result<Service, Fault> {
    let value = text_of(node)?;
    if value.is_empty() {
        return Err(Fault::new(Why::HeaderIncomplete, "Service is empty"));
    }
    Ok(Service { value, kind: attribute(node, "type") })
}

fn agreement_ref(node: Node<'_, '_>) -> Result<AgreementRef, Fault> {
    Ok(AgreementRef { value: text_of(node)?, kind: attribute(node, "type"), pmode: attribute(node, "pmode") })
}

fn attribute(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.attribute(name).map(|value| value.trim().to_owned())
}

fn properties(holder: Option<Node<'_, '_>>) -> Result<Vec<Property>, Fault> {
    let Some(holder) = holder else { return Ok(Vec::new()) };
    let read = |node: Node<'_, '_>| {
        let name = attribute(node, "name").filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Fault::new(Why::HeaderIncomplete, "a Property has no name"))?;
        Ok(Property { name, value: text_of(node)?, kind: attribute(node, "type") })
    };
    children(holder, EB, "Property").map(read).collect()
}

fn parts(unit: Node<'_, '_>) -> Result<Vec<PartInfo>, Fault> {
    let Some(payload) = optional(unit, EB, "PayloadInfo")? else { return Ok(Vec::new()) };
    let read = |node: Node<'_, '_>| {
        let href = attribute(node, "href").unwrap_or_default();
        let properties = properties(optional(node, EB, "PartProperties")?)?;
        Ok(PartInfo { content_id: content_id(&href)?, properties })
    };
    children(payload, EB, "PartInfo").map(read).collect()
}

/// The `Content-ID` behind an `href`. The body is empty in this profile, so a part cannot stand there.
fn content_id(href: &str) -> Result<String, Fault> {
    match href.strip_prefix("cid:").map(unescaped) {
        Some(Some(id)) if !id.is_empty() => Ok(id),
        Some(_) => Err(Fault::new(Why::HeaderValue, format!("href {href}"))),
        None if href.is_empty() || href.starts_with('#') => Err(Fault::new(
            Why::BodyNotEmpty,
            "a part refers to the SOAP body, which is empty in this profile",
        )),
        None => Err(Fault::new(Why::ExternalPayload, href)),
    }
}

/// Undoes percent escapes of a `cid:` URI.
pub(crate) fn unescaped(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            out.push(*first);
        }
    }
    String::from_utf8(out).ok()
}

fn peer_error(node: Node<'_, '_>) -> Result<PeerError, Fault> {
    let code = attribute(node, "errorCode").filter(|code| !code.is_empty());
    Ok(PeerError {
        code: code.ok_or_else(|| Fault::new(Why::HeaderIncomplete, "an Error has no errorCode"))?,
        severity: attribute(node, "severity").unwrap_or_else(|| "failure".to_owned()),
        short: attribute(node, "shortDescription"),
        category: attribute(node, "category"),
        ref_to: attribute(node, "refToMessageInError").filter(|id| !id.is_empty()),
        description: child(node, EB, "Description").map(text_of).transpose()?,
        detail: child(node, EB, "ErrorDetail").map(text_of).transpose()?,
    })
}

fn acknowledged(information: Node<'_, '_>) -> Result<Vec<Reference>, Fault> {
    let mut all = Vec::new();
    for part in children(information, EBBP, "MessagePartNRInformation") {
        if child(part, EBBP, "MessagePartIdentifier").is_some() {
            return Err(Fault::new(Why::HeaderValue, "MessagePartIdentifier must not be used"));
        }
        all.extend(references(part)?);
    }
    Ok(all)
}

/// The `ds:Reference` children of a node.
pub(crate) fn references(holder: Node<'_, '_>) -> Result<Vec<Reference>, Fault> {
    children(holder, DS, "Reference").map(read_reference).collect()
}

fn read_reference(node: Node<'_, '_>) -> Result<Reference, Fault> {
    let algorithm = |node: Node<'_, '_>| {
        attribute(node, "Algorithm")
            .ok_or_else(|| Fault::new(Why::HeaderIncomplete, "an Algorithm is missing"))
    };
    let transforms = match optional(node, DS, "Transforms")? {
        None => Vec::new(),
        Some(list) => children(list, DS, "Transform")
            .map(|each| Ok(Transform { algorithm: algorithm(each)?, prefixes: prefix_list(each) }))
            .collect::<Result<_, Fault>>()?,
    };
    Ok(Reference {
        uri: attribute(node, "URI").unwrap_or_default(),
        transforms,
        method: algorithm(one(node, DS, "DigestMethod")?)?,
        digest: crate::wss::base64(&base64_text(one(node, DS, "DigestValue")?)?),
    })
}

/// The inclusive prefix list an algorithm element carries.
pub(crate) fn prefix_list(node: Node<'_, '_>) -> Option<String> {
    child(node, EXC, "InclusiveNamespaces").and_then(|list| attribute(list, "PrefixList"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ids_are_unescaped_and_other_places_refused() {
        let verdict = |href: &str| content_id(href).map_err(|fault| fault.why);
        assert_eq!(verdict("cid:a%40b"), Ok("a@b".to_owned()));
        assert_eq!(verdict("cid:"), Err(Why::HeaderValue));
        assert_eq!(verdict("cid:%4"), Err(Why::HeaderValue));
        assert_eq!(verdict("https://example.org/x"), Err(Why::ExternalPayload));
        assert_eq!(verdict("#body"), Err(Why::BodyNotEmpty));
    }

    #[test]
    fn timestamps_of_all_products_are_read() {
        for (text, expected) in [
            ("2016-09-23T12:33:21.5950993Z", Some("2016-09-23T12:33:21.5950993Z")),
            ("2017-06-13T11:39:52.967", Some("2017-06-13T11:39:52.967Z")),
            ("2025-09-25T09:54:32.971659362+02:00", Some("2025-09-25T07:54:32.971659362Z")),
            ("2025-02-30T09:54:32Z", None),
            ("2025-02-03", None),
            ("soon", None),
        ] {
            let source = format!("<i xmlns='{EB}'><Timestamp>{text}</Timestamp></i>");
            let document = roxmltree::Document::parse(&source).expect("well-formed");
            let seen = timestamp(document.root_element()).ok().map(|moment| moment.to_string());
            assert_eq!(seen.as_deref(), expected, "{text}");
        }
    }
}
