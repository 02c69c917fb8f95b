//! Ways along the corridor VN-LA-TH: papers as a principal's software would write them, acts of offices, what comes of them.

use customs::roles::GATE;
use customs::transit::codes::code_digest;
use customs::transit::{Arrival, Departure, Guarantee, Passage, grn};
use formats::transit::{intake, write_xml};
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::stage::Stage;
use crate::movement::{CODE, HOLDER, Movement, arrival};

/// Cầu Treo.
pub(super) const VN: &str = "VN001234";
/// Thakhek.
pub(super) const LA: &str = "LA000100";
/// Nakhon Phanom.
pub(super) const TH: &str = "TH005678";
/// What each movement asks of its guarantee.
pub(super) const EACH: &str = "240000";

/// A guarantee, and movements that lean on it.
pub(super) struct Way<'s> {
    pub(super) stage: &'s Stage<'s>,
    pub(super) grn: String,
    pub(super) day: Date,
}

/// A message of a principal.
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    pub(super) case: CaseId,
    pub(super) act: Value,
}

impl<'s> Way<'s> {
    /// The way under a guarantee of its own, registered for so much.
    pub(super) fn under(
        stage: &'s Stage<'s>,
        day: Date,
        (serial, cover): (u64, &str),
    ) -> anyhow::Result<Self> {
        let grn = grn(day.year(), VN, serial).ok_or_else(|| anyhow::anyhow!("no number"))?;
        let register = json!({ "act": "register", "registered": { "grn": grn, "kind": "1", "holder": HOLDER,
            "guarantor": "Ngân hàng Bắc Trung Bộ", "office": VN, "amount": cover, "currency": "VND", "from": day,
            "codes": [code_digest(&grn, CODE)] } });
        stage.must("VN", &GATE, &Guarantee::case_of(&grn), &register)?;
        Ok(Self { stage, grn, day })
    }

    /// The declaration of a movement.
    pub(super) fn movement(&self, lrn: &str, exports: &[&str]) -> Value {
        let movement = Movement {
            lrn,
            departure: VN,
            transit: &[LA, TH],
            destination: TH,
            grn: &self.grn,
            amount: EACH,
            items: 2,
            exports,
        };
        movement.declaration()
    }

    /// A message and the case it is about; what it asks for is for an office that enters it from paper.
    pub(super) fn written(&self, code: &str, content: &Value) -> anyhow::Result<Written> {
        let bytes = write_xml(code, content)?;
        let taken = intake(&bytes, self.day)
            .map_err(|refused| anyhow::anyhow!("{code} is no message: {:?}", refused.findings))?;
        anyhow::ensure!(taken.findings.is_acceptable(), "{code} is faulty: {:?}", taken.findings);
        let case = taken.cases.into_iter().next();
        let case = case.ok_or_else(|| anyhow::anyhow!("{code} names no movement"))?;
        Ok(Written { bytes, case, act: taken.act })
    }

    /// The notice of an arrival.
    pub(super) fn notice(&self, mrn: &str, office: &str) -> anyhow::Result<Written> {
        self.written("CC007C", &arrival(mrn, office, &format!("A-{mrn}")))
    }

    /// Declares, and the office accepts and concludes; gives the movement's number.
    pub(super) fn declare(&self, lrn: &str, exports: &[&str]) -> anyhow::Result<String> {
        let declaration = self.written("CC015C", &self.movement(lrn, exports))?;
        self.stage.message("VN", &declaration.bytes)?;
        self.conclude(&declaration.case, &json!({ "act": "conclude", "code": "A2" }))
    }

    /// The office of departure accepts and concludes.
    pub(super) fn conclude(&self, case: &CaseId, conclusion: &Value) -> anyhow::Result<String> {
        self.stage.must("VN", &GATE, case, &json!({ "act": "accept" }))?;
        self.stage.must("VN", &GATE, case, conclusion)?;
        Ok(case.key().to_owned())
    }

    /// A movement that is under way, expected by everybody on it.
    pub(super) fn released(&self, lrn: &str, exports: &[&str]) -> anyhow::Result<String> {
        let mrn = self.declare(lrn, exports)?;
        self.stage.reaches("VN", &Departure::case_of(&mrn), &["released"])?;
        self.stage.reaches("TH", &Arrival::case_of(&mrn), &["expected"])?;
        self.stage.reaches("LA", &Passage::case_of(&mrn), &["expected"])?;
        Ok(mrn)
    }

    /// It crosses into Laos.
    pub(super) fn pass(&self, mrn: &str) -> anyhow::Result<()> {
        self.stage.must("LA", &GATE, &Passage::case_of(mrn), &json!({ "act": "pass", "office": LA }))
    }

    /// Arrives and is concluded; waits until the office of departure has discharged it.
    pub(super) fn arrive(&self, mrn: &str, office: &str, conclusion: &Value) -> anyhow::Result<()> {
        let node = &office[..2];
        let Written { bytes, case, .. } = self.notice(mrn, office)?;
        self.stage.message(node, &bytes)?;
        self.stage.reaches(node, &case, &["arrived", "under-control", "unloading"])?;
        self.stage.must(node, &GATE, &case, conclusion)?;
        self.stage.reaches("VN", &Departure::case_of(mrn), &["written-off"]).map(drop)
    }
}
