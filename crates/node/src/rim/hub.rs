//! The hub as a lane of the outbox: certificates are handed over once and followed until their receiver has them; what waits
//! for us is fetched, kept, and only then acknowledged.
//!
//! A hand-over whose answer was lost may have come through. So before the first try it is written down that one is made,
//! and whoever finds that without a number asks the hub first what it has of ours.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use exchange::Certificate;
use exchange::hub::{Envelope, Fetched, Finding, Header, HubFault, Level};
use jiff::Timestamp;
use kernel::Limit;
use store::Failure;
use tokio::sync::watch;
use tokio::time::sleep;

use super::Rim;
use crate::admit::Delivered;
use crate::config::{Config, ConfigFault};
use crate::dispatch::{Posting, ticket_key};
use crate::envelope::split;
use crate::figures::Going;
use crate::hub::Hub;
use crate::input::{Input, NotDone, Outcome, Retry};
use crate::keys::TlsKey;
use crate::run::StartFault;
use crate::transport::{Heard, HubWay, NOT_THERE, OTHER, REFUSED, Transport as _};

/// The hub and how often it is asked.
#[derive(Debug)]
pub(crate) struct HubAt {
    hub: Hub,
    way: HubWay,
    look: Limit,
}

impl HubAt {
    /// The hub a configuration names.
    pub(crate) fn of(folder: &Path, config: &Config, own: &TlsKey) -> Result<Option<Self>, StartFault> {
        let Some(access) = &config.hub else { return Ok(None) };
        let path = folder.join(&access.authorities);
        let text = std::fs::read_to_string(&path)
            .map_err(|cause| ConfigFault::File { path: path.clone(), cause })?;
        let unusable = |why: String| ConfigFault::Value { field: "hub", why };
        let authorities =
            Certificate::all_from_pem(&text).map_err(|fault| unusable(format!("authorities: {fault}")))?;
        let hub =
            Hub::new(&access.endpoint, &authorities, own).map_err(|fault| unusable(fault.to_string()))?;
        Ok(Some(Self { hub, way: HubWay::new(config.id.clone()), look: access.look }))
    }
}

/// Hands a certificate over, or asks where it stands, and returns what the heart is to know of it.
pub(crate) async fn deliver(rim: &Rim, posting: &Posting) -> Input {
    let (case, started) = (posting.case.clone(), Instant::now());
    let missed = |code: &str, retry, cause: String| {
        rim.contacts.failed(&posting.to, Timestamp::now(), code);
        tracing::warn!(to = %posting.to, message_id = posting.message_id, code, cause, "not delivered by the hub");
        Input::Undelivered { case: case.clone(), code: code.to_owned(), retry }
    };
    let Some(at) = &rim.hub else {
        return missed(OTHER, Retry::MayHelp, "no hub is set up".to_owned());
    };
    let heard = match at.say(rim, posting).await {
        Ok(heard) => heard,
        Err(Missed::Hub(fault)) if fault.may_pass() => {
            rim.figures.went(Going::Unreachable);
            let unreachable = exchange::Ebms::ConnectionFailure.code();
            return missed(unreachable, Retry::MayHelp, fault.to_string());
        }
        Err(Missed::Hub(fault)) => {
            rim.figures.went(Going::Refused);
            return missed(REFUSED, Retry::Hopeless, fault.to_string());
        }
        Err(Missed::Own(cause)) => return missed(OTHER, Retry::MayHelp, cause),
    };
    match heard {
        Heard::Receipt(bytes) => {
            rim.figures.went(Going::Receipted);
            rim.contacts.receipted(&posting.to, Timestamp::now(), started.elapsed());
            tracing::info!(to = %posting.to, message_id = posting.message_id, "delivered by the hub");
            Input::Receipt { case, bytes }
        }
        Heard::Waits { ticket, state } => {
            tracing::info!(to = %posting.to, message_id = posting.message_id, ticket, state, "at the hub");
            Input::Tracked { case, ticket, state, again: at.look.after(Timestamp::now()) }
        }
        Heard::Refused { code, retry, cause } => {
            rim.figures.went(Going::Refused);
            missed(&code, retry, cause)
        }
        Heard::Unclear { code, cause } => {
            rim.figures.went(Going::Unanswered);
            missed(&code, Retry::MayHelp, cause)
        }
    }
}

/// Why nothing was heard.
enum Missed {
    /// The hub refused, failed or could not be reached.
    Hub(HubFault),
    /// Our own store.
    Own(String),
}

impl From<HubFault> for Missed {
    fn from(fault: HubFault) -> Self {
        Self::Hub(fault)
    }
}

impl HubAt {
    /// What the hub says of one certificate of ours, which it is given where it does not have it.
    async fn say(&self, rim: &Rim, posting: &Posting) -> Result<Heard, Missed> {
        let Kept { body, ours, ticket } = kept(rim, posting).await.map_err(Missed::Own)?;
        let said = match ticket {
            Ticket::Known(ticket) => self.hub.tracking(&ticket).await?,
            Ticket::Unknown => match self.found(&ours).await? {
                Some(header) => header,
                None => self.hub.hand_over(body).await?,
            },
            Ticket::None => {
                remember(rim, posting).await.map_err(Missed::Own)?;
                self.hub.hand_over(body).await?
            }
        };
        let heard = HubWay::judge(&ours, &said);
        if matches!(&heard, Heard::Unclear { code, .. } if code == NOT_THERE) {
            // The number leads nowhere: the next try asks what the hub has, and hands over where it has nothing.
            remember(rim, posting).await.map_err(Missed::Own)?;
        }
        Ok(heard)
    }

    /// The certificate among those the hub has of ours and nobody has fetched.
    async fn found(&self, ours: &Header) -> Result<Option<Header>, HubFault> {
        let waiting = self.hub.under_delivery().await?;
        let same = |header: &Header| header.identity() == ours.identity() && header.to == ours.to;
        Ok(waiting.into_iter().find(same))
    }
}

/// What is kept of a certificate that goes through the hub.
struct Kept {
    body: Vec<u8>,
    ours: Header,
    ticket: Ticket,
}

/// Whether the hub has a certificate.
enum Ticket {
    /// It was never handed over.
    None,
    /// It may have been.
    Unknown,
    /// It was, and has this number.
    Known(String),
}

async fn kept(rim: &Rim, posting: &Posting) -> Result<Kept, String> {
    let (readers, wire, digests) = (rim.readers.clone(), posting.wire, posting.digests);
    let key = ticket_key(&posting.case);
    let read = tokio::task::spawn_blocking(move || {
        let look = readers.borrow();
        let said = |failure: Failure| failure.to_string();
        let entity = look.blob(&wire).map_err(said)?.ok_or("the kept message is gone")?;
        let (_, body) = split(&entity).ok_or("the kept message is no MIME entity")?;
        let head = look.blob(&digests).map_err(said)?.as_deref().and_then(HubWay::head);
        let ticket = match look.kept(&key).map_err(said)? {
            None => Ticket::None,
            Some(number) if number.is_empty() => Ticket::Unknown,
            Some(number) => Ticket::Known(String::from_utf8_lossy(&number).into_owned()),
        };
        let ours = head.ok_or("the kept header cannot be read")?;
        Ok::<_, String>(Kept { body: body.to_vec(), ours, ticket })
    });
    read.await.unwrap_or_else(|error| Err(error.to_string()))
}

/// Writes down that a hand-over is tried, before it is.
async fn remember(rim: &Rim, posting: &Posting) -> Result<(), String> {
    let keep = Input::Keep { key: ticket_key(&posting.case), value: Some(Vec::new()) };
    rim.inbox.insist(keep).await.map(|_| ()).map_err(|not_done| not_done.to_string())
}

/// Fetches what waits for us, again and again, until told to stop.
pub(crate) async fn keep_up(rim: Rim, mut stop: watch::Receiver<()>) {
    let Some(at) = rim.hub.clone() else { return };
    loop {
        match at.hub.fetch(|envelope| keep(rim.clone(), Arc::clone(&at), envelope)).await {
            Ok(round) if round.waiting > 0 => tracing::info!(?round, "fetched from the hub"),
            Ok(_) => {}
            Err(fault) => tracing::warn!(%fault, "nothing could be fetched from the hub"),
        }
        let pause = Duration::from_secs(u64::from(at.look.as_seconds().max(1)));
        tokio::select! {
            () = sleep(pause) => {}
            _ = stop.changed() => return,
        }
    }
}

/// Keeps one envelope and says what the hub is to be told.
async fn keep(rim: Rim, at: Arc<HubAt>, envelope: Envelope) -> Fetched {
    let delivery = match at.way.open(&HubWay::kept(&envelope), Timestamp::now()) {
        Ok(delivery) => delivery,
        Err(why) => return Fetched::Unreadable(why),
    };
    let (from, number) = (delivery.from.clone(), envelope.header.number.clone());
    let kept = rim.inbox.submit(Input::Deliver(Box::new(delivery))).await;
    tracing::info!(%from, number, ?kept, "from the hub");
    match kept {
        Ok(Outcome::Deliver(Delivered::Accepted | Delivered::Answered(_))) => {
            rim.contacts.heard(&from, Timestamp::now());
            Fetched::Kept(Vec::new())
        }
        Ok(Outcome::Deliver(Delivered::Refused(refusal))) => Fetched::Kept(vec![Finding {
            area: "Agreement".to_owned(),
            field: refusal.code.to_string(),
            level: Level::Severe,
            message: refusal.reason,
        }]),
        Ok(Outcome::Deliver(Delivered::Conflict)) => {
            Fetched::Unreadable("this number came before in the same state with other content".to_owned())
        }
        Ok(Outcome::Deliver(Delivered::Unprotected(_))) => {
            Fetched::Unreadable("certificates of this administration do not come by the hub".to_owned())
        }
        Ok(_) | Err(NotDone::Busy | NotDone::Failed(_) | NotDone::Refused(_) | NotDone::Stopping) => {
            Fetched::NotKept
        }
    }
}
