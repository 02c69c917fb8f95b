//! The register of classification divergences: the same goods stand under one subheading here and under another with a partner.
//!
//! One case a pair of subheadings and partner. Findings that saw it and rulings that say it are kept side by side; what is done
//! about it is a matter between administrations (a letter, the technical working group, the HS Committee), and how it was
//! settled is kept with the day from which it holds. A finding that is seen after that stands out.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Money, Named, Offer, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::practice::{Pair, Ruling, Settled, Sighting, TakenUp};
use crate::gate::Difference;
use crate::roles::{ANALYST, CLEARANCE, DIRECTOR, EXCHANGE, REVIEWER, TRUSTED};
use crate::terms::Verdict;

/// One divergence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    about: Option<Pair>,
    sightings: BTreeMap<CaseId, Sighting>,
    rulings: Vec<Ruling>,
    taken_up: Option<TakenUp>,
    settled: Option<Settled>,
}

/// Where a divergence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Seen, nothing done about it.
    Seen,
    /// Taken up with the partner.
    TakenUp,
    /// Settled.
    Settled,
    /// Nothing that saw it stands any more.
    Gone,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A finding saw it.
    See {
        /// The finding.
        finding: CaseId,
        /// On which consignment.
        consignment: CaseId,
        /// Their declaration, with the country before it.
        export: String,
        /// What it saw.
        difference: Box<Difference>,
    },
    /// The finding was concluded.
    Conclude {
        /// The finding.
        finding: CaseId,
        /// How.
        verdict: Verdict,
    },
    /// The finding stands no more.
    Forget {
        /// The finding.
        finding: CaseId,
    },
    /// A ruling says something about such goods.
    CiteRuling {
        /// Which subheadings, where the case is new.
        #[serde(default)]
        about: Option<Pair>,
        /// The ruling.
        ruling: Box<Ruling>,
    },
    /// It is taken up with the partner.
    TakeUp {
        /// How.
        way: String,
        /// Reference of the letter or agenda item.
        reference: String,
    },
    /// It is settled.
    Settle {
        /// How.
        outcome: String,
        /// On what it rests.
        basis: String,
        /// From which day.
        from: Date,
    },
    /// It is open again.
    Reopen {
        /// Why.
        reason: String,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::See { .. } => "see",
            Self::Conclude { .. } => "conclude",
            Self::Forget { .. } => "forget",
            Self::CiteRuling { .. } => "cite-ruling",
            Self::TakeUp { .. } => "take-up",
            Self::Settle { .. } => "settle",
            Self::Reopen { .. } => "reopen",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Seen.
    Seen {
        /// Which subheadings.
        about: Pair,
        /// By which finding.
        finding: CaseId,
        /// What it saw.
        sighting: Box<Sighting>,
    },
    /// Concluded.
    Concluded {
        /// The finding.
        finding: CaseId,
        /// How.
        verdict: Verdict,
    },
    /// No longer.
    Forgotten {
        /// The finding.
        finding: CaseId,
    },
    /// A ruling was cited.
    RulingCited {
        /// Which subheadings.
        about: Pair,
        /// The ruling.
        ruling: Box<Ruling>,
    },
    /// Taken up.
    TakenUp {
        /// How.
        taken_up: TakenUp,
    },
    /// Settled.
    Settled {
        /// How.
        settled: Settled,
    },
    /// Open again.
    Reopened {
        /// Why.
        reason: String,
    },
}

const SEEN: &str = "own practice: what findings see of one pair of codes is kept together";
const RULING: &str =
    "Revised Kyoto Convention, General Annex, standard 9.9 (binding rulings); WTO TFA, article 3";
const BETWEEN: &str = "HS Convention, article 10 (differences between administrations)";

impl Procedure for Divergence {
    const NAME: &'static str = "divergence";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("see", Role::NODE, SEEN),
        Offer::opening("cite-ruling", CLEARANCE, RULING),
        Offer::at(Stage::Seen, "see", Role::NODE, SEEN),
        Offer::at(Stage::Seen, "conclude", Role::NODE, SEEN),
        Offer::at(Stage::Seen, "forget", Role::NODE, SEEN),
        Offer::at(Stage::Seen, "cite-ruling", ANALYST, RULING),
        Offer::at(Stage::Seen, "cite-ruling", EXCHANGE, RULING),
        Offer::at(Stage::Seen, "cite-ruling", CLEARANCE, RULING),
        Offer::at(Stage::Seen, "take-up", EXCHANGE, BETWEEN),
        Offer::at(Stage::Seen, "settle", DIRECTOR, BETWEEN),
        Offer::at(Stage::TakenUp, "see", Role::NODE, SEEN),
        Offer::at(Stage::TakenUp, "conclude", Role::NODE, SEEN),
        Offer::at(Stage::TakenUp, "forget", Role::NODE, SEEN),
        Offer::at(Stage::TakenUp, "cite-ruling", ANALYST, RULING),
        Offer::at(Stage::TakenUp, "cite-ruling", EXCHANGE, RULING),
        Offer::at(Stage::TakenUp, "cite-ruling", CLEARANCE, RULING),
        Offer::at(Stage::TakenUp, "settle", DIRECTOR, BETWEEN),
        Offer::at(Stage::Settled, "see", Role::NODE, SEEN),
        Offer::at(Stage::Settled, "conclude", Role::NODE, SEEN),
        Offer::at(Stage::Settled, "forget", Role::NODE, SEEN),
        Offer::at(Stage::Settled, "reopen", EXCHANGE, BETWEEN),
        Offer::at(Stage::Gone, "see", Role::NODE, SEEN),
        Offer::at(Stage::Gone, "conclude", Role::NODE, SEEN),
        Offer::at(Stage::Gone, "forget", Role::NODE, SEEN),
        Offer::at(Stage::Gone, "cite-ruling", CLEARANCE, RULING),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "cite-ruling",
            &[
                Field::needed("ruling.side", Sort::Choice("ruling-side", &["ours", "theirs", "wco"])),
                Field::needed("ruling.reference", Sort::Text(70)),
                Field::needed("ruling.day", Sort::Day),
                Field::needed("ruling.code", Sort::Text(12)),
                Field::optional("ruling.goods", Sort::Text(300)),
            ],
        ),
        Form::of(
            "take-up",
            &[
                Field::needed(
                    "way",
                    Sort::Choice("divergence-way", &["letter", "working-group", "hs-committee"]),
                ),
                Field::needed("reference", Sort::Text(70)),
            ],
        ),
        Form::of(
            "settle",
            &[
                Field::needed(
                    "outcome",
                    Sort::Choice("divergence-outcome", &["ours", "theirs", "other", "both-stand"]),
                ),
                Field::needed("basis", Sort::Text(300)),
                Field::needed("from", Sort::Day),
            ],
        ),
        Form::of("reopen", &[Field::needed("reason", Sort::Text(300))]),
    ];
    const READERS: &'static [Role] = &[ANALYST, TRUSTED, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.about.as_ref()?;
        Some(match () {
            () if self.settled.is_some() => Stage::Settled,
            () if self.taken_up.is_some() => Stage::TakenUp,
            () if self.sightings.is_empty() && self.rulings.is_empty() => Stage::Gone,
            () => Stage::Seen,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::See { finding, .. } if self.sightings.contains_key(finding) => Vec::new(),
            Act::See { finding, consignment, export, difference } => {
                let about = Pair::of(export, difference)
                    .ok_or_else(|| Refusal::new("id-malformed", difference.theirs.clone()))?;
                let sighting = Box::new(Sighting::of((consignment, export), difference, facts.now));
                vec![Event::Seen { about, finding: finding.clone(), sighting }]
            }
            Act::Conclude { finding, .. } | Act::Forget { finding }
                if !self.sightings.contains_key(finding) =>
            {
                Vec::new()
            }
            Act::Conclude { finding, verdict } => {
                vec![Event::Concluded { finding: finding.clone(), verdict: *verdict }]
            }
            Act::Forget { finding } => vec![Event::Forgotten { finding: finding.clone() }],
            Act::CiteRuling { about, ruling } => self.cited(about.as_ref(), ruling, facts)?,
            Act::TakeUp { reference, .. } if reference.trim().is_empty() => {
                return Err(Refusal::new("value-missing", "take-up").remedy("reference"));
            }
            Act::TakeUp { way, reference } => {
                let taken_up =
                    TakenUp { way: way.clone(), reference: reference.trim().to_owned(), at: facts.now };
                vec![Event::TakenUp { taken_up }]
            }
            Act::Settle { basis, .. } if basis.trim().is_empty() => {
                return Err(Refusal::new("reason-missing", "settle").remedy("basis"));
            }
            Act::Settle { outcome, basis, from } => {
                let basis = basis.trim().to_owned();
                let settled = Settled { outcome: outcome.clone(), basis, from: *from, at: facts.now };
                vec![Event::Settled { settled }]
            }
            Act::Reopen { reason } if reason.trim().is_empty() => {
                return Err(Refusal::new("reason-missing", "reopen").remedy("reason"));
            }
            Act::Reopen { reason } => vec![Event::Reopened { reason: reason.trim().to_owned() }],
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Seen { about, finding, sighting } => {
                self.about = Some(about.clone());
                self.sightings.insert(finding.clone(), (**sighting).clone());
            }
            Event::Concluded { finding, verdict } => {
                if let Some(sighting) = self.sightings.get_mut(finding) {
                    sighting.verdict = Some(*verdict);
                }
            }
            Event::Forgotten { finding } => {
                self.sightings.remove(finding);
            }
            Event::RulingCited { about, ruling } => {
                self.about = Some(about.clone());
                self.rulings.push((**ruling).clone());
            }
            Event::TakenUp { taken_up } => self.taken_up = Some(taken_up.clone()),
            Event::Settled { settled } => self.settled = Some(settled.clone()),
            Event::Reopened { .. } => self.settled = None,
        }
    }

    fn follow(&self, _event: &Event, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    fn summary(&self) -> Summary {
        let (Some(about), Some(stage)) = (&self.about, self.stage()) else { return Summary::default() };
        let after = self.after_settlement().count();
        let severity = match stage {
            Stage::Settled if after > 0 => Some(Severity::Warning),
            Stage::Seen | Stage::TakenUp => Some(Severity::Note),
            Stage::Settled | Stage::Gone => None,
        };
        let mut references =
            vec![Reference::new("hs", about.ours.as_str()), Reference::new("hs", about.theirs.as_str())];
        references.extend(self.sightings.iter().take(REFERENCES_MAX).flat_map(|(finding, sighting)| {
            [
                Reference::new("about", finding.as_str()),
                Reference::new("about", sighting.consignment.as_str()),
            ]
        }));
        Summary {
            stage: stage.word().into(),
            title: format!("{} / {}", about.theirs.as_str(), about.ours.as_str()),
            partner: about.partner.to_string(),
            severity,
            closed: (stage == Stage::Settled && after == 0) || stage == Stage::Gone,
            references,
            shown: json!({
                "theirs": about.theirs, "ours": about.ours, "seen": self.sightings.len(), "rulings": self.rulings.len(),
                "consignments": self.consignments(), "after": after, "at_stake": self.at_stake(),
                "way": self.taken_up.as_ref().map(|taken| &taken.way), "outcome": self.settled.as_ref().map(|it| &it.outcome),
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
            Self::Seen => "seen",
            Self::TakenUp => "taken-up",
            Self::Settled => "settled",
            Self::Gone => "gone",
        }
    }
}

impl Divergence {
    /// Which subheadings part.
    #[must_use]
    pub const fn about(&self) -> Option<&Pair> {
        self.about.as_ref()
    }

    /// The findings that saw it.
    #[must_use]
    pub const fn sightings(&self) -> &BTreeMap<CaseId, Sighting> {
        &self.sightings
    }

    /// The rulings about such goods.
    #[must_use]
    pub fn rulings(&self) -> &[Ruling] {
        &self.rulings
    }

    /// What was seen after it was settled, and would not be if both sides kept to it.
    pub fn after_settlement(&self) -> impl Iterator<Item = (&CaseId, &Sighting)> {
        let at =
            self.settled.as_ref().filter(|settled| settled.outcome != "both-stand").map(|settled| settled.at);
        self.sightings.iter().filter(move |(_, sighting)| at.is_some_and(|at| sighting.at > at))
    }

    fn consignments(&self) -> usize {
        let cases: std::collections::BTreeSet<_> =
            self.sightings.values().map(|one| &one.consignment).collect();
        cases.len()
    }

    /// The value of the goods in question, by currency.
    fn at_stake(&self) -> Vec<Money> {
        let mut sums: BTreeMap<&str, rust_decimal::Decimal> = BTreeMap::new();
        for money in self.sightings.values().filter_map(|one| one.at_stake.as_ref()) {
            let sum = sums.entry(money.currency.as_str()).or_default();
            *sum = sum.saturating_add(money.amount);
        }
        sums.into_iter().map(|(currency, amount)| Money::new(amount, currency)).collect()
    }

    fn cited(&self, about: Option<&Pair>, ruling: &Ruling, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let about = self.about.as_ref().or(about);
        let about = about.ok_or_else(|| Refusal::new("value-missing", "cite-ruling").remedy("about"))?;
        if about.case() != *facts.case {
            return Err(Refusal::new("id-malformed", facts.case.as_str()).remedy(about.case().to_string()));
        }
        if ruling.reference.trim().is_empty() {
            return Err(Refusal::new("value-missing", "cite-ruling").remedy("ruling.reference"));
        }
        if self.rulings.contains(ruling) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::RulingCited { about: about.clone(), ruling: Box::new(ruling.clone()) }])
    }
}

/// What the finding's own case tells the register: that it saw something, how it was concluded, that it is gone.
pub(crate) fn told(export: &str, difference: &Difference, act: &Act) -> Option<Effect> {
    if difference.code != HS_MOVED || difference.is_explained() {
        return None;
    }
    Some(Effect::act(Pair::of(export, difference)?.case(), act))
}

/// The difference that is a divergence.
const HS_MOVED: &str = "hs-moved";
/// The most findings a summary can be found by; the case has them all.
const REFERENCES_MAX: usize = 200;
