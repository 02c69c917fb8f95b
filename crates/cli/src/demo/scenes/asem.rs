//! An action plan: eight actions of the plan before, reviewed and ended, and the seven adopted after them, each with its
//! coordinators. How far each is, is what its evidence says.
//!
//! The seven and their coordinators are those of the 13th meeting of ASEM customs heads (Ha Long, 2019) for 2020 and 2021.
//! Unsure: what the eight before them were is not published with the seven; that the eighth was the operation on
//! fast-moving consumer goods, which had ended, is inferred (2026-11-28).

use customs::roles::SECRETARY;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "action plan",
    shows: "eight ASEM actions are reviewed and ended, seven adopted with their coordinators; progress is computed from evidence",
    play,
};

const BEFORE: &str = "ASEM action plan 2018-2019";
const AFTER: &str = "ASEM action plan 2020-2021";

/// What an action is called and who coordinates it.
const ACTIONS: [(&str, &[&str]); 7] = [
    ("Joint operation against illegal movements of waste", &["OLAF", "VN", "KH"]),
    ("Transhipment hubs", &["MT", "VN"]),
    ("Cross-border e-commerce", &["KR", "CN", "PL"]),
    ("Connectivity and transit", &["CN", "AT", "DE"]),
    ("Single window, automation and integrated risk management", &["IN", "TH", "IT", "EU"]),
    ("New technologies for enforcement", &["JP"]),
    ("Protection of intellectual property at the border", &["JP"]),
];
/// The eighth of the plan before.
const ENDED: (&str, &[&str]) = ("Operation on counterfeit fast-moving consumer goods", &["OLAF"]);

fn play(stage: &Stage<'_>, _day: Date) -> anyhow::Result<Value> {
    let before: Vec<_> = ACTIONS.into_iter().chain([ENDED]).collect();
    for (number, action) in (1..).zip(&before) {
        reviewed(stage, number, *action)?;
    }
    for (number, action) in (1..).zip(ACTIONS) {
        adopted(stage, number, action)?;
    }
    let plan = |name| stage.found("VN", "action", ("plan", name));
    let (ended, open) = (plan(BEFORE)?, plan(AFTER)?);
    anyhow::ensure!(ended.len() == 8, "{} actions of the plan before", ended.len());
    for row in &ended {
        let seen = &row.summary.shown["reviews"][0]["progress"];
        anyhow::ensure!(row.summary.stage == "finished" && seen == "done", "{}: {seen}", row.id);
    }
    anyhow::ensure!(open.len() == ACTIONS.len(), "{} actions adopted", open.len());
    let standing: Vec<_> = open
        .iter()
        .map(|row| {
            let shown = &row.summary.shown;
            let measures = shown["measures"].as_array().map_or(0, Vec::len);
            json!({ "action": row.summary.title, "coordinators": shown["coordinators"],
                    "done": shown["done"], "measures": measures })
        })
        .collect();
    let named: Vec<_> = ACTIONS.iter().map(|(title, by)| (json!(title), json!(by))).collect();
    let shown: Vec<_> =
        standing.iter().map(|one| (one["action"].clone(), one["coordinators"].clone())).collect();
    anyhow::ensure!(named == shown, "adopted were {shown:?}");
    // Nothing is done because somebody says so.
    let finish = stage.act("VN", &SECRETARY, &case(AFTER, 2), &json!({ "act": "finish" }))?;
    Ok(
        json!({ "reviewed": ended.len(), "adopted": standing, "finished_without_evidence": format!("{finish:?}") }),
    )
}

/// An action of the plan before: adopted, its one measure done, looked at by the working group, ended.
fn reviewed(stage: &Stage<'_>, number: usize, action: (&str, &[&str])) -> anyhow::Result<()> {
    let case = case(BEFORE, number);
    stage.must("VN", &SECRETARY, &case, &adopt(&case, BEFORE, action, None))?;
    stage.must("VN", &SECRETARY, &case, &measure("Report to the 13th meeting", action.1[0], 1)?)?;
    let evidence =
        json!({ "act": "add-evidence", "measure": 1, "note": "Report tabled at the 13th meeting" });
    stage.must("VN", &SECRETARY, &case, &evidence)?;
    let review = json!({ "act": "review", "note": "Reviewed by the 13th meeting" });
    stage.must("VN", &SECRETARY, &case, &review)?;
    stage.must("VN", &SECRETARY, &case, &json!({ "act": "finish" }))
}

/// An action of the new plan: it continues the one before and has a measure of each coordinator; of the transhipment hubs one is done.
fn adopted(stage: &Stage<'_>, number: usize, action: (&str, &[&str])) -> anyhow::Result<()> {
    let new = case(AFTER, number);
    stage.must("VN", &SECRETARY, &new, &adopt(&new, AFTER, action, Some(case(BEFORE, number))))?;
    for coordinator in action.1 {
        stage.must("VN", &SECRETARY, &new, &measure("Report to the 14th meeting", coordinator, 300)?)?;
    }
    if number == 2 {
        let evidence =
            json!({ "act": "add-evidence", "measure": 2, "note": "Legs paired at Cai Mep for one month" });
        stage.must("VN", &SECRETARY, &new, &evidence)?;
    }
    Ok(())
}

fn case(plan: &str, number: usize) -> CaseId {
    let years = plan.rsplit(' ').next().unwrap_or_default();
    CaseId::of("action", format_args!("ASEM-{years}-{number}"))
}

fn adopt(case: &CaseId, plan: &str, (title, by): (&str, &[&str]), continues: Option<CaseId>) -> Value {
    json!({ "act": "adopt", "action": {
        "id": case.key(), "title": title, "plan": plan, "forum": "ASEM", "coordinators": by, "continues": continues } })
}

fn measure(text: &str, by: &str, days: i64) -> anyhow::Result<Value> {
    let due = Timestamp::now().checked_add(SignedDuration::from_hours(24 * days))?;
    Ok(json!({ "act": "add-measure", "measure": { "text": text, "by": by, "to": "ASEM", "due": due } }))
}
