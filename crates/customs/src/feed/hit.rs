//! A hit on a line of the feed: raised where the line was received, looked at where it came from. The one who looked owes the result;
//! the one who raised it owes what it came to.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::line::{Act as LineAct, CargoLine};
use super::papers::{HitPaper, HitResult, Wanted};
use crate::agreement::{Admission, admit};
use crate::assistance::{Debt, given};
use crate::macros::{codes, named, stages};
use crate::roles::{ANALYST, EXCHANGE, GATE, REVIEWER};

codes! {
    /// What came of a hit.
    Outcome:
    /// Looked at, and something was found.
    Found = "found",
    /// Looked at, and nothing was found.
    NothingFound = "nothing-found",
    /// Not loaded.
    Stopped = "stopped",
    /// It had left.
    TooLate = "too-late",
    /// Not looked at.
    NotChecked = "not-checked",
}

/// One hit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CargoHit {
    stage: Option<Stage>,
    partner: NodeId,
    us: NodeId,
    hit: HitPaper,
    line: Option<CaseId>,
    item: Option<CaseId>,
    admission: Option<Admission>,
    held_back: Option<Refusal>,
    at: Option<Timestamp>,
    here: Option<HitResult>,
    there: Option<HitResult>,
}

stages! {
    /// Ours, and the partner is to look.
    Raised = "raised",
    /// Ours, and no live term lets it go.
    Kept = "kept",
    /// A partner's, to be looked at.
    Arrived = "arrived",
    /// One side told what came of it.
    Answered = "answered",
    /// Both sides did.
    Told = "told",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// Our targeting saw something in a partner's line.
    Raise {
        /// Whose line it is.
        partner: NodeId,
        /// The line.
        line: CaseId,
        /// The hit.
        hit: Box<HitPaper>,
    },
    /// It goes, if a live term lets it.
    Dispatch,
    /// A partner's targeting saw something in a line of ours.
    Arrive {
        /// The hit.
        hit: Box<HitPaper>,
        /// Whose.
        from: NodeId,
        /// Who we are.
        us: NodeId,
        /// The item it came in.
        item: CaseId,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// We tell what came of it.
    Tell {
        /// What.
        outcome: Outcome,
        /// In words.
        text: String,
    },
    /// The other side tells what came of it.
    Hear {
        /// What.
        result: Box<HitResult>,
        /// From whom.
        from: NodeId,
        /// The item it came in.
        item: CaseId,
    },
}

named! {
    Raise = "raise", Dispatch = "dispatch", Arrive = "arrive", Tell = "tell", Hear = "hear",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Raised.
    Raised {
        /// Whose line it is.
        partner: NodeId,
        /// The line.
        line: CaseId,
        /// The hit.
        hit: Box<HitPaper>,
    },
    /// Out.
    Dispatched {
        /// Under which term.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
    },
    /// Not out.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// Here.
    Arrived {
        /// The hit.
        hit: Box<HitPaper>,
        /// Whose.
        from: NodeId,
        /// Who we are.
        us: NodeId,
        /// The item it came in.
        item: CaseId,
        /// The term.
        admission: Box<Admission>,
        /// When.
        at: Timestamp,
    },
    /// Told by us.
    Told {
        /// What.
        result: Box<HitResult>,
    },
    /// Told to us.
    Heard {
        /// What.
        result: Box<HitResult>,
        /// The item it came in.
        item: CaseId,
    },
}

const FEED: &str = "the term of the feed; none, no exit";
const BACK: &str = "the feed's memorandum: the result of every hit is told";

impl Procedure for CargoHit {
    const NAME: &'static str = "cargo-hit";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("raise", ANALYST, FEED),
        Offer::opening("arrive", Role::NODE, FEED),
        Offer::at(Stage::Raised, "dispatch", Role::NODE, FEED),
        Offer::at(Stage::Raised, "hear", Role::NODE, BACK),
        Offer::at(Stage::Arrived, "tell", GATE, BACK),
        Offer::at(Stage::Arrived, "tell", ANALYST, BACK),
        Offer::at(Stage::Arrived, "tell", EXCHANGE, BACK),
        Offer::at(Stage::Arrived, "hear", Role::NODE, BACK),
        Offer::at(Stage::Answered, "tell", ANALYST, BACK),
        Offer::at(Stage::Answered, "tell", EXCHANGE, BACK),
        Offer::at(Stage::Answered, "hear", Role::NODE, BACK),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "raise",
            &[
                Field::needed("partner", Sort::Partner),
                Field::needed("line", Sort::Case(CargoLine::NAME)),
                Field::needed("hit.wanted", Sort::Choice("hit-wanted", Wanted::CODES)),
                Field::optional("hit.reasons", Sort::Words(12)),
                Field::needed("hit.text", Sort::LongText(2_000)),
            ],
        ),
        Form::of(
            "tell",
            &[
                Field::needed("outcome", Sort::Choice("hit-outcome", Outcome::CODES)),
                Field::needed("text", Sort::LongText(2_000)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match act {
            Act::Raise { partner, line, hit } => {
                let number = line.key().strip_prefix(&format!("{partner}-"));
                let Some(number) = number.filter(|_| line.desk() == CargoLine::NAME) else {
                    return Err(Refusal::new("line-not-theirs", line.as_str()).remedy(partner.as_str()));
                };
                let mut hit = hit.clone();
                hit.line = number.to_owned();
                hit.text = given("text", &hit.text)?;
                facts.case.key().clone_into(&mut hit.reference);
                Event::Raised { partner: partner.clone(), line: line.clone(), hit }
            }
            Act::Dispatch => {
                let us = NodeId::new(&facts.actor.name);
                match admit(facts.books, "cargo-hit", &us, &self.partner, facts.day()) {
                    Ok(admission) => Event::Dispatched { admission: Box::new(admission), us, at: facts.now },
                    Err(refusal) => Event::HeldBack { refusal },
                }
            }
            Act::Arrive { hit, from, us, item, admission } => Event::Arrived {
                hit: hit.clone(),
                from: from.clone(),
                us: us.clone(),
                item: item.clone(),
                admission: admission.clone(),
                at: facts.now,
            },
            Act::Tell { .. } if self.here.is_some() => {
                return Err(Refusal::new("result-told-already", facts.case.as_str()));
            }
            Act::Tell { outcome, text } => {
                Event::Told { result: Box::new(self.result(*outcome, given("text", text)?)) }
            }
            Act::Hear { from, .. } if *from != self.partner => {
                return Err(Refusal::new("not-the-partner-asked", from.as_str()));
            }
            Act::Hear { .. } if self.there.is_some() => return Ok(Vec::new()),
            Act::Hear { result, item, .. } => Event::Heard { result: result.clone(), item: item.clone() },
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Raised { partner, line, hit } => {
                self.stage = Some(Stage::Raised);
                self.partner = partner.clone();
                self.line = Some(line.clone());
                self.hit = (**hit).clone();
            }
            Event::Dispatched { admission, us, at } => {
                self.admission = Some((**admission).clone());
                self.us = us.clone();
                self.at = Some(*at);
            }
            Event::HeldBack { refusal } => {
                self.stage = Some(Stage::Kept);
                self.held_back = Some(refusal.clone());
            }
            Event::Arrived { hit, from, us, item, admission, at } => {
                self.stage = Some(Stage::Arrived);
                self.partner = from.clone();
                self.us = us.clone();
                self.line = Some(CaseId::of(CargoLine::NAME, &hit.line));
                self.hit = (**hit).clone();
                self.item = Some(item.clone());
                self.admission = Some((**admission).clone());
                self.at = Some(*at);
            }
            Event::Told { result } => {
                self.here = Some((**result).clone());
                self.settle();
            }
            Event::Heard { result, .. } => {
                self.there = Some((**result).clone());
                self.settle();
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let note = || {
            let line = self.line.clone()?;
            Some(Effect::act(line, &LineAct::NoteHit { hit: facts.case.clone() }))
        };
        match event {
            Event::Raised { .. } => {
                note().into_iter().chain([Effect::act(facts.case.clone(), &Act::Dispatch)]).collect()
            }
            Event::Dispatched { at, .. } => {
                let send = Effect::send(self.partner.clone(), "cargo-hit", &self.hit, facts.case.clone());
                std::iter::once(send).chain(self.owed(Side::There, facts, *at)).collect()
            }
            Event::Arrived { at, .. } => {
                note().into_iter().chain(self.owed(Side::Here, facts, *at)).collect()
            }
            Event::Told { result } => {
                let send = Effect::send(self.partner.clone(), "hit-result", result, facts.case.clone());
                vec![send, Owed::meet(&Side::Here.owed(), facts.case, facts.case.clone())]
            }
            Event::Heard { item, .. } => {
                let met = Owed::meet(&Side::There.owed(), facts.case, item.clone());
                // Whoever raised it now owes what it came to with them.
                let own = (self.item.is_none() && self.here.is_none())
                    .then(|| self.owed(Side::Here, facts, facts.now))
                    .flatten();
                std::iter::once(met).chain(own).collect()
            }
            Event::HeldBack { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let outcome = |result: &Option<HitResult>| result.as_ref().and_then(|result| result.outcome);
        let text = |result: &Option<HitResult>| result.as_ref().map(|result| result.text.clone());
        let mut references: Vec<_> =
            self.line.iter().map(|case| Reference::new("about", case.as_str())).collect();
        references.extend(self.item.iter().map(|case| Reference::new("item", case.as_str())));
        Summary {
            stage: stage.word().into(),
            title: self.hit.line.clone(),
            partner: self.partner.to_string(),
            severity: match stage {
                Stage::Arrived => Some(Severity::Error),
                Stage::Raised | Stage::Kept => Some(Severity::Warning),
                Stage::Answered | Stage::Told => None,
            },
            closed: matches!(stage, Stage::Kept | Stage::Told),
            references,
            shown: json!({
                "wanted": self.hit.wanted, "reasons": self.hit.reasons, "text": self.hit.text,
                "outcome": outcome(&self.here), "result": text(&self.here),
                "their_outcome": outcome(&self.there), "their_result": text(&self.there),
                "term": self.admission.as_ref().map(Admission::cite), "held_back": self.held_back,
            }),
            ..Summary::default()
        }
    }
}

/// Who owes the result.
#[derive(Clone, Copy, Debug)]
enum Side {
    Here,
    There,
}

impl Side {
    fn owed(self) -> String {
        match self {
            Self::Here => "result-of-hit".to_owned(),
            Self::There => "result-of-our-hit".to_owned(),
        }
    }
}

impl CargoHit {
    /// The case of a partner's hit of this number.
    #[must_use]
    pub fn case_of(from: &NodeId, reference: &str) -> CaseId {
        CaseId::of(Self::NAME, format_args!("{from}-{reference}"))
    }

    /// The case of a hit of ours of this number.
    #[must_use]
    pub fn ours(reference: &str) -> CaseId {
        CaseId::of(Self::NAME, reference)
    }

    fn settle(&mut self) {
        let both = self.here.is_some() && self.there.is_some();
        self.stage = Some(if both { Stage::Told } else { Stage::Answered });
    }

    /// What we tell: a hit of ours is told of under a number that says whose it is.
    fn result(&self, outcome: Outcome, text: String) -> HitResult {
        let raised = if self.item.is_none() { "raised-" } else { "looked-" };
        HitResult {
            reference: format!("{raised}{}", self.hit.reference),
            hit: self.hit.reference.clone(),
            outcome: Some(outcome),
            text,
        }
    }

    fn owed(&self, side: Side, facts: &Facts<'_>, at: Timestamp) -> Option<Effect> {
        let admission = self.admission.as_ref()?;
        let (by, to) = match side {
            Side::Here => (&self.us, &self.partner),
            Side::There => (&self.partner, &self.us),
        };
        Debt { by, to, about: facts.case, admission }.open("result", &side.owed(), at)
    }
}
