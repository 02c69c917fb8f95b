//! The request for a certificate, as an authority takes it: PKCS#10 (RFC 2986).

use der::pem;

use super::element::tlv;
use super::issue::{SEQUENCE, Weight, extension, key_usage, oid, signed};
use super::{Certificate, Usage};
use crate::keys::Sign;
use crate::{Fault, Why};

/// Asks an authority to certify the key of a certificate we signed ourselves, under the same name and for signing messages.
/// The request is signed by that key, which shows the authority that we hold it. In PEM.
///
/// # Errors
/// [`Why::KeyFailed`] where the key refuses.
pub fn certificate_request(own: &Certificate, key: &dyn Sign) -> Result<String, Fault> {
    let info = own.public_key_info_der();
    let wish = tlv(SEQUENCE, &extension("2.5.29.15", Weight::Critical, &key_usage(&Usage::Signing, &info)));
    // RFC 2985, section 5.4.2: the extensions the certificate is wished to have.
    let wishes = tlv(SEQUENCE, &[oid("1.2.840.113549.1.9.14"), tlv(SET, &wish)].concat());
    let content = [tlv(INTEGER, &[VERSION]), own.subject_der(), info, tlv(ATTRIBUTES, &wishes)].concat();
    let request = signed(&content, key)?;
    pem::encode_string("CERTIFICATE REQUEST", pem::LineEnding::LF, &request)
        .map_err(|error| Fault::new(Why::KeyFailed, error.to_string()))
}

/// Version 1 is written as zero.
const VERSION: u8 = 0;
const INTEGER: u8 = 0x02;
const SET: u8 = 0x31;
const ATTRIBUTES: u8 = 0xa0;
