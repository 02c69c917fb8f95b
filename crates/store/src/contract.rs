//! What every store must do. Synchronous: the node's heart is synchronous and has one writer.

use jiff::Timestamp;
use kernel::{ActId, CaseId, Digest, Edition, EditionHead, Entry, Severity, State, Summary};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::blob::Blob;
use crate::files::{LongBlob, LongBlobs};
use crate::kept::KeptCase;
use crate::pending::Pending;

/// The longest blob a store takes, in bytes: what one machine can hold in memory several times over.
pub const BLOB_BYTES_MAX: usize = 1 << 28;

/// The machine or the store failed; nothing of the change it happened in is kept.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The engine below said no.
    #[error("the store failed while it was to {doing}: {cause}")]
    Engine {
        /// What was being done.
        doing: &'static str,
        /// What the engine said.
        cause: String,
    },
    /// What is on disk is not what was written.
    #[error("the store is damaged at {place}: {what}")]
    Damaged {
        /// Table and key, or page.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// What is on disk was written by a newer version.
    #[error("the store has version {found}, this program knows up to {known}")]
    Newer {
        /// The version found.
        found: u32,
        /// The newest version known.
        known: u32,
    },
    /// A caller asked for what cannot be kept.
    #[error("cannot be kept: {what}")]
    Unfit {
        /// What and why.
        what: String,
    },
}

/// A case as it stands: its folded state and what lists show of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// It as it stands, folded from its events.
    pub state: State,
    /// What lists show.
    pub summary: Summary,
    /// The entry that opened it.
    pub opened: u64,
    /// The entry that last changed it.
    pub changed: u64,
}

/// Which cases to list. Every field narrows; the default lists all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Of this desk.
    pub desk: Option<String>,
    /// In one of these stages; any where empty.
    pub stages: Vec<String>,
    /// With this partner.
    pub partner: Option<String>,
    /// In this lane.
    pub lane: Option<String>,
    /// On at least this rung of the ladder.
    pub rung_min: Option<u8>,
    /// At least this heavy.
    pub severity_min: Option<Severity>,
    /// Only open (`Some(false)`) or only closed (`Some(true)`).
    pub closed: Option<bool>,
    /// Due at or before this moment.
    pub due_until: Option<Timestamp>,
    /// Found by this reference: kind and value.
    pub reference: Option<(String, String)>,
    /// Whose title holds this text, case-insensitively.
    pub text: Option<String>,
    /// Any but this case.
    pub except: Option<CaseId>,
    /// In this order.
    pub order: Order,
    /// How many to pass over.
    pub offset: u64,
    /// How many at most; 0 means a hundred on a page and no bound on a sweep.
    pub limit: u32,
}

/// The orders lists come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Last changed first.
    #[default]
    Newest,
    /// Due first, then heaviest, then last changed; those without a due moment last.
    Due,
    /// Heaviest first, then due first.
    Severity,
    /// Opened first.
    Oldest,
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<CaseRow>,
    /// How many there are in all.
    pub total: u64,
}

/// By what cases are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    /// By stage.
    Stage,
    /// By lane.
    Lane,
    /// By lane and rung, written `lane` TAB `rung`.
    LaneRung,
    /// By partner.
    Partner,
    /// By desk.
    Desk,
    /// By severity code, empty where nothing is wrong.
    Severity,
}

/// Something to be done at a moment: a case to be woken, a message to be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// Unique; putting work under a known key replaces it.
    pub key: String,
    /// What sort of work, such as `wake` or `send`.
    pub sort: String,
    /// When.
    pub at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// What it needs.
    pub body: Value,
}

/// What is known of a message id received from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageState {
    /// The digest of the bytes it came with.
    pub digest: Digest,
    /// Whether it was accepted for good.
    pub accepted: bool,
    /// The bytes it was answered with, once there are any.
    pub answer: Option<Digest>,
}

/// What came of claiming a message id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Never seen: it is ours to accept or abandon.
    New,
    /// Seen with the same bytes.
    Known(MessageState),
    /// Seen with other bytes: somebody reuses an id.
    Conflict(MessageState),
}

/// What can be asked.
pub trait Look {
    /// How many entries the record has.
    fn size(&self) -> Result<u64, Failure>;
    /// The entry of this number, from 0.
    fn entry(&self, number: u64) -> Result<Option<Entry>, Failure>;
    /// The canonical bytes of up to `limit` entries from `start` on, in order.
    fn entry_bytes(&self, start: u64, limit: u32) -> Result<Vec<Vec<u8>>, Failure>;
    /// All entries of a case with their numbers, in order.
    fn history(&self, case: &CaseId) -> Result<Vec<(u64, Entry)>, Failure>;
    /// Whether this act was already taken on this case.
    fn act_taken(&self, case: &CaseId, act: &ActId) -> Result<bool, Failure>;
    /// A case as it stands.
    fn case(&self, id: &CaseId) -> Result<Option<CaseRow>, Failure>;
    /// A page of cases.
    fn cases(&self, query: &Query) -> Result<Page, Failure>;
    /// Gives the cases a query finds, in its order and from its offset on, one after the other as they are read and as of one
    /// moment; as many as its limit says, all where that is 0. Ends with what `take` fails with.
    fn sweep(
        &self,
        query: &Query,
        take: &mut dyn FnMut(KeptCase) -> Result<(), Failure>,
    ) -> Result<(), Failure>;
    /// The same, each of them read.
    fn each_case(&self, query: &Query, take: &mut dyn FnMut(CaseRow)) -> Result<(), Failure> {
        self.sweep(query, &mut |kept| kept.read().map(&mut *take))
    }
    /// How many cases a query finds, by a column; counts of nothing are left out. Offset and limit do not apply.
    fn tally(&self, query: &Query, by: Tally) -> Result<Vec<(String, u64)>, Failure>;
    /// The bytes kept under a digest. A long one that is over [`BLOB_BYTES_MAX`] is not given this way.
    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Failure>;
    /// The file a long blob is kept in; `None` for what is kept otherwise or not at all.
    fn long_blob(&self, digest: &Digest) -> Result<Option<LongBlob>, Failure>;
    /// The number of the entry that says why the bytes of this digest were destroyed; `None` where they never were.
    fn destroyed(&self, digest: &Digest) -> Result<Option<u64>, Failure>;
    /// Work that is due, earliest first.
    fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Work>, Failure>;
    /// When the next work is due.
    fn next_due(&self) -> Result<Option<Timestamp>, Failure>;
    /// One piece of work.
    fn work(&self, key: &str) -> Result<Option<Work>, Failure>;
    /// What is known of a message id from this sender.
    fn message(&self, sender: &str, id: &str) -> Result<Option<MessageState>, Failure>;
    /// The heads of all editions, in the order they came.
    fn editions(&self) -> Result<Vec<EditionHead>, Failure>;
    /// One edition with its rows.
    fn edition(&self, digest: &Digest) -> Result<Option<Edition>, Failure>;
    /// A small value kept under a key (accounts, last checkpoints seen); never anything the record depends on.
    fn kept(&self, key: &str) -> Result<Option<Vec<u8>>, Failure>;
    /// The keys of kept values under a prefix, sorted.
    fn kept_keys(&self, prefix: &str) -> Result<Vec<String>, Failure>;
}

/// What can be changed, within one transaction.
pub trait Change: Look {
    /// Adds an entry to the record; returns its number.
    ///
    /// # Errors
    /// [`Failure::Unfit`] for an entry over [`Entry::BYTES_MAX`].
    fn append(&mut self, entry: &Entry) -> Result<u64, Failure>;
    /// Keeps bytes under their digest; keeping them again changes nothing.
    fn keep_blob(&mut self, bytes: &[u8]) -> Result<Digest, Failure>;
    /// The same, of bytes whose digest was made before, folded where they came so.
    fn keep_made_blob(&mut self, blob: &Blob) -> Result<Digest, Failure>;
    /// Keeps a long blob whose file is on the disk already; keeping it again changes nothing.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where the file is not there.
    fn keep_long_blob(&mut self, blob: &LongBlob) -> Result<(), Failure>;
    /// Destroys the bytes kept under a digest, for the reason the entry of this number gives. What stays is the digest and
    /// that number. Once [`Store::change`] and whatever reads the store meanwhile are through, the bytes are in no file
    /// of the store, neither there nor in what earlier changes left behind.
    fn destroy(&mut self, digest: &Digest, entry: u64) -> Result<(), Failure>;
    /// Keeps a case as it stands after the entry `changed`; its references replace the earlier ones.
    fn put_case(
        &mut self,
        id: &CaseId,
        state: &State,
        summary: &Summary,
        changed: u64,
    ) -> Result<(), Failure>;
    /// Puts work in, replacing what has the same key.
    fn put_work(&mut self, work: &Work) -> Result<(), Failure>;
    /// Takes work out; nothing happens where there is none.
    fn drop_work(&mut self, key: &str) -> Result<(), Failure>;
    /// First phase of duplicate elimination: claims a message id for these bytes. The claim is part of the
    /// transaction: where that is rolled back, the id was never seen.
    fn claim(&mut self, sender: &str, id: &str, digest: &Digest) -> Result<Claim, Failure>;
    /// Second phase: the message is accepted for good, and answered with these bytes where there are any.
    fn accept(&mut self, sender: &str, id: &str, answer: Option<&Digest>) -> Result<(), Failure>;
    /// Takes an edition in.
    fn publish(&mut self, edition: &Edition) -> Result<(), Failure>;
    /// Keeps a small value under a key; `None` removes it.
    fn keep(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), Failure>;
    /// Marks a place within the transaction; marks nest.
    fn mark(&mut self) -> Result<(), Failure>;
    /// Undoes everything since the last mark and removes it.
    fn undo(&mut self) -> Result<(), Failure>;
    /// Keeps everything since the last mark and removes it.
    fn settle(&mut self) -> Result<(), Failure>;
}

/// A store: one writer, any number of readers.
pub trait Store: Send {
    /// Runs `work` in one transaction. When this returns `Ok`, everything is on the disk and survives the loss of
    /// power; when it returns an error, nothing of it is there.
    fn change(&mut self, work: &mut dyn FnMut(&mut dyn Change) -> Result<(), Failure>)
    -> Result<(), Failure>;
    /// As [`Store::change`], but gives back before the disk has it: every view shows it and later changes stand on it. Nobody
    /// outside may be told of it before [`Pending::wait`] says `Ok`: where the power fails first, it is gone with all that came
    /// after it.
    fn change_ahead(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Change) -> Result<(), Failure>,
    ) -> Result<Pending, Failure> {
        self.change(work).map(|()| Pending::default())
    }
    /// Another view for reading; it sees what was committed, always a whole number of transactions.
    fn look(&self) -> Result<Box<dyn Look + Send>, Failure>;
    /// Where long blobs are written before a change keeps them.
    fn long_blobs(&self) -> LongBlobs;
    /// Brings the files into their resting form (everything in the main file, page digests written), as before a
    /// clean stop.
    fn rest(&mut self) -> Result<(), Failure>;
}
