//! What happened on a consignment.

use std::collections::BTreeMap;

use kernel::CaseId;
use serde::{Deserialize, Serialize};

use super::super::believed::{Believed, Preference};
use super::super::{Difference, Tie};
use super::Awaits;
use crate::declaration::Declaration;
use crate::operator::Recognition;

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Declared, or declared anew.
    Declared {
        /// The declaration.
        declaration: Box<Declaration>,
    },
    /// Tied, or judged anew.
    Linked {
        /// The tie.
        tie: Box<Tie>,
        /// Findings that stood on the earlier judgement of this item and stand no more.
        gone: Vec<CaseId>,
    },
    /// No longer tied.
    Unlinked {
        /// The received item.
        item: CaseId,
        /// Why.
        reason: String,
        /// Findings that stood on it.
        gone: Vec<CaseId>,
    },
    /// Our own declaration was looked at by itself.
    Checked {
        /// Everything found.
        differences: Vec<Difference>,
        /// Findings that stood on an earlier look and stand no more.
        gone: Vec<CaseId>,
    },
    /// Of several ways to tie it, one was picked, or none.
    Chosen {
        /// The item that is about these goods.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<CaseId>,
        /// Those that are not, with the findings that stood on them.
        instead: BTreeMap<CaseId, Vec<CaseId>>,
    },
    /// A claim was judged.
    Believed {
        /// What it is worth.
        believed: Box<Believed>,
        /// Findings that stood on its earlier judgement and stand no more.
        gone: Vec<CaseId>,
    },
    /// A certificate is no longer quoted.
    Unquoted {
        /// Its case.
        subject: CaseId,
        /// Findings that stood on it.
        gone: Vec<CaseId>,
    },
    /// The recognition test came out otherwise than before.
    Recognised {
        /// How.
        recognition: Box<Recognition>,
        /// How before.
        before: Box<Recognition>,
    },
    /// At release: which preferences were given.
    PreferencesDecided {
        /// By line.
        preferences: Vec<Preference>,
    },
    /// A finding changed.
    FindingNoted {
        /// The finding.
        finding: CaseId,
        /// Whether it awaits a verdict.
        awaits: Awaits,
    },
    /// Held.
    Held {
        /// Why.
        reason: String,
        /// By whom.
        by: String,
    },
    /// Let go.
    Released {
        /// Why.
        reason: String,
        /// By whom.
        by: String,
    },
    /// Gone.
    Withdrawn {
        /// Why.
        reason: String,
    },
}
