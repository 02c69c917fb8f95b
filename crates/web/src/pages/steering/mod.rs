//! The pages of steering: the commitment board over all forums, the brief for a partner, the reviewer's watch list,
//! calendars for other programs, delegates from a table.

mod board;
mod brief;
mod brief_paper;
mod calendar;
mod delegates;
mod watch;

pub(crate) use board::board;
pub(crate) use brief::{brief, briefs};
pub(crate) use brief_paper::brief_paper;
pub(crate) use calendar::{calendar, meeting_calendar};
pub(crate) use delegates::{delegates, delegates_form};
pub(crate) use watch::watch;
