//! A registered guarantee at its office: what it covers now, what it covered, and who may still rely on it.
//!
//! A use is checked and reserved in one step of one case, so that no two movements can rely on the same money. Every
//! reservation ends once: given back, cancelled, or claimed and settled.

mod check;
mod event;
mod letters;
mod registered;
mod word;

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    CaseId, Digest, Effect, Facts, Field, Form, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::departure::DepartureAct;
use super::policy::Policy;
use super::wire::Letter;
use crate::roles::{EXCHANGE, GATE, PRINCIPAL};

pub use check::Reason;
pub use event::{GuaranteeAct, GuaranteeEvent};
pub use letters::unsent;
pub(super) use letters::{arrived, question, return_of};
pub use registered::{GuaranteeKind, Registered, Usage, UsageState, UseRequest};
pub use word::{Return, Word};

/// One guarantee.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Guarantee {
    registered: Option<Registered>,
    /// What movements rely or relied on, by MRN (with the voucher's number behind it where there is one).
    usages: BTreeMap<String, Usage>,
    /// Somebody asked for it though nobody registered it.
    unknown: bool,
    cancelled: Option<Timestamp>,
    liberated: bool,
    /// Vouchers that are no longer good, by first and last number.
    revoked: Vec<(String, String)>,
    /// Wrong access codes since the last right one.
    wrong: u32,
    locked_until: Option<Timestamp>,
    /// The last word of another country about each movement of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    heard: BTreeMap<String, Word>,
    /// Answers to other countries, so that each has its own id.
    #[serde(default)]
    answered: u32,
}

/// Where a guarantee stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Asked for, and not registered here.
    Unknown,
    /// Good for new movements.
    Valid,
    /// No new movement; those under way are still covered.
    Cancelled,
    /// Nobody is bound any more.
    Liberated,
}

const GUARANTEE: &str = "Protocol 7 of AFAFGIT, article 5 and its Technical Appendix";
const WIRE: &str = "the term with the country of departure";
const OWN: &str = "own practice: the office of guarantee";
const QUERY: &str = "a principal may ask for its own guarantees";

impl Procedure for Guarantee {
    const NAME: &'static str = "transit-guarantee";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("register", GATE, OWN),
        Offer::opening("use", Role::NODE, GUARANTEE),
        Offer::opening("check", Role::NODE, GUARANTEE),
        Offer::opening("return-abroad", Role::NODE, WIRE),
        Offer::opening("give-back", Role::NODE, GUARANTEE),
        Offer::at(Stage::Unknown, "register", GATE, OWN),
        Offer::at(Stage::Unknown, "use", Role::NODE, GUARANTEE),
        Offer::at(Stage::Unknown, "check", Role::NODE, GUARANTEE),
        Offer::at(Stage::Unknown, "return-abroad", Role::NODE, WIRE),
        Offer::at(Stage::Unknown, "give-back", Role::NODE, GUARANTEE),
        Offer::at(Stage::Valid, "use", Role::NODE, GUARANTEE),
        Offer::at(Stage::Valid, "check", Role::NODE, GUARANTEE),
        Offer::at(Stage::Valid, "return-abroad", Role::NODE, WIRE),
        Offer::at(Stage::Valid, "give-back", Role::NODE, GUARANTEE),
        Offer::at(Stage::Valid, "claim", Role::NODE, GUARANTEE),
        Offer::at(Stage::Valid, "query", PRINCIPAL, QUERY),
        Offer::at(Stage::Valid, "query", GATE, OWN),
        Offer::at(Stage::Valid, "set-code", PRINCIPAL, QUERY),
        Offer::at(Stage::Valid, "set-code", GATE, OWN),
        Offer::at(Stage::Valid, "cancel", GATE, "the guarantor's or principal's notice"),
        Offer::at(Stage::Valid, "revoke-vouchers", GATE, "the guarantor's notice"),
        Offer::at(Stage::Cancelled, "use", Role::NODE, GUARANTEE),
        Offer::at(Stage::Cancelled, "check", Role::NODE, GUARANTEE),
        Offer::at(Stage::Cancelled, "return-abroad", Role::NODE, WIRE),
        Offer::at(Stage::Cancelled, "give-back", Role::NODE, GUARANTEE),
        Offer::at(Stage::Cancelled, "claim", Role::NODE, GUARANTEE),
        Offer::at(Stage::Cancelled, "query", PRINCIPAL, QUERY),
        Offer::at(Stage::Cancelled, "query", GATE, OWN),
        Offer::at(
            Stage::Cancelled,
            "liberate",
            Role::NODE,
            "the time after which a cancellation takes effect",
        ),
        Offer::at(Stage::Liberated, "use", Role::NODE, GUARANTEE),
        Offer::at(Stage::Liberated, "check", Role::NODE, GUARANTEE),
        Offer::at(Stage::Liberated, "return-abroad", Role::NODE, WIRE),
        Offer::at(Stage::Liberated, "give-back", Role::NODE, GUARANTEE),
        Offer::at(Stage::Liberated, "query", GATE, OWN),
    ];

    const FORMS: &'static [Form] = &[
        Form::of("register", registered::FORM),
        Form::of(
            "query",
            &[Field::needed("identifier", Sort::Choice("guarantee-query", &["1", "2", "3", "4"]))],
        ),
        Form::of(
            "set-code",
            &[Field::optional("current", Sort::Text(64)), Field::needed("new", Sort::Text(64))],
        ),
        Form::of("cancel", &[Field::needed("reason", Sort::Text(300))]),
        Form::of(
            "revoke-vouchers",
            &[Field::needed("first", Sort::Text(7)), Field::needed("last", Sort::Text(7))],
        ),
    ];
    const READERS: &'static [Role] = &[EXCHANGE];

    type Stage = Stage;
    type Act = GuaranteeAct;
    type Event = GuaranteeEvent;

    fn stage(&self) -> Option<Stage> {
        match (&self.registered, self.unknown) {
            (None, false) => None,
            (None, true) => Some(Stage::Unknown),
            (Some(_), _) if self.liberated => Some(Stage::Liberated),
            (Some(_), _) if self.cancelled.is_some() => Some(Stage::Cancelled),
            (Some(_), _) => Some(Stage::Valid),
        }
    }

    fn decide(&self, act: &GuaranteeAct, facts: &Facts<'_>) -> Result<Vec<GuaranteeEvent>, Refusal> {
        self.weigh(act, facts)
    }

    fn apply(&mut self, event: &GuaranteeEvent) {
        self.take_in(event);
    }

    fn follow(&self, event: &GuaranteeEvent, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            GuaranteeEvent::Reserved { request, .. } => self.answer(Asked::Use, request, &[], facts),
            GuaranteeEvent::Denied { request, reasons, .. } => {
                self.answer(Asked::Use, request, reasons, facts)
            }
            GuaranteeEvent::Checked { request, reasons, .. } => {
                self.answer(Asked::Check, request, reasons, facts)
            }
            GuaranteeEvent::Cancelled { at, .. } => {
                let policy = Policy::of(&self.country(), facts);
                let due = policy.after("cancellation-effect", *at);
                vec![Effect::wake("liberate", due, &GuaranteeAct::Liberate)]
            }
            // What is still under way keeps its cover: ask again when a day has gone by.
            GuaranteeEvent::StillUsed => {
                let later = kernel::Limit::hours(24).after(facts.now);
                vec![Effect::wake("liberate", later, &GuaranteeAct::Liberate)]
            }
            _ => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage() else { return Summary::default() };
        let shown = self.registered.as_ref().map(|registered| {
            json!({
                "kind": registered.kind, "holder": registered.holder, "guarantor": registered.guarantor,
                "amount": registered.amount, "currency": registered.currency, "exposure": self.exposure(),
                "balance": registered.amount.map(|amount| amount - self.exposure()),
                "open": self.usages.values().filter(|usage| usage.is_open()).count(),
                "until": registered.until,
            })
        });
        let full = self
            .registered
            .as_ref()
            .is_some_and(|it| it.amount.is_some_and(|amount| self.exposure() >= amount));
        let grn = self.registered.as_ref().map(|it| it.grn.clone()).unwrap_or_default();
        let holder = self.registered.as_ref().map(|it| Reference::new("trader", it.holder.clone()));
        let open = self.usages.iter().filter(|(_, usage)| usage.is_open()).take(200);
        Summary {
            stage: stage.word().into(),
            title: grn,
            severity: full.then_some(Severity::Warning),
            closed: stage == Stage::Liberated,
            references: holder
                .into_iter()
                .chain(open.map(|(mrn, _)| Reference::new("mrn", mrn.clone())))
                .collect(),
            shown: shown.unwrap_or_default(),
            ..Summary::default()
        }
    }
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Valid => "valid",
            Self::Cancelled => "cancelled",
            Self::Liberated => "liberated",
        }
    }
}

/// What is answered.
#[derive(Clone, Copy)]
enum Asked {
    Use,
    Check,
}

impl Asked {
    const fn answer(self) -> &'static str {
        match self {
            Self::Use => "CD205C",
            Self::Check => "CD201C",
        }
    }
}

impl Guarantee {
    /// The case of a guarantee: its number, without that of a voucher.
    #[must_use]
    pub fn case_of(grn: &str) -> CaseId {
        CaseId::of(Self::NAME, grn.get(..17).unwrap_or(grn))
    }

    /// What it covers now: everything reserved or claimed and not yet ended.
    #[must_use]
    pub fn exposure(&self) -> Decimal {
        self.usages.values().filter(|usage| usage.is_open()).map(|usage| usage.amount).sum()
    }

    /// What is registered.
    #[must_use]
    pub const fn registered(&self) -> Option<&Registered> {
        self.registered.as_ref()
    }

    /// All uses, by movement.
    #[must_use]
    pub const fn usages(&self) -> &BTreeMap<String, Usage> {
        &self.usages
    }

    /// The answer to the movement that asked: an act at home, a message (201, 205) to another country.
    fn answer(
        &self,
        asked: Asked,
        request: &UseRequest,
        reasons: &[Reason],
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let Some(word) = &request.word else {
            let (grn, reasons, told) = (request.grn.clone(), reasons.to_vec(), None);
            let act = match asked {
                Asked::Use => DepartureAct::GuaranteeAnswered { grn, reasons, told },
                Asked::Check => DepartureAct::GuaranteeChecked { grn, reasons, told },
            };
            return vec![Effect::act(request.about.clone(), &act)];
        };
        let letter = Letter {
            from: kernel::NodeId::new(super::country_of(request.grn.get(2..).unwrap_or_default())),
            to: word.from.clone(),
            code: asked.answer(),
            content: letters::answer(self, request, reasons),
            answers: Some(word.message.clone()),
        };
        letter.send((&request.mrn, self.answered), facts)
    }

    fn country(&self) -> kernel::NodeId {
        let office = self.registered.as_ref().map(|it| it.office.as_str()).unwrap_or_default();
        kernel::NodeId::new(super::country_of(office))
    }

    /// The guarantee as an outsider may see it: never its access codes.
    #[must_use]
    pub fn codes(&self) -> &[Digest] {
        self.registered.as_ref().map_or(&[], |it| it.codes.as_slice())
    }
}
