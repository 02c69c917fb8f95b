//! What an address is: how it is asked, by whom, and what answers.

use std::fmt;

use customs::roles::INSIDE;
use kernel::Role;

use crate::ask::{Ask, Problem, Reply};

/// One address and who may ask it.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// How it is asked.
    pub method: Method,
    /// Its path; `{name}` stands for one part, `{*name}` for all the rest.
    pub path: &'static str,
    /// Who may.
    pub may: May,
    /// How much its body may hold.
    pub takes: Takes,
    /// What is answered.
    pub answer: fn(&Ask) -> Result<Reply, Problem>,
}

/// How an address is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Changes nothing but the record of who read what.
    Get,
    /// Changes something.
    Post,
}

/// How much the body of a request may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// What a form needs.
    Form,
    /// What a form with files needs.
    Files,
    /// What declarations by the thousand need.
    Bulk,
    /// What values by the million need.
    Values,
}

/// The most bytes all files of one form may have together.
pub(crate) const ATTACHED_BYTES_MAX: usize = 24 << 20;

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody signed in, whatever their role.
    SignedIn,
    /// People signed in whose role may open the cases of the desk the path names; the page looks.
    Readers,
    /// People signed in who act in one of these roles.
    Roles(&'static [Role]),
    /// Programs with a bearer token whose account has one of these roles.
    Programs(&'static [Role]),
}

impl May {
    /// Whether this role may.
    #[must_use]
    pub fn allows(self, role: &Role) -> bool {
        match self {
            Self::Anyone | Self::SignedIn => true,
            // Who is not of the administration sees its own on pages made for that, and no desk.
            Self::Readers => INSIDE.contains(role),
            Self::Roles(roles) | Self::Programs(roles) => roles.contains(role),
        }
    }
}

impl Endpoint {
    /// The most bytes its body may have.
    #[must_use]
    pub const fn limit(&self) -> usize {
        match self.takes {
            Takes::Form => 64 << 10,
            Takes::Files => ATTACHED_BYTES_MAX + (1 << 20),
            Takes::Bulk => 64 << 20,
            Takes::Values => 160 << 20,
        }
    }
}

impl fmt::Display for May {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |roles: &[Role]| roles.iter().map(Role::as_str).collect::<Vec<_>>().join(" ");
        match self {
            Self::Anyone => f.write_str("anyone"),
            Self::SignedIn => f.write_str("signed-in"),
            Self::Readers => f.write_str("readers of the desk"),
            Self::Roles(roles) => f.write_str(&list(roles)),
            Self::Programs(roles) => write!(f, "bearer: {}", list(roles)),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
        })
    }
}
