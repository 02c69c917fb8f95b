//! An item no live term lets in: kept in quarantine, its sender told.

use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "quarantine",
    shows: "an item under an agreement that is not in force here waits in quarantine, and its sender is told",
    play,
};

const LOT: Lot = Lot {
    from: "CN",
    to: "VN",
    exporter: "云南澜沧江机械有限公司",
    consignee: "Bac Son Machinery Company Limited",
    importer: "Công ty TNHH Máy Bắc Sơn",
    supplier: "Yunnan Lancangjiang Machinery Co., Ltd.",
    hs: "84331990",
    unit: "NMB",
    cents: 22_000,
    place: "VNHPH",
    mode: "3",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let export = "CN-2026-100007";
    stage.lodge(&LOT.export(export, 30, day))?;
    let sent = CaseId::new(format!("sent/VN-acdd-CN-{export}-1"));
    let told = stage.reaches("CN", &sent, &["failed", "rejected"])?;
    let message = told.summary.shown["message_id"].as_str().unwrap_or_default().to_owned();
    let kept = stage.found("VN", "received", ("message", &message))?;
    let quarantined = kept.iter().filter(|row| row.summary.stage == "quarantined").count();
    anyhow::ensure!(quarantined == 1, "{quarantined} items of {message} in quarantine");
    Ok(json!({ "sender_told": told.summary.shown["failure"] }))
}
