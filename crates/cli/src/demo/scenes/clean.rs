//! A clean lot: tied without a quoted number, equal, seen, released, told.

use customs::gate::Consignment;
use customs::roles::GATE;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene =
    Scene { name: "clean", shows: "a clean lot is tied by its reasons, seen, released and told", play };

const LOT: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "บริษัท แม่น้ำโขงพลาสติก จำกัด",
    consignee: "CONG TY TNHH NHUA SAO MAI",
    importer: "Công ty TNHH Nhựa Sao Mai",
    supplier: "Maenam Khong Plastic Co., Ltd.",
    hs: "39021040",
    unit: "KGM",
    cents: 118,
    place: "VNSGN",
    mode: "1",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let (export, import) = ("TH-2026-100001", "VN-2026-500001");
    stage.lodge(&LOT.export(export, 24_000, day))?;
    stage.lodge(&LOT.import(import, 24_000, day))?;
    let consignment = Consignment::case_of(import);
    let row = stage.reaches("VN", &consignment, &["matched"])?;
    let item = stage.arrives("VN", &format!("TH:{export}"), &["linked"])?.id;
    stage.must("VN", &GATE, &item, &json!({ "act": "see", "purpose": "border-control" }))?;
    stage.must("VN", &GATE, &consignment, &json!({ "act": "release" }))?;
    stage.reaches("VN", &item, &["told"])?;
    let sent = CaseId::new(format!("sent/VN-acdd-TH-{export}-1"));
    stage.reaches("TH", &sent, &["used"])?;
    Ok(json!({ "consignment": consignment, "permille": row.summary.shown["permille"] }))
}
