//! Whether a certificate was revoked, as OpenSSL's authority, responder and lists say it.
//!
//! The files in `fixtures/revocation` were made with OpenSSL: an authority on P-256, a good and a revoked certificate under
//! it, answers signed by a responder the authority issued, by the authority itself and by a stranger, and a list.

use exchange::Revocation::{Always, WhereKnown};
use exchange::certificate::{Certificate, OcspResponse, RevocationList, Status, ocsp_request};
use exchange::{Partner, PartyId, Suite, Why};

use crate::nodes::at;

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/revocation/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("the file is there")
}

fn certificate(name: &str) -> Certificate {
    Certificate::from_pem(&String::from_utf8(file(name)).expect("text")).expect("a certificate")
}

#[test]
fn answers_of_the_authority_and_its_responder_count_and_those_of_others_do_not() {
    let (ca, leaf, gone) = (certificate("ca.pem"), certificate("leaf.pem"), certificate("gone.pem"));
    let now = at("2026-12-01T00:00:00Z");
    for (name, about, status) in [
        ("leaf.ocsp", &leaf, Some(Status::Good)),
        ("leaf.direct.ocsp", &leaf, Some(Status::Good)),
        ("gone.ocsp", &gone, Some(Status::Revoked)),
        ("leaf.ocsp", &gone, None),
    ] {
        let answer = OcspResponse::from_der(&file(name), &ca, now).expect("an answer of the authority");
        assert_eq!(answer.status(about, &ca, now), status, "{name}");
    }
    let stranger = OcspResponse::from_der(&file("leaf.stranger.ocsp"), &ca, now);
    assert!(stranger.is_err(), "a certificate that may not answer");
    let later = at("2040-01-01T00:00:00Z");
    let answer = OcspResponse::from_der(&file("leaf.direct.ocsp"), &ca, now).expect("an answer");
    assert_eq!(answer.status(&leaf, &ca, later), None, "an old answer says nothing");
    let answer = OcspResponse::from_der(&file("gone.ocsp"), &ca, now).expect("an answer");
    assert_eq!(answer.status(&gone, &ca, later), Some(Status::Revoked), "but revoked is revoked");
}

#[test]
fn a_changed_answer_is_refused_wherever_it_is_changed() {
    let (ca, now) = (certificate("ca.pem"), at("2026-12-01T00:00:00Z"));
    let leaf = certificate("leaf.pem");
    let whole = file("gone.ocsp");
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        if let Ok(answer) = OcspResponse::from_der(&changed, &ca, now) {
            assert_eq!(answer.status(&leaf, &ca, now), None, "octet {place}");
        }
        // What is cut is never an answer.
        assert!(OcspResponse::from_der(&whole[..place], &ca, now).is_err());
    }
}

#[test]
fn the_question_is_the_one_openssl_asks() {
    assert_eq!(ocsp_request(&certificate("leaf.pem"), &certificate("ca.pem")), file("leaf.req"));
}

#[test]
fn a_certificate_says_where_to_ask() {
    let addresses = certificate("leaf.pem").revocation_addresses();
    assert_eq!(addresses.lists, ["http://crl.example/list.crl"]);
    assert_eq!(addresses.online, ["http://ocsp.example/answers"]);
    assert_eq!(certificate("ca.pem").revocation_addresses(), exchange::certificate::Addresses::default());
}

#[test]
fn where_it_is_asked_for_only_what_is_known_not_to_be_revoked_counts() {
    let ca = certificate("ca.pem");
    let now = at("2026-12-01T00:00:00Z");
    let answer = |name: &str| OcspResponse::from_der(&file(name), &ca, now).expect("an answer");
    let list = RevocationList::from_der(&file("list.crl"), &ca).expect("a list");
    let partner = |revocation, revoked: Vec<RevocationList>, answered: Vec<OcspResponse>| Partner {
        authorities: vec![ca.clone()],
        revoked,
        answered,
        revocation,
        suite: Suite::Edelivery2P256,
        ..Partner::pinned(PartyId::unregistered("TH"), Vec::new())
    };
    for (name, partner, expected) in [
        ("leaf.pem", partner(WhereKnown, vec![], vec![]), None),
        ("leaf.pem", partner(Always, vec![], vec![]), Some(Why::RevocationUnknown)),
        ("leaf.pem", partner(Always, vec![list.clone()], vec![]), None),
        ("leaf.pem", partner(Always, vec![], vec![answer("leaf.ocsp")]), None),
        ("leaf.pem", partner(Always, vec![], vec![answer("gone.ocsp")]), Some(Why::RevocationUnknown)),
        ("gone.pem", partner(WhereKnown, vec![], vec![answer("gone.ocsp")]), Some(Why::CertificateRevoked)),
        ("gone.pem", partner(WhereKnown, vec![list.clone()], vec![]), Some(Why::CertificateRevoked)),
        ("gone.pem", partner(WhereKnown, vec![], vec![answer("leaf.ocsp")]), None),
    ] {
        let seen = partner.judge(&certificate(name), now).err().map(|fault| fault.why);
        assert_eq!(seen, expected, "{name} {partner:?}");
    }
}
