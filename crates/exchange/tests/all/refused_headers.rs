//! Envelopes, headers and parts a node must refuse.

use exchange::{Suite, Why, Wire, open};

use crate::forger::{Forgery, between, forged_115, replaced, tampered};
use crate::nodes::{HANOI, limits, message, now, trust};
use crate::verdict::{CLEAR, Edit, edited, honest, verdict};

#[test]
fn parts_and_header_must_name_the_same_things() {
    let extra = "Content-ID: <extra@x>\r\n\r\nunsigned\r\n";
    let mut wire = honest();
    let boundary = between(&wire.content_type, "sampan-", "\"").trim_end_matches('"').to_owned();
    let end = format!("--{boundary}--");
    wire.body = replaced(&wire.body, end.as_bytes(), format!("--{boundary}\r\n{extra}{end}").as_bytes());
    assert_eq!(verdict(&wire, CLEAR), Err(Why::PartMismatch), "a part nobody signed");
    let renamed = tampered(&message(), CLEAR, "Content-ID: <doc@vn.example>", "Content-ID: <dog@vn.example>");
    assert_eq!(verdict(&renamed, CLEAR), Err(Why::PartMismatch), "a part that is missing");
    let mut cut = honest();
    cut.body.truncate(cut.body.len() - 20);
    assert_eq!(verdict(&cut, CLEAR), Err(Why::Multipart), "cut off");
}

#[test]
fn envelopes_that_are_no_ebms_are_refused() {
    let soap = "http://www.w3.org/2003/05/soap-envelope";
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><x>&b;</x>";
    for (envelope, why) in [
        ("not xml".to_owned(), Why::NotXml),
        (String::new(), Why::NotXml),
        (bomb.to_owned(), Why::NotXml),
        ("<a>".repeat(10_000), Why::EnvelopeTooComplex),
        (format!("<a>{}</a>", "<b/>".repeat(60_000)), Why::EnvelopeTooComplex),
        (format!("<a>{}</a>", "x".repeat(2 << 20)), Why::EnvelopeTooComplex),
        ("<a/>".to_owned(), Why::NotSoap),
        ("<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'/>".to_owned(), Why::NotSoap),
        (format!("<Envelope xmlns='{soap}'/>"), Why::NotSoap),
        (format!("<Envelope xmlns='{soap}'><Header/><Body/></Envelope>"), Why::NotEbms),
        (format!("<a/>{}", "<?x?>".repeat(10)) + "<b/>", Why::NotXml),
    ] {
        let wire = Wire {
            body: envelope.clone().into_bytes(),
            content_type: "application/soap+xml".to_owned(),
            ..honest()
        };
        assert_eq!(verdict(&wire, CLEAR), Err(why), "{}", &envelope[..envelope.len().min(80)]);
    }
    let latin = Wire { body: vec![0xff, b'<'], content_type: "application/soap+xml".to_owned(), ..honest() };
    assert_eq!(verdict(&latin, CLEAR), Err(Why::Encoding));
}

#[test]
fn headers_outside_the_profile_are_refused() {
    let cases: [(Edit, Why); 8] = [
        (
            |text| text.replace("<S12:Header>", "<S12:Header><x S12:mustUnderstand=\"true\"/>"),
            Why::MustUnderstand,
        ),
        (|text| text.replace("</S12:Body>", "<x/></S12:Body>"), Why::BodyNotEmpty),
        (|text| text.replace("</S12:Body>", "x</S12:Body>"), Why::BodyNotEmpty),
        (|text| text.replace(between(text, "<wsse:Security", "</wsse:Security>"), ""), Why::Unsigned),
        (|text| text.replace(between(text, "<ds:Signature ", "</ds:Signature>"), ""), Why::Unsigned),
        (
            |text| {
                let security = between(text, "<wsse:Security", "</wsse:Security>");
                text.replace(security, &security.repeat(2))
            },
            Why::SecurityShape,
        ),
        (
            |text| text.replace("<wsse:Reference URI=\"#X509", "<wsse:Reference URI=\"#X508"),
            Why::SecurityShape,
        ),
        (|text| text.replace("#X509v3\" wsu", "#X509v1\" wsu"), Why::SecurityShape),
    ];
    for (number, (edit, why)) in cases.into_iter().enumerate() {
        assert_eq!(verdict(&edited(edit), CLEAR), Err(why), "case {number}");
    }
}

#[test]
fn message_units_that_are_incomplete_or_odd_are_refused_and_the_message_is_named() {
    let cases: [(Edit, Why); 13] = [
        (|text| text.replace(between(text, "<eb:To>", "</eb:To>"), ""), Why::HeaderIncomplete),
        (
            |text| text.replace(between(text, "<eb:Action>", "</eb:Action>"), "<eb:Action></eb:Action>"),
            Why::HeaderIncomplete,
        ),
        (
            |text| text.replace(between(text, "<eb:ConversationId>", "</eb:ConversationId>"), ""),
            Why::HeaderIncomplete,
        ),
        (
            |text| text.replace("</eb:Role></eb:From>", "</eb:Role><eb:Role>x</eb:Role></eb:From>"),
            Why::HeaderTwice,
        ),
        (
            |text| {
                let id = between(text, "<eb:PartyId", "</eb:PartyId>");
                text.replacen(id, &id.repeat(2), 1)
            },
            Why::HeaderTwice,
        ),
        (|text| text.replace(">submit<", "><eb:x/><"), Why::HeaderValue),
        (|text| text.replace("2026-11-22T", "2026-11-32T"), Why::HeaderValue),
        (
            |text| text.replace("href=\"cid:photo@vn.example\"", "href=\"https://example.org/x\""),
            Why::ExternalPayload,
        ),
        (|text| text.replace(" href=\"cid:photo@vn.example\"", ""), Why::BodyNotEmpty),
        (|text| text.replace("application/gzip", "application/zip"), Why::CompressionType),
        (|text| text.replace("name=\"MimeType\"", "name=\"Mime\""), Why::MimeTypeMissing),
        (
            |text| text.replace("name=\"MimeType\">image/png", "name=\"CharacterSet\">no-such-set"),
            Why::CharacterSet,
        ),
        (
            |text| {
                let unit = between(text, "<eb:UserMessage>", "</eb:UserMessage>");
                text.replace(unit, &unit.repeat(2))
            },
            Why::Bundled,
        ),
    ];
    for (number, (messaging, why)) in cases.into_iter().enumerate() {
        let wire = forged_115(&message(), CLEAR, &Forgery { messaging, ..Forgery::default() });
        let limits = limits();
        let received = open(&wire.content_type, &wire.body, &limits).expect("taken apart");
        let fault = received.verify(&trust(Suite::Edelivery115, CLEAR), now()).expect_err("refused");
        assert_eq!(fault.why, why, "case {number}: {fault}");
        let named = fault.message_id.as_deref() == Some(message().message_id.as_str());
        assert!(named || why == Why::Bundled, "case {number} names the message");
    }
}

#[test]
fn signals_in_the_place_of_messages_are_refused() {
    let limits = limits();
    let wire = honest();
    let received = open(&wire.content_type, &wire.body, &limits).expect("taken apart");
    let verified = received.verify(&trust(Suite::Edelivery115, CLEAR), now()).expect("proved");
    let receipt = verified.receipt(&HANOI.identity(Suite::Edelivery115), "r@x", now()).expect("signed");
    assert_eq!(verdict(&receipt, CLEAR), Err(Why::WrongKind));
    let pull = edited(|text| {
        let unit = between(text, "<eb:UserMessage>", "</eb:UserMessage>");
        let info = between(text, "<eb:MessageInfo>", "</eb:MessageInfo>");
        text.replace(unit, &format!("<eb:SignalMessage>{info}<eb:PullRequest mpc=\"x\"/></eb:SignalMessage>"))
    });
    assert_eq!(verdict(&pull, CLEAR), Err(Why::NotServed));
}
