//! What a consignment's claims are worth: certificates and the trusted trader's status.

use std::collections::BTreeMap;

use kernel::{CaseId, Effect, Facts, Severity};

use super::super::Difference;
use super::super::believed::{self, Believed};
use super::super::finding::Finding;
use super::findings::withdraw;
use super::{Consignment, Event};
use crate::agreement::ReceivedAct;
use crate::certificate::CertificateAct;
use crate::declaration::Declaration;
use crate::operator::{Recognition, recognise};

impl Consignment {
    /// What its claims are worth.
    #[must_use]
    pub const fn believed(&self) -> &BTreeMap<String, Believed> {
        &self.believed
    }

    /// What the recognition test of its exporter found.
    #[must_use]
    pub const fn recognition(&self) -> &Recognition {
        &self.recognition
    }

    /// Declared, or declared anew: what is no longer quoted is freed, and the exporter is tested at the first
    /// declaration's own moment.
    pub(super) fn declared(&self, declaration: &Declaration, facts: &Facts<'_>) -> Vec<Event> {
        let mut events = vec![Event::Declared { declaration: Box::new(declaration.clone()) }];
        let dropped = believed::unquoted(self.declaration.as_ref(), declaration);
        events.extend(dropped.into_iter().map(|subject| {
            let own = self.believed.values().filter(|one| one.subject == subject);
            let gone = own.flat_map(|one| self.standing_on(one.stands_on())).collect();
            Event::Unquoted { subject, gone }
        }));
        let recognition = recognise(declaration, self.recognition.at.unwrap_or(facts.now), facts.books);
        let asked = recognition.benefit != crate::operator::Benefit::NotAsked;
        if recognition != self.recognition && (asked || self.recognition.at.is_some()) {
            let (recognition, before) = (Box::new(recognition), Box::new(self.recognition.clone()));
            events.push(Event::Recognised { recognition, before });
        }
        events
    }

    pub(super) fn certificates_hear(&self, act: &CertificateAct) -> Vec<Effect> {
        self.declaration.as_ref().map(|own| believed::tell_all(own, act)).unwrap_or_default()
    }

    /// The findings of a claim that its new judgement no longer bears out.
    pub(super) fn gone_of(&self, believed: &Believed, facts: &Facts<'_>) -> Vec<CaseId> {
        let Some(before) = self.believed.get(&believed.key()) else { return Vec::new() };
        let case = |on: &CaseId, difference: &Difference| Finding::case_of(facts.case, on, difference);
        let stays: Vec<_> =
            believed.differences.iter().map(|difference| case(believed.stands_on(), difference)).collect();
        let then = before.differences.iter().map(|difference| case(before.stands_on(), difference));
        then.filter(|case| !stays.contains(case) && self.findings.contains_key(case)).collect()
    }

    pub(super) fn believe(&mut self, believed: &Believed, gone: &[CaseId]) {
        self.forget(gone);
        self.believed.insert(believed.key(), believed.clone());
        self.raise(believed.stands_on(), &believed.differences);
    }

    pub(super) fn unquote(&mut self, subject: &CaseId, gone: &[CaseId]) {
        self.forget(gone);
        self.believed.retain(|_, believed| believed.subject != *subject);
    }

    pub(super) fn after_judgement(
        &self,
        believed: &Believed,
        gone: &[CaseId],
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let mut effects: Vec<_> = gone.iter().map(|case| withdraw(case, "difference-gone")).collect();
        if let Some(item) = &believed.item {
            effects.push(Effect::act(item.clone(), &ReceivedAct::Link { consignment: facts.case.clone() }));
        }
        let from = believed.quoted.clone();
        let export = match believed.subject.key().split_once('-') {
            Some((issuer, _)) if believed.kind != "aeo" => format!("{issuer}:{from}"),
            _ => from,
        };
        let grave = believed.differences.iter().filter(|difference| difference.severity >= Severity::Warning);
        effects.extend(grave.map(|difference| self.raised(believed.stands_on(), &export, difference, facts)));
        effects
    }
}

/// A certificate that is not quoted any more is free again.
pub(super) fn freed(subject: &CaseId, gone: &[CaseId], facts: &Facts<'_>) -> Vec<Effect> {
    let free = CertificateAct::Free { by: facts.case.clone() };
    let withdrawn = gone.iter().map(|case| withdraw(case, "difference-gone"));
    std::iter::once(Effect::act(subject.clone(), &free)).chain(withdrawn).collect()
}
