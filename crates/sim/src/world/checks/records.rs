//! Every record verifies from its files alone: log, store, and that they say the same.

use kernel::{AnyEvent, Summary};
use ledger::{AuditKeys, Strangers};
use serde_json::Value;
use store::Look;
use store::sqlite::Replay;

use crate::world::Defect;
use crate::world::play::Play;
use crate::world::report::{Check, Record, Report};
use crate::world::town::NODES;

pub(super) fn check(play: &mut Play<'_>, report: &mut Report) {
    for (place, id) in NODES.into_iter().enumerate() {
        let restarts = play.machines[place].life - 1;
        let entries = play.machines[place].look().and_then(|look| look.size().ok()).unwrap_or(0);
        let checkpoint = match play.machines[place].stop() {
            Ok(checkpoint) => checkpoint,
            Err(failure) => {
                play.violate(Check::Records, place, format!("does not stop: {failure}"));
                String::new()
            }
        };
        if play.script.defect == Some(Defect::ScratchedRecord) && place == 0 {
            scratch(play.machines[place].folder());
        }
        verify(play, place);
        report.records.insert(id.to_owned(), Record { entries, checkpoint, restarts, vouched: 0 });
    }
}

fn verify(play: &mut Play<'_>, place: usize) {
    let machine = &play.machines[place];
    let keys = AuditKeys { log: machine.key(), witnesses: &[], strangers: Strangers::Fault };
    match store::record::verify(machine.folder(), &keys, &Folding, &mut |_| ()) {
        Ok(found) => {
            let faults: Vec<String> = found.faults().collect();
            if found.not_logged > 0 {
                play.violate(Check::Records, place, format!("{} entries are not logged", found.not_logged));
            }
            for fault in faults {
                play.violate(Check::Records, place, fault);
            }
        }
        Err(failure) => play.violate(Check::Records, place, failure.to_string()),
    }
}

/// Folds the events of a case as its desk does, those that lie beside the record included.
struct Folding;

impl Replay for Folding {
    fn replay(&self, desk: &str, events: &[AnyEvent]) -> Option<(Value, Summary)> {
        customs::desks::desk(desk)?.replay(events).ok()
    }

    fn replay_in(&self, store: &dyn Look, desk: &str, events: &[AnyEvent]) -> Option<(Value, Summary)> {
        let whole = events.iter().map(|event| node::whole_event(store, event));
        self.replay(desk, &whole.collect::<Result<Vec<_>, _>>().ok()?)
    }
}

/// Changes one bit in the middle of a store.
fn scratch(folder: &std::path::Path) {
    let path = folder.join(store::record::STORE);
    if let Ok(mut bytes) = std::fs::read(&path) {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        drop(std::fs::write(path, bytes));
    }
}
