//! The past that profiles are tried on: the goods lines of the newest consignments, with what officers found in them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use customs::gate::Consignment;
use customs::targeting::{Plan, Referral};
use customs::terms::{ListBook, Profile};
use jiff::{SignedDuration, Timestamp};
use kernel::Procedure as _;
use node::selecting::Goods;
use serde::Deserialize as _;
use store::{CaseRow, Failure, Look, Order, Query};
use target::batch::Lines;
use target::select::{Selection, Verdicts};

use crate::ask::{Ask, Problem};

/// Lines of the past, with what came of them and what chooses now.
pub(super) struct Past {
    pub(super) lines: Lines,
    pub(super) verdicts: Verdicts,
    pub(super) in_force: Selection<ListBook>,
    read: Timestamp,
}

/// The past of the node that is asked; read anew where it was read long ago.
///
/// # Errors
/// What the store says.
pub(super) fn past(ask: &Ask) -> Result<Arc<Past>, Problem> {
    static KNOWN: Mutex<BTreeMap<String, Arc<Past>>> = Mutex::new(BTreeMap::new());
    let us = ask.app.node.identity().id.to_string();
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(&us).cloned();
    if let Some(known) = known.filter(|known| ask.now.duration_since(known.read) < FRESH) {
        return Ok(known);
    }
    let fresh = Arc::new(ask.read(|look| Past::read(look, ask.now))?);
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(us, Arc::clone(&fresh));
    Ok(fresh)
}

impl Past {
    fn read(look: &dyn Look, now: Timestamp) -> Result<Self, Failure> {
        let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
        let mut goods: Vec<Goods> = Vec::new();
        each(look, Consignment::NAME, NEWEST, |row| {
            if let Ok(consignment) = Consignment::deserialize(&row.state) {
                goods.extend(Goods::of(&consignment, &[], today));
            }
        })?;
        let rows: BTreeMap<&str, u32> =
            (0..).zip(&goods).map(|(row, goods)| (goods.line.as_str(), row)).collect();
        let mut verdicts = Verdicts::default();
        each(look, Referral::NAME, REFERRALS, |row| take(&mut verdicts, &rows, row))?;
        let mut in_force = Vec::new();
        each(look, Plan::NAME, PROFILES, |row| {
            let profile = Profile::deserialize(&row.summary.shown["profile"]);
            in_force.extend(profile.ok().filter(|_| row.summary.stage == "in-force"));
        })?;
        let in_force = Selection::of(in_force, ListBook::default());
        let mut lines = Goods::batch(&goods);
        lines.count(in_force.gauges());
        Ok(Self { lines, verdicts, in_force, read: now })
    }
}

/// Takes in what an officer found in a line.
fn take(verdicts: &mut Verdicts, rows: &BTreeMap<&str, u32>, row: &CaseRow) {
    let Ok(referral) = Referral::deserialize(&row.state) else { return };
    let Some(line) = referral.referred().and_then(|referred| rows.get(referred.line.as_str())) else { return };
    let Some((outcome, recovered)) = referral.result() else { return };
    match outcome.is_wrong() {
        Some(true) => drop(verdicts.wrong.insert(*line)),
        Some(false) => drop(verdicts.right.insert(*line)),
        None => return,
    }
    if referral.is_by_chance() {
        verdicts.by_chance.insert(*line);
    }
    if let Some(recovered) = recovered {
        verdicts.recovered.insert(*line, target::batch::thousandths(recovered.amount));
    }
}

/// Goes through the newest cases of a desk, so many at most.
pub(super) fn each(look: &dyn Look, desk: &str, most: u64, mut take: impl FnMut(&CaseRow)) -> Result<(), Failure> {
    let mut query =
        Query { desk: Some(desk.to_owned()), order: Order::Newest, limit: AT_ONCE, ..Query::default() };
    loop {
        let page = look.cases(&query)?;
        page.rows.iter().for_each(&mut take);
        query.offset += page.rows.len() as u64;
        if page.rows.is_empty() || query.offset >= page.total || query.offset >= most {
            return Ok(());
        }
    }
}

const AT_ONCE: u32 = 500;
/// The newest consignments, referrals and profiles that are looked at.
const NEWEST: u64 = 20_000;
const REFERRALS: u64 = 20_000;
const PROFILES: u64 = 5_000;
/// For so long a past that was read stands.
const FRESH: SignedDuration = SignedDuration::from_mins(2);
