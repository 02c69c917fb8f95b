//! A case as it is kept, not read yet.

use kernel::{CaseId, Procedure, State};
use serde::de::IgnoredAny;

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
    ///
    /// # Errors
    /// [`Failure::Damaged`] where it is nothing that was ever kept.
    pub fn own<P: Procedure>(&self) -> Result<Option<P>, Failure> {
        serde_json::from_str(&self.state).map(Some).or_else(|_| {
            let whole = serde_json::from_str::<IgnoredAny>(&self.state);
            whole.map(|_| None).map_err(|error| self.damaged(&error))
        })
    }

    /// All of it.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where its texts are not what was kept.
    pub fn read(self) -> Result<CaseRow, Failure> {
        let summary = serde_json::from_str(&self.summary).map_err(|error| self.damaged(&error))?;
        let Self { id, opened, changed, state, .. } = self;
        let state = State::from_text(state).map_err(|error| damaged(&id, &error))?;
        Ok(CaseRow { id, state, summary, opened, changed })
    }

    fn damaged(&self, error: &serde_json::Error) -> Failure {
        damaged(&self.id, error)
    }

    /// How many bytes of text it is.
    pub(crate) const fn text(&self) -> usize {
        self.state.len() + self.summary.len()
    }
}

fn damaged(id: &CaseId, error: &serde_json::Error) -> Failure {
    Failure::Damaged { place: format!("case {id}"), what: error.to_string() }
}

#[cfg(test)]
mod tests {
    use kernel::Obligation;

    use super::*;

    fn kept(state: &str) -> KeptCase {
        let (state, summary) = (state.to_owned(), "null".to_owned());
        KeptCase { id: CaseId::new("item/1"), opened: 0, changed: 0, state, summary }
    }

    #[test]
    fn what_is_of_another_procedure_is_passed_over_and_what_was_never_kept_is_told() {
        assert!(kept(r#"{"stage":7}"#).own::<Obligation>().expect("is whole").is_none());
        for cut in [r#"{"stage":7"#, r#"{"stage":7}}"#, ""] {
            let told = kept(cut).own::<Obligation>().expect_err("is no JSON").to_string();
            assert!(told.contains("case item/1"), "{told}");
        }
    }
}
