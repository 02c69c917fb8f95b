//! What comes back: receipts that prove what was sent and no others, errors signed and unsigned.

use exchange::{
    Expected, Fault, Receipt, Reference, SentDigests, Signal, Suite, Why, Wire, check_receipt, fault_signal,
    open, read_signal,
};

use crate::corpus::{files, folder};
use crate::nodes::{BANGKOK, HANOI, VIENTIANE, at, limits, message, now, packed, trust};

const SUITE: Suite = Suite::Edelivery115;

/// What Hanoi sent and Bangkok's receipt for it.
fn exchange_of_one() -> (SentDigests, Wire) {
    let wire = packed(&message(), SUITE, Expected::Clear);
    let limits = limits();
    let received = open(&wire.content_type, &wire.body, &limits).expect("taken apart");
    let verified = received.verify(&trust(SUITE, Expected::Clear), now()).expect("proved");
    (wire.sent, verified.receipt(&BANGKOK.identity(SUITE), "r-1@th.example", now()).expect("signed"))
}

fn read(wire: &Wire) -> Result<Signal, Why> {
    let trust = HANOI.trusting(BANGKOK.as_partner(SUITE)).with_partner(VIENTIANE.as_partner(SUITE));
    read_signal(&wire.content_type, &wire.body, &trust, now(), &limits()).map_err(|fault| fault.why)
}

fn edited(wire: &Wire, from: &str, to: &str) -> Wire {
    let text = String::from_utf8(wire.body.clone()).expect("a signal is text");
    assert!(text.contains(from), "{from}");
    Wire { body: text.replace(from, to).into_bytes(), ..wire.clone() }
}

#[test]
fn a_receipt_proves_what_was_sent_and_nothing_else() {
    let (sent, wire) = exchange_of_one();
    let Ok(Signal::Receipt(receipt)) = read(&wire) else { panic!("not a receipt") };
    assert_eq!(check_receipt(&sent, &receipt), Ok(()));
    assert_eq!(receipt.timestamp, now());
    let changed = |change: fn(&mut Receipt)| {
        let mut receipt = receipt.clone();
        change(&mut receipt);
        check_receipt(&sent, &receipt).map_err(|fault| (fault.why, fault.message_id))
    };
    let wrong = Err((Why::ReceiptWrong, Some(sent.message_id.clone())));
    assert_eq!(changed(|receipt| receipt.ref_to = "another@x".to_owned()), wrong);
    assert_eq!(changed(|receipt| receipt.signer = VIENTIANE.id.clone()), wrong);
    assert_eq!(changed(|receipt| drop(receipt.references.pop())), wrong);
    assert_eq!(changed(|receipt| receipt.references.clear()), wrong);
    assert_eq!(changed(|receipt| receipt.references[2].digest = receipt.references[3].digest.clone()), wrong);
    assert_eq!(changed(|receipt| receipt.references[0].method = "sha1".to_owned()), wrong);
    let extra = |receipt: &mut Receipt| {
        let reference = Reference { uri: "cid:never".to_owned(), ..receipt.references[2].clone() };
        receipt.references.push(reference);
    };
    assert_eq!(changed(extra), wrong);
}

#[test]
fn a_receipt_that_is_changed_unsigned_or_signed_by_a_stranger_is_refused() {
    let (_, wire) = exchange_of_one();
    for (from, to, why) in [
        ("0191f0c8-1@vn.example<", "0191f0c8-2@vn.example<", Why::DigestMismatch),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", Why::SignatureWrong),
        ("ds:Signature", "ds:Seal", Why::Unsigned),
        ("</S12:Body>", "x</S12:Body>", Why::BodyNotEmpty),
    ] {
        assert_eq!(read(&edited(&wire, from, to)).map(|_| ()), Err(why), "{from}");
    }
    let stranger = HANOI.trusting(VIENTIANE.as_partner(SUITE));
    let refused =
        read_signal(&wire.content_type, &wire.body, &stranger, now(), &limits()).map_err(|fault| fault.why);
    assert_eq!(refused, Err(Why::CertificateNotTrusted));
    let late = HANOI.trusting(BANGKOK.as_partner(SUITE));
    let refused = read_signal(&wire.content_type, &wire.body, &late, at("2029-01-01T00:00:00Z"), &limits());
    assert_eq!(refused.map_err(|fault| fault.why), Err(Why::CertificateOutOfDate));
    let sent = packed(&message(), SUITE, Expected::Clear);
    assert_eq!(read(&sent), Err(Why::WrongKind), "a message is not a signal");
}

#[test]
fn every_refusal_is_told_to_the_peer_and_read_by_it() {
    for why in Why::ALL {
        let fault = Fault::new(*why, "seen: <\u{1}>").about("0191f0c8-1@vn.example");
        let wire = fault_signal(&fault, &BANGKOK.identity(SUITE), "e-1@th.example", now()).expect("signed");
        let Ok(Signal::Errors(signal)) = read(&wire) else { panic!("not an error signal") };
        assert_eq!(signal.ref_to.as_deref(), Some("0191f0c8-1@vn.example"));
        assert_eq!(signal.signer.as_ref(), Some(&BANGKOK.id));
        assert_eq!(signal.errors.len(), 1);
        assert_eq!(signal.errors[0].known(), Some(why.ebms()));
        assert_eq!(signal.errors[0].description.as_deref(), Some(why.code()));
        assert_eq!(signal.is_retryable(), signal.is_refusal() && why.ebms().is_retryable());
    }
}

#[test]
fn errors_of_other_products_are_read_unsigned_and_with_a_soap_fault() {
    let Some(folder) = folder("exchange") else { return };
    for (name, code, about) in [
        ("phase4-ErrorMessage.xml", "EBMS:0001", Some("ph-as4@42ec020f-9553-4b6d-ba8e-265cf1f6fd34")),
        ("phase4-ErrorMessageWithFault.xml", "EBMS:0103", Some("1234")),
    ] {
        let all = files(&folder);
        let (_, body) = all.iter().find(|(known, _)| known == name).expect("the file is there");
        let content_type = "application/soap+xml".to_owned();
        let wire = Wire { body: body.clone(), content_type, ..packed(&message(), SUITE, Expected::Clear) };
        let Ok(Signal::Errors(signal)) = read(&wire) else { panic!("{name}") };
        assert_eq!((signal.errors[0].code.as_str(), signal.ref_to.as_deref()), (code, about));
        assert_eq!((signal.signer.as_ref(), signal.is_refusal(), signal.is_retryable()), (None, true, false));
    }
}

#[test]
fn an_unreadable_message_is_answered_without_naming_one() {
    let fault = Fault::new(Why::Multipart, "cut off");
    let wire = fault_signal(&fault, &BANGKOK.identity(SUITE), "e-2@th.example", now()).expect("signed");
    let Ok(Signal::Errors(signal)) = read(&wire) else { panic!("not an error signal") };
    assert_eq!((signal.ref_to, signal.errors[0].code.as_str()), (None, "EBMS:0007"));
}
