//! The JSON interface: tokens, cases, acts, declarations with findings per row, and its own description.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method as HttpMethod, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use web::{Method, NodeSide as _, OPENAPI, endpoints};

use crate::browser::{pages, read};
use crate::harbour::Harbour;

const TOKEN: &str = "a token only the clearance system has";

fn harbour() -> (Arc<Harbour>, Router) {
    let harbour = Arc::new(Harbour::empty());
    harbour.keep_token(TOKEN, "clearance-1", "clearance");
    let router = pages(&harbour);
    (harbour, router)
}

async fn ask(
    router: &Router,
    method: HttpMethod,
    path: &str,
    media: &str,
    body: impl Into<Body>,
) -> (u16, Value) {
    let request = Request::builder().method(method).uri(path);
    let request =
        request.header(header::AUTHORIZATION, format!("Bearer {TOKEN}")).header(header::CONTENT_TYPE, media);
    let request = request.body(body.into()).expect("a request");
    let answer = read(router.clone().oneshot(request).await.expect("an answer")).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

async fn get(router: &Router, path: &str) -> (u16, Value) {
    ask(router, HttpMethod::GET, path, "application/json", Body::empty()).await
}

const DECLARATIONS: &str = r#"[{"declaration_no": "10600000001", "importer_name": "Công ty A", "export_country": "CN",
  "arrival_date": "2026-11-23", "items": [
    {"item_no": 1, "hs_code": "8471.30.20", "quantity": "5", "unit": "NAR", "origin": "CN"}]}]"#;

#[tokio::test]
async fn declarations_are_lodged_once_and_their_cases_can_be_asked_for() {
    let (_, router) = harbour();
    let (status, report) =
        ask(&router, HttpMethod::POST, "/api/v1/declarations", "application/json", DECLARATIONS).await;
    assert_eq!((status, report["taken"].as_array().map(Vec::len)), (200, Some(1)), "{report}");
    let (status, again) =
        ask(&router, HttpMethod::POST, "/api/v1/declarations", "application/json", DECLARATIONS).await;
    assert_eq!((status, again["known"].as_array().map(Vec::len)), (200, Some(1)), "{again}");
    let (_, page) = get(&router, "/api/v1/cases?desk=consignment").await;
    assert_eq!(page["total"], 1);
    let case = page["cases"][0]["case"].as_str().expect("a case");
    let (_, one) = get(&router, &format!("/api/v1/cases/{case}")).await;
    assert_eq!(one["summary"]["stage"], "declared");
    let (_, history) = get(&router, &format!("/api/v1/history/{case}")).await;
    assert_eq!(history["entries"][0]["what"]["name"], "declare");
    let (_, offers) = get(&router, &format!("/api/v1/offers/{case}")).await;
    assert_eq!(offers["offers"], json!([]), "the clearance system decides nothing at the gate");
}

#[tokio::test]
async fn declarations_that_cannot_be_taken_are_answered_with_findings_and_places() {
    let (_, router) = harbour();
    let broken = "{\"declarations\": [";
    let (status, report) =
        ask(&router, HttpMethod::POST, "/api/v1/declarations", "application/json", broken).await;
    assert_eq!(status, 422, "{report}");
    let finding = &report["findings"]["list"][0];
    assert!(finding["code"].is_string() && finding["place"]["line"].is_number(), "{finding}");
}

#[tokio::test]
async fn an_act_is_taken_once_and_a_refused_one_says_why() {
    let (harbour, router) = harbour();
    harbour.declare_many(1);
    let (_, page) = get(&router, "/api/v1/cases?desk=declaration").await;
    let address = format!("/api/v1/acts/{}", page["cases"][0]["case"].as_str().expect("a case"));
    let cancel =
        |id: &str, reason: &str| json!({"id": id, "act": {"act": "cancel", "reason": reason}}).to_string();
    let post = |body: String| ask(&router, HttpMethod::POST, &address, "application/json", body);
    let (status, refused) = post(cancel("1", "")).await;
    assert_eq!((status, refused["code"].as_str()), (409, Some("reason-missing")));
    assert_eq!(refused["page"], "/codes/reason-missing");
    let (status, first) = post(cancel("2", "lodged in error")).await;
    assert_eq!((status, first["again"].as_str()), (200, Some("first")), "{first}");
    let (status, second) = post(cancel("2", "lodged in error")).await;
    assert_eq!((status, second["again"].as_str()), (200, Some("repeated")), "{second}");
    assert_eq!(post("{}".into()).await.0, 400);
}

/// Values by the thousand come as a file with the act: it is kept with it, under the field it was sent for.
#[tokio::test]
async fn an_act_takes_its_files_from_a_form() {
    let (harbour, router) = harbour();
    harbour.keep_token(TOKEN, "system", "exchange-officer");
    let post = |file: &'static [u8]| {
        let act = r#"{"act":"publish","partner":"TH","kind":"container"}"#;
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nset-{}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\n{act}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"held.txt\"\r\n\r\n",
            file.len()
        );
        let body = [head.as_bytes(), file, b"\r\n--b--\r\n"].concat();
        ask(
            &router,
            HttpMethod::POST,
            "/api/v1/acts/match-set/VN-S-1",
            "multipart/form-data; boundary=b",
            body,
        )
    };
    let (status, problem) = post(b"MZ\x90\x00").await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("file-not-taken")), "{problem}");
    let (status, acted) = post(b"TEMU1234565\nMSCU7654321\n").await;
    assert_eq!((status, acted["summary"]["stage"].as_str()), (200, Some("gathering")), "{acted}");
    let digest = kernel::Digest::of(b"TEMU1234565\nMSCU7654321\n");
    let mut kept = None;
    harbour.read(&mut |look| kept = look.blob(&digest).expect("a look"));
    assert!(kept.is_some(), "the file is kept with the act");
}

#[tokio::test]
async fn a_token_nobody_knows_and_a_role_that_may_not_are_turned_away() {
    let (harbour, router) = harbour();
    let request = Request::get("/api/v1/cases").header(header::AUTHORIZATION, "Bearer something else");
    let answer = read(
        router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer"),
    )
    .await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (401, "{\"code\":\"not-signed-in\",\"page\":\"/codes/not-signed-in\"}")
    );
    harbour.keep_token(TOKEN, "reader", "analyst");
    let (status, problem) =
        ask(&router, HttpMethod::POST, "/api/v1/declarations", "application/json", DECLARATIONS).await;
    assert_eq!((status, problem["code"].as_str()), (403, Some("not-permitted")));
}

#[tokio::test]
async fn a_body_past_the_limit_is_not_taken() {
    let (_, router) = harbour();
    let large = vec![b' '; (64 << 20) + 1];
    let (status, problem) = ask(&router, HttpMethod::POST, "/api/v1/declarations", "text/csv", large).await;
    assert_eq!((status, problem["code"].as_str()), (413, Some("too-large")));
}

#[test]
fn the_description_lists_every_address_of_the_interface_and_no_other() {
    let description: Value = serde_json::from_str(OPENAPI).expect("JSON");
    let described: BTreeSet<_> = description["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().expect("methods").keys().map(move |method| (path.clone(), method.clone()))
        })
        .collect();
    let listed: BTreeSet<_> = endpoints()
        .filter(|endpoint| endpoint.path.starts_with("/api/"))
        .map(|endpoint| {
            let method = if endpoint.method == Method::Get { "get" } else { "post" };
            (endpoint.path.replace("{*", "{"), method.to_owned())
        })
        .collect();
    assert_eq!(described, listed);
    let references: BTreeSet<_> =
        OPENAPI.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let schemas = description["components"]["schemas"].as_object().expect("schemas");
    assert!(references.iter().all(|name| schemas.contains_key(*name)), "every schema named is there");
}
