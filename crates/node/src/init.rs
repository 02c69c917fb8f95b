//! A new node: its folder, configuration and keys.

use std::fs;
use std::path::Path;

use exchange::Suite;
use jiff::Timestamp;

use crate::config::{Config, ConfigFault, FILE};
use crate::descriptor::{Descriptor, DescriptorFault, OWN};
use crate::keys::{Keys, KeysFault};

/// Why a node could not be made.
#[derive(Debug, thiserror::Error)]
pub enum InitFault {
    /// A node is there already; nothing was touched.
    #[error("{0} holds a node already")]
    Taken(std::path::PathBuf),
    /// Its configuration cannot be used or written.
    #[error(transparent)]
    Config(#[from] ConfigFault),
    /// Its keys cannot be made or written.
    #[error(transparent)]
    Keys(#[from] KeysFault),
    /// Its descriptor cannot be written.
    #[error(transparent)]
    Descriptor(#[from] DescriptorFault),
}

/// Makes a node in a folder and returns its signed descriptor, which is also kept there as `descriptor`. The
/// configuration is written last, so that a folder with one holds a whole node.
///
/// # Errors
/// [`InitFault`]. A folder that holds a node is not touched.
pub fn init(folder: &Path, config: Config, now: Timestamp) -> Result<String, InitFault> {
    init_with(folder, config, &[Suite::Edelivery2], now)
}

/// As [`init`], with keys of these suites: those of eDelivery AS4 2.0 for nodes like this one, those of 1.15 for most others.
///
/// # Errors
/// [`InitFault`].
pub fn init_with(
    folder: &Path,
    config: Config,
    suites: &[Suite],
    now: Timestamp,
) -> Result<String, InitFault> {
    let config = config.checked()?;
    if folder.join(FILE).exists() {
        return Err(InitFault::Taken(folder.to_owned()));
    }
    let file = |cause| ConfigFault::File { path: folder.to_owned(), cause };
    for inner in ["agreements", "partners"] {
        fs::create_dir_all(folder.join(inner)).map_err(file)?;
    }
    let keys = Keys::create(folder, &config, suites, now)?;
    let note = describe(folder, &config, &keys, now)?;
    config.save(folder)?;
    Ok(note)
}

/// Writes a node's descriptor anew, such as after its address changed, and returns it.
///
/// # Errors
/// [`InitFault`].
pub fn describe(folder: &Path, config: &Config, keys: &Keys, now: Timestamp) -> Result<String, InitFault> {
    let note = Descriptor::of(config, keys, now).sign(&keys.record)?;
    let path = folder.join(OWN);
    fs::write(&path, &note).map_err(|cause| ConfigFault::File { path, cause })?;
    Ok(note)
}
