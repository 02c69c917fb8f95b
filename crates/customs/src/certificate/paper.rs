//! Which certificate a case is about, the paper as it was received, and what was claimed on it.

use kernel::{CaseId, NodeId, Procedure as _};
use serde::{Deserialize, Serialize};

use super::Certificate;
use super::claim::{Claim, Claimable, Judged, Standing};

/// Which certificate it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The issuing country.
    pub issuer: String,
    /// The kind, such as `ephyto` or `form-d`.
    pub kind: String,
    /// The number.
    pub number: String,
}

impl About {
    /// The certificate's case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        let number: String =
            self.number.chars().map(|c| if c == '/' || c.is_whitespace() { '_' } else { c }).collect();
        CaseId::of(Certificate::NAME, format_args!("{}-{}-{number}", self.issuer, self.kind))
    }
}

/// The certificate as it was received.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    /// What it offers to declarations.
    pub claimable: Claimable,
    /// The received item's case.
    pub item: Option<CaseId>,
    /// Who sent it.
    pub from: NodeId,
    /// Its layout or mapping, such as `ippc-2.5` or `form-d-2022`.
    pub layout: String,
    /// What was wrong with it when it came.
    pub faults: Vec<String>,
}

/// A claim with its judgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claimed {
    /// The claim.
    pub claim: Claim,
    /// How far it has come.
    pub standing: Standing,
    /// What it is worth.
    pub judged: Judged,
}
