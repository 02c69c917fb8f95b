//! Coming and going: signing in, choosing a purpose, the language, signing out; and what cookies promise.

use std::sync::Arc;

use crate::browser::{Browser, pages, value_of};
use crate::harbour::Harbour;

#[tokio::test]
async fn a_session_cookie_is_for_this_site_alone_and_no_script_reads_it() {
    let router = pages(&Arc::new(Harbour::empty()));
    let mut browser = Browser::new(&router);
    let answer = browser.sign_in("gate-officer", "gate-officer-password").await;
    let cookies: Vec<_> =
        answer.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with("sampan-VN=")).expect("a session cookie");
    assert!(
        session.contains("HttpOnly") && session.contains("SameSite=Strict") && session.contains("Path=/")
    );
}

#[tokio::test]
async fn whoever_guesses_is_told_to_wait_and_learns_nothing() {
    let router = pages(&Arc::new(Harbour::empty()));
    let mut browser = Browser::new(&router);
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(browser.sign_in("gate-officer", "wrong").await);
    }
    assert!(answers.iter().all(|answer| answer.status == 403));
    let waits = browser.sign_in("gate-officer", "gate-officer-password").await;
    assert_eq!(waits.status, 403, "even the right password waits now");
    let mut other = Browser::new(&router);
    let unknown = other.sign_in("nobody", "wrong").await;
    let sentence = |page: &str| {
        page.split("role=\"alert\"").nth(1).and_then(|rest| rest.split("</p>").next()).map(str::to_owned)
    };
    assert_eq!(sentence(&answers[0].body), sentence(&unknown.body), "no name is told from no password");
}

#[tokio::test]
async fn an_idle_session_ends_and_the_page_asked_for_comes_back_after_signing_in() {
    let harbour = Arc::new(Harbour::empty());
    let router = pages(&harbour);
    let mut browser = Browser::signed_in(&router, "gate-officer").await;
    assert_eq!(browser.get("/arrivals").await.status, 200);
    harbour.pass(31 * 60);
    let ended = browser.get("/arrivals?stage=flagged").await;
    assert_eq!((ended.status, ended.location.as_str()), (303, "/sign-in?back=%2Farrivals%3Fstage%3Dflagged"));
    let form = browser.get(&ended.location).await;
    assert_eq!(value_of(&form.body, "back"), "/arrivals?stage=flagged");
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let router = pages(&Arc::new(Harbour::empty()));
    let mut browser = Browser::new(&router);
    for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let encoded: String = form_urlencoded::byte_serialize(elsewhere.as_bytes()).collect();
        assert_eq!(browser.get(&format!("/language/vi?back={encoded}")).await.location, "/", "{elsewhere}");
        let form = browser.get(&format!("/sign-in?back={encoded}")).await;
        assert_eq!(value_of(&form.body, "back"), "/", "{elsewhere}");
    }
}

#[tokio::test]
async fn the_language_follows_the_reader() {
    let router = pages(&Arc::new(Harbour::empty()));
    let mut browser = Browser::signed_in(&router, "gate-officer").await;
    assert!(browser.get("/arrivals").await.body.contains("<html lang=\"en\">"), "the account's language");
    let switched = browser.follow("/language/vi?back=/arrivals").await;
    assert!(switched.body.contains("<html lang=\"vi\">") && switched.body.contains("Hàng đến"));
}

#[tokio::test]
async fn signing_out_ends_the_session_for_everybody_who_has_its_cookie() {
    let router = pages(&Arc::new(Harbour::empty()));
    let mut browser = Browser::signed_in(&router, "gate-officer").await;
    let page = browser.get("/arrivals").await;
    let token = value_of(&page.body, "form_token");
    assert_eq!(browser.post("/sign-out", &[("form_token", &token)]).await.location, "/sign-in");
    assert_eq!(browser.get("/arrivals").await.status, 303);
}

#[tokio::test]
async fn somebody_else_can_sign_in_where_somebody_is_signed_in() {
    let router = pages(&Arc::new(Harbour::empty()));
    let mut browser = Browser::signed_in(&router, "gate-officer").await;
    let answer = browser.sign_in("reviewer", "reviewer-password").await;
    assert_eq!(answer.status, 303);
    assert!(browser.get("/session").await.body.contains("The reviewer"));
}
