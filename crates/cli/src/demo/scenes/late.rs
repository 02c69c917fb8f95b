//! A late message: the goods were released before the partner's word came; it is still tied and told of.

use customs::gate::Consignment;
use customs::roles::GATE;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::{Lot, before};
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "late",
    shows: "a word that comes after the release is still tied, and a difference is raised",
    play,
};

const LOT: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "Khao Hom Isan Co., Ltd.",
    consignee: "Thuc Pham Lua Vang JSC",
    importer: "Công ty CP Thực phẩm Lúa Vàng",
    supplier: "Khao Hom Isan Company Limited",
    hs: "10063040",
    unit: "KGM",
    cents: 64,
    place: "VNSGN",
    mode: "1",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let (export, import) = ("TH-2026-100005", "VN-2026-500006");
    let consignment = Consignment::case_of(import);
    stage.lodge(&LOT.import(import, 60_000, before(day, 120)))?;
    stage.reaches("VN", &consignment, &["declared"])?;
    stage.must(
        "VN",
        &GATE,
        &consignment,
        &json!({ "act": "release", "reason": "nothing known against it" }),
    )?;
    stage.lodge(&LOT.export(export, 66_000, before(day, 124)))?;
    stage.arrives("VN", &format!("TH:{export}"), &["linked", "seen"])?;
    let found = stage.until("a finding on the released consignment", |stage| {
        let rows = stage.found("VN", "finding", ("consignment", consignment.as_str()))?;
        Ok(rows.into_iter().next())
    })?;
    Ok(json!({ "finding": found.id, "stage": found.summary.stage }))
}
