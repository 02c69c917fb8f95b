//! A trusted trader's benefit: given by the partner's list, suspended with effect before the news came, the gap listed exactly.

use std::time::Instant;

use customs::gate::Consignment;
use customs::operator::{Benefits, Operator};
use customs::roles::{DIRECTOR, TRUSTED};
use customs::terms::Identifier;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use kernel::CaseId;
use serde_json::{Value, json};
use store::CaseRow;

use super::Scene;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "trusted-trader",
    shows: "a trusted trader's benefit is given, a suspension takes it from the next load and lists the one given in between",
    play,
};

const LOT: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "บริษัท สยามอิเล็กทรอนิกส์ จำกัด",
    consignee: "Dien Tu Viet Joint Stock Company",
    importer: "Công ty Cổ phần Điện tử Việt",
    supplier: "Siam Electronics Co., Ltd.",
    hs: "84717020",
    unit: "NMB",
    cents: 6_200,
    place: "VNHPH",
    mode: "1",
};
const CODE: &str = "AEOTH0105512345";

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let (feed, operator) = (CaseId::of("operator-feed", "TH"), Operator::case_of("TAX-0105512345"));
    stage.must("TH", &TRUSTED, &feed, &json!({ "act": "subscribe", "partner": "VN" }))?;
    authorise(stage, &operator, day)?;
    listed(stage, 1)?;
    let (before, after, near) = ("VN-2026-500041", "VN-2026-500042", "VN-2026-500043");
    let given = declared(stage, before, CODE, day)?;
    anyhow::ensure!(given.summary.shown["aeo"] == "given", "{:?}", given.summary.shown);
    let missed = declared(stage, near, "AEOTH0105512354", day)?;
    anyhow::ensure!(missed.summary.shown["aeo"] == "near-miss", "{:?}", missed.summary.shown);
    let seconds = suspended(stage, &operator, &given)?;
    let refused = declared(stage, after, CODE, day)?;
    anyhow::ensure!(refused.summary.shown["aeo"] == "refused", "{:?}", refused.summary.shown);
    let gap = gap(stage, &given)?;
    let settle = json!({ "act": "settle", "decision": "post-clearance" });
    stage.must("VN", &TRUSTED, &gap.id, &settle)?;
    stage.reaches("VN", &gap.id, &["settled"])?;
    planned_together(stage, day)?;
    Ok(
        json!({ "code": CODE, "given": before, "near_miss": near, "refused": after, "refused_because": refused.summary.shown["aeo_reason"],
        "gap": gap.id, "seconds_until_effective_here": seconds }),
    )
}

/// Applied, visited, and taken in by a second person.
fn authorise(stage: &Stage<'_>, operator: &CaseId, day: Date) -> anyhow::Result<()> {
    let apply = json!({ "act": "apply", "application": { "party": { "name": LOT.supplier }, "local_name": LOT.exporter,
        "roles": ["exporter"], "sites": ["THBKK"], "contact": "aeo@siam-electronics.example" } });
    let visit = json!({ "act": "plan-validation", "planned": day, "team": ["Somchai"] });
    let report = json!({ "act": "report-validation", "outcome": "met", "report": "Access, seals and staff records in order." });
    for act in [apply, visit, report] {
        stage.must("TH", &TRUSTED, operator, &act)?;
    }
    stage.must("TH", &DIRECTOR, operator, &json!({ "act": "authorise", "code": CODE, "from": "2026-01-01" }))
}

/// The partner's list is here, with so many operators.
fn listed(stage: &Stage<'_>, operators: usize) -> anyhow::Result<()> {
    stage.until("Thailand's list to be here", |stage| {
        let row = stage.case("VN", &CaseId::of("partner-list", "TH"))?;
        Ok(row.filter(|row| row.summary.shown["operators"] == json!(operators)))
    })?;
    Ok(())
}

/// Both programmes agree to look at the operator together.
fn planned_together(stage: &Stage<'_>, day: Date) -> anyhow::Result<()> {
    let case = CaseId::of("joint-validation", "VN-TH-2026-1");
    let (from, until) = (day.checked_add(30.days())?, day.checked_add(32.days())?);
    let propose = json!({ "act": "propose", "partner": "TH", "plan": { "operators": [CODE], "from": from, "until": until, "team": ["Mai"] } });
    stage.must("VN", &TRUSTED, &case, &propose)?;
    stage.reaches("TH", &case, &["asked"])?;
    stage.must("TH", &TRUSTED, &case, &json!({ "act": "answer", "answer": "agreed" }))?;
    stage.reaches("VN", &case, &["agreed"]).map(drop)
}

fn declared(stage: &Stage<'_>, number: &str, code: &str, day: Date) -> anyhow::Result<CaseRow> {
    let mut import = LOT.import(number, 200, day);
    import.exporter.identifiers = vec![Identifier { scheme: "AEO".into(), value: code.into() }];
    stage.lodge(&import)?;
    stage.until(&format!("{number} to be tested"), |stage| {
        let row = stage.case("VN", &Consignment::case_of(number))?;
        Ok(row.filter(|row| !row.summary.shown["aeo"].is_null() && row.summary.shown["aeo"] != "not-asked"))
    })
}

/// Thailand suspends from the moment before the benefit was given; gives how long it took until it counted here.
fn suspended(stage: &Stage<'_>, operator: &CaseId, given: &CaseRow) -> anyhow::Result<f64> {
    let at: Timestamp = given.summary.shown["aeo_at"].as_str().unwrap_or_default().parse()?;
    let since = at.checked_sub(SignedDuration::from_millis(1))?;
    let start = Instant::now();
    let suspend = json!({ "act": "suspend", "reason": "non-compliance", "at": since });
    stage.must("TH", &TRUSTED, operator, &suspend)?;
    gap(stage, given)?;
    Ok(start.elapsed().as_secs_f64())
}

/// The day's benefits with the one that lies in the gap, and no other.
fn gap(stage: &Stage<'_>, given: &CaseRow) -> anyhow::Result<CaseRow> {
    let at: Timestamp = given.summary.shown["aeo_at"].as_str().unwrap_or_default().parse()?;
    let case = Benefits::case_of(CODE, TimeZone::UTC.to_datetime(at).date());
    let row = stage.reaches("VN", &case, &["listed"])?;
    let listed = row.state.json()["given"].as_object().into_iter().flatten();
    let listed: Vec<&String> =
        listed.filter(|(_, one)| !one["gap"].is_null()).map(|(case, _)| case).collect();
    anyhow::ensure!(listed == [given.id.as_str()], "the gap lists {listed:?}");
    Ok(row)
}
