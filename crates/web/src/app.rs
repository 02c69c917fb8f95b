//! What all pages share: the node behind them, the sessions, and how cookies are set.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::language::Language;
use crate::node_side::NodeSide;
use crate::pages::{Remembered, Statuses};
use crate::session::Sessions;
use crate::throttle::Throttle;

/// What all pages share.
pub struct App {
    /// The node behind the pages.
    pub node: Arc<dyn NodeSide>,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Which names are guessed at.
    pub names: Throttle,
    /// From which addresses somebody guesses; a whole office may share one.
    pub addresses: Throttle,
    /// The node's zone; UTC where its name is unknown.
    pub zone: TimeZone,
    /// The language of somebody who asked for none.
    pub language: Language,
    /// The status lists signed a moment ago.
    pub(crate) statuses: Statuses,
    /// The past profiles are tried on, as last read.
    pub(crate) past: Remembered,
    transport: Transport,
}

/// How the pages are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Over TLS; cookies are never sent without it.
    Tls,
    /// In the clear, on the machine itself.
    Loopback,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("node", self.node.identity()).finish_non_exhaustive()
    }
}

impl App {
    /// The pages before this node.
    #[must_use]
    pub fn new(node: Arc<dyn NodeSide>, transport: Transport) -> Self {
        let identity = node.identity();
        let zone = TimeZone::get(&identity.zone).unwrap_or(TimeZone::UTC);
        let language =
            identity.languages.iter().find_map(|code| Language::of(code)).unwrap_or(Language::English);
        Self {
            sessions: Sessions::default(),
            names: Throttle::after(5),
            addresses: Throttle::after(50),
            zone,
            language,
            statuses: Statuses::default(),
            past: Remembered::default(),
            transport,
            node,
        }
    }

    /// Whether the pages are reached over TLS.
    #[must_use]
    pub(crate) fn transport(&self) -> Transport {
        self.transport
    }

    /// The session cookie's name. Nodes on one machine share a host, and cookies know no ports.
    #[must_use]
    pub fn session_cookie(&self) -> String {
        format!("sampan-{}", self.node.identity().id)
    }

    /// The name of the cookie the sign-in form is checked against.
    #[must_use]
    pub fn form_cookie(&self) -> String {
        format!("sampan-form-{}", self.node.identity().id)
    }

    /// A cookie only this site's pages send back and no script can read; empty values remove it.
    #[must_use]
    pub fn cookie(&self, name: &str, value: &str) -> String {
        let age = if value.is_empty() { "; Max-Age=0" } else { "" };
        let secure = if self.transport == Transport::Tls { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{age}{secure}")
    }
}
