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
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    ServerConfig, SignatureScheme, version,
};

use crate::config::Clients;
use crate::keys::TlsKey;
use crate::partners::Partners;
use crate::rim::call::Shown;

/// What the node serves TLS with to partners.
pub(crate) fn server(key: &TlsKey, clients: Clients, partners: Partners) -> Result<ServerConfig, Error> {
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?;
    let builder = match clients {
        Clients::Any => builder.with_no_client_auth(),
        Clients::Pinned => {
            let verifier = PinnedClients { partners, signatures: Signatures(provider()) };
            builder.with_client_cert_verifier(Arc::new(verifier))
        }
    };
    let mut config = builder.with_single_cert(chain(key), private(key))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// What the node speaks TLS to one partner with: believing its certificates alone, and showing our own where it asks.
pub(crate) fn client(pinned: &[Certificate], own: Option<&TlsKey>) -> Result<ClientConfig, Error> {
    let pinned = pinned.iter().map(Certificate::fingerprint).collect();
    let verifier = Arc::new(PinnedServer { pinned, signatures: Signatures(provider()) });
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match own {
        Some(key) => builder.with_client_auth_cert(chain(key), private(key))?,
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// What the node speaks TLS to a machine with for which authorities vouch, such as the hub, showing our own certificate.
pub(crate) fn client_under(authorities: &[Certificate], own: &TlsKey) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(CertificateDer::from(authority.der().to_vec()))?;
    }
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain(own), private(own))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// What the node speaks TLS to a stranger with: anybody is believed, and who it was can be asked afterwards. Only what is
/// signed by other means may be fetched over it.
pub(crate) fn stranger() -> Result<(ClientConfig, Shown), Error> {
    let shown = Shown::default();
    let verifier = Arc::new(AnyServer { shown: shown.clone(), signatures: Signatures(provider()) });
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((config, shown))
}

fn chain(key: &TlsKey) -> Vec<CertificateDer<'static>> {
    vec![CertificateDer::from(key.certificate.der().to_vec())]
}

fn private(key: &TlsKey) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.key.pkcs8().to_vec()))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Checks that a certificate is one of these and in date. Its names and issuer say nothing more than the descriptor did;
/// that whoever shows it holds its key is checked as always.
fn expect_pinned(
    shown: &CertificateDer<'_>,
    is_pinned: impl FnOnce(&[u8; 32]) -> bool,
    now: UnixTime,
) -> Result<(), Error> {
    let refused = |why| Err(Error::InvalidCertificate(why));
    let Ok(certificate) = Certificate::from_der(shown) else { return refused(CertificateError::BadEncoding) };
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let now = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX);
    match () {
        () if !is_pinned(&certificate.fingerprint()) => {
            refused(CertificateError::ApplicationVerificationFailure)
        }
        () if now < certificate.not_before() => refused(CertificateError::NotValidYet),
        () if now > certificate.not_after() => refused(CertificateError::Expired),
        () => Ok(()),
    }
}

/// Believes the certificates of one partner's descriptor.
#[derive(Debug)]
struct PinnedServer {
    pinned: Vec<[u8; 32]>,
    signatures: Signatures,
}

/// Believes anybody and remembers who it was.
#[derive(Debug)]
struct AnyServer {
    shown: Shown,
    signatures: Signatures,
}

/// Believes the certificates of all partners' descriptors, as they are at the moment of asking.
#[derive(Debug)]
struct PinnedClients {
    partners: Partners,
    signatures: Signatures,
}

/// How signatures in the handshake are checked.
#[derive(Debug)]
struct Signatures(Arc<CryptoProvider>);

impl Signatures {
    fn tls12(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn tls13(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

impl ServerCertVerifier for PinnedServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        expect_pinned(end_entity, |shown| self.pinned.contains(shown), now)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.tls12(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.tls13(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signatures.schemes()
    }
}

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        expect_pinned(
            end_entity,
            |shown| {
                *self.shown.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(*shown);
                true
            },
            now,
        )?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.tls12(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.tls13(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signatures.schemes()
    }
}

impl ClientCertVerifier for PinnedClients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let partners = self.partners.now();
        let mut certificates = partners.descriptors.values().flat_map(crate::Descriptor::tls_certificates);
        expect_pinned(end_entity, |shown| certificates.any(|known| known.fingerprint() == *shown), now)?;
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.tls12(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signatures.tls13(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signatures.schemes()
    }
}
