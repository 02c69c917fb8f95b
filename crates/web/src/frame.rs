//! The frame around every page: who reads it, in which language and zone, where they can go, what they are told first.

use customs::roles::INSIDE;
use jiff::Timestamp;
use kernel::{Refusal, Role};
use node::Identity;
use store::{Failure, Look};

use crate::areas::{AREAS, Area, List, list_of};
use crate::ask::{Ask, Problem, Visitor};
use crate::assets;
use crate::language::{Language, Moments};
use crate::notice::Notice;

/// The frame around a page.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The reader's language.
    pub language: Language,
    /// Writes moments for the reader.
    pub moments: Moments,
    /// Whose node it is.
    pub node: Identity,
    /// The reader, where signed in.
    pub person: Option<Person>,
    /// What every form carries.
    pub form_token: String,
    /// The address of this page.
    pub here: String,
    /// How many entries the record had when the page was drawn.
    pub entries: u64,
    /// Where the reader can go, by area.
    pub places: Vec<Group>,
    /// What the reader is told first.
    pub notice: Option<Told>,
}

/// The reader.
#[derive(Debug)]
pub(crate) struct Person {
    /// Their name, as people write it.
    pub display: String,
    /// As what they act.
    pub role: String,
    /// What they read foreign items for.
    pub purpose: String,
    /// Names the session in act ids.
    pub session: String,
}

/// The places of one area.
#[derive(Debug)]
pub(crate) struct Group {
    /// What the area is called.
    pub word: String,
    /// Its first place.
    pub href: String,
    /// Whether this page is in it.
    pub here: Here,
    /// How many matters wait in it; empty where none do.
    pub waiting: String,
    /// Its rooms, where it has several that this reader can go to.
    pub rooms: Vec<Room>,
    /// Its places.
    pub places: Vec<Place>,
}

/// The places of an area that belong together.
#[derive(Debug)]
pub(crate) struct Room {
    /// Its name, as its places know it.
    name: &'static str,
    /// What it is called.
    pub word: String,
    /// Its first place.
    pub href: String,
    /// Whether this page is in it.
    pub here: Here,
    /// How many matters wait in it; empty where none do.
    pub waiting: String,
}

impl Group {
    /// The places shown: those of the room the reader is in, or all where there are no rooms.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Place> {
        let room = self.rooms.iter().find(|room| *room.here.is_here()).map(|room| room.name);
        self.places.iter().filter(move |place| room.is_none_or(|room| place.room == room))
    }
}

/// One place to go.
#[derive(Debug)]
pub(crate) struct Place {
    /// What it is called.
    pub word: String,
    /// Its address.
    pub href: String,
    /// Whether this page is there.
    pub here: Here,
    /// How many matters wait there; empty where none do.
    pub waiting: String,
    /// The room of its area it is in; empty where there are none.
    room: &'static str,
}

/// Whether a place is where the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// What the reader is told first, as sentences.
#[derive(Debug)]
pub(crate) enum Told {
    /// It was done.
    Done(String),
    /// It was refused, or failed.
    Refused(Refused),
}

/// A refusal as people read it.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Its code, which has a page.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// What it means.
    pub meaning: String,
    /// The values it stood on.
    pub reason: String,
    /// What would help.
    pub remedy: String,
}

impl Frame {
    /// The frame for whoever asks; takes the notice left for them.
    ///
    /// # Errors
    /// What the store says when the waiting matters are counted.
    pub(crate) fn of(ask: &Ask) -> Result<Self, Problem> {
        let mut frame = Self::plain(ask);
        if frame.person.is_some() {
            let waiting = ask.read(|look| waiting(look, &frame.places, ask.now))?;
            let written = |count: u64| if count > 0 { ask.language.count(count) } else { String::new() };
            for group in &mut frame.places {
                let of = |place: &Place| {
                    waiting.iter().find(|(href, _)| *href == place.href).map_or(0, |found| found.1)
                };
                group.waiting = written(group.places.iter().map(of).sum());
                for room in &mut group.rooms {
                    let within = group.places.iter().filter(|place| place.room == room.name);
                    room.waiting = written(within.map(of).sum());
                }
                for place in &mut group.places {
                    place.waiting = written(of(place));
                }
            }
        }
        if let Visitor::Person { token, .. } = &ask.visitor {
            frame.notice = ask.app.sessions.take_notice(token).map(|notice| told(ask.language, notice));
        }
        Ok(frame)
    }

    /// The frame without anything that needs the store, for pages about what went wrong.
    #[must_use]
    pub(crate) fn plain(ask: &Ask) -> Self {
        let language = ask.language;
        let (person, form_token, places) = match &ask.visitor {
            Visitor::Person { session, .. } => {
                let person = Person {
                    display: session.account.display.clone(),
                    role: language.text(&format!("role.{}", session.role)).to_owned(),
                    purpose: language.text(&format!("purpose.{}", session.purpose)).to_owned(),
                    session: session.name.clone(),
                };
                (Some(person), session.form_token.clone(), places(ask, &session.role))
            }
            Visitor::Stranger { form_token } => (None, form_token.clone(), Vec::new()),
            Visitor::Program { .. } => (None, String::new(), Vec::new()),
        };
        Self {
            language,
            moments: Moments { language, zone: ask.app.zone.clone(), now: ask.now },
            node: ask.app.node.identity().clone(),
            person,
            form_token,
            here: ask.address.clone(),
            entries: ask.entries,
            places,
            notice: None,
        }
    }

    /// The text under a key.
    #[must_use]
    pub(crate) fn t<'a>(&self, key: &'a str) -> &'a str {
        self.language.text(key)
    }

    /// The text under a key and a code, such as `stage.` and `flagged`; the code itself where there is none.
    #[must_use]
    pub(crate) fn word(&self, family: &str, code: &str) -> String {
        let key = format!("{family}.{code}");
        self.language.find(&key).map_or_else(|| code.to_owned(), str::to_owned)
    }

    /// What is owed, by the code of the obligation; what stands behind its colon is a name or a number.
    #[must_use]
    pub(crate) fn owed(&self, what: &str) -> String {
        let Some((code, rest)) = what.split_once(':') else { return self.word("owed", what) };
        let named = rest.split(':').next().filter(|name| name.parse::<u32>().is_err());
        let word = self.word("owed", code);
        named.map_or_else(|| word.clone(), |name| format!("{word}: {name}"))
    }

    /// A text with one value.
    #[must_use]
    pub(crate) fn say(&self, key: &str, name: &str, value: &str) -> String {
        self.language.say(key, &[(name, value)])
    }

    /// A whole number.
    #[must_use]
    pub(crate) fn count(&self, number: &u64) -> String {
        self.language.count(*number)
    }

    /// A moment, short.
    #[must_use]
    pub(crate) fn short(&self, moment: &Timestamp) -> String {
        self.moments.short(*moment)
    }

    /// A moment to the second.
    #[must_use]
    pub(crate) fn exact(&self, moment: &Timestamp) -> String {
        self.moments.exact(*moment)
    }

    /// An address of a file of ours, with its digest so that it can be kept for ever.
    #[must_use]
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The other languages, each with the address that switches to it.
    #[must_use]
    pub(crate) fn languages(&self) -> Vec<(&'static str, &'static str, String, Here)> {
        let switch = |language: Language| {
            let back: String = form_urlencoded::byte_serialize(self.here.as_bytes()).collect();
            let here = if language == self.language { Here::Yes } else { Here::No };
            (language.code(), language.own_name(), format!("/language/{}?back={back}", language.code()), here)
        };
        Language::ALL.into_iter().map(switch).collect()
    }
}

impl Here {
    /// Whether it is.
    #[must_use]
    pub(crate) const fn is_here(&self) -> &bool {
        match self {
            Self::Yes => &true,
            Self::No => &false,
        }
    }
}

/// A refusal as people read it.
#[must_use]
pub(crate) fn refused(language: Language, refusal: &Refusal) -> Refused {
    let part =
        |name: &str| language.find(&format!("code.{}.{name}", refusal.code)).unwrap_or_default().to_owned();
    let title = part("title");
    Refused {
        title: if title.is_empty() { refusal.code.to_string() } else { title },
        meaning: part("meaning"),
        code: refusal.code.to_string(),
        reason: refusal.reason.clone(),
        remedy: refusal.remedy.clone(),
    }
}

fn told(language: Language, notice: Notice) -> Told {
    match notice {
        Notice::Done { key, values } => {
            let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Told::Done(language.say(&key, &values))
        }
        Notice::Refused(refusal) => Told::Refused(refused(language, &refusal)),
        Notice::Failed => Told::Refused(refused(language, &Refusal::new("node-busy", ""))),
    }
}

/// The places this role may go to, by area; areas without any are left out.
pub(crate) fn places(ask: &Ask, role: &Role) -> Vec<Group> {
    AREAS.iter().filter_map(|area| group(ask, area, role)).collect()
}

fn group(ask: &Ask, area: &Area, role: &Role) -> Option<Group> {
    let path = ask.address.split('?').next().unwrap_or_default();
    let under =
        |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let first = path.split('/').nth(1).unwrap_or_default();
    let belongs = |href: &str| area.under.iter().any(|(part, place)| *part == first && *place == href);
    let place = |word: String, href: String, (here, room): (bool, &'static str)| Place {
        word,
        here: if here { Here::Yes } else { Here::No },
        href,
        waiting: String::new(),
        room,
    };
    let mut places: Vec<_> = area
        .places
        .iter()
        .filter(|spot| may_go(area, spot.href, role))
        .map(|spot| {
            place(
                ask.language.text(spot.key).to_owned(),
                spot.href.to_owned(),
                (under(spot.href) || belongs(spot.href), spot.room),
            )
        })
        .collect();
    for shelf in area.desks {
        let opens = format!("/new/{}", shelf.desk);
        let here = under(&format!("/cases/{}", shelf.desk)) || under(&opens);
        match shelf.list {
            List::Plain if reads(ask, shelf.desk, role) => {
                let word = ask.language.text(&format!("desks.{}", shelf.desk)).to_owned();
                places.push(place(word, list_of(shelf.desk), (here, shelf.room)));
            }
            List::At(list) if here => {
                places.iter_mut().filter(|place| place.href == list).for_each(|place| place.here = Here::Yes);
            }
            List::Plain | List::At(_) => {}
        }
    }
    let first = places.first()?.href.clone();
    let here = if places.iter().any(|place| place.here == Here::Yes) { Here::Yes } else { Here::No };
    let word = ask.language.text(&format!("area.{}", area.name)).to_owned();
    let rooms = rooms(ask, &places);
    Some(Group { word, href: first, here, waiting: String::new(), rooms, places })
}

/// The rooms these places are in, in their order; none where they are all in one.
fn rooms(ask: &Ask, places: &[Place]) -> Vec<Room> {
    let mut rooms: Vec<Room> = Vec::new();
    for place in places {
        match rooms.iter_mut().find(|room| room.name == place.room) {
            Some(room) if *place.here.is_here() => room.here = Here::Yes,
            Some(_) => {}
            None => rooms.push(Room {
                name: place.room,
                word: ask.language.text(&format!("area-room.{}", place.room)).to_owned(),
                href: place.href.clone(),
                here: place.here,
                waiting: String::new(),
            }),
        }
    }
    if rooms.len() > 1 { rooms } else { Vec::new() }
}

/// Whether a role may ask an address of an area.
fn may_go(area: &Area, href: &str, role: &Role) -> bool {
    area.endpoints
        .iter()
        .find(|endpoint| endpoint.path == href)
        .is_some_and(|endpoint| endpoint.may.allows(role))
}

/// Whether a role may open the cases of a desk.
fn reads(ask: &Ask, desk: &str, role: &Role) -> bool {
    let desk = ask.app.node.desks().iter().find(|known| known.name() == desk);
    INSIDE.contains(role) && desk.is_some_and(|desk| desk.readers().contains(role))
}

/// What waits at the places the reader can go to, where it is counted.
fn waiting(look: &dyn Look, shown: &[Group], now: Timestamp) -> Result<Vec<(&'static str, u64)>, Failure> {
    let spots = AREAS.iter().flat_map(|area| area.places);
    let counted = spots
        .filter(|spot| shown.iter().flat_map(|group| &group.places).any(|place| place.href == spot.href));
    counted.filter_map(|spot| spot.waiting.map(|count| Ok((spot.href, count(look, now)?)))).collect()
}
