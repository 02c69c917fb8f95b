//! A consignment as the gate sees it: our import declaration and what partners said about it.

mod standing;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::believed::{self, Believed, Preference};
use super::finding::{self, Finding};
use super::{Difference, Group, Tie};
use crate::agreement::ReceivedAct;
use crate::certificate::CertificateAct;
use crate::declaration::{Declaration, Remark};
use crate::operator::{Recognition, recognise};
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

/// A finding raised on a consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Raised {
    item: CaseId,
    code: String,
    open: bool,
}

/// What was decided at the border.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Decision {
    released: bool,
    reason: String,
    by: String,
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

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Our declaration is there, or is there changed.
    Declare {
        /// The declaration as it is now.
        declaration: Box<Declaration>,
    },
    /// The matcher ties a received item to it, or judges the tie anew.
    Link {
        /// The tie, with reasons and differences.
        tie: Box<Tie>,
    },
    /// The tie does not hold any more.
    Unlink {
        /// The received item.
        item: CaseId,
        /// Why: `voided`, `better-link`, `wrong-link`.
        reason: String,
    },
    /// What is wrong with our own declaration by itself.
    Check {
        /// Everything found; nothing where nothing is wrong any more.
        differences: Vec<Difference>,
    },
    /// Of several ways to tie it, somebody picks one, or none.
    Choose {
        /// The received item that is about these goods; without it, none of them is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<CaseId>,
    },
    /// A claim of the declaration was judged, or judged otherwise.
    Believe {
        /// What it is worth.
        believed: Box<Believed>,
    },
    /// A finding on it was decided, or opened again.
    NoteFinding {
        /// The finding.
        finding: CaseId,
        /// Whether it awaits a verdict.
        awaits: Awaits,
    },
    /// It is held for control.
    Hold {
        /// Why.
        reason: String,
    },
    /// It is let go.
    Release {
        /// Why; needed where findings are open.
        #[serde(default)]
        reason: String,
    },
    /// Our declaration was cancelled.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// Whether a finding awaits a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Awaits {
    /// Somebody must still decide.
    Verdict,
    /// Nothing.
    Nothing,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Declare { .. } => "declare",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::Check { .. } => "check",
            Self::Choose { .. } => "choose",
            Self::Believe { .. } => "believe",
            Self::NoteFinding { .. } => "note-finding",
            Self::Hold { .. } => "hold",
            Self::Release { .. } => "release",
            Self::Withdraw { .. } => "withdraw",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Declared, or declared anew.
    Declared {
        /// The declaration.
        declaration: Box<Declaration>,
    },
    /// Tied, or judged anew.
    Linked {
        /// The tie.
        tie: Box<Tie>,
        /// Findings that stood on the earlier judgement of this item and stand no more.
        gone: Vec<CaseId>,
    },
    /// No longer tied.
    Unlinked {
        /// The received item.
        item: CaseId,
        /// Why.
        reason: String,
        /// Findings that stood on it.
        gone: Vec<CaseId>,
    },
    /// Our own declaration was looked at by itself.
    Checked {
        /// Everything found.
        differences: Vec<Difference>,
        /// Findings that stood on an earlier look and stand no more.
        gone: Vec<CaseId>,
    },
    /// Of several ways to tie it, one was picked, or none.
    Chosen {
        /// The item that is about these goods.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<CaseId>,
        /// Those that are not, with the findings that stood on them.
        instead: BTreeMap<CaseId, Vec<CaseId>>,
    },
    /// A claim was judged.
    Believed {
        /// What it is worth.
        believed: Box<Believed>,
        /// Findings that stood on its earlier judgement and stand no more.
        gone: Vec<CaseId>,
    },
    /// A certificate is no longer quoted.
    Unquoted {
        /// Its case.
        subject: CaseId,
        /// Findings that stood on it.
        gone: Vec<CaseId>,
    },
    /// The recognition test came out otherwise than before.
    Recognised {
        /// How.
        recognition: Box<Recognition>,
        /// How before.
        before: Box<Recognition>,
    },
    /// At release: which preferences were given.
    PreferencesDecided {
        /// By line.
        preferences: Vec<Preference>,
    },
    /// A finding changed.
    FindingNoted {
        /// The finding.
        finding: CaseId,
        /// Whether it awaits a verdict.
        awaits: Awaits,
    },
    /// Held.
    Held {
        /// Why.
        reason: String,
        /// By whom.
        by: String,
    },
    /// Let go.
    Released {
        /// Why.
        reason: String,
        /// By whom.
        by: String,
    },
    /// Gone.
    Withdrawn {
        /// Why.
        reason: String,
    },
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
            Event::Linked { tie, gone } => {
                self.forget(gone);
                self.ties.insert(tie.item.clone(), (**tie).clone());
            }
            Event::Unlinked { item, reason, gone } => {
                self.forget(gone);
                self.ties.remove(item);
                if reason == WRONG_LINK {
                    self.rejected.insert(item.clone());
                }
            }
            Event::Checked { differences, gone } => {
                self.forget(gone);
                self.own.clone_from(differences);
                self.raise_own();
            }
            Event::Chosen { item, instead } => {
                for (other, gone) in instead {
                    self.forget(gone);
                    self.ties.remove(other);
                    self.rejected.insert(other.clone());
                }
                self.confirmed.extend(item.clone());
            }
            Event::Believed { believed, gone } => {
                self.forget(gone);
                self.believed.insert(believed.key(), (**believed).clone());
            }
            Event::Unquoted { subject, gone } => {
                self.forget(gone);
                self.believed.retain(|_, believed| believed.subject != *subject);
            }
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
        match event {
            Event::Linked { tie, .. } => self.raise(&tie.item, &tie.differences),
            Event::Believed { believed, .. } => self.raise(believed.stands_on(), &believed.differences),
            _ => {}
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Linked { tie, gone } => {
                let link = ReceivedAct::Link { consignment: facts.case.clone() };
                let mut effects = vec![Effect::act(tie.item.clone(), &link)];
                effects.extend(gone.iter().map(|case| withdraw(case, "difference-gone")));
                effects.extend(
                    tie.differences
                        .iter()
                        .map(|difference| self.raised(&tie.item, &tie.export, difference, facts)),
                );
                effects
            }
            Event::Unlinked { item, reason, gone } => {
                let unlink = ReceivedAct::Unlink { consignment: facts.case.clone() };
                let withdrawn = gone.iter().map(|case| withdraw(case, reason));
                std::iter::once(Effect::act(item.clone(), &unlink)).chain(withdrawn).collect()
            }
            Event::Checked { differences, gone } => {
                let withdrawn = gone.iter().map(|case| withdraw(case, "difference-gone"));
                let raised = differences.iter().map(|difference| {
                    let raise = finding::Act::Raise {
                        consignment: facts.case.clone(),
                        item: facts.case.clone(),
                        export: String::new(),
                        difference: Box::new(difference.clone()),
                        decide_before: self.declaration.as_ref().and_then(|declaration| declaration.arrives),
                    };
                    Effect::act(Finding::case_of(facts.case, facts.case, difference), &raise)
                });
                withdrawn.chain(raised).collect()
            }
            Event::Chosen { instead, .. } => {
                let unlink = ReceivedAct::Unlink { consignment: facts.case.clone() };
                let unlinked = instead.keys().map(|other| Effect::act(other.clone(), &unlink));
                let withdrawn = instead.values().flatten().map(|case| withdraw(case, WRONG_LINK));
                unlinked.chain(withdrawn).collect()
            }
            Event::Released { reason, .. } => {
                let mut effects = self.told_of_release(reason, facts);
                effects.extend(self.certificates_hear(&CertificateAct::Use { by: facts.case.clone() }));
                effects
            }
            Event::Withdrawn { reason } => {
                let mut effects: Vec<_> = self.findings.keys().map(|case| withdraw(case, reason)).collect();
                effects.extend(self.certificates_hear(&CertificateAct::Free { by: facts.case.clone() }));
                effects.extend(believed::taken(&self.recognition, facts));
                effects
            }
            Event::Declared { declaration } => believed::claims(declaration, facts),
            Event::Believed { believed, gone } => self.after_judgement(believed, gone, facts),
            Event::Unquoted { subject, gone } => {
                let free = CertificateAct::Free { by: facts.case.clone() };
                let withdrawn = gone.iter().map(|case| withdraw(case, "difference-gone"));
                std::iter::once(Effect::act(subject.clone(), &free)).chain(withdrawn).collect()
            }
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

/// The reason that also keeps an item from being tied again.
pub(crate) const WRONG_LINK: &str = "wrong-link";

fn withdraw(case: &CaseId, reason: &str) -> Effect {
    Effect::act(case.clone(), &finding::Act::Withdraw { reason: reason.to_owned() })
}
