//! The corridor VN-LA-TH: five transit movements on three nodes.

use customs::roles::{GATE, PRINCIPAL, SECRETARY};
use customs::transit::declaration::code_digest;
use customs::transit::policy::Policy;
use customs::transit::{Arrival, Departure, Enquiry, Guarantee, Passage, grn};
use formats::transit::{intake, write_xml};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;
use crate::movement::{CODE, HOLDER, Movement, arrival};

pub(super) const SCENE: Scene = Scene {
    name: "corridor",
    shows: "five movements from VN over LA to TH: clean, incident with broken seal, diverted, overdue, guarantee exhausted",
    play,
};

/// Cầu Treo.
const VN: &str = "VN001234";
/// Thakhek.
const LA: &str = "LA000100";
/// Nakhon Phanom.
const TH: &str = "TH005678";
/// Bangkok, where the diverted one arrives.
const ELSEWHERE: &str = "TH009999";
/// What the guarantee covers: four of the five movements.
const COVER: &str = "1000000";
/// What each movement asks for.
const EACH: &str = "240000";

struct Way<'s> {
    stage: &'s Stage<'s>,
    grn: String,
    day: Date,
}

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let serial = 1;
    let grn = grn(day.year(), VN, serial).ok_or_else(|| anyhow::anyhow!("no number"))?;
    let way = Way { stage, grn, day };
    way.prepare()?;
    let overdue = way.overdue()?;
    let clean = way.clean()?;
    let incident = way.incident()?;
    let diverted = way.diverted()?;
    let exhausted = way.exhausted()?;
    stage.reaches("VN", &Enquiry::case_of(&overdue), &["asking-principal", "asking-offices"])?;
    Ok(
        json!({ "clean": clean, "incident": incident, "diverted": diverted, "overdue": overdue, "exhausted": exhausted,
        "guarantee": way.grn }),
    )
}

impl Way<'_> {
    /// The guarantee, and a country whose clock for enquiries runs at once.
    fn prepare(&self) -> anyhow::Result<()> {
        let register = json!({ "act": "register", "registered": { "grn": self.grn, "kind": "1", "holder": HOLDER,
            "guarantor": "Ngân hàng Bắc Trung Bộ", "office": VN, "amount": COVER, "currency": "VND", "from": self.day,
            "codes": [code_digest(&self.grn, CODE)] } });
        self.stage.must("VN", &GATE, &Guarantee::case_of(&self.grn), &register)?;
        let mut policy = serde_json::to_value(Policy::standard())?;
        policy["clocks"]["enquiry-start"] =
            json!({ "limit": "1s", "basis": "the demonstration does not wait" });
        let case = CaseId::of("transit-register", "transit-policy:VN");
        let enter =
            json!({ "act": "enter", "value": policy, "from": self.day, "source": "the demonstration" });
        self.stage.must("VN", &SECRETARY, &case, &enter)
    }

    /// Declares as the principal's software would, from the bytes of the message.
    fn declare(&self, lrn: &str, limit: Option<Date>) -> anyhow::Result<String> {
        let movement = Movement {
            lrn,
            departure: VN,
            transit: &[LA, TH],
            destination: TH,
            grn: &self.grn,
            amount: EACH,
            items: 2,
            limit,
        };
        let case = self.lodge("VN", "CC015C", &movement.declaration())?;
        for act in [json!({ "act": "accept" }), json!({ "act": "conclude", "code": "A2" })] {
            self.stage.must("VN", &GATE, &case, &act)?;
        }
        Ok(case.key().to_owned())
    }

    fn lodge(&self, node: &str, code: &str, content: &Value) -> anyhow::Result<CaseId> {
        let bytes = write_xml(code, content)?;
        let taken = intake(&bytes, self.day)
            .map_err(|refused| anyhow::anyhow!("{code} is no message: {:?}", refused.findings))?;
        anyhow::ensure!(taken.findings.is_acceptable(), "{code} is faulty: {:?}", taken.findings);
        let case =
            taken.cases.into_iter().next().ok_or_else(|| anyhow::anyhow!("{code} names no movement"))?;
        self.stage.must(node, &PRINCIPAL, &case, &taken.act)?;
        Ok(case)
    }

    fn released(&self, lrn: &str) -> anyhow::Result<String> {
        let mrn = self.declare(lrn, None)?;
        self.stage.reaches("VN", &Departure::case_of(&mrn), &["released"])?;
        self.stage.reaches("TH", &Arrival::case_of(&mrn), &["expected"])?;
        self.stage.reaches("LA", &Passage::case_of(&mrn), &["expected"])?;
        Ok(mrn)
    }

    fn pass(&self, mrn: &str) -> anyhow::Result<()> {
        self.stage.must("LA", &GATE, &Passage::case_of(mrn), &json!({ "act": "pass", "office": LA }))
    }

    /// Arrives and is concluded; gives what the movement came to at departure.
    fn arrive(&self, mrn: &str, office: &str, conclusion: &Value, ends: &[&str]) -> anyhow::Result<()> {
        let case = self.lodge("TH", "CC007C", &arrival(mrn, office, &format!("A-{mrn}")))?;
        self.stage.reaches("TH", &case, &["arrived", "under-control", "unloading"])?;
        self.stage.must("TH", &GATE, &case, conclusion)?;
        self.stage.reaches("VN", &Departure::case_of(mrn), ends).map(drop)
    }

    fn clean(&self) -> anyhow::Result<String> {
        let mrn = self.released("CORRIDOR-1")?;
        self.pass(&mrn)?;
        self.arrive(&mrn, TH, &json!({ "act": "conclude", "code": "A2" }), &["written-off"])?;
        Ok(mrn)
    }

    /// A seal breaks on the way in Laos; the office there sets a new one and tells those ahead.
    fn incident(&self) -> anyhow::Result<String> {
        let mrn = self.released("CORRIDOR-2")?;
        let incidents = json!([{ "sequenceNumber": "1", "code": "2", "text": "seal cut in a collision",
            "Endorsement": { "date": self.day, "authority": "Lao Customs", "place": "Thakhek", "country": "LA" },
            "Location": { "qualifierOfIdentification": "U", "UNLocode": "LATHK", "country": "LA" },
            "TransportEquipment": [{ "sequenceNumber": "1", "containerIdentificationNumber": "TEMU1234565",
                "numberOfSeals": "1", "Seal": [{ "sequenceNumber": "1", "identifier": "LA-NEW-1" }] }] }]);
        let act = json!({ "act": "register-incident", "office": LA, "incidents": incidents });
        self.stage.must("LA", &GATE, &Passage::case_of(&mrn), &act)?;
        self.pass(&mrn)?;
        let conclusion =
            json!({ "act": "conclude", "code": "A2", "seals": "no", "text": "seal replaced on the way" });
        self.arrive(&mrn, TH, &conclusion, &["written-off"])?;
        Ok(mrn)
    }

    fn diverted(&self) -> anyhow::Result<String> {
        let mrn = self.released("CORRIDOR-3")?;
        self.pass(&mrn)?;
        self.arrive(&mrn, ELSEWHERE, &json!({ "act": "conclude", "code": "A2" }), &["written-off"])?;
        Ok(mrn)
    }

    /// Its limit has run out and nobody has seen it: the office of departure looks for it by itself.
    fn overdue(&self) -> anyhow::Result<String> {
        let mrn = self.declare("CORRIDOR-4", Some(self.day.checked_sub(1.day())?))?;
        self.stage.reaches("VN", &Departure::case_of(&mrn), &["under-enquiry"])?;
        Ok(mrn)
    }

    /// Three more lean on what is left of the guarantee; one does not fit and is not released.
    fn exhausted(&self) -> anyhow::Result<String> {
        let mut last = String::new();
        for lrn in ["CORRIDOR-5", "CORRIDOR-6", "CORRIDOR-7", "CORRIDOR-8"] {
            last = self.declare(lrn, None)?;
        }
        let row = self.stage.reaches("VN", &Departure::case_of(&last), &["guarantee-under-amendment"])?;
        Ok(row.summary.title)
    }
}
