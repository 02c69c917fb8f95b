//! `sampan keys`: the keys of a node, and changing them without a gap.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use exchange::Suite;
use jiff::Timestamp;
use node::config::Config;
use node::keys::{self, Keys, Use};

use crate::exit::Exit;
use crate::output;

/// The keys of a node, and changing them without a gap: `roll`, tell partners, `switch`, wait, `retire`.
///
/// Example: sampan keys roll nodes/vn --suite edelivery2 --use signing
#[derive(clap::Args)]
pub(crate) struct KeysCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Lists certificates with their use and the last day they are valid.
    List {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Makes the next key; it is made known with the descriptor and not used yet.
    Roll(Which),
    /// Uses the next key from now on. Restart the node, then announce its descriptor.
    Switch(Which),
    /// Lets the former key go.
    Retire(Which),
    /// Makes the keys of one more suite, such as 1.15 for partners with other access points.
    Add {
        /// The node's folder.
        dir: PathBuf,
        /// The suite.
        #[arg(long, value_enum)]
        suite: SuiteName,
    },
    /// Prints the request (PKCS#10) with which an authority is asked to certify the signing key, the next one where there is one.
    Request {
        /// The node's folder.
        dir: PathBuf,
        /// The suite.
        #[arg(long, value_enum)]
        suite: SuiteName,
    },
    /// Takes the certificate an authority issued for the signing key, with the authorities above it. Restart the node, then
    /// announce its descriptor.
    Install {
        /// The node's folder.
        dir: PathBuf,
        /// The suite.
        #[arg(long, value_enum)]
        suite: SuiteName,
        /// The certificates in PEM, one after the other.
        chain: PathBuf,
    },
    /// Puts plain keys of an older version under a passphrase.
    Migrate {
        /// The node's folder.
        dir: PathBuf,
    },
    /// Makes the TLS certificate anew, such as after the node's address changed.
    Tls {
        /// The node's folder.
        dir: PathBuf,
    },
}

#[derive(clap::Args)]
struct Which {
    /// The node's folder.
    dir: PathBuf,
    /// The suite.
    #[arg(long, value_enum, default_value = "edelivery2")]
    suite: SuiteName,
    /// What the key is used for.
    #[arg(long = "use", value_enum)]
    purpose: Purpose,
}

/// A suite by its word.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SuiteName {
    /// eDelivery AS4 1.15: RSA.
    Edelivery115,
    /// eDelivery AS4 2.0: Ed25519 and X25519.
    Edelivery2,
    /// The alternative of 2.0 on P-256.
    #[value(name = "edelivery2-p256")]
    Edelivery2P256,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Purpose {
    /// Signing messages.
    Signing,
    /// Opening what partners encrypt to us.
    Sealing,
}

impl From<SuiteName> for Suite {
    fn from(name: SuiteName) -> Self {
        match name {
            SuiteName::Edelivery115 => Self::Edelivery115,
            SuiteName::Edelivery2 => Self::Edelivery2,
            SuiteName::Edelivery2P256 => Self::Edelivery2P256,
        }
    }
}

impl Which {
    fn key(&self) -> (Suite, Use) {
        let what = match self.purpose {
            Purpose::Signing => Use::Signing,
            Purpose::Sealing => Use::Sealing,
        };
        (self.suite.into(), what)
    }
}

impl KeysCommand {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let now = Timestamp::now();
        match self.what {
            What::List { dir } => list(&dir),
            What::Roll(which) => {
                keys::roll(&which.dir, &Config::load(&which.dir)?, which.key(), now)?;
                described(&which.dir, now)
            }
            What::Switch(which) => {
                keys::switch(&which.dir, which.key())?;
                described(&which.dir, now)
            }
            What::Retire(which) => {
                keys::retire(&which.dir, which.key())?;
                described(&which.dir, now)
            }
            What::Add { dir, suite } => {
                keys::add_suite(&dir, &Config::load(&dir)?, suite.into(), now)?;
                described(&dir, now)
            }
            What::Request { dir, suite } => {
                output::line(keys::request_for(&dir, suite.into())?.trim_end());
                Ok(Exit::Sound)
            }
            What::Install { dir, suite, chain } => {
                let chain = std::fs::read_to_string(&chain)
                    .with_context(|| format!("cannot read {}", chain.display()))?;
                keys::install(&dir, suite.into(), &chain)?;
                described(&dir, now)
            }
            What::Migrate { dir } => {
                keys::migrate(&dir, &Config::load(&dir)?, now)?;
                described(&dir, now)
            }
            What::Tls { dir } => {
                keys::renew_tls(&dir, &Config::load(&dir)?, now)?;
                described(&dir, now)
            }
        }
    }
}

/// Writes the descriptor anew, which is how partners learn of it.
fn described(dir: &Path, now: Timestamp) -> anyhow::Result<Exit> {
    let (config, keys) = (Config::load(dir)?, Keys::load(dir)?);
    let note = node::init::describe(dir, &config, &keys, now)?;
    let fingerprint = node::Descriptor::fingerprint(&note);
    output::line(format_args!("done; the descriptor is written anew, fingerprint {fingerprint}"));
    output::line(format_args!("restart the node and announce it: sampan partner announce {}", dir.display()));
    list(dir)
}

fn list(dir: &Path) -> anyhow::Result<Exit> {
    let keys = Keys::load(dir)?;
    for suite in keys.wallet.suites() {
        for (what, certificates) in [("signing", &suite.signing), ("sealing", &suite.sealing)] {
            for certificate in certificates {
                let (until, fingerprint) = (certificate.not_after(), certificate.fingerprint_hex());
                output::line(format_args!("{} {what} until {until} {fingerprint}", suite.suite.word()));
            }
        }
    }
    let tls = &keys.tls.certificate;
    output::line(format_args!("tls until {} {}", tls.not_after(), tls.fingerprint_hex()));
    Ok(Exit::Sound)
}
