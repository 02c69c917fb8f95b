//! Live updates: every change, after it is durable, as a server-sent event with the case that changed.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use node::Changed;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Duration, timeout};

/// A comment is sent after this much silence, so that nothing between closes the connection.
const SILENCE: Duration = Duration::from_secs(20);

/// The changes from now on, as a response that does not end by itself.
#[must_use]
pub(crate) fn stream(changes: Receiver<Changed>) -> Response {
    let events = stream::unfold(changes, |mut changes| async move {
        let event = match timeout(SILENCE, changes.recv()).await {
            Err(_) => ": still here\n\n".to_owned(),
            Ok(Ok(changed)) => format!("event: changed\ndata: {}\n\n", changed.case),
            // Whoever missed changes draws everything again.
            Ok(Err(RecvError::Lagged(_))) => "event: changed\ndata: *\n\n".to_owned(),
            Ok(Err(RecvError::Closed)) => return None,
        };
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(event)), changes))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
