//! The analyst's first hour over HTTP, and the pages every desk has: one key decides a link, what was filled in wrongly stays, files
//! are kept with their act.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};

use crate::browser::{Answer, Browser, form_of, pages, value_of};
use crate::harbour::Harbour;
use crate::harbour::morning::{DOUBTED, SHORT};

async fn morning(then: fn(&Harbour)) -> axum::Router {
    let harbour = tokio::task::spawn_blocking(move || {
        let harbour = Harbour::morning(12);
        then(&harbour);
        harbour
    });
    pages(&Arc::new(harbour.await.expect("a morning")))
}

/// The first address after an opening.
fn href_after(page: &str, opening: &str) -> String {
    let after = page.split(opening).nth(1).unwrap_or_else(|| panic!("{opening} is not there"));
    after.split('"').next().unwrap_or_default().to_owned()
}

const ROW: &str = "class=\"open\" href=\"";

#[tokio::test]
async fn one_key_decides_between_two_links_and_the_other_is_not_tied_again() {
    let router = morning(Harbour::doubt).await;
    let mut analyst = Browser::signed_in(&router, "analyst").await;
    let queue = analyst.get("/matches").await.body;
    for shown in [DOUBTED, "A0123457001", "A0123457002"] {
        assert!(queue.contains(shown), "{shown} is not in the queue: {queue}");
    }
    let case = format!("consignment/{DOUBTED}");
    let form = form_of(&queue, &case, "choose");
    let before = form.split("data-digit=\"1\"").next().unwrap_or_default();
    let item = before
        .rsplit("value=\"")
        .next()
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned();
    let answer = analyst.submit(&queue, &case, "choose", &[("with.item", &item)]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/matches"));
    assert!(!analyst.get("/matches").await.body.contains(DOUBTED), "nothing is left to decide on it");
    let page = analyst.get(&format!("/consignments/{DOUBTED}")).await.body;
    assert_eq!(page.matches("class=\"compare\"").count(), 1, "one statement is left");
}

#[tokio::test]
async fn a_form_of_any_desk_keeps_what_was_filled_in_and_says_what_is_wrong_beside_it() {
    let router = morning(|_| ()).await;
    let mut officer = Browser::signed_in(&router, "exchange-officer").await;
    let href = href_after(&officer.get("/cases/obligation").await.body, ROW);
    let page = officer.get(&href).await.body;
    let case = value_of(page.split("value=\"waive\"").next().unwrap_or_default(), "case");
    let long = "x".repeat(301);
    let answer = officer.submit(&page, &case, "waive", &[("with.reason", &long)]).await;
    assert!(
        answer.location.starts_with(&href) && answer.location.ends_with("#act-waive"),
        "{}",
        answer.location
    );
    let again = officer.get(&href).await.body;
    assert!(again.contains("This is too long; at most 300.") && again.contains("aria-invalid=\"true\""));
    assert!(again.contains(&long), "what was filled in is still there");
    officer.submit(&again, &case, "waive", &[("with.reason", "sent twice")]).await;
    let done = officer.get(&href).await.body;
    assert!(done.contains("Waived") && done.contains("sent twice") && !done.contains("aria-invalid"));
}

#[tokio::test]
async fn a_case_shows_what_belongs_to_it_from_both_sides() {
    let router = morning(|_| ()).await;
    let mut analyst = Browser::signed_in(&router, "analyst").await;
    let href = href_after(&analyst.get("/cases/finding").await.body, ROW);
    let finding = analyst.get(&href).await.body;
    assert!(finding.contains("href=\"/consignments/"), "the consignment it is on");
    assert!(finding.contains("href=\"/items/received/"), "the item it stands on");
    let case = analyst.get(&format!("/cases/consignment/{SHORT}")).await.body;
    assert!(case.contains("href=\"/cases/finding/"), "the finding that names it");
}

#[tokio::test]
async fn nothing_a_partner_said_is_shown_for_a_purpose_its_term_forbids() {
    let router = morning(|_| ()).await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let token = value_of(&officer.get("/session").await.body, "form_token");
    officer.post("/session", &[("form_token", &token), ("purpose", "investigation")]).await;
    let href = href_after(&officer.get("/cases/finding").await.body, ROW);
    let page = officer.get(&href).await.body;
    assert!(page.contains("/codes/purpose-not-allowed"), "the refusal is shown");
    assert!(!page.contains("class=\"pairs\""), "its values stay closed");
}

/// The finding on the shortfall, being inspected, with its page.
async fn inspected(officer: &mut Browser) -> (String, String) {
    let page = officer.get(&format!("/consignments/{SHORT}")).await.body;
    let case = format!("finding/{}", href_after(&page, "name=\"case\" value=\"finding/"));
    officer.submit(&page, &case, "inspect", &[]).await;
    let page = officer.get(&format!("/cases/{case}")).await.body;
    (case, page)
}

async fn send(officer: &mut Browser, page: &str, case: &str, file: (&str, &[u8])) -> Answer {
    let form = form_of(page, case, "record-result");
    let hidden = ["form_token", "act_id", "case", "back"].map(|name| (name, value_of(form, name)));
    let own = [("act", "record-result".to_owned()), ("with.result", "400 pieces".to_owned())];
    let mut body = Vec::new();
    for (name, value) in hidden.into_iter().chain(own) {
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    let head =
        format!("--b\r\nContent-Disposition: form-data; name=\"with.photo\"; filename=\"{}\"\r\n", file.0);
    body.extend(head.into_bytes());
    body.extend(b"Content-Type: application/octet-stream\r\n\r\n");
    body.extend(file.1);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::post("/acts").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    officer.send(request, Body::from(body)).await
}

#[tokio::test]
async fn a_file_is_kept_with_its_act_and_given_out_again_byte_for_byte() {
    let router = morning(|_| ()).await;
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let (case, page) = inspected(&mut officer).await;
    assert_eq!(send(&mut officer, &page, &case, ("photo.jpg", b"MZ\x90\x00")).await.status, 303);
    let again = officer.get(&format!("/cases/{case}")).await.body;
    assert!(again.contains("This sort of file is not taken") && again.contains("400 pieces"));
    let bytes = b"\xff\xd8\xff\xe0 a picture";
    send(&mut officer, &again, &case, ("hàng.jpg", bytes)).await;
    let done = officer.get(&format!("/cases/{case}")).await.body;
    let href = href_after(&done, "href=\"/attachments/");
    assert_eq!(officer.get_bytes(&format!("/attachments/{href}")).await, bytes);
    let digest = href.split('/').next().unwrap_or_default();
    let other = format!("/attachments/{digest}/consignment/{SHORT}");
    assert_eq!(officer.get(&other).await.status, 404, "a case gives out its own files only");
}

#[tokio::test]
async fn what_a_giver_took_back_is_listed_with_all_that_leaned_on_it() {
    let router = morning(Harbour::take_back).await;
    let mut analyst = Browser::signed_in(&router, "analyst").await;
    let page = analyst.get("/recomputed").await.body;
    assert!(
        page.contains("A0123456789") && page.contains(SHORT),
        "the item and the consignment that leaned on it: {page}"
    );
    assert!(page.contains("Withdrawn"), "its finding stands no more: {page}");
}

#[tokio::test]
async fn a_party_is_found_in_any_spelling_and_shown_by_who_said_it() {
    let router = morning(|_| ()).await;
    let mut analyst = Browser::signed_in(&router, "analyst").await;
    let page = analyst.get("/parties?text=Cong%20ty%20TNHH%20Gao%20Mien%20Tay").await.body;
    assert!(page.contains("Công ty TNHH Gạo Miền Tây"), "our own spelling");
    assert!(page.contains("Our own declarations") && page.contains("What Thailand said"));
}
