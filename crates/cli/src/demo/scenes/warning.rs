//! A joint operation's warning: the goods are expected at a moment, feedback is due so long before as the term says, and silence
//! escalates then.

use customs::roles::COORDINATOR;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "warning",
    shows: "Mekong Dragon: goods expected four hours after feedback is due; silence escalates on that minute, late feedback still counts",
    play,
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let operation = CaseId::of("operation", "MEKONG-DRAGON");
    let plan = json!({ "act": "plan", "plan": {
        "name": "Mekong Dragon", "packs": ["drugs", "wildlife"], "scope": "Road and river", "from": day, "until": day,
        "agreement": "COOP-VN-TH", "unit": "VN",
        "members": [{ "node": "VN", "contact": "Operations room" }, { "node": "TH" }] } });
    stage.must("VN", &COORDINATOR, &operation, &plan)?;
    stage.must("VN", &COORDINATOR, &operation, &json!({ "act": "invite" }))?;
    stage.reaches("TH", &operation, &["invited"])?;
    let join = json!({ "act": "join", "contact": "Duty officer, Bangkok" });
    stage.must("TH", &COORDINATOR, &operation, &join)?;
    let (warning, warned) = (CaseId::of("warning", "VN-W-1"), CaseId::of("warned", "VN-VN-W-1"));
    // The term counts four hours back from the moment the goods are expected.
    let eta = Timestamp::now() + SignedDuration::from_secs(4 * 3_600 + 4);
    stage.must("VN", &COORDINATOR, &warning, &warn(eta))?;
    stage.reaches("TH", &warned, &["arrived"])?;
    let silent = stage.reaches("VN", &warning, &["silent"])?;
    let owed = CaseId::of("obligation", format_args!("feedback-to-warning/{warned}"));
    stage.reaches("TH", &owed, &["late"])?;
    let feedback =
        json!({ "act": "feedback", "outcome": "found", "method": "search", "result": "12,000 tablets" });
    stage.must("TH", &COORDINATOR, &warned, &feedback)?;
    stage.reaches("VN", &warning, &["answered"])?;
    let evening = evening(stage, day)?;
    Ok(
        json!({ "eta": eta, "feedback_due": silent.summary.shown["feedback_due"], "silent": true, "evening": evening }),
    )
}

/// Goods expected tomorrow at 18:00 in Bangkok: both sides' clocks stand at 14:00, and nothing escalates before.
fn evening(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let zone = TimeZone::get("Asia/Bangkok")?;
    let at = |hour| anyhow::Ok(day.tomorrow()?.at(hour, 0, 0, 0).to_zoned(zone.clone())?.timestamp());
    let (eta, due) = (at(18)?, at(14)?);
    let (warning, warned) = (CaseId::of("warning", "VN-W-2"), CaseId::of("warned", "VN-VN-W-2"));
    stage.must("VN", &COORDINATOR, &warning, &warn(eta))?;
    stage.reaches("TH", &warned, &["arrived"])?;
    for (node, about) in [("VN", &warning), ("TH", &warned)] {
        let owed = CaseId::of("obligation", format_args!("feedback-to-warning/{about}"));
        let clock = stage.reaches(node, &owed, &["due"])?.summary.due;
        anyhow::ensure!(clock == Some(due), "feedback is due at {clock:?} at {node}, not at {due}");
    }
    Ok(json!({ "eta": "18:00 Asia/Bangkok", "escalates": "14:00 Asia/Bangkok" }))
}

fn warn(eta: Timestamp) -> Value {
    json!({ "act": "warn", "partner": "TH", "unit": "VN", "warning": {
        "operation": "MEKONG-DRAGON", "urgency": "urgent", "pack": "drugs",
        "goods": [{ "what": "Ya ba", "declared_as": "Dried fruit" }],
        "carriage": { "mode": "3", "vehicle": "63-4821", "container": "TEMU1234565", "eta": eta },
        "route": { "departure": "LATHK", "destination": "THBKK" },
        "text": "Hidden in the spare wheel", "grade": { "source": "b", "content": "2" } } })
}
