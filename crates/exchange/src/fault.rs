//! What can be wrong with a message on the wire, and the EBMS error a peer is told for it: the one place that maps them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A refused message: a stable reason, what was seen, and the id of the message it is about as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", self.why.code())]
pub struct Fault {
    /// The stable reason.
    pub why: Why,
    /// What was seen, for people; never the content of a payload.
    pub detail: String,
    /// `eb:MessageId` of the refused message, unverified; `None` where it could not be read.
    pub message_id: Option<String>,
}

impl Fault {
    /// A fault with what was seen.
    #[must_use]
    pub fn new(why: Why, detail: impl Into<String>) -> Self {
        let mut detail = detail.into();
        if let Some((end, _)) = detail.char_indices().nth(Self::DETAIL_MAX) {
            detail.truncate(end);
            detail.push('…');
        }
        Self { why, detail, message_id: None }
    }

    /// The longest detail kept, in characters; longer ones end in `…`.
    pub const DETAIL_MAX: usize = 240;

    /// The same fault, saying which message it is about unless that is already known.
    #[must_use]
    pub fn about(mut self, message_id: &str) -> Self {
        self.message_id.get_or_insert_with(|| message_id.to_owned());
        self
    }

    /// What the peer is told.
    #[must_use]
    pub const fn ebms(&self) -> Ebms {
        self.why.ebms()
    }
}

/// Declares the reasons once: variant, meaning, stable code, EBMS error.
macro_rules! whys {
    ($($(#[$meaning:meta])* $name:ident = $code:literal => $ebms:ident;)*) => {
        /// Why a message was refused. The code is stable and has a page in the manual.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Why { $($(#[$meaning])* $name,)* }

        impl Why {
            /// Every reason there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The error a peer is told.
            #[must_use]
            pub const fn ebms(self) -> Ebms {
                match self { $(Self::$name => Ebms::$ebms,)* }
            }
        }
    };
}

whys! {
    /// The body is longer than the limit.
    TooLarge = "message-too-large" => MimeInconsistency;
    /// The `Content-Type` is missing or is not one AS4 uses.
    ContentType = "content-type" => MimeInconsistency;
    /// The multipart structure is broken or cut off.
    Multipart = "multipart" => MimeInconsistency;
    /// More parts, or a longer part header, than the limit.
    TooManyParts = "too-many-parts" => MimeInconsistency;
    /// A content transfer encoding that is unknown, or content that does not follow it.
    TransferEncoding = "transfer-encoding" => MimeInconsistency;
    /// Two parts have the same `Content-ID`.
    ContentIdTwice = "content-id-twice" => MimeInconsistency;
    /// `eb:PartInfo` and MIME parts do not match one to one.
    PartMismatch = "part-mismatch" => MimeInconsistency;
    /// The envelope is not UTF-8.
    Encoding = "encoding" => InvalidHeader;
    /// The envelope is not well-formed XML or carries a document type.
    NotXml = "not-xml" => InvalidHeader;
    /// The envelope is deeper, wider or longer than the limits.
    EnvelopeTooComplex = "envelope-too-complex" => InvalidHeader;
    /// Not a SOAP 1.2 envelope with one header and one body.
    NotSoap = "not-soap" => InvalidHeader;
    /// The header lacks `eb:Messaging`, or it has several.
    NotEbms = "not-ebms" => InvalidHeader;
    /// A required element or attribute of the ebMS header is missing or empty.
    HeaderIncomplete = "header-incomplete" => InvalidHeader;
    /// An element of the ebMS header stands twice where once is allowed.
    HeaderTwice = "header-twice" => InvalidHeader;
    /// A value of the ebMS header does not have the shape it must have.
    HeaderValue = "header-value" => ValueNotRecognized;
    /// More than one message unit in one envelope.
    Bundled = "bundled" => ValueInconsistent;
    /// A SOAP header block that must be understood and is not known.
    MustUnderstand = "must-understand" => UnpackagingNotSupported;
    /// The SOAP body carries content.
    BodyNotEmpty = "body-not-empty" => UnpackagingNotSupported;
    /// A pull request or another signal this node does not serve.
    NotServed = "not-served" => FeatureNotSupported;
    /// A signal where a user message is expected, or the other way round.
    WrongKind = "wrong-kind" => ValueInconsistent;
    /// A payload is referred to outside the message.
    ExternalPayload = "external-payload" => ExternalPayload;
    /// A compressed part says nothing about its media type.
    MimeTypeMissing = "mime-type-missing" => ValueInconsistent;
    /// A character set that does not exist.
    CharacterSet = "character-set" => ValueNotRecognized;
    /// A compression other than gzip.
    CompressionType = "compression-type" => ValueNotRecognized;
    /// The compressed content is damaged.
    Gzip = "gzip" => DecompressionFailure;
    /// The compressed content unfolds to more than the limit.
    GzipTooLarge = "gzip-too-large" => DecompressionFailure;
    /// No signature.
    Unsigned = "unsigned" => PolicyNoncompliance;
    /// The security header has a shape outside the profile.
    SecurityShape = "security-shape" => PolicyNoncompliance;
    /// An algorithm outside the closed table, or not the agreed one.
    AlgorithmRefused = "algorithm-refused" => PolicyNoncompliance;
    /// The signature leaves out the header, the body or a payload part.
    NotCovered = "not-covered" => PolicyNoncompliance;
    /// Not encrypted where the agreement says so, or the other way round.
    SealingMismatch = "sealing-mismatch" => PolicyNoncompliance;
    /// The same id stands on two elements.
    IdTwice = "id-twice" => FailedAuthentication;
    /// A signature reference points to something that may not be signed in its place.
    ReferenceRefused = "reference-refused" => FailedAuthentication;
    /// A signed element or part is not what was signed.
    DigestMismatch = "digest-mismatch" => FailedAuthentication;
    /// The signature does not verify.
    SignatureWrong = "signature-wrong" => FailedAuthentication;
    /// The certificate is missing or cannot be read.
    CertificateUnreadable = "certificate-unreadable" => FailedAuthentication;
    /// Nobody we know sends as this party.
    PartyUnknown = "party-unknown" => FailedAuthentication;
    /// The certificate is not one of the named party's.
    CertificateNotTrusted = "certificate-not-trusted" => FailedAuthentication;
    /// The certificate is not yet or no longer valid.
    CertificateOutOfDate = "certificate-out-of-date" => FailedAuthentication;
    /// The certificate was revoked.
    CertificateRevoked = "certificate-revoked" => FailedAuthentication;
    /// Nothing that holds now says that the certificate was not revoked, and the agreement asks for that.
    RevocationUnknown = "revocation-unknown" => FailedAuthentication;
    /// The content could not be decrypted. One reason for every cause, so that none can be told from another.
    NotDecrypted = "not-decrypted" => FailedDecryption;
    /// The message is addressed to a party this node is not.
    NotForUs = "not-for-us" => ProcessingModeMismatch;
    /// No live agreement covers the message.
    NotAgreed = "not-agreed" => ProcessingModeMismatch;
    /// A message id that was used before, with another content.
    IdReused = "id-reused" => ValueInconsistent;
    /// The message was taken in and could not be kept or delivered.
    NotDelivered = "not-delivered" => DeliveryFailure;
    /// Sent, and no receipt came in the time the lane gives.
    ReceiptMissing = "receipt-missing" => MissingReceipt;
    /// A receipt that does not prove what was sent.
    ReceiptWrong = "receipt-wrong" => InvalidReceipt;
    /// The peer could not be reached.
    Unreachable = "unreachable" => ConnectionFailure;
    /// Our own input cannot be written, such as a control character in a name.
    Unwritable = "unwritable" => ValueInconsistent;
    /// Our own key refused to sign or to encrypt.
    KeyFailed = "key-failed" => Other;
}

/// Declares the EBMS errors once: variant, meaning, code, short description, category, severity.
macro_rules! ebms {
    ($($(#[$meaning:meta])* $name:ident = $code:literal $short:literal $category:literal $severity:ident;)*) => {
        /// The errors of ebMS 3.0 and AS4.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Ebms { $($(#[$meaning])* $name,)* }

        impl Ebms {
            /// Every error there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code on the wire, such as `EBMS:0101`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The short description the standard gives.
            #[must_use]
            pub const fn short(self) -> &'static str {
                match self { $(Self::$name => $short,)* }
            }

            /// The category the standard gives.
            #[must_use]
            pub const fn category(self) -> &'static str {
                match self { $(Self::$name => $category,)* }
            }

            /// How much the error weighs when it answers a message.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

ebms! {
    /// A value is not one the receiver knows.
    ValueNotRecognized = "EBMS:0001" "ValueNotRecognized" "Content" Failure;
    /// A value asks for something the receiver does not do. The standard calls it a warning; here the message is refused.
    FeatureNotSupported = "EBMS:0002" "FeatureNotSupported" "Content" Failure;
    /// Values contradict each other, the agreement or the standard.
    ValueInconsistent = "EBMS:0003" "ValueInconsistent" "Content" Failure;
    /// Anything else.
    Other = "EBMS:0004" "Other" "Content" Failure;
    /// The peer could not be reached.
    ConnectionFailure = "EBMS:0005" "ConnectionFailure" "Communication" Failure;
    /// Nothing waits in the channel that was pulled.
    EmptyMessagePartitionChannel = "EBMS:0006" "EmptyMessagePartitionChannel" "Communication" Warning;
    /// MIME is not used as the standard says.
    MimeInconsistency = "EBMS:0007" "MimeInconsistency" "Unpackaging" Failure;
    /// Unpackaging would need something the receiver does not do.
    UnpackagingNotSupported = "EBMS:0008" "FeatureNotSupported" "Unpackaging" Failure;
    /// The ebMS header does not follow the packaging rules.
    InvalidHeader = "EBMS:0009" "InvalidHeader" "Unpackaging" Failure;
    /// Nothing agreed fits the message.
    ProcessingModeMismatch = "EBMS:0010" "ProcessingModeMismatch" "Processing" Failure;
    /// A payload outside the message could not be had.
    ExternalPayload = "EBMS:0011" "ExternalPayloadError" "Content" Failure;
    /// The signature could not be validated.
    FailedAuthentication = "EBMS:0101" "FailedAuthentication" "Processing" Failure;
    /// The content could not be decrypted.
    FailedDecryption = "EBMS:0102" "FailedDecryption" "Processing" Failure;
    /// Security is not what was agreed.
    PolicyNoncompliance = "EBMS:0103" "PolicyNoncompliance" "Processing" Failure;
    /// Reliability does not work.
    DysfunctionalReliability = "EBMS:0201" "DysfunctionalReliability" "Processing" Failure;
    /// The message could not be delivered.
    DeliveryFailure = "EBMS:0202" "DeliveryFailure" "Communication" Failure;
    /// No receipt came.
    MissingReceipt = "EBMS:0301" "MissingReceipt" "Communication" Failure;
    /// A receipt came and does not fit.
    InvalidReceipt = "EBMS:0302" "InvalidReceipt" "Communication" Failure;
    /// A compressed payload could not be unfolded.
    DecompressionFailure = "EBMS:0303" "DecompressionFailure" "Communication" Failure;
}

impl Ebms {
    /// The error with this code on the wire; `None` for codes of other specifications.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|error| error.code() == code)
    }

    /// Whether sending the same bytes again may help. Everything else waits for a person.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::ConnectionFailure | Self::DeliveryFailure)
    }
}

impl fmt::Display for Ebms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code(), self.short())
    }
}

/// How much an EBMS error weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The message was refused.
    Failure,
    /// The message was taken.
    Warning,
}

impl Severity {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Warning => "warning",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_and_every_error_has_a_code_of_its_own() {
        let whys: BTreeSet<_> = Why::ALL.iter().map(|why| why.code()).collect();
        assert_eq!(whys.len(), Why::ALL.len());
        let errors: BTreeSet<_> = Ebms::ALL.iter().map(|error| error.code()).collect();
        assert_eq!(errors.len(), Ebms::ALL.len());
        assert!(Ebms::ALL.iter().all(|error| Ebms::from_code(error.code()) == Some(*error)));
    }

    #[test]
    fn only_transport_and_delivery_failures_are_worth_a_retry() {
        let retryable: Vec<_> =
            Ebms::ALL.iter().filter(|error| error.is_retryable()).map(|e| e.code()).collect();
        assert_eq!(retryable, ["EBMS:0005", "EBMS:0202"]);
    }

    #[test]
    fn a_detail_is_bounded() {
        let fault = Fault::new(Why::NotXml, "ờ".repeat(1_000));
        assert_eq!(fault.detail.chars().count(), Fault::DETAIL_MAX + 1);
    }
}
