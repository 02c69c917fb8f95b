//! What somebody promised by a moment, as an obligation.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Limit, NodeId, Owed, Role};
use serde::{Deserialize, Serialize};

use crate::roles::{DIRECTOR, SECRETARY};

/// Who promised what to whom by when, and how much later the Director General hears of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Promise {
    /// Who owes: an administration, a ministry, a unit.
    pub by: NodeId,
    /// To whom.
    pub to: NodeId,
    /// By when.
    pub due: Timestamp,
    /// How long after that the Director General hears of it; never where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub director_after: Option<Limit>,
}

impl Promise {
    /// The obligation `what` about `about`, from this source.
    #[must_use]
    pub fn owed(&self, what: &str, about: &CaseId, source: &str) -> Owed {
        let secretary = std::iter::once((Limit::seconds(1), SECRETARY));
        let director = self.director_after.map(|after| (after, DIRECTOR));
        Owed {
            by: self.by.clone(),
            to: self.to.clone(),
            what: what.to_owned(),
            about: about.clone(),
            source: source.to_owned(),
            due: self.due,
            escalation: secretary.chain(director).collect::<Vec<(Limit, Role)>>(),
        }
    }

    /// The effect that opens it.
    #[must_use]
    pub fn open(&self, what: &str, about: &CaseId, source: &str) -> Effect {
        self.owed(what, about, source).open()
    }
}
