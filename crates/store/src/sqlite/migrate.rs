//! The versions of the tables, one numbered file each, and the way from any of them to the newest.

use rusqlite::Connection;

use super::columns::{failed, number};
use crate::Failure;

/// The migrations in order; the first brings a database from version 0 to 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_store.sql"),
    include_str!("../../migrations/sqlite/0002_long_blobs.sql"),
    include_str!("../../migrations/sqlite/0003_destroyed.sql"),
    include_str!("../../migrations/sqlite/0004_folded.sql"),
    include_str!("../../migrations/sqlite/0005_refs_case.sql"),
];

/// The version this program writes.
pub(super) const NEWEST: u32 = MIGRATIONS.len() as u32;

/// The version a database has.
pub(super) fn version(connection: &Connection) -> Result<u32, Failure> {
    let found: i64 = connection
        .query_row("PRAGMA user_version", (), |row| row.get(0))
        .map_err(failed("read the version of its tables"))?;
    Ok(u32::try_from(number(found)).unwrap_or(u32::MAX))
}

/// Refuses a database that a newer program wrote.
pub(super) fn known(connection: &Connection) -> Result<u32, Failure> {
    match version(connection)? {
        found if found > NEWEST => Err(Failure::Newer { found, known: NEWEST }),
        found => Ok(found),
    }
}

/// Refuses a database whose tables are not those this program reads.
pub(super) fn newest(connection: &Connection) -> Result<(), Failure> {
    match known(connection)? {
        NEWEST => Ok(()),
        found => {
            let cause = format!(
                "its tables are of version {found}, those of this program of {NEWEST}: to open it for writing brings them there"
            );
            Err(Failure::Engine { doing: "read the store", cause })
        }
    }
}

/// Brings a database to the newest version, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Failure> {
    let doing = "bring its tables to the newest version";
    let found = known(connection)?;
    if found == NEWEST {
        return Ok(());
    }
    let transaction = connection.transaction().map_err(failed(doing))?;
    for migration in &MIGRATIONS[found as usize..] {
        transaction.execute_batch(migration).map_err(failed(doing))?;
    }
    transaction.pragma_update(None, "user_version", NEWEST).map_err(failed(doing))?;
    transaction.commit().map_err(failed(doing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_numbered_without_gaps_and_all_are_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .map(|file| file.expect("it can be listed").file_name().into_string().expect("plain names"))
            .collect();
        names.sort();
        assert_eq!(names.len(), MIGRATIONS.len());
        for (number, name) in (1..).zip(&names) {
            assert!(name.starts_with(&format!("{number:04}_")), "{name}");
        }
    }

    /// Every table and index with the words that made it.
    fn shape(connection: &Connection) -> Vec<(String, Option<String>)> {
        let sql = "SELECT name, sql FROM sqlite_master ORDER BY name";
        let mut query = connection.prepare(sql).expect("is read");
        let rows = query.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).expect("is read");
        rows.collect::<Result<_, _>>().expect("is read")
    }

    #[test]
    fn a_database_of_any_older_version_keeps_its_rows_and_gets_the_newest_tables() {
        let mut fresh = Connection::open_in_memory().expect("opens");
        migrate(&mut fresh).expect("migrates");
        for older in 1..NEWEST {
            let mut connection = Connection::open_in_memory().expect("opens");
            for migration in &MIGRATIONS[..older as usize] {
                connection.execute_batch(migration).expect("an older program's tables");
            }
            connection.pragma_update(None, "user_version", older).expect("sets");
            connection.execute("INSERT INTO kept (key, value) VALUES ('a', x'01')", ()).expect("a row");
            migrate(&mut connection).expect("migrates");
            assert_eq!(version(&connection).expect("is read"), NEWEST);
            assert_eq!(shape(&connection), shape(&fresh), "from version {older}");
            let kept: Vec<u8> = connection
                .query_row("SELECT value FROM kept WHERE key = 'a'", (), |row| row.get(0))
                .expect("is there");
            assert_eq!(kept, [1]);
        }
    }

    #[test]
    fn a_database_of_a_newer_version_is_refused() {
        let mut connection = Connection::open_in_memory().expect("opens");
        migrate(&mut connection).expect("migrates");
        migrate(&mut connection).expect("and a second time changes nothing");
        connection.pragma_update(None, "user_version", NEWEST + 1).expect("sets");
        let refused = migrate(&mut connection).expect_err("is newer");
        assert!(matches!(refused, Failure::Newer { found, known } if found == known + 1), "{refused}");
    }
}
