//! A Form D: the preference waits for its proof, the issuer is asked whether it is genuine, answers, and hears of the use.

use customs::certificate::Issuance;
use customs::gate::Consignment;
use customs::roles::{EXCHANGE, GATE};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use super::ephyto::quoting;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "form-d",
    shows: "a preference waits for its Form D, Thailand answers that it is genuine, and hears that it was used",
    play,
};

const LOT: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "บริษัท อยุธยาไดรฟ์ จำกัด",
    consignee: "Luu Tru So Viet Joint Stock Company",
    importer: "Công ty Cổ phần Lưu trữ số Việt",
    supplier: "Ayutthaya Drives Co., Ltd.",
    hs: "84717020",
    unit: "NMB",
    cents: 5_900,
    place: "VNHPH",
    mode: "1",
};
const NUMBER: &str = "D-2026-100051";

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let (ours, theirs) =
        (CaseId::of("certificate", format_args!("TH-form-d-{NUMBER}")), Issuance::case_of("form-d", NUMBER));
    let consignment = Consignment::case_of("VN-2026-500051");
    let mut import = quoting(LOT.import("VN-2026-500051", 300, day), "form-d", NUMBER);
    import.lines.iter_mut().for_each(|line| line.scheme = Some("ATIGA".into()));
    stage.lodge(&import)?;
    stage.reaches("VN", &ours, &["awaited"])?;
    stage.must("TH", &EXCHANGE, &theirs, &certificate(day))?;
    stage.reaches("VN", &ours, &["claimed"])?;
    verify(stage)?;
    let release = json!({ "act": "release", "reason": "Form D verified with Thailand" });
    stage.must("VN", &GATE, &consignment, &release)?;
    let row = stage.reaches("VN", &consignment, &["released"])?;
    let preference = row.state.json()["preferences"][0].clone();
    anyhow::ensure!(preference["given"] == "yes", "the preference was not given: {preference}");
    let told = stage.reaches("TH", &theirs, &["used"])?;
    Ok(json!({ "certificate": ours, "preference": preference, "told": told.summary.shown["outcome"] }))
}

/// Asks the issuer, which answers; the answer is met and the preference stands.
fn verify(stage: &Stage<'_>) -> anyhow::Result<()> {
    let case = CaseId::of("verification", "VN-Q-100051");
    let ask = json!({ "act": "ask", "us": "VN", "to": "TH", "query": { "reference": "Q-100051", "country": "VN", "issuer": "TH",
        "kind": "form-d", "number": NUMBER, "reason": "authenticity", "questions": ["Is the signature yours?"] } });
    stage.must("VN", &EXCHANGE, &case, &ask)?;
    stage.reaches("TH", &case, &["received"])?;
    let reply = json!({ "act": "reply", "outcome": "genuine", "text": "Issued by the Bangkok office" });
    stage.must("TH", &EXCHANGE, &case, &reply)?;
    stage.reaches("VN", &case, &["answered"])?;
    stage.must("VN", &EXCHANGE, &case, &json!({ "act": "conclude", "decision": "preference-stands" }))
}

fn certificate(day: Date) -> Value {
    let until = day.checked_add(1.year()).unwrap_or(day);
    json!({ "act": "issue", "to": "VN", "paper": { "is": "origin", "certificate": {
        "country": "TH", "number": NUMBER, "form": "form-d", "layout": "2022", "scheme": "ATIGA",
        "issued": format!("{day}T01:00:00Z"), "valid-until": until, "destination": "VN",
        "exporter": { "name": LOT.supplier }, "consignee": { "name": LOT.consignee },
        "authority": "Department of Foreign Trade, Bangkok",
        "lines": [{ "item_no": 1, "description": "Hard disk drives", "hs": "84717020", "criterion": "RVC 45%", "origin": "TH",
            "quantity": { "amount": "300", "unit": "NMB" }, "fob": { "amount": "17700", "currency": "USD" } }] } } })
}
