//! Calendars for other programs: meetings with their bilateral sessions, what was promised, what is owed.

use customs::programme::{Commitment, Meeting, Slot};
use formats::{Calendar, CalendarEntry, EntryState, write_calendar};
use kernel::{CaseId, Obligation, Procedure as _};
use store::{CaseRow, Failure, Look, Order, Query};

use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::Frame;

/// One of the calendars everybody in steering has: `meetings.ics`, `commitments.ics`, `obligations.ics`.
///
/// # Errors
/// [`Problem::NotFound`] for another name, or what the store says.
pub(crate) fn calendar(ask: &Ask) -> Result<Reply, Problem> {
    let name = ask.params.text("name");
    let frame = Frame::plain(ask);
    let entries = match name {
        "meetings.ics" => ask.read(|look| meetings(&frame, look)),
        "commitments.ics" => ask.read(|look| due(&frame, look, Commitment::NAME, "")),
        "obligations.ics" => ask.read(|look| due(&frame, look, Obligation::NAME, &ours(&frame))),
        _ => return Err(Problem::NotFound),
    }?;
    let key = format!("calendar.{}", name.trim_end_matches(".ics"));
    Ok(file(ask, &frame, name, Calendar { name: frame.t(&key).to_owned(), entries }))
}

/// The calendar of one meeting with all its bilateral sessions.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn meeting_calendar(ask: &Ask) -> Result<Reply, Problem> {
    let case = CaseId::of(Meeting::NAME, ask.params.text("key"));
    let row = ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    let frame = Frame::plain(ask);
    let entries = of_meeting(&frame, &row, |_| true);
    let name = format!("{}.ics", path_of(case.key()));
    Ok(file(ask, &frame, &name, Calendar { name: row.summary.title.clone(), entries }))
}

fn file(ask: &Ask, frame: &Frame, name: &str, calendar: Calendar) -> Reply {
    let calendar = Calendar { name: format!("{} · {}", frame.node.id, calendar.name), ..calendar };
    Reply::file("text/calendar; charset=utf-8", name.to_owned(), write_calendar(&calendar, ask.now))
}

/// Every meeting, and of its sessions those we sit in.
fn meetings(frame: &Frame, look: &dyn Look) -> Result<Vec<CalendarEntry>, Failure> {
    let us = &frame.node.id;
    let query = Query { desk: Some(Meeting::NAME.into()), limit: ENTRIES_MAX, ..Query::default() };
    let rows = look.cases(&query)?.rows;
    Ok(rows
        .iter()
        .flat_map(|row| of_meeting(frame, row, |slot| slot.one == *us || slot.other == *us))
        .collect())
}

fn of_meeting(frame: &Frame, row: &CaseRow, wanted: impl Fn(&Slot) -> bool) -> Vec<CalendarEntry> {
    let Ok(meeting) = row.state.read::<Meeting>() else { return Vec::new() };
    let Some(plan) = meeting.plan() else { return Vec::new() };
    let state = if row.summary.stage == "cancelled" { EntryState::Cancelled } else { EntryState::Standing };
    let whole = CalendarEntry {
        id: id(frame, &row.id, ""),
        title: format!("{}: {}", plan.id, plan.title),
        text: format!("{} · {}", plan.forum, row.id),
        place: plan.place.clone(),
        begins: plan.begins,
        ends: Some(plan.ends),
        state,
        ..CalendarEntry::default()
    };
    let session = |slot: &Slot| CalendarEntry {
        id: id(frame, &row.id, &format!("/{}-{}-{}", slot.one, slot.other, slot.begins)),
        title: format!(
            "{} – {}",
            frame.word("country", slot.one.as_str()),
            frame.word("country", slot.other.as_str())
        ),
        text: format!("{} · {}", plan.id, row.id),
        place: slot.room.clone(),
        begins: slot.begins,
        ends: Some(slot.ends),
        state,
        ..CalendarEntry::default()
    };
    let sessions = meeting.slots().iter().filter(|slot| wanted(slot)).map(session);
    std::iter::once(whole).chain(sessions).collect()
}

/// Whose debts are ours, as the lanes of obligations begin.
fn ours(frame: &Frame) -> String {
    format!("{}>", frame.node.id)
}

/// What is open and has a moment, of a desk; of obligations those whose lane begins like this.
fn due(frame: &Frame, look: &dyn Look, desk: &str, lane: &str) -> Result<Vec<CalendarEntry>, Failure> {
    let query = Query {
        desk: Some(desk.to_owned()),
        closed: Some(false),
        order: Order::Due,
        limit: ENTRIES_MAX,
        ..Query::default()
    };
    let rows = look.cases(&query)?.rows;
    let entry = |row: &CaseRow| {
        Some(CalendarEntry {
            id: id(frame, &row.id, ""),
            title: if desk == Obligation::NAME {
                frame.word("owed", row.summary.title.split(':').next().unwrap_or_default())
            } else {
                row.summary.title.clone()
            },
            text: format!("{} · {}", row.summary.lane, row.id).trim_start_matches(" · ").to_owned(),
            begins: row.summary.due?,
            ..CalendarEntry::default()
        })
    };
    Ok(rows.iter().filter(|row| row.summary.lane.starts_with(lane)).filter_map(entry).collect())
}

fn id(frame: &Frame, case: &CaseId, more: &str) -> String {
    format!("{case}{more}@{}.sampan", frame.node.id.as_str().to_ascii_lowercase())
}

/// The most cases one calendar is made of.
const ENTRIES_MAX: u32 = 2_000;
