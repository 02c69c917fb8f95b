//! What the pages need of the node they stand before. The running node gives it; tests give a small one of their own.

use std::sync::Arc;

use jiff::Timestamp;
use kernel::{ActId, Actor, CaseId, Desk, NodeId, Role, State};
use node::evidence::EvidenceFault;
use node::statements::Voice;
use node::{
    Account, Acted, Changed, Contact, Descriptor, Handle, Identity, ImportReport, NotDone, Partner, SignIn,
};
use serde_json::Value;
use store::Look;
use tokio::sync::broadcast;

/// An act somebody wants to take on a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Chosen by whoever takes it: the same act given twice is taken once.
    pub id: ActId,
    /// The case.
    pub case: CaseId,
    /// The act, in its desk's own JSON.
    pub act: Value,
    /// Files that come with it and are kept with its entries; the act names them by their digests.
    pub files: Vec<Vec<u8>>,
}

/// What the pages need of a node. Everything may block: pages are drawn on threads that may.
pub trait NodeSide: Send + Sync + 'static {
    /// Runs `read` on a view of the store, which sees whole transactions only.
    fn read(&self, read: &mut dyn FnMut(&dyn Look));

    /// Takes an act.
    ///
    /// # Errors
    /// The refusal, or why the node could not take it.
    fn act(&self, actor: Actor, wanted: Wanted) -> Result<Acted, NotDone>;

    /// Sends a received item through the door inwards again.
    ///
    /// # Errors
    /// As [`NodeSide::act`].
    fn replay(&self, actor: Actor, id: ActId, case: CaseId) -> Result<Acted, NotDone>;

    /// Takes own declarations in from bytes of a media type.
    ///
    /// # Errors
    /// Why the node could not take them; what is wrong with the bytes is in the report.
    fn import(&self, actor: Actor, bytes: Vec<u8>, media: &str) -> Result<ImportReport, NotDone>;

    /// Checks a name and a password.
    ///
    /// # Errors
    /// Why the accounts could not be read.
    fn authenticate(&self, name: &str, password: &str) -> Result<SignIn, NotDone>;

    /// The account of this name.
    ///
    /// # Errors
    /// Why the accounts could not be read.
    fn account(&self, name: &str) -> Result<Option<Account>, NotDone>;

    /// All desks there are.
    fn desks(&self) -> &'static [&'static dyn Desk];

    /// Who we are.
    fn identity(&self) -> &Identity;

    /// Who our partners are.
    fn partners(&self) -> Vec<Partner>;

    /// The descriptor a partner is known by, and how it goes with it since the node started.
    fn partner(&self, _partner: &NodeId) -> (Option<Descriptor>, Contact) {
        (None, Contact::default())
    }

    /// The evidence of a message sent or received; `None` while its entry is not yet under a checkpoint.
    ///
    /// # Errors
    /// Why the files could not be read.
    fn evidence(&self, _case: &CaseId) -> Result<Option<Vec<u8>>, NotDone> {
        Ok(None)
    }

    /// The stand-alone proof that the record holds the entry of this number, as text; `None` while the entry is not
    /// yet under a checkpoint.
    ///
    /// # Errors
    /// Why the record's files could not be read.
    fn proof(&self, number: u64) -> Result<Option<String>, NotDone>;

    /// Signs a statement of the administration as a note; `None` where there is no key.
    fn vouch(&self, _statement: &str) -> Option<String> {
        None
    }

    /// The node as an issuer of statements that strangers can check; `None` where it has no key for that.
    fn voice(&self) -> Option<Arc<Voice>> {
        None
    }

    /// Everything that changes from now on.
    fn events(&self) -> broadcast::Receiver<Changed>;

    /// What time it is.
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// The acts a role may take on a case in this state.
    fn offers(&self, case: &CaseId, state: Option<&State>, role: &Role) -> Vec<&'static str> {
        let desk = self.desks().iter().find(|desk| desk.name() == case.desk());
        desk.map_or_else(Vec::new, |desk| desk.offers(state, role))
    }
}

impl NodeSide for Handle {
    fn read(&self, read: &mut dyn FnMut(&dyn Look)) {
        read(&*self.look());
    }

    fn act(&self, actor: Actor, wanted: Wanted) -> Result<Acted, NotDone> {
        wait(self.act_with(actor, wanted.id, wanted.case, (wanted.act, wanted.files)))
    }

    fn replay(&self, actor: Actor, id: ActId, case: CaseId) -> Result<Acted, NotDone> {
        wait(Self::replay(self, actor, id, case))
    }

    fn import(&self, actor: Actor, bytes: Vec<u8>, media: &str) -> Result<ImportReport, NotDone> {
        wait(Self::import(self, actor, bytes, media))
    }

    fn authenticate(&self, name: &str, password: &str) -> Result<SignIn, NotDone> {
        wait(Self::authenticate(self, name, password))
    }

    fn account(&self, name: &str) -> Result<Option<Account>, NotDone> {
        wait(Self::account(self, name))
    }

    fn desks(&self) -> &'static [&'static dyn Desk] {
        Self::desks(self)
    }

    fn identity(&self) -> &Identity {
        Self::identity(self)
    }

    fn partners(&self) -> Vec<Partner> {
        Self::partners(self)
    }

    fn partner(&self, partner: &NodeId) -> (Option<Descriptor>, Contact) {
        (self.descriptor(partner), self.contact(partner))
    }

    fn evidence(&self, case: &CaseId) -> Result<Option<Vec<u8>>, NotDone> {
        match Self::evidence(self, case) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(EvidenceFault::Store(failure)) => Err(failure.into()),
            // What is not there yet is not there: the page says so, the log says why.
            Err(fault) => {
                tracing::info!(%case, %fault, "no evidence yet");
                Ok(None)
            }
        }
    }

    fn proof(&self, number: u64) -> Result<Option<String>, NotDone> {
        Ok(Self::proof(self, number)?)
    }

    fn vouch(&self, statement: &str) -> Option<String> {
        Self::vouch(self, statement)
            .inspect_err(|fault| tracing::warn!(%fault, "a statement was not signed"))
            .ok()
    }

    fn voice(&self) -> Option<Arc<Voice>> {
        Self::voice(self)
            .inspect_err(|fault| tracing::warn!(%fault, "the node cannot speak to strangers"))
            .ok()
    }

    fn events(&self) -> broadcast::Receiver<Changed> {
        Self::events(self)
    }
}

/// Waits for the node on a thread that may block; the rim draws every page on one.
fn wait<T>(answer: impl Future<Output = T>) -> T {
    tokio::runtime::Handle::current().block_on(answer)
}
