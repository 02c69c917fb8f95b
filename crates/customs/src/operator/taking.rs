//! A partner's list while several documents are taken in at once, and the status changes they bring.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use kernel::{Facts, NodeId};
use serde::{Deserialize, Serialize};

use super::entry::{Entry, Fingerprint, Status};
use super::list::{OperatorList, Scope};
use super::partner_list::Event;
use super::recognise::OPERATORS;

/// A status change as it reached us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The operator.
    pub code: String,
    /// Its name.
    pub name: String,
    /// From what; none where it is new.
    pub before: Option<Status>,
    /// To what.
    pub after: Status,
    /// From when, by the programme.
    pub effective: Timestamp,
    /// When we took it in.
    pub received: Timestamp,
    /// When it ran again, where the same document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why, as a class.
    pub reason: String,
}

/// The list while several changes are taken in at once.
pub(super) struct Taking {
    pub(super) codes: BTreeSet<String>,
    pub(super) fingerprint: Fingerprint,
    pub(super) known: BTreeMap<String, Entry>,
}

impl Taking {
    /// Takes one document, and says what that was.
    pub(super) fn step(
        &mut self,
        list: &OperatorList,
        from: &NodeId,
        us: &NodeId,
        facts: &Facts<'_>,
    ) -> Event {
        let mut changes = Vec::new();
        let mut codes = BTreeSet::new();
        let mut sum = if list.scope == Scope::Full { Fingerprint::default() } else { self.fingerprint };
        for entry in &list.entries {
            let code = entry.code.to_string();
            let before = self.before(&code, facts);
            let held = self.codes.contains(&code);
            if list.scope == Scope::Changes
                && held
                && let Some(before) = &before
            {
                sum = sum.without(&before.digest());
            }
            sum = sum.with(&entry.digest());
            changes.extend(changed(before.as_ref().filter(|_| held), entry, facts.now));
            self.known.insert(code.clone(), entry.clone());
            codes.insert(code);
        }
        if list.scope == Scope::Full {
            self.codes = codes;
        } else {
            self.codes.extend(codes);
        }
        self.fingerprint = sum;
        Event::Taken {
            partner: from.clone(),
            us: us.clone(),
            sequence: list.sequence,
            fingerprint: sum,
            entries: list.entries.clone(),
            changes,
            scope: list.scope,
            at: facts.now,
        }
    }

    fn before(&self, code: &str, facts: &Facts<'_>) -> Option<Entry> {
        if let Some(entry) = self.known.get(code) {
            return Some(entry.clone());
        }
        facts.books.at(OPERATORS, code, facts.day())?.read().ok().map(Arc::unwrap_or_clone)
    }
}

/// Every status change the new entry knows of and the old one did not.
fn changed(before: Option<&Entry>, after: &Entry, received: Timestamp) -> Vec<Changed> {
    let known = |at: &Timestamp, status: Status| {
        before.is_some_and(|before| {
            before.history.iter().any(|change| change.at == *at && change.status == status)
        })
    };
    let fresh = after.history.iter().filter(|change| !known(&change.at, change.status));
    // Of an operator that is new to us only what is worth knowing: that it is there, or that it is not active.
    let fresh = fresh.filter(|change| before.is_some() || after.current() == Some(*change));
    fresh
        .map(|change| Changed {
            code: after.code.to_string(),
            name: after.party.name.clone(),
            before: before.and_then(|before| before.status_at(change.at)),
            after: change.status,
            effective: change.at,
            received,
            until: runs_again(after, change.at),
            reason: change.reason.clone(),
        })
        .collect()
}

/// When an operator's benefits ran again after a moment, as far as its entry says.
fn runs_again(entry: &Entry, after: Timestamp) -> Option<Timestamp> {
    let active = entry.history.iter().filter(|change| change.status == Status::Active && change.at > after);
    active.map(|change| change.at).min()
}
