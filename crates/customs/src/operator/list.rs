//! The list of a programme as it passes between nodes: whole with a fingerprint, then change by change.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Facts, Procedure as _};
use serde::{Deserialize, Serialize};

use super::entry::{Entry, Fingerprint};
use super::feed::{Act as FeedAct, Feed};
use super::partner_list::{Act as PartnerListAct, PartnerList};
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::terms::Country;

/// A list, or changes to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct OperatorList {
    /// The sender's reference.
    pub reference: String,
    /// The programme's country.
    pub country: Country,
    /// Whole, or changes.
    pub scope: Scope,
    /// Counts up with every change from 1; a whole list stands at the number of the last change it holds.
    pub sequence: u64,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// The fingerprint of the list after this document.
    pub fingerprint: Fingerprint,
    /// The entries, or of changes the ones that are new or other than before.
    pub entries: Vec<Entry>,
}

/// What a document holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everything.
    #[default]
    Full,
    /// What changed.
    Changes,
}

impl Writing for OperatorList {
    const KIND: &'static str = super::recognise::LANE;
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "WCO D026"),
        field("country", Class::Key, "envelope"),
        field("scope", Class::Key, "feed"),
        field("sequence", Class::Key, "feed"),
        field("published", Class::Key, "feed"),
        field("fingerprint", Class::Key, "feed"),
        field("entries", Class::Trader, "mutual recognition record"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.reference
    }

    fn giver(&self) -> Option<&Country> {
        Some(&self.country)
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = PartnerListAct::Take {
            list: Box::new(self.clone()),
            item: item.case.clone(),
            from: item.arrival.from.clone(),
            us: item.arrival.to.clone(),
        };
        vec![Effect::act(CaseId::of(PartnerList::NAME, item.arrival.from.as_str()), &act)]
    }
}

/// A receiver asks for what it missed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OperatorListRequest {
    /// The sender's reference.
    pub reference: String,
    /// Who asks.
    pub country: Country,
    /// The last number it holds; 0 for nothing.
    pub after: u64,
    /// Why: `gap`, `fingerprint`, `start`.
    pub reason: String,
}

impl Writing for OperatorListRequest {
    const KIND: &'static str = "operator-list-request";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "WCO D026"),
        field("country", Class::Key, "envelope"),
        field("after", Class::Key, "feed"),
        field("reason", Class::Key, "feed"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.reference
    }

    fn giver(&self) -> Option<&Country> {
        Some(&self.country)
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = FeedAct::Repair {
            partner: item.arrival.from.clone(),
            after: self.after,
            reason: self.reason.clone(),
            reference: self.reference.clone(),
        };
        vec![Effect::act(Feed::case_of(item.arrival.to.as_str()), &act)]
    }
}
