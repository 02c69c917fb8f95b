//! Clearing the files of bytes that were destroyed. Deleting a row leaves its bytes where they stood until something else
//! is written there, and copies of it wherever pages were once split; so the database is written anew, the log of commits
//! is moved into it and cut off, and files nothing names are removed. Only then is it noted that they are gone.

use std::path::Path;

use kernel::Digest;
use rusqlite::Connection;

use super::checkpoint::{Checkpoint, Done};
use super::columns::failed;
use super::open::Sqlite;
use super::view::all;
use crate::{Failure, LongBlobs};

/// What is still to be done until destroyed bytes are in no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clearing {
    /// None is in any.
    Nothing,
    /// The database has to be written anew.
    ToRewrite,
    /// It was; the log of commits has to be moved into it.
    ToMove,
}

impl Clearing {
    /// What an earlier life of the program left to be done.
    pub(super) fn left_by(connection: &Connection) -> Result<Self, Failure> {
        let sql = "SELECT EXISTS (SELECT 1 FROM destroyed WHERE gone = 0)";
        let left: bool = connection.query_row(sql, (), |row| row.get(0)).map_err(failed(DOING))?;
        Ok(if left { Self::ToRewrite } else { Self::Nothing })
    }
}

impl Sqlite {
    /// Writes the database anew where something was destroyed: SQLite copies what lives, and nothing else, into the log
    /// of commits.
    pub(super) fn rewrite(&mut self) -> Result<(), Failure> {
        let (Clearing::ToRewrite, Some(hands)) = (self.clearing, &mut self.hands) else { return Ok(()) };
        self.connection.flush_prepared_statement_cache();
        self.connection.execute_batch("VACUUM").map_err(failed(DOING))?;
        hands.mark(&self.connection)?;
        self.clearing = Clearing::ToMove;
        Ok(())
    }

    /// Notes that nothing destroyed is left, after the log of commits was moved and cut off.
    pub(super) fn cleared(&mut self) -> Result<(), Failure> {
        let (Clearing::ToMove, Some(hands)) = (self.clearing, &mut self.hands) else { return Ok(()) };
        remove_files(&hands.paths.main, &self.connection)?;
        let sql = "UPDATE destroyed SET gone = 1 WHERE gone = 0";
        self.connection.execute(sql, ()).map_err(failed(DOING))?;
        hands.mark(&self.connection)?;
        self.clearing = Clearing::Nothing;
        Ok(())
    }

    /// Does all that is left to be done, unless somebody is reading for too long: then it is done with a later change.
    pub(super) fn clear(&mut self) -> Result<(), Failure> {
        self.rewrite()?;
        let (Clearing::ToMove, Some(hands)) = (self.clearing, &mut self.hands) else { return Ok(()) };
        if hands.checkpoint(&self.connection, Done::CutOff)? == Checkpoint::Complete {
            self.cleared()?;
            // The note itself stands in the log of commits; it comes to rest with the rest.
            if let Some(hands) = &mut self.hands {
                hands.checkpoint(&self.connection, Done::CutOff)?;
            }
        }
        Ok(())
    }
}

/// Removes the files of long blobs that were destroyed.
fn remove_files(main: &Path, connection: &Connection) -> Result<(), Failure> {
    let sql = "SELECT digest FROM destroyed WHERE gone = 0";
    let digests: Vec<[u8; 32]> = all(connection, sql, (), |row| row.get(0))?;
    let blobs = LongBlobs::beside(main);
    for digest in digests.into_iter().map(Digest::from_bytes) {
        if !is_named(connection, &digest)? {
            blobs.remove(digest)?;
        }
    }
    Ok(())
}

/// Whether the file of a long blob is one the store names.
pub(super) fn is_named(connection: &Connection, digest: &Digest) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM long_blobs WHERE digest = ?1";
    let named = connection.prepare_cached(sql).and_then(|mut one| one.exists([digest.as_bytes()]));
    named.map_err(failed("look for a long blob"))
}

const DOING: &str = "clear the files of what was destroyed";
