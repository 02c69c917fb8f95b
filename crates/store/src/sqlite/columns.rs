//! How values stand in columns: moments, severities, kinds, and the engine's errors in our words.

use jiff::Timestamp;
use kernel::{ActId, Digest, Happening, Severity, Summary};
use rusqlite::ErrorCode;

use crate::Failure;

/// The codes of severities by their number in the column.
const SEVERITIES: [&str; 5] = ["", "note", "warning", "error", "fatal"];

/// What the column `due` holds where nothing is due: after every moment.
pub(super) const NEVER: i64 = i64::MAX;

/// A moment as columns order it: nanoseconds since 1970. Moments before 1677 and after 2262 stand at those ends; the
/// exact moment is in the row's own text.
pub(super) fn moment(at: Timestamp) -> i64 {
    at.as_nanosecond().clamp(i128::from(i64::MIN), i128::from(NEVER - 1)) as i64
}

pub(super) fn due(summary: &Summary) -> i64 {
    summary.due.map_or(NEVER, moment)
}

pub(super) const fn severity(severity: Option<Severity>) -> i64 {
    match severity {
        None => 0,
        Some(Severity::Note) => 1,
        Some(Severity::Warning) => 2,
        Some(Severity::Error) => 3,
        Some(Severity::Fatal) => 4,
    }
}

/// The code of a severity in the column; empty for none.
pub(super) fn severity_code(number: i64) -> &'static str {
    usize::try_from(number).ok().and_then(|number| SEVERITIES.get(number).copied()).unwrap_or_default()
}

/// The kind of entry, and the act it names.
pub(super) fn kind_and_act(what: &Happening) -> (&'static str, Option<&ActId>) {
    match what {
        Happening::Event { act, .. } => ("event", Some(act)),
        Happening::Refused { act, .. } => ("refused", Some(act)),
        Happening::Witnessed { .. } => ("witnessed", None),
        Happening::Edition { .. } => ("edition", None),
    }
}

/// A number of an entry or a count as SQLite holds it.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number of an entry or a count as SQLite gave it.
pub(super) fn number(integer: i64) -> u64 {
    u64::try_from(integer).unwrap_or_default()
}

/// Turns the engine's error into ours.
pub(super) fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> Failure {
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged("the database", error),
        Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig) => {
            Failure::Unfit { what: format!("{doing}: {error}") }
        }
        _ => Failure::Engine { doing, cause: error.to_string() },
    }
}

/// What the operating system said about a file.
pub(super) fn unreachable(doing: &'static str) -> impl Fn(std::io::Error) -> Failure {
    move |error| Failure::Engine { doing, cause: error.to_string() }
}

/// Damage at a place.
pub(super) fn damaged(place: impl Into<String>, what: impl std::fmt::Display) -> Failure {
    Failure::Damaged { place: place.into(), what: what.to_string() }
}

/// The digest in a column of 32 bytes.
pub(super) fn digest(bytes: &[u8], place: impl FnOnce() -> String) -> Result<Digest, Failure> {
    let bytes = <[u8; 32]>::try_from(bytes);
    bytes.map(Digest::from_bytes).map_err(|_| damaged(place(), "a digest has 32 bytes"))
}

/// A JSON text in a column, read.
pub(super) fn json<T: serde::de::DeserializeOwned>(
    text: &str,
    place: impl FnOnce() -> String,
) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| damaged(place(), error))
}

/// A value as JSON text for a column.
pub(super) fn text(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Unfit { what: error.to_string() })
}
