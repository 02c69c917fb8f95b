//! A transit movement between the export declaration before it and the import declaration after it: what changes on the way
//! becomes findings, and an officer's verdict ends them.

use customs::declaration::{Declaration, Flow};
use customs::roles::{CLEARANCE, GATE, PRINCIPAL};
use customs::terms::{Country, GoodsLine, HsCode, Party};
use customs::transit::{Arrival, Departure, mrn_of};
use kernel::{CaseId, Money, Quantity};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::CaseRow;

use crate::town::{Side, TODAY, later, morning};

const DEPARTURE: &str = "VN001234";
const DESTINATION: &str = "VN005678";
const HOLDER: &str = "the principal";

fn line(hs: &str, kilograms: i64) -> GoodsLine {
    GoodsLine {
        item_no: 1,
        hs: HsCode::new(hs).ok(),
        gross: Some(Quantity::new(Decimal::from(kilograms), "KGM")),
        value: Some(Money::new(Decimal::from(5_000), "USD")),
        ..GoodsLine::default()
    }
}

fn declared(flow: Flow, number: &str, goods: GoodsLine) -> Declaration {
    Declaration {
        flow,
        number: number.into(),
        reference: format!("R-{number}"),
        country: Country::new("VN"),
        exporter: Party::named("Red River Computers Co., Ltd."),
        importer: Party::named("Mekong Trading Company"),
        arrives: (flow == Flow::Import).then_some(TODAY),
        lines: vec![goods],
        ..Declaration::default()
    }
}

/// A movement of `kilograms` of computers under one seal, coming from an export declaration.
fn movement(lrn: &str, export: &str, (consignor, kilograms): (&str, i64)) -> (String, Value) {
    let mrn = mrn_of(2026, DEPARTURE, (HOLDER, lrn), "0").expect("a number");
    let mass = kilograms.to_string();
    let mut consignment = json!({ "grossMass": mass, "Consignor": { "name": consignor }, "Consignee": { "name": "Mekong Trading Co" },
        "TransportEquipment": [{ "sequenceNumber": "1", "Seal": [{ "sequenceNumber": "1", "identifier": "VN-1" }] }],
        "HouseConsignment": [{ "sequenceNumber": "1", "grossMass": mass, "ConsignmentItem": [{ "goodsItemNumber": "1",
            "declarationGoodsItemNumber": "1", "Commodity": { "descriptionOfGoods": "computers",
                "CommodityCode": { "harmonizedSystemSubHeadingCode": "847130" },
                "GoodsMeasure": { "grossMass": mass } } }] }] });
    if !export.is_empty() {
        consignment["PreviousDocument"] =
            json!([{ "sequenceNumber": "1", "type": "N830", "referenceNumber": export }]);
    }
    let declaration = json!({ "TransitOperation": { "LRN": lrn, "declarationType": "T1", "additionalDeclarationType": "A",
            "security": "0" }, "CustomsOfficeOfDeparture": { "referenceNumber": DEPARTURE },
        "CustomsOfficeOfDestinationDeclared": { "referenceNumber": DESTINATION },
        "HolderOfTheTransitProcedure": { "identificationNumber": HOLDER }, "Consignment": consignment });
    (mrn, json!({ "act": "declare", "declaration": declaration }))
}

fn declare(node: &mut Side, lrn: &str, export: &str, of: (&str, i64)) -> CaseId {
    let (mrn, act) = movement(lrn, export, of);
    let case = Departure::case_of(&mrn);
    node.act(morning(), &PRINCIPAL, &case, act).expect("declares");
    case
}

/// Released, arrived and concluded with these seals, within one country.
fn travel(node: &mut Side, departure: &CaseId, seals: &str) -> CaseId {
    let arrival = Arrival::case_of(departure.key());
    for (role, case, act) in [
        (GATE, departure, json!({ "act": "accept" })),
        (GATE, departure, json!({ "act": "conclude", "code": "A2" })),
        (PRINCIPAL, &arrival, json!({ "act": "notify", "office": DESTINATION, "trader": HOLDER })),
        (GATE, &arrival, json!({ "act": "conclude", "code": "A2", "seals": seals, "text": "seal torn" })),
    ] {
        node.act(later(5), &role, case, act).expect("is possible");
    }
    arrival
}

fn findings(node: &Side) -> Vec<(String, String)> {
    node.stages("finding").into_iter().map(|(stage, code)| (code, stage)).collect()
}

/// Those on one of our imports.
fn on_import(node: &Side, import: &CaseId) -> Vec<(String, String)> {
    let own = |row: &CaseRow| row.summary.shown["consignment"] == json!(import);
    let rows = node.cases("finding").into_iter().filter(own);
    rows.map(|row| (row.summary.title, row.summary.stage)).collect()
}

fn raised(codes: &[&str]) -> Vec<(String, String)> {
    codes.iter().map(|code| ((*code).to_owned(), "raised".to_owned())).collect()
}

#[test]
fn what_is_declared_for_export_and_carried_as_declared_raises_nothing() {
    let mut vn = Side::new("VN");
    vn.import(morning(), vec![declared(Flow::Export, "EX-1", line("84713020", 250))]);
    let departure = declare(&mut vn, "ENDS-1", "EX-1", ("Red River Computers Company Limited", 250));
    let row = vn.look().case(&departure).expect("a look").expect("a movement");
    assert_eq!(
        row.state.json()["ends"].as_object().map(serde_json::Map::len),
        Some(1),
        "it is tied to its export"
    );
    assert_eq!(findings(&vn), []);
}

#[test]
fn mass_goods_and_sender_that_change_before_departure_are_findings_on_the_movement() {
    let mut vn = Side::new("VN");
    vn.import(morning(), vec![declared(Flow::Export, "EX-1", line("61091000", 250))]);
    let departure = declare(&mut vn, "ENDS-2", "EX-1", ("Delta Garments", 310));
    assert_eq!(findings(&vn), raised(&["consignor-switched", "goods-differ", "mass-differs"]));
    let first = vn.cases("finding").remove(0).id;
    let decide = json!({ "act": "decide", "verdict": "mistake", "reason": "keying-error" });
    vn.act(later(1), &GATE, &first, decide).expect("concludes");
    let row = vn.look().case(&departure).expect("a look").expect("a movement");
    assert_eq!(row.summary.shown["findings"], 2, "the verdict is noted on the movement");
}

#[test]
fn an_export_that_is_amended_or_comes_late_is_compared_anew() {
    let mut vn = Side::new("VN");
    declare(&mut vn, "ENDS-3", "EX-9", ("Red River Computers", 250));
    assert_eq!(findings(&vn), raised(&["declaration-unknown"]));
    vn.import(morning(), vec![declared(Flow::Export, "EX-9", line("84713020", 200))]);
    let mut expected = raised(&["mass-differs"]);
    expected.push(("declaration-unknown".into(), "withdrawn".into()));
    assert_eq!(findings(&vn), expected);
    vn.import(morning(), vec![declared(Flow::Export, "EX-9", line("84713020", 250))]);
    assert!(findings(&vn).iter().all(|(_, stage)| stage == "withdrawn"), "{:?}", findings(&vn));
    let case = CaseId::of("declaration", "VN-EX-9");
    vn.act(later(1), &CLEARANCE, &case, json!({ "act": "cancel", "reason": "not exported" }))
        .expect("cancels");
    assert!(findings(&vn).contains(&("declaration-unknown".into(), "raised".into())), "{:?}", findings(&vn));
}

#[test]
fn seals_goods_weight_and_receiver_that_change_before_the_import_are_findings_on_it() {
    for import_first in [true, false] {
        let mut vn = Side::new("VN");
        let departure = declare(&mut vn, "ENDS-4", "", ("Red River Computers", 250));
        let mut goods = line("61091000", 180);
        goods.quoted_export = Some(departure.key().to_owned());
        let mut import = declared(Flow::Import, "IM-1", goods);
        import.importer = Party::named("Siam Bazaar");
        let arrival = if import_first {
            vn.import(morning(), vec![import]);
            assert_eq!(findings(&vn), [], "nothing came yet");
            travel(&mut vn, &departure, "no")
        } else {
            let arrival = travel(&mut vn, &departure, "no");
            vn.import(morning(), vec![import]);
            arrival
        };
        let consignment = CaseId::of("consignment", "IM-1");
        let mut found = on_import(&vn, &consignment);
        found.sort();
        assert_eq!(found, raised(&["consignee-switched", "goods-differ", "mass-differs", "seals-changed"]));
        assert_eq!(vn.stage(&consignment), "flagged");
        let row = vn.look().case(&arrival).expect("a look").expect("an arrival");
        assert_eq!(row.state.json()["imports"], json!({ "consignment/IM-1": "open" }));
    }
}

#[test]
fn word_of_new_seals_explains_them_also_where_it_comes_after_the_import() {
    let mut vn = Side::new("VN");
    let departure = declare(&mut vn, "ENDS-11", "", ("Red River Computers", 250));
    let arrival = travel(&mut vn, &departure, "no");
    vn.import(morning(), vec![following(departure.key(), 0)]);
    let consignment = CaseId::of("consignment", "IM-1");
    assert_eq!(on_import(&vn, &consignment), raised(&["seals-changed"]), "nobody has said why");
    assert_eq!(vn.stage(&consignment), "flagged");
    let act = json!({ "act": "incident", "incidents": [{ "sequenceNumber": "1", "code": "2",
        "Endorsement": { "authority": "Lao Customs", "country": "LA" },
        "TransportEquipment": [{ "Seal": [{ "sequenceNumber": "1", "identifier": "LA-NEW-1" }] }] }] });
    let actor = kernel::Actor::node("LA");
    vn.give(later(6), &node::Input::Act { actor, id: kernel::ActId::new("told"), case: arrival, act });
    assert_eq!(on_import(&vn, &consignment), [("seals-changed".into(), "explained".into())]);
    assert_eq!(vn.stage(&consignment), "matched");
}

#[test]
fn an_import_that_follows_as_carried_is_matched_and_its_release_is_known_at_the_arrival() {
    let mut vn = Side::new("VN");
    let departure = declare(&mut vn, "ENDS-5", "", ("Red River Computers", 250));
    let arrival = travel(&mut vn, &departure, "yes");
    let mut goods = line("84713090", 250);
    goods.quoted_export = Some(departure.key().to_owned());
    vn.import(morning(), vec![declared(Flow::Import, "IM-2", goods)]);
    let consignment = CaseId::of("consignment", "IM-2");
    assert_eq!((findings(&vn), vn.stage(&consignment).as_str()), (vec![], "matched"));
    vn.act(later(9), &GATE, &consignment, json!({ "act": "release" })).expect("lets go");
    let row = vn.look().case(&arrival).expect("a look").expect("an arrival");
    assert_eq!(row.state.json()["imports"], json!({ "consignment/IM-2": "released" }));
}

#[test]
fn two_imports_that_share_a_movement_are_weighed_together_and_scales_differ() {
    let mut vn = Side::new("VN");
    let departure = declare(&mut vn, "ENDS-6", "", ("Red River Computers", 250));
    travel(&mut vn, &departure, "yes");
    for (number, kilograms) in [("IM-3", 100), ("IM-4", 149)] {
        let mut goods = line("84713090", kilograms);
        goods.quoted_export = Some(departure.key().to_owned());
        vn.import(morning(), vec![declared(Flow::Import, number, goods)]);
    }
    assert_eq!(
        findings(&vn),
        [("mass-differs".into(), "explained".into())],
        "a kilogram is within the tolerance"
    );
}

/// An import of goods that are said to have come under this movement, so many days ago.
fn following(mrn: &str, days_ago: i64) -> Declaration {
    let mut goods = line("84713020", 250);
    goods.quoted_export = Some(mrn.to_owned());
    let mut import = declared(Flow::Import, "IM-1", goods);
    import.importer = Party::named("Mekong Trading Company");
    import.arrives = TODAY.checked_sub(jiff::Span::new().days(days_ago)).ok();
    import
}

#[test]
fn an_import_that_names_a_movement_that_never_came_is_a_finding_until_it_comes() {
    let mut vn = Side::new("VN");
    let departure = declare(&mut vn, "ENDS-8", "", ("Red River Computers", 250));
    vn.import(morning(), vec![following(departure.key(), 2)]);
    assert_eq!(findings(&vn), raised(&["movement-not-arrived"]));
    travel(&mut vn, &departure, "yes");
    assert_eq!(findings(&vn), [("movement-not-arrived".into(), "withdrawn".into())]);
}

#[test]
fn a_declaration_lodged_before_its_goods_come_is_no_finding_yet() {
    let mut vn = Side::new("VN");
    let departure = declare(&mut vn, "ENDS-9", "", ("Red River Computers", 250));
    vn.import(morning(), vec![following(departure.key(), 0)]);
    assert_eq!(findings(&vn), []);
}

#[test]
fn a_movement_that_was_invalidated_carried_nothing() {
    let mut vn = Side::new("VN");
    let mrn = mrn_of(2026, "LA000100", (HOLDER, "ENDS-10"), "0").expect("a number");
    vn.import(morning(), vec![following(&mrn, 0)]);
    assert_eq!(findings(&vn), [], "it can still come");
    let arrival = Arrival::case_of(&mrn);
    let node = kernel::Actor::node("VN");
    for (number, act) in [
        json!({ "act": "expect", "record": { "TransitOperation": { "MRN": mrn } } }),
        json!({ "act": "cancel" }),
    ]
    .into_iter()
    .enumerate()
    {
        let id = kernel::ActId::new(format!("n{number}"));
        vn.give(later(1), &node::Input::Act { actor: node.clone(), id, case: arrival.clone(), act });
    }
    assert_eq!(vn.stage(&arrival), "cancelled");
    assert_eq!(findings(&vn), raised(&["movement-invalidated"]));
}
