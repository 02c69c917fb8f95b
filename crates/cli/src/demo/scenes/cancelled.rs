//! A cancelled export: what leaned on it is taken back and listed.

use customs::gate::Consignment;
use customs::roles::CLEARANCE;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::{Lot, before};
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "cancelled",
    shows: "a cancelled export takes back the link and the finding that leaned on it",
    play,
};

const LOT: Lot = Lot {
    from: "LA",
    to: "VN",
    exporter: "ບໍລິສັດ ໄມ້ນ້ຳຂອງ ຈຳກັດ",
    consignee: "CONG TY TNHH GO TRUONG SON",
    importer: "Công ty TNHH Gỗ Trường Sơn",
    supplier: "Mai Nam Khong Co., Ltd",
    hs: "44072995",
    unit: "MTQ",
    cents: 52_000,
    place: "VNVUT",
    mode: "3",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let (export, import) = ("LA-2026-100004", "VN-2026-500005");
    stage.lodge(&LOT.export(export, 60, before(day, 62)))?;
    stage.lodge(&LOT.import(import, 45, before(day, 60)))?;
    let consignment = Consignment::case_of(import);
    stage.reaches("VN", &consignment, &["flagged"])?;
    let declaration = CaseId::new(format!("declaration/LA-{export}"));
    stage.must("LA", &CLEARANCE, &declaration, &json!({ "act": "cancel", "reason": "goods not loaded" }))?;
    stage.arrives("VN", &format!("LA:{export}"), &["void"])?;
    stage.reaches("VN", &consignment, &["declared"])?;
    let findings = stage.found("VN", "finding", ("consignment", consignment.as_str()))?;
    let open = findings.iter().filter(|row| row.summary.stage != "withdrawn").count();
    anyhow::ensure!(!findings.is_empty() && open == 0, "{open} of {} findings still stand", findings.len());
    Ok(json!({ "withdrawn": findings.iter().map(|row| &row.id).collect::<Vec<_>>() }))
}
