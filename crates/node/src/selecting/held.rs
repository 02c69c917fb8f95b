//! What is in force on a day, ready to be asked: profiles compiled, lists indexed, models read, shares of chance.

use customs::targeting::{
    BOOK, CHALLENGER, CHAMPION, Control, LISTS, Listed, MODELS, Proposed, Published, Shares, WatchList,
};
use customs::terms::{ListBook, Profile};
use formats::watchlist::{Ofac, read_csv, read_ofac, read_un};
use jiff::civil::Date;
use kernel::book::Shelf;
use kernel::{Digest, Procedure as _};
use serde::Deserialize as _;
use store::{Failure, Look, Query};
use target::model::Model;
use target::screen::Watch;
use target::select::Selection;

use super::recent::Recent;
use super::rescreen::Fresh;

/// What is in force, as last read.
#[derive(Debug, Default)]
pub(crate) struct Selector {
    /// The day it was read for; none where it must be read anew.
    pub(super) day: Option<Date>,
    pub(super) selection: Selection<ListBook>,
    pub(super) watch: Watch,
    /// Which files the lists were read from.
    files: Vec<Digest>,
    pub(super) champion: Option<Scorer>,
    pub(super) challenger: Option<Scorer>,
    /// Shares of chance; none where no sample was begun or it is paused.
    pub(super) shares: Option<Shares>,
    pub(super) recent: Recent,
    /// What the edition changed that is being asked about.
    pub(super) fresh: Fresh,
}

/// A model and how it is used.
#[derive(Debug)]
pub(super) struct Scorer {
    pub(super) model: Model,
    pub(super) digest: Digest,
    pub(super) proposed: Proposed,
}

impl Selector {
    /// Has it read anew before it is asked again.
    pub(crate) const fn forget(&mut self) {
        self.day = None;
    }

    /// Whether nothing is in force that could choose anything.
    pub(super) fn is_idle(&self) -> bool {
        let lists = self.watch.entries().is_empty();
        self.selection.is_empty() && lists && self.champion.is_none() && self.shares.is_none()
    }

    /// Reads what is in force on this day, where that is not known already.
    pub(super) fn refresh(&mut self, look: &dyn Look, shelf: &Shelf, day: Date) -> Result<(), Failure> {
        if self.day == Some(day) {
            return Ok(());
        }
        let rows = shelf.book(BOOK).into_iter().flat_map(|book| book.on(day));
        let profiles = rows.filter_map(|row| Profile::deserialize(&row.value).ok());
        let profiles: Vec<Profile> = profiles.filter(|profile| profile.holds(day)).collect();
        self.read_lists(look, shelf, day)?;
        self.selection = Selection::of(profiles, members(self.watch.entries()));
        self.champion = scorer(self.champion.take(), look, shelf, (CHAMPION, day))?;
        let champion = self.champion.as_ref().map(|champion| champion.digest);
        // A challenger that was put in force challenges nobody any more.
        self.challenger = scorer(self.challenger.take(), look, shelf, (CHALLENGER, day))?
            .filter(|challenger| Some(challenger.digest) != champion);
        self.shares = shares(look)?;
        self.recent = Recent::of(look, &self.selection.gauges(), day)?;
        self.day = Some(day);
        Ok(())
    }

    /// Indexes the lists in force, where their files are not those that are indexed.
    fn read_lists(&mut self, look: &dyn Look, shelf: &Shelf, day: Date) -> Result<(), Failure> {
        let rows = shelf.book(LISTS).into_iter().flat_map(|book| book.on(day));
        let in_force: Vec<(&str, Published)> = rows
            .filter_map(|row| Some((row.key.as_str(), Published::deserialize(&row.value).ok()?)))
            .collect();
        let files: Vec<Digest> = in_force.iter().map(|(_, published)| published.entries.digest).collect();
        if files != self.files {
            let mut entries = Vec::new();
            for (list, published) in &in_force {
                entries.extend(read_list(look, list, published)?);
            }
            self.watch = Watch::new(entries);
            self.files = files;
        }
        Ok(())
    }
}

/// The lists in force as a profile over a list asks them.
///
/// # Errors
/// What the store says.
pub fn list_book(look: &dyn Look) -> Result<ListBook, Failure> {
    let query = Query {
        desk: Some(WatchList::NAME.into()),
        closed: Some(false),
        limit: LISTS_MAX,
        ..Query::default()
    };
    let mut entries = Vec::new();
    for row in look.cases(&query)?.rows {
        let list = row.state.read::<WatchList>().ok();
        if let Some(published) = list.as_deref().and_then(WatchList::in_force) {
            entries.extend(read_list(look, row.id.key(), published)?);
        }
    }
    Ok(members(&entries))
}

/// Who stands on which list, by numbers and names as they stood: what a profile over a list holds a declared party against.
fn members(entries: &[Listed]) -> ListBook {
    let mut book = ListBook::default();
    for entry in entries {
        let members = book.0.entry(entry.list.clone()).or_default();
        members.extend(entry.numbers.iter().chain(&entry.names).map(|value| value.trim().to_owned()));
    }
    book
}

/// The entries of a list, as far as its files can be read.
pub(super) fn read_list(look: &dyn Look, list: &str, published: &Published) -> Result<Vec<Listed>, Failure> {
    let bytes = |file: Option<&kernel::Attachment>| -> Result<Vec<u8>, Failure> {
        Ok(file.map(|file| look.blob(&file.digest)).transpose()?.flatten().unwrap_or_default())
    };
    let entries = bytes(Some(&published.entries))?;
    Ok(match published.form.as_str() {
        "un" => read_un(list, &entries).0,
        "ofac" => {
            let (names, addresses) = (bytes(published.names.as_ref())?, bytes(published.addresses.as_ref())?);
            read_ofac(list, Ofac { entries: &entries, names: &names, addresses: &addresses }).0
        }
        _ => read_csv(list, &entries).0,
    })
}

/// The model that plays a part on a day. One whose file is gone or unusable plays none.
fn scorer(
    known: Option<Scorer>,
    look: &dyn Look,
    shelf: &Shelf,
    (part, day): (&str, Date),
) -> Result<Option<Scorer>, Failure> {
    let row = shelf.book(MODELS).and_then(|book| book.at(part, day));
    let Some(proposed) = row.and_then(|row| Proposed::deserialize(&row.value).ok()) else { return Ok(None) };
    let digest = proposed.model.digest;
    if let Some(known) = known.filter(|known| known.digest == digest) {
        return Ok(Some(Scorer { proposed, ..known }));
    }
    let model = look.blob(&digest)?.and_then(|bytes| Model::read(&bytes).ok());
    Ok(model.map(|model| Scorer { model, digest, proposed }))
}

/// The control sample's shares, where one runs.
fn shares(look: &dyn Look) -> Result<Option<Shares>, Failure> {
    let query = Query { desk: Some(Control::NAME.into()), limit: 20, ..Query::default() };
    let rows = look.cases(&query)?.rows;
    let running = rows.iter().filter_map(|row| row.state.read::<Control>().ok());
    Ok(running.filter_map(|control| control.drawn().cloned()).next())
}

/// The most lists looked at.
const LISTS_MAX: u32 = 1_000;
