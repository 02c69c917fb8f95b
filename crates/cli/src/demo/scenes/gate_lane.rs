//! A smart border gate that waits for an agreement on data: what the agreement will open, whose opinion is missing, and that until
//! then nothing goes.

use customs::declaration::Lodged;
use customs::roles::{DIRECTOR, SECRETARY};
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::client::Done;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "gate lane",
    shows: "the data agreement with China is not signed, an opinion is late, and the smart gate's lane stays shut both ways",
    play,
};

const LOT: Lot = Lot {
    from: "VN",
    to: "CN",
    exporter: "Công ty TNHH Nông sản Sao Vàng",
    consignee: "Guangxi Pingxiang Fruit Trading Co., Ltd.",
    importer: "广西凭祥果品贸易有限公司",
    supplier: "Sao Vang Agricultural Products Co., Ltd",
    hs: "08106000",
    unit: "KGM",
    cents: 420,
    place: "CNPIX",
    mode: "3",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let case = CaseId::of("negotiation", "ACDD-VN-CN");
    let propose = json!({ "act": "propose", "proposal": {
        "id": "ACDD-VN-CN", "title": "Exchange of declaration data at smart border gates", "ours": "VN", "with": "CN",
        "route": "ministry",
        "opens": [{ "kind": "acdd", "from": "VN", "to": "CN" }, { "kind": "acdd", "from": "CN", "to": "VN" }],
        "waiting": ["Smart border gate Huu Nghi - Youyi Guan"] } });
    stage.must("VN", &SECRETARY, &case, &propose)?;
    let round =
        json!({ "act": "note-round", "on": day, "result": "List of goods data agreed; frequency open" });
    stage.must("VN", &SECRETARY, &case, &round)?;
    let due = Timestamp::now().checked_add(SignedDuration::from_secs(1))?;
    let ask = json!({ "act": "ask-opinion", "body": "Ministry of Foreign Affairs", "due": due,
                      "basis": "Law on International Agreements 2020: written consultation" });
    stage.must("VN", &SECRETARY, &case, &ask)?;
    let authority = json!({ "act": "note-authority", "by": "Ministry of Finance", "reference": "draft" });
    let early = stage.act("VN", &DIRECTOR, &case, &authority)?;
    anyhow::ensure!(early == Done::Refused("opinion-outstanding".into()), "authority: {early:?}");
    let opinion = CaseId::of("obligation", format_args!("opinion:Ministry of Foreign Affairs:1/{case}"));
    stage.reaches("VN", &opinion, &["late"])?;
    // The lane both ways: China's document came and was kept out (the scene before); ours does not leave.
    let export = LOT.export("VN-2026-100020", 18_000, day);
    stage.lodge(&export)?;
    let stayed = stage.reaches("VN", &Lodged::case_of(&export), &["withheld"])?.summary.shown;
    anyhow::ensure!(stayed["withheld"]["code"] == "no-live-term", "it stayed for {}", stayed["withheld"]);
    let waits = stage.reaches("VN", &case, &["talks"])?.summary.shown;
    Ok(
        json!({ "waits": waits["waiting"], "opens": waits["opens"], "opinion": "late", "authority": "opinion-outstanding" }),
    )
}
