//! What can be changed within one transaction: [`Change`] on SQLite.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::sync::Arc;

use kernel::{CaseId, Digest, Edition, Entry, Reference, State, Summary};
use rusqlite::{Connection, Params};

use super::cases::Cases;
use super::columns::{due, failed, integer, kind_and_act, moment, number, severity, text};
use super::counts::{Combination, Counts};
use super::drafts::{Draft, Known};
use super::recent::Recent;
use super::view::{Connected, ReadCase, one, read_case};
use crate::contract::BLOB_BYTES_MAX;
use crate::{Blob, CaseRow, Change, Claim, Failure, LongBlob, Look, Query, Work};

/// An open transaction.
pub(super) struct Open<'c> {
    connection: &'c Connection,
    /// Its cases as memory has them.
    cases: RefCell<Cases<'c>>,
    /// How many entries the record has, once that was asked.
    size: Cell<Option<u64>>,
    /// The blobs that entries of this transaction stand on, with the entry's number.
    stood_on: Vec<(u64, Digest)>,
    /// The blobs this transaction kept.
    kept: Vec<Digest>,
    /// For every open mark, how long `stood_on` and `kept` were.
    marks: Vec<(usize, usize)>,
    /// Whether bytes were destroyed, so that the files have to be cleared of them.
    destroyed: bool,
}

impl Connected for Open<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }

    fn remembered(&self, id: &CaseId) -> Option<CaseRow> {
        self.cases.borrow_mut().get(id).map(|draft| CaseRow::clone(&draft.row))
    }

    fn seen(&self, read: &ReadCase) {
        self.cases.borrow_mut().seen(&read.row, read.number, read.text);
    }

    fn unseen(&self, id: &CaseId) {
        self.cases.borrow_mut().unseen(id);
    }

    fn write_cases(&self, asked: Option<&Query>) -> Result<(), Failure> {
        if asked.is_some_and(|asked| !self.cases.borrow().waits_for(asked)) {
            return Ok(());
        }
        // All of them, so that the database numbers them in the order they were opened.
        let drafts = self.cases.borrow_mut().take();
        let mut counts = Counts::default();
        drafts.iter().try_for_each(|draft| self.write_case(draft, &mut counts))?;
        counts.write(self.connection)
    }

    fn entries(&self) -> Option<u64> {
        self.size.get()
    }
}

impl<'c> Open<'c> {
    pub(super) fn new(connection: &'c Connection, recent: &'c mut Recent) -> Self {
        Self {
            connection,
            cases: RefCell::new(Cases::over(recent)),
            size: Cell::new(None),
            stood_on: Vec::new(),
            kept: Vec::new(),
            marks: Vec::new(),
            destroyed: false,
        }
    }

    /// Says whether the transaction can be committed: whether bytes were destroyed in it, and the cases it wrote.
    pub(super) fn close(self) -> Result<(bool, Vec<Arc<Draft>>), Failure> {
        if !self.marks.is_empty() {
            return Err(unfit(format!("{} marks were neither undone nor settled", self.marks.len())));
        }
        self.write_cases(None)?;
        let mut known: HashSet<&Digest> = self.kept.iter().collect();
        for (number, digest) in &self.stood_on {
            if known.insert(digest) && !self.has_blob(digest)? && self.destroyed(digest)?.is_none() {
                return Err(unfit(format!("entry {number} stands on blob {digest}, which is not kept")));
            }
        }
        Ok((self.destroyed, self.cases.into_inner().written()))
    }

    fn has_just_kept(&self, digest: &Digest) -> bool {
        !self.destroyed && self.kept.last() == Some(digest)
    }

    fn has_blob(&self, digest: &Digest) -> Result<bool, Failure> {
        let sql =
            "SELECT 1 FROM blobs WHERE digest = ?1 UNION ALL SELECT 1 FROM long_blobs WHERE digest = ?1";
        Ok(one(self.connection, sql, [digest.as_bytes()], |row| row.get::<_, i64>(0))?.is_some())
    }

    fn run(&self, doing: &'static str, sql: &str, params: impl Params) -> Result<usize, Failure> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed(doing))?;
        statement.execute(params).map_err(failed(doing))
    }

    /// What the database has of a case, and the entry that opened it. That of one it does not know is its first event, or the
    /// one that puts it there.
    fn before(&self, id: &CaseId, changed: u64) -> Result<(Option<Known>, u64), Failure> {
        if let Some(draft) = self.cases.borrow_mut().get(id) {
            return Ok((draft.known.clone(), draft.row.opened));
        }
        let is_new = self.cases.borrow().is_new(id);
        let read = if is_new { None } else { read_case(self.connection, id)? };
        if let Some(ReadCase { row, number, .. }) = read {
            let opened = row.opened;
            return Ok((Some(Known { number, row }), opened));
        }
        let sql = "SELECT number FROM entries INDEXED BY entries_case WHERE case_id = ?1 AND kind = 'event' \
                   ORDER BY number LIMIT 1";
        let first = one(self.connection, sql, [id.as_str()], |row| row.get(0))?;
        Ok((None, first.map_or(changed, number)))
    }

    fn write_case(&self, Draft { row, known, .. }: &Draft, counts: &mut Counts) -> Result<(), Failure> {
        let CaseRow { id, state, summary, opened, changed } = &**row;
        let (summary_text, state_text) = (text(summary)?, state.to_text());
        let length = summary_text.len() + state_text.len();
        let columns = rusqlite::params![
            id.as_str(),
            summary.closed,
            integer(*changed),
            due(summary),
            severity(summary.severity),
            summary.stage,
            summary.partner,
            summary.lane,
            summary.rung,
            summary.title.to_lowercase(),
            summary_text,
            state_text,
            id.desk(),
            integer(*opened),
        ];
        let sql = if known.is_some() { UPDATE_CASE } else { INSERT_CASE };
        self.run("keep a case", sql, columns)?;
        let number = known.as_ref().map_or_else(|| self.connection.last_insert_rowid(), |known| known.number);
        let was = known.as_ref().map(|known| &known.row.summary);
        counts.shift(was.map(|was| Combination::of(id.desk(), was)), Combination::of(id.desk(), summary));
        self.put_references(number, was.map_or(&[], |was| &was.references), &summary.references)?;
        self.cases.borrow_mut().wrote(row, number, length);
        Ok(())
    }

    fn put_references(&self, case: i64, known: &[Reference], wanted: &[Reference]) -> Result<(), Failure> {
        for one in known.iter().filter(|one| !wanted.contains(one)) {
            let sql = "DELETE FROM refs WHERE kind = ?1 AND value = ?2 AND number = ?3";
            self.run("drop a reference", sql, (&*one.kind, &one.value, case))?;
        }
        for one in wanted.iter().filter(|one| !known.contains(one)) {
            let sql = "INSERT INTO refs VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            self.run("keep a reference", sql, (&*one.kind, &one.value, case))?;
        }
        Ok(())
    }

    /// Keeps bytes under their digest: as they are, or folded with how many there are unfolded.
    fn put_blob(
        &mut self,
        digest: Digest,
        (bytes, unfolded): (&[u8], Option<usize>),
    ) -> Result<Digest, Failure> {
        let length = unfolded.unwrap_or(bytes.len());
        if length > BLOB_BYTES_MAX {
            return Err(unfit(format!("a blob of {length} bytes, the most is {BLOB_BYTES_MAX}")));
        }
        let sql = "INSERT INTO blobs (digest, bytes, unfolded) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.run("keep a blob", sql, (digest.as_bytes(), bytes, unfolded.map(|length| length as i64)))?;
        self.kept.push(digest);
        Ok(digest)
    }

    fn put_edition_rows(&self, number: i64, edition: &Edition) -> Result<(), Failure> {
        for (place, row) in (0_i64..).zip(&edition.rows) {
            let sql = "INSERT INTO edition_rows VALUES (?1, ?2, ?3)";
            self.run("keep a row of an edition", sql, (number, place, text(row)?))?;
        }
        Ok(())
    }

    fn savepoint(&self, verb: &str) -> Result<(), Failure> {
        let sql = format!("{verb} mark_{}", self.marks.len());
        self.run("mark a place in a transaction", &sql, ()).map(drop)
    }
}

impl Change for Open<'_> {
    fn append(&mut self, entry: &Entry) -> Result<u64, Failure> {
        let bytes = entry.to_bytes();
        if bytes.len() > Entry::BYTES_MAX {
            return Err(unfit(format!(
                "an entry of {} bytes, the most is {}",
                bytes.len(),
                Entry::BYTES_MAX
            )));
        }
        let place = self.size()?;
        let (kind, act) = kind_and_act(&entry.what);
        let sql = "INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let act = act.map(AsRef::<str>::as_ref);
        let row = (integer(place), moment(entry.at), entry.case.as_str(), act, kind, bytes);
        self.run("append an entry", sql, row)?;
        self.size.set(Some(place + 1));
        self.stood_on.extend(entry.blobs.iter().map(|digest| (place, *digest)));
        Ok(place)
    }

    fn keep_blob(&mut self, bytes: &[u8]) -> Result<Digest, Failure> {
        self.put_blob(Digest::of(bytes), (bytes, None))
    }

    fn keep_made_blob(&mut self, blob: &Blob) -> Result<Digest, Failure> {
        self.put_blob(blob.digest(), blob.to_keep())
    }

    fn keep_long_blob(&mut self, blob: &LongBlob) -> Result<(), Failure> {
        blob.open()?;
        let sql = "INSERT INTO long_blobs VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.run("keep a long blob", sql, (blob.digest.as_bytes(), integer(blob.length))).map(drop)
    }

    fn destroy(&mut self, digest: &Digest, entry: u64) -> Result<(), Failure> {
        for sql in ["DELETE FROM blobs WHERE digest = ?1", "DELETE FROM long_blobs WHERE digest = ?1"] {
            self.run("destroy a blob", sql, [digest.as_bytes()])?;
        }
        let sql = "INSERT INTO destroyed VALUES (?1, ?2, 0) ON CONFLICT DO UPDATE SET entry = excluded.entry, gone = 0";
        self.run("remember what was destroyed", sql, (digest.as_bytes(), integer(entry)))?;
        self.destroyed = true;
        Ok(())
    }

    fn put_case(
        &mut self,
        id: &CaseId,
        state: &State,
        summary: &Summary,
        changed: u64,
    ) -> Result<(), Failure> {
        let (known, opened) = self.before(id, changed)?;
        let row = CaseRow { id: id.clone(), state: state.clone(), summary: summary.clone(), opened, changed };
        let full = self.cases.get_mut().put(Draft { row: Arc::new(row), known, text: 0 });
        if full { self.write_cases(None) } else { Ok(()) }
    }

    fn put_work(&mut self, work: &Work) -> Result<(), Failure> {
        let sql = "INSERT INTO work VALUES (?1, ?2, ?3) \
                   ON CONFLICT DO UPDATE SET at = excluded.at, work = excluded.work";
        self.run("keep work", sql, (&work.key, moment(work.at), text(work)?)).map(drop)
    }

    fn drop_work(&mut self, key: &str) -> Result<(), Failure> {
        self.run("drop work", "DELETE FROM work WHERE key = ?1", [key]).map(drop)
    }

    fn claim(&mut self, sender: &str, id: &str, digest: &Digest) -> Result<Claim, Failure> {
        match self.message(sender, id)? {
            Some(state) if state.digest == *digest => Ok(Claim::Known(state)),
            Some(state) => Ok(Claim::Conflict(state)),
            None => {
                let sql = "INSERT INTO messages VALUES (?1, ?2, ?3, 0, NULL)";
                self.run("claim a message id", sql, (sender, id, digest.as_bytes()))?;
                Ok(Claim::New)
            }
        }
    }

    fn accept(&mut self, sender: &str, id: &str, answer: Option<&Digest>) -> Result<(), Failure> {
        let message = || format!("message {id} of {sender}");
        let state =
            self.message(sender, id)?.ok_or_else(|| unfit(format!("{} was never claimed", message())))?;
        match (state.answer, answer) {
            (Some(given), Some(answer)) if given != *answer => {
                return Err(unfit(format!("{} was answered with {}", message(), given.short())));
            }
            (None, Some(answer)) if !self.has_just_kept(answer) && !self.has_blob(answer)? => {
                return Err(unfit(format!("the answer {answer} to {} is not kept", message())));
            }
            _ => {}
        }
        let sql =
            "UPDATE messages SET accepted = 1, answer = coalesce(answer, ?3) WHERE sender = ?1 AND id = ?2";
        self.run("accept a message", sql, (sender, id, answer.map(Digest::as_bytes))).map(drop)
    }

    fn publish(&mut self, edition: &Edition) -> Result<(), Failure> {
        match self.edition(&edition.head.digest)? {
            Some(known) if known == *edition => Ok(()),
            Some(known) => {
                let (name, other) = (&known.head.name, &edition.head.name);
                Err(unfit(format!(
                    "edition {other} has the digest of edition {name} but says something else"
                )))
            }
            None => {
                let sql = "INSERT INTO editions (digest, head) VALUES (?1, ?2)";
                self.run("keep an edition", sql, (edition.head.digest.as_bytes(), text(&edition.head)?))?;
                self.put_edition_rows(self.connection.last_insert_rowid(), edition)
            }
        }
    }

    fn keep(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), Failure> {
        let sql = "INSERT INTO kept VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value";
        match value {
            Some(value) => self.run("keep a value", sql, (key, value)),
            None => self.run("drop a kept value", "DELETE FROM kept WHERE key = ?1", [key]),
        }
        .map(drop)
    }

    fn mark(&mut self) -> Result<(), Failure> {
        self.savepoint("SAVEPOINT")?;
        self.marks.push((self.stood_on.len(), self.kept.len()));
        self.cases.get_mut().mark();
        Ok(())
    }

    fn undo(&mut self) -> Result<(), Failure> {
        let mark = self.marks.pop().ok_or_else(|| unfit("there is no mark to go back to".to_owned()))?;
        self.stood_on.truncate(mark.0);
        self.kept.truncate(mark.1);
        self.cases.get_mut().undo();
        self.size.set(None);
        self.savepoint("ROLLBACK TO")?;
        self.savepoint("RELEASE")
    }

    fn settle(&mut self) -> Result<(), Failure> {
        self.marks.pop().ok_or_else(|| unfit("there is no mark to settle".to_owned()))?;
        self.cases.get_mut().settle();
        self.savepoint("RELEASE")
    }
}

fn unfit(what: String) -> Failure {
    Failure::Unfit { what }
}

const INSERT_CASE: &str = "INSERT INTO cases \
    (id, closed, opened, changed, due, severity, stage, partner, lane, rung, title, summary, state, desk) \
    VALUES (?1, ?2, ?14, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

const UPDATE_CASE: &str = "UPDATE cases SET closed = ?2, changed = ?3, due = ?4, severity = ?5, stage = ?6, \
    partner = ?7, lane = ?8, rung = ?9, title = ?10, summary = ?11, state = ?12, desk = ?13, opened = ?14 WHERE id = ?1";
