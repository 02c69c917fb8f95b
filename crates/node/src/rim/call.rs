//! Calls to a partner beside the outbox: a ping, our own descriptor, theirs. They carry no document and enter no case.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http;
use exchange::{
    Limits, Outgoing, Party, Payload, Profile, Property, Sealing, Service, Signal, Suite, Trust, Wire,
    check_receipt,
};
use hyper::Uri;
use jiff::Timestamp;
use kernel::{Digest, NodeId};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::line::{self, Answered, Line};
use crate::descriptor::Descriptor;
use crate::envelope::{SERVICE, party_of};
use crate::keys::{TlsKey, Wallet};
use crate::tls;

/// The action under which a node hands its own descriptor to a partner.
pub(crate) const DESCRIPTOR: &str = "descriptor";
/// The property of a ping that asks for a ping in return.
pub(crate) const ANSWER: &str = "urn:sampan:answer";
/// Where a node's own descriptor can be fetched, on the host of its endpoint.
pub(crate) const DESCRIPTOR_PATH: &str = "/descriptor";

/// Who calls.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// Our short name.
    pub us: &'a NodeId,
    /// What we sign with.
    pub wallet: &'a Wallet,
    /// What we show where a partner asks who connects.
    pub tls: &'a TlsKey,
}

/// Whether a ping asks for one in return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// It does.
    Asked,
    /// It does not.
    NotAsked,
}

/// Why a call came to nothing: at which step, and what was seen.
#[derive(Debug, thiserror::Error)]
#[error("{step}: {cause}")]
pub struct CallFault {
    /// `address`, `connection`, `tls`, `answer`, `refused` or `receipt`.
    pub step: &'static str,
    /// What was seen.
    pub cause: String,
}

impl CallFault {
    pub(crate) fn at(step: &'static str, cause: impl ToString) -> Self {
        Self { step, cause: cause.to_string() }
    }
}

/// Pings a partner: the same security and the same receipt as every message, and nothing is delivered. Gives how long it
/// took.
///
/// # Errors
/// [`CallFault`].
pub async fn ping(caller: Caller<'_>, to: &Descriptor, back: Return) -> Result<Duration, CallFault> {
    probe(caller, to, back).await.result
}

async fn answered_ping(
    caller: Caller<'_>,
    to: &Descriptor,
    back: Return,
) -> Result<(Wire, Suite, Answered), CallFault> {
    let now = Timestamp::now();
    let id = message_id(caller.us, &to.id, now);
    let mut ping = Outgoing::ping(party_of(caller.us), party_of(&to.id), id, now);
    if back == Return::Asked {
        ping.properties.push(Property::new(ANSWER, "ping"));
    }
    answered(caller, to, &ping).await
}

/// What a look at a partner gave.
#[derive(Debug)]
pub struct Probed {
    /// What a ping gave.
    pub result: Result<Duration, CallFault>,
    /// What the partner's clock said in its answer, proved or not.
    pub clock: Option<Timestamp>,
}

/// Pings a partner and reads its clock from the answer, for whoever looks for what is wrong.
pub async fn probe(caller: Caller<'_>, to: &Descriptor, back: Return) -> Probed {
    let started = Instant::now();
    match answered_ping(caller, to, back).await {
        Ok((wire, suite, answer)) => {
            let took = started.elapsed();
            let clock = clock_of(&answer.body);
            let result = proved(caller, to, (&wire, suite), &answer).map(|()| took);
            Probed { result, clock }
        }
        Err(fault) => Probed { result: Err(fault), clock: None },
    }
}

/// The moment in the answer's header.
fn clock_of(answer: &[u8]) -> Option<Timestamp> {
    let text = String::from_utf8_lossy(answer);
    let (_, rest) = text.split_once("Timestamp>")?;
    rest.split_once('<')?.0.trim().parse().ok()
}

/// Hands our own signed descriptor to a partner, such as after a certificate was changed.
///
/// # Errors
/// [`CallFault`]; `refused` also where the partner does not take it.
pub async fn announce(caller: Caller<'_>, to: &Descriptor, note: &str) -> Result<Duration, CallFault> {
    let now = Timestamp::now();
    let id = message_id(caller.us, &to.id, now);
    let payload = Payload {
        content_id: format!("descriptor@{}.sampan", caller.us.as_str().to_ascii_lowercase()),
        mime: "application/octet-stream".to_owned(),
        bytes: note.as_bytes().to_vec(),
        properties: Vec::new(),
    };
    let outgoing = Outgoing {
        conversation_id: id.clone(),
        message_id: id,
        ref_to: None,
        from: Party::initiator(party_of(caller.us)),
        to: Party::responder(party_of(&to.id)),
        service: Service { value: SERVICE.to_owned(), kind: None },
        action: DESCRIPTOR.to_owned(),
        agreement_ref: None,
        properties: Vec::new(),
        payloads: vec![payload],
        timestamp: now,
    };
    receipted(caller, to, &outgoing).await
}

/// Sends one message once and proves its receipt.
async fn receipted(caller: Caller<'_>, to: &Descriptor, outgoing: &Outgoing) -> Result<Duration, CallFault> {
    let started = Instant::now();
    let (wire, suite, answer) = answered(caller, to, outgoing).await?;
    let took = started.elapsed();
    proved(caller, to, (&wire, suite), &answer).map(|()| took)
}

async fn answered(
    caller: Caller<'_>,
    to: &Descriptor,
    outgoing: &Outgoing,
) -> Result<(Wire, Suite, Answered), CallFault> {
    let keys = caller.wallet.shared_with(to);
    let keys = keys.ok_or_else(|| CallFault::at("refused", "the partner speaks no suite of ours"))?;
    let mut theirs = to.sealing_certificates().into_iter();
    let theirs = theirs.find(|each| keys.suite.seals_to(each) && each.is_valid_at(outgoing.timestamp));
    // What carries nothing has nothing to encrypt.
    let sealing = theirs.filter(|_| !outgoing.payloads.is_empty()).map_or(Sealing::Clear, Sealing::To);
    let profile = Profile { suite: keys.suite, sealing, ..Profile::default() };
    let wire = exchange::pack(outgoing, &keys.identity, &profile);
    let wire = wire.map_err(|fault| CallFault::at("receipt", fault))?;
    let answer = timeout(PATIENCE, posted(caller, to, &wire)).await;
    let answer = answer.map_err(|_| CallFault::at("answer", "none in time"))??;
    Ok((wire, profile.suite, answer))
}

/// Whether an answer is the partner's receipt for what was sent.
fn proved(
    caller: Caller<'_>,
    to: &Descriptor,
    (wire, suite): (&Wire, Suite),
    answer: &Answered,
) -> Result<(), CallFault> {
    let mut certificates = to.signing_certificates();
    certificates.retain(|certificate| suite.signs_under(certificate));
    let pinned = exchange::Partner::pinned(party_of(&to.id), certificates);
    let trust = Trust::of(vec![party_of(caller.us)]).with_partner(exchange::Partner { suite, ..pinned });
    let (limits, now) = (Limits::default(), Timestamp::now());
    let signal = exchange::read_signal(&answer.content_type, &answer.body, &trust, now, &limits);
    match signal.map_err(|fault| CallFault::at("receipt", fault))? {
        Signal::Receipt(receipt) => {
            check_receipt(&wire.sent, &receipt).map_err(|fault| CallFault::at("receipt", fault))
        }
        Signal::Errors(errors) => {
            let said = errors.errors.iter().map(|error| {
                let detail = error.detail.clone().or_else(|| error.description.clone());
                format!("{} {}", error.code, detail.unwrap_or_default())
            });
            Err(CallFault::at("refused", said.collect::<Vec<_>>().join("; ")))
        }
    }
}

async fn posted(caller: Caller<'_>, to: &Descriptor, wire: &Wire) -> Result<Answered, CallFault> {
    let uri: Uri = to.endpoint.parse().map_err(|error| CallFault::at("address", error))?;
    let tls =
        tls::client(&to.tls_certificates(), Some(caller.tls)).map_err(|error| CallFault::at("tls", error))?;
    let mut line = reach(&uri, tls).await?;
    let load = line::load(Bytes::copy_from_slice(&wire.body));
    let request =
        line::post(&uri, &wire.content_type, load).map_err(|cause| CallFault::at("address", cause))?;
    let answered = line::ask(&mut line, request, Limits::default().body_max).await;
    answered.map_err(|cause| CallFault::at("answer", cause))
}

/// A connection, with the step at which it failed told apart.
async fn reach(uri: &Uri, tls: ClientConfig) -> Result<Line, CallFault> {
    let host = uri.host().ok_or_else(|| CallFault::at("address", "no host"))?.trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(443))).await;
    drop(stream.map_err(|error| CallFault::at("connection", error))?);
    line::connect(uri, tls).await.map_err(|cause| CallFault::at("tls", cause))
}

/// Fetches a node's descriptor from its own address. Whoever answers must show a TLS certificate that is in it; that it is
/// the right node's is for people to compare, by the fingerprint.
///
/// # Errors
/// [`CallFault`].
pub async fn fetch(address: &str) -> Result<String, CallFault> {
    let uri: Uri = address.parse().map_err(|error| CallFault::at("address", error))?;
    if uri.scheme_str() != Some("https") {
        return Err(CallFault::at("address", "not https"));
    }
    let (tls, shown) = tls::stranger().map_err(|error| CallFault::at("tls", error))?;
    let fetched = async {
        let mut line = reach(&uri, tls).await?;
        let request = http::Request::get(uri.path())
            .header(http::header::HOST, uri.authority().map_or("", |authority| authority.as_str()))
            .body(line::load(Bytes::new()))
            .map_err(|error| CallFault::at("address", error))?;
        let answered = line::ask(&mut line, request, DESCRIPTOR_BYTES_MAX).await;
        answered.map_err(|cause| CallFault::at("answer", cause))
    };
    let answered = timeout(PATIENCE, fetched).await;
    let body = answered.map_err(|_| CallFault::at("answer", "none in time"))??.body;
    let note = String::from_utf8(body.to_vec()).map_err(|error| CallFault::at("answer", error))?;
    let descriptor = Descriptor::open(&note).map_err(|error| CallFault::at("answer", error))?;
    let named = descriptor.tls_certificates().iter().any(|known| shown.is(&known.fingerprint()));
    if named {
        Ok(note)
    } else {
        Err(CallFault::at("tls", "whoever answered is not the node its descriptor says"))
    }
}

/// An id of a call that nobody has used before.
fn message_id(us: &NodeId, to: &NodeId, now: Timestamp) -> String {
    let digest = Digest::of(format!("{us}\n{to}\n{}", now.as_nanosecond()).as_bytes()).to_string();
    format!("{}@{}.sampan", &digest[..32], us.as_str().to_ascii_lowercase())
}

/// A certificate somebody showed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown(pub(crate) Arc<std::sync::Mutex<Option<[u8; 32]>>>);

impl Shown {
    fn is(&self, fingerprint: &[u8; 32]) -> bool {
        let shown = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        shown.as_ref() == Some(fingerprint)
    }
}

/// The longest descriptor fetched.
const DESCRIPTOR_BYTES_MAX: usize = 256 << 10;
/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(15);
