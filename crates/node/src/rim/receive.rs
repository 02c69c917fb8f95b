//! Messages from partners: body in, proved, kept, and only then receipted.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use exchange::{Fault, PartyId, Verified, Why, Wire};
use http_body_util::{BodyExt as _, Limited};
use jiff::{SignedDuration, Timestamp};
use kernel::{Digest, NodeId};
use store::Failure;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Rim;
use super::call::{self, Caller, DESCRIPTOR, DESCRIPTOR_PATH, Return};
use super::spool::{self, NotTaken};
use crate::Descriptor;
use crate::admit::{Delivered, Delivery, Lack};
use crate::ahead::ReadAhead;
use crate::envelope::{entity, split};
use crate::figures::Coming;
use crate::input::{Input, NotDone, Outcome};
use crate::transport::{self, Refused};

/// The address partners post to, and the memory all bodies together may take.
struct Door {
    rim: Rim,
    memory: Arc<Semaphore>,
    /// How many long messages are taken at once.
    long: Arc<Semaphore>,
    /// How many short messages are proved at once: as many as there are processors. More would be proved no sooner, and the writer would
    /// wait among them for its turn.
    proving: Semaphore,
}

/// The router of the listener partners reach.
pub(crate) fn router(rim: Rim) -> Router {
    let memory = Arc::new(Semaphore::new(permits(MEMORY_MAX)));
    let descriptor = axum::routing::get(descriptor);
    Router::new().route("/as4", post(receive)).route(DESCRIPTOR_PATH, descriptor).with_state(Arc::new(Door {
        rim,
        memory,
        long: Arc::new(Semaphore::new(LONG_AT_ONCE)),
        proving: Semaphore::new(available_parallelism().map_or(1, NonZero::get)),
    }))
}

/// Our own descriptor, for whoever wants to become a partner: it is signed, and holds nothing secret.
async fn descriptor(State(door): State<Arc<Door>>) -> Response {
    let folder = Arc::clone(&door.rim.folder);
    let read = tokio::task::spawn_blocking(move || std::fs::read(folder.join(crate::descriptor::OWN))).await;
    match read {
        Ok(Ok(note)) => whole(StatusCode::OK, "text/plain;charset=UTF-8", note),
        Ok(Err(_)) | Err(_) => plain(StatusCode::NOT_FOUND),
    }
}

async fn receive(State(door): State<Arc<Door>>, request: Request) -> Response {
    let started = Instant::now();
    let answer = door.take(request).await;
    door.rim.figures.receive_seconds.observe(started.elapsed());
    answer
}

impl Door {
    async fn take(&self, request: Request) -> Response {
        let figures = &self.rim.figures;
        let content_type = content_type_of(&request);
        let said = content_length_of(&request);
        if said.is_some_and(|length| length > self.rim.long_limits.body_max) {
            figures.came(Coming::Faulty);
            return plain(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let limit = self.rim.limits.body_max;
        let length = match said {
            Some(length) if length <= limit => length,
            // What is long, or does not say how long it is, goes to the disk.
            _ => return self.take_long(content_type, request.into_body()).await,
        };
        // What a body may take in memory is set aside before any of it is read.
        let room = timeout(ROOM, Arc::clone(&self.memory).acquire_many_owned(share(length))).await;
        let Ok(Ok(_room)) = room else {
            figures.came(Coming::Busy);
            return busy();
        };
        let body = match timeout(body_time(length), Limited::new(request.into_body(), limit).collect()).await
        {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) | Err(_) => {
                figures.came(Coming::Faulty);
                return plain(StatusCode::BAD_REQUEST);
            }
        };
        self.take_short(content_type, body).await
    }

    /// Takes a body that is in memory.
    async fn take_short(&self, content_type: String, body: Bytes) -> Response {
        // Nobody stands behind one that takes long.
        let turn = if body.len() <= QUEUED_MAX { self.proving.acquire().await.ok() } else { None };
        let (rim, kind, bytes) = (self.rim.clone(), content_type.clone(), body.clone());
        let proved = tokio::task::spawn_blocking(move || prove(&rim, &kind, &bytes)).await;
        drop(turn);
        match proved {
            // What unfolds to more than is held in memory unfolds to the disk.
            Ok(Err(refused)) if refused.fault.why == Why::GzipTooLarge => {
                self.take_unfolding(content_type, body).await
            }
            Ok(proved) => self.decide(proved.map_err(NotTaken::Refused)).await,
            Err(error) => self.decide(Err(cut(&error))).await,
        }
    }

    /// Takes a body that is in memory and unfolds to the disk.
    async fn take_unfolding(&self, content_type: String, body: Bytes) -> Response {
        let Ok(_turn) = self.long.try_acquire() else {
            self.rim.figures.came(Coming::Busy);
            return busy();
        };
        let rim = self.rim.clone();
        let proved = tokio::task::spawn_blocking(move || spool::take_bytes(&rim, &content_type, &body));
        self.decide(proved.await.unwrap_or_else(|error| Err(cut(&error)))).await
    }

    /// Takes a long body to the disk.
    async fn take_long(&self, content_type: String, body: Body) -> Response {
        let Ok(_turn) = self.long.try_acquire() else {
            self.rim.figures.came(Coming::Busy);
            return busy();
        };
        self.decide(spool::take(&self.rim, content_type, body).await).await
    }

    async fn decide(&self, proved: Result<Proved, NotTaken>) -> Response {
        match proved {
            Ok(proved) => self.admit(proved).await,
            Err(NotTaken::Refused(Refused { fault, from })) => self.refuse(fault, from, Coming::Faulty).await,
            Err(NotTaken::Broken) => {
                self.rim.figures.came(Coming::Faulty);
                plain(StatusCode::BAD_REQUEST)
            }
            Err(NotTaken::Failed(failure)) => {
                tracing::error!(%failure, "a message could not be taken");
                self.rim.figures.came(Coming::Failed);
                plain(StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }

    /// Keeps what was proved and answers for it.
    async fn admit(&self, proved: Proved) -> Response {
        let Proved { verified, delivery } = proved;
        let figures = &self.rim.figures;
        let Some(delivery) = delivery else {
            figures.came(Coming::Ping);
            return self.answer_ping(&verified).await;
        };
        if delivery.kind == DESCRIPTOR {
            return self.renew(&verified, &delivery).await;
        }
        let (from, message_id) = (delivery.from.clone(), delivery.message_id.clone());
        let kept = self.rim.inbox.submit(Input::Deliver(Box::new(delivery))).await;
        match kept {
            Ok(Outcome::Deliver(Delivered::Accepted)) => {
                tracing::info!(%from, message_id, "kept");
                figures.came(Coming::Accepted);
                self.acknowledge(&verified, from, message_id).await
            }
            Ok(Outcome::Deliver(Delivered::Answered(answer))) => {
                tracing::info!(%from, message_id, "came again");
                figures.came(Coming::Duplicate);
                answered(&answer)
            }
            Ok(Outcome::Deliver(Delivered::Refused(refusal))) => {
                let fault = Fault::new(Why::NotAgreed, refusal.to_string()).about(&message_id);
                self.refuse(fault, Some(verified.from().clone()), Coming::Quarantined).await
            }
            Ok(Outcome::Deliver(Delivered::Unprotected(lack))) => {
                let fault = lacking(lack).about(&message_id);
                self.refuse(fault, Some(verified.from().clone()), Coming::Faulty).await
            }
            Ok(Outcome::Deliver(Delivered::Conflict)) => {
                let fault = Fault::new(Why::IdReused, message_id.clone()).about(&message_id);
                self.refuse(fault, Some(verified.from().clone()), Coming::Conflict).await
            }
            Err(NotDone::Busy) => {
                figures.came(Coming::Busy);
                busy()
            }
            Ok(_) | Err(NotDone::Failed(_) | NotDone::Refused(_) | NotDone::Stopping) => {
                figures.came(Coming::Failed);
                plain(StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }

    /// Receipts a ping, and pings back where that is asked for.
    async fn answer_ping(&self, verified: &Verified) -> Response {
        let partners = self.rim.partners.now();
        if let Some(from) = partners.node_of(verified.from()) {
            let (now, last) = (Timestamp::now(), self.rim.contacts.with(from).pinged);
            self.rim.contacts.pinged(from, now);
            let asked = verified.message().properties.iter().any(|property| property.name == call::ANSWER);
            let rested = last.is_none_or(|last| now.duration_since(last) >= PING_BACK_EVERY);
            if let Some(to) = partners.descriptors.get(from).filter(|_| asked && rested).cloned() {
                tokio::spawn(ping_back(self.rim.clone(), to));
            }
        }
        self.receipt(verified).await.map_or_else(failed, |wire| answer(&wire))
    }

    /// Takes a partner's own newer descriptor and receipts it once it is on the disk.
    async fn renew(&self, verified: &Verified, delivery: &Delivery) -> Response {
        let (partners, from) = (self.rim.partners.clone(), delivery.from.clone());
        let note = String::from_utf8_lossy(delivery.payload.bytes().unwrap_or_default()).into_owned();
        let renewed = tokio::task::spawn_blocking(move || partners.renew(&from, &note)).await;
        match renewed {
            Ok(Ok(renewal)) => {
                tracing::info!(from = %delivery.from, ?renewal, "a partner's descriptor");
                self.rim.figures.came(Coming::Accepted);
                self.receipt(verified).await.map_or_else(failed, |wire| answer(&wire))
            }
            Ok(Err(fault)) => {
                let fault = Fault::new(Why::NotAgreed, fault.to_string()).about(&delivery.message_id);
                self.refuse(fault, Some(verified.from().clone()), Coming::Quarantined).await
            }
            Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Signs the receipt for what is on the disk and answers with it. It is kept behind that, in the order of arrival: the
    /// message coming again finds it kept, or, where a crash came in between, is receipted anew.
    async fn acknowledge(&self, verified: &Verified, from: NodeId, message_id: String) -> Response {
        let wire = match self.receipt(verified).await {
            Ok(wire) => wire,
            Err(fault) => return failed(fault),
        };
        let bytes = entity(&wire.content_type, &wire.body);
        self.rim.inbox.later(Input::Answer { from, message_id, bytes }).await;
        answer(&wire)
    }

    async fn receipt(&self, verified: &Verified) -> Result<Wire, Fault> {
        let (rim, now) = (&self.rim, Timestamp::now());
        let id = signal_id(&rim.us, &verified.message().message_id, now);
        let identity = rim.partners.identity_for(Some(verified.from()), Some(verified.suite()));
        if identity.is_quick() {
            return verified.receipt(&identity, &id, now);
        }
        let verified = verified.clone();
        signing(move || verified.receipt(&identity, &id, now)).await
    }

    async fn refuse(&self, fault: Fault, from: Option<PartyId>, outcome: Coming) -> Response {
        tracing::warn!(code = fault.why.code(), message_id = fault.message_id, %fault, "refused");
        self.rim.figures.came(outcome);
        let (rim, now) = (self.rim.clone(), Timestamp::now());
        let id = signal_id(&rim.us, fault.message_id.as_deref().unwrap_or("unknown"), now);
        let identity = rim.partners.identity_for(from.as_ref(), None);
        let wire = signing(move || exchange::fault_signal(&fault, &identity, &id, now)).await;
        wire.map_or_else(failed, |wire| answer(&wire))
    }
}

async fn ping_back(rim: Rim, to: Descriptor) {
    let caller = Caller { us: &rim.us, wallet: &rim.wallet, tls: &rim.tls };
    match call::ping(caller, &to, Return::NotAsked).await {
        Ok(took) => rim.contacts.receipted(&to.id, Timestamp::now(), took),
        Err(fault) => {
            tracing::warn!(to = %to.id, %fault, "a ping in return came to nothing");
            rim.contacts.failed(&to.id, Timestamp::now(), Why::Unreachable.ebms().code());
        }
    }
}

/// What a message is told that came less protected than its term asks for.
fn lacking(lack: Lack) -> Fault {
    match lack {
        Lack::NotEncrypted => {
            Fault::new(Why::SealingMismatch, "signed where the term asks for signed and encrypted")
        }
        Lack::OtherSuite => Fault::new(Why::AlgorithmRefused, "not in the suite the term asks for"),
        Lack::OtherWay => Fault::new(Why::NotAgreed, "not the way the term asks for"),
    }
}

fn cut(error: &tokio::task::JoinError) -> NotTaken {
    NotTaken::Failed(Failure::Engine { doing: "prove a message", cause: error.to_string() })
}

/// A message that was proved to come from a partner; `None` for its delivery where it only asks whether we are there.
pub(super) struct Proved {
    verified: Verified,
    delivery: Option<Delivery>,
}

impl Proved {
    /// A message whose every part was proved.
    pub(super) fn of(rim: &Rim, verified: Verified, delivery: Option<Delivery>) -> Self {
        if let Some(delivery) = &delivery {
            rim.contacts.heard(&delivery.from, Timestamp::now());
        }
        Self { verified, delivery }
    }
}

fn prove(rim: &Rim, content_type: &str, body: &[u8]) -> Result<Proved, Refused> {
    let known = rim.partners.now();
    let (verified, delivery) = transport::prove(&known, (content_type, body), &rim.limits, Timestamp::now())?;
    let read = |delivery| Delivery { reading: ReadAhead::of(&rim.us, &delivery), ..delivery };
    Ok(Proved::of(rim, verified, delivery.map(read)))
}

async fn signing(sign: impl FnOnce() -> Result<Wire, Fault> + Send + 'static) -> Result<Wire, Fault> {
    let signed = tokio::task::spawn_blocking(sign).await;
    signed.unwrap_or_else(|error| Err(Fault::new(Why::KeyFailed, error.to_string())))
}

fn signal_id(us: &NodeId, about: &str, now: Timestamp) -> String {
    let digest = Digest::of(format!("{us}\n{about}\n{now}").as_bytes()).to_string();
    format!("{}@{}.sampan", &digest[..32], us.as_str().to_ascii_lowercase())
}

fn content_type_of(request: &Request) -> String {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn content_length_of(request: &Request) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn answered(kept: &[u8]) -> Response {
    match split(kept) {
        Some((content_type, body)) => whole(StatusCode::OK, content_type, body.to_vec()),
        None => plain(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn answer(wire: &Wire) -> Response {
    whole(StatusCode::OK, &wire.content_type, wire.body.clone())
}

fn whole(status: StatusCode, content_type: &str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    if let Ok(value) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn busy() -> Response {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

fn failed(fault: Fault) -> Response {
    tracing::error!(%fault, "an answer could not be signed");
    plain(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The longest body that waits for its turn to be proved: milliseconds' work.
const QUEUED_MAX: usize = 256 << 10;
/// How many long messages are taken at once; whoever comes then is told to come again.
const LONG_AT_ONCE: usize = 4;
/// Memory is set aside in pieces of this many bytes.
const PIECE: usize = 1_024;
/// What all bodies together may take before others wait.
const MEMORY_MAX: usize = 64 << 20;

const fn permits(bytes: usize) -> usize {
    bytes.div_ceil(PIECE)
}

/// A body's share of the memory; never more than there is, so that the longest one can be taken alone.
fn share(length: usize) -> u32 {
    u32::try_from(permits(length).clamp(1, permits(MEMORY_MAX))).unwrap_or(u32::MAX)
}

/// How often a partner's pings are answered by one of ours.
const PING_BACK_EVERY: SignedDuration = SignedDuration::from_secs(1);
/// How long a body waits for memory before its sender is told to come again.
const ROOM: Duration = Duration::from_secs(5);
/// How long a sender may take for a body of this length: a while, and then as long as a slow line needs.
fn body_time(length: usize) -> Duration {
    let seconds = u64::try_from(length / SLOW_LINE).unwrap_or(u64::MAX);
    Duration::from_secs(seconds.saturating_add(10))
}

/// The slowest line messages are taken over, in bytes a second.
const SLOW_LINE: usize = 256 << 10;
