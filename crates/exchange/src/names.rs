//! The names AS4 fixes: namespaces, algorithm identifiers, token types and ebMS constants, each written once.

/// XML namespaces.
pub mod ns {
    /// SOAP 1.2 envelope.
    pub const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
    /// ebMS 3.0 core header.
    pub const EB: &str = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/";
    /// ebXML business process signals: the content of a receipt.
    pub const EBBP: &str = "http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0";
    /// WS-Security 1.0 extensions.
    pub const WSSE: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    /// WS-Security 1.1 extensions.
    pub const WSSE11: &str = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd";
    /// WS-Security utility: `wsu:Id`.
    pub const WSU: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    /// XML Signature.
    pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
    /// XML Signature 1.1.
    pub const DSIG11: &str = "http://www.w3.org/2009/xmldsig11#";
    /// Further XML Security identifiers, RFC 9231 and its successor.
    pub const DSIG_MORE: &str = "http://www.w3.org/2021/04/xmldsig-more#";
    /// XML Encryption.
    pub const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
    /// XML Encryption 1.1.
    pub const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
    /// Exclusive canonicalisation, which is also the algorithm's identifier.
    pub const EXC: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    /// The namespace every document has under the prefix `xml`.
    pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
}

/// Algorithm identifiers.
pub mod algorithm {
    /// Exclusive canonicalisation without comments.
    pub const EXC_C14N: &str = super::ns::EXC;
    /// SHA-256 digest.
    pub const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
    /// RSA PKCS#1 v1.5 with SHA-256.
    pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    /// ECDSA with SHA-256; the value is `r` and `s` side by side.
    pub const ECDSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    /// Ed25519.
    pub const ED25519: &str = "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519";
    /// RSA-OAEP with its digest and mask function named beside it.
    pub const RSA_OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
    /// MGF1 with SHA-256.
    pub const MGF1_SHA256: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha256";
    /// AES-128 in Galois/counter mode.
    pub const AES128_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
    /// AES-128 key wrap.
    pub const KW_AES128: &str = "http://www.w3.org/2001/04/xmlenc#kw-aes128";
    /// X25519 key agreement.
    pub const X25519: &str = "http://www.w3.org/2021/04/xmldsig-more#x25519";
    /// Elliptic-curve Diffie-Hellman, ephemeral-static.
    pub const ECDH_ES: &str = "http://www.w3.org/2009/xmlenc11#ECDH-ES";
    /// HMAC-based key derivation.
    pub const HKDF: &str = "http://www.w3.org/2021/04/xmldsig-more#hkdf";
    /// HMAC with SHA-256, the pseudo-random function of HKDF.
    pub const HMAC_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
    /// Signs the content of an attachment without its MIME header.
    pub const ATTACHMENT_CONTENT: &str =
        "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform";
    /// Turns the ciphertext of an attachment into octets.
    pub const ATTACHMENT_CIPHERTEXT: &str =
        "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Ciphertext-Transform";
    /// Says that only the content of an attachment was encrypted.
    pub const ATTACHMENT_CONTENT_ONLY: &str =
        "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Only";
    /// Named curve P-256.
    pub const CURVE_P256: &str = "urn:oid:1.2.840.10045.3.1.7";
}

/// Security token types.
pub mod token {
    /// How a binary token is written.
    pub const BASE64: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";
    /// One certificate.
    pub const X509V3: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
    /// A path of certificates, the signer's last.
    pub const PKI_PATH: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509PKIPathv1";
    /// The subject key identifier of a certificate the receiver already holds.
    pub const SKI: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509SubjectKeyIdentifier";
    /// An encrypted key inside the same header.
    pub const ENCRYPTED_KEY: &str =
        "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKey";
}

/// ebMS values.
pub mod ebms {
    /// Role of the party that starts an exchange.
    pub const INITIATOR: &str = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/initiator";
    /// Role of the party that is addressed.
    pub const RESPONDER: &str = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/responder";
    /// Service of a ping.
    pub const PING_SERVICE: &str = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/service";
    /// Action of a ping.
    pub const PING_ACTION: &str = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/test";
    /// Party id type where no register of identifiers is meant.
    pub const UNREGISTERED: &str = "urn:oasis:names:tc:ebcore:partyid-type:unregistered";
    /// Part property: media type of the payload as the producer gave it.
    pub const MIME_TYPE: &str = "MimeType";
    /// Part property: how the part is compressed; belongs to the message service, never to the producer.
    pub const COMPRESSION_TYPE: &str = "CompressionType";
    /// Part property: character set of a textual payload.
    pub const CHARACTER_SET: &str = "CharacterSet";
    /// The one compression there is.
    pub const GZIP: &str = "application/gzip";
    /// Message property: who the document comes from behind the access point.
    pub const ORIGINAL_SENDER: &str = "originalSender";
    /// Message property: who the document is for behind the access point.
    pub const FINAL_RECIPIENT: &str = "finalRecipient";
}

/// Media type of a SOAP 1.2 envelope.
pub const SOAP_MIME: &str = "application/soap+xml";
/// Content type of a message without attachments.
pub const SOAP_CONTENT_TYPE: &str = "application/soap+xml;charset=UTF-8";
