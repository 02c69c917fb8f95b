//! Why the ledger refuses: one coded case each.

use crate::source::Unreadable;

/// Why a log could not be opened, appended to, proven or countersigned. Each case has a stable [`Error::code`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An entry is longer than a bundle's length prefix can say.
    #[error("entry {place} of the batch has {length} bytes, the most is 65535")]
    EntryTooLong {
        /// Position in the batch given to append, from 0.
        place: usize,
        /// Its length in bytes.
        length: usize,
    },
    /// A source holds no checkpoint; a new log is made by `Log::create`, never by opening nothing.
    #[error("no checkpoint")]
    CheckpointMissing,
    /// A checkpoint's text does not have the three lines the format asks for.
    #[error("checkpoint malformed: {0}")]
    CheckpointMalformed(&'static str),
    /// A note's outer form (text, empty line, signature lines) is broken.
    #[error("note malformed: {0}")]
    NoteMalformed(&'static str),
    /// A key's text form is broken, or its id does not belong to it.
    #[error("key malformed: {0}")]
    KeyMalformed(&'static str),
    /// A key made for one purpose was given where the other is needed.
    #[error("key {name} does not serve this purpose")]
    KeyPurpose {
        /// The key's name.
        name: String,
    },
    /// No signature by any of the given keys is on the note.
    #[error("no signature by a known key")]
    SignatureMissing,
    /// A signature names a known key but was not made by it over this text.
    #[error("signature of {name} is wrong")]
    SignatureWrong {
        /// The key's name.
        name: String,
    },
    /// The checkpoint is of another log than the one expected.
    #[error("checkpoint of {seen}, expected {expected}")]
    OriginForeign {
        /// Origin on the checkpoint.
        seen: String,
        /// Origin expected.
        expected: String,
    },
    /// The checkpoint is smaller than one already seen of the same log.
    #[error("log rolled back from {seen} to {offered} entries")]
    RolledBack {
        /// Entries in the checkpoint seen before.
        seen: u64,
        /// Entries in the checkpoint offered now.
        offered: u64,
    },
    /// Two checkpoints of one size with different roots: the log has shown two histories.
    #[error("log forked: two different roots for {size} entries")]
    Forked {
        /// Entries in both checkpoints.
        size: u64,
    },
    /// The proof does not show that the checkpoint extends the one seen before.
    #[error("no proof that {offered} entries extend the {seen} seen before")]
    NotAnExtension {
        /// Entries in the checkpoint seen before.
        seen: u64,
        /// Entries in the checkpoint offered now.
        offered: u64,
    },
    /// A submission counts from another size than the last one countersigned.
    #[error("proof starts at {offered} entries, last seen are {seen}")]
    StartForeign {
        /// Entries in the checkpoint seen before; the giver should prove from here.
        seen: u64,
        /// Entries the proof starts from.
        offered: u64,
    },
    /// A cosignature cannot carry this time.
    #[error("time {time} cannot stand on a cosignature")]
    TimeImpossible {
        /// The time asked for, in seconds since 1970.
        time: u64,
    },
    /// A proof does not lead to the root.
    #[error("proof does not lead to the root")]
    ProofWrong,
    /// A proof's text form is broken.
    #[error("proof malformed: {0}")]
    ProofMalformed(&'static str),
    /// An index or size outside the log was asked for.
    #[error("{asked} is outside the log of {size} entries")]
    OutOfRange {
        /// Index or size asked for.
        asked: u64,
        /// Entries in the log.
        size: u64,
    },
    /// A file of the log is not there.
    #[error("{0} is missing")]
    FileMissing(String),
    /// A file of the log cannot be what it should be (length, framing).
    #[error("{0} is damaged")]
    FileDamaged(String),
    /// The files at the log's right edge do not give the checkpoint's root.
    #[error("tiles do not give the checkpoint's root")]
    RootForeign,
    /// A file could not be read at all.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl Error {
    /// The stable code, one page of the manual each.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EntryTooLong { .. } => "ledger-entry-too-long",
            Self::CheckpointMissing => "ledger-checkpoint-missing",
            Self::CheckpointMalformed(_) => "ledger-checkpoint-malformed",
            Self::NoteMalformed(_) => "ledger-note-malformed",
            Self::KeyMalformed(_) => "ledger-key-malformed",
            Self::KeyPurpose { .. } => "ledger-key-purpose",
            Self::SignatureMissing => "ledger-signature-missing",
            Self::SignatureWrong { .. } => "ledger-signature-wrong",
            Self::OriginForeign { .. } => "ledger-origin-foreign",
            Self::RolledBack { .. } => "ledger-rolled-back",
            Self::Forked { .. } => "ledger-forked",
            Self::NotAnExtension { .. } => "ledger-not-an-extension",
            Self::StartForeign { .. } => "ledger-start-foreign",
            Self::TimeImpossible { .. } => "ledger-time-impossible",
            Self::ProofWrong => "ledger-proof-wrong",
            Self::ProofMalformed(_) => "ledger-proof-malformed",
            Self::OutOfRange { .. } => "ledger-out-of-range",
            Self::FileMissing(_) => "ledger-file-missing",
            Self::FileDamaged(_) => "ledger-file-damaged",
            Self::RootForeign => "ledger-root-foreign",
            Self::Unreadable(_) => "ledger-unreadable",
        }
    }
}
