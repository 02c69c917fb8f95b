//! Asking without showing: Viet Nam finds out which of its containers Thailand watches too, and neither shows the others; then looks one
//! declaration up in Thailand's register.

use customs::roles::{ANALYST, EXCHANGE};
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "ask without showing",
    shows: "two nodes find what both hold before either shows it; a quota ends it; one declaration is looked up on demand",
    play,
};

/// What Thailand watches.
const WATCHED: [&str; 4] = ["TEMU1234565", "MSCU7654329", "TCLU1111110", "CAIU2345678"];
/// What Viet Nam asks about: one of them, written otherwise, and two it never shows.
const ASKED: [&str; 3] = ["temu 123456-5", "HLXU8888888", "OOLU7777770"];

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let publish = json!({ "act": "publish", "partner": "VN", "kind": "container", "values": WATCHED });
    stage.must("TH", &EXCHANGE, &CaseId::of("match-set", "TH-SET-1"), &publish)?;
    let held = CaseId::of("match-set", "TH-TH-SET-1");
    stage.reaches("VN", &held, &["held"])?;
    let question = CaseId::of("match-question", "VN-Q-1");
    stage.must("VN", &ANALYST, &question, &ask(&ASKED))?;
    let shown = stage.reaches("VN", &question, &["answered"])?.summary.shown;
    anyhow::ensure!(shown["hits"] == json!([ASKED[0]]), "both hold {}", shown["hits"]);
    let seen = stage.reaches("TH", &CaseId::of("match-asked", "VN-VN-Q-1"), &["answered"])?;
    let told = seen.state.to_text();
    anyhow::ensure!(!ASKED.iter().any(|value| told.contains(value)), "the holder has seen what was asked");
    let many: Vec<String> = (0..101).map(|number| format!("TRYU{number:07}")).collect();
    let guessing = CaseId::of("match-question", "VN-Q-2");
    stage.must("VN", &ANALYST, &guessing, &ask(&many))?;
    let refused = stage.reaches("VN", &guessing, &["refused"])?.summary.shown;
    anyhow::ensure!(refused["held_back"]["code"] == "quota-spent", "{}", refused["held_back"]);
    let count = how_many(stage)?;
    let looked = CaseId::of("register-question", "VN-R-1");
    let look =
        json!({ "act": "ask", "partner": "TH", "declaration": "TH-2026-100003", "purpose": "investigation" });
    stage.must("VN", &ANALYST, &looked, &look)?;
    let found = stage.reaches("VN", &looked, &["answered"])?.summary.shown;
    anyhow::ensure!(found["found"] == true, "the declaration was not found");
    Ok(
        json!({ "asked": ASKED.len(), "held": WATCHED.len(), "both": shown["hits"], "how_many": count, "too_many": "quota-spent",
               "looked_up": found["declaration"] }),
    )
}

/// How many of ten containers both hold, and not which.
fn how_many(stage: &Stage<'_>) -> anyhow::Result<Value> {
    let publish = json!({ "act": "publish", "partner": "VN", "kind": "container", "values": WATCHED, "wants": "how-many" });
    stage.must("TH", &EXCHANGE, &CaseId::of("match-set", "TH-SET-2"), &publish)?;
    stage.reaches("VN", &CaseId::of("match-set", "TH-TH-SET-2"), &["held"])?;
    let others = (0..8).map(|number| format!("TRYU{number:07}"));
    let values: Vec<String> = WATCHED[..2].iter().map(|value| (*value).to_owned()).chain(others).collect();
    let mut asked = ask(&values);
    asked["wants"] = json!("how-many");
    let question = CaseId::of("match-question", "VN-Q-3");
    stage.must("VN", &ANALYST, &question, &asked)?;
    let shown = stage.reaches("VN", &question, &["answered"])?.summary.shown;
    anyhow::ensure!(
        shown["common"] == 2 && shown["hits"] == json!([]),
        "it says {} {}",
        shown["common"],
        shown["hits"]
    );
    Ok(shown["common"].clone())
}

fn ask(values: &[impl serde::Serialize]) -> Value {
    json!({ "act": "ask", "partner": "TH", "kind": "container", "values": values, "purpose": "investigation" })
}
