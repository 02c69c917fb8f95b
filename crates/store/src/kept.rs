//! A case as it is kept, not read yet.

use kernel::{CaseId, Procedure, State};

use crate::{CaseRow, Failure};

/// A case as it is kept. Whoever goes through many reads of each only what it needs, several side by side where it wants.
#[derive(Clone, Debug)]
pub struct KeptCase {
    /// The case.
    pub id: CaseId,
    /// The entry that opened it.
    pub opened: u64,
    /// The entry that last changed it.
    pub changed: u64,
    pub(crate) state: String,
    pub(crate) summary: String,
}

impl KeptCase {
    /// What its procedure keeps, and nothing else of it; `None` where it is none of this procedure.
    #[must_use]
    pub fn own<P: Procedure>(&self) -> Option<P> {
        serde_json::from_str(&self.state).ok()
    }

    /// All of it.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where its texts are not what was kept.
    pub fn read(self) -> Result<CaseRow, Failure> {
        let damaged = |error: serde_json::Error| Failure::Damaged {
            place: format!("case {}", self.id),
            what: error.to_string(),
        };
        let state = State::from_text(self.state).map_err(damaged)?;
        let summary = serde_json::from_str(&self.summary).map_err(damaged)?;
        Ok(CaseRow { id: self.id, state, summary, opened: self.opened, changed: self.changed })
    }

    /// How many bytes of text it is.
    pub(crate) const fn text(&self) -> usize {
        self.state.len() + self.summary.len()
    }
}
