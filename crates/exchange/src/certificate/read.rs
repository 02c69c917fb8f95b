//! A certificate, read once: names, validity, key and fingerprint.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use der::{Decode as _, Encode as _, oid::ObjectIdentifier, pem};
use jiff::Timestamp;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage,
    SubjectKeyIdentifier,
};

use crate::profile::SignatureKind;
use crate::{Fault, Why};

/// One X.509 certificate. Cheap to clone; equal when the octets are.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
    fingerprint: [u8; 32],
    not_before: Timestamp,
    not_after: Timestamp,
}

/// Where it can be learned whether a certificate was revoked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Addresses of lists.
    pub lists: Vec<String>,
    /// Addresses that answer online.
    pub online: Vec<String>,
}

/// What a certificate's public key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicKeyKind {
    Rsa,
    Ed25519,
    X25519,
    P256,
    Other,
}

impl Certificate {
    /// Reads DER.
    ///
    /// # Errors
    /// [`Why::CertificateUnreadable`] for anything but one X.509 certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, Fault> {
        let unreadable = |error: der::Error| Fault::new(Why::CertificateUnreadable, error.to_string());
        let parsed = x509_cert::Certificate::from_der(der).map_err(unreadable)?;
        let validity = parsed.tbs_certificate().validity();
        let (not_before, not_after) = (moment(validity.not_before), moment(validity.not_after));
        let fingerprint = sha256(der);
        Ok(Self(Arc::new(Inner { der: der.to_vec(), parsed, fingerprint, not_before, not_after })))
    }

    /// Reads PEM, label `CERTIFICATE`.
    ///
    /// # Errors
    /// [`Why::CertificateUnreadable`] for anything else.
    pub fn from_pem(text: &str) -> Result<Self, Fault> {
        match pem::decode_vec(text.as_bytes()) {
            Ok((PEM_LABEL, der)) => Self::from_der(&der),
            Ok((label, _)) => Err(Fault::new(Why::CertificateUnreadable, format!("PEM of {label}"))),
            Err(error) => Err(Fault::new(Why::CertificateUnreadable, error.to_string())),
        }
    }

    /// Reads every certificate of a PEM file, in the order they stand.
    ///
    /// # Errors
    /// [`Why::CertificateUnreadable`] where one of them cannot be read, or there is none.
    pub fn all_from_pem(text: &str) -> Result<Vec<Self>, Fault> {
        let none = || Fault::new(Why::CertificateUnreadable, "no certificate in it");
        let pieces = text.split_inclusive(PEM_END).filter(|piece| piece.contains(PEM_END));
        let all = pieces.map(|piece| Self::from_pem(piece.trim_start())).collect::<Result<Vec<_>, _>>()?;
        if all.is_empty() { Err(none()) } else { Ok(all) }
    }

    /// Reads a path: a DER sequence of certificates in the order they stand, the signer's last.
    ///
    /// # Errors
    /// [`Why::CertificateUnreadable`] for anything else, an empty path included.
    pub(crate) fn path_from_der(der: &[u8]) -> Result<Vec<Self>, Fault> {
        let unreadable = |error: der::Error| Fault::new(Why::CertificateUnreadable, error.to_string());
        let path = Vec::<der::Any>::from_der(der).map_err(unreadable)?;
        if path.is_empty() || path.len() > PATH_MAX {
            return Err(Fault::new(
                Why::CertificateUnreadable,
                format!("a path of {} certificates", path.len()),
            ));
        }
        path.iter().map(|each| Self::from_der(&each.to_der().map_err(unreadable)?)).collect()
    }

    /// A path in DER, the signer's certificate last.
    pub(crate) fn path_to_der<'a>(path: impl Iterator<Item = &'a Self>) -> Vec<u8> {
        let content: Vec<u8> = path.flat_map(|certificate| certificate.der().iter().copied()).collect();
        super::tlv(0x30, &content)
    }

    /// The octets.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The certificate in PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let text = pem::encode_string(PEM_LABEL, pem::LineEnding::LF, self.der());
        text.expect("a certificate is far below the limits of PEM")
    }

    /// SHA-256 of the octets.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        self.0.fingerprint
    }

    /// The fingerprint in lower-case hexadecimal.
    #[must_use]
    pub fn fingerprint_hex(&self) -> String {
        self.fingerprint().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The subject's distinguished name.
    #[must_use]
    pub fn subject(&self) -> String {
        self.0.parsed.tbs_certificate().subject().to_string()
    }

    /// The issuer's distinguished name.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.0.parsed.tbs_certificate().issuer().to_string()
    }

    /// The serial number as the decimal text `ds:X509SerialNumber` holds.
    #[must_use]
    pub fn serial_decimal(&self) -> String {
        decimal(self.0.parsed.tbs_certificate().serial_number().as_bytes())
    }

    /// The first moment of validity.
    #[must_use]
    pub fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// The last moment of validity.
    #[must_use]
    pub fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// Whether it is valid at a moment.
    #[must_use]
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        (self.0.not_before..=self.0.not_after).contains(&at)
    }

    /// Bits of an RSA modulus; `None` for other keys.
    #[must_use]
    pub fn rsa_bits(&self) -> Option<usize> {
        let key = aws_lc_rs::rsa::PublicKey::from_der(self.public_key_info_der().as_slice()).ok()?;
        (self.key_kind() == PublicKeyKind::Rsa).then(|| key.modulus_len() * 8)
    }

    /// Whether the key is strong enough for traffic: RSA from 2048 bits on, or one of the curves.
    #[must_use]
    pub fn is_strong(&self) -> bool {
        match self.key_kind() {
            PublicKeyKind::Rsa => self.rsa_bits().is_some_and(|bits| bits >= 2_048),
            PublicKeyKind::Ed25519 | PublicKeyKind::X25519 | PublicKeyKind::P256 => true,
            PublicKeyKind::Other => false,
        }
    }

    /// The subject key identifier, where the certificate carries one.
    pub(crate) fn key_identifier(&self) -> Option<Vec<u8>> {
        let found = self.0.parsed.tbs_certificate().get_extension::<SubjectKeyIdentifier>().ok()??;
        Some(found.1.0.as_bytes().to_vec())
    }

    /// Whether the holder may issue certificates.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        let tbs = self.0.parsed.tbs_certificate();
        let authority = tbs.get_extension::<BasicConstraints>().ok().flatten().is_some_and(|(_, it)| it.ca);
        let usage = tbs.get_extension::<KeyUsage>().ok().flatten();
        authority && usage.is_none_or(|(_, usage)| usage.key_cert_sign())
    }

    /// Whether its issuer lets it answer whether others were revoked.
    pub(super) fn answers_for_its_issuer(&self) -> bool {
        let usage = self.0.parsed.tbs_certificate().get_extension::<ExtendedKeyUsage>().ok().flatten();
        usage.is_some_and(|(_, usage)| usage.0.contains(&OID_OCSP_SIGNING))
    }

    /// Where its issuer's list of revoked certificates can be fetched, and where it answers online, as it says itself.
    #[must_use]
    pub fn revocation_addresses(&self) -> Addresses {
        let tbs = self.0.parsed.tbs_certificate();
        let points = tbs.get_extension::<CrlDistributionPoints>().ok().flatten();
        let lists = points.iter().flat_map(|(_, points)| &points.0).filter_map(|point| {
            match point.distribution_point.as_ref()? {
                DistributionPointName::FullName(names) => Some(names),
                DistributionPointName::NameRelativeToCRLIssuer(_) => None,
            }
        });
        let access = tbs.get_extension::<AuthorityInfoAccessSyntax>().ok().flatten();
        let online = access.iter().flat_map(|(_, all)| &all.0).filter(|each| each.access_method == OID_OCSP);
        Addresses {
            lists: lists.flatten().filter_map(address).collect(),
            online: online.filter_map(|each| address(&each.access_location)).collect(),
        }
    }

    /// Whether another certificate names this one's holder as issuer and this one's key signed it.
    #[must_use]
    pub fn issued(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.0.parsed.tbs_certificate(), other.0.parsed.tbs_certificate());
        if ours.subject() != theirs.issuer() {
            return false;
        }
        let (Ok(signed), Some(signature)) = (theirs.to_der(), other.0.parsed.signature().as_bytes()) else {
            return false;
        };
        self.signed(other.0.parsed.signature_algorithm().oid, &signed, signature)
    }

    /// Whether this key signed these octets as X.509 signs certificates and revocation lists.
    pub(super) fn signed(&self, algorithm: ObjectIdentifier, octets: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn VerificationAlgorithm = match algorithm {
            OID_SHA256_RSA => &RSA_PKCS1_2048_8192_SHA256,
            OID_ED25519 => &ED25519,
            OID_ECDSA_SHA256 if self.key_kind() == PublicKeyKind::P256 => &ECDSA_P256_SHA256_ASN1,
            _ => return false,
        };
        UnparsedPublicKey::new(algorithm, self.public_key()).verify(octets, signature).is_ok()
    }

    /// The serial number's octets.
    pub(super) fn serial(&self) -> &[u8] {
        self.0.parsed.tbs_certificate().serial_number().as_bytes()
    }

    /// The issuer's name in DER.
    pub(super) fn issuer_der(&self) -> Vec<u8> {
        let name = self.0.parsed.tbs_certificate().issuer().to_der();
        name.expect("what was read from DER can be written to DER")
    }

    /// The key's octets: PKCS#1 for RSA, the point or the 32 octets for a curve.
    pub(crate) fn public_key(&self) -> &[u8] {
        self.0.parsed.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes()
    }

    /// `SubjectPublicKeyInfo` in DER.
    ///
    /// # Panics
    /// Never: what was read from DER can be written to DER.
    #[must_use]
    pub fn public_key_info_der(&self) -> Vec<u8> {
        let info = self.0.parsed.tbs_certificate().subject_public_key_info().to_der();
        info.expect("what was read from DER can be written to DER")
    }

    /// The subject in DER, as an issued certificate repeats it.
    pub(crate) fn subject_der(&self) -> Vec<u8> {
        let name = self.0.parsed.tbs_certificate().subject().to_der();
        name.expect("what was read from DER can be written to DER")
    }

    /// What the key is for.
    pub(crate) fn key_kind(&self) -> PublicKeyKind {
        let algorithm = &self.0.parsed.tbs_certificate().subject_public_key_info().algorithm;
        match algorithm.oid {
            OID_RSA => PublicKeyKind::Rsa,
            OID_ED25519 => PublicKeyKind::Ed25519,
            OID_X25519 => PublicKeyKind::X25519,
            OID_EC => {
                let curve =
                    algorithm.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
                if curve == Some(OID_P256) { PublicKeyKind::P256 } else { PublicKeyKind::Other }
            }
            _ => PublicKeyKind::Other,
        }
    }

    /// Whether the signature over the message was made with this certificate's key.
    #[must_use]
    pub fn verifies(&self, kind: SignatureKind, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn VerificationAlgorithm = match (kind, self.key_kind()) {
            (SignatureKind::RsaSha256, PublicKeyKind::Rsa) => &RSA_PKCS1_2048_8192_SHA256,
            (SignatureKind::EcdsaSha256, PublicKeyKind::P256) => &ECDSA_P256_SHA256_FIXED,
            (SignatureKind::Ed25519, PublicKeyKind::Ed25519) => &ED25519,
            _ => return false,
        };
        UnparsedPublicKey::new(algorithm, self.public_key()).verify(message, signature).is_ok()
    }

    /// As [`Certificate::verifies`], but also for RSA keys too weak for traffic: for looking into old captures only.
    pub(crate) fn verifies_weakly(&self, kind: SignatureKind, message: &[u8], signature: &[u8]) -> bool {
        if (kind, self.key_kind()) != (SignatureKind::RsaSha256, PublicKeyKind::Rsa) {
            return self.verifies(kind, message, signature);
        }
        let algorithm = &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY;
        UnparsedPublicKey::new(algorithm, self.public_key()).verify(message, signature).is_ok()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.subject(), self.fingerprint_hex())
    }
}

fn address(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(text) => Some(text.to_string()),
        _ => None,
    }
}

/// A moment as X.509 writes it; what lies past all we can count is the last moment we can.
pub(super) fn moment(time: x509_cert::time::Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

/// A big-endian number as decimal text.
fn decimal(bytes: &[u8]) -> String {
    let mut digits: Vec<u8> = vec![0];
    for &byte in bytes {
        let mut carry = u32::from(byte);
        for digit in &mut digits {
            carry += u32::from(*digit) * 256;
            *digit = u8::try_from(carry % 10).expect("a digit is below ten");
            carry /= 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).expect("a digit is below ten"));
            carry /= 10;
        }
    }
    digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect()
}

/// How a certificate ends in PEM.
const PEM_END: &str = "-----END CERTIFICATE-----";
const PEM_LABEL: &str = "CERTIFICATE";
/// The longest certificate path read from a message.
const PATH_MAX: usize = 8;

const OID_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const OID_SHA256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const OID_EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const OID_P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const OID_ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const OID_ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const OID_OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const OID_OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const OID_X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_written_in_decimal() {
        for (bytes, text) in [(&[0][..], "0"), (&[1, 0], "256"), (&[0xff; 8], "18446744073709551615")] {
            assert_eq!(decimal(bytes), text);
        }
    }
}
