//! What parties may want of a finding.

use jiff::civil::Date;
use kernel::{Attachment, CaseId, Named};
use serde::{Deserialize, Serialize};

use super::super::Difference;
use crate::terms::Verdict;

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// The matcher saw a difference, or sees it changed.
    Raise {
        /// The consignment it is on.
        consignment: CaseId,
        /// The received item it stands on.
        item: CaseId,
        /// Giver and declaration number: `TH:2026-1`.
        export: String,
        /// What differs.
        difference: Box<Difference>,
        /// The day the goods arrive: before it a decision costs nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decide_before: Option<Date>,
    },
    /// The difference is gone.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// The goods are to be looked at.
    Inspect {
        /// What to look for.
        #[serde(default)]
        note: String,
    },
    /// Only the partner can tell: a request is born of it, with its subjects and both sides' values.
    AskPartner {
        /// What we need to know, and why.
        need: String,
    },
    /// What was found in the goods.
    RecordResult {
        /// What was counted, weighed or seen.
        result: String,
        /// A picture of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        photo: Option<Attachment>,
    },
    /// An officer concludes.
    Decide {
        /// What.
        verdict: Verdict,
        /// Why, as a code.
        reason: String,
        /// More, in words.
        #[serde(default)]
        note: String,
    },
    /// A second person agrees with a verdict that dismisses the finding.
    Confirm,
    /// A second person does not.
    Object {
        /// Why.
        note: String,
    },
    /// The giver has the verdict.
    Tell {
        /// The receipted response.
        evidence: CaseId,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Raise { .. } => "raise",
            Self::Withdraw { .. } => "withdraw",
            Self::Inspect { .. } => "inspect",
            Self::AskPartner { .. } => "ask-partner",
            Self::RecordResult { .. } => "record-result",
            Self::Decide { .. } => "decide",
            Self::Confirm => "confirm",
            Self::Object { .. } => "object",
            Self::Tell { .. } => "tell",
        }
    }
}
