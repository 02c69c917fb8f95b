//! An officer is refused because the term does not allow the purpose; the refusal is in the record.

use customs::roles::ANALYST;
use jiff::civil::Date;
use kernel::Happening;
use serde_json::{Value, json};

use super::Scene;
use crate::client::Done;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "purpose",
    shows: "a purpose the term does not name is refused, and the refusal is recorded",
    play,
};

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let item = stage.arrives("VN", "TH:TH-2026-100003", &["told", "acted"])?.id;
    let done = stage.act("VN", &ANALYST, &item, &json!({ "act": "see", "purpose": "investigation" }))?;
    anyhow::ensure!(done == Done::Refused("purpose-not-allowed".into()), "not refused: {done:?}");
    let history = stage.look("VN")?.history(&item)?;
    let number = history.iter().rev().find_map(|(number, entry)| match &entry.what {
        Happening::Refused { refusal, .. } if refusal.code == "purpose-not-allowed" => Some(*number),
        Happening::Refused { .. }
        | Happening::Event { .. }
        | Happening::Witnessed { .. }
        | Happening::Edition { .. } => None,
    });
    anyhow::ensure!(number.is_some(), "the refusal is not in the record of {item}");
    Ok(json!({ "item": item, "entry": number }))
}
