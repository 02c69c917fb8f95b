//! What can be changed within one transaction: [`Change`] on SQLite.

use kernel::{CaseId, Digest, Edition, Entry, Reference, Summary};
use rusqlite::types::Value;
use rusqlite::{Connection, Params, params_from_iter};

use super::columns::{combination, due, failed, integer, kind_and_act, moment, severity, text};
use super::view::{Connected, all, one};
use crate::contract::BLOB_BYTES_MAX;
use crate::{Change, Claim, Failure, LongBlob, Look, Work};

/// An open transaction.
pub(super) struct Open<'c> {
    connection: &'c Connection,
    /// The blobs that entries of this transaction stand on, with the entry's number.
    stood_on: Vec<(u64, Digest)>,
    /// For every open mark, how long `stood_on` was.
    marks: Vec<usize>,
    /// Whether bytes were destroyed, so that the files have to be cleared of them.
    destroyed: bool,
}

impl Connected for Open<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }
}

impl<'c> Open<'c> {
    pub(super) const fn new(connection: &'c Connection) -> Self {
        Self { connection, stood_on: Vec::new(), marks: Vec::new(), destroyed: false }
    }

    /// Says whether the transaction can be committed, and whether bytes were destroyed in it.
    pub(super) fn close(self) -> Result<bool, Failure> {
        if !self.marks.is_empty() {
            return Err(unfit(format!("{} marks were neither undone nor settled", self.marks.len())));
        }
        for (number, digest) in &self.stood_on {
            if !self.has_blob(digest)? && self.destroyed(digest)?.is_none() {
                return Err(unfit(format!("entry {number} stands on blob {digest}, which is not kept")));
            }
        }
        Ok(self.destroyed)
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

    /// Moves a case from one count to another; nothing happens where it stays in its count.
    fn count(&self, was: Option<[Value; 7]>, is: [Value; 7]) -> Result<(), Failure> {
        if was.as_ref() == Some(&is) {
            return Ok(());
        }
        let key = "desk = ?1 AND closed = ?2 AND stage = ?3 AND lane = ?4 AND rung = ?5 AND partner = ?6 AND severity = ?7";
        if let Some(was) = was {
            self.run(
                "count a case",
                &format!("UPDATE counts SET cases = cases - 1 WHERE {key}"),
                params_from_iter(&was),
            )?;
            self.run(
                "count a case",
                &format!("DELETE FROM counts WHERE {key} AND cases = 0"),
                params_from_iter(&was),
            )?;
        }
        let sql = "INSERT INTO counts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1) ON CONFLICT DO UPDATE SET cases = cases + 1";
        self.run("count a case", sql, params_from_iter(&is)).map(drop)
    }

    /// The case's number and the combination it is counted under.
    fn known_case(&self, id: &CaseId) -> Result<Option<(i64, [Value; 7])>, Failure> {
        let sql =
            "SELECT number, desk, closed, stage, lane, rung, partner, severity FROM cases WHERE id = ?1";
        one(self.connection, sql, [id.as_str()], |row| {
            let mut combination = [const { Value::Null }; 7];
            for (place, value) in combination.iter_mut().enumerate() {
                *value = row.get(place + 1)?;
            }
            Ok((row.get(0)?, combination))
        })
    }

    fn put_references(&self, case: i64, references: &[Reference]) -> Result<(), Failure> {
        let sql = "SELECT kind, value FROM refs WHERE number = ?1";
        let known: Vec<(String, String)> =
            all(self.connection, sql, [case], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let wanted =
            |kind: &str, value: &str| references.iter().any(|one| one.kind == kind && one.value == value);
        for (kind, value) in known.iter().filter(|(kind, value)| !wanted(kind, value)) {
            let sql = "DELETE FROM refs WHERE kind = ?1 AND value = ?2 AND number = ?3";
            self.run("drop a reference", sql, (kind, value, case))?;
        }
        for one in references {
            let sql = "INSERT INTO refs VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            self.run("keep a reference", sql, (&*one.kind, &one.value, case))?;
        }
        Ok(())
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
        self.stood_on.extend(entry.blobs.iter().map(|digest| (place, *digest)));
        Ok(place)
    }

    fn keep_blob(&mut self, bytes: &[u8]) -> Result<Digest, Failure> {
        if bytes.len() > BLOB_BYTES_MAX {
            return Err(unfit(format!("a blob of {} bytes, the most is {BLOB_BYTES_MAX}", bytes.len())));
        }
        let digest = Digest::of(bytes);
        let sql = "INSERT INTO blobs (digest, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.run("keep a blob", sql, (digest.as_bytes(), bytes))?;
        Ok(digest)
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
        state: &serde_json::Value,
        summary: &Summary,
        changed: u64,
    ) -> Result<(), Failure> {
        let known = self.known_case(id)?;
        let sql = if known.is_some() { UPDATE_CASE } else { INSERT_CASE };
        let row = rusqlite::params![
            id.as_str(),
            summary.closed,
            integer(changed),
            due(summary),
            severity(summary.severity),
            summary.stage,
            summary.partner,
            summary.lane,
            summary.rung,
            summary.title.to_lowercase(),
            text(summary)?,
            text(state)?,
            id.desk(),
        ];
        self.run("keep a case", sql, row)?;
        let (number, was) = match known {
            Some((number, was)) => (number, Some(was)),
            None => (self.connection.last_insert_rowid(), None),
        };
        self.count(was, combination(id.desk(), summary))?;
        self.put_references(number, &summary.references)
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
            (None, Some(answer)) if !self.has_blob(answer)? => {
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
        self.marks.push(self.stood_on.len());
        Ok(())
    }

    fn undo(&mut self) -> Result<(), Failure> {
        let length = self.marks.pop().ok_or_else(|| unfit("there is no mark to go back to".to_owned()))?;
        self.stood_on.truncate(length);
        self.savepoint("ROLLBACK TO")?;
        self.savepoint("RELEASE")
    }

    fn settle(&mut self) -> Result<(), Failure> {
        self.marks.pop().ok_or_else(|| unfit("there is no mark to settle".to_owned()))?;
        self.savepoint("RELEASE")
    }
}

fn unfit(what: String) -> Failure {
    Failure::Unfit { what }
}

const INSERT_CASE: &str = "INSERT INTO cases \
    (id, closed, opened, changed, due, severity, stage, partner, lane, rung, title, summary, state, desk) \
    VALUES (?1, ?2, coalesce(\
        (SELECT number FROM entries INDEXED BY entries_case WHERE case_id = ?1 AND kind = 'event' \
         ORDER BY number LIMIT 1), ?3), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

const UPDATE_CASE: &str = "UPDATE cases SET closed = ?2, changed = ?3, due = ?4, severity = ?5, stage = ?6, \
    partner = ?7, lane = ?8, rung = ?9, title = ?10, summary = ?11, state = ?12, desk = ?13 WHERE id = ?1";
