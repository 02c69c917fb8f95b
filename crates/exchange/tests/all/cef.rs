//! The 36 assertions of the eDelivery AS4 common profile, one test each, named by their numbers.
//!
//! What they ask of a whole node (that a try is repeated, that nothing is delivered twice) is shown here as far as the
//! calculation goes: same bytes, same digests, the right verdict; the node's own tests show the rest.

use exchange::names::ebms::{CHARACTER_SET, COMPRESSION_TYPE, MIME_TYPE};
use exchange::{
    Attempt, Compression, Ebms, Expected, Fault, Outcome, Outgoing, Payload, Profile, Property, Retry,
    Sealing, Suite, Verified, Why, Wire, fault_signal, open, pack,
};

use crate::forger::{Forgery, between, forged, forged_115, replaced};
use crate::nodes::{BANGKOK, HANOI, VIENTIANE, limits, message, now, packed, payload, trust};
use crate::verdict::{CLEAR, SEALED};

const SUITE: Suite = Suite::Edelivery115;

fn received(wire: &Wire, expected: Expected) -> Result<Verified, Fault> {
    let limits = limits();
    open(&wire.content_type, &wire.body, &limits)?.verify(&trust(SUITE, expected), now())
}

/// Sends a message and brings back its synchronous receipt.
fn receipted(outgoing: &Outgoing, expected: Expected) -> Verified {
    let wire = packed(outgoing, SUITE, expected);
    let verified = received(&wire, expected).expect("proved");
    let receipt = verified.receipt(&BANGKOK.identity(SUITE), "r@th.example", now()).expect("signed");
    assert!(matches!(answer(&wire, &receipt, 200), Outcome::Receipted(_)));
    verified
}

fn answer(sent: &Wire, signal: &Wire, status: u16) -> Outcome {
    let attempt = Attempt::Answered { status, content_type: &signal.content_type, body: &signal.body };
    Outcome::of(&sent.sent, attempt, &HANOI.trusting(BANGKOK.as_partner(SUITE)), now(), &limits())
}

/// Refuses a message, answers it with a signed error, and gives the error the sender reads.
fn refused(wire: &Wire, expected: Expected) -> Option<Ebms> {
    let fault = received(wire, expected).expect_err("refused");
    let signal = fault_signal(&fault, &BANGKOK.identity(SUITE), "e@th.example", now()).expect("signed");
    let Outcome::Refused(errors) = answer(wire, &signal, 400) else { panic!("not read as a refusal") };
    assert_eq!(errors.signer.as_ref(), Some(&BANGKOK.id));
    errors.errors[0].known()
}

fn with_messaging(messaging: fn(&str) -> String) -> Wire {
    forged_115(&message(), CLEAR, &Forgery { messaging, ..Forgery::default() })
}

fn of(payloads: Vec<Payload>) -> Outgoing {
    Outgoing { payloads, ..message() }
}

/// A part that says it is gzip, with this content.
fn said_to_be_gzip(bytes: &[u8]) -> Wire {
    let outgoing = of(vec![payload("doc@vn.example", "application/gzip", bytes)]);
    let profile = Profile { compression: Compression::None, ..Profile::default() };
    let messaging = |text: &str| {
        let compressed =
            "<eb:Property name=\"CompressionType\">application/gzip</eb:Property></eb:PartProperties>";
        text.replace("</eb:PartProperties>", compressed)
    };
    forged(&outgoing, &profile, &Forgery { messaging, ..Forgery::default() })
}

#[test]
fn ta01_a_one_way_push_is_receipted_on_the_same_connection() {
    receipted(&message(), SEALED);
}

#[test]
fn ta02_the_conversation_of_a_message_is_preserved() {
    assert_eq!(receipted(&message(), CLEAR).message().conversation_id, "consignment-7");
}

#[test]
fn ta03_each_side_has_exactly_one_party_id() {
    let wire = packed(&message(), SUITE, CLEAR);
    let text = String::from_utf8_lossy(&wire.body).into_owned();
    assert_eq!(text.matches("<eb:PartyId").count(), 2);
    let doubled = with_messaging(|text| {
        let id = between(text, "<eb:PartyId", "</eb:PartyId>");
        text.replacen(id, &id.repeat(2), 1)
    });
    assert_eq!(refused(&doubled, CLEAR), Some(Ebms::InvalidHeader));
}

#[test]
fn ta04_an_uncompressed_payload_is_accepted() {
    let profile = Profile { compression: Compression::None, ..Profile::default() };
    let wire = pack(&message(), &HANOI.identity(SUITE), &profile).expect("packed");
    assert_eq!(received(&wire, CLEAR).expect("proved").payloads(), message().payloads);
}

#[test]
fn ta05_the_soap_body_is_empty() {
    let wire = packed(&message(), SUITE, CLEAR);
    assert!(String::from_utf8_lossy(&wire.body).contains("></S12:Body>"));
    let filled = Wire { body: replaced(&wire.body, b"</S12:Body>", b"<x/></S12:Body>"), ..wire };
    assert_eq!(refused(&filled, CLEAR), Some(Ebms::UnpackagingNotSupported));
}

#[test]
fn ta06_the_leading_document_is_first() {
    let verified = receipted(&message(), SEALED);
    assert_eq!(verified.message().parts[0].content_id, "doc@vn.example");
    assert_eq!(verified.payloads()[0], message().payloads[0]);
}

#[test]
fn ta07_a_message_with_several_payloads_is_receipted() {
    let payloads = (0..12).map(|n| payload(&format!("{n}@vn.example"), "text/plain", b"x\n")).collect();
    assert_eq!(receipted(&of(payloads), SEALED).payloads().len(), 12);
}

#[test]
fn ta08_a_payload_outside_the_message_is_answered_by_an_error() {
    let linked = with_messaging(|text| text.replace("cid:photo@vn.example", "https://example.org/photo"));
    assert_eq!(refused(&linked, CLEAR), Some(Ebms::ExternalPayload));
}

#[test]
fn ta09_a_try_without_an_answer_is_repeated() {
    let wire = packed(&message(), SUITE, CLEAR);
    let trust = HANOI.trusting(BANGKOK.as_partner(SUITE));
    let outcome = Outcome::of(&wire.sent, Attempt::Broken("timed out"), &trust, now(), &limits());
    assert_eq!(outcome.retry(), Retry::MayHelp);
}

#[test]
fn ta10_a_repeated_message_is_known_by_its_digest() {
    let wire = packed(&message(), SUITE, SEALED);
    let (first, second) =
        (received(&wire, SEALED).expect("proved"), received(&wire, SEALED).expect("proved"));
    assert_eq!(first.digest(), second.digest());
    let other = of(vec![payload("doc@vn.example", "text/plain", b"another")]);
    assert_ne!(received(&packed(&other, SUITE, SEALED), SEALED).expect("proved").digest(), first.digest());
}

#[test]
fn ta12_signatures_are_rsa_with_sha_256_over_header_body_and_every_part() {
    let wire = packed(&message(), SUITE, CLEAR);
    let text = String::from_utf8_lossy(&wire.body).into_owned();
    assert!(text.contains("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"));
    let signed: Vec<_> = wire.sent.references.iter().map(|reference| reference.uri.as_str()).collect();
    assert!(signed[0].starts_with("#messaging-") && signed[1].starts_with("#body-"));
    assert_eq!(signed[2..], ["cid:doc@vn.example", "cid:photo@vn.example"]);
    assert!(wire.sent.references.iter().all(|each| each.method == "http://www.w3.org/2001/04/xmlenc#sha256"));
}

#[test]
fn ta13_payloads_are_encrypted_with_aes_128_gcm_to_the_receivers_certificate() {
    let wire = packed(&message(), SUITE, SEALED);
    let text = String::from_utf8_lossy(&wire.body).into_owned();
    assert_eq!(text.matches("http://www.w3.org/2009/xmlenc11#aes128-gcm").count(), 2);
    let to_another =
        Profile { sealing: Sealing::To(VIENTIANE.sealing_certificate(SUITE)), ..Profile::default() };
    let wire = pack(&message(), &HANOI.identity(SUITE), &to_another).expect("packed");
    assert_eq!(refused(&wire, SEALED), Some(Ebms::FailedDecryption));
}

#[test]
fn ta14_the_receipt_is_signed_and_repeats_every_digest() {
    let wire = packed(&message(), SUITE, CLEAR);
    let verified = received(&wire, CLEAR).expect("proved");
    let receipt = verified.receipt(&BANGKOK.identity(SUITE), "r@th.example", now()).expect("signed");
    let Outcome::Receipted(receipt) = answer(&wire, &receipt, 200) else { panic!("no receipt") };
    assert_eq!(receipt.references, wire.sent.references);
    assert_eq!(receipt.signer, BANGKOK.id);
}

#[test]
fn ta15_a_message_without_a_receipt_ends_in_missing_receipt() {
    let wire = packed(&message(), SUITE, CLEAR);
    let nothing = Attempt::Answered { status: 200, content_type: "", body: b"" };
    let trust = HANOI.trusting(BANGKOK.as_partner(SUITE));
    let Outcome::Unproved(fault) = Outcome::of(&wire.sent, nothing, &trust, now(), &limits()) else {
        panic!("nothing was proved")
    };
    assert_eq!((fault.why, fault.ebms().code()), (Why::ReceiptMissing, "EBMS:0301"));
}

#[test]
fn ta16_a_ping_is_receipted() {
    let ping = Outgoing::ping(HANOI.id.clone(), BANGKOK.id.clone(), "ping-1@vn.example".to_owned(), now());
    assert!(receipted(&ping, CLEAR).payloads().is_empty());
}

#[test]
fn ta17_a_ping_is_known_as_one_so_that_it_is_not_delivered() {
    let ping = Outgoing::ping(HANOI.id.clone(), BANGKOK.id.clone(), "ping-2@vn.example".to_owned(), now());
    assert!(receipted(&ping, CLEAR).message().is_ping());
    assert!(!receipted(&message(), CLEAR).message().is_ping());
}

#[test]
fn ta19_a_reply_names_the_message_it_answers() {
    assert_eq!(receipted(&message(), CLEAR).message().ref_to.as_deref(), Some("0191f0c7-9@th.example"));
}

#[test]
fn ta21_the_first_leg_of_a_two_way_exchange_is_receipted() {
    receipted(&Outgoing { ref_to: None, ..message() }, SEALED);
}

#[test]
fn ta22_the_second_leg_of_a_two_way_exchange_is_receipted() {
    let first = receipted(&Outgoing { ref_to: None, ..message() }, CLEAR);
    let second = Outgoing {
        message_id: "0191f0c9-2@vn.example".to_owned(),
        ref_to: Some(first.message().message_id.clone()),
        ..message()
    };
    assert_eq!(receipted(&second, SEALED).message().ref_to, Some(first.message().message_id.clone()));
}

#[test]
fn ta23_payloads_are_compressed_with_gzip() {
    let long = of(vec![payload("doc@vn.example", "application/xml", "<a>40</a>".repeat(5_000).as_bytes())]);
    let wire = packed(&long, SUITE, CLEAR);
    assert!(wire.body.len() < 12_000, "{}", wire.body.len());
    assert!(wire.body.windows(3).any(|window| window == [0x1f, 0x8b, 8]));
}

fn part_property(name: &str) -> Option<String> {
    let verified = receipted(&message(), CLEAR);
    verified.message().parts[1].property(name).map(str::to_owned)
}

#[test]
fn ta24_a_compressed_part_says_its_compression_type() {
    assert_eq!(part_property(COMPRESSION_TYPE).as_deref(), Some("application/gzip"));
}

#[test]
fn ta25_a_compressed_part_says_its_media_type() {
    assert_eq!(part_property(MIME_TYPE).as_deref(), Some("image/png"));
}

#[test]
fn ta26_a_compressed_part_without_a_media_type_is_answered_by_an_error() {
    let silent = with_messaging(|text| text.replace("name=\"MimeType\"", "name=\"Other\""));
    assert_eq!(refused(&silent, CLEAR), Some(Ebms::ValueInconsistent));
}

fn in_character_set(name: &str) -> Outgoing {
    let document = payload("doc@vn.example", "application/xml", b"<a/>");
    of(vec![Payload { properties: vec![Property::new(CHARACTER_SET, name)], ..document }])
}

#[test]
fn ta27_a_character_set_is_sent() {
    let wire = packed(&in_character_set("UTF-8"), SUITE, CLEAR);
    assert!(
        String::from_utf8_lossy(&wire.body)
            .contains("<eb:Property name=\"CharacterSet\">UTF-8</eb:Property>")
    );
}

#[test]
fn ta28_a_character_set_reaches_the_consumer() {
    for name in ["UTF-8", "utf-16", "ISO-8859-1", "TIS-620", "GB18030"] {
        let verified = receipted(&in_character_set(name), CLEAR);
        assert_eq!(verified.payloads()[0].properties, [Property::new(CHARACTER_SET, name)]);
    }
}

#[test]
fn ta29_a_character_set_that_does_not_exist_is_answered_by_an_error() {
    let messaging = |text: &str| text.replace("CharacterSet\">UTF-8", "CharacterSet\">!utf*8");
    let forgery = Forgery { messaging, ..Forgery::default() };
    let wire = forged_115(&in_character_set("UTF-8"), CLEAR, &forgery);
    assert_eq!(refused(&wire, CLEAR), Some(Ebms::ValueNotRecognized));
}

#[test]
fn ta30_a_damaged_compressed_part_is_answered_by_decompression_failure() {
    assert_eq!(refused(&said_to_be_gzip(b"not gzip at all"), CLEAR), Some(Ebms::DecompressionFailure));
}

#[test]
fn ta31_the_failure_to_unfold_names_the_message_for_the_consumers_notice() {
    let fault = received(&said_to_be_gzip(&[0x1f, 0x8b, 8, 0, 1]), CLEAR).expect_err("refused");
    assert_eq!((fault.why, fault.message_id.as_deref()), (Why::Gzip, Some("0191f0c8-1@vn.example")));
}

#[test]
fn ta32_a_compressed_payload_is_unfolded_before_delivery() {
    assert_eq!(receipted(&message(), CLEAR).payloads(), message().payloads);
}

#[test]
fn ta33_the_consumer_sees_the_media_type_and_not_the_compression() {
    let verified = receipted(&message(), CLEAR);
    assert_eq!(verified.payloads()[0].mime, "application/xml");
    assert!(verified.payloads().iter().all(|payload| payload.properties.is_empty()));
}

#[test]
fn ta34_a_compressed_signed_and_encrypted_message_is_accepted() {
    assert_eq!(receipted(&message(), SEALED).payloads(), message().payloads);
}

/// Hanoi's part reference with the digest of these octets in place of the right one.
fn signed_too(early_or_late: &str) -> Wire {
    let outgoing = of(vec![payload("doc@vn.example", "text/plain", early_or_late.as_bytes())]);
    let signed_info = |text: &str| {
        let part = text.find("cid:doc@vn.example").expect("the part is signed");
        let value = between(&text[part..], "<ds:DigestValue>", "</ds:DigestValue>");
        let digest = crate::forger::base64_sha256(b"early");
        text.replace(value, &format!("<ds:DigestValue>{digest}</ds:DigestValue>"))
    };
    forged_115(&outgoing, SEALED, &Forgery { signed_info, ..Forgery::default() })
}

#[test]
fn ta35_a_message_signed_before_it_is_compressed_is_rejected() {
    assert_eq!(refused(&signed_too("early"), SEALED), Some(Ebms::FailedAuthentication));
}

#[test]
fn ta36_a_compressed_and_signed_message_is_accepted() {
    assert_eq!(receipted(&message(), CLEAR).payloads(), message().payloads);
}

#[test]
fn ta37_a_message_signed_after_it_is_encrypted_is_rejected() {
    let wire = signed_late();
    assert_eq!(refused(&wire, SEALED), Some(Ebms::FailedAuthentication));
}

/// An encrypted message whose part reference is over the ciphertext. The parts of an honest message are encrypted with
/// fresh randomness, so the forger swaps the signature into an honest message afterwards.
fn signed_late() -> Wire {
    let outgoing = of(vec![payload("doc@vn.example", "text/plain", b"late")]);
    let honest = packed(&outgoing, SUITE, SEALED);
    let header = b"<doc@vn.example>\r\n\r\n";
    let start =
        honest.body.windows(header.len()).position(|window| window == header).expect("the part is there");
    let rest = &honest.body[start + header.len()..];
    let end = rest.windows(4).position(|window| window == b"\r\n--").expect("the part ends");
    let (right, late) = (&honest.sent.references[2].digest, crate::forger::base64_sha256(&rest[..end]));
    let text = String::from_utf8_lossy(&honest.body).into_owned();
    let signed_info = between(&text, "<ds:SignedInfo", "</ds:SignedInfo>");
    let forged_info = signed_info.replace(right.as_str(), &late);
    let value = HANOI.sign(forged_info.as_bytes()).expect("signed");
    let value = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, value);
    let old = between(&text, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let body = replaced(&honest.body, signed_info.as_bytes(), forged_info.as_bytes());
    let new = format!("<ds:SignatureValue>{value}</ds:SignatureValue>");
    Wire { body: replaced(&body, old.as_bytes(), new.as_bytes()), ..honest }
}

#[test]
fn ta38_a_message_signed_and_encrypted_without_compression_is_accepted() {
    let sealing = Sealing::To(BANGKOK.sealing_certificate(SUITE));
    let profile = Profile { compression: Compression::None, sealing, ..Profile::default() };
    let wire = pack(&message(), &HANOI.identity(SUITE), &profile).expect("packed");
    assert_eq!(received(&wire, SEALED).expect("proved").payloads(), message().payloads);
}

#[test]
fn ta45_the_order_of_the_payloads_is_kept_whatever_the_order_of_the_parts() {
    let wire = packed(&message(), SUITE, CLEAR);
    let boundary = between(&wire.content_type, "sampan-", "\"").trim_end_matches('"');
    let delimiter = format!("--{boundary}\r\n");
    let mut cuts: Vec<usize> = Vec::new();
    for at in 0..wire.body.len() {
        if wire.body[at..].starts_with(delimiter.as_bytes()) || wire.body[at..].starts_with(b"--sampan-") {
            cuts.push(at);
        }
    }
    let [root, first, second, end] = cuts.as_slice() else { panic!("three parts and an end: {cuts:?}") };
    let body = &wire.body;
    let turned = [&body[*root..*first], &body[*second..*end], &body[*first..*second], &body[*end..]].concat();
    let verified = received(&Wire { body: turned, ..wire.clone() }, CLEAR).expect("proved");
    assert_eq!(verified.payloads(), message().payloads);
}
