//! How a security header names a certificate: by carrying it, or by something the receiver can look it up with.

use roxmltree::Node;

use super::Place;
use crate::certificate::Certificate;
use crate::names::ns::{DS, WSSE};
use crate::names::token;
use crate::xml::{base64_text, child, one, text_of};
use crate::{Fault, Why};

/// A named certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenRef {
    /// Carried: one certificate in DER.
    Certificate(Vec<u8>),
    /// Carried: a path in DER, the named certificate last.
    Path(Vec<u8>),
    /// The subject key identifier.
    KeyIdentifier(Vec<u8>),
    /// The issuer's name and the serial number in decimal.
    IssuerSerial(String, String),
}

impl TokenRef {
    /// Reads `wsse:SecurityTokenReference` inside a `ds:KeyInfo` or a recipient's key information.
    ///
    /// # Errors
    /// [`Why::SecurityShape`] for any other way of naming a key, [`Why::CertificateUnreadable`] for a token that is
    /// not base64.
    pub(crate) fn read(holder: Node<'_, '_>, place: &Place<'_, '_>) -> Result<Self, Fault> {
        let shape = |detail: &str| Fault::new(Why::SecurityShape, detail);
        let named = child(holder, WSSE, "SecurityTokenReference");
        let named = named.ok_or_else(|| shape("a key is not named by a SecurityTokenReference"))?;
        if let Some(reference) = child(named, WSSE, "Reference") {
            let id = reference.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
            let token = id.and_then(|id| place.in_security(id));
            let token = token.filter(|node| node.has_tag_name((WSSE, "BinarySecurityToken")));
            return carried(token.ok_or_else(|| shape("a token reference leads nowhere"))?);
        }
        if let Some(identifier) = child(named, WSSE, "KeyIdentifier") {
            let octets = base64_text(identifier).map_err(unreadable)?;
            return match identifier.attribute("ValueType") {
                Some(token::SKI) => Ok(Self::KeyIdentifier(octets)),
                Some(token::X509V3) => Ok(Self::Certificate(octets)),
                other => Err(shape(other.unwrap_or("a key identifier without a type"))),
            };
        }
        let serial = child(named, DS, "X509Data").and_then(|data| child(data, DS, "X509IssuerSerial"));
        let serial = serial.ok_or_else(|| shape("a token reference of an unknown kind"))?;
        let part = |name| one(serial, DS, name).and_then(text_of);
        Ok(Self::IssuerSerial(part("X509IssuerName")?, part("X509SerialNumber")?))
    }

    /// Whether it names this certificate.
    pub(crate) fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Certificate(der) => der == certificate.der(),
            Self::Path(der) => der.ends_with(certificate.der()),
            Self::KeyIdentifier(id) => certificate.key_identifier().as_ref() == Some(id),
            Self::IssuerSerial(issuer, serial) => {
                *serial == certificate.serial_decimal()
                    && comparable(issuer) == comparable(&certificate.issuer())
            }
        }
    }

    /// The certificates it carries, the named one last; none where it only points.
    ///
    /// # Errors
    /// [`Why::CertificateUnreadable`].
    pub(crate) fn certificates(&self) -> Result<Vec<Certificate>, Fault> {
        match self {
            Self::Certificate(der) => Ok(vec![Certificate::from_der(der)?]),
            Self::Path(der) => Certificate::path_from_der(der),
            Self::KeyIdentifier(_) | Self::IssuerSerial(..) => Ok(Vec::new()),
        }
    }
}

fn carried(node: Node<'_, '_>) -> Result<TokenRef, Fault> {
    let octets = base64_text(node).map_err(unreadable)?;
    match node.attribute("ValueType") {
        Some(token::X509V3) => Ok(TokenRef::Certificate(octets)),
        Some(token::PKI_PATH) => Ok(TokenRef::Path(octets)),
        other => Err(Fault::new(Why::SecurityShape, other.unwrap_or("a token without a type"))),
    }
}

fn unreadable(fault: Fault) -> Fault {
    Fault::new(Why::CertificateUnreadable, fault.detail)
}

/// Distinguished names differ between products in spacing and in the case of attribute names only.
fn comparable(name: &str) -> String {
    name.split(',').map(|part| part.trim().to_ascii_lowercase()).collect::<Vec<_>>().join(",")
}
