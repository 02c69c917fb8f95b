//! Partners sign each other's checkpoints, each only if it extends what it saw before.

use std::fmt;
use std::str::FromStr;

use crate::checkpoint::{SignedCheckpoint, parse_size};
use crate::error::Error;
use crate::hash::Hash;
use crate::key::{Signer, TIME_MAX, VerifierKey};
use crate::note::NoteSignature;
use crate::proof::ConsistencyProof;

/// What a log hands to a partner for its signature: the new checkpoint and the proof from the last one it signed.
///
/// Its text form is the body of the C2SP witness protocol's `add-checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Size of the checkpoint the partner signed last; 0 where it signed none.
    pub old: u64,
    /// Consistency proof from there to the new checkpoint; empty from 0 or where nothing was added.
    pub hashes: Vec<Hash>,
    /// The new checkpoint as its log signed it.
    pub checkpoint: Vec<u8>,
}

impl fmt::Display for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", String::from_utf8_lossy(&self.checkpoint))
    }
}

impl FromStr for Submission {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(Error::ProofMalformed("no empty line"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| parse_size(line.strip_prefix("old ")?));
        let old = old.ok_or(Error::ProofMalformed("old size"))?;
        let hashes = parse_hashes(lines)?;
        Ok(Self { old, hashes, checkpoint: checkpoint.as_bytes().to_vec() })
    }
}

/// One administration as the witness of one partner's log.
#[derive(Clone, Copy, Debug)]
pub struct Witness<'k> {
    /// The witness's own key.
    pub signer: &'k Signer,
    /// The key of the log it watches.
    pub log: &'k VerifierKey,
}

/// A partner's checkpoint with our signature under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// What to keep, durably and before the signature is sent: the next submission is held against it.
    pub checkpoint: SignedCheckpoint,
    /// What to send back: our signature line.
    pub signature: NoteSignature,
}

impl Witness<'_> {
    /// Signs a checkpoint if it extends the one seen last (`None` where none was seen), at `time` (seconds since 1970).
    ///
    /// Two concurrent calls against the same `seen` could sign two histories: look up, call and keep the result under
    /// one lock or transaction.
    ///
    /// # Errors
    /// In this order: what is wrong with the checkpoint itself (as [`SignedCheckpoint::open`]),
    /// [`Error::RolledBack`], [`Error::Forked`], [`Error::StartForeign`], [`Error::NotAnExtension`]; where the key is
    /// no witness's, [`Error::KeyPurpose`]. `Forked` with the two signed checkpoints is proof against the log; keep both.
    pub fn cosign(
        &self,
        submission: &Submission,
        seen: Option<&SignedCheckpoint>,
        time: u64,
    ) -> Result<Cosigned, Error> {
        let offered = SignedCheckpoint::open(&submission.checkpoint, self.log)?;
        self.expect_same_log(seen)?;
        expect_extension(submission, seen, &offered)?;
        if time == 0 || time > TIME_MAX {
            return Err(Error::TimeImpossible { time });
        }
        let signature = self.signer.sign_seen(offered.note().text(), time)?;
        let checkpoint = offered.with_cosignature(signature.clone(), self.signer.verifier())?;
        Ok(Cosigned { checkpoint, signature })
    }

    fn expect_same_log(&self, seen: Option<&SignedCheckpoint>) -> Result<(), Error> {
        match seen.map(|seen| seen.checkpoint().origin()) {
            Some(origin) if origin != self.log.name() => {
                Err(Error::OriginForeign { seen: origin.to_owned(), expected: self.log.name().to_owned() })
            }
            _ => Ok(()),
        }
    }
}

fn expect_extension(
    submission: &Submission,
    seen: Option<&SignedCheckpoint>,
    offered: &SignedCheckpoint,
) -> Result<(), Error> {
    let (old, old_root) = match seen.map(SignedCheckpoint::checkpoint) {
        Some(seen) => (seen.size(), seen.root()),
        None => (0, Hash::of_empty_tree()),
    };
    let (new, new_root) = (offered.checkpoint().size(), offered.checkpoint().root());
    if new < old {
        return Err(Error::RolledBack { seen: old, offered: new });
    }
    if new == old && new_root != old_root {
        return Err(Error::Forked { size: new });
    }
    if submission.old != old {
        return Err(Error::StartForeign { seen: old, offered: submission.old });
    }
    let proof = ConsistencyProof { old, new, hashes: submission.hashes.clone() };
    proof.verify(&old_root, &new_root).map_err(|_| Error::NotAnExtension { seen: old, offered: new })
}

/// Reads hash lines, at most as many as a proof can have.
pub(crate) fn parse_hashes<'t>(lines: impl Iterator<Item = &'t str>) -> Result<Vec<Hash>, Error> {
    let mut hashes = Vec::new();
    for line in lines {
        if hashes.len() == HASHES_MAX {
            return Err(Error::ProofMalformed("too many hashes"));
        }
        hashes.push(Hash::from_base64(line).ok_or(Error::ProofMalformed("hash line"))?);
    }
    Ok(hashes)
}

const HASHES_MAX: usize = 64;
