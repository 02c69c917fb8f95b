//! A consignment as the gate sees it: our import declaration and what partners said about it.

mod act;
mod claims;
mod event;
mod findings;
mod links;
mod release;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{CaseId, Effect, Facts, Field, Form, Offer, Procedure, Reference, Refusal, Role, Sort, Summary};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use self::act::{Act, Awaits};
pub use self::event::Event;
use self::findings::Raised;
pub(crate) use self::links::WRONG_LINK;
use self::release::Decision;
use super::believed::{self, Believed, Preference};
use super::{Difference, Group, Tie};
use crate::declaration::Declaration;
use crate::operator::Recognition;
use crate::roles::{ANALYST, EXCHANGE, GATE, REVIEWER};

/// One consignment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Consignment {
    declaration: Option<Declaration>,
    /// What partners said, by the received item's case.
    ties: BTreeMap<CaseId, Tie>,
    /// Items somebody judged not to be about this consignment; they are not tied again.
    rejected: BTreeSet<CaseId>,
    /// Items somebody judged to be the right ones where several ways were likely.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    confirmed: BTreeSet<CaseId>,
    /// What is wrong with our own declaration, whatever partners say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    own: Vec<Difference>,
    /// Findings raised on it: the item each stands on, and whether it awaits a verdict.
    findings: BTreeMap<CaseId, Raised>,
    decision: Option<Decision>,
    withdrawn: Option<String>,
    /// What its claims are worth, by subject and line.
    #[serde(default)]
    believed: BTreeMap<String, Believed>,
    /// What the recognition test of its exporter found.
    #[serde(default)]
    recognition: Recognition,
    /// Which preferences were given at release.
    #[serde(default)]
    preferences: Vec<Preference>,
}

/// Where a consignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Declared to us; no partner said anything about it yet.
    Declared,
    /// A partner's statement is tied to it and equal.
    Matched,
    /// Part of what a partner exported; the rest is awaited.
    Partial,
    /// More than one way to tie it is likely.
    Ambiguous,
    /// A finding awaits a verdict.
    Flagged,
    /// Held for control.
    Held,
    /// Let go.
    Released,
    /// The declaration was cancelled.
    Withdrawn,
}

const MATCHER: &str = "matching under the item's term";
const CONTROL: &str = "Revised Kyoto Convention, General Annex, chapter 6 (customs control)";
const RELEASE: &str = "Revised Kyoto Convention, General Annex, chapter 3 (release of goods)";
const CLAIM: &str = "a certificate's or trusted trader's own case judges what the declaration claims";
const OWN: &str = "the administration's own clearance";

impl Procedure for Consignment {
    const NAME: &'static str = "consignment";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("declare", Role::NODE, OWN),
        Offer::at(Stage::Declared, "declare", Role::NODE, OWN),
        Offer::at(Stage::Declared, "check", Role::NODE, CHECK),
        Offer::at(Stage::Declared, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Declared, "believe", Role::NODE, CLAIM),
        Offer::at(Stage::Declared, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Declared, "hold", GATE, CONTROL),
        Offer::at(Stage::Declared, "release", GATE, RELEASE),
        Offer::at(Stage::Declared, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Matched, "declare", Role::NODE, OWN),
        Offer::at(Stage::Matched, "check", Role::NODE, CHECK),
        Offer::at(Stage::Matched, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Matched, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Matched, "unlink", ANALYST, "own practice: a wrong link is undone"),
        Offer::at(Stage::Matched, "believe", Role::NODE, CLAIM),
        Offer::at(Stage::Matched, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Matched, "hold", GATE, CONTROL),
        Offer::at(Stage::Matched, "release", GATE, RELEASE),
        Offer::at(Stage::Matched, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Partial, "declare", Role::NODE, OWN),
        Offer::at(Stage::Partial, "check", Role::NODE, CHECK),
        Offer::at(Stage::Partial, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Partial, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Partial, "unlink", ANALYST, "own practice: a wrong link is undone"),
        Offer::at(Stage::Partial, "believe", Role::NODE, CLAIM),
        Offer::at(Stage::Partial, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Partial, "hold", GATE, CONTROL),
        Offer::at(Stage::Partial, "release", GATE, RELEASE),
        Offer::at(Stage::Partial, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Ambiguous, "declare", Role::NODE, OWN),
        Offer::at(Stage::Ambiguous, "check", Role::NODE, CHECK),
        Offer::at(Stage::Ambiguous, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Ambiguous, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Ambiguous, "unlink", ANALYST, "own practice: a wrong link is undone"),
        Offer::at(Stage::Ambiguous, "choose", ANALYST, CHOICE),
        Offer::at(Stage::Ambiguous, "choose", GATE, CHOICE),
        Offer::at(Stage::Ambiguous, "believe", Role::NODE, CLAIM),
        Offer::at(Stage::Ambiguous, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Ambiguous, "hold", GATE, CONTROL),
        Offer::at(Stage::Ambiguous, "release", GATE, RELEASE),
        Offer::at(Stage::Ambiguous, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Flagged, "declare", Role::NODE, OWN),
        Offer::at(Stage::Flagged, "check", Role::NODE, CHECK),
        Offer::at(Stage::Flagged, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Flagged, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Flagged, "unlink", ANALYST, "own practice: a wrong link is undone"),
        Offer::at(Stage::Flagged, "choose", ANALYST, CHOICE),
        Offer::at(Stage::Flagged, "choose", GATE, CHOICE),
        Offer::at(Stage::Flagged, "believe", Role::NODE, CLAIM),
        Offer::at(Stage::Flagged, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Flagged, "hold", GATE, CONTROL),
        Offer::at(Stage::Flagged, "release", GATE, "release with findings open: a reason is recorded"),
        Offer::at(Stage::Flagged, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Held, "declare", Role::NODE, OWN),
        Offer::at(Stage::Held, "check", Role::NODE, CHECK),
        Offer::at(Stage::Held, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Held, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Held, "believe", Role::NODE, CLAIM),
        Offer::at(Stage::Held, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Held, "release", GATE, RELEASE),
        Offer::at(Stage::Held, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Released, "declare", Role::NODE, OWN),
        Offer::at(Stage::Released, "check", Role::NODE, CHECK),
        Offer::at(Stage::Released, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Released, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Released, "believe", Role::NODE, CLAIM),
        Offer::at(Stage::Released, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Withdrawn, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Withdrawn, "believe", Role::NODE, CLAIM),
        Offer::at(Stage::Withdrawn, "note-finding", Role::NODE, MATCHER),
    ];

    const FORMS: &'static [Form] = &[
        Form::of("hold", &[Field::needed("reason", Sort::Text(300))]),
        Form::of("release", &[Field::optional("reason", Sort::Text(300))]),
        Form::of("choose", &[Field::optional("item", Sort::Case("received"))]),
        Form::of(
            "unlink",
            &[
                Field::needed("item", Sort::Case("received")),
                Field::needed("reason", Sort::Choice("unlink-reason", &["wrong-link", "better-link"])),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.declaration.as_ref()?;
        Some(match &self.decision {
            _ if self.withdrawn.is_some() => Stage::Withdrawn,
            Some(decision) if decision.released => Stage::Released,
            Some(_) => Stage::Held,
            None => self.judged(),
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let by = || facts.actor.name.clone();
        match act {
            Act::Declare { declaration } if self.declaration.as_ref() == Some(&**declaration) => {
                Ok(Vec::new())
            }
            Act::Declare { declaration } => Ok(self.declared(declaration, facts)),
            Act::Believe { believed } if self.believed.get(&believed.key()) == Some(&**believed) => {
                Ok(Vec::new())
            }
            Act::Believe { believed } => {
                Ok(vec![Event::Believed { gone: self.gone_of(believed, facts), believed: believed.clone() }])
            }
            Act::Link { tie } if self.rejected.contains(&tie.item) => {
                Err(Refusal::new("link-rejected", tie.export.clone()))
            }
            Act::Link { tie } if self.ties.get(&tie.item) == Some(&**tie) => Ok(Vec::new()),
            Act::Link { tie } => Ok(vec![Event::Linked { gone: self.gone(tie, facts), tie: tie.clone() }]),
            Act::Unlink { item, .. } if !self.ties.contains_key(item) => Ok(Vec::new()),
            Act::Unlink { item, reason } => Ok(vec![Event::Unlinked {
                item: item.clone(),
                reason: reason.clone(),
                gone: self.standing_on(item),
            }]),
            Act::Check { differences } if self.own == *differences => Ok(Vec::new()),
            Act::Check { differences } => Ok(vec![Event::Checked {
                gone: self.gone_own(differences, facts),
                differences: differences.clone(),
            }]),
            Act::Choose { item } => self.chosen(item.as_ref()).map(|event| vec![event]),
            Act::NoteFinding { finding, awaits } => {
                Ok(vec![Event::FindingNoted { finding: finding.clone(), awaits: *awaits }])
            }
            Act::Hold { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "hold").remedy("reason"))
            }
            Act::Hold { reason } => Ok(vec![Event::Held { reason: reason.clone(), by: by() }]),
            Act::Release { reason } => {
                self.may_release(reason).map(|()| self.let_go(reason.trim().to_owned(), by()))
            }
            Act::Withdraw { reason } => Ok(vec![Event::Withdrawn { reason: reason.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Declared { declaration } => self.declaration = Some((**declaration).clone()),
            Event::Linked { tie, gone } => self.tie(tie, gone),
            Event::Unlinked { item, reason, gone } => self.untie(item, reason, gone),
            Event::Checked { differences, gone } => {
                self.forget(gone);
                self.own.clone_from(differences);
                self.raise_own();
            }
            Event::Chosen { item, instead } => self.settle(item.as_ref(), instead),
            Event::Believed { believed, gone } => self.believe(believed, gone),
            Event::Unquoted { subject, gone } => self.unquote(subject, gone),
            Event::Recognised { recognition, .. } => self.recognition = (**recognition).clone(),
            Event::PreferencesDecided { preferences } => self.preferences.clone_from(preferences),
            Event::FindingNoted { finding, awaits } => {
                if let Some(raised) = self.findings.get_mut(finding) {
                    raised.open = *awaits == Awaits::Verdict;
                }
            }
            Event::Held { reason, by } => {
                self.decision = Some(Decision { released: false, reason: reason.clone(), by: by.clone() });
            }
            Event::Released { reason, by } => {
                self.decision = Some(Decision { released: true, reason: reason.clone(), by: by.clone() });
            }
            Event::Withdrawn { reason } => self.withdrawn = Some(reason.clone()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Linked { tie, gone } => self.after_tie(tie, gone, facts),
            Event::Unlinked { item, reason, gone } => {
                links::untied(std::iter::once((item, gone)), reason, facts)
            }
            Event::Checked { differences, gone } => self.after_check(differences, gone, facts),
            Event::Chosen { instead, .. } => links::untied(instead.iter(), WRONG_LINK, facts),
            Event::Released { reason, .. } => self.after_release(reason, facts),
            Event::Withdrawn { reason } => self.after_withdrawal(reason, facts),
            Event::Declared { declaration } => believed::claims(declaration, facts),
            Event::Believed { believed, gone } => self.after_judgement(believed, gone, facts),
            Event::Unquoted { subject, gone } => claims::freed(subject, gone, facts),
            Event::Recognised { recognition, before } => self
                .declaration
                .as_ref()
                .map_or_else(Vec::new, |own| believed::recognised(recognition, before, own, facts)),
            Event::PreferencesDecided { .. } | Event::FindingNoted { .. } | Event::Held { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(declaration), Some(stage)) = (&self.declaration, self.stage()) else {
            return Summary::default();
        };
        let arrives = declaration
            .arrives
            .and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp()));
        let closed = matches!(stage, Stage::Released | Stage::Withdrawn);
        let mut references = vec![Reference::new("own", declaration.number.clone())];
        let quoted: BTreeSet<&str> =
            declaration.lines.iter().filter_map(|line| line.quoted_export.as_deref()).take(50).collect();
        references.extend(quoted.into_iter().map(|number| Reference::new("quoted", number)));
        references.extend(self.ties.values().map(|tie| Reference::new("export", tie.export.clone())));
        references.extend(self.ties.keys().map(|item| Reference::new("item", item.as_str())));
        references
            .extend(self.believed.values().map(|one| Reference::new("certificate", one.quoted.clone())));
        references.extend(self.recognition.code.iter().map(|code| Reference::new("operator", code.as_str())));
        Summary {
            stage: stage.word().into(),
            title: declaration.number.clone(),
            partner: declaration.export_country.as_ref().map_or("", |country| country.as_str()).to_owned(),
            due: arrives.filter(|_| !closed),
            severity: self.severity(),
            closed,
            references,
            shown: json!({
                "importer": declaration.importer.name, "supplier": declaration.exporter.name,
                "place": declaration.place, "mode": declaration.mode, "arrives": declaration.arrives,
                "lines": declaration.lines.len(), "hs": declaration.lines.first().and_then(|line| line.hs.clone()),
                "exports": self.ties.values().map(|tie| &tie.export).collect::<Vec<_>>(),
                "permille": self.ties.values().map(|tie| tie.permille).min(),
                "group": self.ties.values().next().map(|tie| tie.group),
                "open_ways": self.ties.values().filter(|tie| tie.group == Group::Ambiguous && !self.is_settled(tie)).count(),
                "findings": self.findings.values().filter(|raised| raised.open).count(),
                "worst": self.worst(),
                "decision": self.decision,
                "aeo": self.recognition.benefit, "aeo_reason": self.recognition.reason,
                "aeo_code": self.recognition.code, "aeo_at": self.recognition.at,
                "claims": self.believed.len(),
            }),
            ..Summary::default()
        }
    }
}

impl Consignment {
    /// The case of the consignment of one of our import declarations.
    #[must_use]
    pub fn case_of(number: &str) -> CaseId {
        CaseId::of(Self::NAME, number)
    }

    /// Our declaration.
    #[must_use]
    pub const fn declaration(&self) -> Option<&Declaration> {
        self.declaration.as_ref()
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Matched => "matched",
            Self::Partial => "partial",
            Self::Ambiguous => "ambiguous",
            Self::Flagged => "flagged",
            Self::Held => "held",
            Self::Released => "released",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The basis of looking at our own declaration by itself.
const CHECK: &str = "own practice: what cannot be is seen whatever partners say";
/// The basis of a choice between ways to tie.
const CHOICE: &str = "own practice: a person decides where the matcher cannot";
