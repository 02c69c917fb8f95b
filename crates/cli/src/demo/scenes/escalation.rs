//! An obligation nobody meets: its clock runs out and it escalates, each step once.

use jiff::civil::Date;
use kernel::{CaseId, Happening};
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

/// Begins: Lao PDR shares an export under a term whose result is due within seconds; nobody in Viet Nam acts.
pub(super) const SCENE: Scene = Scene {
    name: "escalation begins",
    shows: "a result is owed within seconds and nobody acts",
    play: begin,
};

/// Ends: both steps have fired, once each.
pub(super) const END: Scene =
    Scene { name: "escalation", shows: "an obligation that is not met escalates, each step once", play: end };

const EXPORT: &str = "LA-2026-100010";

const LOT: Lot = Lot {
    from: "LA",
    to: "VN",
    exporter: "ບໍລິສັດ ກາເຟບໍລະເວນ ຈຳກັດ",
    consignee: "Cao Nguyen Coffee JSC",
    importer: "Công ty CP Cà phê Cao Nguyên",
    supplier: "Kafe Boloven Co., Ltd",
    hs: "09011120",
    unit: "KGM",
    cents: 310,
    place: "VNHPH",
    mode: "3",
};

fn begin(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    stage.lodge(&LOT.export(EXPORT, 18_000, day))?;
    let item = stage.arrives("VN", &format!("LA:{EXPORT}"), &["readable"])?.id;
    stage.reaches("VN", &owed(&item), &["due", "late"])?;
    Ok(json!({ "owed": owed(&item) }))
}

fn end(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let item = stage.arrives("VN", &format!("LA:{EXPORT}"), &["readable"])?.id;
    let case = owed(&item);
    let fired = stage.until("both steps of the escalation", |stage| {
        let history = stage.look("VN")?.history(&case)?;
        let fired: Vec<_> = history.iter().filter_map(|(_, entry)| escalated(&entry.what)).collect();
        Ok((fired.len() >= 2).then_some(fired))
    })?;
    anyhow::ensure!(fired == ["exchange-officer", "director"], "the steps were {fired:?}");
    Ok(json!({ "owed": case, "told": fired }))
}

fn owed(item: &CaseId) -> CaseId {
    CaseId::new(format!("obligation/tell-result/{item}"))
}

/// Whom a step of the escalation told.
fn escalated(happening: &Happening) -> Option<String> {
    match happening {
        Happening::Event { event, .. } if event["event"] == "escalated" => {
            event["role"].as_str().map(str::to_owned)
        }
        Happening::Event { .. }
        | Happening::Refused { .. }
        | Happening::Witnessed { .. }
        | Happening::Edition { .. } => None,
    }
}
