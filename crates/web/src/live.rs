//! Live updates: every change, after it is durable, as a server-sent event with the case that changed.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Duration, timeout};

use crate::ask::{Ask, Visitor};
use crate::session::Pulse;

/// A comment is sent after this much silence, so that nothing between closes the connection.
const SILENCE: Duration = Duration::from_secs(20);

/// The changes from now on, as a response that does not end by itself.
#[must_use]
pub(crate) fn stream(ask: &Ask) -> Response {
    let Visitor::Person { token, .. } = &ask.visitor else { return crate::answer::bare(401) };
    let listening = (ask.app.node.events(), Arc::clone(&ask.app), token.clone());
    let events = stream::unfold(listening, |(mut changes, app, token)| async move {
        let event = match timeout(SILENCE, changes.recv()).await {
            Err(_) => ": still here\n\n".to_owned(),
            Ok(Ok(changed)) => format!("event: changed\ndata: {}\n\n", one_line(changed.case.as_str())),
            // Whoever missed changes draws everything again.
            Ok(Err(RecvError::Lagged(_))) => "event: changed\ndata: *\n\n".to_owned(),
            Ok(Err(RecvError::Closed)) => return None,
        };
        // Who signed out or sat still for too long hears no more.
        app.sessions.find(&token, app.node.now(), Pulse::Script)?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(event)), (changes, app, token)))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An event's data ends at its line; no identifier may begin another one.
fn one_line(case: &str) -> String {
    case.chars().filter(|c| !c.is_control()).collect()
}
