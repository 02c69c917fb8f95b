//! The way in for everything that runs beside the node's heart: pages, the JSON interface, the command line.

use std::sync::Arc;

use kernel::{ActId, Actor, CaseId, Desk, Refusal, Role, Summary};
use serde_json::Value;
use store::{Failure, Look};
use tokio::sync::broadcast;

use crate::{Account, Acted, Changed, Identity, ImportReport, NotDone, Partner, Readers, Reading, SignIn};

/// A running node. Clones speak to the same node.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

struct Shared {
    identity: Identity,
    desks: &'static [&'static dyn Desk],
    readers: Readers,
    changes: broadcast::Sender<Changed>,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle").field("identity", &self.shared.identity).finish_non_exhaustive()
    }
}

impl Handle {
    /// Takes an act on a case, opening it where the act opens one. The id is chosen by the caller: the same act
    /// given twice on the same case is taken once and answered alike.
    ///
    /// # Errors
    /// [`NotDone::Refused`] where the act is not possible now (the refusal is in the record), otherwise why the
    /// node could not take it.
    pub async fn act(&self, actor: Actor, id: ActId, case: CaseId, act: Value) -> Result<Acted, NotDone> {
        let _ = (actor, id, case, act);
        Err(NotDone::Stopping)
    }

    /// Takes own declarations in from bytes of this media type (`application/xml`, `text/csv`, `application/json`).
    ///
    /// # Errors
    /// Why the node could not take them. What is wrong with the bytes is in the report.
    pub async fn import(&self, actor: Actor, bytes: Vec<u8>, media: &str) -> Result<ImportReport, NotDone> {
        let _ = (actor, bytes, media);
        Err(NotDone::Stopping)
    }

    /// Sends a received item through the door inwards again, as it was received, after what kept it out was repaired.
    ///
    /// # Errors
    /// As [`Handle::act`].
    pub async fn replay(&self, actor: Actor, id: ActId, case: CaseId) -> Result<Acted, NotDone> {
        self.act(actor, id, case, serde_json::json!({ "act": "replay" })).await
    }

    /// Borrows a view for reading. Blocks the thread while all views are in use; from asynchronous code use
    /// [`Handle::with_look`].
    #[must_use]
    pub fn look(&self) -> Reading {
        self.shared.readers.borrow()
    }

    /// Reads on a thread that may block.
    ///
    /// # Errors
    /// What the reading said.
    pub async fn with_look<T, F>(&self, read: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Look) -> Result<T, Failure> + Send + 'static,
    {
        let readers = self.shared.readers.clone();
        let reading = tokio::task::spawn_blocking(move || read(&*readers.borrow()));
        reading.await.unwrap_or_else(|stopped| {
            Err(Failure::Engine { doing: "read on a view", cause: stopped.to_string() })
        })
    }

    /// The acts this role may take on a case in this state; `None` is a case that does not exist yet.
    #[must_use]
    pub fn offers(&self, case: &CaseId, state: Option<&Value>, role: &Role) -> Vec<&'static str> {
        self.desk(case.desk()).map_or_else(Vec::new, |desk| desk.offers(state, role))
    }

    /// Folds the events of a desk's case again, from its first.
    ///
    /// # Errors
    /// `desk-unknown`, or `event-unreadable` where an event is not the desk's.
    pub fn fold(&self, desk: &str, events: &[Value]) -> Result<(Value, Summary), Refusal> {
        let desk = self.desk(desk).ok_or_else(|| Refusal::new("desk-unknown", desk))?;
        desk.replay(events)
    }

    /// The desk of this name.
    #[must_use]
    pub fn desk(&self, name: &str) -> Option<&'static dyn Desk> {
        self.desks().iter().copied().find(|desk| desk.name() == name)
    }

    /// All desks there are.
    #[must_use]
    pub fn desks(&self) -> &'static [&'static dyn Desk] {
        self.shared.desks
    }

    /// Everything that changes from now on, after it is durable. A slow listener is told how many it missed.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Changed> {
        self.shared.changes.subscribe()
    }

    /// Who we are.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    /// Who our partners are, by their short names.
    #[must_use]
    pub fn partners(&self) -> Vec<Partner> {
        Vec::new()
    }

    /// Checks a name and a password.
    ///
    /// # Errors
    /// Why the accounts could not be read.
    pub async fn authenticate(&self, name: &str, password: &str) -> Result<SignIn, NotDone> {
        let _ = (name, password);
        Ok(SignIn::Unknown)
    }

    /// The account of this name.
    ///
    /// # Errors
    /// Why the accounts could not be read.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, NotDone> {
        let _ = name;
        Ok(None)
    }

    /// Keeps a small value under a key, or removes it; the record never depends on it.
    ///
    /// # Errors
    /// Why it could not be kept.
    pub async fn keep(&self, key: &str, value: Option<Vec<u8>>) -> Result<(), NotDone> {
        let _ = (key, value);
        Err(NotDone::Stopping)
    }
}
