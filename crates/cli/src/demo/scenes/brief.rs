//! The brief for Thailand writes itself: every figure is counted again row by row from its question, and the published
//! "more than 90% answered" is held against the counts published with it.

use customs::assistance::figures::{Published, readings, replies_needed};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::NodeId;
use node::brief::brief;
use serde_json::{Value, json};
use store::{Look, Query};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "brief",
    shows: "the brief for Thailand writes itself; every figure is counted again from its question",
    play,
};

/// Three years of exchange as they were published (32nd meeting, 2023), with "more than 90%" answered.
const THREE_YEARS: Published = Published { requests: 12, replies: 9, other: 2 };
const CLAIMED: u32 = 90;

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let look = stage.look("VN")?;
    let at = Timestamp::now().checked_add(SignedDuration::from_hours(7 * 24))?;
    let written = brief(look, &NodeId::new("VN"), &NodeId::new("TH"), at)?;
    let mut figures = 0_u64;
    for figure in written.chapters.iter().flat_map(|chapter| &chapter.figures) {
        let questions = std::iter::once((figure.count, &figure.query));
        for (said, query) in questions.chain(figure.whole.iter().map(|(count, query)| (*count, query))) {
            let counted = count(look, query)?;
            anyhow::ensure!(counted == said, "{} says {said}, its cases are {counted}", figure.key);
        }
        figures += 1;
    }
    let chapters: Vec<_> = written.chapters.iter().map(|chapter| chapter.key).collect();
    for needed in ["brief.we-owe", "brief.they-owe", "brief.assistance", "brief.received", "brief.steering"] {
        anyhow::ensure!(chapters.contains(&needed), "{needed} is missing from {chapters:?}");
    }
    Ok(json!({ "chapters": chapters.len(), "figures": figures, "published": published()? }))
}

/// Counts what a question finds, case by case.
fn count(look: &(dyn Look + Send), query: &Query) -> anyhow::Result<u64> {
    let mut counted = 0;
    look.each_case(&Query { limit: 0, ..query.clone() }, &mut |_| counted += 1)?;
    Ok(counted)
}

/// Nine replies to twelve requests are three quarters; whatever makes more of it is an assumption.
fn published() -> anyhow::Result<Value> {
    let all = readings(&THREE_YEARS, CLAIMED);
    let plain =
        all.iter().find(|reading| reading.follows).map(|reading| reading.percent.normalize().to_string());
    anyhow::ensure!(plain.as_deref() == Some("75"), "the plain reading is {plain:?}");
    let fitting = all.iter().filter(|reading| reading.fits).count();
    anyhow::ensure!(all.iter().all(|reading| !(reading.fits && reading.follows)), "a reading follows");
    Ok(
        json!({ "exchanges": THREE_YEARS.requests + THREE_YEARS.replies + THREE_YEARS.other, "answered_percent": plain,
               "replies_needed": replies_needed(THREE_YEARS.requests, CLAIMED), "readings_that_fit": fitting,
               "readings": all.len() }),
    )
}
