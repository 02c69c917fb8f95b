//! The frame around every page: who reads it, in which language and zone, where they can go, what they are told first.

use jiff::Timestamp;
use kernel::{Refusal, Severity};
use node::Identity;
use store::{Failure, Look, Query};

use crate::ask::{Ask, Problem, Visitor};
use crate::assets;
use crate::endpoint::May;
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
    /// Where the reader can go.
    pub places: Vec<Place>,
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

/// One place to go.
#[derive(Debug)]
pub(crate) struct Place {
    /// The key of its name.
    pub key: &'static str,
    /// Its address.
    pub href: &'static str,
    /// Whether this page is there.
    pub here: Here,
    /// How many matters wait there; empty where none do.
    pub waiting: String,
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

const PLACES: [(&str, &str); 8] = [
    ("place.arrivals", "/arrivals"),
    ("place.exchange", "/exchange"),
    ("place.lanes", "/lanes"),
    ("place.obligations", "/obligations"),
    ("place.agreements", "/agreements"),
    ("place.partners", "/partners"),
    ("place.record", "/record"),
    ("place.codes", "/codes"),
];

impl Frame {
    /// The frame for whoever asks; takes the notice left for them.
    ///
    /// # Errors
    /// What the store says when the waiting matters are counted.
    pub(crate) fn of(ask: &Ask) -> Result<Self, Problem> {
        let mut frame = Self::plain(ask);
        if frame.person.is_some() {
            let waiting = ask.read(|look| waiting(look, ask.now))?;
            for place in &mut frame.places {
                let count = waiting.iter().find(|(href, _)| *href == place.href).map_or(0, |found| found.1);
                place.waiting = if count > 0 { ask.language.count(count) } else { String::new() };
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
            Told::Done(language.say(key, &values))
        }
        Notice::Refused(refusal) => Told::Refused(refused(language, &refusal)),
        Notice::Failed => Told::Refused(refused(language, &Refusal::new("node-busy", ""))),
    }
}

fn places(ask: &Ask, role: &kernel::Role) -> Vec<Place> {
    let path = ask.address.split('?').next().unwrap_or_default();
    let may = |href: &str| {
        let endpoint = crate::ENDPOINTS.iter().find(|endpoint| endpoint.path == href);
        endpoint.is_some_and(|endpoint| {
            endpoint.may != May::Anyone && endpoint.may.allows(role) || href == "/codes"
        })
    };
    let place = |(key, href): &(&'static str, &'static str)| {
        let under = path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let here = if under || belongs(path) == Some(*href) { Here::Yes } else { Here::No };
        Place { key, href, here, waiting: String::new() }
    };
    PLACES.iter().filter(|(_, href)| may(href)).map(place).collect()
}

/// Pages that stand under a place without its path saying so.
fn belongs(path: &str) -> Option<&'static str> {
    match path.split('/').nth(1)? {
        "consignments" => Some("/arrivals"),
        "items" | "declarations" => Some("/exchange"),
        "entries" => Some("/record"),
        _ => None,
    }
}

/// What waits at each place: findings to decide, items to repair, obligations that are late.
fn waiting(look: &dyn Look, now: Timestamp) -> Result<[(&'static str, u64); 3], Failure> {
    let open = |desk: &str, stages: &[&str]| Query {
        desk: Some(desk.into()),
        stages: stages.iter().map(|&stage| stage.into()).collect(),
        closed: Some(false),
        limit: 1,
        ..Query::default()
    };
    let total = |query: &Query| look.cases(query).map(|page| page.total);
    let late = Query { due_until: Some(now), ..open("obligation", &[]) };
    let faulty =
        Query { severity_min: Some(Severity::Error), ..open("received", &["quarantined", "faulty"]) };
    Ok([
        ("/arrivals", total(&open("consignment", &["flagged", "held"]))?),
        ("/exchange", total(&faulty)?),
        ("/obligations", total(&late)?),
    ])
}
