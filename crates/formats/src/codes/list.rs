//! The lists themselves: one code and its short name a line, sorted by code, kept beside this file.

use std::sync::LazyLock;

/// One code list.
#[derive(Debug)]
pub struct Codes {
    rows: Vec<(&'static str, &'static str)>,
}

impl Codes {
    /// Reads lines of code, tab, name; sorted here, so that the file's order does not matter.
    fn read(text: &'static str) -> Self {
        let mut rows: Vec<_> = text.lines().filter_map(|line| line.split_once('\t')).collect();
        rows.sort_unstable();
        Self { rows }
    }

    /// Whether the list has this code.
    #[must_use]
    pub fn knows(&self, code: &str) -> bool {
        self.name(code).is_some()
    }

    /// The short name of a code.
    #[must_use]
    pub fn name(&self, code: &str) -> Option<&'static str> {
        let found = self.rows.binary_search_by(|(known, _)| (*known).cmp(code)).ok()?;
        Some(self.rows[found].1)
    }

    /// All codes with their names, in the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.rows.iter().copied()
    }
}

/// Countries, ISO 3166-1 alpha-2.
#[must_use]
pub fn countries() -> &'static Codes {
    static LIST: LazyLock<Codes> = LazyLock::new(|| Codes::read(include_str!("countries.tsv")));
    &LIST
}

/// Currencies, ISO 4217.
#[must_use]
pub fn currencies() -> &'static Codes {
    static LIST: LazyLock<Codes> = LazyLock::new(|| Codes::read(include_str!("currencies.tsv")));
    &LIST
}

/// Modes of transport, UN/ECE Recommendation 19.
#[must_use]
pub fn modes() -> &'static Codes {
    static LIST: LazyLock<Codes> = LazyLock::new(|| Codes::read(include_str!("modes.tsv")));
    &LIST
}

/// Kinds of packages, UN/ECE Recommendation 21.
#[must_use]
pub fn packages() -> &'static Codes {
    static LIST: LazyLock<Codes> = LazyLock::new(|| Codes::read(include_str!("packages.tsv")));
    &LIST
}

/// Units of measure, UN/ECE Recommendation 20, with the package codes that trade also counts in.
#[must_use]
pub fn units() -> &'static Codes {
    static LIST: LazyLock<Codes> = LazyLock::new(|| Codes::read(include_str!("units.tsv")));
    &LIST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_know_what_trade_uses() {
        for (list, code, name) in [
            (countries(), "VN", true),
            (countries(), "XK", false),
            (currencies(), "LAK", true),
            (currencies(), "ZZZ", false),
            (modes(), "3", true),
            (packages(), "CT", true),
            (packages(), "?", false),
            (units(), "KGM", true),
            (units(), "NAR", true),
            (units(), "kgm", false),
        ] {
            assert_eq!(list.knows(code), name, "{code}");
        }
    }

    #[test]
    fn every_line_of_a_list_is_a_code_and_a_name_once() {
        for list in [countries(), currencies(), modes(), packages(), units()] {
            assert!(list.iter().all(|(code, name)| !code.is_empty() && !name.is_empty()));
            assert!(list.rows.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
