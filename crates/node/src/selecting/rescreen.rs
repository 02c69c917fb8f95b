//! A new edition of a watch list: what it changed is asked of every consignment that is open, some at a time, so that no other
//! input waits long behind it.

use std::collections::BTreeSet;

use customs::gate::Consignment;
use customs::targeting::{LISTS, Published};
use jiff::tz::TimeZone;
use kernel::{Books as _, Digest, Edition, Procedure as _};
use serde::{Deserialize, Serialize};
use store::{CaseRow, Failure, Order, Query, Work};
use target::screen::difference;

use super::held::read_list;
use crate::act::{Turn, day_of, plain};

/// The sort of work that asks open consignments anew.
pub(crate) const RESCREEN: &str = "rescreen";

/// How far the asking has come.
#[derive(Serialize, Deserialize)]
struct Piece {
    list: String,
    /// The edition in force before; none where the list is new.
    before: Option<Published>,
    after: Published,
    /// Consignments that were asked, as far as they are open still.
    asked: u64,
    /// The first entry of the last one asked.
    last: Option<u64>,
}

/// What an edition changed, as last worked out.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    of: Option<(Option<Digest>, Digest)>,
    /// Entries that are new or say something else.
    entries: BTreeSet<String>,
}

impl Turn<'_> {
    /// Puts the asking behind an edition that is about to be published, for its first day.
    pub(crate) fn rescreen_for(&mut self, edition: &Edition) -> Result<(), Failure> {
        if edition.head.book != LISTS {
            return Ok(());
        }
        for row in &edition.rows {
            let Ok(after) = Published::deserialize(&row.value) else { continue };
            let before = self.world.shelf.at(LISTS, &row.key, row.from);
            let before = before.and_then(|said| Published::deserialize(&*said).ok());
            let first = row.from.to_zoned(TimeZone::UTC).map_or(self.now, |first| first.timestamp());
            let key = format!("{RESCREEN}/{}/{}", row.key, after.entries.digest.short());
            let piece = Piece { list: row.key.clone(), before, after, asked: 0, last: None };
            let body = plain(&piece);
            let at = first.max(self.now);
            self.put_work(Work { key, sort: RESCREEN.into(), at, attempts: 0, body })?;
        }
        Ok(())
    }

    /// Asks the next open consignments, and puts the rest behind what waits already.
    pub(crate) fn rescreen(&mut self, work: &Work) -> Result<(), Failure> {
        let Ok(piece) = Piece::deserialize(&work.body) else { return Ok(()) };
        let world = &mut *self.world;
        world.selector.refresh(&*self.change, &world.shelf, day_of(self.now))?;
        self.note_fresh(&piece)?;
        if self.world.selector.fresh.entries.is_empty() {
            return Ok(());
        }
        let rows = self.open_after(&piece)?;
        for row in &rows {
            if self.is_met(row, &piece.list) {
                self.to_select.insert(row.id.clone());
            }
        }
        if let Some(last) = rows.last() {
            let asked = piece.asked + rows.len() as u64;
            let body = plain(&Piece { asked, last: Some(last.opened), ..piece });
            self.put_work(Work { at: self.now, attempts: 0, body, ..work.clone() })?;
        }
        self.settle()
    }

    fn note_fresh(&mut self, piece: &Piece) -> Result<(), Failure> {
        let of = (piece.before.as_ref().map(|before| before.entries.digest), piece.after.entries.digest);
        if self.world.selector.fresh.of == Some(of) {
            return Ok(());
        }
        let read = |published: &Published| read_list(&*self.change, &piece.list, published);
        let before = piece.before.as_ref().map(read).transpose()?.unwrap_or_default();
        let changed = difference(&before, &read(&piece.after)?).fresh;
        let entries = changed.into_iter().map(|entry| entry.id).collect();
        self.world.selector.fresh = Fresh { of: Some(of), entries };
        Ok(())
    }

    /// Open consignments behind the last one asked, in the order they were opened. Those that were closed since moved the
    /// others forward, so that it is gone back to one that was asked.
    fn open_after(&self, piece: &Piece) -> Result<Vec<CaseRow>, Failure> {
        let query = |offset| Query {
            desk: Some(Consignment::NAME.into()),
            closed: Some(false),
            order: Order::Oldest,
            offset,
            limit: AT_ONCE,
            ..Query::default()
        };
        let mut offset = piece.asked.saturating_sub(1);
        loop {
            let mut rows = self.change.cases(&query(offset))?.rows;
            let is_behind = rows.first().is_none_or(|first| Some(first.opened) > piece.last);
            if offset > 0 && is_behind {
                offset = offset.saturating_sub(u64::from(AT_ONCE) / 2);
                continue;
            }
            rows.retain(|row| Some(row.opened) > piece.last);
            return Ok(rows);
        }
    }

    /// Whether a party of a consignment may be an entry that changed.
    fn is_met(&mut self, row: &CaseRow, list: &str) -> bool {
        let Ok(consignment) = row.state.read::<Consignment>() else { return false };
        let Some(declaration) = consignment.declaration() else { return false };
        let parties = [&declaration.exporter, &declaration.importer, &declaration.agent];
        parties.into_iter().any(|party| {
            let found = self.on_lists(party);
            let fresh = &self.world.selector.fresh.entries;
            found.iter().any(|one| one.found.list == list && fresh.contains(&one.found.id))
        })
    }
}

/// Consignments asked in one transaction.
const AT_ONCE: u32 = 100;
