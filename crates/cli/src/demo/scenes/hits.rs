//! A cargo feed: a line goes to Thailand before it sails, Thailand's targeting sees something, and the result of the hit is told both ways.

use customs::roles::{ANALYST, EXCHANGE, GATE};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "cargo feed",
    shows: "a cargo line goes to a partner's targeting, a hit comes back, and its result is told both ways",
    play,
};

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let sails = Timestamp::now().checked_add(SignedDuration::from_hours(48))?;
    let line = json!({ "act": "share", "partner": "TH", "line": {
        "bill": "COSU6123456780", "container": "CSNU1234560", "vehicle": "SONG HAN 014W",
        "shipper": "Công ty TNHH Gỗ Bình Nam", "consignee": "Chao Phraya Living Co., Ltd.", "goods": "Wooden furniture",
        "hs": "94036090", "loading": "VNCMT", "unloading": "THLCH", "sails": sails } });
    stage.must("VN", &EXCHANGE, &CaseId::of("cargo-line", "VN-L-1"), &line)?;
    let theirs = CaseId::of("cargo-line", "VN-VN-L-1");
    stage.reaches("TH", &theirs, &["held"])?;
    let (raised, heard) = (CaseId::of("cargo-hit", "TH-H-1"), CaseId::of("cargo-hit", "TH-TH-H-1"));
    let hit = json!({ "act": "raise", "partner": "VN", "line": theirs, "hit": {
        "wanted": "inspection", "reasons": ["same-weight-before"], "text": "Same weight as a box that came from elsewhere" } });
    stage.must("TH", &ANALYST, &raised, &hit)?;
    stage.reaches("VN", &heard, &["arrived"])?;
    let tell = |text: &str| json!({ "act": "tell", "outcome": "nothing-found", "text": text });
    stage.must("VN", &GATE, &heard, &tell("Opened at Cai Mep: chairs as declared"))?;
    stage.reaches("TH", &raised, &["answered"])?;
    stage.must("TH", &ANALYST, &raised, &tell("Agreed; the profile is narrowed"))?;
    let told = stage.reaches("VN", &heard, &["told"])?.summary.shown;
    stage.reaches("VN", &CaseId::of("obligation", format_args!("result-of-hit/{heard}")), &["met"])?;
    Ok(json!({ "ours": told["outcome"], "theirs": told["their_outcome"] }))
}
