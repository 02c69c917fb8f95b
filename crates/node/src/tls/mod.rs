//! TLS with pinned certificates: a partner is who shows the certificate in its descriptor, and nobody else is.

mod verifier;

use std::sync::Arc;

use exchange::Certificate;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ClientConfig, Error, RootCertStore, ServerConfig, version};

use crate::config::Clients;
use crate::keys::TlsKey;
use crate::partners::Partners;
use crate::rim::call::Shown;
use crate::tls::verifier::{Verifier, Whom};

/// What the node serves TLS with to partners.
pub(crate) fn server(key: &TlsKey, clients: Clients, partners: Partners) -> Result<ServerConfig, Error> {
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?;
    let builder = match clients {
        Clients::Any => builder.with_no_client_auth(),
        Clients::Pinned => {
            builder.with_client_cert_verifier(Arc::new(Verifier::of(Whom::Partners(partners), provider())))
        }
    };
    let mut config = builder.with_single_cert(chain(key), private(key))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// What the node speaks TLS to one partner with: believing its certificates alone, and showing our own where it asks.
pub(crate) fn client(pinned: &[Certificate], own: Option<&TlsKey>) -> Result<ClientConfig, Error> {
    let pinned = pinned.iter().map(Certificate::fingerprint).collect();
    let verifier = Arc::new(Verifier::of(Whom::These(pinned), provider()));
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
    let verifier = Arc::new(Verifier::of(Whom::Anybody(shown.clone()), provider()));
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
