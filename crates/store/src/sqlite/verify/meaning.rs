//! What a store says: entries in their canonical form, blobs under their digests, everything derived as the record
//! derives it.

use std::collections::BTreeSet;

use kernel::{CaseId, Digest, EditionHead, Entry, Happening, Reference, Row as EditionRow, Summary};
use rusqlite::{Connection, Params, Row};
use serde_json::Value;

use super::super::view::blob_columns;
use super::pages::Image;
use super::{Against, Progress, Report};
use crate::Work;
use crate::sqlite::columns::{due, kind_and_act, moment, number, severity};
use crate::sqlite::counts::Combination;
use crate::sqlite::migrate;
use crate::sqlite::view::Connected as _;

/// Checks everything, table by table; what cannot be read is a fault like any other.
pub(super) fn check(
    image: &Image,
    against: &Against<'_>,
    report: &mut Report,
    progress: &mut dyn FnMut(Progress),
) {
    let connection = &image.connection;
    let mut check = Check { image, connection, table: "", led_by: 0, against, report, progress };
    if let Err(failure) = migrate::newest(check.connection) {
        check.report.fault("store.sqlite", failure);
        return;
    }
    check.table("store.sqlite", Check::engine);
    check.table("entries", Check::entries);
    check.table("blobs", Check::blobs);
    check.table("long_blobs", Check::long_blobs);
    check.table("destroyed", Check::destroyed);
    check.table("cases", Check::cases);
    check.table("cases", Check::cases_without_row);
    check.table("counts", Check::counts);
    check.table("refs", Check::references);
    check.table("work", Check::work);
    check.table("messages", Check::messages);
    check.table("editions", Check::editions);
}

struct Check<'a> {
    image: &'a Image,
    connection: &'a Connection,
    /// The table being checked.
    table: &'static str,
    /// How many references were found to lead to a case, or to none.
    led_by: u64,
    against: &'a Against<'a>,
    report: &'a mut Report,
    progress: &'a mut dyn FnMut(Progress),
}

impl Check<'_> {
    fn table(&mut self, table: &'static str, check: fn(&mut Self) -> rusqlite::Result<()>) {
        self.table = table;
        if let Err(error) = check(self) {
            self.report.fault(table, format!("cannot be read further: {error}"));
        }
    }

    /// Calls `each` with every row; a row whose columns cannot be read is a fault, and the next one follows.
    fn rows(
        &mut self,
        sql: &str,
        params: impl Params,
        mut each: impl FnMut(&mut Self, &Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let connection = self.connection;
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            if let Err(error) = each(self, row) {
                let place = format!("{}, the row of {:?}", self.table, row.get_ref(0)?);
                self.report.fault(place, error);
            }
        }
        Ok(())
    }

    fn count(&self, table: &str) -> rusqlite::Result<u64> {
        self.connection.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| Ok(number(row.get(0)?)))
    }

    fn came(&mut self, what: &'static str, done: u64, of: u64) {
        if done.is_multiple_of(1024) || done == of {
            (self.progress)(Progress { what, done, of });
        }
    }

    /// The engine's own check, and that every reference between tables leads somewhere.
    fn engine(&mut self) -> rusqlite::Result<()> {
        self.rows("PRAGMA integrity_check", (), |check, row| {
            let said: String = row.get(0)?;
            if said != "ok" {
                check.report.fault("store.sqlite", said);
            }
            Ok(())
        })?;
        self.rows("PRAGMA foreign_key_check", (), |check, row| {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            check.report.fault(table, format!("a row refers to one of {parent} that is not there"));
            Ok(())
        })
    }

    fn entries(&mut self) -> rusqlite::Result<()> {
        let of = self.count("entries")?;
        let sql = "SELECT number, at, case_id, act, kind, bytes FROM entries ORDER BY number";
        self.rows(sql, (), |check, row| {
            let place = format!("entry {}", row.get::<_, i64>(0)?);
            if number(row.get(0)?) != check.report.entries {
                check.report.fault(&place, format!("stands where entry {} should", check.report.entries));
                check.report.entries = number(row.get(0)?);
            }
            check.report.entries += 1;
            check.came("entries", check.report.entries, of);
            let bytes: Vec<u8> = row.get(5)?;
            if check.against.log.entry(number(row.get(0)?)).is_some_and(|logged| logged != bytes) {
                check.report.fault(&place, "its bytes are not those in the log");
            }
            match Entry::from_bytes(&bytes) {
                Err(error) => check.report.fault(&place, error),
                Ok(entry) if entry.to_bytes() != bytes => {
                    check.report.fault(&place, "its bytes are not in their canonical form");
                }
                Ok(entry) => check.entry(&place, &entry, row)?,
            }
            Ok(())
        })
    }

    /// The columns beside an entry's bytes, and the blobs it stands on.
    fn entry(&mut self, place: &str, entry: &Entry, row: &Row<'_>) -> rusqlite::Result<()> {
        let (kind, act) = kind_and_act(&entry.what);
        let same = row.get::<_, i64>(1)? == moment(entry.at)
            && row.get::<_, String>(2)? == entry.case.as_str()
            && row.get::<_, Option<String>>(3)?.as_deref() == act.map(AsRef::as_ref)
            && row.get::<_, String>(4)? == kind;
        if !same {
            self.report.fault(place, "its columns are not those of its bytes");
        }
        for digest in &entry.blobs {
            if !self.has_blob(digest)? {
                self.report.fault(format!("blob {digest}"), format!("missing, {place} stands on it"));
            }
        }
        Ok(())
    }

    /// Whether the bytes of a digest are there, or were destroyed; why they were is checked by itself.
    fn has_blob(&self, digest: &Digest) -> rusqlite::Result<bool> {
        let sql = "SELECT 1 FROM blobs WHERE digest = ?1 UNION ALL SELECT 1 FROM long_blobs WHERE digest = ?1 \
                   UNION ALL SELECT 1 FROM destroyed WHERE digest = ?1";
        self.connection.prepare_cached(sql)?.exists([digest.as_bytes()])
    }

    /// Whatever was destroyed is named by the entry that says why.
    fn destroyed(&mut self) -> rusqlite::Result<()> {
        let sql =
            "SELECT digest, entry, bytes FROM destroyed LEFT JOIN entries ON number = entry ORDER BY digest";
        self.rows(sql, (), |check, row| {
            check.report.destroyed += 1;
            let digest = Digest::from_bytes(row.get(0)?);
            let entry = row.get::<_, Option<Vec<u8>>>(2)?.and_then(|bytes| Entry::from_bytes(&bytes).ok());
            let event = entry.and_then(|entry| match entry.what {
                Happening::Event { event, .. } => Some(event.to_string()),
                Happening::Refused { .. } | Happening::Witnessed { .. } | Happening::Edition { .. } => None,
            });
            if !event.is_some_and(|event| event.contains(&digest.to_string())) {
                let what = format!("destroyed, and entry {} does not say so", row.get::<_, i64>(1)?);
                check.report.fault(format!("blob {digest}"), what);
            }
            Ok(())
        })
    }

    fn blobs(&mut self) -> rusqlite::Result<()> {
        let of = self.count("blobs")?;
        self.rows("SELECT bytes, unfolded, digest, number FROM blobs ORDER BY number", (), |check, row| {
            check.report.blobs += 1;
            check.came("blobs", check.report.blobs, of);
            let (is, digest) =
                (blob_columns(row)?.map(|bytes| Digest::of(&bytes)), row.get::<_, Vec<u8>>(2)?);
            if is.is_none_or(|is| digest != is.as_bytes()) {
                let name = <[u8; 32]>::try_from(digest).map(Digest::from_bytes);
                let name = name.map_or_else(
                    |_| format!("blob in row {}", row.get_unwrap::<_, i64>(3)),
                    |it| format!("blob {it}"),
                );
                let what = is.map_or_else(
                    || "its bytes do not unfold".to_owned(),
                    |is| format!("its bytes have the digest {is}"),
                );
                check.report.fault(name, what);
            }
            Ok(())
        })
    }

    /// The files of long blobs, read a piece at a time.
    fn long_blobs(&mut self) -> rusqlite::Result<()> {
        let of = self.count("long_blobs")? + self.report.blobs;
        self.rows("SELECT digest, length FROM long_blobs ORDER BY digest", (), |check, row| {
            check.report.blobs += 1;
            check.came("blobs", check.report.blobs, of);
            let digest: [u8; 32] = row.get(0)?;
            let digest = Digest::from_bytes(digest);
            match check.image.long_blobs().at(digest, number(row.get(1)?)).is_whole() {
                Ok(true) => {}
                Ok(false) => check.report.fault(format!("blob {digest}"), "its file has another digest"),
                Err(failure) => check.report.fault(format!("blob {digest}"), failure),
            }
            Ok(())
        })
    }

    fn cases(&mut self) -> rusqlite::Result<()> {
        let of = self.count("cases")?;
        let sql = "SELECT number, id, desk, opened, changed, summary, state, closed, due, severity, stage, partner, \
                   lane, rung, title FROM cases ORDER BY number";
        self.rows(sql, (), |check, row| {
            check.report.cases += 1;
            check.came("cases", check.report.cases, of);
            let id = CaseId::new(row.get::<_, String>(1)?);
            let place = format!("case {id}");
            let (summary, state): (String, String) = (row.get(5)?, row.get(6)?);
            match (serde_json::from_str::<Summary>(&summary), serde_json::from_str::<Value>(&state)) {
                (Ok(summary), Ok(state)) => {
                    if !has_columns_of(row, &id, &summary)? {
                        check.report.fault(&place, "its columns are not those of its summary");
                    }
                    check.case_references(&place, row.get(0)?, &summary.references)?;
                    check.replayed(&place, &id, (state, summary), row.get(3)?, row.get(4)?)
                }
                (Err(error), _) | (_, Err(error)) => {
                    check.report.fault(&place, error);
                    Ok(())
                }
            }
        })
    }

    /// Compares a case with what its events give.
    fn replayed(
        &mut self,
        place: &str,
        id: &CaseId,
        stands: (Value, Summary),
        opened: i64,
        changed: i64,
    ) -> rusqlite::Result<()> {
        let sql = "SELECT number, bytes FROM entries WHERE case_id = ?1 AND kind = 'event' ORDER BY number";
        let (mut numbers, mut events) = (Vec::new(), Vec::new());
        self.rows(sql, [id.as_str()], |_, row| {
            // An entry that cannot be read was named already.
            if let Ok(Entry { what: Happening::Event { event, .. }, .. }) =
                Entry::from_bytes(row.get_ref(1)?.as_blob()?)
            {
                numbers.push(row.get(0)?);
                events.push(event);
            }
            Ok(())
        })?;
        if numbers.first() != Some(&opened) || numbers.last() != Some(&changed) {
            self.report.fault(place, "it does not name the first and the last of its entries");
        }
        match self.against.replay.replay_in(self.image, id.desk(), &events) {
            None => self.report.fault(place, "its events cannot be replayed"),
            Some(replayed) if replayed != stands => {
                self.report.fault(place, "it is not what its events give");
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn cases_without_row(&mut self) -> rusqlite::Result<()> {
        let sql = "SELECT DISTINCT case_id FROM entries INDEXED BY entries_case WHERE kind = 'event' \
                   AND NOT EXISTS (SELECT 1 FROM cases WHERE id = case_id)";
        self.rows(sql, (), |check, row| {
            check
                .report
                .fault(format!("case {}", row.get::<_, String>(0)?), "it has entries but does not stand");
            Ok(())
        })
    }

    fn counts(&mut self) -> rusqlite::Result<()> {
        let key = "desk, closed, stage, lane, rung, partner, severity";
        let counted = format!("SELECT {key}, count(*) FROM cases GROUP BY {key}");
        let kept = format!("SELECT {key}, cases FROM counts");
        for (sql, what) in [
            (format!("{counted} EXCEPT {kept}"), "cases that are not counted so"),
            (format!("{kept} EXCEPT {counted}"), "a count of cases that are not there"),
        ] {
            self.rows(&sql, (), |check, row| {
                let (desk, stage): (String, String) = (row.get(0)?, row.get(2)?);
                check.report.fault("counts", format!("{what}: desk {desk}, stage {stage}"));
                Ok(())
            })?;
        }
        Ok(())
    }

    fn case_references(&mut self, place: &str, case: i64, wanted: &[Reference]) -> rusqlite::Result<()> {
        let wanted: BTreeSet<_> = wanted.iter().map(|one| (&*one.kind, &one.value)).collect();
        let sql = "SELECT 1 FROM refs WHERE kind = ?1 AND value = ?2 AND number = ?3";
        for (kind, value) in wanted {
            if self.connection.prepare_cached(sql)?.exists((kind, value, case))? {
                self.led_by += 1;
            } else {
                self.report.fault(place, "it is not found by the references it has");
            }
        }
        Ok(())
    }

    /// Those that lead to a case were counted with it; only where there are more is it looked for which.
    fn references(&mut self) -> rusqlite::Result<()> {
        let sql = "SELECT kind, value FROM refs WHERE NOT EXISTS (SELECT 1 FROM cases WHERE cases.number = refs.number)";
        self.rows(sql, (), |check, row| {
            let (kind, value): (String, String) = (row.get(0)?, row.get(1)?);
            check.led_by += 1;
            check.report.fault(format!("reference {kind} {value}"), "leads to no case");
            Ok(())
        })?;
        if self.count("refs")? == self.led_by {
            return Ok(());
        }
        let sql = "SELECT cases.id, kind, value FROM refs JOIN cases USING (number) WHERE NOT EXISTS \
                   (SELECT 1 FROM json_each(cases.summary, '$.references') one \
                   WHERE one.value ->> 'kind' = kind AND one.value ->> 'value' = refs.value)";
        self.rows(sql, (), |check, row| {
            let (case, kind, value): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let what = format!("it is found by a reference it has not, {kind} {value}");
            check.report.fault(format!("case {case}"), what);
            Ok(())
        })
    }

    fn work(&mut self) -> rusqlite::Result<()> {
        self.rows("SELECT key, at, work FROM work", (), |check, row| {
            let (key, text): (String, String) = (row.get(0)?, row.get(2)?);
            let work = serde_json::from_str::<Work>(&text);
            let at: i64 = row.get(1)?;
            if !work.is_ok_and(|work| work.key == key && moment(work.at) == at) {
                check.report.fault(format!("work {key}"), "its columns are not those of its text");
            }
            Ok(())
        })
    }

    fn messages(&mut self) -> rusqlite::Result<()> {
        self.rows("SELECT sender, id, digest, answer FROM messages", (), |check, row| {
            let place = format!("message {} of {}", row.get::<_, String>(1)?, row.get::<_, String>(0)?);
            let answer: Option<Vec<u8>> = row.get(3)?;
            let digests = [Some(row.get::<_, Vec<u8>>(2)?), answer];
            if digests.iter().flatten().any(|digest| digest.len() != 32) {
                check.report.fault(place, "a digest has 32 bytes");
            }
            Ok(())
        })
    }

    fn editions(&mut self) -> rusqlite::Result<()> {
        self.rows("SELECT number, digest, head FROM editions", (), |check, row| {
            let (place, head): (i64, String) = (row.get(0)?, row.get(2)?);
            let digest: Vec<u8> = row.get(1)?;
            let head = serde_json::from_str::<EditionHead>(&head);
            if !head.is_ok_and(|head| head.digest.as_bytes().as_slice() == digest) {
                check.report.fault(format!("edition {place}"), "its head does not bear its digest");
            }
            Ok(())
        })?;
        self.rows("SELECT edition, place, row FROM edition_rows", (), |check, row| {
            let (edition, place): (i64, i64) = (row.get(0)?, row.get(1)?);
            let text: String = row.get(2)?;
            if let Err(error) = serde_json::from_str::<EditionRow>(&text) {
                check.report.fault(format!("edition {edition} row {place}"), error);
            }
            Ok(())
        })
    }
}

/// Whether the columns from `closed` on are those of the summary.
fn has_columns_of(row: &Row<'_>, id: &CaseId, summary: &Summary) -> rusqlite::Result<bool> {
    use rusqlite::types::Value as Column;
    let mut counted = [const { Column::Null }; 7];
    for (place, column) in [2, 7, 10, 12, 13, 11, 9].into_iter().zip(&mut counted) {
        *column = row.get(place)?;
    }
    let severity_is = row.get::<_, i64>(9)? == severity(summary.severity);
    let found_by =
        row.get::<_, i64>(8)? == due(summary) && row.get::<_, String>(14)? == summary.title.to_lowercase();
    Ok(counted == Combination::of(id.desk(), summary).columns() && severity_is && found_by)
}
