//! Thailand asks: a request arrives at Viet Nam, stands beside our own declaration, and waits for the exchange officer.

use customs::roles::{ANALYST, DIRECTOR, EXCHANGE};
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "asked of us",
    shows: "Thailand's request arrives, stands beside our own declaration and waits for the exchange officer",
    play,
};

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let (request, requested) = (CaseId::of("request", "TH-R-1"), CaseId::of("requested", "TH-TH-R-1"));
    let subjects = json!([
        { "kind": "declaration", "value": "VN VN-2026-500004" },
        { "kind": "party", "value": "Công ty TNHH Thương mại Điện tử Hồng Hà" }
    ]);
    let notice = json!({ "act": "notice", "partner": "VN", "need": "Whether the goods came in as they left",
                         "asking": { "subjects": subjects } });
    stage.must("TH", &ANALYST, &request, &notice)?;
    let checks = json!({ "act": "check", "own_checks": "Export declaration and packing list compared" });
    stage.must("TH", &ANALYST, &request, &checks)?;
    let asking = json!({
        "matter": "information", "basis": "COOP-VN-TH 17", "authority": "Investigation and suppression division",
        "measure": "Say what was declared at import", "reason": "The exporter says fewer arrived than left",
        "laws": ["Customs Act B.E. 2560"], "purpose": "investigation", "urgency": "normal", "subjects": subjects,
        "facts": "400 left", "questions": ["What quantity was declared?"], "reciprocity": "could" });
    stage.must("TH", &EXCHANGE, &request, &json!({ "act": "draft", "asking": asking }))?;
    stage.must("TH", &DIRECTOR, &request, &json!({ "act": "clear" }))?;
    let here = stage.reaches("VN", &requested, &["arrived"])?;
    let owed = CaseId::of("obligation", format_args!("acknowledge-request/{requested}"));
    let due = stage.reaches("VN", &owed, &["due"])?.summary.due;
    Ok(json!({ "request": here.id, "acknowledge_by": due }))
}
