//! Any bytes: no authority's list and no authority's answer.
#![no_main]

use exchange::certificate::{Certificate, OcspResponse, RevocationList};

const CA: &str = include_str!("../../tests/fixtures/revocation/ca.pem");

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let ca = Certificate::from_pem(CA).expect("a certificate");
    let _ = RevocationList::from_der(bytes, &ca);
    let _ = OcspResponse::from_der(bytes, &ca, jiff::Timestamp::UNIX_EPOCH);
    let _ = Certificate::from_der(bytes).map(|certificate| certificate.revocation_addresses());
});
