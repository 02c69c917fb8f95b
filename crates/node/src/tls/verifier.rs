//! Who is believed in a handshake: whoever shows a certificate that is pinned, is in date, and was not revoked by the answer
//! stapled to it. Names and issuers say nothing more than the descriptor did; that the key is held is checked as always.

use std::sync::{Arc, PoisonError};

use exchange::Certificate;
use exchange::certificate::{OcspResponse, Status};
use jiff::Timestamp;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
};

use crate::partners::Partners;
use crate::rim::call::Shown;

/// Whose certificates are believed.
#[derive(Debug)]
pub(super) enum Whom {
    /// These, by their fingerprints: one partner's.
    These(Vec<[u8; 32]>),
    /// Those of all partners' descriptors, as they are at the moment of asking.
    Partners(Partners),
    /// Anybody's; who it was is remembered.
    Anybody(Shown),
}

/// Judges the certificate the other side shows.
#[derive(Debug)]
pub(super) struct Verifier {
    whom: Whom,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    pub(super) const fn of(whom: Whom, provider: Arc<CryptoProvider>) -> Self {
        Self { whom, provider }
    }

    fn judge(
        &self,
        shown: &CertificateDer<'_>,
        (above, stapled): (&[CertificateDer<'_>], &[u8]),
        now: UnixTime,
    ) -> Result<(), Error> {
        let refused = |why| Err(Error::InvalidCertificate(why));
        let Ok(certificate) = Certificate::from_der(shown) else {
            return refused(CertificateError::BadEncoding);
        };
        let now = i64::try_from(now.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let now = now.unwrap_or(Timestamp::MAX);
        match () {
            () if !self.whom.has(&certificate.fingerprint()) => {
                refused(CertificateError::ApplicationVerificationFailure)
            }
            () if now < certificate.not_before() => refused(CertificateError::NotValidYet),
            () if now > certificate.not_after() => refused(CertificateError::Expired),
            () if is_revoked(&certificate, above, stapled, now) => refused(CertificateError::Revoked),
            () => Ok(()),
        }
    }
}

/// Whether the answer stapled to a handshake says of the certificate that it was revoked. Another answer, or none, says
/// nothing: the certificate is pinned.
fn is_revoked(
    certificate: &Certificate,
    above: &[CertificateDer<'_>],
    stapled: &[u8],
    now: Timestamp,
) -> bool {
    let issuers = above.iter().filter_map(|der| Certificate::from_der(der).ok());
    let mut issuers = issuers.filter(|issuer| !stapled.is_empty() && issuer.issued(certificate));
    issuers.any(|issuer| {
        let answer = OcspResponse::from_der(stapled, &issuer, now).ok();
        answer.and_then(|answer| answer.status(certificate, &issuer, now)) == Some(Status::Revoked)
    })
}

impl Whom {
    fn has(&self, fingerprint: &[u8; 32]) -> bool {
        match self {
            Self::These(pinned) => pinned.contains(fingerprint),
            Self::Partners(partners) => {
                let known = partners.now();
                let mut all = known.descriptors.values().flat_map(crate::Descriptor::tls_certificates);
                all.any(|certificate| certificate.fingerprint() == *fingerprint)
            }
            Self::Anybody(shown) => {
                *shown.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(*fingerprint);
                true
            }
        }
    }
}

/// What both sides of a handshake check alike: that the signature in it is made with the certificate's key.
macro_rules! signatures {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            let algorithms = &self.provider.signature_verification_algorithms;
            verify_tls12_signature(message, certificate, signed, algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            let algorithms = &self.provider.signature_verification_algorithms;
            verify_tls13_signature(message, certificate, signed, algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.provider.signature_verification_algorithms.supported_schemes()
        }
    };
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.judge(end_entity, (intermediates, ocsp_response), now)?;
        Ok(ServerCertVerified::assertion())
    }

    signatures!();
}

impl ClientCertVerifier for Verifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.judge(end_entity, (intermediates, &[]), now)?;
        Ok(ClientCertVerified::assertion())
    }

    signatures!();
}
