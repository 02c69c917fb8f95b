//! Moments as people read them: in the node's zone, with how far off they are.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Language;

/// Writes moments for one reader: the language, the node's zone, and what time it is.
#[derive(Clone, Debug)]
pub(crate) struct Moments {
    /// The reader's language.
    pub language: Language,
    /// The node's zone.
    pub zone: TimeZone,
    /// The moment the page is drawn.
    pub now: Timestamp,
}

impl Moments {
    /// Date and time: `22/11/2026 07:30` or `22 Nov 2026, 07:30`.
    #[must_use]
    pub(crate) fn full(&self, moment: Timestamp) -> String {
        let local = self.zone.to_datetime(moment);
        format!("{}{} {}", self.day(local.date()), self.comma(), self.clock(moment))
    }

    /// The time alone where it is today, else the day without its year and the time.
    #[must_use]
    pub(crate) fn short(&self, moment: Timestamp) -> String {
        let (local, today) = (self.zone.to_datetime(moment), self.zone.to_datetime(self.now).date());
        if local.date() == today {
            return self.clock(moment);
        }
        let day = self.day(local.date());
        let day = if local.date().year() == today.year() { without_year(&day) } else { &day };
        format!("{day}{} {}", self.comma(), self.clock(moment))
    }

    /// Hours and minutes.
    #[must_use]
    pub(crate) fn clock(&self, moment: Timestamp) -> String {
        let local = self.zone.to_datetime(moment);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// Hours, minutes and seconds, for records.
    #[must_use]
    pub(crate) fn exact(&self, moment: Timestamp) -> String {
        let local = self.zone.to_datetime(moment);
        format!("{}:{:02}", self.full(moment), local.second())
    }

    /// A day.
    #[must_use]
    pub(crate) fn day(&self, day: Date) -> String {
        match self.language {
            Language::Vietnamese => format!("{:02}/{:02}/{}", day.day(), day.month(), day.year()),
            Language::English => {
                format!(
                    "{} {} {}",
                    day.day(),
                    MONTHS[usize::from(day.month().unsigned_abs()) - 1],
                    day.year()
                )
            }
        }
    }

    /// A day as it lies to today: `today`, `tomorrow`, `yesterday`, else the day without its year.
    #[must_use]
    pub(crate) fn near_day(&self, day: Date) -> String {
        match self.days_until(day) {
            0 => self.language.text("time.today").to_owned(),
            1 => self.language.text("time.tomorrow").to_owned(),
            -1 => self.language.text("time.yesterday").to_owned(),
            _ => without_year(&self.day(day)).to_owned(),
        }
    }

    /// How many days off a day is; below zero where it is past.
    #[must_use]
    pub(crate) fn days_until(&self, day: Date) -> i32 {
        let today = self.zone.to_datetime(self.now).date();
        today.until(day).map_or(0, |span| span.get_days())
    }

    /// How far off a day is: `in 3 d`, `2 d late`; empty for today.
    #[must_use]
    pub(crate) fn until_day(&self, day: Date) -> String {
        let days = self.days_until(day);
        let span = format!("{}\u{a0}{}", days.unsigned_abs(), self.language.text("time.days"));
        match days {
            0 => String::new(),
            ..0 => self.language.say("time.late", &[("span", &span)]),
            1.. => self.language.say("time.in", &[("span", &span)]),
        }
    }

    /// What day it is, with its weekday.
    #[must_use]
    pub(crate) fn today(&self) -> String {
        let today = self.zone.to_datetime(self.now).date();
        let weekday = usize::try_from(today.weekday().to_monday_zero_offset()).unwrap_or_default();
        let name = match self.language {
            Language::Vietnamese => WEEKDAYS_VI[weekday],
            Language::English => WEEKDAYS_EN[weekday],
        };
        format!("{name}, {}", self.day(today))
    }

    /// How far off a moment is: `in 42 min`, `3 h late`; in the reader's words.
    #[must_use]
    pub(crate) fn until(&self, moment: Timestamp) -> String {
        let seconds = moment.as_second() - self.now.as_second();
        let key = if seconds < 0 { "time.late" } else { "time.in" };
        self.language.say(key, &[("span", &self.span(seconds.unsigned_abs()))])
    }

    /// A length of time in its two largest units at most.
    #[must_use]
    pub(crate) fn span(&self, seconds: u64) -> String {
        let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
        let unit = |count: u64, key: &str| format!("{count}\u{a0}{}", self.language.text(key));
        match () {
            () if minutes < 1 => unit(seconds, "time.seconds"),
            () if minutes < 60 => unit(minutes, "time.minutes"),
            () if hours < 10 && minutes % 60 > 0 => {
                format!("{} {}", unit(hours, "time.hours"), unit(minutes % 60, "time.minutes"))
            }
            () if hours < 48 => unit(hours, "time.hours"),
            () => unit(days, "time.days"),
        }
    }

    const fn comma(&self) -> &'static str {
        match self.language {
            Language::Vietnamese => "",
            Language::English => ",",
        }
    }
}

fn without_year(day: &str) -> &str {
    day.rsplit_once(['/', ' ']).map_or(day, |(rest, _)| rest)
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WEEKDAYS_VI: [&str; 7] = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"];

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(language: Language) -> Moments {
        Moments {
            language,
            zone: TimeZone::get("Asia/Ho_Chi_Minh").expect("the zone is bundled"),
            now: "2026-11-22T00:30:00Z".parse().expect("a moment"),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn moments_are_shown_in_the_zone_of_the_node() {
        let (vi, en) = (moments(Language::Vietnamese), moments(Language::English));
        let late = at("2026-11-21T18:05:09Z");
        assert_eq!((vi.full(late), en.full(late)), ("22/11/2026 01:05".into(), "22 Nov 2026, 01:05".into()));
        assert_eq!(en.exact(late), "22 Nov 2026, 01:05:09");
        assert_eq!(
            (vi.short(late), en.short(at("2026-11-20T00:00:00Z"))),
            ("01:05".into(), "20 Nov, 07:00".into())
        );
        assert_eq!(vi.today(), "Chủ Nhật, 22/11/2026");
    }

    #[test]
    fn how_far_off_a_moment_is_has_at_most_two_units() {
        let en = moments(Language::English);
        assert_eq!(en.until(at("2026-11-22T01:12:00Z")), "in 42\u{a0}min");
        assert_eq!(en.until(at("2026-11-21T21:10:00Z")), "3\u{a0}h 20\u{a0}min late");
        assert_eq!(en.until(at("2026-11-25T01:12:00Z")), "in 3\u{a0}d");
    }
}
