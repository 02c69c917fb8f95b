//! A movement that did not arrive: the principal and the offices of the way are asked, and where nobody knows, the debt
//! is recovered. Opens by itself when the clock runs out.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Owed, Procedure, Reference, Refusal, Role,
    Severity, Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::departure::{Departure, DepartureAct};
use super::policy::Policy;
use super::wire::{self, Letter};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, PRINCIPAL};

/// What an enquiry is opened with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The movement.
    pub mrn: String,
    /// Its office of departure.
    pub departure: String,
    /// Its office of destination.
    pub destination: String,
    /// Its offices of transit.
    pub transit: Vec<String>,
    /// Those it is known to have passed.
    pub crossed: Vec<String>,
    /// Its principal.
    pub holder: String,
    /// The account that lodged it.
    pub by: String,
    /// By when it was to arrive.
    pub limit: Date,
    /// When it was accepted.
    pub accepted: Date,
    /// What stands for the duty.
    pub guarantees: Vec<String>,
    /// What is at stake.
    pub amount: String,
    /// In which currency.
    pub currency: String,
    /// When.
    pub at: Timestamp,
}

/// One enquiry, and the recovery after it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Enquiry {
    stage: Option<Stage>,
    opened: Option<Opened>,
    told_by_holder: Option<String>,
    /// What the offices answered, by country.
    answers: Vec<(String, String)>,
    asked: Vec<NodeId>,
    due: Option<Timestamp>,
    why: String,
    /// What the principal and the guarantor were told, in order.
    notices: Vec<(String, Timestamp)>,
    sent: u32,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The principal is asked.
    AskingPrincipal,
    /// The offices of the way are asked.
    AskingOffices,
    /// The debt is recovered.
    Recovering,
    /// Another country is asked to recover it.
    RecoveryElsewhere,
    /// The goods were found, or nothing is owed.
    Closed,
    /// What was owed is paid.
    Paid,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum EnquiryAct {
    /// The goods did not arrive.
    Open(Box<Opened>),
    /// The principal answers (141).
    AnswerHolder {
        /// Where the goods are said to be.
        #[serde(default)]
        office: String,
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// An office of the way is asked (142).
    AskOffice {
        /// The office.
        office: String,
        /// Whether the principal told too little, so that the longer limit holds.
        #[serde(default)]
        text: String,
    },
    /// An office answers (143).
    Answered {
        /// The country.
        country: NodeId,
        /// The standard's code.
        code: String,
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// The goods were found, or the movement was discharged.
    Found,
    /// The officer has the debt recovered.
    Recover {
        /// Why.
        reason: String,
    },
    /// Another country is asked to recover (150).
    AskRecovery {
        /// Its office.
        office: String,
        /// Why.
        text: String,
    },
    /// It answers (151).
    RecoveryAnswered {
        /// 1 it does.
        accepted: String,
    },
    /// What was owed is paid, by whom (also 152).
    Pay {
        /// Who paid.
        by: String,
    },
    /// A clock ran out.
    Expire {
        /// Which.
        clock: String,
    },
}

impl Named for EnquiryAct {
    fn name(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::AnswerHolder { .. } => "answer-holder",
            Self::AskOffice { .. } => "ask-office",
            Self::Answered { .. } => "answered",
            Self::Found => "found",
            Self::Recover { .. } => "recover",
            Self::AskRecovery { .. } => "ask-recovery",
            Self::RecoveryAnswered { .. } => "recovery-answered",
            Self::Pay { .. } => "pay",
            Self::Expire { .. } => "expire",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum EnquiryEvent {
    /// Opened; the principal is asked (140).
    Opened {
        /// With what.
        opened: Box<Opened>,
    },
    /// The principal answered.
    HolderAnswered {
        /// Where.
        office: String,
        /// In words.
        text: String,
    },
    /// Offices were asked (142).
    OfficesAsked {
        /// Which.
        offices: Vec<String>,
        /// In words.
        text: String,
        /// By when they answer.
        due: Timestamp,
        /// When.
        at: Timestamp,
    },
    /// An office answered.
    Answered {
        /// The country.
        country: NodeId,
        /// The code.
        code: String,
        /// In words.
        text: String,
    },
    /// Closed (059 to those asked).
    Closed {
        /// When.
        at: Timestamp,
    },
    /// Recovery begins (023, 035, 063).
    RecoveryBegun {
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// Another country was asked to recover (150).
    RecoveryAsked {
        /// Its office.
        office: String,
        /// Why.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// It answered.
    RecoveryAnswered {
        /// 1 it does.
        accepted: String,
    },
    /// Paid.
    Paid {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
    },
}

const LAW: &str = "Protocol 7 of AFAFGIT; 2015/2447 article 310 as the model";
const WIRE: &str = "the term with the country that is asked";

impl Procedure for Enquiry {
    const NAME: &'static str = "transit-enquiry";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("open", Role::NODE, LAW),
        Offer::opening("found", Role::NODE, "nothing is looked for"),
        Offer::opening("answered", Role::NODE, "an answer to no question changes nothing"),
        Offer::at(Stage::AskingPrincipal, "answer-holder", PRINCIPAL, LAW),
        Offer::at(Stage::AskingPrincipal, "ask-office", EXCHANGE, LAW),
        Offer::at(Stage::AskingPrincipal, "answered", Role::NODE, WIRE),
        Offer::at(Stage::AskingPrincipal, "found", Role::NODE, LAW),
        Offer::at(Stage::AskingPrincipal, "recover", EXCHANGE, LAW),
        Offer::at(Stage::AskingPrincipal, "expire", Role::NODE, LAW),
        Offer::at(Stage::AskingOffices, "answer-holder", PRINCIPAL, LAW),
        Offer::at(Stage::AskingOffices, "ask-office", EXCHANGE, LAW),
        Offer::at(Stage::AskingOffices, "answered", Role::NODE, WIRE),
        Offer::at(Stage::AskingOffices, "found", Role::NODE, LAW),
        Offer::at(Stage::AskingOffices, "recover", EXCHANGE, LAW),
        Offer::at(Stage::AskingOffices, "expire", Role::NODE, LAW),
        Offer::at(Stage::Recovering, "found", Role::NODE, LAW),
        Offer::at(Stage::Recovering, "answered", Role::NODE, WIRE),
        Offer::at(Stage::Recovering, "ask-recovery", EXCHANGE, LAW),
        Offer::at(Stage::Recovering, "pay", EXCHANGE, LAW),
        Offer::at(Stage::Recovering, "expire", Role::NODE, LAW),
        Offer::at(Stage::RecoveryElsewhere, "recovery-answered", Role::NODE, WIRE),
        Offer::at(Stage::RecoveryElsewhere, "answered", Role::NODE, WIRE),
        Offer::at(Stage::RecoveryElsewhere, "pay", Role::NODE, WIRE),
        Offer::at(Stage::RecoveryElsewhere, "pay", EXCHANGE, LAW),
        Offer::at(Stage::RecoveryElsewhere, "found", Role::NODE, LAW),
        Offer::at(Stage::RecoveryElsewhere, "expire", Role::NODE, LAW),
        Offer::at(Stage::Closed, "answered", Role::NODE, WIRE),
        Offer::at(Stage::Closed, "found", Role::NODE, LAW),
        Offer::at(Stage::Closed, "open", Role::NODE, LAW),
        Offer::at(Stage::Closed, "expire", Role::NODE, LAW),
        Offer::at(Stage::Paid, "answered", Role::NODE, WIRE),
        Offer::at(Stage::Paid, "found", Role::NODE, LAW),
        Offer::at(Stage::Paid, "expire", Role::NODE, LAW),
    ];
    const FORMS: &'static [Form] = &[
        Form::of(
            "answer-holder",
            &[Field::optional("office", Sort::Text(8)), Field::optional("text", Sort::Text(512))],
        ),
        Form::of(
            "ask-office",
            &[Field::needed("office", Sort::Text(8)), Field::optional("text", Sort::Text(512))],
        ),
        Form::of("recover", &[Field::needed("reason", Sort::Text(300))]),
        Form::of(
            "ask-recovery",
            &[Field::needed("office", Sort::Text(8)), Field::needed("text", Sort::Text(512))],
        ),
        Form::of("pay", &[Field::needed("by", Sort::Text(120))]),
    ];
    const READERS: &'static [Role] = &[GATE, ANALYST, DIRECTOR];

    type Stage = Stage;
    type Act = EnquiryAct;
    type Event = EnquiryEvent;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &EnquiryAct, facts: &Facts<'_>) -> Result<Vec<EnquiryEvent>, Refusal> {
        let at = facts.now;
        Ok(match act {
            EnquiryAct::Open(opened) => vec![EnquiryEvent::Opened { opened: opened.clone() }],
            EnquiryAct::AnswerHolder { office, text } => {
                let by = self.opened.as_ref().map_or("", |it| it.by.as_str());
                if facts.actor.name != by {
                    return Err(Refusal::new("not-yours", facts.case.key()));
                }
                let answered = EnquiryEvent::HolderAnswered { office: office.clone(), text: text.clone() };
                let asks = self.ask(std::slice::from_ref(office), text, facts);
                std::iter::once(answered).chain(asks).collect()
            }
            EnquiryAct::AskOffice { office, text } => {
                self.ask(std::slice::from_ref(office), text, facts).into_iter().collect()
            }
            EnquiryAct::Answered { country, code, text } if self.is_open() => vec![EnquiryEvent::Answered {
                country: country.clone(),
                code: code.clone(),
                text: text.clone(),
            }],
            EnquiryAct::Found if self.is_open() => vec![EnquiryEvent::Closed { at }],
            EnquiryAct::Recover { reason } if reason.trim().is_empty() => {
                return Err(Refusal::new("reason-missing", "recover").remedy("reason"));
            }
            EnquiryAct::Recover { reason } => {
                vec![EnquiryEvent::RecoveryBegun { reason: reason.clone(), at }]
            }
            EnquiryAct::AskRecovery { office, text } => {
                vec![EnquiryEvent::RecoveryAsked { office: office.clone(), text: text.clone(), at }]
            }
            EnquiryAct::RecoveryAnswered { accepted } => {
                vec![EnquiryEvent::RecoveryAnswered { accepted: accepted.clone() }]
            }
            EnquiryAct::Pay { by } => vec![EnquiryEvent::Paid { by: by.clone(), at }],
            EnquiryAct::Expire { clock } => self.expire(clock, facts),
            _ => Vec::new(),
        })
    }

    fn apply(&mut self, event: &EnquiryEvent) {
        self.sent += 1;
        match event {
            EnquiryEvent::Opened { opened } => {
                let sent = self.sent;
                *self = Self { stage: Some(Stage::AskingPrincipal), sent, ..Self::default() };
                self.notices.push(("CC140C".into(), opened.at));
                self.opened = Some((**opened).clone());
            }
            EnquiryEvent::HolderAnswered { text, .. } => self.told_by_holder = Some(text.clone()),
            EnquiryEvent::OfficesAsked { offices, due, .. } => {
                self.asked.extend(offices.iter().map(|office| NodeId::new(super::country_of(office))));
                (self.stage, self.due) = (Some(Stage::AskingOffices), Some(*due));
            }
            EnquiryEvent::Answered { country, code, .. } => {
                self.answers.push((country.to_string(), code.clone()));
            }
            EnquiryEvent::Closed { .. } => (self.stage, self.due) = (Some(Stage::Closed), None),
            EnquiryEvent::RecoveryBegun { reason, at } => {
                (self.stage, self.why, self.due) = (Some(Stage::Recovering), reason.clone(), None);
                self.notices.push(("CC023C".into(), *at));
            }
            EnquiryEvent::RecoveryAsked { .. } => self.stage = Some(Stage::RecoveryElsewhere),
            EnquiryEvent::RecoveryAnswered { accepted } if accepted != "1" => {
                self.stage = Some(Stage::Recovering);
            }
            EnquiryEvent::RecoveryAnswered { .. } => {}
            EnquiryEvent::Paid { .. } => self.stage = Some(Stage::Paid),
        }
    }

    fn follow(&self, event: &EnquiryEvent, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(opened) = &self.opened else { return Vec::new() };
        let us = NodeId::new(super::country_of(&opened.departure));
        let policy = Policy::of(&us, facts);
        let departure = Departure::case_of(&opened.mrn);
        let mut effects = self.letters(event, opened, facts);
        match event {
            EnquiryEvent::Opened { .. } => {
                let due = policy.after("enquiry-holder", facts.now);
                effects.push(wake("enquiry-holder", due));
                let owed = policy.owed(
                    "enquiry-holder",
                    (&NodeId::new(opened.holder.as_str()), &us),
                    facts.case,
                    due,
                );
                effects.push(owed.open());
            }
            EnquiryEvent::HolderAnswered { .. } => {
                effects.push(Effect::Rest { name: "enquiry-holder".into() });
                effects.push(Owed::meet("transit-enquiry-holder", facts.case, facts.case.clone()));
            }
            EnquiryEvent::OfficesAsked { due, .. } => effects.push(wake("enquiry-answer", *due)),
            EnquiryEvent::Closed { .. } => {
                effects.extend(
                    ["enquiry-holder", "enquiry-answer"].map(|name| Effect::Rest { name: name.into() }),
                );
                effects.push(Owed::meet("transit-enquiry-holder", facts.case, facts.case.clone()));
            }
            EnquiryEvent::RecoveryBegun { .. } => {
                effects.push(Effect::act(departure, &DepartureAct::Recover));
            }
            EnquiryEvent::Paid { by, .. } => {
                effects
                    .push(Effect::act(departure, &DepartureAct::Settle { reason: format!("paid by {by}") }));
            }
            _ => {}
        }
        effects
    }

    fn summary(&self) -> Summary {
        let (Some(stage), Some(opened)) = (self.stage, &self.opened) else { return Summary::default() };
        Summary {
            stage: stage.word().into(),
            title: opened.mrn.clone(),
            partner: super::country_of(&opened.destination).to_owned(),
            due: self.due,
            severity: self.is_open().then_some(Severity::Error),
            closed: !self.is_open(),
            references: vec![
                Reference::new("mrn", opened.mrn.clone()),
                Reference::new("trader", opened.holder.clone()),
            ],
            shown: json!({ "mrn": opened.mrn, "holder": opened.holder, "limit": opened.limit, "answers": self.answers,
                "amount": opened.amount, "currency": opened.currency, "why": self.why }),
            ..Summary::default()
        }
    }
}

fn wake(clock: &'static str, at: Timestamp) -> Effect {
    Effect::wake(clock, at, &EnquiryAct::Expire { clock: clock.to_owned() })
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Self::AskingPrincipal => "asking-principal",
            Self::AskingOffices => "asking-offices",
            Self::Recovering => "recovering",
            Self::RecoveryElsewhere => "recovery-elsewhere",
            Self::Closed => "closed",
            Self::Paid => "paid",
        }
    }
}

impl Enquiry {
    /// The case of a movement's enquiry.
    #[must_use]
    pub fn case_of(mrn: &str) -> CaseId {
        CaseId::of(Self::NAME, mrn)
    }

    /// What the principal and the guarantor were told, in order.
    #[must_use]
    pub fn notices(&self) -> &[(String, Timestamp)] {
        &self.notices
    }

    fn is_open(&self) -> bool {
        matches!(
            self.stage,
            Some(
                Stage::AskingPrincipal | Stage::AskingOffices | Stage::Recovering | Stage::RecoveryElsewhere
            )
        )
    }

    /// Asks offices; where none is named, that of destination and those of transit not yet passed. The limit is one of the
    /// two the rule allows: the longer where the principal told enough to look by.
    fn ask(&self, named: &[String], text: &str, facts: &Facts<'_>) -> Option<EnquiryEvent> {
        let opened = self.opened.as_ref()?;
        let mut offices: Vec<String> = named.iter().filter(|office| office.len() == 8).cloned().collect();
        if offices.is_empty() {
            offices.push(opened.destination.clone());
            let passed = |office: &String| {
                opened.crossed.iter().any(|it| super::country_of(it) == super::country_of(office))
            };
            offices.extend(opened.transit.iter().filter(|office| !passed(office)).cloned());
        }
        let home = super::country_of(&opened.departure);
        offices.retain(|office| super::country_of(office) != home);
        let mut seen = Vec::new();
        offices.retain(|office| {
            let country = super::country_of(office).to_owned();
            let new = !seen.contains(&country);
            seen.push(country);
            new
        });
        let policy = Policy::of(&NodeId::new(home), facts);
        let clock = if text.trim().is_empty() { "enquiry-answer" } else { "enquiry-answer-long" };
        let due = policy.after(clock, facts.now);
        (!offices.is_empty()).then(|| EnquiryEvent::OfficesAsked {
            offices,
            text: text.to_owned(),
            due,
            at: facts.now,
        })
    }

    fn expire(&self, clock: &str, facts: &Facts<'_>) -> Vec<EnquiryEvent> {
        match (clock, self.stage) {
            ("enquiry-holder", Some(Stage::AskingPrincipal)) => {
                self.ask(&[], "", facts).into_iter().collect()
            }
            ("enquiry-answer", Some(Stage::AskingOffices)) => {
                vec![EnquiryEvent::RecoveryBegun {
                    reason: "nobody knows where the goods are".into(),
                    at: facts.now,
                }]
            }
            _ => Vec::new(),
        }
    }

    fn letters(&self, event: &EnquiryEvent, opened: &Opened, facts: &Facts<'_>) -> Vec<Effect> {
        let us = NodeId::new(super::country_of(&opened.departure));
        let letter = |to: &NodeId, code: &'static str, content: Value| {
            let letter = Letter { from: us.clone(), to: to.clone(), code, content, answers: None };
            letter.send((&opened.mrn, self.sent), facts)
        };
        let operation = json!({ "MRN": opened.mrn });
        let departure = wire::office(&opened.departure);
        match event {
            EnquiryEvent::OfficesAsked { offices, text, due, at } => offices.iter().flat_map(|office| {
                let mut enquiry = json!({ "date": wire::day(*at), "limitForTheEnquiryResponseDate": wire::day(*due) });
                if !text.is_empty() {
                    enquiry["text"] = json!(text);
                }
                let content = json!({ "TransitOperation": operation, "CustomsOfficeOfDeparture": departure,
                    "CustomsOfficeOfRequest": wire::office(office), "CustomsOfficeOfEnquiryAtDeparture": departure,
                    "Enquiry": enquiry });
                letter(&NodeId::new(super::country_of(office)), "CD142C", content)
            }).collect(),
            EnquiryEvent::Closed { at } => self.asked.iter().flat_map(|country| {
                let content = json!({ "TransitOperation": { "MRN": opened.mrn, "cancelEnquiryNotificationDateAndTime": wire::moment(*at) },
                    "CustomsOfficeOfDeparture": departure, "CustomsOfficeOfRequest": departure });
                letter(country, "CD059C", content)
            }).collect(),
            EnquiryEvent::RecoveryBegun { at, .. } => {
                let content = json!({ "TransitOperation": { "MRN": opened.mrn, "recoveryCommunicationDate": wire::day(*at) },
                    "CustomsOfficeOfDestinationDeclared": wire::office(&opened.destination),
                    "CustomsOfficeOfTransitDeclared": wire::offices(opened.transit.iter().map(String::as_str)),
                    "CustomsOfficeOfRecoveryAtDeparture": departure });
                let mut countries: Vec<_> = std::iter::once(&opened.destination).chain(&opened.transit)
                    .map(|office| NodeId::new(super::country_of(office))).collect();
                countries.sort();
                countries.dedup();
                countries.iter().flat_map(|country| letter(country, "CD063C", content.clone())).collect()
            }
            EnquiryEvent::RecoveryAsked { office, text, at } => {
                let guarantees = wire::guarantees(&opened.guarantees);
                let content = json!({ "TransitOperation": operation, "CustomsOfficeOfRecoveryRequesting": departure,
                    "CustomsOfficeOfRecoveryRequested": wire::office(office), "GuaranteeReference": guarantees,
                    "Recovery": { "recoveryCommunicationDate": wire::day(*at), "text": text } });
                letter(&NodeId::new(super::country_of(office)), "CD150C", content)
            }
            _ => Vec::new(),
        }
    }
}
