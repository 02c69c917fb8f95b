//! What somebody filled in and could not be taken as it stood: kept for the page they go back to, so that nothing is typed twice.

use kernel::{CaseId, Refusal, Wrong};

/// A filled-in form that was not taken.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The case it is on; of an act that opens one, a case of its desk.
    pub case: CaseId,
    /// The act.
    pub act: String,
    /// What was filled in: names without `with.`, and values.
    pub given: Vec<(String, String)>,
    /// What is wrong with it, field by field.
    pub wrongs: Vec<Wrong>,
    /// Why the tables or the procedure refused it.
    pub refusal: Option<Refusal>,
    /// The group that is to have more lines, where that was asked for.
    pub more: String,
}

impl Draft {
    /// The first value filled in under a name; empty where there is none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.given.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// Whether a value was filled in under a name, among others.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.given.iter().any(|(given, found)| given == name && found == value)
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn wrong(&self, name: &str) -> Option<&Wrong> {
        self.wrongs.iter().find(|wrong| wrong.field == name)
    }

    /// How many lines of a group were filled in or shown.
    #[must_use]
    pub fn lines(&self, name: &str) -> usize {
        let start = format!("{name}.");
        let number = |given: &str| given.strip_prefix(&start)?.split('.').next()?.parse::<usize>().ok();
        self.given.iter().filter_map(|(given, _)| number(given)).map(|number| number + 1).max().unwrap_or(0)
    }
}
