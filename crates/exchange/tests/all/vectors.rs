//! Captured traffic of phase4, Holodeck and AS4.NET gets the right verdict, and no file is left unopened.

use exchange::doctor::{Verdict, examine};
use exchange::{Limits, Why, open};

use crate::corpus::{files, folder};
use crate::nodes::{BANGKOK, HANOI, now};

/// File, verdict, kind, and the reason where it is not sound.
const TABLE: &[(&str, Verdict, &str, Option<Why>)] = &[
    ("as4net-as4-soap-pullrequest.xml", Verdict::Refused, "other", Some(Why::Unsigned)),
    ("as4net-as4-soap-signed-message.txt", Verdict::Sound, "user-message", None),
    ("as4net-as4-soap-signed-pullrequest.xml", Verdict::Sound, "other", None),
    ("as4net-as4-soap-user-receipt-message.xml", Verdict::Refused, "other", Some(Why::Bundled)),
    ("as4net-as4-soap-wrong-encrypted-message", Verdict::Refused, "user-message", Some(Why::Unsigned)),
    (
        "as4net-as4-soap-wrong-encrypted-no-encrypteddata-for-attachment.as4",
        Verdict::Refused,
        "user-message",
        Some(Why::Unsigned),
    ),
    (
        "as4net-as4-soap-wrong-signed-message.txt",
        Verdict::Refused,
        "user-message",
        Some(Why::ReferenceRefused),
    ),
    ("as4net-as4-soap-wrong-signed-pullrequest.xml", Verdict::Refused, "other", Some(Why::SignatureWrong)),
    ("dataport1-mustunderstand.as4in", Verdict::Sound, "receipt", None),
    ("dump-raw.as4out", Verdict::Sound, "user-message", None),
    ("helger.as4in", Verdict::Sound, "receipt", None),
    ("phase4-ErrorMessage.xml", Verdict::Refused, "errors", Some(Why::Unsigned)),
    ("phase4-ErrorMessageWithFault.xml", Verdict::Refused, "errors", Some(Why::Unsigned)),
    ("phase4-NoResponder.xml", Verdict::Refused, "other", Some(Why::HeaderIncomplete)),
    ("phase4-PushPull.xml", Verdict::Unreadable, "other", Some(Why::NotSoap)),
    ("phase4-TestReceipt12.xml", Verdict::Sound, "receipt", None),
    ("phase4-TwoUserMessages.xml", Verdict::Refused, "other", Some(Why::Bundled)),
    ("phase4-UserMessageNoPartyID.xml", Verdict::Refused, "other", Some(Why::HeaderIncomplete)),
    ("phase4-WrongCompression.mime", Verdict::Refused, "user-message", Some(Why::Unsigned)),
    ("phase4-WrongSigningAlgorithm.xml", Verdict::Refused, "other", Some(Why::BodyNotEmpty)),
];

#[test]
fn every_captured_message_gets_its_verdict() {
    let Some(folder) = folder("exchange") else { return };
    let files = files(&folder);
    for (name, ..) in TABLE {
        assert!(files.iter().any(|(known, _)| known == name), "{name} is missing");
    }
    for (name, bytes) in &files {
        let seen = examine(bytes, &Limits::default());
        let why = seen.fault.as_ref().map(|fault| fault.why);
        match TABLE.iter().find(|(known, ..)| known == name) {
            Some((_, verdict, kind, reason)) => {
                assert_eq!((seen.verdict, seen.kind, why), (*verdict, *kind, *reason), "{name}");
            }
            None => println!("not in the table: {name} is {:?} {why:?}", seen.verdict),
        }
    }
}

#[test]
fn no_captured_message_is_accepted_as_a_partners() {
    let Some(folder) = folder("exchange") else { return };
    let trust = BANGKOK.trusting(HANOI.as_partner(exchange::Suite::Edelivery115));
    for (name, bytes) in files(&folder) {
        for content_type in ["application/soap+xml", "multipart/related; boundary=\"x\""] {
            let limits = Limits::default();
            let accepted =
                open(content_type, &bytes, &limits).and_then(|received| received.verify(&trust, now()));
            assert!(accepted.is_err(), "{name}");
        }
    }
}

/// A capture made of an honest one, what it must come to, and why.
type Variant = (&'static str, fn(&exchange::Wire) -> Vec<u8>, Verdict, Option<Why>);

fn with_header(wire: &exchange::Wire, line: &str) -> Vec<u8> {
    [format!("{line}Content-Type: {}\r\n\r\n", wire.content_type).as_bytes(), &wire.body].concat()
}

fn edited(wire: &exchange::Wire, from: &str, to: &str) -> Vec<u8> {
    let mut body = wire.body.clone();
    let at = body.windows(from.len()).position(|window| window == from.as_bytes()).expect("is there");
    body.splice(at..at + from.len(), to.bytes());
    with_header(&exchange::Wire { body, ..wire.clone() }, "")
}

/// The shapes captures of the same traffic come in: with the lines of HTTP before them and without, whole or cut, soundly
/// signed or not, in versions of SOAP nodes do not speak.
const VARIANTS: &[Variant] = &[
    ("a request", |wire| with_header(wire, "POST /as4 HTTP/1.1\r\nHost: x\r\n"), Verdict::Sound, None),
    ("headers alone", |wire| with_header(wire, ""), Verdict::Sound, None),
    ("bare parts", |wire| wire.body.clone(), Verdict::Sound, None),
    ("unix lines of a header", |wire| with_header(wire, "Server: x\n"), Verdict::Sound, None),
    (
        "another action",
        |wire| edited(wire, ">submit<", ">retract<"),
        Verdict::Refused,
        Some(Why::DigestMismatch),
    ),
    (
        "another signature",
        |wire| edited(wire, "<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
        Verdict::Refused,
        Some(Why::SignatureWrong),
    ),
    (
        "no signature",
        |wire| edited(wire, "ds:Signature ", "ds:Sugnature "),
        Verdict::Unreadable,
        Some(Why::NotXml),
    ),
    (
        "SOAP 1.1",
        |wire| {
            let text = String::from_utf8_lossy(&wire.body);
            let start = text.find("<S12:Envelope").unwrap_or_default();
            let end = text.find("</S12:Envelope>").unwrap_or_default() + "</S12:Envelope>".len();
            let soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
            text[start..end].replace("http://www.w3.org/2003/05/soap-envelope", soap11).into_bytes()
        },
        Verdict::Unreadable,
        Some(Why::NotSoap),
    ),
    ("cut off", |wire| with_header(wire, "")[..2_000].to_vec(), Verdict::Unreadable, Some(Why::Multipart)),
    ("nothing", |_| Vec::new(), Verdict::Unreadable, Some(Why::ContentType)),
    ("a page", |_| b"<html><body>502</body></html>".to_vec(), Verdict::Unreadable, Some(Why::NotSoap)),
];

#[test]
fn captures_of_every_shape_get_their_verdict() {
    for expected in [exchange::Expected::Clear, exchange::Expected::Sealed] {
        let wire = crate::nodes::packed(&crate::nodes::message(), exchange::Suite::Edelivery2, expected);
        for (name, capture, verdict, why) in VARIANTS {
            let seen = examine(&capture(&wire), &Limits::default());
            let fault = seen.fault.map(|fault| fault.why);
            assert_eq!((seen.verdict, fault), (*verdict, *why), "{name}, {expected:?}");
        }
    }
}
