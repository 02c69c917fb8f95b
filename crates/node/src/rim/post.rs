//! Messages to partners: the kept bytes out over pinned TLS, the answer back, held against what was sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Request, Uri, header};
use exchange::{ErrorSignal, Signal, Why};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use kernel::NodeId;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::Rim;
use crate::descriptor::Descriptor;
use crate::dispatch::Posting;
use crate::envelope::{digests, entity, split};
use crate::figures::Going;
use crate::input::{Input, Retry};
use crate::tls;

type Line = SendRequest<Full<Bytes>>;

/// Connections that are open and idle, by partner.
#[derive(Clone, Default)]
pub(crate) struct Lines {
    idle: Arc<Mutex<BTreeMap<NodeId, Vec<Line>>>>,
}

/// Why a try did not bring a receipt.
struct Miss {
    code: String,
    retry: Retry,
    what: Going,
    cause: String,
}

/// Tries to deliver one message and returns what the heart is to know of it.
pub(crate) async fn deliver(rim: &Rim, lines: &Lines, posting: &Posting) -> Input {
    let (case, started) = (posting.case.clone(), Instant::now());
    match attempt(rim, lines, posting).await {
        Ok(bytes) => {
            rim.figures.went(Going::Receipted);
            rim.contacts.receipted(&posting.to, Timestamp::now(), started.elapsed());
            tracing::info!(to = %posting.to, message_id = posting.message_id, "receipted");
            Input::Receipt { case, bytes }
        }
        Err(miss) => {
            rim.figures.went(miss.what);
            rim.contacts.failed(&posting.to, Timestamp::now(), &miss.code);
            let Miss { code, retry, cause, .. } = miss;
            tracing::warn!(to = %posting.to, message_id = posting.message_id, code, cause, "not delivered");
            Input::Undelivered { case, code, retry }
        }
    }
}

async fn attempt(rim: &Rim, lines: &Lines, posting: &Posting) -> Result<Vec<u8>, Miss> {
    let (wire, sent) = kept(rim, posting).await?;
    let (content_type, body) = split(&wire).ok_or_else(|| lost("the kept message is no MIME entity"))?;
    let request = Outgoing { content_type: content_type.to_owned(), body: Bytes::copy_from_slice(body) };
    let answered = timeout(ANSWER, lines.exchange(rim, &posting.to, &request)).await;
    let (content_type, answer) = match answered {
        Ok(answered) => answered?,
        Err(_) => return Err(unreachable("no answer in time".to_owned())),
    };
    let sent = digests(&sent).ok_or_else(|| lost("the kept digests cannot be read"))?;
    let rim = rim.clone();
    let checked = tokio::task::spawn_blocking(move || check(&rim, &sent, &content_type, &answer)).await;
    checked.unwrap_or_else(|error| Err(lost(&error.to_string())))
}

/// The kept message and what was signed in it.
async fn kept(rim: &Rim, posting: &Posting) -> Result<(Vec<u8>, Vec<u8>), Miss> {
    let (readers, wire, sent) = (rim.readers.clone(), posting.wire, posting.digests);
    let read = tokio::task::spawn_blocking(move || {
        let look = readers.borrow();
        Ok::<_, store::Failure>((look.blob(&wire)?, look.blob(&sent)?))
    });
    match read.await {
        Ok(Ok((Some(wire), Some(sent)))) => Ok((wire, sent)),
        Ok(Ok(_)) => Err(lost("the kept message is gone")),
        Ok(Err(failure)) => Err(lost(&failure.to_string())),
        Err(error) => Err(lost(&error.to_string())),
    }
}

/// Reads the partner's answer and holds it against what was sent. Returns the receipt as a MIME entity.
fn check(
    rim: &Rim,
    sent: &exchange::SentDigests,
    content_type: &str,
    answer: &[u8],
) -> Result<Vec<u8>, Miss> {
    let partners = rim.partners.now();
    let unanswered = |fault: exchange::Fault| Miss {
        code: Why::ReceiptMissing.ebms().code().to_owned(),
        retry: Retry::MayHelp,
        what: Going::Unanswered,
        cause: fault.to_string(),
    };
    let signal = exchange::read_signal(content_type, answer, &partners.trust, Timestamp::now(), &rim.limits)
        .map_err(unanswered)?;
    match signal {
        Signal::Receipt(receipt) => {
            exchange::check_receipt(sent, &receipt)
                .map_err(|fault| Miss { code: fault.ebms().code().to_owned(), ..unanswered(fault) })?;
            Ok(entity(content_type, answer))
        }
        Signal::Errors(errors) => Err(refused(&errors)),
    }
}

/// An error a partner reports. One nobody signed may come from anybody on the way, so it never ends the tries.
fn refused(errors: &ErrorSignal) -> Miss {
    let first = errors.errors.iter().find(|error| error.is_failure()).or_else(|| errors.errors.first());
    let code = first.map_or_else(|| Why::ReceiptMissing.ebms().code().to_owned(), |error| error.code.clone());
    let final_word = errors.is_refusal() && !errors.is_retryable() && errors.signer.is_some();
    let cause = first.and_then(|error| error.detail.clone().or_else(|| error.description.clone()));
    let retry = if final_word { Retry::Hopeless } else { Retry::MayHelp };
    Miss { code, retry, what: Going::Refused, cause: cause.unwrap_or_default() }
}

/// A request in its parts, so that it can be made again for a second line.
struct Outgoing {
    content_type: String,
    body: Bytes,
}

impl Outgoing {
    fn request(&self, uri: &Uri) -> Request<Full<Bytes>> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let host = uri.authority().map_or("", |authority| authority.as_str());
        Request::post(path)
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, &self.content_type)
            .header(header::USER_AGENT, concat!("sampan/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(self.body.clone()))
            .expect("a checked address and a kept media type make a request")
    }
}

impl Lines {
    /// One request and its answer. A line that was idle may have been closed by the partner; then a new one is taken.
    async fn exchange(&self, rim: &Rim, to: &NodeId, outgoing: &Outgoing) -> Result<(String, Bytes), Miss> {
        let partners = rim.partners.now();
        let partner =
            partners.descriptors.get(to).ok_or_else(|| unreachable(format!("{to} is not known")))?;
        let uri: Uri = partner.endpoint.parse().map_err(|_| unreachable("not an address".to_owned()))?;
        if let Some(line) = self.idle_line(to).await
            && let Ok(answer) = self.ask(line, to, outgoing.request(&uri), rim.limits.body_max).await
        {
            return Ok(answer);
        }
        let tls = tls::client(&partner.tls_certificates(), Some(&rim.tls))
            .map_err(|error| unreachable(error.to_string()))?;
        let line = timeout(CONNECT, connect(&uri, tls)).await;
        let line = line.map_err(|_| unreachable("no connection in time".to_owned()))?;
        let line = line.map_err(unreachable)?;
        self.ask(line, to, outgoing.request(&uri), rim.limits.body_max).await.map_err(unreachable)
    }

    async fn idle_line(&self, to: &NodeId) -> Option<Line> {
        loop {
            let mut line = self.lock().get_mut(to)?.pop()?;
            if line.ready().await.is_ok() {
                return Some(line);
            }
        }
    }

    async fn ask(
        &self,
        mut line: Line,
        to: &NodeId,
        request: Request<Full<Bytes>>,
        limit: usize,
    ) -> Result<(String, Bytes), String> {
        let response = line.send_request(request).await.map_err(|error| error.to_string())?;
        let status = response.status();
        let content_type = response.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let body = Limited::new(response.into_body(), limit).collect().await;
        let body = body.map_err(|error| error.to_string())?.to_bytes();
        self.lock().entry(to.clone()).or_default().push(line);
        // What the status says is not certain; a body that may be a signal is read whatever it is.
        if body.is_empty() { Err(format!("answered {status}")) } else { Ok((content_type, body)) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<NodeId, Vec<Line>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Posts a kept MIME entity once to the node a descriptor describes, and returns its answer as a MIME entity. For tools
/// beside a node; what a node sends itself goes through its outbox.
///
/// # Errors
/// Why there was no answer, in words.
pub async fn post_once(to: &Descriptor, kept: &[u8]) -> Result<Vec<u8>, String> {
    let (content_type, body) = split(kept).ok_or("not a MIME entity")?;
    let outgoing = Outgoing { content_type: content_type.to_owned(), body: Bytes::copy_from_slice(body) };
    let uri: Uri = to.endpoint.parse().map_err(|_| "not an address".to_owned())?;
    let tls = tls::client(&to.tls_certificates(), None).map_err(|error| error.to_string())?;
    let line = connect(&uri, tls).await?;
    let limit = exchange::Limits::default().body_max;
    let (content_type, answer) = Lines::default().ask(line, &to.id, outgoing.request(&uri), limit).await?;
    Ok(entity(&content_type, &answer))
}

async fn connect(uri: &Uri, tls: tokio_rustls::rustls::ClientConfig) -> Result<Line, String> {
    let host = uri.host().ok_or("no host")?.trim_matches(['[', ']']).to_owned();
    let stream = TcpStream::connect((host.as_str(), uri.port_u16().unwrap_or(443))).await;
    let stream = stream.map_err(|error| error.to_string())?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let name = ServerName::try_from(host).map_err(|error| error.to_string())?;
    let stream = TlsConnector::from(Arc::new(tls)).connect(name, stream).await;
    let stream = stream.map_err(|error| error.to_string())?;
    let (line, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a line to a partner broke");
        }
    });
    Ok(line)
}

fn unreachable(cause: String) -> Miss {
    let code = Why::Unreachable.ebms().code().to_owned();
    Miss { code, retry: Retry::MayHelp, what: Going::Unreachable, cause }
}

/// Our own fault: what should be there is not. Trying again costs nothing and may find it.
fn lost(cause: &str) -> Miss {
    let code = exchange::Ebms::Other.code().to_owned();
    Miss { code, retry: Retry::MayHelp, what: Going::Unreachable, cause: cause.to_owned() }
}

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a whole exchange may take, for large messages over slow lines.
const ANSWER: Duration = Duration::from_secs(60);
