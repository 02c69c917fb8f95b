//! Chips and pages: what narrows a list, with counts that open what they count, and how a long list is leafed through.

use store::{Failure, Look, Query, Tally};

use crate::fields::Fields;
use crate::frame::{Frame, Here};

use super::standing;

/// How many rows a page of a list has.
pub(super) const ROWS: u32 = 50;

/// One chip.
#[derive(Clone, Debug)]
pub(super) struct Chip {
    /// What it says.
    pub word: String,
    /// How many items it opens.
    pub count: String,
    /// The list it opens.
    pub href: String,
    /// The class that colours it.
    pub tone: &'static str,
    /// The sign before its word; empty for none.
    pub sign: &'static str,
    /// Whether the list is the one shown.
    pub chosen: Here,
}

/// Where a list is, and where it goes on.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    /// The last page, from 1.
    pub last: u64,
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
    /// `51–100 of 1,204`.
    pub sentence: String,
}

/// What the first chip of a list counts and opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// Everything.
    All,
    /// Everything but these stages, in which nothing more is expected to happen; called by this key.
    Open(&'static str, &'static [&'static str]),
}

/// The chips of a list whose stages can be picked one at a time; the first chip is what is shown when none is picked.
///
/// # Errors
/// What the store says.
pub(super) fn of_stages(
    frame: &Frame,
    look: &dyn Look,
    whole: &Query,
    (first, stages): (First, &[&'static str]),
    picked: &Fields,
) -> Result<Vec<Chip>, Failure> {
    let counts = look.tally(whole, Tally::Stage)?;
    let count = |stage: &str| counts.iter().find(|(name, _)| name == stage).map_or(0, |found| found.1);
    let desk = whole.desk.as_deref().unwrap_or_default();
    let chosen = picked.text("stage");
    let (key, closed) = match first {
        First::All => ("chips.all", &[][..]),
        First::Open(key, closed) => (key, closed),
    };
    let all: u64 =
        counts.iter().filter(|(stage, _)| !closed.contains(&stage.as_str())).map(|found| found.1).sum();
    let first = Chip {
        word: frame.t(key).to_owned(),
        count: frame.count(&all),
        href: address(picked, ""),
        tone: "calm",
        sign: "",
        chosen: here(chosen.is_empty()),
    };
    let rest = stages.iter().filter(|stage| count(stage) > 0 || chosen == **stage).map(|stage| {
        let (tone, sign) = standing::look(desk, stage);
        Chip {
            word: frame.word(&format!("stage.{desk}"), stage),
            count: frame.count(&count(stage)),
            href: address(picked, stage),
            tone,
            sign,
            chosen: here(chosen == *stage),
        }
    });
    Ok(std::iter::once(first).chain(rest).collect())
}

impl Pages {
    /// Where a list of `total` rows is, at the page its address names.
    #[must_use]
    pub(super) fn of(frame: &Frame, picked: &Fields, total: u64) -> Self {
        let rows = u64::from(ROWS);
        let (page, last) = (page_of(picked), total.div_ceil(rows).max(1));
        let (first, end) = ((page - 1) * rows + 1, (page * rows).min(total));
        let leaf = |page: u64| format!("?{}", picked.with("page", &page.to_string()));
        let values = [frame.count(&first), frame.count(&end), frame.count(&total)];
        Self {
            last,
            before: (page > 1).then(|| leaf(page - 1)),
            after: (page < last).then(|| leaf(page + 1)),
            sentence: frame
                .language
                .say("pager.place", &[("first", &values[0]), ("last", &values[1]), ("total", &values[2])]),
        }
    }
}

/// The page an address names, from 1.
#[must_use]
pub(super) fn page_of(picked: &Fields) -> u64 {
    picked.number("page").unwrap_or(1).clamp(1, 1_000_000)
}

/// The same query, at the page its address names.
#[must_use]
pub(super) fn paged(query: Query, picked: &Fields) -> Query {
    Query { offset: (page_of(picked) - 1) * u64::from(ROWS), limit: ROWS, ..query }
}

/// `yes` as a place.
#[must_use]
pub(super) const fn here(yes: bool) -> Here {
    if yes { Here::Yes } else { Here::No }
}

fn address(picked: &Fields, stage: &str) -> String {
    let rest = Fields::read(picked.with("page", "").as_bytes());
    let query = rest.with("stage", stage);
    if query.is_empty() { "?".to_owned() } else { format!("?{query}") }
}
