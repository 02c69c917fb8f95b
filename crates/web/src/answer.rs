//! From a page's answer to an HTTP response, with the headers every response carries.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::Transport;
use crate::ask::{Ask, Content, Problem, Reply};
use crate::{live, pages};

/// Nothing comes from elsewhere, nothing runs or styles but our own files, nobody frames us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The response a reply makes.
#[must_use]
pub(crate) fn reply(ask: &Ask, reply: Reply) -> Response {
    let mut response = content(ask, reply.content);
    if let Ok(status) = StatusCode::from_u16(reply.status) {
        *response.status_mut() = status;
    }
    for cookie in reply.cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }

    if ask.app.transport() == Transport::Tls {
        let always = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, always);
    }
    guarded(response)
}

/// The response a problem makes: a page for people, JSON for programs.
#[must_use]
pub(crate) fn problem(ask: &Ask, problem: &Problem) -> Response {
    if let Problem::Failed(_) | Problem::Undrawn(_) = problem {
        tracing::error!(?problem, address = ask.address, "a page failed");
    }
    let answer = if ask.address.starts_with("/api/") {
        Reply::json(problem.status(), problem_json(problem))
    } else if matches!(problem, Problem::SignIn) {
        pages::to_sign_in(ask)
    } else {
        pages::problem(ask, problem)
    };
    reply(ask, answer)
}

/// A response without words, for when not even a page can be drawn.
#[must_use]
pub(crate) fn bare(status: u16) -> Response {
    guarded(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response())
}

fn problem_json(problem: &Problem) -> serde_json::Value {
    match problem {
        Problem::Refused(refusal) => json!({
            "code": refusal.code, "reason": refusal.reason, "remedy": refusal.remedy,
            "page": format!("/codes/{}", refusal.code),
        }),
        other => json!({ "code": other.code(), "page": format!("/codes/{}", other.code()) }),
    }
}

fn content(ask: &Ask, content: Content) -> Response {
    let held = |media: &str, cache: &str, body: Body| {
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.extend(HeaderValue::from_str(media).ok().map(|media| (header::CONTENT_TYPE, media)));
        headers.extend(HeaderValue::from_str(cache).ok().map(|cache| (header::CACHE_CONTROL, cache)));
        response
    };
    match content {
        Content::Html(page) => held("text/html; charset=utf-8", "no-store", page.into()),
        Content::Json(value) => held("application/json", "no-store", value.to_string().into()),
        Content::Asset { media, bytes } => held(media, "public, max-age=31536000, immutable", bytes.into()),
        Content::File { media, name, bytes } => {
            let mut response = held(media, "no-store", bytes.into());
            let kept = name.map(|name| format!("attachment; filename=\"{}\"", safe_name(&name)));
            let kept = kept.and_then(|value| HeaderValue::from_str(&value).ok());
            response.headers_mut().extend(kept.map(|value| (header::CONTENT_DISPOSITION, value)));
            response
        }
        Content::See(address) => {
            let mut response = held("text/plain", "no-store", Body::empty());
            let place = HeaderValue::from_str(&address).ok().map(|place| (header::LOCATION, place));
            response.headers_mut().extend(place);
            response
        }
        Content::Live => live::stream(ask),
    }
}

fn safe_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' }).collect()
}

fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}
