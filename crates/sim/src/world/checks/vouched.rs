//! What partners signed of a record is what the record was: no node can have told one partner another history.

use kernel::{Happening, NodeId};
use ledger::{Folder, Reader, SignedCheckpoint};

use crate::world::play::Play;
use crate::world::report::{Check, Report};
use crate::world::town::NODES;
use crate::world::vouch::origin;

/// A checkpoint a node signed and kept: whose, and the note.
pub(super) struct Kept {
    of: String,
    at: usize,
    note: String,
}

/// The checkpoints that stand in the nodes' records, their own and their partners'.
pub(super) fn notes(play: &Play<'_>) -> Vec<Kept> {
    let mut notes = Vec::new();
    for (at, machine) in play.machines.iter().enumerate() {
        let Some(look) = machine.look() else { continue };
        for number in 0..look.size().unwrap_or(0) {
            let entry = look.entry(number).ok().flatten();
            if let Some(Happening::Witnessed { origin, note }) = entry.map(|entry| entry.what) {
                notes.push(Kept { of: origin, at, note });
            }
        }
    }
    notes
}

/// Holds each against the log it speaks of, as that is now.
pub(super) fn check(play: &mut Play<'_>, notes: &[Kept], report: &mut Report) {
    for Kept { of, at, note } in notes {
        let Some(place) = NODES.iter().position(|id| origin(&NodeId::new(*id)) == *of) else {
            play.violate(Check::Records, *at, format!("signed a checkpoint of {of}, which nobody knows"));
            continue;
        };
        if let Err(what) = holds(play, place, note) {
            play.violate(Check::Records, place, format!("is not what {} signed: {what}", NODES[*at]));
        }
        if place != *at
            && let Some(record) = report.records.get_mut(NODES[place])
        {
            record.vouched += 1;
        }
    }
}

/// Whether the log had this root at this size.
fn holds(play: &Play<'_>, place: usize, note: &str) -> Result<(), String> {
    let machine = &play.machines[place];
    let signed = SignedCheckpoint::open(note.as_bytes(), machine.key()).map_err(|error| error.to_string())?;
    let (size, root) = (signed.checkpoint().size(), signed.checkpoint().root());
    let folder = Folder::new(store::journal::folder_of(machine.folder()));
    let now = newest(&folder, machine.key())?;
    let was = Reader::new(&folder, now).root(size).map_err(|error| error.to_string())?;
    if was == root { Ok(()) } else { Err(format!("another root at {size}")) }
}

fn newest(folder: &Folder, key: &ledger::VerifierKey) -> Result<u64, String> {
    use ledger::Source as _;
    let bytes = folder.file(ledger::CHECKPOINT).map_err(|error| error.to_string())?.unwrap_or_default();
    let signed = SignedCheckpoint::open(&bytes, key).map_err(|error| error.to_string())?;
    Ok(signed.checkpoint().size())
}
