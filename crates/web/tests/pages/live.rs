//! What changes while somebody reads reaches the page they read.

use std::sync::Arc;

use crate::browser::{Browser, pages};
use crate::harbour::Harbour;

#[tokio::test]
async fn what_changed_between_a_page_and_its_listening_is_told_at_once() {
    let harbour = tokio::task::spawn_blocking(|| Harbour::morning(12)).await.expect("a morning");
    let harbour = Arc::new(harbour);
    let router = pages(&harbour);
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let page = officer.get("/arrivals").await.body;
    let listens = page.split("data-events=\"").nth(1).and_then(|rest| rest.split('"').next());
    let listens = listens.expect("the page listens");
    assert_eq!(officer.heard_at_once(listens).await, None, "nothing has changed yet");
    let changed = Arc::clone(&harbour);
    tokio::task::spawn_blocking(move || changed.declare_many(1)).await.expect("is declared");
    assert_eq!(officer.heard_at_once(listens).await.as_deref(), Some("event: changed\ndata: *\n\n"));
}
