//! Writes the security header: token, signature, and around them the envelope.

use super::base64;
use crate::certificate::{Certificate, sha256};
use crate::ebms::{Reference, Transform, reference};
use crate::identity::Identity;
use crate::names::ns::{DS, SOAP, WSSE, WSSE11, WSU};
use crate::names::{algorithm, token};
use crate::profile::Token;
use crate::xml::Canonical;
use crate::{Fault, Why};

/// The reference to an element that was written in canonical form.
pub(crate) fn element_reference(id: &str, canonical: &str) -> Reference {
    digested(format!("#{id}"), algorithm::EXC_C14N, canonical.as_bytes())
}

/// The reference to a payload part.
pub(crate) fn part_reference(content_id: &str, octets: &[u8]) -> Reference {
    digested(format!("cid:{content_id}"), algorithm::ATTACHMENT_CONTENT, octets)
}

/// The reference to a payload part that was digested before.
pub(crate) fn digested_part(content_id: &str, digest: String) -> Reference {
    with_digest(format!("cid:{content_id}"), algorithm::ATTACHMENT_CONTENT, digest)
}

fn digested(uri: String, transform: &str, octets: &[u8]) -> Reference {
    with_digest(uri, transform, base64(&sha256(octets)))
}

fn with_digest(uri: String, transform: &str, digest: String) -> Reference {
    Reference {
        uri,
        transforms: vec![Transform { algorithm: transform.to_owned(), prefixes: None }],
        method: algorithm::SHA256.to_owned(),
        digest,
    }
}

/// The token and the signature over the references. `seed` makes the ids.
///
/// # Errors
/// [`Why::KeyFailed`] where the key refuses.
pub(crate) fn signature(
    references: &[Reference],
    identity: &Identity,
    form: Token,
    seed: &str,
) -> Result<String, Fault> {
    let signed_info = signed_info(references, identity)?;
    let value = identity.key().sign(signed_info.as_bytes());
    let value = value.map_err(|fault| Fault::new(Why::KeyFailed, fault.to_string()))?;
    let (value_type, octets) = match form {
        Token::X509v3 => (token::X509V3, identity.certificate().der().to_vec()),
        Token::PkiPath => (token::PKI_PATH, Certificate::path_to_der(identity.path())),
    };
    let id = format!("X509-{seed}");
    let mut out = Canonical::default();
    out.fragment(&binary_token(&id, value_type, &octets)?);
    out.open("ds:Signature", &[("xmlns:ds", Some(DS)), ("Id", Some(&format!("SIG-{seed}")))]);
    out.fragment(&signed_info).leaf("ds:SignatureValue", &[], &base64(&value));
    out.open("ds:KeyInfo", &[]);
    let named = (form == Token::PkiPath).then_some(value_type);
    out.open(
        "wsse:SecurityTokenReference",
        &[("xmlns:wsse11", named.map(|_| WSSE11)), ("wsse11:TokenType", named)],
    );
    out.leaf("wsse:Reference", &[("URI", Some(&format!("#{id}"))), ("ValueType", Some(value_type))], "");
    out.finish()
}

/// A `wsse:BinarySecurityToken`.
pub(super) fn binary_token(id: &str, value_type: &str, octets: &[u8]) -> Result<String, Fault> {
    let mut out = Canonical::default();
    let attributes = [
        ("xmlns:wsu", Some(WSU)),
        ("EncodingType", Some(token::BASE64)),
        ("ValueType", Some(value_type)),
        ("wsu:Id", Some(id)),
    ];
    out.leaf("wsse:BinarySecurityToken", &attributes, &base64(octets));
    out.finish()
}

/// `ds:SignedInfo` in canonical form.
fn signed_info(references: &[Reference], identity: &Identity) -> Result<String, Fault> {
    let mut out = Canonical::default();
    out.open("ds:SignedInfo", &[("xmlns:ds", Some(DS))]);
    out.leaf("ds:CanonicalizationMethod", &[("Algorithm", Some(algorithm::EXC_C14N))], "");
    out.leaf("ds:SignatureMethod", &[("Algorithm", Some(identity.key().signature_kind().uri()))], "");
    references.iter().for_each(|each| reference(&mut out, each, None));
    out.finish()
}

/// The whole envelope.
pub(crate) fn envelope(security: &str, messaging: &str, body: &str) -> Result<String, Fault> {
    let mut out = Canonical::default();
    out.fragment("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    out.open("S12:Envelope", &[("xmlns:S12", Some(SOAP))]).open("S12:Header", &[]);
    out.open("wsse:Security", &[("xmlns:wsse", Some(WSSE)), ("S12:mustUnderstand", Some("true"))]);
    out.fragment(security).close().fragment(messaging).close().fragment(body);
    out.finish()
}
