//! Who a node is to strangers and whom it believes: its issuer's key and address, and the issuers and status lists somebody has
//! laid into the folder `issuers` (`*.json` DID documents, `*.jwt` lists).

use std::fs;
use std::path::{Path, PathBuf};

use ledger::credential::{IssuerKey, did_document};
use serde_json::Value;

use crate::config::Config;
use crate::keys::{self, KeysFault};

/// The node as an issuer of statements.
#[derive(Debug)]
pub struct Voice {
    /// Where strangers reach its public pages.
    pub address: String,
    /// The key it signs with.
    pub key: IssuerKey,
    folder: PathBuf,
}

/// Whose statements are believed besides our own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Others {
    /// Their DID documents.
    pub documents: Vec<Value>,
    /// Their status lists, as tokens.
    pub lists: Vec<String>,
}

/// Why a node cannot speak to strangers.
#[derive(Debug, thiserror::Error)]
pub enum VoiceFault {
    /// Its configuration cannot be read.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigFault),
    /// Its key cannot be read or made.
    #[error(transparent)]
    Keys(#[from] KeysFault),
}

impl Voice {
    /// The voice of the node in a folder. Its key is made where there is none yet.
    ///
    /// # Errors
    /// [`VoiceFault`].
    pub fn of(folder: &Path) -> Result<Self, VoiceFault> {
        let address = Config::load(folder)?.web.public();
        let key = keys::issuer(folder, &address)?;
        Ok(Self::new(address, key, folder))
    }

    /// The voice of whoever holds this key, at this address, who believes the issuers in a folder.
    #[must_use]
    pub fn new(address: impl Into<String>, key: IssuerKey, folder: &Path) -> Self {
        Self { address: address.into(), key, folder: folder.to_owned() }
    }

    /// The document strangers find its key in.
    #[must_use]
    pub fn document(&self) -> Value {
        did_document(&self.key.did(), &self.key.public())
    }

    /// The name of the status list with this number.
    #[must_use]
    pub fn list(&self, number: u64) -> String {
        format!("{}/statements/status/{number}", self.address)
    }

    /// Whose statements are believed besides our own. What cannot be read is left out and logged.
    #[must_use]
    pub fn others(&self) -> Others {
        others(&self.folder.join("issuers"))
    }
}

/// The DID documents and status lists in a folder, in the order of their names.
#[must_use]
pub fn others(folder: &Path) -> Others {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.metadata().is_ok_and(|file| file.is_file() && file.len() <= FILE_BYTES_MAX))
        .collect();
    paths.sort();
    let mut others = Others::default();
    for path in paths.iter().take(FILES_MAX) {
        let read = || fs::read_to_string(path).inspect_err(|error| unread(path, error)).ok();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("json") => {
                let document = read().and_then(|text| {
                    serde_json::from_str(&text).inspect_err(|error| unread(path, error)).ok()
                });
                others.documents.extend(document);
            }
            Some("jwt") => others.lists.extend(read().map(|text| text.trim().to_owned())),
            _ => {}
        }
    }
    others
}

fn unread(path: &Path, error: &dyn std::fmt::Display) {
    tracing::warn!(path = %path.display(), %error, "an issuer's file was left out");
}

/// The most files looked at, and the most bytes of one.
const FILES_MAX: usize = 400;
const FILE_BYTES_MAX: u64 = 8 << 20;
