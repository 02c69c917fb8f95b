//! What is known of a partner's certificates beyond its descriptor: the authorities that may vouch for new ones, what those
//! revoked, and what they answered online. It lies in the folder `partners/<id>` of the node:
//!
//! | file | what |
//! |---|---|
//! | `*.pem` | an authority of the partner, one certificate a file |
//! | `*.crl` | a list of an authority, DER |
//! | `*.ocsp` | an answer of an authority, DER |
//! | `always` | there: a certificate counts only where something says that it was not revoked |
//!
//! A file that cannot be read is told in the log and counts for nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use exchange::certificate::{OcspResponse, RevocationList};
use exchange::{Certificate, Partner, Revocation};
use jiff::Timestamp;
use kernel::NodeId;

/// The folder of a partner's standing.
pub(crate) fn folder_of(partners: &Path, id: &NodeId) -> PathBuf {
    partners.join(id.as_str())
}

/// The same partner with what is known of its standing.
pub(crate) fn with_standing(mut partner: Partner, folder: &Path, now: Timestamp) -> Partner {
    let files = named(folder);
    for (path, bytes) in files.iter().filter(|(path, _)| has(path, "pem")) {
        match Certificate::from_pem(&String::from_utf8_lossy(bytes)) {
            Ok(authority) if authority.is_authority() => partner.authorities.push(authority),
            Ok(_) => tracing::warn!(path = %path.display(), "not an authority's certificate"),
            Err(fault) => tracing::warn!(path = %path.display(), %fault, "not a certificate"),
        }
    }
    for (path, bytes) in files.iter().filter(|(path, _)| has(path, "crl")) {
        let list = partner.authorities.iter().find_map(|one| RevocationList::from_der(bytes, one).ok());
        match list {
            Some(list) => partner.revoked.push(list),
            None => tracing::warn!(path = %path.display(), "not a list of an authority of this partner"),
        }
    }
    for (path, bytes) in files.iter().filter(|(path, _)| has(path, "ocsp")) {
        let answer = partner.authorities.iter().find_map(|one| OcspResponse::from_der(bytes, one, now).ok());
        match answer {
            Some(answer) => partner.answered.push(answer),
            None => tracing::warn!(path = %path.display(), "not an answer of an authority of this partner"),
        }
    }
    if folder.join("always").exists() {
        partner.revocation = Revocation::Always;
    }
    partner
}

/// When anything in the partners' folder or below changed last.
pub(crate) fn changed(partners: &Path) -> Option<SystemTime> {
    let own = fs::metadata(partners).and_then(|data| data.modified()).ok();
    let below = fs::read_dir(partners).ok().into_iter().flatten().flatten();
    let below = below.filter_map(|entry| entry.metadata().ok().filter(fs::Metadata::is_dir)?.modified().ok());
    below.chain(own).max()
}

/// The files of a folder, each no longer than a list may be, by name.
fn named(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let short =
        |path: &PathBuf| fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() <= FILE_MAX);
    paths.into_iter().filter(short).filter_map(|path| Some((path.clone(), fs::read(path).ok()?))).collect()
}

fn has(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|seen| seen == extension)
}

/// The longest file read: lists of large authorities are some megabytes.
pub(crate) const FILE_MAX: u64 = 8 << 20;
