//! A movement at its office of destination: expected, arrived, unloaded, looked at, told to the office of departure.

mod act;
mod tell;

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::declaration::{Line, lines, seals};
use super::departure::{Answer, ControlCode, Fault};
use super::ends::{self, Came, Leg, Sealed, Whereabouts};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, PRINCIPAL};

pub use act::{ArrivalAct, ArrivalEvent, Notification, Remarks};

/// One movement at its office of destination.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    stage: Option<Stage>,
    mrn: String,
    departure: String,
    office: String,
    /// The movement as the country of departure tells it.
    record: Value,
    notified: Option<Notification>,
    /// The account that notified.
    by: String,
    arrived: Option<Timestamp>,
    remarks: Option<Remarks>,
    result: Option<(ControlCode, String)>,
    incidents: Vec<Value>,
    enquiry: Option<(String, String)>,
    why: String,
    /// What the trader at destination was told, in order: code, when, and what it says.
    notices: Vec<(String, Timestamp, Value)>,
    sent: u32,
    /// Whether the seals were found good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<Answer>,
    /// The consignments of import declarations that follow it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    imports: BTreeMap<CaseId, Follower>,
}

/// What became of goods that follow a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Follower {
    /// Nothing yet, or there is a finding.
    Open,
    /// They were let go, and nothing differed.
    Released,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Its record is here, the goods are not.
    Expected,
    /// The goods are here, its record was asked for.
    RecordRequested,
    /// The country of departure does not vouch for it.
    Rejected,
    /// The goods are here.
    Arrived,
    /// Being unloaded under a permission.
    Unloading,
    /// Looked at by the office.
    UnderControl,
    /// Told with major discrepancies; the office of departure decides.
    WaitingForResolution,
    /// Done.
    Closed,
    /// Done; the debt is recovered elsewhere.
    ClosedForRecovery,
    /// Invalidated at departure.
    Cancelled,
    /// Arrived elsewhere.
    Diverted,
    /// Looked for.
    Enquired,
}

const OFFICE: &str = "Protocol 7 of AFAFGIT, Technical Appendix: the office of destination";
const TRADER: &str = "Protocol 7 of AFAFGIT, Technical Appendix: the trader at destination";
const ENDS: &str = "own practice: what is carried is held against the declarations at both ends";
const WIRE: &str = "the term with the country of departure";

macro_rules! table {
    ($($stage:ident: $($act:literal),*);+ $(;)?) => {
        &[
            Offer::opening("expect", Role::NODE, WIRE),
            Offer::opening("notify", PRINCIPAL, TRADER),
            Offer::opening("notify", GATE, "paper presented while the system was down, entered by the office"),
            Offer::opening("enquire", Role::NODE, WIRE),
            Offer::opening("cancel", Role::NODE, "word of what is not expected here changes nothing"),
            Offer::opening("divert", Role::NODE, "word of what is not expected here changes nothing"),
            Offer::opening("incident", Role::NODE, "word of what is not expected here changes nothing"),
            Offer::opening("resolve", Role::NODE, "word of what is not expected here changes nothing"),
            Offer::opening("close-for-recovery", Role::NODE, WIRE),
            $($(Offer::at(Stage::$stage, $act, GATE, OFFICE),)*
            Offer::at(Stage::$stage, "notify", PRINCIPAL, TRADER),
            Offer::at(Stage::$stage, "remark", PRINCIPAL, TRADER),
            Offer::at(Stage::$stage, "expect", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "deny", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "cancel", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "divert", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "resolve", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "incident", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "enquire", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "permit-unloading", Role::NODE, "the country's dated clocks for transit"),
            Offer::at(Stage::$stage, "close-for-recovery", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "link", Role::NODE, ENDS),
            Offer::at(Stage::$stage, "unlink", Role::NODE, ENDS),
            Offer::at(Stage::$stage, "act-on", Role::NODE, ENDS),
            )+
        ]
    };
}

impl Procedure for Arrival {
    const NAME: &'static str = "transit-arrival";
    // What a trader sends out of sequence is answered with a rejection; word from other countries is taken at every stage.
    const TABLE: &'static [Offer<Stage>] = table! {
        Expected: "notify";
        RecordRequested: ;
        Rejected: "notify";
        Arrived: "permit-unloading", "control", "conclude";
        Unloading: "control", "conclude", "permit-unloading";
        UnderControl: "conclude", "permit-unloading";
        WaitingForResolution: ;
        Closed: ;
        ClosedForRecovery: ;
        Cancelled: ;
        Diverted: ;
        Enquired: "answer-enquiry", "notify";
    };
    const FORMS: &'static [Form] = &[
        Form::of(
            "notify",
            &[
                Field::needed("office", Sort::Text(8)),
                Field::optional("simplified", Sort::Choice("answer", &["yes", "no"])),
            ],
        ),
        Form::of(
            "remark",
            &[
                Field::needed("conform", Sort::Choice("answer", &["yes", "no"])),
                Field::needed("complete", Sort::Choice("answer", &["yes", "no"])),
                Field::optional("seals", Sort::Choice("answer", &["yes", "no"])),
                Field::optional("text", Sort::Text(512)),
            ],
        ),
        Form::of("permit-unloading", &[]),
        Form::of("control", &[]),
        Form::of(
            "conclude",
            &[
                Field::needed("code", Sort::Choice("control-code", &["A1", "A2", "A5", "B1"])),
                Field::optional("seals", Sort::Choice("answer", &["yes", "no"])),
                Field::optional("text", Sort::Text(512)),
            ],
        ),
        Form::of(
            "answer-enquiry",
            &[
                Field::needed("office", Sort::Text(8)),
                Field::needed("code", Sort::Choice("enquiry-code", &["1", "2", "3", "4"])),
                Field::optional("text", Sort::Text(512)),
            ],
        ),
    ];
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, DIRECTOR];

    type Stage = Stage;
    type Act = ArrivalAct;
    type Event = ArrivalEvent;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &ArrivalAct, facts: &Facts<'_>) -> Result<Vec<ArrivalEvent>, Refusal> {
        self.weigh(act, facts)
    }

    fn apply(&mut self, event: &ArrivalEvent) {
        self.sent += 1;
        self.take_in(event);
    }

    fn follow(&self, event: &ArrivalEvent, facts: &Facts<'_>) -> Vec<Effect> {
        self.followed_by(event, facts)
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let open = matches!(
            stage,
            Stage::Expected
                | Stage::RecordRequested
                | Stage::Arrived
                | Stage::Unloading
                | Stage::UnderControl
                | Stage::WaitingForResolution
                | Stage::Enquired
        );
        let mut references = vec![Reference::new("mrn", self.mrn.clone())];
        references.extend(self.seals().into_iter().take(50).map(|seal| Reference::new("seal", seal)));
        references.extend(self.imports.keys().take(50).map(|case| Reference::new("case", case.to_string())));
        if let Some(notified) = &self.notified {
            references.push(Reference::new("trader", notified.trader.clone()));
        }
        Summary {
            stage: stage.word().into(),
            title: self.mrn.clone(),
            partner: super::country_of(&self.departure).to_owned(),
            severity: match stage {
                Stage::Enquired | Stage::Rejected => Some(Severity::Error),
                Stage::WaitingForResolution => Some(Severity::Warning),
                _ => None,
            },
            closed: !open,
            references,
            shown: json!({
                "mrn": self.mrn, "departure": self.departure, "office": self.office, "arrived": self.arrived,
                "result": self.result.as_ref().map(|(code, _)| code.code()), "incidents": self.incidents.len(),
                "holder": self.record["HolderOfTheTransitProcedure"]["identificationNumber"], "why": self.why,
                "told": self.notices.last().map(|(code, ..)| code),
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
            Self::Expected => "expected",
            Self::RecordRequested => "record-requested",
            Self::Rejected => "rejected",
            Self::Arrived => "arrived",
            Self::Unloading => "unloading",
            Self::UnderControl => "under-control",
            Self::WaitingForResolution => "waiting-for-resolution",
            Self::Closed => "closed",
            Self::ClosedForRecovery => "closed-for-recovery",
            Self::Cancelled => "cancelled",
            Self::Diverted => "diverted",
            Self::Enquired => "enquired",
        }
    }
}

impl Arrival {
    /// The case of a movement.
    #[must_use]
    pub fn case_of(mrn: &str) -> CaseId {
        CaseId::of(Self::NAME, mrn)
    }

    /// What the trader at destination was told, in order.
    #[must_use]
    pub fn notices(&self) -> &[(String, Timestamp, Value)] {
        &self.notices
    }

    /// The account that notified the arrival.
    #[must_use]
    pub fn notified_by(&self) -> &str {
        &self.by
    }

    /// When the goods arrived.
    #[must_use]
    pub const fn arrived(&self) -> Option<Timestamp> {
        self.arrived
    }

    /// The movement as the country of departure tells it.
    #[must_use]
    pub const fn record(&self) -> &Value {
        &self.record
    }

    /// The seals it left with.
    #[must_use]
    pub fn seals(&self) -> Vec<String> {
        seals(&self.record["Consignment"])
    }

    /// The goods it left with.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        lines(&self.record["Consignment"])
    }

    /// What came, for the import declarations that follow it; nothing before the goods are here or where they never came.
    #[must_use]
    pub fn came(&self) -> Option<Came<'_>> {
        self.arrived?;
        let mut leg = Leg::of(&self.record["Consignment"]);
        let unloaded = self.remarks.as_ref().map(|remarks| Leg::of(&remarks.differences));
        if let Some(mass) = unloaded.and_then(|unloaded| unloaded.mass) {
            leg.mass = Some(mass);
        }
        let broken = self.sealed == Some(Answer::No)
            || self.remarks.as_ref().is_some_and(|remarks| remarks.seals == Some(Answer::No));
        let mut renewed = ends::renewed(&self.incidents);
        renewed.extend(ends::renewed(std::slice::from_ref(&self.record["Consignment"]["Incident"])));
        let seals = Sealed { left: leg.seals.clone(), renewed, broken: broken.then_some("broken") };
        Some(Came { leg, seals })
    }

    /// Where it is, where it did not come here.
    #[must_use]
    pub const fn whereabouts(&self) -> Option<Whereabouts> {
        if self.arrived.is_some() {
            return None;
        }
        Some(match self.stage {
            Some(Stage::Cancelled) => Whereabouts::Invalidated,
            Some(Stage::Diverted) => Whereabouts::Diverted,
            Some(Stage::Rejected) => Whereabouts::Rejected,
            Some(Stage::Enquired) => Whereabouts::Enquired,
            Some(_) => Whereabouts::Awaited,
            None => Whereabouts::Unknown,
        })
    }

    /// The import declarations that follow it, and what became of each.
    pub fn imports(&self) -> impl Iterator<Item = (&CaseId, Follower)> {
        self.imports.iter().map(|(case, follower)| (case, *follower))
    }

    fn home(&self, facts: &Facts<'_>) -> NodeId {
        let country = super::country_of(&self.departure);
        NodeId::new(if country.is_empty() { facts.case.key().get(2..4).unwrap_or_default() } else { country })
    }

    fn faults(&self, stage: Stage) -> Vec<Fault> {
        vec![Fault {
            pointer: "/".into(),
            code: "92".into(),
            reason: String::new(),
            seen: stage.word().into(),
        }]
    }

    fn expects_seals(&self) -> Answer {
        if self.seals().is_empty() { Answer::No } else { Answer::Yes }
    }
}
