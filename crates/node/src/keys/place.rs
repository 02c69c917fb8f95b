//! The files keys are in.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exchange::certificate::Usage;
use exchange::keys::{KeyFault, KeyKind, Locker, PrivateKey, Sign, is_locked};
use exchange::{Certificate, Suite};
use jiff::Timestamp;
use ledger::Signer;
use zeroize::Zeroizing;

use super::{KeysFault, Passphrase, certify, certify_under, make};
use crate::config::Config;

/// The folder `keys` of a node's folder, and what its secrets are locked with.
pub(super) struct Place {
    pub(super) path: PathBuf,
    locker: Locker,
}

impl Place {
    /// The folder of a node that has keys.
    pub(super) fn of(folder: &Path) -> Result<Self, KeysFault> {
        Self::under(folder, &Passphrase::find(folder)?)
    }

    /// The folder of a new node.
    pub(super) fn new(folder: &Path, passphrase: Passphrase) -> Result<Self, KeysFault> {
        let place = Self::under(folder, &passphrase)?;
        place.folder(&place.path)?;
        Ok(place)
    }

    fn under(folder: &Path, passphrase: &Passphrase) -> Result<Self, KeysFault> {
        let path = folder.join("keys");
        let locker = Locker::new(passphrase.bytes()).map_err(|_| KeysFault::Passphrase(path.clone()))?;
        Ok(Self { path, locker })
    }

    fn folder(&self, path: &Path) -> Result<(), KeysFault> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|cause| KeysFault::File { path: path.to_owned(), cause })
    }

    /// Makes the signing and the sealing key of a suite.
    pub(super) fn make_suite(&self, config: &Config, suite: Suite, now: Timestamp) -> Result<(), KeysFault> {
        self.folder(&self.path.join(suite.word()))?;
        let signing = self.make_signing(config, (suite, ""), now)?;
        self.make_sealing(config, (suite, ""), &signing, now)
    }

    /// Makes a signing key and its certificate; `slot` is what stands between name and ending, such as `.next`.
    pub(super) fn make_signing(
        &self,
        config: &Config,
        (suite, slot): (Suite, &str),
        now: Timestamp,
    ) -> Result<(Certificate, Arc<dyn Sign>), KeysFault> {
        let key = make(signing_kind(suite))?;
        let certificate = certify(config, &key, Usage::Signing, now)?;
        let name = format!("{}/{SIGNING}{slot}", suite.word());
        self.write_key(&name, &key)?;
        self.write_certificate(&name, &certificate)?;
        Ok((certificate, Arc::new(key)))
    }

    /// Makes a sealing key with a certificate the signing key issues, since one of its kinds cannot sign.
    pub(super) fn make_sealing(
        &self,
        config: &Config,
        (suite, slot): (Suite, &str),
        (issuer, signs): &(Certificate, Arc<dyn Sign>),
        now: Timestamp,
    ) -> Result<(), KeysFault> {
        let key = make(sealing_kind(suite))?;
        let certificate = certify_under(config, &key, (issuer, &**signs), now)?;
        let name = format!("{}/{SEALING}{slot}", suite.word());
        self.write_key(&name, &key)?;
        self.write_certificate(&name, &certificate)
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.path.join(file).exists()
    }

    pub(super) fn write(&self, file: &str, text: &str) -> Result<(), KeysFault> {
        let path = self.path.join(file);
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.map_err(|cause| KeysFault::File { path, cause })
    }

    pub(super) fn write_key(&self, name: &str, key: &PrivateKey) -> Result<(), KeysFault> {
        let locked = self.locker.lock(KEY_LABEL, key.pkcs8()).map_err(failed)?;
        self.write(&format!("{name}.key"), &locked)
    }

    pub(super) fn write_certificate(&self, name: &str, certificate: &Certificate) -> Result<(), KeysFault> {
        self.write(&format!("{name}.crt"), &certificate.to_pem())
    }

    pub(super) fn write_signer(&self, name: &str, signer: &Signer) -> Result<(), KeysFault> {
        let locked = self.locker.lock(SIGNER_LABEL, signer.secret_text().as_bytes()).map_err(failed)?;
        self.write(&format!("{name}.key"), &locked)
    }

    pub(super) fn read(&self, file: &str) -> Result<(PathBuf, String), KeysFault> {
        let path = self.path.join(file);
        match fs::read_to_string(&path) {
            Ok(text) => Ok((path, text)),
            Err(cause) => Err(KeysFault::File { path, cause }),
        }
    }

    /// A secret, which must be locked.
    fn secret(&self, file: &str, label: &str) -> Result<(PathBuf, Zeroizing<Vec<u8>>), KeysFault> {
        let (path, text) = self.read(file)?;
        let text = Zeroizing::new(text);
        if !is_locked(&text) {
            return Err(KeysFault::Plain(path));
        }
        match self.locker.unlock(&text) {
            Ok((seen, secret)) if seen == label => Ok((path, secret)),
            Err(KeyFault::Passphrase) => Err(KeysFault::Passphrase(path)),
            Ok(_) | Err(_) => Err(KeysFault::Unreadable { path, what: "a locked key in PEM" }),
        }
    }

    pub(super) fn key(&self, name: &str) -> Result<PrivateKey, KeysFault> {
        let (path, secret) = self.secret(&format!("{name}.key"), KEY_LABEL)?;
        // A passphrase that is another may, once in 256 times, open a secret to something that is no key.
        PrivateKey::from_pkcs8(&secret).map_err(|_| KeysFault::Passphrase(path))
    }

    pub(super) fn certificate(&self, name: &str) -> Result<Certificate, KeysFault> {
        let (path, text) = self.read(&format!("{name}.crt"))?;
        Certificate::from_pem(&text).map_err(|_| KeysFault::Unreadable { path, what: "a certificate in PEM" })
    }

    /// The authorities above a certificate, the highest first; none where it stands alone.
    pub(super) fn certificates_above(&self, name: &str) -> Result<Vec<Certificate>, KeysFault> {
        let file = format!("{name}{ABOVE}");
        if !self.has(&file) {
            return Ok(Vec::new());
        }
        let (path, text) = self.read(&file)?;
        Certificate::all_from_pem(&text)
            .map_err(|_| KeysFault::Unreadable { path, what: "certificates in PEM" })
    }

    pub(super) fn signer(&self, name: &str) -> Result<Signer, KeysFault> {
        let (path, secret) = self.secret(&format!("{name}.key"), SIGNER_LABEL)?;
        let text = std::str::from_utf8(&secret).map_err(|_| KeysFault::Passphrase(path.clone()))?;
        let what = "a signer's key as text";
        Signer::from_secret_text(text.trim()).map_err(|_| KeysFault::Unreadable { path, what })
    }

    /// The key statements for strangers are signed with; made where the node has none yet.
    pub(super) fn statements(&self) -> Result<Zeroizing<[u8; 32]>, KeysFault> {
        if !self.has(&format!("{STATEMENTS}.key")) {
            let mut secret = Zeroizing::new([0; 32]);
            aws_lc_rs::rand::fill(&mut *secret).map_err(|_| KeysFault::Make("no randomness".to_owned()))?;
            let locked = self.locker.lock(STATEMENTS_LABEL, &*secret).map_err(failed)?;
            match self.write(&format!("{STATEMENTS}.key"), &locked) {
                // Somebody else made it in this moment: theirs is the one.
                Err(KeysFault::File { cause, .. }) if cause.kind() == std::io::ErrorKind::AlreadyExists => {}
                made => made?,
            }
        }
        let (path, secret) = self.secret(&format!("{STATEMENTS}.key"), STATEMENTS_LABEL)?;
        let secret: Option<[u8; 32]> = secret.as_slice().try_into().ok();
        secret.map(Zeroizing::new).ok_or(KeysFault::Passphrase(path))
    }

    /// Gives a file another name, in the place of what has it.
    pub(super) fn rename(&self, from: &str, to: &str) -> Result<(), KeysFault> {
        let path = self.path.join(from);
        fs::rename(&path, self.path.join(to)).map_err(|cause| KeysFault::File { path, cause })
    }

    pub(super) fn remove(&self, file: &str) -> Result<(), KeysFault> {
        let path = self.path.join(file);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                Err(KeysFault::File { path, cause })
            }
            _ => Ok(()),
        }
    }

    /// Forces a folder's names to the disk.
    pub(super) fn settle(&self, folder: &str) -> Result<(), KeysFault> {
        let path = self.path.join(folder);
        let forced = fs::File::open(&path).and_then(|folder| folder.sync_all());
        forced.map_err(|cause| KeysFault::File { path, cause })
    }
}

fn failed(fault: KeyFault) -> KeysFault {
    KeysFault::Make(fault.to_string())
}

pub(super) const fn signing_kind(suite: Suite) -> KeyKind {
    match suite {
        Suite::Edelivery115 => KeyKind::Rsa3072,
        Suite::Edelivery2 => KeyKind::Ed25519,
        Suite::Edelivery2P256 => KeyKind::P256,
    }
}

const fn sealing_kind(suite: Suite) -> KeyKind {
    match suite {
        Suite::Edelivery115 => KeyKind::Rsa3072,
        Suite::Edelivery2 => KeyKind::X25519,
        Suite::Edelivery2P256 => KeyKind::P256,
    }
}

/// The name of a suite's key that signs.
pub(super) const SIGNING: &str = "signing";
/// What stands behind a certificate's name where the authorities above it are.
pub(super) const ABOVE: &str = ".above.pem";
/// The name of a suite's key that opens.
pub(super) const SEALING: &str = "sealing";
/// The key statements for strangers are signed with.
const STATEMENTS: &str = "statements";
const STATEMENTS_LABEL: &str = "ENCRYPTED STATEMENTS KEY";
const KEY_LABEL: &str = "ENCRYPTED PRIVATE KEY";
const SIGNER_LABEL: &str = "ENCRYPTED SIGNER KEY";
