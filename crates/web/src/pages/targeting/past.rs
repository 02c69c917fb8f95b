//! The past that profiles are tried on, as columns, with what came of its lines and what chooses now.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use customs::targeting::{OfficeCapacity, Plan};
use customs::terms::{ListBook, Profile};
use jiff::{SignedDuration, Timestamp};
use kernel::Procedure as _;
use node::selecting::{ChosenBy, Goods, PastLine, Verdict, list_book};
use serde::Deserialize as _;
use store::{Failure, Look, Query};
use target::batch::{Lines, thousandths};
use target::select::{Selection, Verdicts};

use crate::ask::{Ask, Problem};

/// The past as it was last read.
#[derive(Default)]
pub(crate) struct Remembered(Mutex<Option<Arc<Past>>>);

/// Lines of the past, with what came of them and what chooses now.
pub(super) struct Past {
    pub(super) lines: Lines,
    pub(super) verdicts: Verdicts,
    pub(super) in_force: Selection<ListBook>,
    /// Lines a day by office, where somebody said so.
    pub(super) offices: BTreeMap<String, u32>,
    read: Timestamp,
}

/// The past of the node that is asked; read anew where it was read long ago.
///
/// # Errors
/// What the store says.
pub(super) fn past(ask: &Ask) -> Result<Arc<Past>, Problem> {
    let remembered = &ask.app.past.0;
    let known = remembered.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(known) = known.filter(|known| ask.now.duration_since(known.read) < FRESH) {
        return Ok(known);
    }
    let fresh = Arc::new(ask.read(|look| Past::read(look, ask.now))?);
    *remembered.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
    Ok(fresh)
}

impl Past {
    fn read(look: &dyn Look, now: Timestamp) -> Result<Self, Failure> {
        let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
        let past = node::selecting::past(look, today)?;
        let query = Query {
            desk: Some(Plan::NAME.into()),
            stages: vec!["in-force".into()],
            limit: PROFILES,
            ..Query::default()
        };
        let rows = look.cases(&query)?.rows;
        let profiles = rows.iter().filter_map(|row| Profile::deserialize(&row.summary.shown["profile"]).ok());
        let in_force = Selection::of(profiles, list_book(look)?);
        let mut lines = Goods::batch(past.iter().map(|line| &line.goods));
        lines.count(in_force.gauges());
        Ok(Self { lines, verdicts: verdicts(&past), in_force, offices: offices(look)?, read: now })
    }
}

/// What offices can look at in a day.
fn offices(look: &dyn Look) -> Result<BTreeMap<String, u32>, Failure> {
    let query = Query { desk: Some(OfficeCapacity::NAME.into()), limit: OFFICES, ..Query::default() };
    let rows = look.cases(&query)?.rows;
    let can = |row: &store::CaseRow| Some(row.state.read::<OfficeCapacity>().ok()?.can()?.lines);
    Ok(rows.iter().filter_map(|row| Some((row.id.key().to_owned(), can(row)?))).collect())
}

fn verdicts(past: &[PastLine]) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for (row, line) in (0..).zip(past) {
        let Some(found) = &line.found else { continue };
        match found.verdict {
            Verdict::Wrong => verdicts.wrong.insert(row),
            Verdict::Right => verdicts.right.insert(row),
        };
        if found.chosen == ChosenBy::Chance {
            verdicts.by_chance.insert(row);
        }
        if let Some(recovered) = &found.recovered {
            verdicts.recovered.insert(row, thousandths(recovered.amount));
        }
    }
    verdicts
}

/// The most offices that are looked at.
const OFFICES: u32 = 2_000;
/// The most profiles in force that are looked at.
const PROFILES: u32 = 5_000;
/// For so long a past that was read stands.
const FRESH: SignedDuration = SignedDuration::from_mins(2);
