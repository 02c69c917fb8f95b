//! A real shortfall: gate, inspection, verdict, told to the giver.

use customs::gate::Consignment;
use customs::roles::GATE;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::{Lot, before};
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "shortfall",
    shows: "a real shortfall goes gate, inspection, verdict, and the giver hears of it",
    play,
};

const LOT: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "บริษัท สยามอิเล็กทรอนิกส์ จำกัด",
    consignee: "HONG HA ELECTRONICS TRADING CO LTD",
    importer: "Công ty TNHH Thương mại Điện tử Hồng Hà",
    supplier: "Siam Electronics Co., Ltd.",
    hs: "84713020",
    unit: "NMB",
    cents: 41_500,
    place: "VNSGN",
    mode: "4",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let (export, import) = ("TH-2026-100003", "VN-2026-500004");
    // Departed long enough ago that nothing of the lot can still be under way.
    stage.lodge(&LOT.export(export, 400, before(day, 62)))?;
    stage.lodge(&LOT.import(import, 340, before(day, 60)))?;
    let consignment = Consignment::case_of(import);
    stage.reaches("VN", &consignment, &["flagged"])?;
    let item = stage.arrives("VN", &format!("TH:{export}"), &["linked"])?.id;
    let finding = one_finding(stage, &consignment)?;
    stage.must("VN", &GATE, &item, &json!({ "act": "see", "purpose": "border-control" }))?;
    stage.must("VN", &GATE, &finding, &json!({ "act": "inspect", "note": "count the cartons" }))?;
    stage.must(
        "VN",
        &GATE,
        &finding,
        &json!({ "act": "record-result", "result": "400 NMB in 20 cartons" }),
    )?;
    let verdict = json!({ "act": "decide", "verdict": "confirmed", "reason": "counted-over" });
    stage.must("VN", &GATE, &finding, &verdict)?;
    let told = stage.reaches("VN", &finding, &["told"])?;
    stage.reaches("TH", &CaseId::new(format!("sent/VN-acdd-TH-{export}-1")), &["used"])?;
    let promise = CaseId::new(format!("obligation/tell-result/{item}"));
    stage.reaches("VN", &promise, &["met"])?;
    Ok(
        json!({ "finding": finding, "code": told.summary.title, "at_stake": told.summary.shown["difference"]["at_stake"] }),
    )
}

fn one_finding(stage: &Stage<'_>, consignment: &CaseId) -> anyhow::Result<CaseId> {
    let found = stage.found("VN", "finding", ("consignment", consignment.as_str()))?;
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        many => anyhow::bail!("{} findings on {consignment}, one was planted", many.len()),
    }
}
