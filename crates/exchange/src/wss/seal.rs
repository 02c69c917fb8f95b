//! Encrypts the payload parts to the receiver: one content key for the message, one nonce for each part.

use aws_lc_rs::aead::NONCE_LEN;
use aws_lc_rs::agreement::{self, Algorithm, PrivateKey, PublicKey, UnparsedPublicKey};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use zeroize::Zeroizing;

use super::agree::{KEY_LEN, derive, encrypt, wrap};
use super::base64;
use super::sign::binary_token;
use crate::certificate::{Certificate, PublicKeyKind};
use crate::keys::{Entropy, KeyFault, ec_key_info};
use crate::mime::OutgoingPart;
use crate::names::ns::{DS, DSIG_MORE, DSIG11, WSSE11, XENC, XENC11};
use crate::names::{algorithm, token};
use crate::xml::Canonical;
use crate::{Fault, Why};

/// Encrypts the parts in place and returns what the security header must say about it. `seed` makes the ids.
///
/// # Errors
/// [`Why::KeyFailed`] where the receiver's key cannot be sealed to, or randomness fails.
pub(crate) fn seal(
    parts: &mut [OutgoingPart],
    recipient: &Certificate,
    entropy: &dyn Entropy,
    seed: &str,
) -> Result<String, Fault> {
    let named = parts.iter().map(|part| (part.content_id.as_str(), part.content_type.as_str()));
    let (header, keys) = seal_keys(named, recipient, entropy, seed)?;
    for (part, nonce) in parts.iter_mut().zip(&keys.nonces) {
        part.body = encrypt(&keys.content_key, *nonce, &part.body).map_err(key_failed)?;
        SEALED_MIME.clone_into(&mut part.content_type);
    }
    Ok(header)
}

/// The content key of a message and the nonce of each of its parts.
pub(crate) struct PartKeys {
    pub(crate) content_key: Zeroizing<[u8; KEY_LEN]>,
    pub(crate) nonces: Vec<[u8; NONCE_LEN]>,
}

/// Draws the keys for parts given by their ids and media types, and writes what the security header must say about them.
///
/// # Errors
/// As [`seal`].
pub(crate) fn seal_keys<'p>(
    parts: impl ExactSizeIterator<Item = (&'p str, &'p str)>,
    recipient: &Certificate,
    entropy: &dyn Entropy,
    seed: &str,
) -> Result<(String, PartKeys), Fault> {
    let mut content_key = Zeroizing::new([0; KEY_LEN]);
    entropy.fill(content_key.as_mut()).map_err(key_failed)?;
    let mut out = Canonical::default();
    out.fragment(&encrypted_key(&content_key, recipient, entropy, (seed, parts.len()))?);
    let mut nonces = Vec::with_capacity(parts.len());
    for (at, part) in parts.enumerate() {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce).map_err(key_failed)?;
        encrypted_data(&mut out, part, (seed, at));
        nonces.push(nonce);
    }
    Ok((out.finish()?, PartKeys { content_key, nonces }))
}

/// The content key for the receiver, with the token naming the receiver's key before it where that is carried.
fn encrypted_key(
    content_key: &[u8; KEY_LEN],
    recipient: &Certificate,
    entropy: &dyn Entropy,
    (seed, parts): (&str, usize),
) -> Result<String, Fault> {
    let mut out = Canonical::default();
    let token_id = format!("X509-to-{seed}");
    let attributes = [("xmlns:xenc", Some(XENC)), ("Id", Some(&*format!("EK-{seed}")))];
    let value = if recipient.key_kind() == PublicKeyKind::Rsa {
        out.fragment(&binary_token(&token_id, token::X509V3, recipient.der())?);
        out.open("xenc:EncryptedKey", &attributes);
        sealed_with_rsa(&mut out, content_key, recipient, &token_id)
    } else {
        out.open("xenc:EncryptedKey", &attributes);
        sealed_by_agreement(&mut out, content_key, recipient, entropy)
    };
    out.open("xenc:CipherData", &[]);
    out.leaf("xenc:CipherValue", &[], &base64(&value.map_err(key_failed)?)).close();
    out.open("xenc:ReferenceList", &[]);
    for at in 0..parts {
        out.leaf("xenc:DataReference", &[("URI", Some(&format!("#ED-{seed}-{at}")))], "");
    }
    out.finish()
}

fn sealed_with_rsa(
    out: &mut Canonical,
    content_key: &[u8; KEY_LEN],
    recipient: &Certificate,
    token_id: &str,
) -> Result<Vec<u8>, KeyFault> {
    out.open("xenc:EncryptionMethod", &[("Algorithm", Some(algorithm::RSA_OAEP))]);
    out.leaf("ds:DigestMethod", &[("xmlns:ds", Some(DS)), ("Algorithm", Some(algorithm::SHA256))], "");
    out.leaf(
        "xenc11:MGF",
        &[("xmlns:xenc11", Some(XENC11)), ("Algorithm", Some(algorithm::MGF1_SHA256))],
        "",
    );
    out.close().open("ds:KeyInfo", &[("xmlns:ds", Some(DS))]).open("wsse:SecurityTokenReference", &[]);
    let uri = format!("#{token_id}");
    out.leaf("wsse:Reference", &[("URI", Some(&*uri)), ("ValueType", Some(token::X509V3))], "")
        .close()
        .close();
    let key =
        PublicEncryptingKey::from_der(&recipient.public_key_info_der()).map_err(|_| KeyFault::WrongKind)?;
    let key = OaepPublicEncryptingKey::new(key).map_err(|_| KeyFault::WrongKind)?;
    let mut room = vec![0; key.ciphertext_size()];
    let sealed = key.encrypt(&OAEP_SHA256_MGF1SHA256, content_key, &mut room, None);
    sealed.map(|sealed| sealed.to_vec()).map_err(|_| KeyFault::Refused)
}

fn sealed_by_agreement(
    out: &mut Canonical,
    content_key: &[u8; KEY_LEN],
    recipient: &Certificate,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, KeyFault> {
    let (curve, method) = match recipient.key_kind() {
        PublicKeyKind::X25519 => (&agreement::X25519, algorithm::X25519),
        PublicKeyKind::P256 => (&agreement::ECDH_P256, algorithm::ECDH_ES),
        PublicKeyKind::Rsa | PublicKeyKind::Ed25519 | PublicKeyKind::Other => {
            return Err(KeyFault::WrongKind);
        }
    };
    let (ephemeral, public) = drawn(curve, entropy)?;
    let mut salt = [0; SALT_LEN];
    entropy.fill(&mut salt)?;
    let peer = UnparsedPublicKey::new(curve, recipient.public_key());
    let wrapping =
        agreement::agree(&ephemeral, peer, KeyFault::Refused, |secret| derive(secret, &salt, b""))?;
    let identifier = recipient.key_identifier().ok_or(KeyFault::WrongKind)?;
    out.leaf("xenc:EncryptionMethod", &[("Algorithm", Some(algorithm::KW_AES128))], "");
    out.open("ds:KeyInfo", &[("xmlns:ds", Some(DS))]);
    out.open("xenc:AgreementMethod", &[("Algorithm", Some(method))]);
    derivation(out, &salt);
    out.open("xenc:OriginatorKeyInfo", &[]);
    let public = ec_key_info(recipient.key_kind(), public.as_ref()).ok_or(KeyFault::WrongKind)?;
    out.leaf("dsig11:DEREncodedKeyValue", &[("xmlns:dsig11", Some(DSIG11))], &base64(&public)).close();
    out.open("xenc:RecipientKeyInfo", &[]).open("wsse:SecurityTokenReference", &[]);
    let attributes = [("EncodingType", Some(token::BASE64)), ("ValueType", Some(token::SKI))];
    out.leaf("wsse:KeyIdentifier", &attributes, &base64(&identifier)).close().close().close().close();
    wrap(&wrapping, content_key)
}

/// A key for one message. One that Java would take for another kind is drawn again.
fn drawn(curve: &'static Algorithm, entropy: &dyn Entropy) -> Result<(PrivateKey, PublicKey), KeyFault> {
    for _ in 0..DRAWN_MAX {
        let mut scalar = Zeroizing::new([0; 32]);
        entropy.fill(scalar.as_mut())?;
        let key = PrivateKey::from_private_key(curve, scalar.as_ref()).map_err(|_| KeyFault::Generate)?;
        let public = key.compute_public_key().map_err(|_| KeyFault::Generate)?;
        if !begins_as_integer(public.as_ref()) {
            return Ok((key, public));
        }
    }
    Err(KeyFault::Generate)
}

/// Whether a public key's octets begin like a DER integer with something behind it, as one in 2,184 of X25519 does. Apache Santuario tells
/// the kind of a `DEREncodedKeyValue` by trying, DSA first, and the JDK's DSA reads no further than that integer: WSS4J, and with it phase4,
/// then refuses the message for its `Unsupported key type`, each time it is sent again.
fn begins_as_integer(public: &[u8]) -> bool {
    matches!(public, [0x02, length, rest @ ..] if (1..=rest.len()).contains(&usize::from(*length)))
}

fn derivation(out: &mut Canonical, salt: &[u8]) {
    let attributes = [("xmlns:xenc11", Some(XENC11)), ("Algorithm", Some(algorithm::HKDF))];
    out.open("xenc11:KeyDerivationMethod", &attributes);
    out.open("dsig-more:HKDFParams", &[("xmlns:dsig-more", Some(DSIG_MORE))]);
    out.leaf("dsig-more:PRF", &[("Algorithm", Some(algorithm::HMAC_SHA256))], "");
    out.leaf("dsig-more:Salt", &[], &base64(salt));
    out.leaf("dsig-more:KeyLength", &[], &KEY_LEN.to_string()).close().close();
}

fn encrypted_data(out: &mut Canonical, (content_id, media): (&str, &str), (seed, at): (&str, usize)) {
    let attributes = [
        ("xmlns:xenc", Some(XENC)),
        ("Id", Some(&*format!("ED-{seed}-{at}"))),
        ("MimeType", Some(media)),
        ("Type", Some(algorithm::ATTACHMENT_CONTENT_ONLY)),
    ];
    out.open("xenc:EncryptedData", &attributes);
    out.leaf("xenc:EncryptionMethod", &[("Algorithm", Some(algorithm::AES128_GCM))], "");
    out.open("ds:KeyInfo", &[("xmlns:ds", Some(DS))]);
    let attributes = [("xmlns:wsse11", Some(WSSE11)), ("wsse11:TokenType", Some(token::ENCRYPTED_KEY))];
    out.open("wsse:SecurityTokenReference", &attributes);
    out.leaf("wsse:Reference", &[("URI", Some(&*format!("#EK-{seed}")))], "").close().close();
    out.open("xenc:CipherData", &[]);
    out.open("xenc:CipherReference", &[("URI", Some(&*format!("cid:{content_id}")))]);
    out.open("xenc:Transforms", &[]);
    let attributes = [("xmlns:ds", Some(DS)), ("Algorithm", Some(algorithm::ATTACHMENT_CIPHERTEXT))];
    out.leaf("ds:Transform", &attributes, "").close().close().close().close();
}

fn key_failed(fault: KeyFault) -> Fault {
    Fault::new(Why::KeyFailed, fault.to_string())
}

/// What an encrypted part says it is on the wire; what it is in clear stands in the security header.
pub(crate) const SEALED_MIME: &str = "application/octet-stream";
/// How many keys are drawn for one message before something is wrong with the draw.
const DRAWN_MAX: usize = 16;
/// Octets of the salt, as other implementations choose it.
const SALT_LEN: usize = 32;

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Gives these scalars, the first first.
    struct Given(Mutex<std::vec::IntoIter<[u8; 32]>>);

    impl Entropy for Given {
        fn fill(&self, octets: &mut [u8]) -> Result<(), KeyFault> {
            let next = self.0.lock().expect("one thread").next();
            octets.copy_from_slice(&next.ok_or(KeyFault::Generate)?);
            Ok(())
        }
    }

    fn public(scalar: &[u8; 32]) -> Vec<u8> {
        let key = PrivateKey::from_private_key(&agreement::X25519, scalar).expect("any scalar is a key");
        key.compute_public_key().expect("has one").as_ref().to_vec()
    }

    #[test]
    fn no_key_goes_out_that_java_takes_for_another_kind() {
        let scalar =
            |number: u32| std::array::from_fn(|at| if at < 4 { number.to_le_bytes()[at] } else { 7 });
        let bad: Vec<[u8; 32]> =
            (0..8_000).map(scalar).filter(|scalar| begins_as_integer(&public(scalar))).collect();
        assert!((1..10).contains(&bad.len()), "one in 2,184 is: {}", bad.len());
        let good = (0..).map(scalar).find(|scalar| !bad.contains(scalar)).expect("most are");
        let given: Vec<_> = bad.iter().copied().chain([good]).collect();
        let (_, drawn) = drawn(&agreement::X25519, &Given(Mutex::new(given.into_iter()))).expect("is drawn");
        assert_eq!(drawn.as_ref(), public(&good));
        let endless = Given(Mutex::new(vec![bad[0]; 100].into_iter()));
        assert!(super::drawn(&agreement::X25519, &endless).is_err(), "a draw that is always the same ends");
    }

    #[test]
    fn what_java_reads_as_an_integer_is_one_with_as_many_octets_as_it_says() {
        let key = |first, second| [&[first, second][..], &[9; 30]].concat();
        for (first, second, is_one) in
            [(2, 1, true), (2, 30, true), (2, 0, false), (2, 31, false), (2, 128, false), (4, 1, false)]
        {
            assert_eq!(begins_as_integer(&key(first, second)), is_one, "{first:02x} {second:02x}");
        }
    }
}
