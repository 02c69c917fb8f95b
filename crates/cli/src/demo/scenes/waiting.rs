//! Two consignments that wait for an officer: more declared than left, and another commodity code than left.

use customs::gate::Consignment;
use customs::terms::HsCode;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::goods::Lot;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene =
    Scene { name: "waiting", shows: "two consignments are flagged and wait for an officer to decide", play };

const OVER: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "บริษัท อันดามันทูน่า จำกัด",
    consignee: "CONG TY TNHH HAI SAN PHU QUY",
    importer: "Công ty TNHH Hải sản Phú Quý",
    supplier: "Andaman Tuna Co., Ltd.",
    hs: "16041411",
    unit: "KGM",
    cents: 540,
    place: "VNSGN",
    mode: "1",
};

const MOVED: Lot = Lot {
    from: "TH",
    to: "VN",
    exporter: "บริษัท ลพบุรีการทอ จำกัด",
    consignee: "CONG TY TNHH MAY BACH DANG",
    importer: "Công ty TNHH May Bạch Đằng",
    supplier: "Lopburi Kanthor Co., Ltd.",
    hs: "61091010",
    unit: "NMB",
    cents: 235,
    place: "VNSGN",
    mode: "1",
};

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let (over, moved) = ("VN-2026-500011", "VN-2026-500012");
    stage.lodge(&OVER.export("TH-2026-100011", 12_000, day))?;
    stage.lodge(&OVER.import(over, 13_800, day))?;
    stage.lodge(&MOVED.export("TH-2026-100012", 9_000, day))?;
    let mut import = MOVED.import(moved, 9_000, day);
    import.lines[0].hs = HsCode::new("61099010").ok();
    import.lines[0].quoted_export = Some("TH-2026-100012".into());
    stage.lodge(&import)?;
    for number in [over, moved] {
        stage.reaches("VN", &Consignment::case_of(number), &["flagged"])?;
    }
    Ok(json!({ "flagged": [over, moved] }))
}
