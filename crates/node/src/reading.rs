//! Going through many cases on all processors.

use std::collections::VecDeque;
use std::thread::{ScopedJoinHandle, scope};

use link::Threads;
use store::{Failure, KeptCase, Look, Query};

/// Reads the cases a query finds in parts side by side, while the next are on their way from the store, and takes what
/// `read` makes of each part, in their order. Ends with what the store or `read` fails with first.
pub(crate) fn read_beside<T: Send>(
    look: &dyn Look,
    query: &Query,
    read: impl Fn(Vec<KeptCase>) -> Result<T, Failure> + Sync,
    mut take: impl FnMut(T),
) -> Result<(), Failure> {
    let Threads(most) = Threads::all();
    scope(|scope| {
        let (read, mut reading) = (&read, VecDeque::with_capacity(most));
        let mut hand = |part| -> Result<(), Failure> {
            if reading.len() == most {
                reading.pop_front().map(done).transpose()?.into_iter().for_each(&mut take);
            }
            reading.push_back(scope.spawn(move || read(part)));
            Ok(())
        };
        let mut part = Vec::with_capacity(PART);
        look.sweep(query, &mut |kept| {
            part.push(kept);
            if part.len() == PART {
                hand(std::mem::replace(&mut part, Vec::with_capacity(PART)))?;
            }
            Ok(())
        })?;
        hand(part)?;
        reading.into_iter().try_for_each(|reader| done(reader).map(&mut take))
    })
}

/// What a reader made of its part; where it panicked, so does whoever asks.
fn done<T>(reader: ScopedJoinHandle<'_, T>) -> T {
    reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The cases of a desk that are kept at hand in memory from a start on: of open ones all, of closed ones the newest, which is
/// where the rest of a split load may still come.
pub(crate) fn at_hand(desk: &str, closed: bool) -> Query {
    let limit = if closed { CLOSED_MAX } else { 0 };
    Query { desk: Some(desk.to_owned()), closed: Some(closed), limit, ..Query::default() }
}

/// Cases in a part: reading them takes many times as long as starting a thread for them.
const PART: usize = 256;
/// How many closed cases of a desk are kept at hand.
const CLOSED_MAX: u32 = 20_000;

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::{Actor, CaseId, Entry, Happening, Refusal, Role, State, Summary};
    use serde_json::json;
    use store::{Store, sqlite};

    use super::*;

    /// A store with so many cases of one desk, opened one after the other.
    fn with_cases(count: usize) -> Box<dyn Look + Send> {
        let mut store = sqlite::Sqlite::in_memory().expect("opens");
        let open = |change: &mut dyn store::Change, number: usize| {
            let case = CaseId::of("item", number);
            let (act, name) = (kernel::ActId::new("a"), "open".to_owned());
            let what = Happening::Refused { act, name, refusal: Refusal::new("no", "") };
            let entry = Entry {
                at: Timestamp::UNIX_EPOCH,
                actor: Actor::new("VN", Role::NODE),
                case: case.clone(),
                what,
                blobs: Vec::new(),
            };
            let entry = change.append(&entry)?;
            change.put_case(&case, &State::from(json!({ "n": number })), &Summary::default(), entry)
        };
        store.change(&mut |change| (0..count).try_for_each(|number| open(change, number))).expect("keeps");
        store.look().expect("a view")
    }

    #[test]
    fn parts_read_side_by_side_are_taken_in_the_order_of_the_query() {
        for count in [0, 1, PART, PART * 9 + 5] {
            let look = with_cases(count);
            let query = Query { order: store::Order::Oldest, ..at_hand("item", false) };
            let mut seen = Vec::new();
            let read = |part: Vec<KeptCase>| {
                // The first parts take longest, so that later ones are done before them.
                std::thread::sleep(std::time::Duration::from_millis(
                    if part.first().is_some_and(|kept| kept.opened < 600) { 20 } else { 0 },
                ));
                Ok(part.into_iter().map(|kept| kept.opened).collect::<Vec<_>>())
            };
            read_beside(&*look, &query, read, |part| seen.extend(part)).expect("reads");
            assert_eq!(seen, (0..count as u64).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_part_that_cannot_be_read_ends_it() {
        let look = with_cases(PART * 3);
        let read = |part: Vec<KeptCase>| match part.first() {
            Some(first) if first.opened >= PART as u64 => Err(Failure::Unfit { what: "read".into() }),
            _ => Ok(part.len()),
        };
        let (query, mut seen) = (Query { order: store::Order::Oldest, ..at_hand("item", false) }, 0);
        let ended = read_beside(&*look, &query, read, |part| seen += part);
        assert!(matches!(ended, Err(Failure::Unfit { .. })) && seen == PART, "{ended:?} after {seen}");
    }
}
