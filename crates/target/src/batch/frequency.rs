//! How often a value was seen over the days up to a line's own.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use jiff::civil::Date;

/// For every line, how many lines with the same code there are on the `days` days that end with its own, itself and all
/// lines of its day included. The order of lines does not matter.
#[must_use]
pub fn occurrences(days: &[Date], codes: &[u32], over: u16) -> Vec<u32> {
    let mut order: Vec<usize> = (0..days.len()).collect();
    order.sort_by_key(|row| days[*row]);
    let mut windows: BTreeMap<u32, VecDeque<(Date, u32)>> = BTreeMap::new();
    let mut counts = vec![0; days.len()];
    for of_day in order.chunk_by(|a, b| days[*a] == days[*b]) {
        let day = days[of_day[0]];
        for row in of_day {
            let window = windows.entry(codes[*row]).or_default();
            match window.back_mut() {
                Some((last, count)) if *last == day => *count += 1,
                _ => window.push_back((day, 1)),
            }
        }
        for row in of_day {
            let Some(window) = windows.get_mut(&codes[*row]) else { continue };
            while window.front().is_some_and(|(first, _)| is_past(*first, day, over)) {
                window.pop_front();
            }
            counts[*row] = window.iter().map(|(_, count)| count).sum();
        }
    }
    counts
}

fn is_past(first: Date, day: Date, over: u16) -> bool {
    day.since(first).map_or(true, |span| span.get_days() >= i32::from(over))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_window_ends_with_the_lines_own_day() {
        let days =
            [date(2026, 1, 1), date(2026, 1, 3), date(2026, 1, 3), date(2026, 1, 10), date(2026, 1, 3)];
        assert_eq!(occurrences(&days, &[7, 7, 7, 7, 8], 3), [1, 3, 3, 1, 1]);
        assert_eq!(occurrences(&days, &[7, 7, 7, 7, 8], 1), [1, 2, 2, 1, 1]);
    }

    #[test]
    fn the_order_of_lines_does_not_matter() {
        let days = [date(2026, 1, 3), date(2026, 1, 1)];
        assert_eq!(occurrences(&days, &[7, 7], 3), [2, 1]);
    }
}
