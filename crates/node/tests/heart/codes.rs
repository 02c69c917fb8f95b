//! An access code on its way to the country of a guarantee: in the bytes that go there, and in nothing either node keeps.

use customs::agreement::{Agreement, Protection};
use customs::roles::{GATE, PRINCIPAL};
use customs::transit::codes::code_digest;
use customs::transit::papers::LETTERS;
use customs::transit::{Departure, Guarantee, grn, mrn_of};
use kernel::{CaseId, Entry};
use node::{Delivered, Delivery, Lack};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::town::{Side, later, morning, settle};

/// The code; nothing else is like it.
const CODE: &str = "Zq7K";
const VN: &str = "VN001234";
const LA: &str = "LA000100";
const HOLDER: &str = "VN0100109106";

fn agreement() -> Agreement {
    let ways = [("VN", "LA"), ("LA", "VN")];
    let guarantees = LETTERS.iter().filter(|(kind, _)| kind.starts_with("cd20"));
    let kinds: Vec<_> = guarantees.map(|(kind, _)| *kind).collect();
    let terms: Vec<Value> = ways
        .iter()
        .flat_map(|way| kinds.iter().map(move |kind| (way, kind)))
        .enumerate()
        .map(|(number, ((from, to), kind))| {
            let fields = customs::agreement::fields_of(kind).expect("a kind").iter().map(|it| it.field);
            json!({ "id": (number + 1).to_string(), "kind": kind, "from": from, "to": to, "lane": "live",
                "fields": fields.collect::<Vec<_>>(), "purposes": ["exchange"], "handling": "h0",
                "consent": "not-needed", "onward": "never", "keep": "365d", "delivery": { "waits": ["30s"] },
                "escalation": [{ "after": "1s", "role": "exchange-officer" }] })
        })
        .collect();
    serde_json::from_value(json!({ "id": "TRANSIT-VN-LA", "title": "Transit", "parties": ["VN", "LA"],
        "route": "treaty", "source": "a test's own", "from": "2026-01-01", "term": terms }))
    .expect("an agreement")
}

fn number() -> String {
    grn(2026, LA, 1).expect("a number")
}

/// Viet Nam and the Lao PDR, the latter with a guarantee.
fn corridor() -> (Side, Side) {
    let (mut vn, mut la) = (Side::new("VN"), Side::new("LA"));
    for side in [&mut vn, &mut la] {
        side.agree(morning(), &agreement());
    }
    let register = json!({ "act": "register", "registered": { "grn": number(), "kind": "1", "holder": HOLDER,
        "guarantor": "Bank", "office": LA, "amount": "1000000", "currency": "VND", "from": "2026-01-01",
        "codes": [code_digest(&number(), CODE)] } });
    la.act(morning(), &GATE, &Guarantee::case_of(&number()), register).expect("registers");
    (vn, la)
}

fn said(act: &str) -> Value {
    let mut said = json!({ "act": act, "declaration": {
        "TransitOperation": { "LRN": "CODE-1", "declarationType": "T1", "additionalDeclarationType": "A", "security": "0" },
        "CustomsOfficeOfDeparture": { "referenceNumber": VN },
        "CustomsOfficeOfDestinationDeclared": { "referenceNumber": "TH005678" },
        "HolderOfTheTransitProcedure": { "identificationNumber": HOLDER },
        "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": "1", "GuaranteeReference": [{ "sequenceNumber": "1",
            "GRN": number(), "accessCode": CODE, "amountToBeCovered": "250000", "currency": "VND" }] }],
        "Consignment": { "grossMass": "310" } } });
    if act == "amend" {
        said["declaration"]["TransitOperation"]["amendmentTypeFlag"] = json!("1");
    }
    said
}

fn movement() -> CaseId {
    Departure::case_of(&mrn_of(2026, VN, (HOLDER, "CODE-1"), "0").expect("a number"))
}

fn accepted(vn: &mut Side) {
    vn.act(morning(), &PRINCIPAL, &movement(), said("declare")).expect("declares");
    vn.act(morning(), &GATE, &movement(), json!({ "act": "accept" })).expect("accepts");
}

fn conclude(vn: &mut Side) {
    vn.act(later(1), &GATE, &movement(), json!({ "act": "conclude", "code": "A2" })).expect("concludes");
}

fn exposure(la: &Side) -> Decimal {
    let row = la.look().case(&Guarantee::case_of(&number())).expect("a look").expect("a guarantee");
    row.state.read::<Guarantee>().expect("a guarantee").exposure()
}

/// The one message with a code that waits to be posted.
fn asked(vn: &Side) -> Delivery {
    let postings = vn.postings(later(1));
    let deliveries = postings.iter().map(|posting| vn.delivery(posting));
    deliveries.into_iter().find(|delivery| delivery.kind == "cd203c").expect("a use")
}

/// Nothing a node keeps has the code, apart from wire bytes, which are sealed where there is a wire.
fn keeps_no_code(side: &Side) {
    let has_it = |bytes: &[u8]| bytes.windows(CODE.len()).any(|window| window == CODE.as_bytes());
    let look = side.look();
    for bytes in look.entry_bytes(0, 1_000).expect("entries") {
        assert!(!has_it(&bytes), "{}", String::from_utf8_lossy(&bytes));
        let entry = Entry::from_bytes(&bytes).expect("an entry");
        let wire = usize::from(["sent", "received"].contains(&entry.case.desk()));
        for digest in entry.blobs.iter().skip(wire) {
            assert!(!has_it(&look.blob(digest).expect("a look").unwrap_or_default()), "{}", entry.case);
        }
    }
    for desk in ["transit-departure", "transit-guarantee", "sent", "received"] {
        for row in side.cases(desk) {
            assert!(!has_it(row.state.to_text().as_bytes()), "{}", row.id);
        }
    }
}

#[test]
fn a_code_reaches_the_country_of_the_guarantee_and_is_kept_by_neither() {
    let (mut vn, mut la) = corridor();
    accepted(&mut vn);
    conclude(&mut vn);
    assert_eq!(vn.stage(&movement()), "guarantee-registration");
    let payload = asked(&vn).payload;
    assert!(String::from_utf8_lossy(payload.bytes().expect("short")).contains(CODE));
    settle(later(1), &mut vn, &mut la);
    assert_eq!(vn.stage(&movement()), "released");
    assert_eq!(exposure(&la), Decimal::from(250_000));
    keeps_no_code(&vn);
    keeps_no_code(&la);
}

#[test]
fn after_a_restart_the_principal_says_the_code_again_and_no_wrong_try_is_counted() {
    let (mut vn, mut la) = corridor();
    accepted(&mut vn);
    let mut vn = vn.restarted();
    conclude(&mut vn);
    settle(later(1), &mut vn, &mut la);
    assert_eq!(vn.stage(&movement()), "guarantee-under-amendment");
    assert!(la.cases("received").is_empty(), "nobody was asked");
    vn.act(later(2), &PRINCIPAL, &movement(), said("amend")).expect("amends");
    settle(later(2), &mut vn, &mut la);
    assert_eq!(vn.stage(&movement()), "released");
    keeps_no_code(&vn);
}

#[test]
fn a_use_that_comes_unsealed_is_not_kept() {
    let (mut vn, mut la) = corridor();
    accepted(&mut vn);
    conclude(&mut vn);
    let bare = Delivery { protection: Protection::Signed, ..asked(&vn) };
    let size = la.look().size().expect("a size");
    assert_eq!(la.deliver(later(1), &bare), Delivered::Unprotected(Lack::NotEncrypted));
    assert_eq!(la.look().size().expect("a size"), size);
    assert_eq!(exposure(&la), Decimal::ZERO);
}
