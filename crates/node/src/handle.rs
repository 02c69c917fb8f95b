//! The way in for everything that runs beside the node's heart: pages, the JSON interface, the command line.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use kernel::{ActId, Actor, AnyEvent, CaseId, Desk, NodeId, Refusal, Role, State, Summary};
use serde_json::Value;
use store::{Failure, LongBlobs, Look};
use tokio::sync::{Semaphore, broadcast};

use crate::accounts::{self, Account, SignIn};
use crate::contacts::{Contact, Contacts};
use crate::content::Content;
use crate::descriptor::{Descriptor, DescriptorFault};
use crate::evidence::{self, EvidenceFault};
use crate::identity::{Identity, Partner};
use crate::import::Batch;
use crate::input::{Acted, Changed, ImportReport, Input, NotDone, Outcome};
use crate::keys::{Keys, KeysFault};
use crate::partners::Partners;
use crate::proof::Proofs;
use crate::readers::{Readers, Reading};
use crate::statements::{Voice, VoiceFault};
use crate::writer::Inbox;

/// A running node. Clones speak to the same node.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

/// What all handles of a node share.
pub(crate) struct Shared {
    pub(crate) identity: Identity,
    pub(crate) desks: &'static [&'static dyn Desk],
    pub(crate) readers: Readers,
    pub(crate) changes: broadcast::Sender<Changed>,
    pub(crate) inbox: Inbox,
    pub(crate) partners: Partners,
    pub(crate) proofs: Proofs,
    pub(crate) contacts: Contacts,
    pub(crate) folder: Arc<Path>,
    /// Where long files lie.
    pub(crate) long_blobs: LongBlobs,
    /// Who we are to strangers, once anybody asked.
    pub(crate) voice: OnceLock<Arc<Voice>>,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle").field("identity", &self.shared.identity).finish_non_exhaustive()
    }
}

impl Handle {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Takes an act on a case, opening it where the act opens one. The id is chosen by the caller: the same act
    /// given twice on the same case is taken once and answered alike.
    ///
    /// # Errors
    /// [`NotDone::Refused`] where the act is not possible now (the refusal is in the record), otherwise why the
    /// node could not take it.
    pub async fn act(&self, actor: Actor, id: ActId, case: CaseId, act: Value) -> Result<Acted, NotDone> {
        self.act_with(actor, id, case, (act, Vec::new())).await
    }

    /// Takes an act together with the files it names by their digests; they are kept in the same transaction and named by
    /// its entries. Long ones are on the disk before the act is weighed.
    ///
    /// # Errors
    /// As [`Handle::act`].
    pub async fn act_with(
        &self,
        actor: Actor,
        id: ActId,
        case: CaseId,
        (act, files): (Value, Vec<Vec<u8>>),
    ) -> Result<Acted, NotDone> {
        let input = if files.is_empty() {
            Input::Act { actor, id, case, act }
        } else {
            let blobs = self.shared.long_blobs.clone();
            let lay = move || files.into_iter().map(|file| Content::laid(file, &blobs)).collect();
            let files = blocking(lay).await?;
            Input::ActWith { actor, id, case, act, files }
        };
        match self.shared.inbox.submit(input).await? {
            Outcome::Act(answer) => Ok(answer?),
            other => Err(unexpected(&other)),
        }
    }

    /// Takes own declarations in from bytes of this media type (`application/xml`, `text/csv`, `application/json`). Large
    /// files are taken in pieces, so that they do not hold up others; the same file given again changes nothing.
    ///
    /// # Errors
    /// `media-unknown`, or why the node could not take them all; those before are in. What is wrong with the bytes is in
    /// the report.
    pub async fn import(&self, actor: Actor, bytes: Vec<u8>, media: &str) -> Result<ImportReport, NotDone> {
        let kind = media.split(';').next().unwrap_or_default().trim();
        if !MEDIA.contains(&kind) {
            return Err(Refusal::new("media-unknown", kind).remedy(MEDIA.join(", ")).into());
        }
        let us = self.shared.identity.id.clone();
        let batch = blocking(move || Ok(Batch::read(&us, bytes))).await?;
        self.take(actor, batch).await
    }

    /// Takes own declarations in that were read before.
    ///
    /// # Errors
    /// Why the node could not take them all; those before are in.
    pub async fn take(&self, actor: Actor, batch: Batch) -> Result<ImportReport, NotDone> {
        let mut report = ImportReport { findings: batch.findings.clone(), ..ImportReport::default() };
        for piece in batch.pieces() {
            let input = Input::Import { actor: actor.clone(), batch: piece };
            match self.shared.inbox.insist(input).await? {
                Outcome::Import(more) => report.add(more),
                other => return Err(unexpected(&other)),
            }
        }
        Ok(report)
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
        blocking(move || read(&*readers.borrow())).await
    }

    /// The acts this role may take on a case in this state; `None` is a case that does not exist yet.
    #[must_use]
    pub fn offers(&self, case: &CaseId, state: Option<&State>, role: &Role) -> Vec<&'static str> {
        self.desk(case.desk()).map_or_else(Vec::new, |desk| desk.offers(state, role))
    }

    /// Folds the events of a desk's case again, from its first.
    ///
    /// # Errors
    /// `desk-unknown`, or `event-unreadable` where an event is not the desk's.
    pub fn fold(&self, desk: &str, events: &[AnyEvent]) -> Result<(Value, Summary), Refusal> {
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

    /// The proof that the record holds the entry of this number, as text that anybody can check without this node;
    /// `None` while the entry is not yet under a signed checkpoint. Blocks the thread.
    ///
    /// # Errors
    /// Where the record's files cannot be read or do not lead to the checkpoint.
    pub fn proof(&self, number: u64) -> Result<Option<String>, Failure> {
        self.shared.proofs.of(number)
    }

    /// The evidence of a message sent or received, as a file anybody can check without this node. Blocks the thread.
    ///
    /// # Errors
    /// [`EvidenceFault`], also while its entry is not yet under a signed checkpoint.
    pub fn evidence(&self, case: &CaseId) -> Result<Vec<u8>, EvidenceFault> {
        let bundle = evidence::make(&self.shared.folder, &*self.look(), case)?;
        Ok(bundle.to_bytes())
    }

    /// Signs a statement of this administration with the record's key, as a note whose key partners hold. Its first line
    /// says what sort of statement it is, so that it can be mistaken for no checkpoint.
    ///
    /// # Errors
    /// Where the key is not there, or the text is none of a statement.
    pub fn vouch(&self, statement: &str) -> Result<String, KeysFault> {
        crate::keys::vouch(&Keys::load(&self.shared.folder)?.record, statement)
    }

    /// The node as an issuer of statements that strangers can check. The first call reads its key and blocks the thread.
    ///
    /// # Errors
    /// [`VoiceFault`].
    pub fn voice(&self) -> Result<Arc<Voice>, VoiceFault> {
        if let Some(voice) = self.shared.voice.get() {
            return Ok(Arc::clone(voice));
        }
        let voice = Arc::new(Voice::of(&self.shared.folder)?);
        Ok(Arc::clone(self.shared.voice.get_or_init(|| voice)))
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
        self.shared.partners.now().descriptors.values().map(Descriptor::partner).collect()
    }

    /// The descriptor a partner is known by.
    #[must_use]
    pub fn descriptor(&self, partner: &NodeId) -> Option<Descriptor> {
        self.shared.partners.now().descriptors.get(partner).cloned()
    }

    /// How it goes with a partner since the node started.
    #[must_use]
    pub fn contact(&self, partner: &NodeId) -> Contact {
        self.shared.contacts.with(partner)
    }

    /// Adds a partner by its signed descriptor while the node runs, or replaces what is known of it. That the descriptor
    /// is the partner's must have been made sure of by another way.
    ///
    /// # Errors
    /// [`DescriptorFault`].
    pub async fn add_partner(&self, note: String) -> Result<Partner, DescriptorFault> {
        let partners = self.shared.partners.clone();
        let added = tokio::task::spawn_blocking(move || partners.add(&note)).await;
        added.unwrap_or_else(|error| Err(DescriptorFault::Unreadable(error.to_string())))
    }

    /// Checks a name and a password.
    ///
    /// # Errors
    /// Why the accounts could not be read.
    pub async fn authenticate(&self, name: &str, password: &str) -> Result<SignIn, NotDone> {
        let _turn = PASSWORDS.acquire().await.map_err(|_| NotDone::Stopping)?;
        let (name, password) = (name.to_owned(), password.to_owned());
        Ok(self.with_look(move |look| accounts::sign_in(look, &name, &password)).await?)
    }

    /// The account of this name.
    ///
    /// # Errors
    /// Why the accounts could not be read.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, NotDone> {
        let name = name.to_owned();
        Ok(self.with_look(move |look| accounts::find(look, &name)).await?)
    }

    /// All accounts, by their names.
    ///
    /// # Errors
    /// Why the accounts could not be read.
    pub async fn accounts(&self) -> Result<Vec<Account>, NotDone> {
        Ok(self.with_look(accounts::all).await?)
    }

    /// Keeps an account with this password, in the place of one of the same name.
    ///
    /// # Errors
    /// [`NotDone::Failed`] with [`Failure::Unfit`] for a name or a password that cannot be used.
    pub async fn put_account(&self, account: Account, password: &str) -> Result<(), NotDone> {
        let (key, password) = (accounts::key(&account.name), password.to_owned());
        let kept = blocking(move || accounts::kept(&account, &password)).await?;
        self.keep(&key, Some(kept)).await
    }

    /// Keeps a small value under a key, or removes it; the record never depends on it.
    ///
    /// # Errors
    /// Why it could not be kept.
    pub async fn keep(&self, key: &str, value: Option<Vec<u8>>) -> Result<(), NotDone> {
        let key = key.to_owned();
        self.shared.inbox.insist(Input::Keep { key, value }).await.map(|_| ())
    }
}

/// Calculates on a thread that may block. Only so many at once, so that those who already stand on such a thread and wait
/// here (as pages do) can never take the last one.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let stopped = |cause: String| Failure::Engine { doing: "calculate", cause };
    let _turn = CALCULATIONS.acquire().await.map_err(|error| stopped(error.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(stopped(error.to_string())))
}

fn unexpected(outcome: &Outcome) -> NotDone {
    NotDone::Failed(Failure::Engine { doing: "answer an input", cause: format!("{outcome:?}") })
}

/// The media types own declarations come in, and those that say nothing: then the bytes themselves do.
const MEDIA: [&str; 7] = [
    "application/xml",
    "text/xml",
    "text/csv",
    "application/json",
    "application/octet-stream",
    "text/plain",
    "",
];
/// How many calculations run at once beside the pages.
static CALCULATIONS: Semaphore = Semaphore::const_new(32);
/// How many passwords are checked at once: each check takes 19 MiB and a tenth of a second by design.
static PASSWORDS: Semaphore = Semaphore::const_new(2);
