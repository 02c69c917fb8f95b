//! TLS with pinned certificates: a partner is who shows the certificate in its descriptor, and nobody else is.

use std::sync::Arc;

use exchange::Certificate;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime,
};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, ServerConfig, SignatureScheme, version,
};

use crate::keys::TlsKey;

/// What the node serves TLS with.
pub(crate) fn server(key: &TlsKey) -> Result<ServerConfig, Error> {
    let chain = vec![CertificateDer::from(key.certificate.der().to_vec())];
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.key.pkcs8().to_vec()));
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, private)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// What the node speaks TLS to one partner with.
pub(crate) fn client(pinned: &[Certificate]) -> Result<ClientConfig, Error> {
    let pinned = pinned.iter().map(Certificate::fingerprint).collect();
    let verifier = Arc::new(Pinned { fingerprints: pinned, provider: provider() });
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Believes the certificates of one partner's descriptor. Their names and issuers say nothing more than the descriptor
/// did; that whoever shows one holds its key is checked as always.
#[derive(Debug)]
struct Pinned {
    fingerprints: Vec<[u8; 32]>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let refused = |why| Error::InvalidCertificate(why);
        let shown = Certificate::from_der(end_entity).map_err(|_| refused(CertificateError::BadEncoding))?;
        if !self.fingerprints.contains(&shown.fingerprint()) {
            return Err(refused(CertificateError::ApplicationVerificationFailure));
        }
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let now = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX);
        match () {
            () if now < shown.not_before() => Err(refused(CertificateError::NotValidYet)),
            () if now > shown.not_after() => Err(refused(CertificateError::Expired)),
            () => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
