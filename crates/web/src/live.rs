//! Live updates: every change, after it is durable, as a server-sent event with the case that changed.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Duration, timeout};

use crate::ask::{Ask, Visitor};
use crate::session::Pulse;

/// A comment is sent after this much silence, so that nothing between closes the connection.
const SILENCE: Duration = Duration::from_secs(20);
/// Whoever missed changes draws everything again.
const MISSED: &[u8] = b"event: changed\ndata: *\n\n";

/// The changes from now on, as a response that does not end by itself; `since` names how many entries the page saw, and
/// where the record has more by now, the first event says so. A page that comes back after a break asks with the same number.
#[must_use]
pub(crate) fn stream(ask: &Ask) -> Response {
    let Visitor::Person { token, .. } = &ask.visitor else { return crate::answer::bare(401) };
    // Listening begins before the record is looked at, so that no change falls between.
    let changes = ask.app.node.events();
    let missed = is_late(ask).then(|| Ok::<_, Infallible>(Bytes::from_static(MISSED)));
    let listening = (changes, Arc::clone(&ask.app), token.clone());
    let events = stream::unfold(listening, |(mut changes, app, token)| async move {
        let event: Bytes = match timeout(SILENCE, changes.recv()).await {
            Err(_) => Bytes::from_static(b": still here\n\n"),
            Ok(Ok(changed)) => {
                format!("event: changed\ndata: {}\n\n", one_line(changed.case.as_str())).into()
            }
            Ok(Err(RecvError::Lagged(_))) => Bytes::from_static(MISSED),
            Ok(Err(RecvError::Closed)) => return None,
        };
        // Who signed out or sat still for too long hears no more.
        app.sessions.find(&token, app.node.now(), Pulse::Script)?;
        Some((Ok(event), (changes, app, token)))
    });
    let mut response = Response::new(Body::from_stream(stream::iter(missed).chain(events)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Whether the record has entries the page has not seen; also where nobody can say.
fn is_late(ask: &Ask) -> bool {
    let Some(since) = ask.query.number("since") else { return false };
    ask.read(|look| look.size()).map_or(true, |entries| since < entries)
}

/// An event's data ends at its line; no identifier may begin another one.
fn one_line(case: &str) -> String {
    case.chars().filter(|c| !c.is_control()).collect()
}
