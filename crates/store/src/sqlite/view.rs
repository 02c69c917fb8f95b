//! What can be asked of a connection: [`Look`] on SQLite.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use kernel::{ActId, CaseId, Digest, Edition, EditionHead, Entry, Row as EditionRow};
use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::columns::{damaged, digest, failed, integer, json, moment, number};
use super::list;
use crate::blob::unfold;
use crate::{
    BLOB_BYTES_MAX, CaseRow, Failure, KeptCase, LongBlob, LongBlobs, Look, MessageState, Page, Query, Tally,
    Work,
};

/// What has the database open.
pub(super) trait Connected {
    /// The connection to it.
    fn connection(&self) -> &Connection;

    /// Where its long blobs lie.
    fn long_blobs(&self) -> LongBlobs {
        LongBlobs::beside(Path::new(self.connection().path().unwrap_or_default()))
    }

    /// A case as an open change has it in memory.
    fn remembered(&self, _id: &CaseId) -> Option<CaseRow> {
        None
    }

    /// Remembers a case that was read.
    fn seen(&self, _read: &ReadCase) {}

    /// Remembers that the database has no such case.
    fn unseen(&self, _id: &CaseId) {}

    /// Writes the cases an open change has in memory, before the database is asked for many; only if any of them could be among
    /// those, or was as the database has it.
    fn write_cases(&self, _asked: Option<&Query>) -> Result<(), Failure> {
        Ok(())
    }

    /// How many entries the record has, where that is known without asking.
    fn entries(&self) -> Option<u64> {
        None
    }
}

impl<T: Connected> Look for T {
    fn size(&self) -> Result<u64, Failure> {
        if let Some(size) = self.entries() {
            return Ok(size);
        }
        let size =
            one(self.connection(), "SELECT coalesce(max(number) + 1, 0) FROM entries", (), |row| row.get(0))?;
        Ok(size.map_or(0, number))
    }

    fn entry(&self, number: u64) -> Result<Option<Entry>, Failure> {
        let sql = "SELECT bytes FROM entries WHERE number = ?1";
        let bytes: Option<Vec<u8>> = one(self.connection(), sql, [integer(number)], |row| row.get(0))?;
        bytes.map(|bytes| read_entry(number, &bytes)).transpose()
    }

    fn entry_bytes(&self, start: u64, limit: u32) -> Result<Vec<Vec<u8>>, Failure> {
        let sql = "SELECT bytes FROM entries WHERE number >= ?1 ORDER BY number LIMIT ?2";
        all(self.connection(), sql, (integer(start), limit), |row| row.get(0))
    }

    fn history(&self, case: &CaseId) -> Result<Vec<(u64, Entry)>, Failure> {
        let sql = "SELECT number, bytes FROM entries WHERE case_id = ?1 ORDER BY number";
        let rows =
            all(self.connection(), sql, [case.as_str()], |row| Ok((number(row.get(0)?), row.get(1)?)))?;
        rows.into_iter()
            .map(|(number, bytes): (u64, Vec<u8>)| Ok((number, read_entry(number, &bytes)?)))
            .collect()
    }

    fn act_taken(&self, case: &CaseId, act: &ActId) -> Result<bool, Failure> {
        let sql = "SELECT 1 FROM entries WHERE case_id = ?1 AND act = ?2 AND kind = 'event' LIMIT 1";
        let found = one(self.connection(), sql, [case.as_str(), act.as_str()], |row| row.get::<_, i64>(0))?;
        Ok(found.is_some())
    }

    fn case(&self, id: &CaseId) -> Result<Option<CaseRow>, Failure> {
        if let Some(row) = self.remembered(id) {
            return Ok(Some(row));
        }
        let Some(read) = read_case(self.connection(), id)? else {
            self.unseen(id);
            return Ok(None);
        };
        self.seen(&read);
        Ok(Some(Arc::unwrap_or_clone(read.row)))
    }

    fn cases(&self, query: &Query) -> Result<Page, Failure> {
        self.write_cases(Some(query))?;
        list::page(self.connection(), query)
    }

    fn sweep(
        &self,
        query: &Query,
        take: &mut dyn FnMut(KeptCase) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.write_cases(Some(query))?;
        list::sweep(self.connection(), query, take)
    }

    fn tally(&self, query: &Query, by: Tally) -> Result<Vec<(String, u64)>, Failure> {
        self.write_cases(Some(query))?;
        list::tally(self.connection(), query, by)
    }

    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Failure> {
        let sql = "SELECT bytes, unfolded FROM blobs WHERE digest = ?1";
        let kept = one(self.connection(), sql, [digest.as_bytes()], blob_columns)?;
        let damaged = |what| Err(damaged(format!("blob {digest}"), what));
        match kept.map(|bytes| bytes.filter(|bytes| Digest::of(bytes) == *digest)) {
            Some(Some(bytes)) => Ok(Some(bytes)),
            Some(None) => damaged("its bytes have another digest"),
            None => self.long_blob(digest)?.map(|blob| in_memory(&blob)).transpose(),
        }
    }

    fn long_blob(&self, digest: &Digest) -> Result<Option<LongBlob>, Failure> {
        let sql = "SELECT length FROM long_blobs WHERE digest = ?1";
        let length: Option<i64> = one(self.connection(), sql, [digest.as_bytes()], |row| row.get(0))?;
        Ok(length.map(|length| Connected::long_blobs(self).at(*digest, number(length))))
    }

    fn destroyed(&self, digest: &Digest) -> Result<Option<u64>, Failure> {
        let sql = "SELECT entry FROM destroyed WHERE digest = ?1";
        Ok(one(self.connection(), sql, [digest.as_bytes()], |row| row.get(0))?.map(number))
    }

    fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Work>, Failure> {
        let sql = "SELECT work FROM work WHERE at <= ?1 ORDER BY at, key LIMIT ?2";
        let rows: Vec<String> = all(self.connection(), sql, (moment(now), limit), |row| row.get(0))?;
        rows.iter().map(|text| read_work(text)).collect()
    }

    fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        let sql = "SELECT work FROM work ORDER BY at, key LIMIT 1";
        let text: Option<String> = one(self.connection(), sql, (), |row| row.get(0))?;
        text.map(|text| Ok(read_work(&text)?.at)).transpose()
    }

    fn work(&self, key: &str) -> Result<Option<Work>, Failure> {
        let text: Option<String> =
            one(self.connection(), "SELECT work FROM work WHERE key = ?1", [key], |row| row.get(0))?;
        text.map(|text| read_work(&text)).transpose()
    }

    fn message(&self, sender: &str, id: &str) -> Result<Option<MessageState>, Failure> {
        let sql = "SELECT digest, accepted, answer FROM messages WHERE sender = ?1 AND id = ?2";
        let columns = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: Option<(Vec<u8>, bool, Option<Vec<u8>>)> =
            one(self.connection(), sql, [sender, id], columns)?;
        let Some((came, accepted, answer)) = found else { return Ok(None) };
        let place = || format!("message {sender} {id}");
        let answer = answer.map(|bytes| digest(&bytes, place)).transpose()?;
        Ok(Some(MessageState { digest: digest(&came, place)?, accepted, answer }))
    }

    fn editions(&self) -> Result<Vec<EditionHead>, Failure> {
        let sql = "SELECT number, head FROM editions ORDER BY number";
        let rows = all(self.connection(), sql, (), |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.iter().map(|(number, text): &(i64, String)| json(text, || format!("edition {number}"))).collect()
    }

    fn edition(&self, digest: &Digest) -> Result<Option<Edition>, Failure> {
        let sql = "SELECT number, head FROM editions WHERE digest = ?1";
        let columns = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(i64, String)> = one(self.connection(), sql, [digest.as_bytes()], columns)?;
        let Some((number, head)) = found else { return Ok(None) };
        let head = json(&head, || format!("edition {number}"))?;
        let sql = "SELECT row FROM edition_rows WHERE edition = ?1 ORDER BY place";
        let rows: Vec<String> = all(self.connection(), sql, [number], |row| row.get(0))?;
        let rows: Result<Vec<EditionRow>, _> = (0..)
            .zip(&rows)
            .map(|(place, text): (u64, _)| json(text, || format!("edition {number} row {place}")))
            .collect();
        Ok(Some(Edition { head, rows: rows? }))
    }

    fn kept(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        one(self.connection(), "SELECT value FROM kept WHERE key = ?1", [key], |row| row.get(0))
    }

    fn kept_keys(&self, prefix: &str) -> Result<Vec<String>, Failure> {
        let doing = "list kept keys";
        let sql = "SELECT key FROM kept WHERE key >= ?1 ORDER BY key";
        let mut statement = self.connection().prepare_cached(sql).map_err(failed(doing))?;
        let rows = statement.query_map([prefix], |row| row.get::<_, String>(0)).map_err(failed(doing))?;
        rows.take_while(|key| !matches!(key, Ok(key) if !key.starts_with(prefix)))
            .collect::<Result<_, _>>()
            .map_err(failed(doing))
    }
}

/// Takes the columns bytes and unfolded of a blob; `None` where what is folded does not unfold to so many bytes.
pub(super) fn blob_columns(row: &Row<'_>) -> rusqlite::Result<Option<Vec<u8>>> {
    let bytes = row.get_ref(0)?.as_blob()?;
    let length = |length| usize::try_from(length).ok().filter(|length| *length <= BLOB_BYTES_MAX);
    Ok(match row.get::<_, Option<i64>>(1)? {
        Some(unfolded) => length(unfolded).and_then(|length| unfold(bytes, length)),
        None => Some(bytes.to_vec()),
    })
}

/// A case that was read from the database.
pub(super) struct ReadCase {
    pub row: Arc<CaseRow>,
    /// Its number there.
    pub number: i64,
    /// How many bytes of text it took.
    pub text: usize,
}

/// Reads a case from the database.
pub(super) fn read_case(connection: &Connection, id: &CaseId) -> Result<Option<ReadCase>, Failure> {
    let sql = "SELECT id, state, summary, opened, changed, number FROM cases WHERE id = ?1";
    let columns = |row: &Row<'_>| Ok((case_columns(row)?, row.get(5)?));
    let found: Option<(KeptCase, i64)> = one(connection, sql, [id.as_str()], columns)?;
    let read = |(kept, number): (KeptCase, i64)| {
        let text = kept.text();
        Ok(ReadCase { row: Arc::new(kept.read()?), number, text })
    };
    found.map(read).transpose()
}

/// Takes the columns id, state, summary, opened, changed.
pub(super) fn case_columns(row: &Row<'_>) -> rusqlite::Result<KeptCase> {
    Ok(KeptCase {
        id: CaseId::new(row.get::<_, String>(0)?),
        state: row.get(1)?,
        summary: row.get(2)?,
        opened: number(row.get(3)?),
        changed: number(row.get(4)?),
    })
}

/// The first row of a statement, if there is one.
pub(super) fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, Failure> {
    let doing = "look something up";
    let mut statement = connection.prepare_cached(sql).map_err(failed(doing))?;
    statement.query_row(params, read).optional().map_err(failed(doing))
}

/// All rows of a statement.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Failure> {
    let doing = "read a list";
    let mut statement = connection.prepare_cached(sql).map_err(failed(doing))?;
    let rows = statement.query_map(params, read).map_err(failed(doing))?;
    rows.collect::<Result<_, _>>().map_err(failed(doing))
}

/// The bytes of a long blob that memory can hold.
fn in_memory(blob: &LongBlob) -> Result<Vec<u8>, Failure> {
    if blob.length > BLOB_BYTES_MAX as u64 {
        let what =
            format!("blob {} in memory: {} bytes, the most is {BLOB_BYTES_MAX}", blob.digest, blob.length);
        return Err(Failure::Unfit { what });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(blob.length).unwrap_or_default());
    let place = || format!("blob {}", blob.digest);
    blob.open()?.read_to_end(&mut bytes).map_err(|error| damaged(place(), error.to_string()))?;
    if Digest::of(&bytes) != blob.digest {
        return Err(damaged(place(), "its bytes have another digest"));
    }
    Ok(bytes)
}

fn read_entry(number: u64, bytes: &[u8]) -> Result<Entry, Failure> {
    Entry::from_bytes(bytes).map_err(|error| damaged(format!("entry {number}"), error))
}

fn read_work(text: &str) -> Result<Work, Failure> {
    json(text, || format!("work {text:.60}"))
}
