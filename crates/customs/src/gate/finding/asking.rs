//! The request a finding gives birth to, where only the partner can tell.

use kernel::{CaseId, Effect, Facts};

use super::Finding;
use crate::assistance::{Asking, RequestAct, Statement, Subject, SubjectKind, Verified};

impl Finding {
    /// The request that is born of it: the declaration as its subject, both sides' values as statements.
    pub(super) fn request(&self, request: &CaseId, need: &str, facts: &Facts<'_>) -> Effect {
        let (giver, number) = self.export.split_once(':').unwrap_or(("", self.export.as_str()));
        let subject = Subject::new(SubjectKind::Declaration, format!("{giver} {number}"));
        let difference = self.difference.as_ref();
        let own = Statement {
            subject: subject.clone(),
            what: difference.map_or("", |difference| subject_of(&difference.code)).to_owned(),
            value: difference.map_or_else(String::new, |difference| difference.ours.clone()),
            verified: if self.inspection.is_some() { Verified::Verified } else { Verified::Unverified },
            question: None,
            as_of: None,
        };
        let asking = Asking {
            subjects: vec![subject],
            declaration: number.to_owned(),
            statements: vec![own],
            own_checks: self.inspection.clone().unwrap_or_default(),
            ..Asking::default()
        };
        let notice = RequestAct::Notice {
            partner: kernel::NodeId::new(giver),
            born_of: Some(facts.case.clone()),
            need: need.to_owned(),
            asking: Box::new(asking),
        };
        Effect::act(request.clone(), &notice)
    }
}

/// What a difference is about, in the words of statements.
fn subject_of(code: &str) -> &str {
    match code {
        "quantity-short" | "quantity-over" | "unit-not-comparable" => "quantity",
        "hs-moved" => "hs",
        "origin-changed" => "origin",
        "consignee-switched" => "consignee",
        other => other,
    }
}
