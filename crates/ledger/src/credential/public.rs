//! Public keys that strangers sign with. A key goes with one algorithm and no other: what a token says of itself decides nothing.

use ed25519_dalek::{Signature as EdSignature, VerifyingKey as EdKey};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature as EcSignature, VerifyingKey as EcKey};
use serde_json::Value;

use super::{base58, decode};

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicKey {
    /// Ed25519 (`EdDSA`).
    Ed25519([u8; 32]),
    /// P-256 (`ES256`): the point, compressed or not, as SEC 1 writes it.
    P256(Vec<u8>),
}

impl PublicKey {
    /// The key of a JSON Web Key; `None` where it is of no kind we know, or no point of its curve.
    #[must_use]
    pub fn of_jwk(jwk: &Value) -> Option<Self> {
        let part = |name: &str| decode(jwk[name].as_str()?);
        match (jwk["kty"].as_str()?, jwk["crv"].as_str()?) {
            ("OKP", "Ed25519") => Self::ed25519(&part("x")?),
            ("EC", "P-256") => {
                let (x, y) = (part("x")?, part("y")?);
                let sizes_fit = x.len() == COORDINATE && y.len() == COORDINATE;
                sizes_fit.then(|| Self::p256([&[UNCOMPRESSED], &x[..], &y[..]].concat()))?
            }
            _ => None,
        }
    }

    /// The key of a Multikey (`publicKeyMultibase`), base58 of its kind and its bytes.
    #[must_use]
    pub fn of_multikey(text: &str) -> Option<Self> {
        let bytes = base58::decode(text.strip_prefix('z')?, MULTIKEY_LETTERS_MAX)?;
        match bytes.split_first_chunk::<2>()? {
            (&ED25519_KIND, key) => Self::ed25519(key),
            (&P256_KIND, key) => Self::p256(key.to_vec()),
            _ => None,
        }
    }

    /// The key of a verification method of a DID document.
    #[must_use]
    pub(super) fn of_method(method: &Value) -> Option<Self> {
        let multikey = method["publicKeyMultibase"].as_str();
        Self::of_jwk(&method["publicKeyJwk"]).or_else(|| Self::of_multikey(multikey?))
    }

    fn ed25519(bytes: &[u8]) -> Option<Self> {
        let key: [u8; 32] = bytes.try_into().ok()?;
        EdKey::from_bytes(&key).is_ok().then_some(Self::Ed25519(key))
    }

    fn p256(bytes: Vec<u8>) -> Option<Self> {
        EcKey::from_sec1_bytes(&bytes).is_ok().then_some(Self::P256(bytes))
    }

    /// Whether this signature over these bytes is this key's, by an algorithm that is this key's.
    pub(super) fn holds(&self, algorithm: &str, covered: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm) {
            (Self::Ed25519(key), "EdDSA" | "Ed25519") => {
                let signature = EdSignature::from_slice(signature).ok();
                let key = EdKey::from_bytes(key).ok();
                key.zip(signature).is_some_and(|(key, signed)| key.verify_strict(covered, &signed).is_ok())
            }
            (Self::P256(key), "ES256") => {
                let signature = EcSignature::from_slice(signature).ok();
                let key = EcKey::from_sec1_bytes(key).ok();
                key.zip(signature).is_some_and(|(key, signed)| key.verify(covered, &signed).is_ok())
            }
            _ => false,
        }
    }
}

/// The algorithms that are read.
pub(super) const ALGORITHMS: [&str; 3] = ["EdDSA", "Ed25519", "ES256"];
/// Bytes of a coordinate of P-256.
const COORDINATE: usize = 32;
/// What stands before both coordinates of a point (SEC 1, 2.3.3).
const UNCOMPRESSED: u8 = 4;
/// The kinds of keys as the table of multicodec numbers them.
const ED25519_KIND: [u8; 2] = [0xed, 0x01];
const P256_KIND: [u8; 2] = [0x80, 0x24];
/// No key we know is longer.
const MULTIKEY_LETTERS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// RFC 9901, appendix A.5.
    fn issuer() -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
            "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"})
    }

    #[test]
    fn a_key_goes_with_its_own_algorithm_alone() {
        let key = PublicKey::of_jwk(&issuer()).expect("a point of the curve");
        let (token, _) =
            include_str!("../../tests/vectors/rfc9901-5.1.txt").split_once('~').expect("a token");
        let (covered, signature) = token.rsplit_once('.').expect("signed");
        let signature = decode(signature).expect("base64");
        assert!(key.holds("ES256", covered.as_bytes(), &signature));
        assert!(!key.holds("EdDSA", covered.as_bytes(), &signature));
        assert!(!key.holds("ES256", &covered.as_bytes()[1..], &signature));
        assert!(!key.holds("ES256", covered.as_bytes(), &signature[1..]));
    }

    #[test]
    fn what_is_no_point_of_the_curve_is_no_key() {
        let mut jwk = issuer();
        jwk["y"] = jwk["x"].clone();
        assert_eq!(PublicKey::of_jwk(&jwk), None);
        jwk["x"] = json!("AA");
        assert_eq!(PublicKey::of_jwk(&jwk), None);
        assert_eq!(PublicKey::of_jwk(&json!({"kty": "EC", "crv": "P-521"})), None);
        assert_eq!(PublicKey::of_multikey("z6Mk"), None);
        assert_eq!(PublicKey::of_multikey("u6Mk"), None);
    }

    #[test]
    fn multikeys_of_both_kinds_are_read() {
        let published = [
            "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
        ];
        let [edwards, weierstrass] = published.map(|text| PublicKey::of_multikey(text).expect(text));
        assert!(matches!(edwards, PublicKey::Ed25519(_)));
        assert!(matches!(weierstrass, PublicKey::P256(key) if key.len() == 33));
    }
}
