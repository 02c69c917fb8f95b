//! The checkpoint's part of an audit: form, origin, signatures, and how large the log is without it.

use super::{Audit, AuditKeys, FaultKind, Place, Strangers};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::log::CHECKPOINT;
use crate::note::Note;
use crate::path::{TILE_WIDTH, TileKind, TilePath};
use crate::source::Source;

/// What the checkpoint says, as far as it can be trusted.
pub(super) struct Head {
    /// How many entries to look at.
    pub(super) size: u64,
    /// The signed root; nothing where no signature by a given key holds.
    pub(super) root: Option<Hash>,
    /// What an unsigned or wrongly signed checkpoint claims.
    claimed: Option<Checkpoint>,
}

/// Checks everything about the checkpoint that can be checked without the tiles.
pub(super) fn check<S: Source + ?Sized>(source: &S, keys: &AuditKeys<'_>, audit: &mut Audit) -> Head {
    let note = read(source, audit);
    let is_signed = note.as_ref().is_some_and(|note| check_signatures(note, keys, audit));
    let claimed = note.and_then(|note| match Checkpoint::parse(note.text()) {
        Ok(checkpoint) => Some(checkpoint),
        Err(_) => {
            audit.fault(Place::Checkpoint, FaultKind::Malformed);
            None
        }
    });
    if let Some(checkpoint) = &claimed {
        checkpoint.origin().clone_into(&mut audit.origin);
        if checkpoint.origin() != keys.log.name() {
            audit.fault(Place::Checkpoint, FaultKind::Foreign);
        }
    }
    let signed = claimed.as_ref().filter(|_| is_signed).map(|signed| (signed.size(), signed.root()));
    audit.size = signed.map_or_else(|| size_on_disk(source), |(size, _)| size);
    Head { size: audit.size, root: signed.map(|(_, root)| root), claimed }
}

/// Holds the recomputed root against the checkpoint.
pub(super) fn compare(head: &Head, root: Option<Hash>, audit: &mut Audit) {
    audit.root = root;
    let Some(claimed) = &head.claimed else { return };
    if root.is_some() && (Some(claimed.root()), claimed.size()) != (root, head.size) {
        audit.fault(Place::Checkpoint, FaultKind::RootDiffers);
    }
}

fn read<S: Source + ?Sized>(source: &S, audit: &mut Audit) -> Option<Note> {
    let kind = match source.file(CHECKPOINT) {
        Ok(Some(bytes)) => {
            audit.files += 1;
            audit.bytes += bytes.len() as u64;
            match Note::parse(&bytes) {
                Ok(note) => return Some(note),
                Err(_) => FaultKind::Malformed,
            }
        }
        Ok(None) => FaultKind::Missing,
        Err(_) => FaultKind::Unreadable,
    };
    audit.fault(Place::Checkpoint, kind);
    None
}

/// Checks every signature line; tells whether at least one given key vouches for the text.
fn check_signatures(note: &Note, keys: &AuditKeys<'_>, audit: &mut Audit) -> bool {
    let given = || std::iter::once(keys.log).chain(keys.witnesses);
    for signature in note.signatures() {
        let place = || Place::Signature(signature.name().to_owned());
        match given().find(|key| key.is_named_by(signature)).map(|key| key.check(note.text(), signature)) {
            Some(Ok(_)) => audit.signers.push(signature.name().to_owned()),
            Some(Err(_)) => audit.fault(place(), FaultKind::Wrong),
            None => {
                audit.strangers.push(signature.name().to_owned());
                if keys.strangers == Strangers::Fault {
                    audit.fault(place(), FaultKind::Unknown);
                }
            }
        }
    }
    if !note.signatures().iter().any(|signature| keys.log.is_named_by(signature)) {
        audit.fault(Place::Signature(keys.log.name().to_owned()), FaultKind::Missing);
    }
    !audit.signers.is_empty()
}

/// How many entries the leaf tiles hold, found by doubling and halving; only asked where no signature tells.
fn size_on_disk<S: Source + ?Sized>(source: &S) -> u64 {
    let width = |index, width| {
        let path = TilePath { kind: TileKind::Hashes(0), index, width };
        matches!(source.file(&path.to_string()), Ok(Some(_)) | Err(_))
    };
    let is_full = |index: u64| width(index, TilePath::FULL);
    let mut above = 1;
    while is_full(above - 1) {
        above *= 2;
    }
    let (mut least, mut most) = (above / 2, above - 1);
    while least < most {
        let middle = (least + most).div_ceil(2);
        if is_full(middle - 1) {
            least = middle;
        } else {
            most = middle - 1;
        }
    }
    let open = (1..TilePath::FULL).rev().find(|open| width(least, *open));
    least * TILE_WIDTH + u64::from(open.unwrap_or(0))
}
