//! Answers from their bytes. Elements are known by their local names, since the hub's own description and what it sends
//! differ in which of them carry a namespace.

use roxmltree::Node;

use super::SOAP11;
use super::call::Call;
use super::model::{
    AllowedDocument, Answer, Channel, ChannelRule, CodeRow, Envelope, Finding, Forwarding, Header, HubFault,
    Level, Nppo,
};
use crate::Limits;
use crate::xml::parse;

/// Reads what the hub answered to a call.
///
/// # Errors
/// [`HubFault::Refused`] for the hub's own fault, [`HubFault::Failed`] for one of the machine behind it,
/// [`HubFault::Unreadable`] for anything that is no answer to this call.
pub fn answer(call: &Call, status: u16, body: &[u8]) -> Result<Answer, HubFault> {
    let unread = |what: String| match status {
        408 | 425 | 429 | 500..=599 => HubFault::Failed(format!("status {status}: {what}")),
        _ => HubFault::Unreadable(format!("status {status}: {what}")),
    };
    let text = std::str::from_utf8(body).map_err(|error| unread(error.to_string()))?;
    let limits = Limits { envelope_max: ANSWER_MAX, nodes_max: 2_000_000, ..Limits::default() };
    let document = parse(text, &limits).map_err(|fault| unread(fault.to_string()))?;
    let root = document.root_element();
    if !root.has_tag_name((SOAP11, "Envelope")) {
        return Err(unread(format!("the root is {}", root.tag_name().name())));
    }
    let soap = root.children().find(|node| node.has_tag_name((SOAP11, "Body")));
    let content = soap.and_then(|soap| soap.children().find(Node::is_element));
    let content = content.ok_or_else(|| unread("an empty SOAP body".to_owned()))?;
    if content.has_tag_name((SOAP11, "Fault")) {
        return Err(fault(content));
    }
    let name = content.tag_name().name();
    if name.strip_suffix("Response") != Some(call.operation()) {
        return Err(unread(format!("{name} answers no {}", call.operation())));
    }
    result(call, content).map_err(unread)
}

/// The hub's own exception is a refusal; any other fault of the server may pass.
fn fault(fault: Node<'_, '_>) -> HubFault {
    let code = inner(fault, "faultcode").map(text).unwrap_or_default();
    let words = inner(fault, "faultstring").map(text).unwrap_or_default();
    let own = inner(fault, "detail").and_then(|detail| inner(detail, "HubWebException"));
    match own {
        Some(exception) => {
            let message = inner(exception, "message").map(text).filter(|text| !text.is_empty());
            HubFault::Refused(message.unwrap_or(words))
        }
        None if code.ends_with("Client") => HubFault::Refused(words),
        None => HubFault::Failed(words),
    }
}

fn result(call: &Call, content: Node<'_, '_>) -> Result<Answer, String> {
    let first = || content.children().find(Node::is_element);
    Ok(match call {
        Call::Deliver(_)
        | Call::ValidateAndDeliver(_)
        | Call::DeliverPhyto { .. }
        | Call::DeliverResponse { .. }
        | Call::TrackingOf(_) => Answer::Header(header(first().ok_or("no header in it")?)?),
        Call::ImportHeaders { .. } | Call::UnderDelivery => {
            let all = first().into_iter().flat_map(|list| inners(list, "EnvelopeHeader"));
            Answer::Headers(all.filter(|each| !is_nil(*each)).map(header).collect::<Result<_, _>>()?)
        }
        Call::Pull(_) => {
            let found = first().filter(|node| !is_nil(*node) && inner(*node, "From").is_some());
            Answer::Envelope(found.map(envelope).transpose()?.map(Box::new))
        }
        Call::PullAll => {
            let all = first().into_iter().flat_map(|list| inners(list, "Envelope"));
            Answer::Envelopes(all.filter(|each| !is_nil(*each)).map(envelope).collect::<Result<_, _>>()?)
        }
        Call::Acknowledge(_)
        | Call::AcknowledgeWithWarning { .. }
        | Call::AcknowledgeFailed { .. }
        | Call::SetTracking(_) => Answer::Done(first().map(text).filter(|text| !text.is_empty())),
        Call::Validate(_) => Answer::Findings(inners(content, "ValidationResult").map(finding).collect()),
        Call::Profile => Answer::Nppos(first().map(nppo).into_iter().collect()),
        Call::ActiveNppos => {
            Answer::Nppos(first().into_iter().flat_map(|list| inners(list, "Nppo")).map(nppo).collect())
        }
        Call::Channels => {
            let all = first().into_iter().flat_map(|list| inners(list, "Channel"));
            Answer::Channels(all.map(channel).collect())
        }
        Call::Codes(_) => Answer::Codes(content.children().filter(Node::is_element).map(code_row).collect()),
    })
}

fn header(node: Node<'_, '_>) -> Result<Header, String> {
    let needed =
        |name: &'static str| inner(node, name).map(text).ok_or_else(|| format!("a header without {name}"));
    let number = |name: &'static str| {
        needed(name)?.parse::<i32>().map_err(|error| format!("{name} in a header: {error}"))
    };
    let given = |name: &'static str| inner(node, name).map(text).filter(|text| !text.is_empty());
    let forwardings = inner(node, "Forwardings").into_iter();
    Ok(Header {
        from: needed("From")?,
        to: needed("To")?,
        certificate_type: number("CertificateType")?,
        certificate_status: number("CertificateStatus")?,
        number: needed("NPPOCertificateNumber")?,
        delivery: given("hubDeliveryNumber"),
        tracking: given("HUBTrackingInfo"),
        error: given("hubDeliveryErrorMessage"),
        forwardings: forwardings
            .flat_map(|all| inners(all, "EnvelopeForwarding"))
            .filter_map(|each| {
                let code = inner(each, "Code").map(text)?;
                let delivery = inner(each, "HubDeliveryNumber").map(text).filter(|text| !text.is_empty());
                Some(Forwarding { code, delivery })
            })
            .collect(),
    })
}

fn envelope(node: Node<'_, '_>) -> Result<Envelope, String> {
    let content = inner(node, "Content").map(whole_text).unwrap_or_default();
    Ok(Envelope { header: header(node)?, content })
}

fn finding(node: Node<'_, '_>) -> Finding {
    let word = |name| inner(node, name).map(text).unwrap_or_default();
    let level = match word("level").as_str() {
        "SEVERE" => Level::Severe,
        "WARNING" => Level::Warning,
        _ => Level::Info,
    };
    Finding { area: word("area"), field: word("field"), level, message: word("msg") }
}

fn nppo(node: Node<'_, '_>) -> Nppo {
    let word = |name| inner(node, name).map(text).filter(|text| !text.is_empty());
    let allowed = inners(node, "AllowedDocument").filter_map(|each| {
        let number = |name| inner(each, name)?.attribute("number")?.trim().parse().ok();
        Some(AllowedDocument {
            certificate_type: number("certificateType")?,
            certificate_status: number("certificateStatus")?,
            active: is_true(each.attribute("active")),
        })
    });
    let rules = inner(node, "ChannelRules").into_iter().flat_map(|all| inners(all, "ChannelRule"));
    Nppo {
        country: word("Country").unwrap_or_default(),
        receive: word("Receive"),
        send: word("Send"),
        allowed: allowed.collect(),
        certificate: inner(node, "Signature").and_then(|each| inner(each, "certificate")).map(text),
        rules: rules.filter(|each| !is_nil(*each)).map(rule).collect(),
    }
}

fn rule(node: Node<'_, '_>) -> ChannelRule {
    let word = |name| node.attribute(name).unwrap_or_default().trim().to_owned();
    let number = |name| word(name).parse().unwrap_or_default();
    ChannelRule {
        rule: word("ruleType"),
        direction: word("direction"),
        certificate_type: number("certificateType"),
        certificate_status: number("certificateStatus"),
        country: node.attribute("countryCode").map(ToOwned::to_owned),
        active: is_true(node.attribute("active")),
    }
}

fn channel(node: Node<'_, '_>) -> Channel {
    let word = |name| inner(node, name).map(text).unwrap_or_default();
    Channel {
        code: word("Code"),
        name: word("Name"),
        receive: is_true(node.attribute("Receive")),
        send: is_true(node.attribute("Send")),
    }
}

fn code_row(node: Node<'_, '_>) -> CodeRow {
    let columns = node.children().filter(Node::is_element);
    CodeRow(columns.map(|each| (each.tag_name().name().to_owned(), text(each))).collect())
}

fn inners<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn inner<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    inners(node, name).next()
}

fn text(node: Node<'_, '_>) -> String {
    whole_text(node).trim().to_owned()
}

/// All text of an element: a document may come in several pieces of character data.
fn whole_text(node: Node<'_, '_>) -> String {
    node.children().filter_map(|piece| piece.is_text().then(|| piece.text()).flatten()).collect()
}

fn is_nil(node: Node<'_, '_>) -> bool {
    is_true(node.attribute((XSI, "nil")))
}

fn is_true(value: Option<&str>) -> bool {
    matches!(value.map(str::trim), Some("true" | "1"))
}

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The longest answer read.
const ANSWER_MAX: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::{CodeList, Tracking, request};

    fn soap(content: &str) -> Vec<u8> {
        format!("<s:Envelope xmlns:s='{SOAP11}'><s:Body><n:{content}</s:Body></s:Envelope>").into_bytes()
    }

    const ENTITY: &str = "xmlns:n='http://ephyto.ippc.int/' xmlns='http://ephyto.ippc.int/HUB.Entities'";
    const HEAD: &str = "<From>VN</From><To>TH</To><CertificateType>851</CertificateType>\
        <CertificateStatus>70</CertificateStatus><NPPOCertificateNumber>VN-1</NPPOCertificateNumber>\
        <hubDeliveryNumber>H1</hubDeliveryNumber><HUBTrackingInfo>PendingDelivery</HUBTrackingInfo>";

    #[test]
    fn a_delivery_is_answered_by_its_number_and_state() {
        let body = soap(&format!(
            "DeliverEnvelopeResponse {ENTITY}><n:DeliverEnvelopeResult>{HEAD}</n:DeliverEnvelopeResult></n:DeliverEnvelopeResponse>"
        ));
        let call = Call::Deliver(Envelope::default());
        let Ok(Answer::Header(header)) = answer(&call, 200, &body) else { panic!("a header") };
        assert_eq!(
            (header.delivery.as_deref(), header.state()),
            (Some("H1"), Some(Tracking::PendingDelivery))
        );
        let other = answer(&Call::Profile, 200, &body);
        assert!(matches!(other, Err(HubFault::Unreadable(_))), "an answer to another question: {other:?}");
    }

    #[test]
    fn documents_come_as_text_as_character_data_and_in_base64() {
        for content in ["&lt;a/&gt;", "<![CDATA[<a/>]]>", "<![CDATA[<a]]><![CDATA[/>]]>", "PGEv\nPg=="] {
            let body = soap(&format!(
                "PULLSingleImportEnvelopeResponse {ENTITY}><n:R>{HEAD}<Content>{content}</Content></n:R></n:PULLSingleImportEnvelopeResponse>"
            ));
            let call = Call::Pull("H1".into());
            let Ok(Answer::Envelope(Some(envelope))) = answer(&call, 200, &body) else { panic!("{content}") };
            assert_eq!(envelope.document().as_deref(), Some(&b"<a/>"[..]), "{content}");
        }
        let nothing = Envelope { content: "gibberish".into(), ..Envelope::default() };
        assert_eq!(nothing.document(), None);
    }

    #[test]
    fn the_hubs_own_exception_is_final_and_a_broken_machine_is_not() {
        let exception = soap("x xmlns:n='u'/>");
        assert!(matches!(answer(&Call::Profile, 200, &exception), Err(HubFault::Unreadable(_))));
        let fault = format!(
            "<s:Envelope xmlns:s='{SOAP11}'><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>x</faultstring>\
             <detail><h:HubWebException xmlns:h='http://ephyto.ippc.int/'><message>no such country</message></h:HubWebException></detail>\
             </s:Fault></s:Body></s:Envelope>"
        );
        assert_eq!(
            answer(&Call::Profile, 500, fault.as_bytes()),
            Err(HubFault::Refused("no such country".into()))
        );
        assert!(answer(&Call::Profile, 503, b"<html>").expect_err("no answer").may_pass());
    }

    #[test]
    fn the_directory_says_who_takes_what() {
        let body = soap(&format!(
            "GetActiveNpposResponse {ENTITY}><n:GetActiveNpposResult><Nppo><Country>TH</Country><Receive>PULL</Receive>\
             <AllowedDocument active='true'><certificateType xmlns='' number='851'/><certificateStatus xmlns='' number='70'/></AllowedDocument>\
             <AllowedDocument active='false'><certificateType xmlns='' number='657'/><certificateStatus xmlns='' number='70'/></AllowedDocument>\
             </Nppo></n:GetActiveNpposResult></n:GetActiveNpposResponse>"
        ));
        let Ok(Answer::Nppos(nppos)) = answer(&Call::ActiveNppos, 200, &body) else { panic!("a directory") };
        assert!(nppos[0].takes(851, 70) && !nppos[0].takes(657, 70) && !nppos[0].takes(851, 40));
    }

    #[test]
    fn every_operation_has_an_element_and_an_action_of_its_own() {
        let delivery = || "H1".to_owned();
        let header = Header::default;
        let mut calls = vec![
            Call::Deliver(Envelope::default()),
            Call::ValidateAndDeliver(Envelope::default()),
            Call::DeliverPhyto { header: header(), certificate: b"<a/>".to_vec() },
            Call::DeliverResponse { header: header(), acknowledgement: b"<a/>".to_vec() },
            Call::ImportHeaders { country: Some("TH".into()) },
            Call::Pull(delivery()),
            Call::PullAll,
            Call::UnderDelivery,
            Call::Acknowledge(delivery()),
            Call::AcknowledgeWithWarning { delivery: delivery(), warning: "w".into() },
            Call::AcknowledgeFailed { delivery: delivery(), message: "m".into() },
            Call::SetTracking(header()),
            Call::TrackingOf(delivery()),
            Call::Validate("<a/>".into()),
            Call::Profile,
            Call::ActiveNppos,
            Call::Channels,
        ];
        calls.extend(CodeList::ALL.map(Call::Codes));
        let mut names: Vec<String> = Vec::new();
        for call in &calls {
            let written = request(call).expect("a request");
            let text = String::from_utf8(written.body).expect("text");
            assert!(text.contains(&format!("<h:{} ", call.operation())), "{text}");
            assert!(written.action.starts_with("http://ephyto.ippc.int/IDeliveryService/"));
            names.push(call.operation().to_owned());
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 27);
    }

    #[test]
    fn a_document_that_is_no_xml_is_not_handed_over_as_xml() {
        for certificate in [&b"<a"[..], b"<!DOCTYPE a><a/>", b"\xff"] {
            let call = Call::DeliverPhyto { header: Header::default(), certificate: certificate.to_vec() };
            assert!(matches!(request(&call), Err(HubFault::Unwritable(_))));
        }
    }
}
