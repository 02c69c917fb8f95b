//! What an audit found: faults by place, and what was checked.

use std::fmt;

use crate::hash::Hash;
use crate::path::TilePath;

/// The result of recomputing a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Audit {
    /// The origin on the checkpoint; empty where it could not be read.
    pub origin: String,
    /// How many entries were looked at: the checkpoint's size, or what the files hold where it cannot be trusted.
    pub size: u64,
    /// The root over the entries as recomputed, where that was possible.
    pub root: Option<Hash>,
    /// Entries whose leaf hash was recomputed.
    pub entries: u64,
    /// Files read, older partial ones included.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Names of the keys whose signatures on the checkpoint were checked and hold.
    pub signers: Vec<String>,
    /// Names on signature lines that no given key explains.
    pub strangers: Vec<String>,
    /// What is wrong, in the order it was met: checkpoint first, then by place in the log.
    pub faults: Vec<Fault>,
    /// How many faults there were past [`Audit::FAULTS_MAX`].
    pub dropped: u64,
}

impl Audit {
    /// The most faults that are listed.
    pub const FAULTS_MAX: usize = 10_000;

    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn fault(&mut self, place: Place, kind: FaultKind) {
        let fault = Fault { place, kind };
        if self.faults.len() < Self::FAULTS_MAX {
            self.faults.push(fault);
        } else {
            self.dropped += 1;
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// Where.
    #[serde(serialize_with = "as_text")]
    pub place: Place,
    /// What.
    pub kind: FaultKind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind.code())
    }
}

/// Where in a log a fault is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The checkpoint's text or its outer form.
    Checkpoint,
    /// The signature line of this name on the checkpoint.
    Signature(String),
    /// A tile; `hashes` are the places of the wrong hashes in it, empty where it is the tile as a whole.
    Tile {
        /// Which tile.
        path: TilePath,
        /// Places in it, from 0.
        hashes: Vec<u16>,
    },
    /// An entry bundle as a whole.
    Bundle(TilePath),
    /// One entry.
    Entry {
        /// Its index in the log, from 0.
        index: u64,
        /// The bundle that holds it.
        path: TilePath,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint => f.write_str("checkpoint"),
            Self::Signature(name) => write!(f, "checkpoint signature of {name}"),
            Self::Tile { path, hashes } => {
                write!(f, "tile {path}")?;
                match hashes.as_slice() {
                    [] => Ok(()),
                    [one] => write!(f, " hash {one}"),
                    [first, rest @ ..] => write!(f, " hash {first} and {} more", rest.len()),
                }
            }
            Self::Bundle(path) => write!(f, "bundle {path}"),
            Self::Entry { index, path } => write!(f, "entry {index} in {path}"),
        }
    }
}

/// What can be wrong with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The file is not there.
    Missing,
    /// The file is there but the machine cannot read it.
    Unreadable,
    /// The file is not of its form: length, framing, lines.
    Malformed,
    /// It is not what the signed root stands on.
    Changed,
    /// It and what lies above or below it disagree, and nothing signed says which is right.
    Disagrees,
    /// The checkpoint is of another log.
    Foreign,
    /// The signature was not made by its key over this text.
    Wrong,
    /// No given key explains the signature line.
    Unknown,
    /// The files do not lead to the root on the checkpoint.
    RootDiffers,
}

impl FaultKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Malformed => "malformed",
            Self::Changed => "changed",
            Self::Disagrees => "disagrees",
            Self::Foreign => "foreign",
            Self::Wrong => "wrong",
            Self::Unknown => "unknown",
            Self::RootDiffers => "root-differs",
        }
    }
}

fn as_text<S: serde::Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}
