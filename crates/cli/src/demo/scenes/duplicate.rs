//! A duplicate: the same bytes come twice; they are delivered once and answered with the same receipt.

use jiff::civil::Date;
use kernel::{CaseId, Digest};
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene =
    Scene { name: "duplicate", shows: "the same message twice is delivered once and receipted alike", play };

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let sent = CaseId::new("sent/VN-acdd-TH-TH-2026-100001-1");
    let row = stage.reaches("TH", &sent, &["receipted", "answered", "used"])?;
    let digest = |name: &str| {
        let text = row.summary.shown[name].as_str().unwrap_or_default();
        Digest::parse(text).ok_or_else(|| anyhow::anyhow!("{sent} has no {name}"))
    };
    let kept = |digest: Digest| -> anyhow::Result<Vec<u8>> {
        stage.look("TH")?.blob(&digest)?.ok_or_else(|| anyhow::anyhow!("{digest} is not kept"))
    };
    let (wire, receipt) = (kept(digest("wire")?)?, kept(digest("receipt")?)?);
    let before = stage.look("VN")?.size()?;
    let answer = stage.town().post_as4("VN", &wire)?;
    anyhow::ensure!(answer == receipt, "the second receipt is not the first");
    let items = stage.found("VN", "received", ("export", "TH:TH-2026-100001"))?;
    anyhow::ensure!(items.len() == 1, "{} items of one message", items.len());
    Ok(json!({ "items": items.len(), "entries_added": stage.look("VN")?.size()? - before }))
}
