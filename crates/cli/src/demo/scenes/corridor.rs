//! The corridor VN-LA-TH: five transit movements on three nodes.

use customs::declaration::{Declaration, Flow};
use customs::gate::Consignment;
use customs::roles::{GATE, SECRETARY};
use customs::terms::{Country, GoodsLine, HsCode, Party};
use customs::transit::policy::Policy;
use customs::transit::{Arrival, Departure, Enquiry, Passage};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{CaseId, Money, Quantity};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;
use crate::demo::way::{LA, TH, Way, Written};

pub(super) const SCENE: Scene = Scene {
    name: "corridor",
    shows: "five movements from VN over LA to TH: clean, incident with broken seal, diverted, overdue, guarantee exhausted",
    play,
};

/// Savannakhet, where the diverted one arrives.
const ELSEWHERE: &str = "LA000200";
/// The export declaration the goods of one movement come from.
const EXPORT: &str = "VN-2026-700001";
/// The import declaration that follows it.
const IMPORT: &str = "TH-2026-700001";
/// What the guarantee covers: four of the movements.
const COVER: &str = "1000000";

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    hurry(stage, day)?;
    let way = Way::under(stage, day, (1, COVER))?;
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

/// A country that looks for what did not arrive as soon as its limit is over.
fn hurry(stage: &Stage<'_>, day: Date) -> anyhow::Result<()> {
    let mut policy = serde_json::to_value(Policy::standard())?;
    policy["clocks"]["enquiry-start"] = json!({ "limit": "1s", "basis": "the demonstration does not wait" });
    let case = CaseId::of("transit-register", "transit-policy:VN");
    let enter = json!({ "act": "enter", "value": policy, "from": day, "source": "the demonstration" });
    stage.must("VN", &SECRETARY, &case, &enter)
}

/// A declaration of the goods of a movement, before it or after it.
fn declared(flow: Flow, (country, number): (&str, &str), kilograms: i64) -> Declaration {
    let goods = GoodsLine {
        item_no: 1,
        hs: HsCode::new("84713020").ok(),
        description: "Portable computers".to_owned(),
        gross: Some(Quantity::new(Decimal::from(kilograms), "KGM")),
        value: Some(Money::new(Decimal::from(24_000), "USD")),
        ..GoodsLine::default()
    };
    Declaration {
        flow,
        number: number.to_owned(),
        country: Country::new(country),
        exporter: Party::named("Red River Computers Co Ltd"),
        importer: Party::named("Mekong Trading Company Limited"),
        export_country: Some(Country::new("VN")),
        destination: Some(Country::new("TH")),
        lines: vec![goods],
        ..Declaration::default()
    }
}

impl Way<'_> {
    fn clean(&self) -> anyhow::Result<String> {
        let mrn = self.released("CORRIDOR-1", &[])?;
        self.pass(&mrn)?;
        self.arrive(&mrn, TH, &json!({ "act": "conclude", "code": "A2" }))?;
        Ok(mrn)
    }

    /// A seal breaks on the way in Laos; the office there sets a new one and tells those ahead. The import that follows is lighter
    /// than what was carried: the seal is explained, the mass is not.
    fn incident(&self) -> anyhow::Result<String> {
        self.stage.lodge(&declared(Flow::Export, ("VN", EXPORT), 25))?;
        let mrn = self.released("CORRIDOR-2", &[EXPORT])?;
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
        self.arrive(&mrn, TH, &conclusion)?;
        let mut import = declared(Flow::Import, ("TH", IMPORT), 21);
        import.lines[0].quoted_export = Some(mrn.clone());
        self.stage.lodge(&import)?;
        self.stage.reaches("TH", &Consignment::case_of(IMPORT), &["flagged"])?;
        self.finds(&mrn, &[("mass-differs", "raised"), ("seals-changed", "explained")])?;
        Ok(mrn)
    }

    /// Waits until what the import declaration was found to differ in stands so: word of the incident comes by way of Vietnam
    /// and may come after the import declaration.
    fn finds(&self, mrn: &str, meant: &[(&str, &str)]) -> anyhow::Result<()> {
        let item = Arrival::case_of(mrn).to_string();
        let what = format!("findings {meant:?} between {mrn} and {IMPORT}");
        self.stage.until(&what, |stage| {
            let findings = stage.found("TH", "finding", ("item", &item))?;
            let stands = |(code, at): &(&str, &str)| {
                findings.iter().any(|row| row.summary.title == *code && row.summary.stage == *at)
            };
            Ok(meant.iter().all(stands).then_some(()))
        })
    }

    /// It ends in Savannakhet instead: the office there asks for its record, and the declared one stops waiting.
    fn diverted(&self) -> anyhow::Result<String> {
        let mrn = self.released("CORRIDOR-3", &[])?;
        self.pass(&mrn)?;
        self.arrive(&mrn, ELSEWHERE, &json!({ "act": "conclude", "code": "A2" }))?;
        self.stage.reaches("TH", &Arrival::case_of(&mrn), &["diverted"])?;
        Ok(mrn)
    }

    /// Stamped on paper while the system was down and entered now, when its limit has run out and nobody has seen it: the
    /// office of departure looks for it by itself.
    fn overdue(&self) -> anyhow::Result<String> {
        let Written { case, mut act, .. } = self.written("CC015C", &self.movement("CORRIDOR-4", &[]))?;
        act["on_paper"] = json!(self.day.checked_sub(5.days())?);
        self.stage.must("VN", &GATE, &case, &act)?;
        let limit = self.day.checked_sub(1.day())?;
        let mrn = self.conclude(&case, &json!({ "act": "conclude", "code": "A2", "limit": limit }))?;
        self.stage.reaches("VN", &Departure::case_of(&mrn), &["under-enquiry"])?;
        Ok(mrn)
    }

    /// Three more lean on what is left of the guarantee; one does not fit and is not released.
    fn exhausted(&self) -> anyhow::Result<String> {
        let mut last = String::new();
        for lrn in ["CORRIDOR-5", "CORRIDOR-6", "CORRIDOR-7", "CORRIDOR-8"] {
            last = self.declare(lrn, &[])?;
        }
        let row = self.stage.reaches("VN", &Departure::case_of(&last), &["guarantee-under-amendment"])?;
        Ok(row.summary.title)
    }
}
