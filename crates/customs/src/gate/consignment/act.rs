//! What parties may want of a consignment.

use kernel::{CaseId, Named};
use serde::{Deserialize, Serialize};

use super::super::believed::Believed;
use super::super::{Difference, Tie};
use crate::declaration::Declaration;

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Our declaration is there, or is there changed.
    Declare {
        /// The declaration as it is now.
        declaration: Box<Declaration>,
    },
    /// The matcher ties a received item to it, or judges the tie anew.
    Link {
        /// The tie, with reasons and differences.
        tie: Box<Tie>,
    },
    /// The tie does not hold any more.
    Unlink {
        /// The received item.
        item: CaseId,
        /// Why: `voided`, `better-link`, `wrong-link`.
        reason: String,
    },
    /// What is wrong with our own declaration by itself.
    Check {
        /// Everything found; nothing where nothing is wrong any more.
        differences: Vec<Difference>,
    },
    /// Of several ways to tie it, somebody picks one, or none.
    Choose {
        /// The received item that is about these goods; without it, none of them is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<CaseId>,
    },
    /// A claim of the declaration was judged, or judged otherwise.
    Believe {
        /// What it is worth.
        believed: Box<Believed>,
    },
    /// A finding on it was decided, or opened again.
    NoteFinding {
        /// The finding.
        finding: CaseId,
        /// Whether it awaits a verdict.
        awaits: Awaits,
    },
    /// It is held for control.
    Hold {
        /// Why.
        reason: String,
    },
    /// It is let go.
    Release {
        /// Why; needed where findings are open.
        #[serde(default)]
        reason: String,
    },
    /// Our declaration was cancelled.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// Whether a finding awaits a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Awaits {
    /// Somebody must still decide.
    Verdict,
    /// Nothing.
    Nothing,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Declare { .. } => "declare",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::Check { .. } => "check",
            Self::Choose { .. } => "choose",
            Self::Believe { .. } => "believe",
            Self::NoteFinding { .. } => "note-finding",
            Self::Hold { .. } => "hold",
            Self::Release { .. } => "release",
            Self::Withdraw { .. } => "withdraw",
        }
    }
}
