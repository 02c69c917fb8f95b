//! One question to the pages and one answer of theirs: plain values, so that every page is a function.

use std::sync::Arc;

use jiff::Timestamp;
use kernel::{ActId, Actor, Refusal, Role};
use node::{Acted, NotDone};
use serde_json::Value;
use store::{Failure, Look};

use crate::App;
use crate::draft::Draft;
use crate::fields::Fields;
use crate::language::Language;
use crate::node_side::Wanted;
use crate::notice::Notice;
use crate::session::Session;

/// What somebody asks of a page.
#[derive(Debug)]
pub struct Ask {
    /// The pages' own state and the node behind them.
    pub app: Arc<App>,
    /// Who asks.
    pub visitor: Visitor,
    /// The language they are answered in.
    pub language: Language,
    /// The values of the path's `{names}`.
    pub params: Fields,
    /// What stands after the question mark.
    pub query: Fields,
    /// The form that was sent.
    pub form: Fields,
    /// The file or body that was sent, with its media type.
    pub upload: Option<Upload>,
    /// The files that came with the form.
    pub files: Vec<SentFile>,
    /// Path and question mark part, as asked.
    pub address: String,
    /// The network address it comes from; empty where unknown.
    pub client: String,
    /// The moment it is answered.
    pub now: Timestamp,
    /// How many entries the record had before anything of the answer was read; 0 where nobody is signed in.
    pub entries: u64,
}

/// Bytes somebody sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its media type, without parameters.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A file that came with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFile {
    /// The field it was put into.
    pub field: String,
    /// What it was called.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// Nobody we know.
    Stranger {
        /// What the sign-in form has to bring back.
        form_token: String,
    },
    /// Somebody signed in.
    Person {
        /// The token of the session, as the browser keeps it.
        token: String,
        /// The session.
        session: Box<Session>,
    },
    /// A program with a bearer token.
    Program {
        /// As whom it acts.
        actor: Actor,
    },
}

impl Ask {
    /// Reads from the store.
    ///
    /// # Errors
    /// What the store says.
    pub fn read<T>(&self, read: impl FnOnce(&dyn Look) -> Result<T, Failure>) -> Result<T, Problem> {
        let (mut read, mut found) = (Some(read), None);
        self.app.node.read(&mut |look| found = read.take().map(|read| read(look)));
        found.expect("a node reads when it is asked to").map_err(Problem::Failed)
    }

    /// Takes an act as whoever asks.
    ///
    /// # Errors
    /// The refusal, or why the node could not take it.
    pub fn act(&self, wanted: Wanted) -> Result<Acted, Problem> {
        let actor = self.actor().ok_or(Problem::Forbidden)?;
        self.app.node.act(actor, wanted).map_err(Problem::from)
    }

    /// Takes what was filled in before on this page and could not be taken as it stood.
    #[must_use]
    pub fn take_draft(&self, is_its: impl FnOnce(&Draft) -> bool) -> Option<Draft> {
        match &self.visitor {
            Visitor::Person { token, .. } => self.app.sessions.take_draft(token, is_its),
            Visitor::Stranger { .. } | Visitor::Program { .. } => None,
        }
    }

    /// The session of whoever asks.
    ///
    /// # Errors
    /// [`Problem::Forbidden`] where nobody is signed in; the rim lets nobody come so far.
    pub fn session(&self) -> Result<&Session, Problem> {
        match &self.visitor {
            Visitor::Person { session, .. } => Ok(session),
            Visitor::Stranger { .. } | Visitor::Program { .. } => Err(Problem::Forbidden),
        }
    }

    /// As whom whoever asks acts.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        match &self.visitor {
            Visitor::Person { session, .. } => Some(session.actor()),
            Visitor::Program { actor } => Some(actor.clone()),
            Visitor::Stranger { .. } => None,
        }
    }

    /// The role whoever asks acts in.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.actor().map(|actor| actor.role)
    }

    /// The act id a form brought with it, so that a form sent twice is one act.
    ///
    /// # Errors
    /// [`Problem::BadForm`] where it is missing or longer than any of ours.
    pub fn act_id(&self) -> Result<ActId, Problem> {
        let id = self.form.text("act_id");
        if id.is_empty() || id.len() > 128 { Err(Problem::BadForm) } else { Ok(ActId::new(id)) }
    }

    /// The page to go back to after a form: an address of our own, never another site's.
    #[must_use]
    pub fn back_to<'a>(&'a self, otherwise: &'a str) -> &'a str {
        Some(self.form.text("back")).filter(|back| is_own(back)).unwrap_or(otherwise)
    }

    /// Keeps what was filled in for the page it goes back to.
    #[must_use]
    pub fn again(&self, draft: Draft, to: &str) -> Reply {
        if let Visitor::Person { token, .. } = &self.visitor {
            self.app.sessions.keep_draft(token, draft);
        }
        Reply::see(to)
    }

    /// Leaves a notice for the next page and goes there.
    #[must_use]
    pub fn tell(&self, notice: Notice, to: &str) -> Reply {
        if let Visitor::Person { token, .. } = &self.visitor {
            self.app.sessions.leave(token, notice);
        }
        Reply::see(to)
    }
}

/// Whether an address is a path of our own.
#[must_use]
pub(crate) fn is_own(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.contains(['\\', '\r', '\n'])
}

/// What a page answers.
#[derive(Debug, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The content.
    pub content: Content,
    /// Cookies to set, as whole header values.
    pub cookies: Vec<String>,
}

/// The content of an answer.
#[derive(Debug, PartialEq)]
pub enum Content {
    /// A page.
    Html(String),
    /// JSON for programs.
    Json(Value),
    /// Bytes as they are.
    File {
        /// Their media type.
        media: &'static str,
        /// The name to keep them under; `None` shows them in place.
        name: Option<String>,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A file of ours that never changes under its name.
    Asset {
        /// Its media type.
        media: &'static str,
        /// The bytes.
        bytes: &'static [u8],
    },
    /// Look there.
    See(String),
    /// What changes from now on, as server-sent events.
    Live,
}

impl Reply {
    /// A page.
    #[must_use]
    pub const fn html(page: String) -> Self {
        Self::of(200, Content::Html(page))
    }

    /// JSON.
    #[must_use]
    pub const fn json(status: u16, value: Value) -> Self {
        Self::of(status, Content::Json(value))
    }

    /// Look there.
    #[must_use]
    pub fn see(address: impl Into<String>) -> Self {
        Self::of(303, Content::See(address.into()))
    }

    /// Bytes under a name.
    #[must_use]
    pub fn file(media: &'static str, name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self::of(200, Content::File { media, name: Some(name.into()), bytes })
    }

    /// Any answer.
    #[must_use]
    pub const fn of(status: u16, content: Content) -> Self {
        Self { status, content, cookies: Vec::new() }
    }

    /// The same answer, which sets a cookie besides.
    #[must_use]
    pub fn cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Problem {
    /// There is nothing at this address.
    NotFound,
    /// Whoever asks may not.
    Forbidden,
    /// Whoever asks has to sign in first.
    SignIn,
    /// The form or body is not one of ours, or not whole.
    BadForm,
    /// More was sent than is taken.
    TooLarge,
    /// The act is not possible now.
    Refused(Refusal),
    /// More is waiting than the node takes in, or it is stopping.
    Busy,
    /// We or the machine failed.
    Failed(Failure),
    /// A page could not be drawn.
    Undrawn(String),
}

impl From<NotDone> for Problem {
    fn from(reason: NotDone) -> Self {
        match reason {
            NotDone::Refused(refusal) => Self::Refused(refusal),
            NotDone::Failed(failure) => Self::Failed(failure),
            NotDone::Busy | NotDone::Stopping => Self::Busy,
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::Undrawn(error.to_string())
    }
}

impl Problem {
    /// The HTTP status it is answered with.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden => 403,
            Self::SignIn => 401,
            Self::BadForm => 400,
            Self::TooLarge => 413,
            Self::Refused(_) => 409,
            Self::Busy => 503,
            Self::Failed(_) | Self::Undrawn(_) => 500,
        }
    }

    /// Its code, which has a page under `/codes`.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "not-permitted",
            Self::SignIn => "not-signed-in",
            Self::BadForm => "form-incomplete",
            Self::TooLarge => "too-large",
            Self::Refused(refusal) => &refusal.code,
            Self::Busy => "node-busy",
            Self::Failed(_) | Self::Undrawn(_) => "node-failed",
        }
    }
}
