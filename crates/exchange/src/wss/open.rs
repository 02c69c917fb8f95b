//! Decrypts the payload parts with our own keys.

use std::collections::BTreeMap;

use roxmltree::Node;
use zeroize::Zeroizing;

use super::agree::{KEY_LEN, decrypt, derive, unwrap};
use super::{Place, TokenRef};
use crate::ebms::unescaped;
use crate::identity::Opener;
use crate::keys::{KeyFault, ec_point};
use crate::mime::{Attachment, ContentType};
use crate::names::algorithm;
use crate::names::ns::{DS, DSIG11, WSSE, XENC, XENC11};
use crate::xml::{base64_text, child, children, text_of};
use crate::{Fault, Why};

/// Parts that were encrypted, as they were before, by `Content-ID`.
pub(crate) type Opened = BTreeMap<String, (ContentType, Vec<u8>)>;

/// Decrypts every part the security header says is encrypted; none where it says nothing.
///
/// # Errors
/// [`Why::AlgorithmRefused`] outside the closed list, else [`Why::NotDecrypted`] whatever the cause.
pub(crate) fn open_parts(
    place: &Place<'_, '_>,
    attachments: &[Attachment<'_>],
    openers: &[Opener],
) -> Result<Opened, Fault> {
    let Some(sealed) = SealedWith::read(place, openers)? else { return Ok(Opened::new()) };
    let open = |(id, inner): (&String, &ContentType)| {
        let body = attachments.iter().find(|attachment| attachment.content_id == *id).ok_or_else(failed)?;
        let plain = decrypt(&sealed.key, &body.body).map_err(|_| failed())?;
        Ok((id.clone(), (inner.clone(), plain)))
    };
    sealed.parts.iter().map(open).collect()
}

/// What the encrypted parts of a message are sealed with, and what each is in clear.
pub(crate) struct SealedWith {
    key: Zeroizing<Vec<u8>>,
    parts: BTreeMap<String, ContentType>,
}

impl SealedWith {
    /// Reads it from the security header; `None` where nothing is encrypted.
    ///
    /// # Errors
    /// As [`open_parts`].
    pub(crate) fn read(place: &Place<'_, '_>, openers: &[Opener]) -> Result<Option<Self>, Fault> {
        let Some(security) = place.security else { return Ok(None) };
        let sealed: Vec<_> = children(security, XENC, "EncryptedData").collect();
        let keys: Vec<_> = children(security, XENC, "EncryptedKey").collect();
        let key = match (keys.as_slice(), sealed.is_empty()) {
            ([], true) => return Ok(None),
            ([key], false) => *key,
            _ => return Err(failed()),
        };
        expect_listed(key, &sealed)?;
        let key = content_key(key, place, openers)?;
        let parts: BTreeMap<_, _> =
            sealed.iter().map(|data| sealed_part(*data)).collect::<Result<_, Fault>>()?;
        if parts.len() == sealed.len() { Ok(Some(Self { key, parts })) } else { Err(failed()) }
    }

    /// Refuses a header that says of a part the message does not have that it is encrypted.
    ///
    /// # Errors
    /// [`Why::NotDecrypted`].
    pub(crate) fn expect_among<'p>(&self, parts: impl Iterator<Item = &'p str>) -> Result<(), Fault> {
        let found = parts.filter(|id| self.parts.contains_key(*id)).count();
        if found == self.parts.len() { Ok(()) } else { Err(failed()) }
    }

    /// What a part is in clear; `None` for one that is not encrypted.
    pub(crate) fn inner(&self, content_id: &str) -> Option<&ContentType> {
        self.parts.get(content_id)
    }

    /// The content key.
    pub(crate) fn key(&self) -> Zeroizing<Vec<u8>> {
        self.key.clone()
    }
}

/// The `Content-ID`s of the parts the header says are encrypted, read without any key.
pub(crate) fn sealed_parts(place: &Place<'_, '_>) -> Vec<String> {
    let data = place.security.into_iter().flat_map(|security| children(security, XENC, "EncryptedData"));
    data.filter_map(part_of).collect()
}

/// The key must list exactly the encrypted parts, so that none is decrypted that nobody vouched for.
fn expect_listed(key: Node<'_, '_>, sealed: &[Node<'_, '_>]) -> Result<(), Fault> {
    let list = child(key, XENC, "ReferenceList").ok_or_else(failed)?;
    let mut listed: Vec<_> =
        children(list, XENC, "DataReference").map(|each| each.attribute("URI")?.strip_prefix('#')).collect();
    let mut present: Vec<_> = sealed.iter().map(|each| each.attribute("Id")).collect();
    listed.sort_unstable();
    present.sort_unstable();
    if listed == present && !listed.contains(&None) { Ok(()) } else { Err(failed()) }
}

fn content_key(
    key: Node<'_, '_>,
    place: &Place<'_, '_>,
    openers: &[Opener],
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let method = child(key, XENC, "EncryptionMethod").ok_or_else(failed)?;
    let info = child(key, DS, "KeyInfo").ok_or_else(failed)?;
    let value = child(key, XENC, "CipherData").and_then(|data| child(data, XENC, "CipherValue"));
    let value = base64_text(value.ok_or_else(failed)?).map_err(|_| failed())?;
    let opened = match method.attribute("Algorithm") {
        Some(algorithm::RSA_OAEP) => {
            expect_sha256(method)?;
            opener(info, place, openers)?.key.open_rsa_oaep(&value)
        }
        Some(algorithm::KW_AES128) => {
            let agreement = Agreement::read(info)?;
            let recipient = child(agreement.node, XENC, "RecipientKeyInfo").ok_or_else(failed)?;
            agreement.open(opener(recipient, place, openers)?, &value)
        }
        other => return Err(Fault::new(Why::AlgorithmRefused, other.unwrap_or("an algorithm is missing"))),
    };
    // A key that does not open is replaced by one that cannot be right, so that every failure looks the same.
    let opened = opened.ok().filter(|key| key.len() == KEY_LEN);
    Ok(opened.unwrap_or_else(|| Zeroizing::new(vec![0; KEY_LEN])))
}

/// RSA-OAEP counts only with SHA-256 in both places.
fn expect_sha256(method: Node<'_, '_>) -> Result<(), Fault> {
    let named = |namespace, name| child(method, namespace, name).and_then(|node| node.attribute("Algorithm"));
    match (named(DS, "DigestMethod"), named(XENC11, "MGF")) {
        (Some(algorithm::SHA256), Some(algorithm::MGF1_SHA256)) => Ok(()),
        (digest, mask) => {
            Err(Fault::new(Why::AlgorithmRefused, format!("RSA-OAEP with {digest:?} and {mask:?}")))
        }
    }
}

fn opener<'o>(
    holder: Node<'_, '_>,
    place: &Place<'_, '_>,
    openers: &'o [Opener],
) -> Result<&'o Opener, Fault> {
    let named = TokenRef::read(holder, place).map_err(|_| failed())?;
    openers.iter().find(|opener| named.names(&opener.certificate)).ok_or_else(failed)
}

/// `xenc:AgreementMethod`, read.
struct Agreement<'a, 'i> {
    node: Node<'a, 'i>,
    public: Vec<u8>,
    salt: Vec<u8>,
    info: Vec<u8>,
}

impl<'a, 'i> Agreement<'a, 'i> {
    fn read(holder: Node<'a, 'i>) -> Result<Self, Fault> {
        let node = child(holder, XENC, "AgreementMethod").ok_or_else(failed)?;
        let derivation = child(node, XENC11, "KeyDerivationMethod").ok_or_else(failed)?;
        for (seen, known) in [
            (node.attribute("Algorithm"), &[algorithm::X25519, algorithm::ECDH_ES][..]),
            (derivation.attribute("Algorithm"), &[algorithm::HKDF]),
        ] {
            if !seen.is_some_and(|seen| known.contains(&seen)) {
                return Err(Fault::new(Why::AlgorithmRefused, seen.unwrap_or("an algorithm is missing")));
            }
        }
        let params =
            derivation.children().find(|node| node.tag_name().name() == "HKDFParams").ok_or_else(failed)?;
        // Implementations differ in the namespace of these children, not in their names.
        let param = |name: &str| params.children().find(|node| node.tag_name().name() == name);
        let octets = |name| param(name).map(base64_text).transpose().map_err(|_| failed());
        let function = param("PRF").and_then(|node| node.attribute("Algorithm"));
        let length = param("KeyLength").map(text_of).transpose()?;
        if function.is_some_and(|function| function != algorithm::HMAC_SHA256)
            || length.is_some_and(|length| length != KEY_LEN.to_string())
        {
            return Err(Fault::new(
                Why::AlgorithmRefused,
                "key derivation other than HMAC-SHA-256 to 16 octets",
            ));
        }
        let (salt, info) = (octets("Salt")?.unwrap_or_default(), octets("Info")?.unwrap_or_default());
        Ok(Self { node, public: originator_key(node)?, salt, info })
    }

    fn open(&self, opener: &Opener, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let secret = opener.key.agree(&self.public)?;
        unwrap(&*derive(&secret, &self.salt, &self.info)?, wrapped)
    }
}

/// The ephemeral public key: as `SubjectPublicKeyInfo`, or as a named curve with its point.
fn originator_key(agreement: Node<'_, '_>) -> Result<Vec<u8>, Fault> {
    let holder = child(agreement, XENC, "OriginatorKeyInfo").ok_or_else(failed)?;
    if let Some(encoded) = child(holder, DSIG11, "DEREncodedKeyValue") {
        let info = base64_text(encoded).map_err(|_| failed())?;
        return ec_point(&info).map(<[u8]>::to_vec).ok_or_else(failed);
    }
    let key = child(holder, DS, "KeyValue")
        .and_then(|value| child(value, DSIG11, "ECKeyValue"))
        .ok_or_else(failed)?;
    let curve = child(key, DSIG11, "NamedCurve").and_then(|curve| curve.attribute("URI"));
    if curve != Some(algorithm::CURVE_P256) {
        return Err(Fault::new(Why::AlgorithmRefused, curve.unwrap_or("a curve is missing")));
    }
    base64_text(child(key, DSIG11, "PublicKey").ok_or_else(failed)?).map_err(|_| failed())
}

/// The part an `xenc:EncryptedData` stands for, and what it is in clear.
fn sealed_part(data: Node<'_, '_>) -> Result<(String, ContentType), Fault> {
    let method = child(data, XENC, "EncryptionMethod").and_then(|method| method.attribute("Algorithm"));
    if method != Some(algorithm::AES128_GCM) {
        return Err(Fault::new(Why::AlgorithmRefused, method.unwrap_or("an algorithm is missing")));
    }
    expect_same_key(data)?;
    let id = part_of(data).ok_or_else(failed)?;
    let inner = data.attribute("MimeType").map_or_else(|| Ok(ContentType::default()), ContentType::parse);
    Ok((id, inner.map_err(|_| failed())?))
}

/// Where the data names its key, it must be the one key there is.
fn expect_same_key(data: Node<'_, '_>) -> Result<(), Fault> {
    let Some(info) = child(data, DS, "KeyInfo") else { return Ok(()) };
    let key = data.parent().and_then(|security| child(security, XENC, "EncryptedKey"));
    let named = child(info, WSSE, "SecurityTokenReference").and_then(|node| child(node, WSSE, "Reference"));
    let named = named.and_then(|reference| reference.attribute("URI")?.strip_prefix('#'));
    let same = named.is_some() && named == key.and_then(|key| key.attribute("Id"));
    if same { Ok(()) } else { Err(failed()) }
}

fn part_of(data: Node<'_, '_>) -> Option<String> {
    let reference = child(child(data, XENC, "CipherData")?, XENC, "CipherReference")?;
    unescaped(reference.attribute("URI")?.strip_prefix("cid:")?)
}

/// The one answer to everything that goes wrong with decryption.
pub(crate) fn failed() -> Fault {
    Fault::new(Why::NotDecrypted, "the content could not be decrypted")
}
