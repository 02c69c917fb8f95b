//! A box of plastic waste under another name, shipped on from Rotterdam without a consent number: its clock to be taken back starts.

use customs::roles::{COORDINATOR, EXCHANGE, GATE};
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "waste",
    shows: "a waste box without a consent number starts a take-back clock on both sides",
    play,
};

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let (ours, theirs) = (CaseId::of("take-back", "VN-TB-1"), CaseId::of("take-back", "VN-VN-TB-1"));
    // The demonstration has no node of the European Union; the state of the last export takes the notice.
    let check = json!({ "act": "check", "partner": "TH", "shipment": {
        "container": "MSKU1112223", "declared_as": "Plastic raw material", "hs": "39151000",
        "gross": { "amount": "24", "unit": "TNE" }, "value": { "amount": "1200", "currency": "USD" },
        "exporter": "Rijnmond Trading B.V.", "sender": "trader", "route": ["NLRTM", "THLCH"] } });
    stage.must("VN", &GATE, &ours, &check)?;
    let found = stage.reaches("VN", &ours, &["found"])?;
    stage.must("VN", &COORDINATOR, &ours, &json!({ "act": "notify", "text": "Found at Cat Lai" }))?;
    stage.reaches("TH", &theirs, &["to-take-back"])?;
    let clock = |case: &CaseId| CaseId::of("obligation", format_args!("take-back/{case}"));
    let due = stage.reaches("VN", &clock(&ours), &["due"])?;
    stage.reaches("TH", &clock(&theirs), &["due"])?;
    let accepts = json!({ "act": "answer", "says": "accepts", "at": due.summary.due });
    stage.must("TH", &EXCHANGE, &theirs, &accepts)?;
    stage.reaches("VN", &ours, &["accepted"])?;
    Ok(json!({ "seen": found.summary.shown["findings"], "taken_back_by": due.summary.due }))
}
