//! What may be wanted of a guarantee, what happened, and how it is weighed and taken in.

use jiff::Timestamp;
use kernel::{Digest, Facts, Named, Refusal};
use serde::{Deserialize, Serialize};

use super::check::{self, Reason};
use super::registered::{GuaranteeKind, Registered, Usage, UsageState, UseRequest};
use super::word::{Return, check_key};
use super::{Guarantee, Policy};
use crate::transit::{country_of, grn_is_sound};

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum GuaranteeAct {
    /// It is registered.
    Register {
        /// What.
        registered: Box<Registered>,
    },
    /// A movement is to rely on it (203): checked and reserved in one.
    Use {
        /// What it asks.
        request: Box<UseRequest>,
    },
    /// Whether a movement could rely on it (200): checked, nothing reserved.
    Check {
        /// What it asks.
        request: Box<UseRequest>,
    },
    /// Another country gives back what a movement of its own relied on: after discharge (209), or before it began (204).
    ReturnAbroad {
        /// What.
        back: Box<Return>,
    },
    /// What a movement relied on is given back: after discharge (209), or because it never began (204).
    GiveBack {
        /// The movement.
        mrn: String,
        /// Why.
        why: UsageState,
    },
    /// What a movement relies on is claimed.
    Claim {
        /// The movement.
        mrn: String,
    },
    /// Usage or exposure is asked for (034); the answer (037) is read from the case.
    Query {
        /// 1 usage, 2 exposure, 3 both, 4 its own data.
        identifier: String,
    },
    /// An access code is set (026).
    SetCode {
        /// The digest of the one that is replaced, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        current: Option<Digest>,
        /// The digest of the new one.
        new: Digest,
    },
    /// Nobody new may rely on it (231).
    Cancel {
        /// Why.
        reason: String,
    },
    /// Vouchers are no longer good (229).
    RevokeVouchers {
        /// The first number.
        first: String,
        /// The last.
        last: String,
    },
    /// The time after a cancellation is over (228).
    Liberate,
}

impl Named for GuaranteeAct {
    fn name(&self) -> &'static str {
        match self {
            Self::Register { .. } => "register",
            Self::Use { .. } => "use",
            Self::Check { .. } => "check",
            Self::ReturnAbroad { .. } => "return-abroad",
            Self::GiveBack { .. } => "give-back",
            Self::Claim { .. } => "claim",
            Self::Query { .. } => "query",
            Self::SetCode { .. } => "set-code",
            Self::Cancel { .. } => "cancel",
            Self::RevokeVouchers { .. } => "revoke-vouchers",
            Self::Liberate => "liberate",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum GuaranteeEvent {
    /// Registered.
    Registered {
        /// What.
        registered: Box<Registered>,
    },
    /// Reserved for a movement.
    Reserved {
        /// What it asked.
        request: Box<UseRequest>,
        /// When.
        at: Timestamp,
    },
    /// Denied to a movement.
    Denied {
        /// What it asked.
        request: Box<UseRequest>,
        /// All reasons.
        reasons: Vec<Reason>,
        /// Wrong codes since the last right one, this one included. While no code is believed none is counted.
        wrong: u32,
        /// Until when no code is believed, where this was one wrong code too many.
        locked_until: Option<Timestamp>,
    },
    /// Checked for a movement, and nothing reserved.
    Checked {
        /// What it asked.
        request: Box<UseRequest>,
        /// What would speak against it.
        reasons: Vec<Reason>,
        /// Wrong codes since the last right one, as for a denial.
        wrong: u32,
        /// Until when no code is believed, where this was one wrong code too many.
        locked_until: Option<Timestamp>,
    },
    /// Given back by another country, or noted that it was before its use came.
    ReturnedAbroad {
        /// What.
        back: Box<Return>,
        /// When.
        at: Timestamp,
    },
    /// Given back.
    GivenBack {
        /// The movement.
        mrn: String,
        /// Why.
        why: UsageState,
        /// When.
        at: Timestamp,
    },
    /// Claimed.
    Claimed {
        /// The movement.
        mrn: String,
    },
    /// Asked about.
    Queried {
        /// What.
        identifier: String,
    },
    /// An access code was set.
    CodeSet {
        /// The one that was replaced.
        current: Option<Digest>,
        /// The new one.
        new: Digest,
    },
    /// Nobody new may rely on it.
    Cancelled {
        /// Why.
        reason: String,
        /// Since when.
        at: Timestamp,
    },
    /// Vouchers are no longer good.
    VouchersRevoked {
        /// The first.
        first: String,
        /// The last.
        last: String,
    },
    /// Movements still rely on it; nobody is freed yet.
    StillUsed,
    /// Nobody is bound any more.
    Liberated,
}

impl Guarantee {
    pub(super) fn weigh(
        &self,
        act: &GuaranteeAct,
        facts: &Facts<'_>,
    ) -> Result<Vec<GuaranteeEvent>, Refusal> {
        match act {
            GuaranteeAct::Register { registered } => register(registered, facts),
            GuaranteeAct::Use { request } => self.used(request, facts),
            GuaranteeAct::Check { request } => self.checked(request, facts),
            GuaranteeAct::ReturnAbroad { back } => self.returned(back, facts.now),
            GuaranteeAct::GiveBack { mrn, why } => Ok(self.given_back(mrn, *why, facts)),
            GuaranteeAct::Claim { mrn } => {
                let open = self.of(mrn).any(|(_, usage)| usage.state == UsageState::Reserved);
                Ok(open.then(|| GuaranteeEvent::Claimed { mrn: mrn.clone() }).into_iter().collect())
            }
            GuaranteeAct::Query { identifier } => self.asked(identifier, facts),
            GuaranteeAct::SetCode { current, new } => self.code(*current, *new, facts),
            GuaranteeAct::Cancel { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "cancel").remedy("reason"))
            }
            GuaranteeAct::Cancel { reason } => {
                Ok(vec![GuaranteeEvent::Cancelled { reason: reason.clone(), at: facts.now }])
            }
            GuaranteeAct::RevokeVouchers { first, last } if first > last => {
                Err(Refusal::new("range-backwards", format!("{first}-{last}")))
            }
            GuaranteeAct::RevokeVouchers { first, last } => {
                Ok(vec![GuaranteeEvent::VouchersRevoked { first: first.clone(), last: last.clone() }])
            }
            GuaranteeAct::Liberate if self.usages.values().any(Usage::is_open) => {
                Ok(vec![GuaranteeEvent::StillUsed])
            }
            GuaranteeAct::Liberate => Ok(vec![GuaranteeEvent::Liberated]),
        }
    }

    /// Checked and, where nothing speaks against it, reserved. The same request again is answered alike.
    fn used(&self, request: &UseRequest, facts: &Facts<'_>) -> Result<Vec<GuaranteeEvent>, Refusal> {
        if !self.is_news(&check::key(request), request.word.as_ref(), facts.now)? {
            return Ok(Vec::new());
        }
        let request = Box::new(request.clone());
        let reasons = check::reasons(self, &request, facts.now, facts.day());
        if reasons.is_empty() {
            return Ok(vec![GuaranteeEvent::Reserved { request, at: facts.now }]);
        }
        let (wrong, locked_until) = self.tries(&reasons, facts);
        Ok(vec![GuaranteeEvent::Denied { request, reasons, wrong, locked_until }])
    }

    fn checked(&self, request: &UseRequest, facts: &Facts<'_>) -> Result<Vec<GuaranteeEvent>, Refusal> {
        if !self.is_news(&check_key(request), request.word.as_ref(), facts.now)? {
            return Ok(Vec::new());
        }
        let request = Box::new(request.clone());
        let reasons = check::reasons(self, &request, facts.now, facts.day());
        let (wrong, locked_until) = self.tries(&reasons, facts);
        Ok(vec![GuaranteeEvent::Checked { request, reasons, wrong, locked_until }])
    }

    /// Wrong codes so far and, after one too many, until when none is believed. Whoever asks counts, from wherever, and for
    /// a check as for a use.
    fn tries(&self, reasons: &[Reason], facts: &Facts<'_>) -> (u32, Option<Timestamp>) {
        let policy = Policy::of(&self.country(), facts);
        let counts =
            reasons.contains(&Reason::G03) && self.locked_until.is_none_or(|until| until <= facts.now);
        let wrong = self.wrong + u32::from(counts);
        let locked = counts && wrong >= policy.tries;
        (wrong, locked.then(|| policy.after("access-code-lock", facts.now)))
    }

    fn of(&self, mrn: &str) -> impl Iterator<Item = (&String, &Usage)> {
        let mrn = mrn.to_owned();
        self.usages.iter().filter(move |(key, _)| key.split(' ').next() == Some(mrn.as_str()))
    }

    /// Nothing where nothing is open: giving back twice changes nothing.
    fn given_back(&self, mrn: &str, why: UsageState, facts: &Facts<'_>) -> Vec<GuaranteeEvent> {
        let open = self.of(mrn).any(|(_, usage)| usage.is_open());
        let ends = matches!(why, UsageState::GivenBack | UsageState::Cancelled);
        let event = || GuaranteeEvent::GivenBack { mrn: mrn.to_owned(), why, at: facts.now };
        (open && ends).then(event).into_iter().collect()
    }

    /// A principal asks for its own guarantees alone, and of those for one journey only for usage and data.
    fn asked(&self, identifier: &str, facts: &Facts<'_>) -> Result<Vec<GuaranteeEvent>, Refusal> {
        let registered = self.registered.as_ref().ok_or_else(|| Refusal::new("guarantee-unknown", ""))?;
        if facts.actor.role == crate::roles::PRINCIPAL && facts.actor.name != registered.holder {
            return Err(Refusal::new("not-yours", registered.grn.clone()));
        }
        let single = matches!(registered.kind, GuaranteeKind::Individual | GuaranteeKind::Voucher);
        if single && !["1", "4"].contains(&identifier) {
            return Err(Refusal::new("query-not-for-kind", identifier).remedy("1, 4"));
        }
        Ok(vec![GuaranteeEvent::Queried { identifier: identifier.to_owned() }])
    }

    fn code(
        &self,
        current: Option<Digest>,
        new: Digest,
        facts: &Facts<'_>,
    ) -> Result<Vec<GuaranteeEvent>, Refusal> {
        let registered = self.registered.as_ref().ok_or_else(|| Refusal::new("guarantee-unknown", ""))?;
        let own = facts.actor.role == crate::roles::PRINCIPAL;
        if own && facts.actor.name != registered.holder {
            return Err(Refusal::new("not-yours", registered.grn.clone()));
        }
        let known = current.is_none_or(|code| registered.codes.contains(&code));
        if !known || (own && current.is_none() && !registered.codes.is_empty()) {
            return Err(Refusal::new("access-code-wrong", registered.grn.clone()).remedy("current"));
        }
        Ok(vec![GuaranteeEvent::CodeSet { current, new }])
    }

    pub(super) fn take_in(&mut self, event: &GuaranteeEvent) {
        match event {
            GuaranteeEvent::Registered { registered } => self.registered = Some((**registered).clone()),
            GuaranteeEvent::Reserved { request, at } => {
                (self.wrong, self.locked_until) = (0, None);
                let usage = Usage {
                    amount: request.amount,
                    voucher: request.voucher().to_owned(),
                    since: *at,
                    ended: None,
                    state: UsageState::Reserved,
                    about: request.about.clone(),
                };
                self.usages.insert(check::key(request), usage);
                self.hear_request(&check::key(request), request);
            }
            GuaranteeEvent::Denied { request, reasons, wrong, locked_until } => {
                self.count_tries(reasons, *wrong, *locked_until);
                self.give_up(&check::key(request), request);
                self.hear_request(&check::key(request), request);
            }
            GuaranteeEvent::Checked { request, reasons, wrong, locked_until } => {
                self.count_tries(reasons, *wrong, *locked_until);
                self.hear_request(&check_key(request), request);
            }
            GuaranteeEvent::ReturnedAbroad { back, at } => self.take_return(back, *at),
            GuaranteeEvent::GivenBack { mrn, why, at } => self.end(mrn, *why, *at),
            GuaranteeEvent::Claimed { mrn } => {
                for (_, usage) in self.usages.iter_mut().filter(|(key, _)| key.split(' ').next() == Some(mrn))
                {
                    usage.state = UsageState::Claimed;
                }
            }
            GuaranteeEvent::CodeSet { current, new } => {
                if let Some(registered) = &mut self.registered {
                    registered.codes.retain(|code| Some(*code) != *current);
                    registered.codes.push(*new);
                }
            }
            GuaranteeEvent::Cancelled { at, .. } => self.cancelled = Some(*at),
            GuaranteeEvent::VouchersRevoked { first, last } => {
                self.revoked.push((first.clone(), last.clone()));
            }
            GuaranteeEvent::Liberated => self.liberated = true,
            GuaranteeEvent::Queried { .. } | GuaranteeEvent::StillUsed => {}
        }
    }

    fn count_tries(&mut self, reasons: &[Reason], wrong: u32, locked_until: Option<Timestamp>) {
        self.unknown |= reasons.contains(&Reason::G01);
        self.wrong = wrong;
        if locked_until.is_some() {
            (self.locked_until, self.wrong) = (locked_until, 0);
        }
    }

    fn end(&mut self, mrn: &str, why: UsageState, at: Timestamp) {
        let of = self.usages.iter_mut().filter(|(key, _)| key.split(' ').next() == Some(mrn));
        for (_, usage) in of.filter(|(_, usage)| usage.is_open()) {
            (usage.state, usage.ended) = (why, Some(at));
        }
        self.forget();
    }

    /// Leaves out the oldest of what is over; the record has it. A voucher is remembered for as long as it could be used
    /// again, which is always.
    pub(super) fn forget(&mut self) {
        let over = |usage: &Usage| if usage.voucher.is_empty() { usage.ended } else { None };
        let mut ended: Vec<_> =
            self.usages.iter().filter_map(|(key, it)| Some((over(it)?, key.clone()))).collect();
        if ended.len() > ENDED_KEPT {
            ended.sort();
            for (_, key) in &ended[..ended.len() - ENDED_KEPT] {
                self.usages.remove(key);
            }
        }
    }
}

/// How many usages that are over a guarantee's state still shows.
const ENDED_KEPT: usize = 100;

fn register(registered: &Registered, facts: &Facts<'_>) -> Result<Vec<GuaranteeEvent>, Refusal> {
    if !grn_is_sound(&registered.grn) || registered.grn.len() != 17 {
        return Err(Refusal::new("grn-unsound", registered.grn.clone()));
    }
    if facts.case != &Guarantee::case_of(&registered.grn) {
        return Err(Refusal::new("case-not-of-number", facts.case.as_str()).remedy(registered.grn.clone()));
    }
    if country_of(&registered.office) != country_of(&registered.grn[2..]) {
        return Err(Refusal::new("office-elsewhere", registered.office.clone()));
    }
    let waiver = registered.kind == GuaranteeKind::Waiver;
    if registered.amount.is_none() != waiver || registered.amount.is_some_and(|it| it.is_sign_negative()) {
        return Err(Refusal::new("amount-missing", registered.grn.clone()).remedy("amount"));
    }
    Ok(vec![GuaranteeEvent::Registered { registered: Box::new(registered.clone()) }])
}
