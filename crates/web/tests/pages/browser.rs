//! A browser without a screen: cookies, forms, redirects.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, header};
use futures_util::StreamExt as _;
use tower::ServiceExt as _;
use web::{App, Transport};

use crate::harbour::Harbour;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: String,
}

/// A browser with one person before it.
pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

/// The pages before this harbour.
pub(crate) fn pages(harbour: &Arc<Harbour>) -> Router {
    web::router(App::new(harbour.clone(), Transport::Loopback))
}

impl Browser {
    pub(crate) fn new(router: &Router) -> Self {
        Self { router: router.clone(), cookies: BTreeMap::new() }
    }

    /// A browser in which this role is signed in.
    pub(crate) async fn signed_in(router: &Router, role: &str) -> Self {
        let mut browser = Self::new(router);
        let answer = browser.sign_in(role, &format!("{role}-password")).await;
        assert_eq!(answer.status, 303, "{role} signs in");
        browser
    }

    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        let form = self.get("/sign-in").await;
        let token = value_of(&form.body, "form_token");
        self.post("/sign-in", &[("form_token", &token), ("name", name), ("password", password)]).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.ask(Request::get(path), Body::empty()).await
    }

    /// Follows where an answer leads.
    pub(crate) async fn follow(&mut self, path: &str) -> Answer {
        let mut answer = self.get(path).await;
        while answer.status == 303 {
            let location = answer.location.clone();
            answer = self.get(&location).await;
        }
        answer
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encoded: Vec<_> = fields
            .iter()
            .map(|(name, value)| {
                let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
                format!("{name}={value}")
            })
            .collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request, Body::from(encoded.join("&"))).await
    }

    /// Sends the form of an act on a case as it stands on a page, with these values besides.
    pub(crate) async fn submit(
        &mut self,
        page: &str,
        case: &str,
        act: &str,
        with: &[(&str, &str)],
    ) -> Answer {
        let form = form_of(page, case, act);
        let hidden = ["form_token", "act_id", "case", "back"].map(|name| (name, value_of(form, name)));
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("act", act));
        fields.extend(with);
        self.post("/acts", &fields).await
    }

    /// The bytes at an address.
    pub(crate) async fn get_bytes(&self, path: &str) -> Vec<u8> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::get(path).header(header::COOKIE, cookies.join("; "));
        let response = self.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await;
        let body = response.expect("an answer").into_body();
        axum::body::to_bytes(body, 8 << 20).await.expect("a body").to_vec()
    }

    /// What a page that listens hears at once; `None` where it is quiet.
    pub(crate) async fn heard_at_once(&self, path: &str) -> Option<String> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::get(path).header(header::COOKIE, cookies.join("; "));
        let response = self.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await;
        let mut events = response.expect("an answer").into_body().into_data_stream();
        let first = tokio::time::timeout(Duration::from_millis(300), events.next()).await.ok()??;
        Some(String::from_utf8(first.expect("a piece").to_vec()).expect("text"))
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        self.ask(request, body).await
    }

    async fn ask(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; ")).body(body).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        read(response).await
    }
}

pub(crate) async fn read(response: Response<Body>) -> Answer {
    let headers = response.headers().clone();
    let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (status, location) = (response.status().as_u16(), location.to_owned());
    let body = axum::body::to_bytes(response.into_body(), 8 << 20).await.expect("a body");
    Answer { status, location, headers, body: String::from_utf8_lossy(&body).into_owned() }
}

/// The value of the first field of this name.
pub(crate) fn value_of(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&")
}

/// The form on a page that takes this act on this case.
pub(crate) fn form_of<'a>(page: &'a str, case: &str, act: &str) -> &'a str {
    let forms = page.split("<form ").skip(1).map(|rest| rest.split("</form>").next().unwrap_or_default());
    let wanted = |form: &&str| value_of(form, "case") == case && value_of(form, "act") == act;
    forms.into_iter().find(wanted).unwrap_or_else(|| panic!("no form for {act} on {case}"))
}
