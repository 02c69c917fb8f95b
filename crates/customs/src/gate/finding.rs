//! A finding as a case: raised by the matcher, looked into, decided by an officer, told to the giver.

mod act;
mod asking;
mod event;
mod verdict;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    Attachment, CaseId, Effect, Facts, Field, Form, Offer, Procedure, Reference, Refusal, Role, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use self::act::Act;
pub use self::event::Event;
use self::verdict::REASON_CODES;
pub use self::verdict::{Proposed, REASONS};
use super::Difference;
use super::consignment::{Act as ConsignmentAct, Awaits, WRONG_LINK};
use crate::assistance::request_case;
use crate::roles::{ANALYST, EXCHANGE, GATE, REVIEWER};
use crate::tariff::{DivergenceAct, tell_register};
use crate::terms::Verdict;

/// One finding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    stage: Option<Stage>,
    consignment: Option<CaseId>,
    item: Option<CaseId>,
    export: String,
    difference: Option<Difference>,
    #[serde(default)]
    decide_before: Option<Date>,
    inspection: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    photo: Option<Attachment>,
    /// The verdict that waits for a second person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proposed: Option<Proposed>,
    verdict: Option<Verdict>,
    reason: String,
    note: String,
    told: Option<CaseId>,
    withdrawn: String,
    /// The request a partner was asked with because of it.
    #[serde(default)]
    asked: Option<CaseId>,
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Somebody must look.
    Raised,
    /// An innocent explanation holds; nobody need look.
    Explained,
    /// The goods are being looked at.
    Inspecting,
    /// What was found in the goods is known.
    Inspected,
    /// An officer wants to dismiss it; a second person has to agree.
    Proposed,
    /// An officer concluded.
    Decided,
    /// The giver knows.
    Told,
    /// The difference is gone.
    Withdrawn,
}

const MATCHER: &str = "matching under the item's term";
const CONTROL: &str = "Revised Kyoto Convention, General Annex, chapter 6 (customs control)";
const ASKING: &str = "model bilateral agreement: what our own checks cannot tell is asked";
const SECOND: &str = "own practice: what a partner said of money at stake is dismissed by two people";
const VERDICT: &str = "own practice: an officer concludes, with a reason code";

impl Procedure for Finding {
    const NAME: &'static str = "finding";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("raise", Role::NODE, MATCHER),
        Offer::at(Stage::Raised, "raise", Role::NODE, MATCHER),
        Offer::at(Stage::Raised, "withdraw", Role::NODE, MATCHER),
        Offer::at(Stage::Raised, "inspect", GATE, CONTROL),
        Offer::at(Stage::Raised, "decide", GATE, VERDICT),
        Offer::at(Stage::Raised, "decide", ANALYST, VERDICT),
        Offer::at(Stage::Raised, "ask-partner", ANALYST, ASKING),
        Offer::at(Stage::Raised, "ask-partner", EXCHANGE, ASKING),
        Offer::at(Stage::Inspected, "ask-partner", ANALYST, ASKING),
        Offer::at(Stage::Inspected, "ask-partner", EXCHANGE, ASKING),
        Offer::at(Stage::Decided, "ask-partner", ANALYST, ASKING),
        Offer::at(Stage::Decided, "ask-partner", EXCHANGE, ASKING),
        Offer::at(Stage::Told, "ask-partner", ANALYST, ASKING),
        Offer::at(Stage::Told, "ask-partner", EXCHANGE, ASKING),
        Offer::at(Stage::Explained, "raise", Role::NODE, MATCHER),
        Offer::at(Stage::Explained, "withdraw", Role::NODE, MATCHER),
        Offer::at(Stage::Explained, "inspect", GATE, CONTROL),
        Offer::at(Stage::Explained, "decide", ANALYST, VERDICT),
        Offer::at(Stage::Inspecting, "raise", Role::NODE, MATCHER),
        Offer::at(Stage::Inspecting, "withdraw", Role::NODE, MATCHER),
        Offer::at(Stage::Inspecting, "record-result", GATE, CONTROL),
        Offer::at(Stage::Inspected, "raise", Role::NODE, MATCHER),
        Offer::at(Stage::Inspected, "withdraw", Role::NODE, MATCHER),
        Offer::at(Stage::Inspected, "record-result", GATE, CONTROL),
        Offer::at(Stage::Inspected, "decide", GATE, VERDICT),
        Offer::at(Stage::Inspected, "decide", ANALYST, VERDICT),
        Offer::at(Stage::Proposed, "raise", Role::NODE, MATCHER),
        Offer::at(Stage::Proposed, "withdraw", Role::NODE, MATCHER),
        Offer::at(Stage::Proposed, "confirm", GATE, SECOND),
        Offer::at(Stage::Proposed, "confirm", ANALYST, SECOND),
        Offer::at(Stage::Proposed, "object", GATE, SECOND),
        Offer::at(Stage::Proposed, "object", ANALYST, SECOND),
        Offer::at(Stage::Proposed, "decide", GATE, VERDICT),
        Offer::at(Stage::Proposed, "decide", ANALYST, VERDICT),
        Offer::at(
            Stage::Decided,
            "raise",
            Role::NODE,
            "recompute: a decision that rested on other values is opened",
        ),
        Offer::at(
            Stage::Decided,
            "withdraw",
            Role::NODE,
            "recompute: listed, the verdict stays in the record",
        ),
        Offer::at(Stage::Decided, "tell", Role::NODE, "the giver's receipt for the response"),
        Offer::at(
            Stage::Told,
            "raise",
            Role::NODE,
            "recompute: a decision that rested on other values is opened",
        ),
        Offer::at(Stage::Told, "withdraw", Role::NODE, "recompute: listed, the verdict stays in the record"),
        Offer::at(Stage::Told, "tell", Role::NODE, "the giver's receipt for the response"),
        Offer::at(Stage::Withdrawn, "raise", Role::NODE, MATCHER),
        Offer::at(Stage::Withdrawn, "withdraw", Role::NODE, MATCHER),
        Offer::at(Stage::Withdrawn, "tell", Role::NODE, "the giver's receipt for the response"),
    ];

    const FORMS: &'static [Form] = &[
        Form::of("inspect", &[Field::optional("note", Sort::Text(300))]),
        Form::of(
            "record-result",
            &[Field::needed("result", Sort::Text(300)), Field::optional("photo", Sort::File)],
        ),
        Form::of("object", &[Field::needed("note", Sort::Text(300))]),
        Form::of("ask-partner", &[Field::needed("need", Sort::LongText(2_000))]),
        Form::of(
            "decide",
            &[
                Field::needed("verdict", Verdict::SORT),
                Field::needed("reason", Sort::Choice("verdict-reason", REASON_CODES)),
                Field::optional("note", Sort::Text(300)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[EXCHANGE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Raise { difference, .. } if self.stands_on(difference) => Ok(Vec::new()),
            Act::Raise { consignment, item, export, difference, decide_before } => Ok(vec![Event::Raised {
                consignment: consignment.clone(),
                item: item.clone(),
                export: export.clone(),
                difference: difference.clone(),
                decide_before: *decide_before,
            }]),
            Act::Withdraw { .. } if self.stage == Some(Stage::Withdrawn) => Ok(Vec::new()),
            Act::Withdraw { reason } => Ok(vec![Event::Withdrawn { reason: reason.clone() }]),
            Act::Inspect { note } => Ok(vec![Event::InspectionOrdered { note: note.clone() }]),
            Act::AskPartner { .. } if self.asked.is_some() => Ok(Vec::new()),
            Act::AskPartner { need } => Ok(vec![Event::PartnerAsked {
                request: request_case(facts.case.key()),
                need: crate::assistance::given("need", need)?,
            }]),
            Act::RecordResult { result, .. } if result.trim().is_empty() => {
                Err(Refusal::new("result-missing", "record-result").remedy("result"))
            }
            Act::RecordResult { result, photo } => {
                Ok(vec![Event::Inspected { result: result.trim().to_owned(), photo: photo.clone() }])
            }
            Act::Decide { verdict, reason, note } => self.decided((*verdict, reason, note), facts),
            Act::Confirm => self.confirmed(facts),
            Act::Object { note } => {
                self.second(facts)?;
                let note = crate::assistance::given("note", note)?;
                Ok(vec![Event::Objected { by: facts.actor.name.clone(), note }])
            }
            Act::Tell { .. } if self.told.is_some() => Ok(Vec::new()),
            Act::Tell { evidence } => Ok(vec![Event::Told { evidence: evidence.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Raised { consignment, item, export, difference, decide_before } => {
                *self = Self {
                    stage: Some(if difference.is_explained() { Stage::Explained } else { Stage::Raised }),
                    consignment: Some(consignment.clone()),
                    item: Some(item.clone()),
                    export: export.clone(),
                    difference: Some((**difference).clone()),
                    decide_before: *decide_before,
                    inspection: self.inspection.take(),
                    photo: self.photo.take(),
                    ..Self::default()
                };
            }
            Event::Withdrawn { reason } => {
                self.stage = Some(Stage::Withdrawn);
                self.withdrawn.clone_from(reason);
            }
            Event::PartnerAsked { request, .. } => self.asked = Some(request.clone()),
            Event::InspectionOrdered { note } => {
                self.stage = Some(Stage::Inspecting);
                self.note.clone_from(note);
            }
            Event::Inspected { result, photo } => {
                self.stage = Some(Stage::Inspected);
                self.inspection = Some(result.clone());
                self.photo.clone_from(photo);
            }
            Event::Proposed { proposed } => {
                self.stage = Some(Stage::Proposed);
                self.proposed = Some(proposed.clone());
            }
            Event::Confirmed { .. } => {}
            Event::Objected { note, .. } => {
                let inspected = self.inspection.is_some();
                self.stage = Some(if inspected { Stage::Inspected } else { Stage::Raised });
                self.proposed = None;
                self.note.clone_from(note);
            }
            Event::Decided { verdict, reason, note } => {
                self.proposed = None;
                self.stage = Some(Stage::Decided);
                self.verdict = Some(*verdict);
                self.reason.clone_from(reason);
                self.note.clone_from(note);
            }
            Event::Told { evidence } => {
                if self.stage == Some(Stage::Decided) {
                    self.stage = Some(Stage::Told);
                }
                self.told = Some(evidence.clone());
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let (Some(consignment), Some(item)) = (&self.consignment, &self.item) else { return Vec::new() };
        let note = |awaits: Awaits| {
            Effect::act(
                consignment.clone(),
                &ConsignmentAct::NoteFinding { finding: facts.case.clone(), awaits },
            )
        };
        match event {
            Event::Raised { difference, .. } => {
                let mut effects =
                    vec![note(if difference.is_explained() { Awaits::Nothing } else { Awaits::Verdict })];
                effects.extend(self.registered(&DivergenceAct::See {
                    finding: facts.case.clone(),
                    consignment: consignment.clone(),
                    export: self.export.clone(),
                    difference: difference.clone(),
                }));
                effects
            }
            Event::InspectionOrdered { .. } | Event::Proposed { .. } | Event::Objected { .. } => {
                vec![note(Awaits::Verdict)]
            }
            Event::PartnerAsked { request, need } => vec![self.request(request, need, facts)],
            Event::Decided { verdict, reason, .. } => {
                let mut effects = vec![note(Awaits::Nothing)];
                let concluded = DivergenceAct::Conclude { finding: facts.case.clone(), verdict: *verdict };
                effects.extend(self.registered(&concluded));
                // A finding that stands on nothing received has no giver to hear of it.
                effects
                    .extend((item.desk() == "received").then(|| self.result(*verdict, reason, item, facts)));
                if *verdict == Verdict::WrongLink {
                    let unlink = ConsignmentAct::Unlink { item: item.clone(), reason: WRONG_LINK.into() };
                    effects.push(Effect::act(consignment.clone(), &unlink));
                }
                effects
            }
            Event::Withdrawn { .. } => {
                self.registered(&DivergenceAct::Forget { finding: facts.case.clone() }).into_iter().collect()
            }
            Event::Inspected { .. } | Event::Confirmed { .. } | Event::Told { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(difference)) = (self.stage, &self.difference) else {
            return Summary::default();
        };
        let closed = matches!(stage, Stage::Explained | Stage::Decided | Stage::Told | Stage::Withdrawn);
        let case = |case: &Option<CaseId>| case.as_ref().map_or("", CaseId::as_str).to_owned();
        Summary {
            stage: stage.word().into(),
            title: difference.code.clone(),
            partner: self.export.split_once(':').map_or("", |(giver, _)| giver).to_owned(),
            due: self.decide_before.and_then(moment_of).filter(|_| !closed),
            severity: if closed { None } else { Some(difference.severity) },
            closed,
            references: vec![
                Reference::new("consignment", case(&self.consignment)),
                Reference::new("item", case(&self.item)),
                Reference::new("export", self.export.clone()),
                Reference::new("code", difference.code.clone()),
            ],
            shown: json!({
                "difference": difference, "consignment": self.consignment, "item": self.item,
                "export": self.export, "inspection": self.inspection, "photo": self.photo, "verdict": self.verdict,
                "reason": self.reason, "note": self.note, "told": self.told, "proposed": self.proposed, "withdrawn": self.withdrawn, "asked": self.asked,
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
            Self::Raised => "raised",
            Self::Explained => "explained",
            Self::Inspecting => "inspecting",
            Self::Inspected => "inspected",
            Self::Proposed => "proposed",
            Self::Decided => "decided",
            Self::Told => "told",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Finding {
    /// The case of a difference between our consignment and a received item: one per code, item number and item.
    #[must_use]
    pub fn case_of(consignment: &CaseId, item: &CaseId, difference: &Difference) -> CaseId {
        let item = item.key().rsplit('-').next().unwrap_or_default();
        let key = format!("{}-{}-{}-{item}", consignment.key(), difference.code, difference.item_no);
        CaseId::of(<Self as Procedure>::NAME, key)
    }

    /// What the register of classification divergences is told, where the codes are what differs.
    fn registered(&self, act: &DivergenceAct) -> Option<Effect> {
        tell_register(&self.export, self.difference.as_ref()?, act)
    }

    /// Whether the finding already stands on these values and answers.
    fn stands_on(&self, difference: &Difference) -> bool {
        let same = self.difference.as_ref().is_some_and(|own| own.says_what(difference));
        self.stage != Some(Stage::Withdrawn) && same
    }
}

/// The first moment of a day, in UTC.
fn moment_of(day: Date) -> Option<Timestamp> {
    day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
