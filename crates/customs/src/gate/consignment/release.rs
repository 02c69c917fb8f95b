//! The decision at the border: letting go, with what givers and certificates hear of it.

use std::collections::BTreeSet;

use kernel::{CaseId, Effect, Facts, Refusal};
use serde::{Deserialize, Serialize};

use super::super::believed::{self, Preference};
use super::findings::withdraw;
use super::{Consignment, Event};
use crate::agreement::ReceivedAct;
use crate::certificate::CertificateAct;
use crate::declaration::Remark;

/// What was decided at the border.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decision {
    pub(super) released: bool,
    pub(super) reason: String,
    pub(super) by: String,
}

impl Consignment {
    /// Which preferences were given at release.
    #[must_use]
    pub fn preferences(&self) -> &[Preference] {
        &self.preferences
    }

    pub(super) fn may_release(&self, reason: &str) -> Result<(), Refusal> {
        let open = self.findings.values().filter(|raised| raised.open).count();
        if open > 0 && reason.trim().is_empty() {
            return Err(Refusal::new("findings-open", open.to_string()).remedy("verdict, reason"));
        }
        Ok(())
    }

    pub(super) fn let_go(&self, reason: String, by: String) -> Vec<Event> {
        let mut events = Vec::new();
        let own = self.declaration.as_ref();
        let preferences =
            own.map(|own| believed::preferences(own, self.believed.values())).unwrap_or_default();
        if !preferences.is_empty() {
            events.push(Event::PreferencesDecided { preferences });
        }
        events.push(Event::Released { reason, by });
        events
    }

    pub(super) fn after_release(&self, reason: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects = self.told_of_release(reason, facts);
        effects.extend(self.certificates_hear(&CertificateAct::Use { by: facts.case.clone() }));
        effects
    }

    /// The declaration is gone: its findings are withdrawn, and what it claimed is free again.
    pub(super) fn after_withdrawal(&self, reason: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let mut effects: Vec<_> = self.findings.keys().map(|case| withdraw(case, reason)).collect();
        effects.extend(self.certificates_hear(&CertificateAct::Free { by: facts.case.clone() }));
        effects.extend(believed::taken(&self.recognition, facts));
        effects
    }

    /// The givers of items without findings hear that the goods were let go and nothing differed; where there are
    /// findings, their verdicts say it.
    pub(super) fn told_of_release(&self, reason: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let papers: BTreeSet<&CaseId> = self.believed.values().filter_map(|one| one.item.as_ref()).collect();
        let quiet = self.ties.keys().chain(papers).filter(|item| self.standing_on(item).is_empty());
        let remark = Remark { code: "released".into(), pointer: String::new(), text: reason.to_owned() };
        let act = ReceivedAct::ActOn { decision: facts.case.clone(), remarks: vec![remark] };
        quiet.map(|item| Effect::act(item.clone(), &act)).collect()
    }
}
