//! What an office asks of a declaration, an amendment or a presentation beyond what its reader saw.

use kernel::{Facts, Finding, Severity};

use super::event::Fault;
use super::{Departure, Lodging, Stage};
use crate::transit::register::objections;
use crate::transit::{is_mrn_shape, mrn_of};

/// What speaks against taking a declaration: what its reader saw, its number, the registers.
pub(super) fn of_lodging(lodging: &Lodging, facts: &Facts<'_>) -> Vec<Fault> {
    let mut faults: Vec<Fault> =
        lodging.findings.iter().filter(|it| it.severity >= Severity::Error).map(fault).collect();
    let declaration = &lodging.declaration;
    let mrn = facts.case.key();
    let year = facts.day().year();
    let office = &declaration.departure.reference_number;
    let (holder, lrn) = (&declaration.holder.identification_number, &declaration.operation.lrn);
    let ours = [year, year - 1].iter().any(|year| {
        mrn_of(*year, office, (holder, lrn), &declaration.operation.security).as_deref() == Some(mrn)
    });
    if !ours || !is_mrn_shape(mrn, "JKLM") {
        faults.push(Fault {
            pointer: "/TransitOperation/LRN".into(),
            code: "14".into(),
            reason: "LRN".into(),
            seen: lrn.clone(),
        });
    }
    let objections = objections(declaration, facts.books, facts.day());
    faults.extend(objections.into_iter().map(|it| Fault {
        pointer: format!("/{}", it.path),
        code: "14".into(),
        reason: it.rule.into(),
        seen: it.seen,
    }));
    faults
}

/// A finding as the standard's functional error.
pub(in crate::transit) fn fault(finding: &Finding) -> Fault {
    let code = match finding.code.as_ref() {
        "transit-code-unknown" => "12",
        "transit-condition-missing" => "13",
        "transit-condition-excess" => "15",
        _ => "14",
    };
    Fault {
        pointer: finding.place.path.clone(),
        code: code.into(),
        reason: finding.expected.chars().take(7).collect(),
        seen: finding.seen.clone(),
    }
}

/// What an act that comes at the wrong time is told: error 92.
pub(super) fn out_of_sequence(stage: Stage) -> Vec<Fault> {
    vec![Fault { pointer: "/".into(), code: "92".into(), reason: String::new(), seen: stage.word().into() }]
}

impl Departure {
    /// What may never change (R0520), and what alone may while a guarantee is awaited.
    pub(super) fn against_amending(&self, new: &Lodging, facts: &Facts<'_>) -> Vec<Fault> {
        let (old, new_one) = (&self.lodging.declaration, &new.declaration);
        let mut faults: Vec<_> =
            new.findings.iter().filter(|it| it.severity >= Severity::Error).map(fault).collect();
        let broken = |pointer: &str, seen: String| Fault {
            pointer: format!("/{pointer}"),
            code: "14".into(),
            reason: "R0520".into(),
            seen,
        };
        for ((name, was), (_, is)) in old.fixed().into_iter().zip(new_one.fixed()) {
            if was != is {
                faults.push(broken(name, is));
            }
        }
        let only_guarantee = self.stage == Some(Stage::GuaranteeUnderAmendment);
        if only_guarantee != (new_one.operation.amendment_type_flag == "1") {
            faults.push(broken(
                "TransitOperation/amendmentTypeFlag",
                new_one.operation.amendment_type_flag.clone(),
            ));
        } else if only_guarantee && old.consignment != new_one.consignment {
            faults.push(broken("Consignment", String::new()));
        }
        let objections = objections(new_one, facts.books, facts.day());
        faults.extend(objections.into_iter().map(|it| broken(&it.path, it.seen)));
        faults
    }
}
