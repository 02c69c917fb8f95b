//! Senders, suites, sizes and inputs a node must refuse.

use exchange::{Ebms, Limits, Outgoing, Party, PartyId, Property, Suite, Why, Wire, open};

use crate::forger::tampered;
use crate::nodes::{BANGKOK, HANOI, VIENTIANE, at, limits, message, now, packed, trust};
use crate::verdict::{CLEAR, SEALED, honest, verdict};

#[test]
fn who_may_sign_is_decided_by_what_we_hold_and_not_by_what_is_sent() {
    let suite = Suite::Edelivery115;
    let from = |party: PartyId| Outgoing { from: Party::initiator(party), ..message() };
    assert_eq!(
        verdict(&packed(&from(PartyId::unregistered("XX")), suite, CLEAR), CLEAR),
        Err(Why::PartyUnknown)
    );
    let both = trust(suite, CLEAR).with_partner(VIENTIANE.as_partner(suite));
    let check = |wire: &Wire, trust: &exchange::Trust, moment| {
        let limits = limits();
        let received = open(&wire.content_type, &wire.body, &limits).expect("taken apart");
        received.verify(trust, moment).map(|_| ()).map_err(|fault| fault.why)
    };
    let as_vientiane = packed(&from(VIENTIANE.id.clone()), suite, CLEAR);
    assert_eq!(check(&as_vientiane, &both, now()), Err(Why::CertificateNotTrusted), "one partner as another");
    let impostor = BANGKOK.trusting(exchange::Partner::pinned(HANOI.id.clone(), vec![]));
    assert_eq!(check(&honest(), &impostor, now()), Err(Why::CertificateNotTrusted));
    let trusting = trust(suite, CLEAR);
    assert_eq!(check(&honest(), &trusting, at("2025-12-31T23:59:59Z")), Err(Why::CertificateOutOfDate));
    assert_eq!(check(&honest(), &trusting, at("2028-01-01T00:00:01Z")), Err(Why::CertificateOutOfDate));
    let other_suite = trust(Suite::Edelivery2, CLEAR);
    assert_eq!(
        check(&honest(), &other_suite, now()),
        Err(Why::AlgorithmRefused),
        "another suite than agreed"
    );
    let for_another = Outgoing { to: Party::responder(VIENTIANE.id.clone()), ..message() };
    assert_eq!(verdict(&packed(&for_another, suite, CLEAR), CLEAR), Err(Why::NotForUs));
}

#[test]
fn encryption_is_taken_as_agreed_and_in_no_other_way() {
    let suite = Suite::Edelivery115;
    assert_eq!(verdict(&honest(), SEALED), Err(Why::SealingMismatch), "a downgrade");
    assert_eq!(verdict(&packed(&message(), suite, SEALED), CLEAR), Err(Why::SealingMismatch));
    for (from, to, why) in [
        (
            "http://www.w3.org/2009/xmlenc11#rsa-oaep",
            "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
            Why::AlgorithmRefused,
        ),
        (
            "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
            Why::AlgorithmRefused,
        ),
        (
            "http://www.w3.org/2009/xmlenc11#mgf1sha256",
            "http://www.w3.org/2009/xmlenc11#mgf1sha1",
            Why::AlgorithmRefused,
        ),
        ("<xenc:CipherValue>", "<xenc:CipherValue>AAAA", Why::NotDecrypted),
        ("<xenc:CipherValue>", "<xenc:CipherValue>!", Why::NotDecrypted),
        ("<xenc:DataReference URI=\"#ED", "<xenc:DataReference URI=\"ED", Why::NotDecrypted),
        ("<wsse:Reference URI=\"#EK-", "<wsse:Reference URI=\"#EX-", Why::NotDecrypted),
        ("<xenc:CipherReference URI=\"cid:doc", "<xenc:CipherReference URI=\"cid:dog", Why::NotDecrypted),
        ("<xenc:CipherReference URI=\"cid:doc", "<xenc:CipherReference URI=\"cid:photo", Why::NotDecrypted),
    ] {
        assert_eq!(verdict(&tampered(&message(), SEALED, from, to), SEALED), Err(why), "{from}");
    }
    let mut wire = packed(&message(), suite, SEALED);
    let last = wire.body.len() - 60;
    wire.body[last] ^= 1;
    assert_eq!(verdict(&wire, SEALED), Err(Why::NotDecrypted), "one bit of the ciphertext");
    let to_another = exchange::Profile {
        sealing: exchange::Sealing::To(VIENTIANE.sealing_certificate(suite)),
        ..exchange::Profile::default()
    };
    let wire = exchange::pack(&message(), &HANOI.identity(suite), &to_another).expect("packed");
    assert_eq!(verdict(&wire, SEALED), Err(Why::NotDecrypted), "sealed to somebody else");
}

#[test]
fn a_message_past_a_limit_is_refused_before_it_is_unfolded() {
    let mut outgoing = message();
    outgoing.payloads[0].bytes = vec![b'x'; 32 << 20];
    let wire = packed(&outgoing, Suite::Edelivery115, CLEAR);
    let trust = trust(Suite::Edelivery115, CLEAR);
    let with = |limits: &Limits| {
        let verified =
            open(&wire.content_type, &wire.body, limits).and_then(|received| received.verify(&trust, now()));
        verified.map(|_| ()).map_err(|fault| (fault.why, fault.ebms()))
    };
    let bomb = Err((Why::GzipTooLarge, Ebms::DecompressionFailure));
    assert_eq!(with(&Limits { ratio_max: 20, ..limits() }), bomb, "by ratio");
    assert_eq!(with(&Limits { payloads_max: 31 << 20, ..limits() }), bomb, "by size");
    assert_eq!(with(&Limits { parts_max: 2, ..limits() }), Err((Why::TooManyParts, Ebms::MimeInconsistency)));
    assert_eq!(with(&Limits { body_max: 1_000, ..limits() }), Err((Why::TooLarge, Ebms::MimeInconsistency)));
}

#[test]
fn our_own_unwritable_input_is_refused_before_it_is_signed() {
    let identity = HANOI.identity(Suite::Edelivery115);
    let try_pack = |outgoing: &Outgoing| {
        exchange::pack(outgoing, &identity, &exchange::Profile::default())
            .map(|_| ())
            .map_err(|fault| fault.why)
    };
    let with_part = |change: fn(&mut exchange::Payload)| {
        let mut outgoing = message();
        change(&mut outgoing.payloads[0]);
        outgoing
    };
    for outgoing in [
        Outgoing { action: "a\u{0}".to_owned(), ..message() },
        with_part(|payload| payload.content_id = "a b".to_owned()),
        with_part(|payload| payload.content_id = String::new()),
        with_part(|payload| payload.mime = "xml".to_owned()),
        with_part(|payload| payload.properties = vec![Property::new("CompressionType", "x")]),
        with_part(|payload| payload.properties = vec![Property::new("CharacterSet", "klingon")]),
    ] {
        assert_eq!(try_pack(&outgoing), Err(Why::Unwritable), "{outgoing:?}");
    }
    let ed25519 = HANOI.identity(Suite::Edelivery2);
    let refused =
        exchange::pack(&message(), &ed25519, &exchange::Profile::default()).map_err(|fault| fault.why);
    assert_eq!(refused.map(|_| ()), Err(Why::AlgorithmRefused), "a key of another suite");
}
