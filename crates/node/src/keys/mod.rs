//! A node's keys: made once, kept in files only their owner may read and a passphrase opens, never printed.
//!
//! ```text
//! keys/
//!   edelivery2/            one folder a suite, the strongest one preferred
//!     signing.key .crt     signs messages; signing.above.pem are the authorities above, where one issued it
//!     sealing.key .crt     opens what partners encrypt to us
//!     *.next.*             known to partners, not used yet        } while a change-over lasts,
//!     *.former.*           not used any more, still believed      } signing and sealing each by itself
//!   tls.key .crt           serves and uses TLS
//!   record.key             signs our record's checkpoints
//!   witness.key            signs partners' checkpoints
//!   statements.key         signs statements that strangers can check; made when it is first needed
//! ```
//!
//! Instead of a `signing.key` there may be a `signing.hsm` that names a key in a hardware module.

mod install;
mod passphrase;
mod place;
mod roll;
mod wallet;

use std::io;
use std::path::{Path, PathBuf};

use exchange::certificate::{Request, Subject, Usage, issue, self_signed};
use exchange::keys::{KeyKind, PrivateKey, Sign};
use exchange::{Certificate, Identity, Suite};
use jiff::{Timestamp, ToSpan as _};
use ledger::credential::{IssuerKey, did_of};
use ledger::{Purpose, Signer};

pub use install::{install, request_for};
pub use passphrase::Passphrase;
pub use roll::{Use, add_suite, migrate, renew_tls, retire, roll, switch};
pub use wallet::{SuiteKeys, Wallet};

use self::place::Place;
use crate::config::Config;
use crate::unseen::Hidden;

/// All keys of a node.
#[derive(Debug)]
pub struct Keys {
    /// Signs messages where nothing says in which suite: the preferred one.
    pub identity: Identity,
    /// The keys of every suite.
    pub wallet: Wallet,
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
    /// A key lies on the disk as it is.
    #[error("{0} is not under a passphrase; `sampan keys migrate` puts it under one")]
    Plain(PathBuf),
    /// The passphrase is missing or does not open a file.
    #[error("{0}: the passphrase is another")]
    Passphrase(PathBuf),
    /// There is no passphrase.
    #[error(
        "no passphrase: set SAMPAN_PASSPHRASE_FILE to the file it is in, or SAMPAN_PASSPHRASE to itself, or put it into {0}"
    )]
    NoPassphrase(PathBuf),
    /// The machine could not make a key.
    #[error("a key could not be made: {0}")]
    Make(String),
    /// A key cannot be changed now.
    #[error("{0}")]
    NotNow(&'static str),
    /// A hardware module refused.
    #[error("{path}: {cause}")]
    Module {
        /// The file that names the key.
        path: PathBuf,
        /// What the module said.
        cause: String,
    },
}

impl Keys {
    /// Makes all keys of a node in these suites and writes them into its folder. Nothing that is there is written over.
    ///
    /// # Errors
    /// [`KeysFault`], also where a key file is there already.
    pub fn create(
        folder: &Path,
        config: &Config,
        suites: &[Suite],
        now: Timestamp,
    ) -> Result<Self, KeysFault> {
        let place = Place::new(folder, Passphrase::make(folder)?)?;
        for suite in suites {
            place.make_suite(config, *suite, now)?;
        }
        let key = make(KeyKind::P256)?;
        let tls = certify(config, &key, Usage::Tls(names(config)), now)?;
        place.write_key(TLS, &key)?;
        place.write_certificate(TLS, &tls)?;
        for (name, purpose) in [(RECORD, Purpose::Log), (WITNESS, Purpose::Witness)] {
            place.write_signer(name, &signer(&config.id, purpose)?)?;
        }
        Self::load(folder)
    }

    /// What the secrets of asking without showing are derived from: the record's key, which is under the passphrase, and
    /// a use of its own.
    #[must_use]
    pub fn hidden(&self) -> Hidden {
        Hidden::of(zeroize::Zeroizing::new(self.record.secret_text()).as_bytes())
    }

    /// Reads the keys in a node's folder.
    ///
    /// # Errors
    /// [`KeysFault`].
    pub fn load(folder: &Path) -> Result<Self, KeysFault> {
        let place = Place::of(folder)?;
        let wallet = Wallet::load(&place)?;
        let tls = TlsKey { certificate: place.certificate(TLS)?, key: place.key(TLS)? };
        let identity = wallet.preferred().identity.clone();
        Ok(Self { identity, wallet, tls, record: place.signer(RECORD)?, witness: place.signer(WITNESS)? })
    }
}

/// The key with which a node signs statements for strangers, as the issuer that lies at this address. It is made where the node
/// has none yet.
///
/// # Errors
/// [`KeysFault`].
pub fn issuer(folder: &Path, address: &str) -> Result<IssuerKey, KeysFault> {
    let secret = Place::of(folder)?.statements()?;
    Ok(IssuerKey::from_secret(did_of(address), *secret))
}

/// The first words of every statement.
const STATEMENT: &str = "sampan.statement/";

/// Signs a statement as a note. It begins with words no checkpoint begins with.
///
/// # Errors
/// [`KeysFault::Make`] where the text is none of a statement.
pub fn vouch(signer: &Signer, statement: &str) -> Result<String, KeysFault> {
    if !statement.starts_with(STATEMENT) {
        return Err(KeysFault::Make(format!("a statement begins with {STATEMENT}")));
    }
    let fault = |fault: ledger::Error| KeysFault::Make(fault.to_string());
    let signature = signer.sign(statement).map_err(fault)?;
    Ok(ledger::Note::new(statement.to_owned()).map_err(fault)?.with(signature).to_string())
}

pub(crate) fn make(kind: KeyKind) -> Result<PrivateKey, KeysFault> {
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

/// A certificate the key signs for itself.
fn certify(
    config: &Config,
    key: &PrivateKey,
    usage: Usage,
    now: Timestamp,
) -> Result<Certificate, KeysFault> {
    let request = request(config, key, usage, now)?;
    self_signed(&request, key).map_err(|fault| KeysFault::Make(fault.to_string()))
}

/// A certificate for a key that cannot sign, issued by the one that signs messages.
fn certify_under(
    config: &Config,
    key: &PrivateKey,
    (issuer, signs): (&Certificate, &dyn Sign),
    now: Timestamp,
) -> Result<Certificate, KeysFault> {
    let request = request(config, key, Usage::Sealing, now)?;
    issue(&request, issuer, signs).map_err(|fault| KeysFault::Make(fault.to_string()))
}

fn request(config: &Config, key: &PrivateKey, usage: Usage, now: Timestamp) -> Result<Request, KeysFault> {
    let since = Timestamp::from_second(now.as_second()).expect("a moment without its fraction is a moment");
    Ok(Request {
        subject: Subject {
            country: config.country.clone(),
            organisation: config.name.clone(),
            common_name: config.id.to_string(),
        },
        public_key_info: key.public_key_info().map_err(|fault| KeysFault::Make(fault.to_string()))?,
        usage,
        not_before: since.checked_sub(1.hour()).unwrap_or(since),
        not_after: since.checked_add(VALIDITY_HOURS.hours()).unwrap_or(since),
    })
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

const TLS: &str = "tls";
const RECORD: &str = "record";
const WITNESS: &str = "witness";
/// Three years: partners pin certificates, so changing one is an appointment, not a routine.
const VALIDITY_HOURS: i64 = 3 * 365 * 24;
