//! Issues the certificates a node starts with: an authority's own, for signing, for sealing and for TLS.
//!
//! For `init`, the demonstration and tests. An administration with an authority of its own brings its certificates.

use der::oid::ObjectIdentifier;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Certificate;
use super::element::tlv;
use super::read::{Addresses, sha256};
use crate::keys::{KeyFault, Sign};
use crate::profile::SignatureKind;
use crate::{Fault, Why};

/// Whom a certificate names.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// The organisation.
    pub organisation: String,
    /// The node or its purpose.
    pub common_name: String,
}

/// What a certificate is for.
#[derive(Clone, Debug)]
pub enum Usage {
    /// Issuing other certificates.
    Authority,
    /// Signing messages; with an RSA key it may also be sealed to.
    Signing,
    /// Being sealed to.
    Sealing,
    /// Serving and using TLS under these DNS names and IP addresses.
    Tls(Vec<String>),
}

/// What is to be certified.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whom it names.
    pub subject: Subject,
    /// The public key as `SubjectPublicKeyInfo` in DER.
    pub public_key_info: Vec<u8>,
    /// What it is for.
    pub usage: Usage,
    /// The first moment of validity, in whole seconds.
    pub not_before: Timestamp,
    /// The last moment of validity, in whole seconds.
    pub not_after: Timestamp,
}

/// Issues a certificate under an authority. The serial number follows from the content, so equal requests are equal.
///
/// # Errors
/// [`Why::KeyFailed`] where the authority's key refuses, [`Why::CertificateUnreadable`] for dates outside 1950-9999.
pub fn issue(request: &Request, authority: &Certificate, key: &dyn Sign) -> Result<Certificate, Fault> {
    issue_with(request, &Addresses::default(), authority, key)
}

/// As [`issue`], with the addresses where it can be learned whether the certificate was revoked.
///
/// # Errors
/// As [`issue`].
pub fn issue_with(
    request: &Request,
    addresses: &Addresses,
    authority: &Certificate,
    key: &dyn Sign,
) -> Result<Certificate, Fault> {
    let key_id = authority.key_identifier().unwrap_or_default();
    certify(request, addresses, (&authority.subject_der(), &key_id), key)
}

/// Issues a certificate signed by the key it certifies.
///
/// # Errors
/// As [`issue`].
pub fn self_signed(request: &Request, key: &dyn Sign) -> Result<Certificate, Fault> {
    let key_id = key_identifier(&request.public_key_info);
    certify(request, &Addresses::default(), (&name(&request.subject), &key_id), key)
}

/// Issues a list of revoked certificates under an authority, in DER.
///
/// # Errors
/// As [`issue`].
pub fn revoke(
    revoked: &[&Certificate],
    (this_update, next_update): (Timestamp, Timestamp),
    authority: &Certificate,
    key: &dyn Sign,
) -> Result<Vec<u8>, Fault> {
    let algorithm = signature_algorithm(key.signature_kind());
    let mut entries = Vec::new();
    for certificate in revoked {
        let entry = [tlv(INTEGER, certificate.serial()), date(this_update)?].concat();
        entries.extend(tlv(SEQUENCE, &entry));
    }
    let entries = if entries.is_empty() { entries } else { tlv(SEQUENCE, &entries) };
    let version = tlv(INTEGER, &[1]);
    let content =
        [version, algorithm, authority.subject_der(), date(this_update)?, date(next_update)?, entries];
    signed(&content.concat(), key)
}

/// Signs the content of a certificate, a list or a request and puts content, algorithm and signature together.
pub(super) fn signed(content: &[u8], key: &dyn Sign) -> Result<Vec<u8>, Fault> {
    let content = tlv(SEQUENCE, content);
    let signature =
        key.sign(&content).map_err(|fault: KeyFault| Fault::new(Why::KeyFailed, fault.to_string()))?;
    let signature = match key.signature_kind() {
        SignatureKind::EcdsaSha256 => ecdsa_der(&signature),
        SignatureKind::RsaSha256 | SignatureKind::Ed25519 => signature,
    };
    let algorithm = signature_algorithm(key.signature_kind());
    Ok(tlv(SEQUENCE, &[content, algorithm, bit_string(&signature)].concat()))
}

fn certify(
    request: &Request,
    addresses: &Addresses,
    (issuer, issuer_key): (&[u8], &[u8]),
    key: &dyn Sign,
) -> Result<Certificate, Fault> {
    let algorithm = signature_algorithm(key.signature_kind());
    let validity = [date(request.not_before)?, date(request.not_after)?].concat();
    let content = [
        algorithm,
        issuer.to_vec(),
        tlv(SEQUENCE, &validity),
        name(&request.subject),
        request.public_key_info.clone(),
        tlv(0xa3, &tlv(SEQUENCE, &[extensions(request, issuer_key), revocation(addresses)].concat())),
    ]
    .concat();
    let serial = &sha256(&content)[..16];
    let version = tlv(0xa0, &tlv(INTEGER, &[2]));
    // A leading zero octet keeps the number positive; the second octet is made non-zero so that it is never padding.
    let serial = tlv(INTEGER, &[&[0x01], &serial[1..]].concat());
    Certificate::from_der(&signed(&[version, serial, content].concat(), key)?)
}

fn extensions(request: &Request, issuer_key: &[u8]) -> Vec<u8> {
    let key_id = key_identifier(&request.public_key_info);
    let authority: &[u8] = if matches!(request.usage, Usage::Authority) { &[0x01, 1, 0xff] } else { &[] };
    let mut all = vec![
        extension("2.5.29.19", Weight::Critical, &tlv(SEQUENCE, authority)),
        extension("2.5.29.15", Weight::Critical, &key_usage(&request.usage, &request.public_key_info)),
        extension("2.5.29.14", Weight::Plain, &tlv(OCTET_STRING, &key_id)),
        extension("2.5.29.35", Weight::Plain, &tlv(SEQUENCE, &tlv(0x80, issuer_key))),
    ];
    if let Usage::Tls(names) = &request.usage {
        let purposes = [oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2")].concat();
        all.push(extension("2.5.29.37", Weight::Plain, &tlv(SEQUENCE, &purposes)));
        let names: Vec<u8> = names.iter().flat_map(|name| alternative_name(name)).collect();
        all.push(extension("2.5.29.17", Weight::Plain, &tlv(SEQUENCE, &names)));
    }
    all.concat()
}

/// What a key may be used for (RFC 5280, section 4.2.1.3): RSA keys that sign are sealed to as well.
pub(super) fn key_usage(usage: &Usage, public_key_info: &[u8]) -> Vec<u8> {
    let is_rsa = public_key_info.windows(RSA_KEY.len()).any(|window| window == RSA_KEY);
    let bits: u8 = match usage {
        Usage::Authority => 0b0000_0110,
        Usage::Signing if is_rsa => 0b1110_0000,
        Usage::Signing => 0b1100_0000,
        Usage::Sealing if is_rsa => 0b0010_0000,
        Usage::Sealing => 0b0000_1000,
        Usage::Tls(_) => 0b1000_0000,
    };
    tlv(BIT_STRING, &[u8::try_from(bits.trailing_zeros()).unwrap_or(0), bits])
}

/// RFC 5280, sections 4.2.1.13 and 4.2.2.1.
fn revocation(addresses: &Addresses) -> Vec<u8> {
    let uri = |address: &String| tlv(0x86, address.as_bytes());
    let point = |address| tlv(SEQUENCE, &tlv(0xa0, &tlv(0xa0, &uri(address))));
    let responder = |address| tlv(SEQUENCE, &[oid("1.3.6.1.5.5.7.48.1"), uri(address)].concat());
    let lists: Vec<u8> = addresses.lists.iter().flat_map(point).collect();
    let online: Vec<u8> = addresses.online.iter().flat_map(responder).collect();
    let part = |id, content: Vec<u8>| match content.is_empty() {
        true => Vec::new(),
        false => extension(id, Weight::Plain, &tlv(SEQUENCE, &content)),
    };
    [part("2.5.29.31", lists), part("1.3.6.1.5.5.7.1.1", online)].concat()
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Weight {
    Critical,
    Plain,
}

pub(super) fn extension(id: &str, weight: Weight, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if weight == Weight::Critical { &[0x01, 1, 0xff] } else { &[] };
    tlv(SEQUENCE, &[oid(id), critical.to_vec(), tlv(OCTET_STRING, value)].concat())
}

fn alternative_name(name: &str) -> Vec<u8> {
    match name.parse() {
        Ok(std::net::IpAddr::V4(address)) => tlv(0x87, &address.octets()),
        Ok(std::net::IpAddr::V6(address)) => tlv(0x87, &address.octets()),
        Err(_) => tlv(0x82, name.as_bytes()),
    }
}

fn name(subject: &Subject) -> Vec<u8> {
    let part = |id: &str, tag: u8, value: &str| {
        tlv(0x31, &tlv(SEQUENCE, &[oid(id), tlv(tag, value.as_bytes())].concat()))
    };
    let parts = [
        part("2.5.4.6", 0x13, &subject.country),
        part("2.5.4.10", 0x0c, &subject.organisation),
        part("2.5.4.3", 0x0c, &subject.common_name),
    ];
    tlv(SEQUENCE, &parts.concat())
}

/// A date as X.509 writes it: two digits for the year until 2049, four from then on.
fn date(moment: Timestamp) -> Result<Vec<u8>, Fault> {
    let at = moment.to_zoned(TimeZone::UTC).datetime();
    let rest =
        format!("{:02}{:02}{:02}{:02}{:02}Z", at.month(), at.day(), at.hour(), at.minute(), at.second());
    match at.year() {
        year @ 1950..=2049 => Ok(tlv(0x17, format!("{:02}{rest}", year % 100).as_bytes())),
        year @ 2050..=9999 => Ok(tlv(0x18, format!("{year:04}{rest}").as_bytes())),
        year => {
            Err(Fault::new(Why::CertificateUnreadable, format!("a certificate cannot name the year {year}")))
        }
    }
}

fn signature_algorithm(kind: SignatureKind) -> Vec<u8> {
    match kind {
        SignatureKind::RsaSha256 => tlv(SEQUENCE, &[oid("1.2.840.113549.1.1.11"), vec![5, 0]].concat()),
        SignatureKind::EcdsaSha256 => tlv(SEQUENCE, &oid("1.2.840.10045.4.3.2")),
        SignatureKind::Ed25519 => tlv(SEQUENCE, &oid("1.3.101.112")),
    }
}

/// The first 160 bits of SHA-256 over the key, as RFC 7093 allows.
fn key_identifier(public_key_info: &[u8]) -> Vec<u8> {
    sha256(public_key_info)[..20].to_vec()
}

/// `r` and `s` as X.509 wants them: two integers in a sequence.
fn ecdsa_der(fixed: &[u8]) -> Vec<u8> {
    let integer = |half: &[u8]| {
        let start = half.iter().take(half.len() - 1).take_while(|&&byte| byte == 0).count();
        let half = &half[start..];
        let sign: &[u8] = if half.first().is_some_and(|&byte| byte >= 0x80) { &[0] } else { &[] };
        tlv(INTEGER, &[sign, half].concat())
    };
    let (r, s) = fixed.split_at(fixed.len() / 2);
    tlv(SEQUENCE, &[integer(r), integer(s)].concat())
}

fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv(BIT_STRING, &[&[0], bytes].concat())
}

pub(super) fn oid(text: &str) -> Vec<u8> {
    tlv(0x06, ObjectIdentifier::new_unwrap(text).as_bytes())
}

/// The object identifier of an RSA key in DER.
const RSA_KEY: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
pub(super) const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyKind, PrivateKey};

    fn request(key: &PrivateKey, usage: Usage) -> Request {
        Request {
            subject: Subject {
                country: "VN".to_owned(),
                organisation: "Hải quan".to_owned(),
                common_name: "node".to_owned(),
            },
            public_key_info: key.public_key_info().expect("public"),
            usage,
            not_before: "2026-01-01T00:00:00Z".parse().expect("a date"),
            not_after: "2051-01-01T00:00:00Z".parse().expect("a date"),
        }
    }

    #[test]
    fn an_authority_of_each_signing_kind_issues_what_it_can_prove() {
        for kind in [KeyKind::Rsa2048, KeyKind::Ed25519, KeyKind::P256] {
            let root_key = PrivateKey::generate(kind).expect("made");
            let root = self_signed(&request(&root_key, Usage::Authority), &root_key).expect("issued");
            let key = PrivateKey::generate(KeyKind::X25519).expect("made");
            let leaf = issue(&request(&key, Usage::Sealing), &root, &root_key).expect("issued");
            assert!(root.is_authority() && !leaf.is_authority());
            assert!(root.issued(&root) && root.issued(&leaf) && !leaf.issued(&root), "{kind:?}");
            assert_eq!(leaf.not_after().to_string(), "2051-01-01T00:00:00Z");
            assert!(leaf.is_valid_at("2050-12-31T23:59:59Z".parse().expect("a date")));
            assert!(!leaf.is_valid_at("2025-12-31T23:59:59Z".parse().expect("a date")));
        }
    }

    #[test]
    fn a_forged_certificate_is_not_the_authoritys() {
        let key = PrivateKey::generate(KeyKind::Ed25519).expect("made");
        let root = self_signed(&request(&key, Usage::Authority), &key).expect("issued");
        let mut forged = issue(&request(&key, Usage::Signing), &root, &key).expect("issued").der().to_vec();
        let at = forged.windows(4).position(|window| window == b"node").expect("the name is there");
        forged[at] = b'N';
        let forged = Certificate::from_der(&forged).expect("still readable");
        assert!(!root.issued(&forged));
    }

    #[test]
    fn certificates_survive_pem_and_paths() {
        let key = PrivateKey::generate(KeyKind::P256).expect("made");
        let root = self_signed(&request(&key, Usage::Authority), &key).expect("issued");
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        let leaf = issue(&request(&key, Usage::Tls(names)), &root, &key).expect("issued");
        assert_eq!(Certificate::from_pem(&leaf.to_pem()).expect("readable"), leaf);
        let path = Certificate::path_to_der([&root, &leaf].into_iter());
        assert_eq!(Certificate::path_from_der(&path).expect("readable"), [root, leaf]);
        assert!(Certificate::path_from_der(&tlv(SEQUENCE, &[])).is_err());
    }
}
