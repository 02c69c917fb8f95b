//! The status list: how every statement that could have been made of our cases stands now.

use jiff::{Timestamp, ToSpan as _};
use ledger::credential::{LIST_PLACES, Refused, Standing, StatusList, StatusPlace, issue_list};
use store::{Failure, Look, Order, Query};

use super::Voice;
use super::made::{DESKS, Desk};

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum StatusFault {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Failure),
    /// It could not be signed.
    #[error("a status list was not signed: {0}")]
    Unsigned(Refused),
}

/// Where the standing of a case is told, whose first entry has this number.
#[must_use]
pub fn place_of(voice: &Voice, opened: u64) -> StatusPlace {
    let (number, index) = split(opened);
    StatusPlace { list: voice.list(number), index }
}

/// The number of the list that tells of a case whose first entry has this number.
#[must_use]
pub const fn number_of(opened: u64) -> u64 {
    split(opened).0
}

const fn split(opened: u64) -> (u64, u32) {
    // The rest of a division by the places fits them.
    (opened / LIST_PLACES as u64, (opened % LIST_PLACES as u64) as u32)
}

/// The list of this number as it stands now, signed; `None` where the record has not come so far.
///
/// # Errors
/// [`StatusFault`].
pub fn status_list(
    look: &dyn Look,
    voice: &Voice,
    number: u64,
    now: Timestamp,
) -> Result<Option<String>, StatusFault> {
    if number > number_of(look.size()?) {
        return Ok(None);
    }
    let mut places = Vec::new();
    for desk in DESKS {
        for (stages, standing) in [(desk.suspended, Standing::Suspended), (desk.invalid, Standing::Invalid)] {
            let opened = opened(look, desk, stages)?;
            let own = opened.into_iter().map(split).filter(|(list, _)| *list == number);
            places.extend(own.map(|(_, index)| (index, standing)));
        }
    }
    let until = now.checked_add(HOURS.hours()).unwrap_or(now);
    let name = voice.list(number);
    let second = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let signed = issue_list(&StatusList::but(places), &name, &voice.key, (&second(now), &second(until)));
    signed.map(Some).map_err(StatusFault::Unsigned)
}

/// The first entries of a desk's cases in these stages.
fn opened(look: &dyn Look, desk: &Desk, stages: &[&str]) -> Result<Vec<u64>, Failure> {
    let mut opened = Vec::new();
    if stages.is_empty() {
        return Ok(opened);
    }
    let query = Query {
        desk: Some(desk.name.into()),
        stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
        order: Order::Oldest,
        ..Query::default()
    };
    look.sweep(&query, &mut |kept| {
        opened.push(kept.opened);
        Ok(())
    })?;
    Ok(opened)
}

/// How long a list may be believed without asking again.
const HOURS: i64 = 24;
