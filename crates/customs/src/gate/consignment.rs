//! A consignment as the gate sees it: our import declaration and what partners said about it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::finding::{self, Finding};
use super::{Group, Tie};
use crate::agreement::ReceivedAct;
use crate::declaration::{Declaration, Remark};
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
    /// Findings raised on it: the item each stands on, and whether it awaits a verdict.
    findings: BTreeMap<CaseId, Raised>,
    decision: Option<Decision>,
    withdrawn: Option<String>,
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
    /// Of several ways to tie it, somebody picks one, or none.
    Choose {
        /// The received item that is about these goods; without it, none of them is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<CaseId>,
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
            Self::Choose { .. } => "choose",
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
    /// Of several ways to tie it, one was picked, or none.
    Chosen {
        /// The item that is about these goods.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<CaseId>,
        /// Those that are not, with the findings that stood on them.
        instead: BTreeMap<CaseId, Vec<CaseId>>,
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
const OWN: &str = "the administration's own clearance";

impl Procedure for Consignment {
    const NAME: &'static str = "consignment";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("declare", Role::NODE, OWN),
        Offer::at(Stage::Declared, "declare", Role::NODE, OWN),
        Offer::at(Stage::Declared, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Declared, "hold", GATE, CONTROL),
        Offer::at(Stage::Declared, "release", GATE, RELEASE),
        Offer::at(Stage::Declared, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Matched, "declare", Role::NODE, OWN),
        Offer::at(Stage::Matched, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Matched, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Matched, "unlink", ANALYST, "own practice: a wrong link is undone"),
        Offer::at(Stage::Matched, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Matched, "hold", GATE, CONTROL),
        Offer::at(Stage::Matched, "release", GATE, RELEASE),
        Offer::at(Stage::Matched, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Partial, "declare", Role::NODE, OWN),
        Offer::at(Stage::Partial, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Partial, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Partial, "unlink", ANALYST, "own practice: a wrong link is undone"),
        Offer::at(Stage::Partial, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Partial, "hold", GATE, CONTROL),
        Offer::at(Stage::Partial, "release", GATE, RELEASE),
        Offer::at(Stage::Partial, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Ambiguous, "declare", Role::NODE, OWN),
        Offer::at(Stage::Ambiguous, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Ambiguous, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Ambiguous, "unlink", ANALYST, "own practice: a wrong link is undone"),
        Offer::at(Stage::Ambiguous, "choose", ANALYST, CHOICE),
        Offer::at(Stage::Ambiguous, "choose", GATE, CHOICE),
        Offer::at(Stage::Ambiguous, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Ambiguous, "hold", GATE, CONTROL),
        Offer::at(Stage::Ambiguous, "release", GATE, RELEASE),
        Offer::at(Stage::Ambiguous, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Flagged, "declare", Role::NODE, OWN),
        Offer::at(Stage::Flagged, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Flagged, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Flagged, "unlink", ANALYST, "own practice: a wrong link is undone"),
        Offer::at(Stage::Flagged, "choose", ANALYST, CHOICE),
        Offer::at(Stage::Flagged, "choose", GATE, CHOICE),
        Offer::at(Stage::Flagged, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Flagged, "hold", GATE, CONTROL),
        Offer::at(Stage::Flagged, "release", GATE, "release with findings open: a reason is recorded"),
        Offer::at(Stage::Flagged, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Held, "declare", Role::NODE, OWN),
        Offer::at(Stage::Held, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Held, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Held, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Held, "release", GATE, RELEASE),
        Offer::at(Stage::Held, "withdraw", Role::NODE, OWN),
        Offer::at(Stage::Released, "declare", Role::NODE, OWN),
        Offer::at(Stage::Released, "link", Role::NODE, MATCHER),
        Offer::at(Stage::Released, "unlink", Role::NODE, MATCHER),
        Offer::at(Stage::Released, "note-finding", Role::NODE, MATCHER),
        Offer::at(Stage::Withdrawn, "unlink", Role::NODE, MATCHER),
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
            Act::Declare { declaration } => Ok(vec![Event::Declared { declaration: declaration.clone() }]),
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
            Act::Choose { item } => self.chosen(item.as_ref()).map(|event| vec![event]),
            Act::NoteFinding { finding, awaits } => {
                Ok(vec![Event::FindingNoted { finding: finding.clone(), awaits: *awaits }])
            }
            Act::Hold { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "hold").remedy("reason"))
            }
            Act::Hold { reason } => Ok(vec![Event::Held { reason: reason.clone(), by: by() }]),
            Act::Release { reason } => self
                .may_release(reason)
                .map(|()| vec![Event::Released { reason: reason.trim().to_owned(), by: by() }]),
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
            Event::Chosen { item, instead } => {
                for (other, gone) in instead {
                    self.forget(gone);
                    self.ties.remove(other);
                    self.rejected.insert(other.clone());
                }
                self.confirmed.extend(item.clone());
            }
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
        if let Event::Linked { tie, .. } = event {
            self.raise(tie);
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Linked { tie, gone } => {
                let link = ReceivedAct::Link { consignment: facts.case.clone() };
                let mut effects = vec![Effect::act(tie.item.clone(), &link)];
                effects.extend(gone.iter().map(|case| withdraw(case, "difference-gone")));
                effects.extend(tie.differences.iter().map(|difference| {
                    let raise = finding::Act::Raise {
                        consignment: facts.case.clone(),
                        item: tie.item.clone(),
                        export: tie.export.clone(),
                        difference: Box::new(difference.clone()),
                        decide_before: self.declaration.as_ref().and_then(|declaration| declaration.arrives),
                    };
                    Effect::act(Finding::case_of(facts.case, &tie.item, difference), &raise)
                }));
                effects
            }
            Event::Unlinked { item, reason, gone } => {
                let unlink = ReceivedAct::Unlink { consignment: facts.case.clone() };
                let withdrawn = gone.iter().map(|case| withdraw(case, reason));
                std::iter::once(Effect::act(item.clone(), &unlink)).chain(withdrawn).collect()
            }
            Event::Chosen { instead, .. } => {
                let unlink = ReceivedAct::Unlink { consignment: facts.case.clone() };
                let unlinked = instead.keys().map(|other| Effect::act(other.clone(), &unlink));
                let withdrawn = instead.values().flatten().map(|case| withdraw(case, WRONG_LINK));
                unlinked.chain(withdrawn).collect()
            }
            Event::Released { reason, .. } => self.told_of_release(reason, facts),
            Event::Withdrawn { reason } => self.findings.keys().map(|case| withdraw(case, reason)).collect(),
            Event::Declared { .. } | Event::FindingNoted { .. } | Event::Held { .. } => Vec::new(),
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
        references.extend(self.ties.values().map(|tie| Reference::new("export", tie.export.clone())));
        references.extend(self.ties.keys().map(|item| Reference::new("item", item.as_str())));
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

    /// What partners said about it, by received item.
    #[must_use]
    pub const fn ties(&self) -> &BTreeMap<CaseId, Tie> {
        &self.ties
    }

    /// The findings raised on it.
    pub fn findings(&self) -> impl Iterator<Item = &CaseId> {
        self.findings.keys()
    }

    fn judged(&self) -> Stage {
        let any = |group: Group| self.ties.values().any(|tie| tie.group == group && !self.is_settled(tie));
        match () {
            () if self.findings.values().any(|raised| raised.open) => Stage::Flagged,
            () if any(Group::Ambiguous) => Stage::Ambiguous,
            () if any(Group::Partial) => Stage::Partial,
            () if self.ties.is_empty() => Stage::Declared,
            () => Stage::Matched,
        }
    }

    /// Whether somebody settled how it is tied where several ways were likely.
    fn is_settled(&self, tie: &Tie) -> bool {
        tie.group == Group::Ambiguous && self.confirmed.contains(&tie.item)
    }

    /// Of the ways that compete, one is picked, or none; those left are not tied again.
    fn chosen(&self, item: Option<&CaseId>) -> Result<Event, Refusal> {
        let open: Vec<&CaseId> =
            self.ties.values().filter(|tie| tie.group == Group::Ambiguous).map(|tie| &tie.item).collect();
        if open.is_empty() || item.is_some_and(|item| !open.contains(&item)) {
            let named = item.map_or_else(String::new, ToString::to_string);
            return Err(Refusal::new("link-not-open", named)
                .remedy(open.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")));
        }
        let instead = open.into_iter().filter(|other| Some(*other) != item);
        let instead = instead.map(|other| (other.clone(), self.standing_on(other))).collect();
        Ok(Event::Chosen { item: item.cloned(), instead })
    }

    fn standing_on(&self, item: &CaseId) -> Vec<CaseId> {
        let on_item = |(_, raised): &(&CaseId, &Raised)| raised.item == *item;
        self.findings.iter().filter(on_item).map(|(case, _)| case.clone()).collect()
    }

    /// The findings of an item that its new judgement no longer bears out.
    fn gone(&self, tie: &Tie, facts: &Facts<'_>) -> Vec<CaseId> {
        let stays = |case: &CaseId| {
            let mut cases =
                tie.differences.iter().map(|difference| Finding::case_of(facts.case, &tie.item, difference));
            cases.any(|still| still == *case)
        };
        self.standing_on(&tie.item).into_iter().filter(|case| !stays(case)).collect()
    }

    fn forget(&mut self, gone: &[CaseId]) {
        for case in gone {
            self.findings.remove(case);
        }
    }

    fn raise(&mut self, tie: &Tie) {
        let Some(declaration) = &self.declaration else { return };
        let case = Self::case_of(&declaration.number);
        for difference in &tie.differences {
            let raised = Raised {
                item: tie.item.clone(),
                code: difference.code.clone(),
                open: !difference.is_explained(),
            };
            self.findings.entry(Finding::case_of(&case, &tie.item, difference)).or_insert(raised);
        }
    }

    fn may_release(&self, reason: &str) -> Result<(), Refusal> {
        let open = self.findings.values().filter(|raised| raised.open).count();
        if open > 0 && reason.trim().is_empty() {
            return Err(Refusal::new("findings-open", open.to_string()).remedy("verdict, reason"));
        }
        Ok(())
    }

    fn severity(&self) -> Option<Severity> {
        self.worst().map(|worst| worst.severity)
    }

    /// The heaviest difference that awaits a verdict, for the one sentence a list shows.
    fn worst(&self) -> Option<&super::Difference> {
        let case = Self::case_of(&self.declaration.as_ref()?.number);
        let open = |item: &CaseId, difference: &super::Difference| {
            self.findings.get(&Finding::case_of(&case, item, difference)).is_some_and(|raised| raised.open)
        };
        let all = self
            .ties
            .iter()
            .flat_map(|(item, tie)| tie.differences.iter().filter(move |difference| open(item, difference)));
        all.max_by_key(|difference| difference.severity)
    }

    /// The givers of items without findings hear that the goods were let go and nothing differed; where there are
    /// findings, their verdicts say it.
    fn told_of_release(&self, reason: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let quiet = self.ties.keys().filter(|item| self.standing_on(item).is_empty());
        let remark = Remark { code: "released".into(), pointer: String::new(), text: reason.to_owned() };
        let act = ReceivedAct::ActOn { decision: facts.case.clone(), remarks: vec![remark] };
        quiet.map(|item| Effect::act(item.clone(), &act)).collect()
    }
}

/// The basis of a choice between ways to tie.
const CHOICE: &str = "own practice: a person decides where the matcher cannot";
/// The reason that also keeps an item from being tied again.
pub(super) const WRONG_LINK: &str = "wrong-link";

fn withdraw(case: &CaseId, reason: &str) -> Effect {
    Effect::act(case.clone(), &finding::Act::Withdraw { reason: reason.to_owned() })
}
