//! A node's keys: made once, kept in files only their owner may read, never printed.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exchange::certificate::{Request, Subject, Usage, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use exchange::{Certificate, Identity};
use jiff::{Timestamp, ToSpan as _};
use ledger::{Purpose, Signer};

use crate::config::Config;

/// All keys of a node.
#[derive(Debug)]
pub struct Keys {
    /// Signs messages.
    pub identity: Identity,
    /// Serves and uses TLS.
    pub tls: TlsKey,
    /// Signs our record's checkpoints.
    pub record: Signer,
    /// Signs partners' checkpoints.
    pub witness: Signer,
}

/// A key and certificate for TLS.
#[derive(Debug)]
pub struct TlsKey {
    /// The certificate.
    pub certificate: Certificate,
    /// The key.
    pub key: PrivateKey,
}

/// Why a node's keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysFault {
    /// A file cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the machine said.
        cause: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path}: {what}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What was expected.
        what: &'static str,
    },
    /// The machine could not make a key.
    #[error("a key could not be made: {0}")]
    Make(String),
}

impl Keys {
    /// Makes all keys of a node and writes them into its folder. Nothing that is there is written over.
    ///
    /// # Errors
    /// [`KeysFault`], also where a key file is there already.
    pub fn create(folder: &Path, config: &Config, now: Timestamp) -> Result<Self, KeysFault> {
        let place = Place::of(folder);
        place.make()?;
        let signing = make(KeyKind::Rsa3072)?;
        let certificate = certify(config, &signing, Usage::Signing, now)?;
        place.write(AS4_KEY, &signing.to_pem())?;
        place.write(AS4_CERTIFICATE, &certificate.to_pem())?;
        let key = make(KeyKind::P256)?;
        let tls = certify(config, &key, Usage::Tls(names(config)), now)?;
        place.write(TLS_KEY, &key.to_pem())?;
        place.write(TLS_CERTIFICATE, &tls.to_pem())?;
        for (file, purpose) in [(RECORD_KEY, Purpose::Log), (WITNESS_KEY, Purpose::Witness)] {
            place.write(file, &signer(&config.id, purpose)?.secret_text())?;
        }
        Self::load(folder)
    }

    /// Reads the keys in a node's folder.
    ///
    /// # Errors
    /// [`KeysFault`].
    pub fn load(folder: &Path) -> Result<Self, KeysFault> {
        let place = Place::of(folder);
        let signing = place.key(AS4_KEY)?;
        let identity = Identity::new(Arc::new(signing), place.certificate(AS4_CERTIFICATE)?);
        let tls = TlsKey { certificate: place.certificate(TLS_CERTIFICATE)?, key: place.key(TLS_KEY)? };
        Ok(Self { identity, tls, record: place.signer(RECORD_KEY)?, witness: place.signer(WITNESS_KEY)? })
    }
}

/// The folder `keys` of a node's folder.
struct Place(PathBuf);

impl Place {
    fn of(folder: &Path) -> Self {
        Self(folder.join("keys"))
    }

    fn make(&self) -> Result<(), KeysFault> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0);
        made.map_err(|cause| KeysFault::File { path: self.0.clone(), cause })
    }

    fn write(&self, file: &str, text: &str) -> Result<(), KeysFault> {
        let path = self.0.join(file);
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.map_err(|cause| KeysFault::File { path, cause })
    }

    fn read(&self, file: &str) -> Result<(PathBuf, String), KeysFault> {
        let path = self.0.join(file);
        match fs::read_to_string(&path) {
            Ok(text) => Ok((path, text)),
            Err(cause) => Err(KeysFault::File { path, cause }),
        }
    }

    fn key(&self, file: &str) -> Result<PrivateKey, KeysFault> {
        let (path, text) = self.read(file)?;
        PrivateKey::from_pem(&text).map_err(|_| KeysFault::Unreadable { path, what: "a private key in PEM" })
    }

    fn certificate(&self, file: &str) -> Result<Certificate, KeysFault> {
        let (path, text) = self.read(file)?;
        Certificate::from_pem(&text).map_err(|_| KeysFault::Unreadable { path, what: "a certificate in PEM" })
    }

    fn signer(&self, file: &str) -> Result<Signer, KeysFault> {
        let (path, text) = self.read(file)?;
        let what = "a signer's key as text";
        Signer::from_secret_text(text.trim()).map_err(|_| KeysFault::Unreadable { path, what })
    }
}

fn make(kind: KeyKind) -> Result<PrivateKey, KeysFault> {
    PrivateKey::generate(kind).map_err(|fault| KeysFault::Make(fault.to_string()))
}

fn signer(id: &kernel::NodeId, purpose: Purpose) -> Result<Signer, KeysFault> {
    let mut random = [0; 32];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| KeysFault::Make("no randomness".to_owned()))?;
    let name = format!("{}.sampan/{}", id.as_str().to_ascii_lowercase(), word(purpose));
    Signer::generate(&name, purpose, random).map_err(|error| KeysFault::Make(error.to_string()))
}

const fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Log => "record",
        Purpose::Witness => "witness",
    }
}

fn certify(
    config: &Config,
    key: &PrivateKey,
    usage: Usage,
    now: Timestamp,
) -> Result<Certificate, KeysFault> {
    let failed = |what: String| KeysFault::Make(what);
    let since = Timestamp::from_second(now.as_second()).expect("a moment without its fraction is a moment");
    let request = Request {
        subject: Subject {
            country: config.country.clone(),
            organisation: config.name.clone(),
            common_name: config.id.to_string(),
        },
        public_key_info: key.public_key_info().map_err(|fault| failed(fault.to_string()))?,
        usage,
        not_before: since.checked_sub(1.hour()).unwrap_or(since),
        not_after: since.checked_add(VALIDITY_HOURS.hours()).unwrap_or(since),
    };
    self_signed(&request, key).map_err(|fault| failed(fault.to_string()))
}

/// The names and addresses TLS is served under: the endpoint's host, and the machine itself.
fn names(config: &Config) -> Vec<String> {
    let host = config.as4.endpoint.trim_start_matches("https://");
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    if !host.is_empty() && !names.iter().any(|name| name == host) {
        names.insert(0, host.to_owned());
    }
    names
}

const AS4_KEY: &str = "as4.key";
const AS4_CERTIFICATE: &str = "as4.crt";
const TLS_KEY: &str = "tls.key";
const TLS_CERTIFICATE: &str = "tls.crt";
const RECORD_KEY: &str = "record.key";
const WITNESS_KEY: &str = "witness.key";
/// Three years: partners pin certificates, so changing one is an appointment, not a routine.
const VALIDITY_HOURS: i64 = 3 * 365 * 24;
