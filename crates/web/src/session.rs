//! Sessions: who is signed in, as what, for what purpose. Kept in memory; a restart signs everybody out.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::rand;
use customs::terms::Purpose;
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, Digest, Role};
use node::Account;

use crate::draft::Draft;
use crate::language::Language;
use crate::notice::Notice;

/// Nobody's session outlives this much stillness.
pub(crate) const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// Nobody's session outlives a working day.
pub(crate) const LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who.
    pub account: Account,
    /// As what they act now; one of the account's roles.
    pub role: Role,
    /// What they read foreign items for.
    pub purpose: Purpose,
    /// The language of their pages.
    pub language: Language,
    /// What every form of theirs carries, so that no other site can send one.
    pub form_token: String,
    /// Names the session in act ids; says nothing about its token.
    pub name: String,
    since: Timestamp,
    seen: Timestamp,
    notice: Option<Notice>,
    draft: Option<Box<Draft>>,
}

impl Session {
    /// The actor of this session's acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::new(&self.account.name, self.role.clone())
    }
}

/// All sessions, found by the digest of their token: who reads the memory of the map cannot take a session over.
#[derive(Debug, Default)]
pub struct Sessions {
    open: Mutex<BTreeMap<Digest, Session>>,
}

impl Sessions {
    /// Opens a session and returns its token, which only the browser keeps.
    #[must_use]
    pub fn open(&self, account: Account, language: Language, now: Timestamp) -> String {
        let token = random_token();
        let role = account.roles.first().cloned().unwrap_or_else(|| Role::named("nobody"));
        let session = Session {
            purpose: usual_purpose(&role),
            role,
            account,
            language,
            form_token: random_token(),
            name: Digest::of(token.as_bytes()).short(),
            since: now,
            seen: now,
            notice: None,
            draft: None,
        };
        let mut open = self.lock();
        open.retain(|_, session| session.lives(now));
        open.insert(Digest::of(token.as_bytes()), session);
        token
    }

    /// The session of this token, if it still lives. `Pulse::Reader` keeps it alive, `Pulse::Script` does not.
    #[must_use]
    pub fn find(&self, token: &str, now: Timestamp, pulse: Pulse) -> Option<Session> {
        let key = Digest::of(token.as_bytes());
        let mut open = self.lock();
        let session = open.get_mut(&key)?;
        if !session.lives(now) {
            open.remove(&key);
            return None;
        }
        if pulse == Pulse::Reader {
            session.seen = now;
        }
        Some(session.clone())
    }

    /// Changes the session of this token, if there is one.
    pub fn change(&self, token: &str, change: impl FnOnce(&mut Session)) {
        if let Some(session) = self.lock().get_mut(&Digest::of(token.as_bytes())) {
            change(session);
        }
    }

    /// Leaves a notice for the next page of this session.
    pub fn leave(&self, token: &str, notice: Notice) {
        self.change(token, |session| session.notice = Some(notice));
    }

    /// Takes the notice left for this session.
    #[must_use]
    pub fn take_notice(&self, token: &str) -> Option<Notice> {
        self.lock().get_mut(&Digest::of(token.as_bytes()))?.notice.take()
    }

    /// Keeps what somebody filled in for the page they go back to.
    pub fn keep_draft(&self, token: &str, draft: Draft) {
        self.change(token, |session| session.draft = Some(Box::new(draft)));
    }

    /// Takes what was filled in, where the page is the one it was filled in on.
    #[must_use]
    pub fn take_draft(&self, token: &str, is_its: impl FnOnce(&Draft) -> bool) -> Option<Draft> {
        let mut open = self.lock();
        let session = open.get_mut(&Digest::of(token.as_bytes()))?;
        let its = session.draft.as_ref().is_some_and(|draft| is_its(draft));
        if its { session.draft.take().map(|draft| *draft) } else { None }
    }

    /// Closes the session of this token.
    pub fn close(&self, token: &str) {
        self.lock().remove(&Digest::of(token.as_bytes()));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Digest, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a person asks or the page's own script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    /// A person opened a page.
    Reader,
    /// The page refreshed itself.
    Script,
}

impl Session {
    fn lives(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen) < IDLE && now.duration_since(self.since) < LONGEST
    }
}

/// The purpose a role usually reads for; people can choose another one, and the terms decide.
#[must_use]
pub(crate) fn usual_purpose(role: &Role) -> Purpose {
    match role.as_str() {
        "gate-officer" => Purpose::BorderControl,
        "exchange-officer" => Purpose::Exchange,
        "reviewer" => Purpose::Audit,
        "director" | "secretary" => Purpose::Statistics,
        _ => Purpose::RiskAssessment,
    }
}

/// 32 random bytes as hexadecimal digits.
fn random_token() -> String {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the machine has randomness");
    Digest::from_bytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            name: "lan".into(),
            display: "Lan".into(),
            roles: vec![Role::named("gate-officer"), Role::named("analyst")],
            language: "vi".into(),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_session_ends_when_nobody_does_anything() {
        let sessions = Sessions::default();
        let token = sessions.open(account(), Language::English, at("2026-11-22T00:00:00Z"));
        let find = |moment, pulse| sessions.find(&token, at(moment), pulse).is_some();
        assert!(find("2026-11-22T00:29:00Z", Pulse::Reader));
        assert!(find("2026-11-22T00:58:00Z", Pulse::Script), "still within half an hour of the reader");
        assert!(!find("2026-11-22T01:00:00Z", Pulse::Reader), "the script kept nothing alive");
        assert!(!find("2026-11-22T00:30:00Z", Pulse::Reader), "and it is gone for good");
    }

    #[test]
    fn a_session_ends_after_a_working_day() {
        let sessions = Sessions::default();
        let start = at("2026-11-22T00:00:00Z");
        let token = sessions.open(account(), Language::English, start);
        let minutes = (0..).step_by(20).map(|minutes| start + SignedDuration::from_mins(minutes));
        let lived =
            minutes.take_while(|moment| sessions.find(&token, *moment, Pulse::Reader).is_some()).count();
        assert_eq!(lived, 12 * 3);
    }

    #[test]
    fn nobody_is_known_by_another_token_and_a_notice_is_read_once() {
        let sessions = Sessions::default();
        let now = at("2026-11-22T00:00:00Z");
        let token = sessions.open(account(), Language::English, now);
        assert!(sessions.find(&random_token(), now, Pulse::Reader).is_none());
        sessions.leave(&token, Notice::done("done.act"));
        assert!(sessions.take_notice(&token).is_some());
        assert!(sessions.take_notice(&token).is_none());
    }
}
