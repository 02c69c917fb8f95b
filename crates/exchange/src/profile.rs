//! How messages of one lane are secured: the suite, the token, compression and sealing.

use serde::{Deserialize, Serialize};

use crate::certificate::{Certificate, PublicKeyKind};
use crate::names::algorithm;

/// A fixed set of algorithms; nothing is negotiated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suite {
    /// eDelivery AS4 1.15: RSA-SHA256, RSA-OAEP with SHA-256, AES-128-GCM.
    #[default]
    Edelivery115,
    /// eDelivery AS4 2.0: Ed25519, X25519 with HKDF and AES-128 key wrap, AES-128-GCM.
    Edelivery2,
    /// The alternative of eDelivery AS4 2.0: ECDSA and ECDH on P-256 in place of the Edwards curve.
    Edelivery2P256,
}

impl Suite {
    /// All of them, the strongest first: what two nodes that share several use.
    pub const STRONGEST_FIRST: [Self; 3] = [Self::Edelivery2, Self::Edelivery2P256, Self::Edelivery115];

    /// The word agreements, descriptors and folders use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Edelivery115 => "edelivery115",
            Self::Edelivery2 => "edelivery2",
            Self::Edelivery2P256 => "edelivery2-p256",
        }
    }

    /// The suite of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::STRONGEST_FIRST.into_iter().find(|suite| suite.word() == word)
    }

    /// Whether messages of this suite can be signed under a certificate.
    #[must_use]
    pub fn signs_under(self, certificate: &Certificate) -> bool {
        let kind = match self {
            Self::Edelivery115 => PublicKeyKind::Rsa,
            Self::Edelivery2 => PublicKeyKind::Ed25519,
            Self::Edelivery2P256 => PublicKeyKind::P256,
        };
        certificate.key_kind() == kind
    }

    /// Whether payloads of this suite can be encrypted to a certificate.
    #[must_use]
    pub fn seals_to(self, certificate: &Certificate) -> bool {
        let kind = match self {
            Self::Edelivery115 => PublicKeyKind::Rsa,
            Self::Edelivery2 => PublicKeyKind::X25519,
            Self::Edelivery2P256 => PublicKeyKind::P256,
        };
        certificate.key_kind() == kind
    }

    /// The kind of signature this suite asks for.
    #[must_use]
    pub const fn signature(self) -> SignatureKind {
        match self {
            Self::Edelivery115 => SignatureKind::RsaSha256,
            Self::Edelivery2 => SignatureKind::Ed25519,
            Self::Edelivery2P256 => SignatureKind::EcdsaSha256,
        }
    }
}

/// The closed list of signature algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureKind {
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// ECDSA on P-256 with SHA-256.
    EcdsaSha256,
    /// Ed25519.
    Ed25519,
}

impl SignatureKind {
    /// The identifier in `ds:SignatureMethod`.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::RsaSha256 => algorithm::RSA_SHA256,
            Self::EcdsaSha256 => algorithm::ECDSA_SHA256,
            Self::Ed25519 => algorithm::ED25519,
        }
    }

    /// The kind with this identifier; `None` outside the list.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        [Self::RsaSha256, Self::EcdsaSha256, Self::Ed25519].into_iter().find(|kind| kind.uri() == uri)
    }
}

/// How the signer's certificate travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    /// The signer's certificate alone.
    #[default]
    X509v3,
    /// The path from below the anchor down to the signer's certificate.
    PkiPath,
}

/// Whether payloads are compressed before signing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Always; it also keeps intermediaries from touching line ends.
    #[default]
    Gzip,
    /// Never.
    None,
}

/// Whether payloads are encrypted.
#[derive(Clone, Debug, Default)]
pub enum Sealing {
    /// Not: TLS alone keeps them from third eyes.
    #[default]
    Clear,
    /// To the key of this certificate of the receiver.
    To(Certificate),
}

/// How to secure what is sent.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The algorithms.
    pub suite: Suite,
    /// How our certificate travels.
    pub token: Token,
    /// Whether payloads are compressed.
    pub compression: Compression,
    /// Whether payloads are encrypted, and to whom.
    pub sealing: Sealing,
}
