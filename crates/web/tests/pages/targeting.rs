//! Profiles are written and tried on the morning's own consignments; what is kept goes the way of every profile.

use std::sync::Arc;

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
