//! An e-Phyto drawn down load by load: the third load finds it used up, and its withdrawal reaches goods that are gone.

use customs::certificate::Issuance;
use customs::declaration::Declaration;
use customs::gate::Consignment;
use customs::roles::{CLEARANCE, EXCHANGE, GATE};
use customs::terms::QuotedCertificate;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::client::Done;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "ephyto",
    shows: "an e-Phyto is drawn down line by line, double use is stopped at the gate, and its withdrawal finds the goods that went on it",
    play,
};

const LOT: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "บริษัท สยามกล้วยไม้ จำกัด",
    consignee: "Hoa Lan Viet Joint Stock Company",
    importer: "Công ty Cổ phần Hoa Lan Việt",
    supplier: "Siam Orchids Co., Ltd.",
    hs: "06031300",
    unit: "KGM",
    cents: 1_450,
    place: "VNSGN",
    mode: "4",
};
/// The certificate.
const NUMBER: &str = "TH-PC-2026-100031";
/// What the lots of the morning are called, and how much each takes of the 100 kg certified.
const LOADS: [(&str, i64); 3] = [("VN-2026-500031", 60), ("VN-2026-500032", 40), ("VN-2026-500033", 25)];

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let (ours, theirs) =
        (CaseId::of("certificate", format_args!("TH-ephyto-{NUMBER}")), Issuance::case_of("ephyto", NUMBER));
    stage.must("TH", &CLEARANCE, &theirs, &certificate(day))?;
    stage.reaches("VN", &ours, &["issued"])?;
    let cases = LOADS.map(|(number, _)| Consignment::case_of(number));
    for (number, units) in LOADS {
        stage.lodge(&quoting(LOT.import(number, units, day), "ephyto", NUMBER))?;
    }
    stage.reaches("VN", &cases[2], &["flagged"])?;
    let double = stage.found("VN", "finding", ("code", "certificate-double-use"))?;
    anyhow::ensure!(double.len() == 1, "double use was found {} times", double.len());
    let stopped = stage.act("VN", &GATE, &cases[2], &json!({ "act": "release" }))?;
    anyhow::ensure!(matches!(&stopped, Done::Refused(code) if code == "findings-open"), "{stopped:?}");
    stage.must("VN", &GATE, &cases[0], &json!({ "act": "release" }))?;
    stage.reaches("TH", &theirs, &["used"])?;
    stage.must(
        "TH",
        &EXCHANGE,
        &theirs,
        &json!({ "act": "cancel", "reason": "The inspection report was withdrawn" }),
    )?;
    let withdrawn = stage.reaches("VN", &ours, &["withdrawn"])?;
    let after = stage.until("the withdrawal to reach the load that is gone", |stage| {
        let found = stage.found("VN", "finding", ("code", "certificate-withdrawn-after-use"))?;
        Ok(found
            .into_iter()
            .find(|row| row.summary.references.iter().any(|one| one.value == cases[0].as_str())))
    })?;
    Ok(
        json!({ "certificate": ours, "loads": LOADS, "double_use": double[0].id, "stopped": format!("{stopped:?}"),
        "claims": withdrawn.summary.shown["claims"], "withdrawn_after_use": after.id }),
    )
}

/// The same import with a certificate on its line.
pub(super) fn quoting(mut import: Declaration, kind: &str, number: &str) -> Declaration {
    for line in &mut import.lines {
        line.certificates = vec![QuotedCertificate {
            kind: kind.into(),
            number: number.into(),
            ..QuotedCertificate::default()
        }];
    }
    import
}

fn certificate(day: Date) -> Value {
    let words = |text: &str| json!([{ "text": text }]);
    let place = |code: &str, name: &str| json!({ "id": code, "name": name });
    json!({ "act": "issue", "to": "VN", "paper": { "is": "phyto", "certificate": {
        "number": NUMBER, "kind": "851", "status": "70", "issued": format!("{day}T01:00:00Z"),
        "issuer": "Department of Agriculture, Thailand",
        "consignor": { "name": LOT.supplier }, "consignee": { "name": LOT.consignee },
        "export": place("TH", "Thailand"), "import": place("VN", "Viet Nam"),
        "items": [{ "lines": [{ "number": "1", "description": words("Orchids, cut, fresh"), "scientific": words("Dendrobium"),
            "net": { "value": "100", "unit": "KGM" },
            "classes": [{ "system": "HS", "code": "06031300" }], "origins": [{ "country": place("TH", "Thailand") }] }] }] } } })
}
