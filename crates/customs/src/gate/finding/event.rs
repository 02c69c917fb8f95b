//! What happened on a finding.

use jiff::civil::Date;
use kernel::{Attachment, CaseId};
use serde::{Deserialize, Serialize};

use super::super::Difference;
use super::Proposed;
use crate::terms::Verdict;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Raised, or raised anew with other values.
    Raised {
        /// The consignment it is on.
        consignment: CaseId,
        /// The received item it stands on.
        item: CaseId,
        /// Giver and declaration number.
        export: String,
        /// What differs.
        difference: Box<Difference>,
        /// The day the goods arrive: before it a decision costs nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decide_before: Option<Date>,
    },
    /// Gone.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// The goods are being looked at.
    InspectionOrdered {
        /// What to look for.
        note: String,
    },
    /// A request to the partner is born of it.
    PartnerAsked {
        /// The request.
        request: CaseId,
        /// What we need to know.
        need: String,
    },
    /// What was found in the goods.
    Inspected {
        /// What.
        result: String,
        /// A picture of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        photo: Option<Attachment>,
    },
    /// A second person has to agree.
    Proposed {
        /// The verdict.
        #[serde(flatten)]
        proposed: Proposed,
    },
    /// A second person agreed.
    Confirmed {
        /// Who.
        by: String,
    },
    /// A second person did not.
    Objected {
        /// Who.
        by: String,
        /// Why.
        note: String,
    },
    /// Concluded.
    Decided {
        /// What.
        verdict: Verdict,
        /// Why, as a code.
        reason: String,
        /// More, in words.
        note: String,
    },
    /// The giver knows.
    Told {
        /// The receipted response.
        evidence: CaseId,
    },
}
