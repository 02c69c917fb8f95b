//! A damaged message: correctly signed, but its document is cut off; kept, shown with its place, answered.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;
use crate::demo::town::Letter;

pub(super) const SCENE: Scene = Scene {
    name: "damaged",
    shows: "a document that cannot be read is kept, shown with its place, and answered",
    play,
};

const DOCUMENT: &[u8] =
    b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Declaration><ID>TH-2026-100008</ID><Goods";

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let message_id = "damaged-100008@th.sampan.demo";
    let letter = Letter { kind: "acdd", message_id, agreement: "ACDD-VN-TH", document: DOCUMENT };
    stage.town().send_signed("TH", "VN", &letter)?;
    let row = stage.until("the damaged item to be shown as faulty", |stage| {
        let rows = stage.found("VN", "received", ("message", message_id))?;
        Ok(rows.into_iter().find(|row| row.summary.stage == "faulty"))
    })?;
    let findings = row.state.json()["findings"]["list"].as_array().cloned().unwrap_or_default();
    let placed = findings.iter().filter(|finding| finding["place"]["line"].as_u64() > Some(0)).count();
    anyhow::ensure!(placed > 0, "no finding has a place: {findings:?}");
    Ok(json!({ "item": row.id, "findings": findings.len() }))
}
