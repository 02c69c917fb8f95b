//! A focal point: who answers for what, in which languages, when, with which key; and the test that shows that somebody
//! does answer.

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::clocks::Debt;
use super::given;
use crate::agreement::{Admission, Arrived, Class, FieldClass, ReceivedAct, Writing, admit, field};
use crate::macros::{named, stages};
use crate::roles::{EXCHANGE, GATE, REVIEWER, SECRETARY};

/// One focal point, ours or a partner's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    stage: Option<Stage>,
    /// Whose it is: the partner's node, or ours.
    of: NodeId,
    entry: ContactEntry,
    testing: Option<Testing>,
    tests: u32,
    proven: Option<Timestamp>,
    failed: Option<Timestamp>,
    told: u32,
    calls: Vec<Call>,
}

/// A test on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Testing {
    reference: String,
    since: Timestamp,
}

/// A test a partner made of this contact of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Call {
    from: NodeId,
    test: ContactTest,
    answered: Option<Timestamp>,
}

/// What is known of a focal point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactEntry {
    /// Its number with its own administration, unique there; the version counts up.
    pub reference: String,
    /// Counts up with every change.
    pub version: u32,
    /// What it answers for: `assistance`, `operations`, `origin`, `aeo`.
    pub duty: String,
    /// The post or person.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// Languages it answers in.
    pub languages: Vec<String>,
    /// Telephone.
    pub phone: String,
    /// Mail.
    pub mail: String,
    /// When it is on duty, as its administration writes it, with the zone.
    pub hours: String,
    /// Whom to call out of hours.
    pub out_of_hours: String,
    /// Who stands in.
    pub stand_in: String,
    /// The fingerprint of its key.
    pub key: String,
    /// Set where the post is gone.
    pub ended: bool,
}

stages! {
    /// Known, and never shown to answer.
    Listed = "listed",
    /// A test is on its way.
    Testing = "testing",
    /// It answered a test.
    Proven = "proven",
    /// It did not answer in time.
    Silent = "silent",
    /// The post is gone.
    Ended = "ended",
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It is known, or known changed.
    List {
        /// Whose it is; ours where empty.
        #[serde(default)]
        of: NodeId,
        /// What is known of it.
        entry: Box<ContactEntry>,
    },
    /// A partner is told of this contact of ours.
    Tell {
        /// The partner.
        partner: NodeId,
    },
    /// A test is to show that it answers.
    Test,
    /// The test goes, if a live term lets it.
    Dispatch,
    /// A partner tests this contact of ours.
    Call {
        /// The partner.
        from: NodeId,
        /// The test.
        test: ContactTest,
        /// The term that let it in.
        admission: Box<Admission>,
    },
    /// Somebody of ours answers the tests that wait.
    AnswerCall,
    /// It answered.
    Hear {
        /// What.
        answer: ContactAnswer,
        /// The item it came in.
        item: CaseId,
    },
    /// The test's time is over.
    Expire {
        /// Which test.
        reference: String,
    },
}

named! {
    List = "list", Tell = "tell", Test = "test", Dispatch = "dispatch", Call = "call", AnswerCall = "answer-call",
    Hear = "hear", Expire = "expire",
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Known.
    Listed {
        /// Whose.
        of: NodeId,
        /// What is known.
        entry: Box<ContactEntry>,
    },
    /// A partner is told.
    Told {
        /// The partner.
        partner: NodeId,
    },
    /// A test is wanted.
    TestWanted,
    /// On its way.
    Tested {
        /// The test.
        test: ContactTest,
        /// Who we are.
        us: NodeId,
        /// Under which term.
        admission: Box<Admission>,
        /// When.
        at: Timestamp,
    },
    /// No live term lets it go.
    HeldBack {
        /// Why.
        refusal: Refusal,
    },
    /// A partner tests.
    Called {
        /// The partner.
        from: NodeId,
        /// The test.
        test: ContactTest,
        /// The term that let it in.
        admission: Box<Admission>,
        /// Who we are.
        us: NodeId,
        /// When.
        at: Timestamp,
    },
    /// Answered.
    CallAnswered {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// Which tests: from whom, which number.
        calls: Vec<(NodeId, String)>,
    },
    /// It answered.
    Proven {
        /// The item the answer came in.
        item: CaseId,
        /// When.
        at: Timestamp,
    },
    /// It did not answer in time.
    WentSilent {
        /// When.
        at: Timestamp,
    },
}

/// A test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactTest {
    /// Its own number.
    pub reference: String,
    /// The contact's number with its own administration.
    pub contact: String,
}

/// The answer to a test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactAnswer {
    /// Its own number.
    pub reference: String,
    /// The test's number.
    pub answers: String,
    /// The contact's number.
    pub contact: String,
    /// Who answered: the post, not the person.
    pub by: String,
}

const DIRECTORY: &str = "WTO TFA 12.2: contact points are notified";
const PROOF: &str = "own practice: a contact that never answered is no contact";

impl Procedure for Contact {
    const NAME: &'static str = "contact";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("list", EXCHANGE, DIRECTORY),
        Offer::opening("list", SECRETARY, DIRECTORY),
        Offer::opening("list", Role::NODE, DIRECTORY),
        Offer::at(Stage::Listed, "list", EXCHANGE, DIRECTORY),
        Offer::at(Stage::Listed, "list", Role::NODE, DIRECTORY),
        Offer::at(Stage::Listed, "tell", EXCHANGE, DIRECTORY),
        Offer::at(Stage::Listed, "test", EXCHANGE, PROOF),
        Offer::at(Stage::Listed, "dispatch", Role::NODE, PROOF),
        Offer::at(Stage::Listed, "call", Role::NODE, PROOF),
        Offer::at(Stage::Listed, "answer-call", EXCHANGE, PROOF),
        Offer::at(Stage::Testing, "hear", Role::NODE, PROOF),
        Offer::at(Stage::Testing, "expire", Role::NODE, PROOF),
        Offer::at(Stage::Testing, "list", Role::NODE, DIRECTORY),
        Offer::at(Stage::Testing, "list", EXCHANGE, DIRECTORY),
        Offer::at(Stage::Proven, "list", EXCHANGE, DIRECTORY),
        Offer::at(Stage::Proven, "list", Role::NODE, DIRECTORY),
        Offer::at(Stage::Proven, "test", EXCHANGE, PROOF),
        Offer::at(Stage::Proven, "dispatch", Role::NODE, PROOF),
        Offer::at(Stage::Proven, "hear", Role::NODE, "the same answer again"),
        Offer::at(Stage::Silent, "list", EXCHANGE, DIRECTORY),
        Offer::at(Stage::Silent, "list", Role::NODE, DIRECTORY),
        Offer::at(Stage::Silent, "test", EXCHANGE, PROOF),
        Offer::at(Stage::Silent, "dispatch", Role::NODE, PROOF),
        Offer::at(Stage::Silent, "hear", Role::NODE, "a late answer still shows that somebody answers"),
        Offer::at(Stage::Ended, "list", EXCHANGE, DIRECTORY),
        Offer::at(Stage::Ended, "list", Role::NODE, DIRECTORY),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "list",
            &[
                Field::optional("of", Sort::Partner),
                Field::needed("entry.duty", Sort::Choice("contact-duty", DUTIES)),
                Field::needed("entry.name", Sort::Text(120)),
                Field::optional("entry.unit", Sort::Text(120)),
                Field::needed("entry.languages", Sort::Words(8)),
                Field::optional("entry.phone", Sort::Text(40)),
                Field::optional("entry.mail", Sort::Text(120)),
                Field::optional("entry.hours", Sort::Text(120)),
                Field::optional("entry.out_of_hours", Sort::Text(120)),
                Field::optional("entry.stand_in", Sort::Text(120)),
                Field::optional("entry.key", Sort::Text(120)),
                Field::optional("entry.ended", Sort::YesNo),
            ],
        ),
        Form::of("tell", &[Field::needed("partner", Sort::Partner)]),
    ];
    const READERS: &'static [Role] = &[GATE, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        Ok(match act {
            Act::List { of, entry } => self.listed(of, entry, facts)?,
            Act::Tell { partner } if !self.of.as_str().is_empty() => {
                return Err(Refusal::new("not-our-contact", self.of.as_str()).remedy(partner.as_str()));
            }
            Act::Tell { partner } => vec![Event::Told { partner: partner.clone() }],
            Act::Test if self.of.as_str().is_empty() => {
                return Err(Refusal::new("own-contact", facts.case.key()).remedy("partner"));
            }
            Act::Test => vec![Event::TestWanted],
            Act::Dispatch => vec![self.tested(facts)],
            Act::Call { from, test, .. }
                if self.calls.iter().any(|call| call.from == *from && call.test == *test) =>
            {
                Vec::new()
            }
            Act::Call { from, test, admission } => vec![Event::Called {
                from: from.clone(),
                test: test.clone(),
                admission: admission.clone(),
                us: NodeId::new(&facts.actor.name),
                at: facts.now,
            }],
            Act::AnswerCall => vec![self.call_answered(facts)?],
            Act::Hear { .. } if self.stage == Some(Stage::Proven) => Vec::new(),
            Act::Hear { item, .. } => vec![Event::Proven { item: item.clone(), at: facts.now }],
            Act::Expire { reference } if self.waits_for(reference) => {
                vec![Event::WentSilent { at: facts.now }]
            }
            Act::Expire { .. } => Vec::new(),
        })
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Listed { of, entry } => {
                if self.entry.key != entry.key || self.entry.phone != entry.phone || self.stage.is_none() {
                    self.stage = Some(Stage::Listed);
                    self.proven = None;
                }
                if entry.ended {
                    self.stage = Some(Stage::Ended);
                }
                self.of = of.clone();
                self.entry = (**entry).clone();
            }
            Event::Told { .. } => self.told += 1,
            Event::TestWanted | Event::HeldBack { .. } => {}
            Event::Tested { test, at, .. } => {
                self.stage = Some(Stage::Testing);
                self.tests += 1;
                self.testing = Some(Testing { reference: test.reference.clone(), since: *at });
            }
            Event::Called { from, test, .. } => {
                self.calls.push(Call { from: from.clone(), test: test.clone(), answered: None });
            }
            Event::CallAnswered { at, .. } => {
                for call in &mut self.calls {
                    call.answered.get_or_insert(*at);
                }
            }
            Event::Proven { at, .. } => {
                self.stage = Some(Stage::Proven);
                self.proven = Some(*at);
                self.testing = None;
            }
            Event::WentSilent { at } => {
                self.stage = Some(Stage::Silent);
                self.failed = Some(*at);
            }
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Told { partner } => {
                vec![Effect::send(partner.clone(), ContactEntry::KIND, &self.told_as(), facts.case.clone())]
            }
            Event::TestWanted => vec![Effect::act(facts.case.clone(), &Act::Dispatch)],
            Event::Tested { test, us, admission, at } => self.test_sent(test, us, admission, *at, facts),
            Event::Called { from, admission, us, at, .. } => {
                let debt = Debt { by: us, to: from, about: facts.case, admission };
                debt.open("answer-test", ANSWER, *at).into_iter().collect()
            }
            Event::CallAnswered { by, calls, .. } => self.answers_sent(by, calls, facts),
            Event::Proven { item, .. } => {
                vec![Owed::meet(TEST, facts.case, item.clone()), Effect::Rest { name: "expire".into() }]
            }
            Event::Listed { .. } | Event::HeldBack { .. } | Event::WentSilent { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let waiting = self.calls.iter().filter(|call| call.answered.is_none()).count();
        Summary {
            stage: stage.word().into(),
            title: self.entry.name.clone(),
            partner: self.of.to_string(),
            severity: (stage == Stage::Silent || waiting > 0).then_some(Severity::Warning),
            closed: stage == Stage::Ended,
            references: vec![Reference::new("contact", format!("{}:{}", self.of, self.entry.reference))],
            shown: json!({
                "entry": self.entry, "proven": self.proven, "failed": self.failed, "tests": self.tests,
                "waiting_calls": waiting, "testing_since": self.testing.as_ref().map(|testing| testing.since),
            }),
            ..Summary::default()
        }
    }
}

impl Contact {
    fn listed(&self, of: &NodeId, entry: &ContactEntry, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        let mut entry = entry.clone();
        given("name", &entry.name)?;
        if entry.reference.is_empty() {
            facts.case.key().clone_into(&mut entry.reference);
        }
        if entry.version == 0 {
            entry.version = self.entry.version + 1;
        }
        if entry.version <= self.entry.version {
            return Ok(Vec::new());
        }
        let of = if of.as_str().is_empty() { self.of.clone() } else { of.clone() };
        Ok(vec![Event::Listed { of, entry: Box::new(entry) }])
    }

    fn waits_for(&self, reference: &str) -> bool {
        self.testing.as_ref().is_some_and(|testing| testing.reference == reference)
    }

    /// Ours is told as it is; the partner keeps it under our node and its number.
    fn told_as(&self) -> ContactEntry {
        self.entry.clone()
    }

    fn tested(&self, facts: &Facts<'_>) -> Event {
        let us = NodeId::new(&facts.actor.name);
        match admit(facts.books, ContactTest::KIND, &us, &self.of, facts.day()) {
            Ok(admission) => {
                let reference = format!("{}-{}-{}", us, facts.case.key(), self.tests + 1);
                let test = ContactTest { reference, contact: self.entry.reference.clone() };
                Event::Tested { test, us, admission: Box::new(admission), at: facts.now }
            }
            Err(refusal) => Event::HeldBack { refusal },
        }
    }

    fn test_sent(
        &self,
        test: &ContactTest,
        us: &NodeId,
        admission: &Admission,
        at: Timestamp,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let debt = Debt { by: &self.of, to: us, about: facts.case, admission };
        let mut effects = vec![Effect::send(self.of.clone(), ContactTest::KIND, test, facts.case.clone())];
        if let Some(within) = admission.term.clock("answer-test") {
            effects.extend(debt.open("answer-test", TEST, at));
            let expire = Act::Expire { reference: test.reference.clone() };
            effects.push(Effect::wake("expire", within.after(at), &expire));
        }
        effects
    }

    fn call_answered(&self, facts: &Facts<'_>) -> Result<Event, Refusal> {
        let waiting = self.calls.iter().filter(|call| call.answered.is_none());
        let calls: Vec<_> = waiting.map(|call| (call.from.clone(), call.test.reference.clone())).collect();
        if calls.is_empty() {
            return Err(Refusal::new("no-test-waits", facts.case.key()));
        }
        Ok(Event::CallAnswered { by: facts.actor.name.clone(), at: facts.now, calls })
    }

    fn answers_sent(&self, _by: &str, calls: &[(NodeId, String)], facts: &Facts<'_>) -> Vec<Effect> {
        let answer = |(from, reference): &(NodeId, String)| {
            let answer = ContactAnswer {
                reference: format!("{reference}-answer"),
                answers: reference.clone(),
                contact: self.entry.reference.clone(),
                by: self.entry.name.clone(),
            };
            Effect::send(from.clone(), ContactAnswer::KIND, &answer, facts.case.clone())
        };
        let mut effects: Vec<_> = calls.iter().map(answer).collect();
        effects.push(Owed::meet(ANSWER, facts.case, facts.case.clone()));
        effects
    }
}

/// The case of a partner's contact of this number.
#[must_use]
pub(super) fn case_of(of: &NodeId, reference: &str) -> CaseId {
    CaseId::of(Contact::NAME, format_args!("{of}-{reference}"))
}

impl Writing for ContactEntry {
    const KIND: &'static str = "contact-entry";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "TFA 12.2"),
        field("version", Class::Key, "TFA 12.2"),
        field("duty", Class::Key, "TFA 12.2"),
        field("name", Class::Key, "TFA 12.2"),
        field("unit", Class::Key, "TFA 12.2"),
        field("languages", Class::Key, "TFA 12.2"),
        field("phone", Class::Conclusion, "TFA 12.2"),
        field("mail", Class::Conclusion, "TFA 12.2"),
        field("hours", Class::Conclusion, "TFA 12.2"),
        field("out_of_hours", Class::Conclusion, "TFA 12.2"),
        field("stand_in", Class::Conclusion, "TFA 12.2"),
        field("key", Class::Key, "TFA 12.2"),
        field("ended", Class::Key, "TFA 12.2"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.name
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let from = &item.arrival.from;
        let act = Act::List { of: from.clone(), entry: Box::new(self.clone()) };
        let case = case_of(from, &self.reference);
        let link = ReceivedAct::Link { consignment: case.clone() };
        vec![Effect::act(case, &act), Effect::act(item.case.clone(), &link)]
    }
}

impl Writing for ContactTest {
    const KIND: &'static str = "contact-test";
    const FIELDS: &'static [FieldClass] =
        &[field("reference", Class::Key, "TFA 12.2"), field("contact", Class::Key, "TFA 12.2")];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.contact
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = Act::Call {
            from: item.arrival.from.clone(),
            test: self.clone(),
            admission: Box::new(item.admission.clone()),
        };
        vec![Effect::act(CaseId::of(Contact::NAME, &self.contact), &act)]
    }
}

impl Writing for ContactAnswer {
    const KIND: &'static str = "contact-answer";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "TFA 12.2"),
        field("answers", Class::Key, "TFA 12.2"),
        field("contact", Class::Key, "TFA 12.2"),
        field("by", Class::Key, "TFA 12.2"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.contact
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = Act::Hear { answer: self.clone(), item: item.case.clone() };
        vec![Effect::act(case_of(&item.arrival.from, &self.contact), &act)]
    }
}

/// What a focal point answers for, as forms offer it.
pub(super) const DUTIES: &[&str] = &["assistance", "operations", "origin", "operators", "transit", "all"];
/// What a partner's contact owes for a test.
pub(super) const TEST: &str = "answer-contact-test";
/// What ours owes for one.
pub(super) const ANSWER: &str = "answer-partners-test";
