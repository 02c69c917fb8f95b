//! Profiles are written and tried on the morning's own consignments; what is kept goes the way of every profile.

use std::collections::BTreeSet;
use std::sync::Arc;

use customs::roles::{ANALYST, CLEARANCE};
use customs::targeting::OfficeCapacity;
use kernel::CaseId;
use serde_json::json;
use web::NodeSide as _;

use crate::browser::{Browser, pages, value_of};
use crate::harbour::Harbour;

async fn morning() -> axum::Router {
    let harbour = tokio::task::spawn_blocking(|| Harbour::morning(12)).await;
    pages(&Arc::new(harbour.expect("a morning")))
}

/// The figure that stands before these words.
fn figure(page: &str, words: &str) -> String {
    let before = page.split(&format!("</b><span>{words}")).next().unwrap_or_default();
    before.rsplit("<b>").next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_is_written_is_tried_at_once_and_kept_with_its_trial() {
    let router = morning().await;
    let mut analyst = Browser::signed_in(&router, "analyst").await;
    let empty = analyst.get("/targeting/editor").await.body;
    assert!(empty.contains("Write a test; what it would have chosen stands here at once."), "{empty}");
    let everything = analyst.get("/targeting/editor?look0=departure&sense0=none&values0=XX").await.body;
    let all: u32 = figure(&everything, "lines").parse().expect("a count");
    assert!(all >= 12, "every line of the morning leaves another country than XX: {all}");
    let nothing = analyst.get("/targeting/editor?look0=departure&values0=XX").await.body;
    assert_eq!(figure(&nothing, "lines"), "0");
    let swamped =
        analyst.get("/targeting/editor?look0=departure&sense0=none&values0=XX&can=1&lane=red").await.body;
    assert!(swamped.contains("and can look at 1."), "an office that would be swamped is named: {swamped}");
    let fields = [
        ("id", "all-of-it"),
        ("title", "Everything"),
        ("owner", "risk unit"),
        ("from", "2026-11-01"),
        ("until", "2026-12-31"),
        ("reason", "test"),
        ("lane", "red"),
        ("measure", "open"),
        ("look0", "departure"),
        ("sense0", "none"),
        ("values0", "XX"),
        ("can", "1"),
    ];
    let asked = fields.map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).join("&");
    let page = analyst.get(&format!("/targeting/editor?{asked}")).await.body;
    let hidden = ["form_token", "act_id"]
        .map(|name| value_of(page.split("data-keep").nth(1).unwrap_or_default(), name));
    let mut sent = vec![("form_token", hidden[0].as_str()), ("act_id", hidden[1].as_str())];
    sent.extend(fields);
    let kept = analyst.post("/targeting/editor", &sent).await;
    assert_eq!((kept.status, kept.location.as_str()), (303, "/cases/profile/all-of-it"), "{}", kept.body);
    let case = analyst.get("/cases/profile/all-of-it").await.body;
    let refused = analyst.submit(&case, "profile/all-of-it", "propose", &[("with.reason", "")]).await;
    assert_eq!(refused.status, 303);
    let told = analyst.get("/cases/profile/all-of-it").await.body;
    assert!(told.contains("An office would be swamped"), "the trial that was kept says so: {told}");
    let again = analyst.get("/targeting/editor?of=all-of-it").await.body;
    assert!(again.contains("value=\"Everything\""), "a profile can be taken up again");
}

#[tokio::test]
async fn what_cannot_be_is_told_beside_its_test() {
    let router = morning().await;
    let mut analyst = Browser::signed_in(&router, "analyst").await;
    let page = analyst.get("/targeting/editor?id=x&look0=value&least0=much").await.body;
    assert!(page.contains("That is no number."), "{page}");
    let mut gate = Browser::signed_in(&router, "gate-officer").await;
    assert_eq!(gate.get("/targeting/editor").await.status, 403);
    assert_eq!(gate.get("/targeting/parcels").await.status, 200);
}

#[tokio::test]
async fn the_board_says_that_there_is_nothing_and_how_much_more_there_is() {
    let harbour = Arc::new(tokio::task::spawn_blocking(Harbour::empty).await.expect("a harbour"));
    let router = pages(&harbour);
    let mut analyst = Browser::signed_in(&router, "analyst").await;
    let empty = analyst.get("/targeting/parcels").await.body;
    assert_eq!(empty.matches("class=\"empty slim\"").count(), 4, "each part says so: {empty}");
    for at in 0..1_000 {
        let case = CaseId::of("carrier-referral", format!("P{at}"));
        let act = json!({
            "act": "ask", "ask": "information", "parcel": format!("P{at}"), "carrier": format!("Carrier {}", at % 7),
            "reason": "profile", "due": "2026-11-21T01:00:00Z",
        });
        harbour.take("VN", &CLEARANCE, &case, act).expect("asked");
    }
    for day in 1..=2 {
        let money = |amount: &str| json!({ "amount": amount, "currency": "VND" });
        let list = json!({
            "declarant": "Taomart", "days": [format!("2026-11-0{day}"), format!("2026-11-0{day}")], "parcels": 20,
            "value": money("1000"), "owed": money("100"), "digest": kernel::Digest::of(b"lines"),
        });
        let case = CaseId::of("consolidated", format!("night-taomart-{day}"));
        harbour.take("VN", &CLEARANCE, &case, json!({ "act": "list", "list": list })).expect("listed");
    }
    let full = analyst.get("/targeting/parcels").await.body;
    assert!(full.contains("All 1,000"), "thirty are shown, the others are named: {full}");
    assert_eq!(full.matches("id=\"asked-").count(), 30);
    assert!(!full.contains(">night-taomart"), "a list is called by its day: {full}");
}

#[tokio::test]
async fn an_office_that_said_what_it_can_do_is_held_to_it() {
    let harbour = Arc::new(tokio::task::spawn_blocking(|| Harbour::morning(12)).await.expect("a morning"));
    let router = pages(&harbour);
    for office in &offices(&harbour) {
        let act = json!({ "act": "say", "lines": 1, "because": "one officer" });
        harbour.take("VN", &ANALYST, &OfficeCapacity::case_of(office), act).expect("said");
    }
    let mut analyst = Browser::signed_in(&router, "analyst").await;
    let asked = "/targeting/editor?look0=departure&sense0=none&values0=XX&can=1000&lane=red";
    let page = analyst.get(asked).await.body;
    assert!(page.contains("and can look at 1."), "its own number counts, not the one typed in: {page}");
    assert!(page.contains("have a number of their own"), "and the form says so");
}

/// The offices the morning's goods come to.
fn offices(harbour: &Harbour) -> BTreeSet<String> {
    let mut offices = BTreeSet::new();
    harbour.read(&mut |look| {
        let past = node::selecting::past(look, jiff::civil::date(2026, 11, 20)).expect("a past");
        offices.extend(past.into_iter().map(|line| line.goods.office));
    });
    offices.retain(|office| !office.is_empty());
    offices
}
