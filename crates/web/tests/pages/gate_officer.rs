//! The gate officer's path: the red line, both sides, inspection, verdict, told to the giver; and what a term forbids.

use std::sync::Arc;

use crate::browser::{Browser, form_of, pages, value_of};
use crate::harbour::Harbour;
use crate::harbour::morning::{EQUAL, MOVED};

async fn morning() -> (Arc<Harbour>, axum::Router) {
    let harbour = tokio::task::spawn_blocking(|| Harbour::morning(12)).await.expect("a morning");
    let harbour = Arc::new(harbour);
    let router = pages(&harbour);
    (harbour, router)
}

/// The cases of the findings on a page.
fn findings(page: &str) -> Vec<String> {
    let cases = page.split("data-case=\"finding/").skip(1);
    cases.map(|rest| format!("finding/{}", rest.split('"').next().unwrap_or_default())).collect()
}

#[tokio::test]
async fn a_red_line_shows_money_and_one_sentence_and_opens_both_sides() {
    let (_, router) = morning().await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let list = officer.get("/arrivals").await.body;
    let row = list.split("<tr ").find(|row| row.contains(MOVED)).expect("the red line is listed");
    for shown in ["edge bad", "Finding", "61,570", "Thailand states"] {
        assert!(row.contains(shown), "{shown} in {row}");
    }
    let page = officer.get(&format!("/consignments/{MOVED}")).await;
    assert_eq!(page.status, 200);
    for shown in ["8708.30.29", "7320.90.90", "Malaysia", "Differs", "Quoted export declaration: the same"] {
        assert!(page.body.contains(shown), "{shown}");
    }
    assert_eq!(findings(&page.body).len(), 2);
}

#[tokio::test]
async fn an_officer_inspects_concludes_in_two_clicks_and_the_giver_is_told() {
    let (harbour, router) = morning().await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let address = format!("/consignments/{MOVED}");
    let page = officer.get(&address).await.body;
    let finding = findings(&page).remove(0);
    let sent = officer.submit(&page, &finding, "inspect", &[("with.note", "look at the origin marks")]).await;
    assert_eq!(sent.location, address, "back to where the form stood");
    let page = officer.get(&address).await.body;
    assert!(page.contains("The inspection is ordered."));
    officer.submit(&page, &finding, "record-result", &[("with.result", "marked Made in Malaysia")]).await;
    let page = officer.get(&address).await.body;
    assert!(page.contains("marked Made in Malaysia"));
    for other in findings(&page) {
        let page = officer.get(&address).await.body;
        let verdict = [("with.verdict", "confirmed"), ("with.reason", "false-origin")];
        officer.submit(&page, &other, "decide", &verdict).await;
    }
    let page = officer.get(&address).await.body;
    assert!(page.contains("Confirmed · false origin") && page.contains("Decided, not yet told"));
    harbour.settle();
    let page = officer.get(&address).await.body;
    assert!(page.contains("Told to the giver") && !page.contains("Decided, not yet told"));
}

#[tokio::test]
async fn a_form_sent_twice_is_one_act() {
    let (_, router) = morning().await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let case = format!("consignment/{EQUAL}");
    let page = officer.get(&format!("/consignments/{EQUAL}")).await.body;
    for _ in 0..2 {
        officer.submit(&page, &case, "hold", &[("with.reason", "twice")]).await;
    }
    let record = officer.get(&format!("/record/{case}")).await.body;
    assert_eq!(record.matches("Held: twice").count(), 1);
}

#[tokio::test]
async fn a_refusal_says_why_and_what_would_help() {
    let (_, router) = morning().await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let address = format!("/consignments/{MOVED}");
    let page = officer.get(&address).await.body;
    officer.submit(&page, &format!("consignment/{MOVED}"), "release", &[("with.reason", "")]).await;
    let page = officer.get(&address).await.body;
    for shown in ["Findings are open", "/codes/findings-open", "verdict, reason", "role=\"alert\""] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!officer.get(&address).await.body.contains("role=\"alert\""), "it is said once");
}

#[tokio::test]
async fn what_a_partner_said_is_not_shown_for_a_purpose_the_term_does_not_name() {
    let (_, router) = morning().await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let form = officer.get("/session").await.body;
    let token = value_of(&form, "form_token");
    officer.post("/session", &[("form_token", &token), ("purpose", "investigation")]).await;
    let page = officer.get(&format!("/consignments/{MOVED}")).await.body;
    assert!(page.contains("This purpose is not allowed") && page.contains("risk-assessment, border-control"));
    for theirs in ["Harbour Forwarding", "8708.30.29", "Thailand states commodity"] {
        assert!(!page.contains(theirs), "{theirs} is theirs");
    }
    let record = officer.get("/record").await.body;
    assert!(record.contains("Refused: read for a purpose"), "the refused reading is in the record");
    for number in 0..400 {
        let entry = officer.get(&format!("/entries/{number}")).await.body;
        assert!(!entry.contains("Harbour Forwarding"), "entry {number} repeats what a partner said");
    }
    let mut allowed = Browser::signed_in(&router, "gate-officer").await;
    allowed.get(&format!("/consignments/{MOVED}")).await;
    let mut entries = Vec::new();
    for number in 0..400 {
        entries.push(allowed.get(&format!("/entries/{number}")).await.body);
    }
    assert!(
        entries.iter().any(|entry| entry.contains("Harbour Forwarding")),
        "for border control it is shown"
    );
    assert!(allowed.get("/record").await.body.contains("Read for: Border control"));
}

#[tokio::test]
async fn a_reading_is_recorded_once_a_session_and_purpose() {
    let (_, router) = morning().await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    for _ in 0..3 {
        officer.get(&format!("/consignments/{EQUAL}")).await;
    }
    let record = officer.get("/record").await.body;
    assert_eq!(record.matches("Read for: Border control").count(), 1);
}

#[tokio::test]
async fn only_acts_the_role_may_take_have_a_form() {
    let (_, router) = morning().await;
    let mut reviewer = Browser::signed_in(&router, "reviewer").await;
    let page = reviewer.get(&format!("/consignments/{EQUAL}")).await.body;
    assert!(!page.contains("action=\"/acts\""), "a reviewer changes nothing");
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let page = officer.get(&format!("/consignments/{EQUAL}")).await.body;
    assert!(!form_of(&page, &format!("consignment/{EQUAL}"), "release").is_empty());
}

#[tokio::test]
async fn goods_announced_and_not_declared_stand_on_their_own() {
    let (_, router) = morning().await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let list = officer.get("/arrivals").await.body;
    let announced = list.split("id=\"announced\"").nth(1).expect("a section of its own");
    assert!(announced.contains("A0123456740") && announced.contains("A0123456741"));
    assert!(!announced.contains("A0123456701"), "a declared one is not among them");
}
