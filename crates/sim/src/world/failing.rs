//! A change whose machine dies after so many writes: every call from then on fails.

use jiff::Timestamp;
use kernel::{ActId, CaseId, Digest, Edition, EditionHead, Entry, State, Summary};
use store::{
    Blob, CaseRow, Change, Claim, Failure, KeptCase, LongBlob, Look, MessageState, Page, Query, Tally, Work,
};

use super::disk::gone;

/// A change that fails after so many writes.
pub(crate) struct Failing<'a> {
    inner: &'a mut dyn Change,
    left: u32,
}

impl<'a> Failing<'a> {
    pub(crate) fn after(writes: u32, inner: &'a mut dyn Change) -> Self {
        Self { inner, left: writes }
    }

    /// Counts a write; fails where there are none left.
    fn write(&mut self) -> Result<&mut dyn Change, Failure> {
        self.left = self.left.checked_sub(1).ok_or_else(gone)?;
        Ok(self.inner)
    }

    /// A read fails where the machine is dead.
    fn read(&self) -> Result<&dyn Change, Failure> {
        if self.left == 0 { Err(gone()) } else { Ok(self.inner) }
    }
}

impl Look for Failing<'_> {
    fn size(&self) -> Result<u64, Failure> {
        self.read()?.size()
    }

    fn entry(&self, number: u64) -> Result<Option<Entry>, Failure> {
        self.read()?.entry(number)
    }

    fn entry_bytes(&self, start: u64, limit: u32) -> Result<Vec<Vec<u8>>, Failure> {
        self.read()?.entry_bytes(start, limit)
    }

    fn history(&self, case: &CaseId) -> Result<Vec<(u64, Entry)>, Failure> {
        self.read()?.history(case)
    }

    fn act_taken(&self, case: &CaseId, act: &ActId) -> Result<bool, Failure> {
        self.read()?.act_taken(case, act)
    }

    fn case(&self, id: &CaseId) -> Result<Option<CaseRow>, Failure> {
        self.read()?.case(id)
    }

    fn cases(&self, query: &Query) -> Result<Page, Failure> {
        self.read()?.cases(query)
    }

    fn sweep(
        &self,
        query: &Query,
        take: &mut dyn FnMut(KeptCase) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.read()?.sweep(query, take)
    }

    fn tally(&self, query: &Query, by: Tally) -> Result<Vec<(String, u64)>, Failure> {
        self.read()?.tally(query, by)
    }

    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Failure> {
        self.read()?.blob(digest)
    }

    fn long_blob(&self, digest: &Digest) -> Result<Option<LongBlob>, Failure> {
        self.read()?.long_blob(digest)
    }

    fn destroyed(&self, digest: &Digest) -> Result<Option<u64>, Failure> {
        self.read()?.destroyed(digest)
    }

    fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Work>, Failure> {
        self.read()?.due(now, limit)
    }

    fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        self.read()?.next_due()
    }

    fn work(&self, key: &str) -> Result<Option<Work>, Failure> {
        self.read()?.work(key)
    }

    fn message(&self, sender: &str, id: &str) -> Result<Option<MessageState>, Failure> {
        self.read()?.message(sender, id)
    }

    fn editions(&self) -> Result<Vec<EditionHead>, Failure> {
        self.read()?.editions()
    }

    fn edition(&self, digest: &Digest) -> Result<Option<Edition>, Failure> {
        self.read()?.edition(digest)
    }

    fn kept(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        self.read()?.kept(key)
    }

    fn kept_keys(&self, prefix: &str) -> Result<Vec<String>, Failure> {
        self.read()?.kept_keys(prefix)
    }
}

impl Change for Failing<'_> {
    fn append(&mut self, entry: &Entry) -> Result<u64, Failure> {
        self.write()?.append(entry)
    }

    fn keep_blob(&mut self, bytes: &[u8]) -> Result<Digest, Failure> {
        self.write()?.keep_blob(bytes)
    }

    fn keep_made_blob(&mut self, blob: &Blob) -> Result<Digest, Failure> {
        self.write()?.keep_made_blob(blob)
    }

    fn keep_long_blob(&mut self, blob: &LongBlob) -> Result<(), Failure> {
        self.write()?.keep_long_blob(blob)
    }

    fn destroy(&mut self, digest: &Digest, entry: u64) -> Result<(), Failure> {
        self.write()?.destroy(digest, entry)
    }

    fn put_case(
        &mut self,
        id: &CaseId,
        state: &State,
        summary: &Summary,
        changed: u64,
    ) -> Result<(), Failure> {
        self.write()?.put_case(id, state, summary, changed)
    }

    fn put_work(&mut self, work: &Work) -> Result<(), Failure> {
        self.write()?.put_work(work)
    }

    fn drop_work(&mut self, key: &str) -> Result<(), Failure> {
        self.write()?.drop_work(key)
    }

    fn claim(&mut self, sender: &str, id: &str, digest: &Digest) -> Result<Claim, Failure> {
        self.write()?.claim(sender, id, digest)
    }

    fn accept(&mut self, sender: &str, id: &str, answer: Option<&Digest>) -> Result<(), Failure> {
        self.write()?.accept(sender, id, answer)
    }

    fn publish(&mut self, edition: &Edition) -> Result<(), Failure> {
        self.write()?.publish(edition)
    }

    fn keep(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), Failure> {
        self.write()?.keep(key, value)
    }

    fn mark(&mut self) -> Result<(), Failure> {
        self.read()?;
        self.inner.mark()
    }

    fn undo(&mut self) -> Result<(), Failure> {
        self.read()?;
        self.inner.undo()
    }

    fn settle(&mut self) -> Result<(), Failure> {
        self.read()?;
        self.inner.settle()
    }
}
