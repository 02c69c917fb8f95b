//! What every area of the house shows: its addresses with who may ask them, its places in the navigation, where the cases
//! of its desks are shown, and where its people begin their day. One file an area; the router, the navigation and the printed tables are
//! made from these lists.

use customs::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, REVIEWER, SECRETARY};
use jiff::Timestamp;
use kernel::{CaseId, Role};
use store::{CaseRow, Failure, Look};

use crate::ask::{Ask, Problem, Reply};
use crate::endpoint::{Endpoint, May, Method, Takes};
use crate::fields::path_of;
use crate::frame::Frame;

mod border;
mod cooperation;
mod exchange;
mod house;
mod root;
mod steering;
mod targeting;
mod transit;
mod trust;

/// All areas, in the order the navigation shows them; the first one has no place in it.
pub(crate) const AREAS: [&Area; 9] = [
    &root::AREA,
    &border::AREA,
    &exchange::AREA,
    &cooperation::AREA,
    &transit::AREA,
    &trust::AREA,
    &targeting::AREA,
    &steering::AREA,
    &house::AREA,
];

/// What one area shows.
#[derive(Debug)]
pub(crate) struct Area {
    /// Its name: the key of its word under `area.`, and of its file in the printed tables.
    pub name: &'static str,
    /// Its addresses.
    pub endpoints: &'static [Endpoint],
    /// Its places in the navigation, in their order. Desks without a list of their own follow by themselves.
    pub places: &'static [Spot],
    /// Its desks, and where their cases are shown.
    pub desks: &'static [Shelf],
    /// First parts of paths that stand under one of its places without saying so.
    pub under: &'static [(&'static str, &'static str)],
    /// Where the people of a role begin their day, if they begin it here.
    pub homes: &'static [(Role, &'static str)],
}

/// One place in the navigation: an address of the same area without names in it.
#[derive(Debug)]
pub(crate) struct Spot {
    /// The key of its word.
    pub key: &'static str,
    /// Its address.
    pub href: &'static str,
    /// Counts what waits there, where that is worth a look.
    pub waiting: Option<Waiting>,
    /// The room of its area it is in: the key of the room's word under `area-room.`; empty in areas without rooms.
    pub room: &'static str,
}

/// Counts what waits at a place.
pub(crate) type Waiting = fn(&dyn Look, Timestamp) -> Result<u64, Failure>;

/// Where the cases of a desk are shown.
#[derive(Debug)]
pub(crate) struct Shelf {
    /// The desk.
    pub desk: &'static str,
    /// The page that lists them.
    pub list: List,
    /// The page of one of them.
    pub page: Sheet,
    /// What the area shows of a case on the page every desk has, beside what all cases show.
    pub more: Option<More>,
    /// Pages of the area's own about one of them, which its page links to: the key of the word, the address before the
    /// case's key, and who may open it.
    pub links: &'static [(&'static str, &'static str, &'static [Role])],
    /// The room of its area its list is in, as of [`Spot::room`].
    pub room: &'static str,
}

/// Draws what an area shows of a case, as HTML; only for readers who may read what partners said in it.
pub(crate) type More = fn(&Frame, &CaseRow) -> Result<String, askama::Error>;

/// The page that lists the cases of a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// The one every desk has, as a place of its own.
    Plain,
    /// A page of the area's own; the one every desk has is there as well, and no place.
    At(&'static str),
}

/// The page of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// The one every desk has.
    Plain,
    /// A page of the area's own: this and the case's key.
    ByKey(&'static str),
    /// A page of the area's own: this and the whole case.
    ById(&'static str),
}

impl Spot {
    /// A place.
    pub(crate) const fn of(key: &'static str, href: &'static str) -> Self {
        Self { key, href, waiting: None, room: "" }
    }

    /// The same place in a room of its area.
    pub(crate) const fn within(mut self, room: &'static str) -> Self {
        self.room = room;
        self
    }

    /// The same place with what waits there counted.
    pub(crate) const fn counting(mut self, waiting: Waiting) -> Self {
        self.waiting = Some(waiting);
        self
    }
}

impl Shelf {
    /// A desk whose list and cases have the pages every desk has.
    pub(crate) const fn plain(desk: &'static str) -> Self {
        Self { desk, list: List::Plain, page: Sheet::Plain, more: None, links: &[], room: "" }
    }

    /// The same desk in a room of its area.
    pub(crate) const fn within(mut self, room: &'static str) -> Self {
        self.room = room;
        self
    }

    /// The same desk with something of the area's own on the page of its cases.
    pub(crate) const fn with(mut self, more: More) -> Self {
        self.more = Some(more);
        self
    }

    /// A desk with pages of the area's own.
    pub(crate) const fn own(desk: &'static str, list: List, page: Sheet) -> Self {
        Self { desk, list, page, more: None, links: &[], room: "" }
    }

    /// The same desk with pages of the area's own about its cases.
    pub(crate) const fn linking(
        mut self,
        links: &'static [(&'static str, &'static str, &'static [Role])],
    ) -> Self {
        self.links = links;
        self
    }
}

/// Every address there is. The router is built from these; a test prints them to `docs/tables/endpoints`.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    AREAS.iter().flat_map(|area| area.endpoints)
}

/// The names of the areas, each with its addresses.
pub fn endpoints_by_area() -> impl Iterator<Item = (&'static str, &'static [Endpoint])> {
    AREAS.iter().map(|area| (area.name, area.endpoints))
}

/// The names of all desks that some area shows, in their order.
pub fn shown_desks() -> impl Iterator<Item = &'static str> {
    AREAS.iter().flat_map(|area| area.desks).map(|shelf| shelf.desk)
}

/// What the area of a case shows of it beside what all cases show; empty where it shows nothing of its own.
///
/// # Errors
/// What it cannot be drawn for.
pub(crate) fn more_of(frame: &Frame, row: &CaseRow) -> Result<String, askama::Error> {
    let shelf = AREAS.iter().flat_map(|area| area.desks).find(|shelf| shelf.desk == row.id.desk());
    shelf.and_then(|shelf| shelf.more).map_or_else(|| Ok(String::new()), |more| more(frame, row))
}

/// The page of a case.
#[must_use]
pub(crate) fn page_of(case: &CaseId) -> String {
    let shelf = AREAS.iter().flat_map(|area| area.desks).find(|shelf| shelf.desk == case.desk());
    match shelf.map(|shelf| shelf.page) {
        Some(Sheet::ByKey(start)) => format!("{start}{}", path_of(case.key())),
        Some(Sheet::ById(start)) => format!("{start}{}", path_of(case.as_str())),
        Some(Sheet::Plain) => plain_page_of(case),
        None => format!("/record/{}", path_of(case.as_str())),
    }
}

/// The pages of the area's own about a case that this role may open: the key of each one's word, and its address.
#[must_use]
pub(crate) fn links_of(case: &CaseId, role: &Role) -> Vec<(&'static str, String)> {
    let shelf = AREAS.iter().flat_map(|area| area.desks).find(|shelf| shelf.desk == case.desk());
    let more = shelf.map_or(&[][..], |shelf| shelf.links).iter().filter(|(.., roles)| roles.contains(role));
    more.map(|(word, start, _)| (*word, format!("{start}{}", path_of(case.key())))).collect()
}

/// The page that every case has.
#[must_use]
pub(crate) fn plain_page_of(case: &CaseId) -> String {
    format!("/cases/{}", path_of(case.as_str()))
}

/// The page that lists the cases of a desk.
#[must_use]
pub(crate) fn list_of(desk: &str) -> String {
    let shelf = AREAS.iter().flat_map(|area| area.desks).find(|shelf| shelf.desk == desk);
    match shelf.map(|shelf| shelf.list) {
        Some(List::At(list)) => list.to_owned(),
        Some(List::Plain) | None => format!("/cases/{}", path_of(desk)),
    }
}

/// Where the people of a role begin their day.
#[must_use]
pub(crate) fn home_of(role: &Role) -> Option<&'static str> {
    let homes = AREAS.iter().flat_map(|area| area.homes);
    homes.into_iter().find(|(of, _)| of == role).map(|(_, home)| *home)
}

/// Those who decide on consignments, and those who look at how that is done.
pub(crate) const AT_THE_GATE: &[Role] = &[GATE, ANALYST, EXCHANGE, REVIEWER];
/// Those who run the exchange, and those who ask what came of it.
pub(crate) const OF_THE_EXCHANGE: &[Role] = &[GATE, ANALYST, EXCHANGE, SECRETARY, DIRECTOR, REVIEWER];

type Answer = fn(&Ask) -> Result<Reply, Problem>;

/// An address that is looked at.
pub(crate) const fn get(path: &'static str, may: May, answer: Answer) -> Endpoint {
    Endpoint { method: Method::Get, path, may, takes: Takes::Form, answer }
}

/// An address that changes something, by a form.
pub(crate) const fn post(path: &'static str, may: May, answer: Answer) -> Endpoint {
    Endpoint { method: Method::Post, path, may, takes: Takes::Form, answer }
}

/// An address that takes forms with files, or bodies as large as declarations are.
pub(crate) const fn taking(takes: Takes, path: &'static str, may: May, answer: Answer) -> Endpoint {
    Endpoint { method: Method::Post, path, may, takes, answer }
}
