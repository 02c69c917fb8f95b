//! The way to the IPPC ePhyto hub: one question and its answer over TLS with our certificate, and the round that fetches
//! what waits for us. What is fetched is kept before it is acknowledged, so that nothing is lost and some comes twice.

use std::future::Future;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Uri};
use exchange::Certificate;
use exchange::hub::{
    Answer, Call, CodeList, CodeRow, Envelope, Fetched, Finding, Header, HubFault, Nppo, Request,
    acknowledgement, answer, request,
};
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use crate::keys::TlsKey;
use crate::rim::line::{self, Answered, Line};
use crate::tls;

/// A client of the hub. It holds one connection and asks one question at a time, as the hub wants it.
pub struct Hub {
    endpoint: Uri,
    tls: ClientConfig,
    line: Mutex<Option<Line>>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// How a round of fetching went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// How many waited.
    pub waiting: usize,
    /// How many were kept and acknowledged.
    pub taken: usize,
    /// How many were acknowledged as not readable.
    pub unreadable: usize,
    /// How many stay at the hub and are offered again.
    pub left: usize,
}

impl Hub {
    /// A client for the hub at this address, believed where one of these authorities vouches for it.
    ///
    /// # Errors
    /// Where the address or a certificate cannot be used.
    pub fn new(endpoint: &str, authorities: &[Certificate], own: &TlsKey) -> Result<Self, HubFault> {
        let unusable = |what: String| HubFault::Unwritable(what);
        let endpoint: Uri = endpoint.parse().map_err(|_| unusable(format!("address {endpoint}")))?;
        if endpoint.scheme_str() != Some("https") {
            return Err(unusable("the hub is reached by https alone".to_owned()));
        }
        let tls = tls::client_under(authorities, own).map_err(|error| unusable(error.to_string()))?;
        Ok(Self { endpoint, tls, line: Mutex::new(None) })
    }

    /// Asks one question.
    ///
    /// # Errors
    /// [`HubFault`]; [`HubFault::may_pass`] says whether to ask again later. A hand-over that failed on the way may have
    /// come through: handing over again is right, since receivers know what they have.
    pub async fn call(&self, call: &Call) -> Result<Answer, HubFault> {
        self.asked(call, &request(call)?).await
    }

    async fn asked(&self, call: &Call, asked: &Request) -> Result<Answer, HubFault> {
        let answered = timeout(ANSWER, self.ask(call, asked)).await;
        let answered = answered.unwrap_or_else(|_| Err("no answer in time".to_owned()));
        let Answered { status, body, .. } = answered.map_err(HubFault::Failed)?;
        answer(call, status, &body)
    }

    async fn ask(&self, call: &Call, asked: &Request) -> Result<Answered, String> {
        let mut held = self.line.lock().await;
        if let Some(mut line) = held.take()
            && line.ready().await.is_ok()
        {
            match line::ask(&mut line, self.http(asked)?, ANSWER_MAX).await {
                Ok(answered) => {
                    *held = Some(line);
                    return Ok(answered);
                }
                // A line that was idle may have been closed by the hub. Only what changes nothing is asked again here.
                Err(error) if !call.is_repeatable() => return Err(error),
                Err(_) => {}
            }
        }
        let mut line = line::connect(&self.endpoint, self.tls.clone()).await?;
        let answered = line::ask(&mut line, self.http(asked)?, ANSWER_MAX).await?;
        *held = Some(line);
        Ok(answered)
    }

    fn http(&self, asked: &Request) -> Result<axum::http::Request<line::Load>, String> {
        let load = line::load(asked.body.clone().into());
        let mut request = line::post(&self.endpoint, Request::CONTENT_TYPE, load)?;
        let action = HeaderValue::from_str(&format!("\"{}\"", asked.action)).map_err(|e| e.to_string())?;
        request.headers_mut().insert(HeaderName::from_static("soapaction"), action);
        Ok(request)
    }

    /// Hands a certificate over and returns its header with the hub's delivery number.
    ///
    /// # Errors
    /// As [`Hub::call`].
    pub async fn deliver(&self, envelope: Envelope) -> Result<Header, HubFault> {
        headed(self.call(&Call::Deliver(envelope)).await?)
    }

    /// Hands a packed certificate over, in the bytes that were kept of it, and returns its header with the hub's delivery
    /// number.
    ///
    /// # Errors
    /// As [`Hub::call`].
    pub(crate) async fn hand_over(&self, body: Vec<u8>) -> Result<Header, HubFault> {
        let call = Call::Deliver(Envelope::default());
        headed(self.asked(&call, &Request { action: call.action(), body }).await?)
    }

    /// What we handed over and nobody has acknowledged yet.
    ///
    /// # Errors
    /// As [`Hub::call`].
    pub async fn under_delivery(&self) -> Result<Vec<Header>, HubFault> {
        match self.call(&Call::UnderDelivery).await? {
            Answer::Headers(headers) => Ok(headers),
            other => Err(unexpected(&other)),
        }
    }

    /// Where an envelope stands.
    ///
    /// # Errors
    /// As [`Hub::call`].
    pub async fn tracking(&self, delivery: &str) -> Result<Header, HubFault> {
        headed(self.call(&Call::TrackingOf(delivery.to_owned())).await?)
    }

    /// Who takes part, and which certificates each takes: the directory to look at before sending.
    ///
    /// # Errors
    /// As [`Hub::call`].
    pub async fn directory(&self) -> Result<Vec<Nppo>, HubFault> {
        match self.call(&Call::ActiveNppos).await? {
            Answer::Nppos(nppos) => Ok(nppos),
            other => Err(unexpected(&other)),
        }
    }

    /// What the hub finds in a certificate.
    ///
    /// # Errors
    /// As [`Hub::call`].
    pub async fn findings(&self, certificate: &str) -> Result<Vec<Finding>, HubFault> {
        match self.call(&Call::Validate(certificate.to_owned())).await? {
            Answer::Findings(findings) => Ok(findings),
            other => Err(unexpected(&other)),
        }
    }

    /// A code list.
    ///
    /// # Errors
    /// As [`Hub::call`].
    pub async fn codes(&self, list: CodeList) -> Result<Vec<CodeRow>, HubFault> {
        match self.call(&Call::Codes(list)).await? {
            Answer::Codes(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }

    /// Fetches what waits for us, one envelope after the other. Each is given to `keep`, which says how it came through
    /// (and that it is on the disk), and only then acknowledged. One that fails holds up none of the others.
    ///
    /// # Errors
    /// As [`Hub::call`], where the list itself cannot be had.
    pub async fn fetch<K, F>(&self, mut keep: K) -> Result<Round, HubFault>
    where
        K: FnMut(Envelope) -> F,
        F: Future<Output = Fetched>,
    {
        let headers = match self.call(&Call::ImportHeaders { country: None }).await? {
            Answer::Headers(headers) => headers,
            other => return Err(unexpected(&other)),
        };
        let mut round = Round { waiting: headers.len(), ..Round::default() };
        for delivery in headers.into_iter().filter_map(|header| header.delivery) {
            match self.take(&delivery, &mut keep).await {
                Ok(Fetched::Kept(_)) => round.taken += 1,
                Ok(Fetched::Unreadable(_)) => round.unreadable += 1,
                Ok(Fetched::NotKept) => round.left += 1,
                Err(fault) => {
                    tracing::warn!(delivery, %fault, "left at the hub");
                    round.left += 1;
                }
            }
        }
        Ok(round)
    }

    async fn take<K, F>(&self, delivery: &str, keep: &mut K) -> Result<Fetched, HubFault>
    where
        K: FnMut(Envelope) -> F,
        F: Future<Output = Fetched>,
    {
        let envelope = match self.call(&Call::Pull(delivery.to_owned())).await? {
            Answer::Envelope(Some(envelope)) => *envelope,
            Answer::Envelope(None) => return Ok(Fetched::NotKept),
            other => return Err(unexpected(&other)),
        };
        let fetched = keep(envelope).await;
        if let Some(call) = acknowledgement(delivery, &fetched) {
            self.call(&call).await?;
        }
        Ok(fetched)
    }
}

fn headed(answer: Answer) -> Result<Header, HubFault> {
    match answer {
        Answer::Header(header) => Ok(header),
        other => Err(unexpected(&other)),
    }
}

fn unexpected(answer: &Answer) -> HubFault {
    HubFault::Unreadable(format!("an answer to another question: {answer:?}"))
}

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(120);
/// The longest answer taken.
const ANSWER_MAX: usize = 64 << 20;
