//! The tax authority, a node of its own: what a firm booked beside what it declared, a difference found, told back, told again
//! when a declaration is amended, and one case asked about by itself.

use customs::declaration::Function;
use customs::roles::{ANALYST, DIRECTOR, EXCHANGE};
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::{Lot, before};
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "tax authority",
    shows: "what a firm booked is set beside what it declared; a difference is found, told back, and told again when it changes",
    play,
};

/// What the firm buys; no partner shares its exports.
const BOUGHT: Lot = Lot {
    from: "JP",
    to: "VN",
    exporter: "Kaigan Seiki",
    consignee: "An Phu Machine Works",
    importer: "Công ty TNHH Cơ khí An Phú",
    supplier: "Kaigan Seiki Co., Ltd.",
    hs: "84661010",
    unit: "NMB",
    cents: 12_000,
    place: "VNHPH",
    mode: "1",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let bought = BOUGHT.import("VN-2026-600001", 100, before(day, 40));
    let sold = Lot { from: "VN", to: "JP", exporter: BOUGHT.importer, ..BOUGHT }.export(
        "VN-2026-600002",
        50,
        before(day, 38),
    );
    stage.lodge(&bought)?;
    stage.lodge(&sold)?;
    let firm = |party: &customs::terms::Party| {
        party.identifiers.first().map_or_else(String::new, |id| id.value.clone())
    };
    let lines = json!([
        line(&firm(&bought.importer), "purchases", "15000"),
        line(&firm(&sold.exporter), "refund-base", "6050"),
    ]);
    let given = CaseId::of("figures-given", "GDT-2026-1");
    let figures = json!({ "from": before(day, 60), "until": before(day, 1), "lines": lines });
    stage.must("GDT", &ANALYST, &given, &json!({ "act": "give", "partner": "VN", "figures": figures }))?;
    let check = |line: u32| CaseId::of("period-check", format_args!("GDT-GDT-2026-1-{line}"));
    stage.reaches("VN", &check(2), &["agrees"])?;
    let found = stage.reaches("VN", &check(1), &["differs"])?.summary.shown;
    let conclude =
        json!({ "act": "conclude", "outcome": "undervalued", "note": "The invoice says 150 a piece" });
    stage.must("VN", &ANALYST, &check(1), &conclude)?;
    stage.reaches("GDT", &given, &["answered"])?;
    let mut amended = bought.clone();
    amended.function = Function::Replace;
    amended.reference = "VN-2026-600001-2".into();
    amended.lines[0].value = Some(kernel::Money::new(15_000.into(), "USD"));
    stage.lodge_as(&amended, "amend")?;
    let corrected = stage.until("the corrected sum at the tax authority", |stage| {
        let shown =
            stage.case("GDT", &given)?.map(|row| row.summary.shown["results"]["1"]["declared"].clone());
        Ok(shown.filter(|declared| declared["amount"] == "15000"))
    })?;
    let asked = one_case(stage)?;
    Ok(json!({ "booked": found["booked"], "declared": found["declared"], "difference": found["difference"],
               "corrected": corrected, "asked": asked }))
}

fn line(party: &str, what: &str, amount: &str) -> Value {
    json!({ "party": party, "name": BOUGHT.importer, "what": what, "value": { "amount": amount, "currency": "USD" } })
}

/// The tax authority asks about one declaration, as any administration asks another.
fn one_case(stage: &Stage<'_>) -> anyhow::Result<CaseId> {
    let request = CaseId::of("request", "GDT-R-1");
    let subjects = json!([{ "kind": "declaration", "value": "VN VN-2026-600001" }]);
    let notice = json!({ "act": "notice", "partner": "VN", "need": "What the goods were declared at",
                         "asking": { "subjects": subjects } });
    stage.must("GDT", &ANALYST, &request, &notice)?;
    stage.must(
        "GDT",
        &ANALYST,
        &request,
        &json!({ "act": "check", "own_checks": "Ledger and invoice compared" }),
    )?;
    let asking = json!({
        "matter": "information", "basis": "TAX-VN", "authority": "Inspection", "measure": "Say what was declared",
        "reason": "The ledger says more than the declaration", "laws": ["Law on Tax Administration"],
        "purpose": "risk-assessment", "urgency": "normal", "subjects": subjects, "facts": "15,000 booked",
        "questions": ["At what value were the goods declared?"], "reciprocity": "could" });
    stage.must("GDT", &EXCHANGE, &request, &json!({ "act": "draft", "asking": asking }))?;
    stage.must("GDT", &DIRECTOR, &request, &json!({ "act": "clear" }))?;
    let requested = CaseId::of("requested", "GDT-GDT-R-1");
    stage.reaches("VN", &requested, &["arrived"])?;
    stage.must("VN", &EXCHANGE, &requested, &json!({ "act": "accept" }))?;
    let answer = json!({ "act": "answer", "answer": { "kind": "final", "text": "Amended to 15,000",
        "statements": [{ "subject": subjects[0], "what": "value", "value": "15000 USD", "verified": "verified",
                         "question": 1 }] } });
    stage.must("VN", &EXCHANGE, &requested, &answer)?;
    stage.must("VN", &DIRECTOR, &requested, &json!({ "act": "clear" }))?;
    Ok(stage.reaches("GDT", &request, &["answered"])?.id)
}
