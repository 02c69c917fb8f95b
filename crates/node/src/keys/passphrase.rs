//! The passphrase a node's keys are under: from the environment, from a secret file the environment names, or from the
//! file beside the keys that `init` makes where neither is given.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::KeysFault;

/// A passphrase. It does not print itself.
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

impl Passphrase {
    /// The passphrase of the node in a folder.
    ///
    /// # Errors
    /// [`KeysFault::NoPassphrase`], [`KeysFault::File`].
    pub fn find(folder: &Path) -> Result<Self, KeysFault> {
        Self::given()?.map_or_else(
            || {
                let path = Self::file(folder);
                if path.exists() { Self::read(&path) } else { Err(KeysFault::NoPassphrase(path)) }
            },
            Ok,
        )
    }

    /// The passphrase for a new node: the one that is given, else a random one in a file of its own.
    ///
    /// # Errors
    /// [`KeysFault::File`], [`KeysFault::Make`].
    pub fn make(folder: &Path) -> Result<Self, KeysFault> {
        if let Some(given) = Self::given()? {
            return Ok(given);
        }
        let path = Self::file(folder);
        if path.exists() {
            return Self::read(&path);
        }
        let mut random = Zeroizing::new([0; 32]);
        aws_lc_rs::rand::fill(random.as_mut()).map_err(|_| KeysFault::Make("no randomness".to_owned()))?;
        let text: Zeroizing<String> =
            Zeroizing::new(random.iter().map(|byte| format!("{byte:02x}")).collect());
        let fault = |cause| KeysFault::File { path: path.clone(), cause };
        let place = path.parent().unwrap_or(folder);
        DirBuilder::new().recursive(true).mode(0o700).create(place).map_err(fault)?;
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let written =
            made.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.map_err(fault)?;
        Self::read(&path)
    }

    /// The file a passphrase is in where the environment gives none. What stands in front of it (a mount that is not
    /// backed up, a secret of the container's keeper) is what makes it one.
    #[must_use]
    pub fn file(folder: &Path) -> PathBuf {
        folder.join("secret").join("passphrase")
    }

    fn given() -> Result<Option<Self>, KeysFault> {
        if let Some(path) = std::env::var_os(FILE_VARIABLE).filter(|path| !path.is_empty()) {
            return Self::read(Path::new(&path)).map(Some);
        }
        let given = std::env::var_os(VARIABLE).filter(|text| !text.is_empty());
        Ok(given.map(|text| Self(Zeroizing::new(text.into_encoded_bytes()))))
    }

    fn read(path: &Path) -> Result<Self, KeysFault> {
        let bytes = fs::read(path).map(Zeroizing::new);
        let bytes = bytes.map_err(|cause| KeysFault::File { path: path.to_owned(), cause })?;
        Ok(Self(Zeroizing::new(bytes.trim_ascii().to_vec())))
    }

    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        self.0.clone()
    }
}

/// The environment's way to name the file a passphrase is in.
const FILE_VARIABLE: &str = "SAMPAN_PASSPHRASE_FILE";
/// The environment's way to give a passphrase.
const VARIABLE: &str = "SAMPAN_PASSPHRASE";
