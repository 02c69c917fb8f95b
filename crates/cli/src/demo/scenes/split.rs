//! A split load: the first import is part of the export, the second closes it, and nobody is alarmed.

use customs::gate::Consignment;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene =
    Scene { name: "split", shows: "a split load closes with the second import and alarms nobody", play };

const LOT: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "บริษัท เจ้าพระยายางพารา จำกัด",
    consignee: "Dai Duong Rubber Joint Stock Company",
    importer: "Công ty Cổ phần Cao su Đại Dương",
    supplier: "Chaophraya Yangphara Company Limited",
    hs: "40012220",
    unit: "KGM",
    cents: 172,
    place: "VNHPH",
    mode: "1",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let export = "TH-2026-100002";
    let parts = [("VN-2026-500002", 12_000), ("VN-2026-500003", 8_000)]
        .map(|(number, units)| (Consignment::case_of(number), LOT.import(number, units, day)));
    stage.lodge(&LOT.export(export, 20_000, day))?;
    stage.arrives("VN", &format!("TH:{export}"), &["readable"])?;
    stage.lodge(&parts[0].1)?;
    stage.reaches("VN", &parts[0].0, &["partial"])?;
    stage.lodge(&parts[1].1)?;
    for (consignment, _) in &parts {
        let row = stage.reaches("VN", consignment, &["matched"])?;
        anyhow::ensure!(row.summary.shown["findings"] == 0, "{consignment} has findings: {:?}", row.summary);
    }
    Ok(json!({ "consignments": parts.map(|(consignment, _)| consignment) }))
}
