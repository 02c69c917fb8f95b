//! How a key in a module is named: the file `signing.hsm` beside the certificate.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A key in a module.
///
/// ```toml
/// library = "/usr/lib/softhsm/libsofthsm2.so"
/// token = "sampan"
/// key = "signing"
/// pin-file = "/run/secrets/hsm-pin"
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Named {
    /// The module's library.
    pub library: PathBuf,
    /// The token's label.
    pub token: String,
    /// The key's label on the token.
    pub key: String,
    /// The file the user's PIN is in.
    pub pin_file: PathBuf,
    /// How many sessions are open at once at most.
    #[serde(default = "sessions")]
    pub sessions: usize,
}

const fn sessions() -> usize {
    4
}
