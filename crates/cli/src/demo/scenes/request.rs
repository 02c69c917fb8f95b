//! A finding becomes a request: drafted, cleared by a second person, answered by Thailand, used, its result told.

use customs::roles::{ANALYST, DIRECTOR, EXCHANGE};
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "request",
    shows: "a finding becomes a request that Thailand answers, and the result is told back",
    play,
};

/// The finding of the shortfall scene, decided before.
fn finding(stage: &Stage<'_>) -> anyhow::Result<CaseId> {
    let found = stage.found("VN", "finding", ("export", "TH:TH-2026-100003"))?;
    found.first().map(|row| row.id.clone()).ok_or_else(|| anyhow::anyhow!("no finding to ask about"))
}

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let finding = finding(stage)?;
    let request = CaseId::of("request", finding.key());
    let asked = CaseId::of("requested", format_args!("VN-{}", finding.key()));
    let need =
        json!({ "act": "ask-partner", "need": "Only Thai customs can say whether the export was amended" });
    stage.must("VN", &ANALYST, &finding, &need)?;
    stage.reaches("VN", &request, &["need"])?;
    let checks =
        json!({ "act": "check", "own_checks": "Cartons counted, invoice and packing list compared" });
    stage.must("VN", &ANALYST, &request, &checks)?;
    stage.must("VN", &EXCHANGE, &request, &json!({ "act": "draft", "asking": asking() }))?;
    let alone = stage.act("VN", &EXCHANGE, &request, &json!({ "act": "clear" }))?;
    stage.must("VN", &DIRECTOR, &request, &json!({ "act": "clear" }))?;
    stage.reaches("TH", &asked, &["arrived"])?;
    stage.must("TH", &EXCHANGE, &asked, &json!({ "act": "acknowledge" }))?;
    stage.must("TH", &EXCHANGE, &asked, &json!({ "act": "accept" }))?;
    let answer = json!({ "act": "answer", "answer": {
        "kind": "final", "text": "Amended two days before departure",
        "statements": [{ "subject": { "kind": "declaration", "value": "TH TH-2026-100003" }, "what": "quantity",
                         "value": "400 NMB", "verified": "verified", "question": 1 }],
        "grade": { "source": "a", "content": "1" } } });
    stage.must("TH", &EXCHANGE, &asked, &answer)?;
    stage.must("TH", &DIRECTOR, &asked, &json!({ "act": "clear" }))?;
    stage.reaches("VN", &request, &["answered"])?;
    stage.must("VN", &EXCHANGE, &request, &json!({ "act": "judge", "usefulness": "useful" }))?;
    stage.must("VN", &EXCHANGE, &request, &json!({ "act": "tell-result", "result": "Import corrected" }))?;
    stage.reaches("TH", &asked, &["result-heard"])?;
    let met = CaseId::of("obligation", format_args!("reply-legal/{request}"));
    stage.reaches("VN", &met, &["met"])?;
    Ok(json!({ "finding": finding, "request": request, "cleared_alone": format!("{alone:?}") }))
}

fn asking() -> Value {
    json!({
        "matter": "information", "basis": "COOP-VN-TH 1", "authority": "Anti-smuggling department",
        "measure": "Say what was exported", "reason": "The import declares fewer than the export",
        "laws": ["Customs Law"], "purpose": "investigation", "urgency": "normal",
        "facts": "400 exported, 340 declared, 400 counted", "questions": ["What quantity was exported?"],
        "reciprocity": "could",
    })
}
