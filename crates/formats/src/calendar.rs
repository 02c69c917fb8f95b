//! Calendars other programs subscribe to: iCalendar (RFC 5545), moments in UTC, lines folded at 75 octets.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// Its entries.
    pub entries: Vec<CalendarEntry>,
}

/// One entry: something that takes a while, or a moment by which something is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarEntry {
    /// Names it for good, so that a newer one takes its place.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// More about it.
    pub text: String,
    /// Where.
    pub place: String,
    /// Its page.
    pub address: String,
    /// When it begins, or is due.
    pub begins: Timestamp,
    /// When it ends; where nothing, it is a moment.
    pub ends: Option<Timestamp>,
    /// Whether it no longer takes place.
    pub state: EntryState,
}

/// Whether an entry stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntryState {
    /// It stands.
    #[default]
    Standing,
    /// It does not take place.
    Cancelled,
}

/// Writes a calendar as it stands at `now`.
#[must_use]
pub fn write_calendar(calendar: &Calendar, now: Timestamp) -> Vec<u8> {
    let mut out = String::new();
    line(&mut out, "BEGIN", "VCALENDAR");
    line(&mut out, "VERSION", "2.0");
    line(&mut out, "PRODID", "-//Sampan//Cooperation//EN");
    line(&mut out, "CALSCALE", "GREGORIAN");
    line(&mut out, "METHOD", "PUBLISH");
    line(&mut out, "X-WR-CALNAME", &escaped(&calendar.name));
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    for entry in &calendar.entries {
        write_entry(&mut out, entry, now);
    }
    line(&mut out, "END", "VCALENDAR");
    out.into_bytes()
}

fn write_entry(out: &mut String, entry: &CalendarEntry, now: Timestamp) {
    line(out, "BEGIN", "VEVENT");
    line(out, "UID", &escaped(&entry.id));
    line(out, "DTSTAMP", &moment(now));
    line(out, "DTSTART", &moment(entry.begins));
    if let Some(ends) = entry.ends {
        line(out, "DTEND", &moment(ends));
    }
    line(out, "SUMMARY", &escaped(&entry.title));
    let optional = [("DESCRIPTION", &entry.text), ("LOCATION", &entry.place)];
    for (name, text) in optional.into_iter().filter(|(_, text)| !text.is_empty()) {
        line(out, name, &escaped(text));
    }
    // An address is a URI and not text: nothing in it is escaped, and no control character gets in.
    if !entry.address.is_empty() && !entry.address.contains(char::is_control) {
        line(out, "URL", &entry.address);
    }
    let busy = if entry.ends.is_some() { "OPAQUE" } else { "TRANSPARENT" };
    line(out, "TRANSP", busy);
    let state = match entry.state {
        EntryState::Standing => "CONFIRMED",
        EntryState::Cancelled => "CANCELLED",
    };
    line(out, "STATUS", state);
    line(out, "END", "VEVENT");
}

fn moment(at: Timestamp) -> String {
    TimeZone::UTC.to_datetime(at).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value (RFC 5545, section 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// A content line, folded so that no part is longer than 75 octets and no character is cut (section 3.1).
fn line(out: &mut String, name: &str, value: &str) {
    let mut whole = String::new();
    let _ = write!(whole, "{name}:{value}");
    let mut width = 0;
    for letter in whole.chars() {
        if width + letter.len_utf8() > LINE_MAX {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(letter);
        width += letter.len_utf8();
    }
    out.push_str("\r\n");
}

const LINE_MAX: usize = 75;

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> CalendarEntry {
        CalendarEntry {
            id: "meeting/DGC-33@vn".into(),
            title: "Phiên song phương; Thái Lan, phòng 2".into(),
            text: "dòng một\ndòng hai \\ hết".into(),
            begins: "2026-06-04T01:00:00Z".parse().expect("a moment"),
            ends: Some("2026-06-04T01:30:00Z".parse().expect("a moment")),
            ..CalendarEntry::default()
        }
    }

    fn written(entries: Vec<CalendarEntry>) -> String {
        let calendar = Calendar { name: "Hải quan".into(), entries };
        let bytes = write_calendar(&calendar, "2026-06-01T00:00:00Z".parse().expect("a moment"));
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn what_would_end_a_value_is_escaped() {
        let text = written(vec![entry()]);
        assert!(text.contains("SUMMARY:Phiên song phương\\; Thái Lan\\, phòng 2\r\n"), "{text}");
        assert!(text.contains("DESCRIPTION:dòng một\\ndòng hai \\\\ hết\r\n"));
        assert!(text.contains("DTSTART:20260604T010000Z\r\nDTEND:20260604T013000Z\r\n"));
    }

    #[test]
    fn no_line_is_longer_than_seventy_five_octets_and_unfolding_gives_the_text_back() {
        let title = "Điều đã hứa ở mọi diễn đàn: ai, hạn nào, bằng chứng gì. ".repeat(5);
        let text = written(vec![CalendarEntry { title: title.clone(), ..entry() }]);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_MAX));
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{}", escaped(&title))));
    }

    #[test]
    fn nothing_in_a_title_begins_a_line_of_its_own() {
        let title = "x\r\nEND:VEVENT\r\nBEGIN:VALARM".to_owned();
        let text = written(vec![CalendarEntry { title, address: "https://a/\r\nX:1".into(), ..entry() }]);
        assert_eq!(text.matches("\r\nEND:VEVENT\r\n").count(), 1);
        assert!(!text.contains("VALARM\r\n") || text.contains("\\nBEGIN:VALARM"));
        assert!(!text.contains("\r\nX:1"));
    }
}
