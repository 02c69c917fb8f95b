//! What other countries say to a guarantee about movements of theirs, in whatever order and however often it comes.
//!
//! The country of departure has one will about a movement at a time, and writes it down with the moment. So the latest
//! word holds: one that was overtaken by a later one, or comes twice, changes nothing.

use jiff::{SignedDuration, Timestamp};
use kernel::{NodeId, Refusal};
use serde::{Deserialize, Serialize};

use super::registered::{UsageState, UseRequest};
use super::{Guarantee, GuaranteeEvent, check};

/// A word of another country: a check (200), a use (203), a cancellation (204), a credit (209).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Which country.
    pub from: NodeId,
    /// The message's id.
    pub message: String,
    /// When it was written, by the clock of that country.
    pub written: Timestamp,
}

/// What another country gives back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Return {
    /// The guarantee's number, with a voucher's behind it where it is one.
    pub grn: String,
    /// The movement.
    pub mrn: String,
    /// Given back after discharge (209), or cancelled (204).
    pub why: UsageState,
    /// The word that says so.
    pub word: Word,
}

impl Guarantee {
    /// Whether a request is to be weighed: at home always, from another country unless it was heard or overtaken.
    pub(super) fn is_news(&self, key: &str, word: Option<&Word>, now: Timestamp) -> Result<bool, Refusal> {
        let Some(word) = word else { return Ok(true) };
        match self.heard.get(key) {
            Some(last) => Ok(last.message != word.message && last.written <= word.written),
            None if word.written < before(now, HEARD_DAYS) => {
                Err(Refusal::new("word-too-old", word.message.clone()))
            }
            None => Ok(true),
        }
    }

    /// What another country gives back. It is noted also where nothing is bound: the use may still be on its way, and
    /// must find that it was overtaken.
    pub(super) fn returned(&self, back: &Return, now: Timestamp) -> Result<Vec<GuaranteeEvent>, Refusal> {
        let key = check::key_of(&back.mrn, &back.grn);
        let event = || GuaranteeEvent::ReturnedAbroad { back: Box::new(back.clone()), at: now };
        Ok(self.is_news(&key, Some(&back.word), now)?.then(event).into_iter().collect())
    }

    pub(super) fn take_return(&mut self, back: &Return, at: Timestamp) {
        self.unknown |= self.registered.is_none();
        let key = check::key_of(&back.mrn, &back.grn);
        self.hear(&key, &back.word);
        if let Some(usage) = self.usages.get_mut(&key).filter(|usage| usage.is_open()) {
            (usage.state, usage.ended) = (back.why, Some(at));
        }
        self.forget();
    }

    pub(super) fn hear_request(&mut self, key: &str, request: &UseRequest) {
        if let Some(word) = &request.word {
            self.hear(key, word);
            self.answered += 1;
        }
    }

    /// A new use that is denied takes the place of one its country had before and must have given up: the word that says so
    /// may have been overtaken.
    pub(super) fn give_up(&mut self, key: &str, request: &UseRequest) {
        let Some(word) = &request.word else { return };
        if let Some(usage) = self.usages.get_mut(key).filter(|usage| usage.state == UsageState::Reserved) {
            (usage.state, usage.ended) = (UsageState::Cancelled, Some(word.written));
        }
    }

    /// Remembers a word, and forgets what is so old that a double of it would be turned away for its age alone.
    fn hear(&mut self, key: &str, word: &Word) {
        let oldest = before(word.written, FORGOTTEN_DAYS);
        let bound = |key: &String| self.usages.get(key).is_some_and(super::Usage::is_open);
        self.heard.retain(|key, last| last.from != word.from || last.written >= oldest || bound(key));
        self.heard.insert(key.to_owned(), word.clone());
    }
}

/// Under which key the last check of a movement stands beside its uses.
pub(super) fn check_key(request: &UseRequest) -> String {
    format!("check {}", check::key(request))
}

fn before(moment: Timestamp, days: i64) -> Timestamp {
    moment.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}

/// After how many days the first word about a movement is not believed any more: no schedule tries for so long.
const HEARD_DAYS: i64 = 60;
/// After how many days a word is forgotten; later than a double of it would be turned away, whatever the clocks.
const FORGOTTEN_DAYS: i64 = 90;
