//! Messages to partners: the kept bytes out over pinned TLS, the answer back, held against what was sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Request, Uri};
use customs::agreement::Way;
use exchange::Why;
use jiff::Timestamp;
use kernel::NodeId;
use store::LongBlob;
use tokio::time::timeout;

use super::Rim;
use super::line::{self, Answered, Line, Load};
use crate::descriptor::Descriptor;
use crate::dispatch::Posting;
use crate::envelope::{entity, split};
use crate::figures::Going;
use crate::input::{Input, Retry};
use crate::tls;
use crate::transport::{Heard, Posted, Transport as _};

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
    let (request, sent) = kept(rim, posting).await?;
    let patience = ANSWER + Duration::from_secs(request.length() / SLOW_LINE);
    let answered = timeout(patience, lines.exchange(rim, &posting.to, &request)).await;
    let (content_type, answer) = match answered {
        Ok(answered) => answered?,
        Err(_) => return Err(unreachable("no answer in time".to_owned())),
    };
    let as4 = Arc::clone(&rim.as4);
    let checked = tokio::task::spawn_blocking(move || {
        let posted = Posted { way: Way::Direct, digests: &sent };
        as4.hear(posted, &entity(&content_type, &answer), Timestamp::now())
    });
    match checked.await {
        Ok(heard) => receipt(heard),
        Err(error) => Err(lost(&error.to_string())),
    }
}

/// The receipt, or why there is none.
fn receipt(heard: Heard) -> Result<Vec<u8>, Miss> {
    match heard {
        Heard::Receipt(bytes) => Ok(bytes),
        Heard::Refused { code, retry, cause } => Err(Miss { code, retry, what: Going::Refused, cause }),
        Heard::Unclear { code, cause } => {
            Err(Miss { code, retry: Retry::MayHelp, what: Going::Unanswered, cause })
        }
        Heard::Waits { .. } => Err(lost("nothing waits between two nodes")),
    }
}

/// The kept message and what its answer is held against.
async fn kept(rim: &Rim, posting: &Posting) -> Result<(Outgoing, Vec<u8>), Miss> {
    let (readers, wire, sent) = (rim.readers.clone(), posting.wire, posting.digests);
    let read = tokio::task::spawn_blocking(move || {
        let look = readers.borrow();
        let sent = look.blob(&sent).map_err(|failure| failure.to_string())?.ok_or("the digests are gone")?;
        let long = look.long_blob(&wire).map_err(|failure| failure.to_string())?;
        let outgoing = match long {
            Some(long) => Outgoing::long(&long)?,
            None => {
                let wire = look.blob(&wire).map_err(|failure| failure.to_string())?;
                Outgoing::short(wire.ok_or("the kept message is gone")?)?
            }
        };
        Ok::<_, String>((outgoing, sent))
    });
    read.await.unwrap_or_else(|error| Err(error.to_string())).map_err(|cause| lost(&cause))
}

/// A request in its parts, so that it can be made again for a second line.
struct Outgoing {
    content_type: String,
    source: Source,
}

/// Where a body comes from.
enum Source {
    Memory(Bytes),
    /// A file, from this place on.
    File(LongBlob, u64),
}

impl Outgoing {
    fn short(wire: Vec<u8>) -> Result<Self, String> {
        let (content_type, body) = split(&wire).ok_or("the kept message is no MIME entity")?;
        let (content_type, start) = (content_type.to_owned(), wire.len() - body.len());
        Ok(Self { content_type, source: Source::Memory(Bytes::from(wire).slice(start..)) })
    }

    fn long(wire: &LongBlob) -> Result<Self, String> {
        let mut head = vec![0; HEAD_MAX.min(usize::try_from(wire.length).unwrap_or(HEAD_MAX))];
        let mut file = wire.open().map_err(|failure| failure.to_string())?;
        std::io::Read::read_exact(&mut file, &mut head).map_err(|error| error.to_string())?;
        let (content_type, body) = split(&head).ok_or("the kept message is no MIME entity")?;
        let start = head.len() - body.len();
        Ok(Self { content_type: content_type.to_owned(), source: Source::File(wire.clone(), start as u64) })
    }

    const fn length(&self) -> u64 {
        match &self.source {
            Source::Memory(bytes) => bytes.len() as u64,
            Source::File(blob, start) => blob.length - *start,
        }
    }

    fn request(&self, uri: &Uri) -> Result<Request<Load>, String> {
        let load = match &self.source {
            Source::Memory(bytes) => line::load(bytes.clone()),
            Source::File(blob, start) => {
                line::file_load(blob.open().map_err(|failure| failure.to_string())?, *start, blob.length)
            }
        };
        line::post(uri, &self.content_type, load)
    }
}

impl Lines {
    /// One request and its answer. A line that was idle may have been closed by the partner; then a new one is taken.
    async fn exchange(&self, rim: &Rim, to: &NodeId, outgoing: &Outgoing) -> Result<(String, Bytes), Miss> {
        let partners = rim.partners.now();
        let partner =
            partners.descriptors.get(to).ok_or_else(|| unreachable(format!("{to} is not known")))?;
        let uri: Uri = partner.endpoint.parse().map_err(|_| unreachable("not an address".to_owned()))?;
        let request = || outgoing.request(&uri).map_err(|cause| lost(&cause));
        if let Some(line) = self.idle_line(to).await
            && let Ok(answer) = self.ask(line, to, request()?, rim.limits.body_max).await
        {
            return Ok(answer);
        }
        let tls = tls::client(&partner.tls_certificates(), Some(&rim.tls))
            .map_err(|error| unreachable(error.to_string()))?;
        let line = line::connect(&uri, tls).await.map_err(unreachable)?;
        self.ask(line, to, request()?, rim.limits.body_max).await.map_err(unreachable)
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
        request: Request<Load>,
        limit: usize,
    ) -> Result<(String, Bytes), String> {
        let Answered { status, content_type, body } = line::ask(&mut line, request, limit).await?;
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
    let outgoing = Outgoing::short(kept.to_vec())?;
    let uri: Uri = to.endpoint.parse().map_err(|_| "not an address".to_owned())?;
    let tls = tls::client(&to.tls_certificates(), None).map_err(|error| error.to_string())?;
    let line = line::connect(&uri, tls).await?;
    let limit = exchange::Limits::default().body_max;
    let (content_type, answer) = Lines::default().ask(line, &to.id, outgoing.request(&uri)?, limit).await?;
    Ok(entity(&content_type, &answer))
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

/// How long a whole exchange may take, for large messages over slow lines.
const ANSWER: Duration = Duration::from_secs(60);
/// The slowest line messages go over, in bytes a second.
const SLOW_LINE: u64 = 256 << 10;
/// How far into a kept message its media type reaches at most.
const HEAD_MAX: usize = 1 << 10;
