//! An item we received: how far it climbs from arrived to told, and the gate in front of every reading of it.

mod act;
mod arrival;
mod event;
mod reading;
mod reply;
mod sight;

use jiff::Timestamp;
use kernel::{
    CaseId, Effect, Facts, Field, Findings, Form, Offer, Owed, Procedure, Reference, Refusal, Role, Severity,
    Summary, Written,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use self::act::Act;
pub use self::arrival::Arrival;
pub use self::event::Event;
use self::reply::remarks_of;
use super::{Admission, Document, Term, is_answer};
use crate::declaration::{Outcome, Response};
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, REVIEWER, SECRETARY};
use crate::terms::Purpose;

/// One item we received.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Received {
    arrival: Option<Arrival>,
    admission: Option<Admission>,
    /// Until when the term lets us keep it; read after that it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keep_until: Option<Timestamp>,
    quarantine: Option<Refusal>,
    #[serde(default, deserialize_with = "super::document::in_case")]
    document: Option<Written<Document>>,
    findings: Findings,
    links: Vec<CaseId>,
    seen: bool,
    acted: bool,
    told: bool,
    void: Option<String>,
    /// The cases whose decisions rested on it, each with the response that tells the giver.
    telling: Vec<(CaseId, CaseId)>,
    /// How many responses this case has asked for.
    responses: u32,
}

/// Where a received item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Kept, but no live term lets it in.
    Quarantined,
    /// Kept and let in.
    Arrived,
    /// Kept, let in, and not usable as it stands.
    Faulty,
    /// Read.
    Readable,
    /// Tied to a consignment of ours.
    Linked,
    /// Shown to somebody who decides.
    Seen,
    /// Stood in a decision.
    Acted,
    /// The giver knows what came of it.
    Told,
    /// Cancelled or replaced by the giver.
    Void,
}

const DOOR: &str = "the term for its kind, direction and day; none, no entry";
const LOOP: &str = "the use ladder";
const READING: &str = "purpose limitation: the term's purposes";

impl Procedure for Received {
    const NAME: &'static str = "received";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("arrive", Role::NODE, DOOR),
        Offer::at(Stage::Quarantined, "arrive", Role::NODE, DOOR),
        Offer::at(Stage::Quarantined, "see", EXCHANGE, READING),
        Offer::at(Stage::Quarantined, "see", REVIEWER, READING),
        Offer::at(Stage::Quarantined, "replay", EXCHANGE, "own practice: repair and replay"),
        Offer::at(Stage::Arrived, "read", Role::NODE, LOOP),
        Offer::at(Stage::Arrived, "arrive", Role::NODE, DOOR),
        Offer::at(Stage::Faulty, "read", Role::NODE, LOOP),
        Offer::at(Stage::Faulty, "arrive", Role::NODE, DOOR),
        Offer::at(Stage::Faulty, "void", Role::NODE, "the giver's cancellation or replacement"),
        Offer::at(Stage::Faulty, "see", EXCHANGE, READING),
        Offer::at(Stage::Faulty, "see", REVIEWER, READING),
        Offer::at(Stage::Faulty, "replay", EXCHANGE, "own practice: repair and replay"),
        Offer::at(Stage::Readable, "link", Role::NODE, LOOP),
        Offer::at(Stage::Readable, "see", GATE, READING),
        Offer::at(Stage::Readable, "see", ANALYST, READING),
        Offer::at(Stage::Readable, "see", EXCHANGE, READING),
        Offer::at(Stage::Readable, "see", REVIEWER, READING),
        Offer::at(Stage::Readable, "void", Role::NODE, "the giver's cancellation or replacement"),
        Offer::at(Stage::Linked, "link", Role::NODE, LOOP),
        Offer::at(Stage::Linked, "unlink", Role::NODE, LOOP),
        Offer::at(Stage::Linked, "see", GATE, READING),
        Offer::at(Stage::Linked, "see", ANALYST, READING),
        Offer::at(Stage::Linked, "see", EXCHANGE, READING),
        Offer::at(Stage::Linked, "see", REVIEWER, READING),
        Offer::at(Stage::Linked, "act-on", Role::NODE, LOOP),
        Offer::at(Stage::Linked, "void", Role::NODE, "the giver's cancellation or replacement"),
        Offer::at(Stage::Seen, "link", Role::NODE, LOOP),
        Offer::at(Stage::Seen, "unlink", Role::NODE, LOOP),
        Offer::at(Stage::Seen, "see", GATE, READING),
        Offer::at(Stage::Seen, "see", ANALYST, READING),
        Offer::at(Stage::Seen, "see", EXCHANGE, READING),
        Offer::at(Stage::Seen, "see", REVIEWER, READING),
        Offer::at(Stage::Seen, "act-on", Role::NODE, LOOP),
        Offer::at(Stage::Seen, "void", Role::NODE, "the giver's cancellation or replacement"),
        Offer::at(Stage::Acted, "link", Role::NODE, LOOP),
        Offer::at(Stage::Acted, "unlink", Role::NODE, LOOP),
        Offer::at(Stage::Acted, "see", GATE, READING),
        Offer::at(Stage::Acted, "see", ANALYST, READING),
        Offer::at(Stage::Acted, "see", EXCHANGE, READING),
        Offer::at(Stage::Acted, "see", REVIEWER, READING),
        Offer::at(Stage::Acted, "act-on", Role::NODE, LOOP),
        Offer::at(Stage::Acted, "tell", Role::NODE, "the giver's receipt for the response"),
        Offer::at(Stage::Acted, "void", Role::NODE, "the giver's cancellation or replacement"),
        Offer::at(Stage::Told, "link", Role::NODE, LOOP),
        Offer::at(Stage::Told, "unlink", Role::NODE, LOOP),
        Offer::at(Stage::Told, "see", GATE, READING),
        Offer::at(Stage::Told, "see", ANALYST, READING),
        Offer::at(Stage::Told, "see", EXCHANGE, READING),
        Offer::at(Stage::Told, "see", REVIEWER, READING),
        Offer::at(Stage::Told, "act-on", Role::NODE, LOOP),
        Offer::at(Stage::Told, "tell", Role::NODE, "the giver's receipt for the response"),
        Offer::at(Stage::Told, "void", Role::NODE, "the giver's cancellation or replacement"),
        Offer::at(Stage::Void, "see", ANALYST, READING),
        Offer::at(Stage::Void, "see", EXCHANGE, READING),
        Offer::at(Stage::Void, "see", REVIEWER, READING),
        Offer::at(Stage::Void, "unlink", Role::NODE, LOOP),
        Offer::at(Stage::Void, "tell", Role::NODE, "the giver's receipt for the response"),
    ];

    const FORMS: &'static [Form] = &[Form::of("see", &[Field::needed("purpose", Purpose::SORT)])];
    const READERS: &'static [Role] = &[SECRETARY, DIRECTOR];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.arrival.as_ref()?;
        Some(match () {
            () if self.void.is_some() => Stage::Void,
            () if self.quarantine.is_some() => Stage::Quarantined,
            () if self.told => Stage::Told,
            () if self.acted => Stage::Acted,
            () if self.seen && !self.links.is_empty() => Stage::Seen,
            () if !self.links.is_empty() => Stage::Linked,
            () if self.document.is_some() && self.findings.is_acceptable() => Stage::Readable,
            () if !self.findings.is_empty() => Stage::Faulty,
            () => Stage::Arrived,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Arrive { arrival } => Ok(vec![arrival::arrived(arrival, facts)]),
            Act::Read { document, findings } => Ok(vec![reading::read(document.as_ref(), findings)]),
            Act::Link { consignment } if self.links.contains(consignment) => Ok(Vec::new()),
            Act::Link { consignment } => Ok(vec![Event::Linked { consignment: consignment.clone() }]),
            Act::Unlink { consignment } if self.links.contains(consignment) => {
                Ok(vec![Event::Unlinked { consignment: consignment.clone() }])
            }
            Act::Unlink { .. } => Ok(Vec::new()),
            Act::See { purpose } => {
                self.may_see(*purpose, facts.now).map(|()| vec![Event::Seen { purpose: *purpose }])
            }
            Act::ActOn { decision, remarks } => Ok(vec![Event::ActedOn {
                decision: decision.clone(),
                remarks: remarks.clone(),
                at: facts.now,
            }]),
            Act::Tell { evidence } => Ok(vec![Event::Told { evidence: evidence.clone() }]),
            Act::Void { by } => Ok(vec![Event::Voided { by: by.clone() }]),
            Act::Replay => Ok(vec![Event::Replayed]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Arrived { arrival, admission, keep_until } => {
                self.keep_until = *keep_until;
                self.arrival = Some((**arrival).clone());
                self.admission = Some((**admission).clone());
                self.quarantine = None;
            }
            Event::Quarantined { arrival, refusal } => {
                self.arrival = Some((**arrival).clone());
                self.quarantine = Some(refusal.clone());
            }
            Event::Understood { document, findings } => {
                self.document = Some(document.clone());
                self.findings = findings.clone();
                self.responses += 1;
            }
            Event::FoundFaulty { document, findings } => {
                self.document.clone_from(document);
                self.findings = findings.clone();
                self.responses += 1;
            }
            Event::Linked { consignment } => self.links.push(consignment.clone()),
            Event::Unlinked { consignment } => self.links.retain(|link| link != consignment),
            Event::Seen { .. } => self.seen = true,
            Event::ActedOn { decision, .. } => {
                self.acted = true;
                self.responses += 1;
                self.telling.push((decision.clone(), self.response_case()));
            }
            Event::Told { .. } => self.told = true,
            Event::Voided { by } => self.void = Some(by.to_string()),
            Event::Replayed => {}
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        let Some(arrival) = &self.arrival else { return Vec::new() };
        match event {
            Event::Understood { document, findings } => {
                self.after_reading(arrival, document, findings, facts)
            }
            Event::FoundFaulty { findings, .. } => {
                let response = self.response(arrival, Outcome::Rejected, facts);
                self.reply(arrival, Response { remarks: remarks_of(findings), ..response }, facts)
            }
            Event::ActedOn { remarks, .. } => {
                let response = self.response(arrival, Outcome::Used, facts);
                self.reply(arrival, Response { remarks: remarks.clone(), ..response }, facts)
            }
            Event::Replayed => vec![Effect::Admit { case: facts.case.clone(), digest: arrival.payload }],
            Event::Voided { by } => vec![Owed::meet("tell-result", facts.case, by.clone())],
            Event::Told { evidence } => self.findings_told(evidence, facts),
            Event::Arrived { .. }
            | Event::Quarantined { .. }
            | Event::Linked { .. }
            | Event::Unlinked { .. }
            | Event::Seen { .. } => Vec::new(),
        }
    }

    fn spared(event: &Event) -> Option<Event> {
        super::destruction::spared(event)
    }

    fn summary(&self) -> Summary {
        let (Some(arrival), Some(stage)) = (&self.arrival, self.stage()) else { return Summary::default() };
        let acdd = self.document().and_then(Document::acdd);
        let number = self.document().map_or("", Document::number);
        let mut references = vec![
            Reference::new("message", arrival.message_id.clone()),
            Reference::new("wire", arrival.wire.to_string()),
        ];
        if !number.is_empty() {
            let kind = if acdd.is_some() { "export" } else { "number" };
            references.push(Reference::new(kind, format!("{}:{number}", arrival.from)));
        }
        Summary {
            stage: stage.word().into(),
            title: if number.is_empty() { arrival.wire.short() } else { number.to_owned() },
            partner: arrival.from.to_string(),
            lane: Term::lane_of(&arrival.kind, &arrival.from, &arrival.to),
            rung: if is_answer(&arrival.kind) { 0 } else { self.rung() },
            due: None,
            severity: stage.severity(),
            closed: self.is_settled(stage),
            references,
            shown: json!({
                "kind": arrival.kind, "message_id": arrival.message_id, "wire": arrival.wire,
                "payload": arrival.payload, "findings": self.findings.len(),
                "quarantine": self.quarantine, "void": self.void, "links": self.links,
                "function": acdd.map(|acdd| acdd.function), "version": acdd.map(|acdd| acdd.version),
                "exporter": acdd.map(|acdd| &acdd.exporter.name),
                "consignee": acdd.map(|acdd| &acdd.consignee.name),
                "lines": acdd.map(|acdd| acdd.lines.len()), "departs": acdd.map(|acdd| acdd.departs),
                "discharge": acdd.map(|acdd| &acdd.discharge),
                "basis": self.admission.as_ref().map(Admission::cite),
                "handling": self.admission.as_ref().map(|admission| admission.term.handling),
                "keep_until": self.keep_until,
            }),
        }
    }
}

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::Arrived => "arrived",
            Self::Faulty => "faulty",
            Self::Readable => "readable",
            Self::Linked => "linked",
            Self::Seen => "seen",
            Self::Acted => "acted",
            Self::Told => "told",
            Self::Void => "void",
        }
    }

    const fn severity(self) -> Option<Severity> {
        match self {
            Self::Quarantined | Self::Faulty => Some(Severity::Error),
            Self::Arrived
            | Self::Readable
            | Self::Linked
            | Self::Seen
            | Self::Acted
            | Self::Told
            | Self::Void => None,
        }
    }
}

impl Received {
    /// What it says, as far as it could be read.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        self.document.as_deref()
    }

    /// How it came.
    #[must_use]
    pub const fn arrival(&self) -> Option<&Arrival> {
        self.arrival.as_ref()
    }

    /// What was wrong with it.
    #[must_use]
    pub const fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Why it is not let in; `None` where it is.
    #[must_use]
    pub const fn quarantine(&self) -> Option<&Refusal> {
        self.quarantine.as_ref()
    }

    /// The term that let it in.
    #[must_use]
    pub const fn admission(&self) -> Option<&Admission> {
        self.admission.as_ref()
    }

    /// Whether nothing more is expected of it: it was told or voided, or nobody is to be told what came of it.
    fn is_settled(&self, stage: Stage) -> bool {
        let answered = matches!(stage, Stage::Told | Stage::Void);
        let usable = matches!(stage, Stage::Readable | Stage::Linked | Stage::Seen | Stage::Acted);
        let owes_result = match (self.document(), &self.admission) {
            (Some(document @ Document::Acdd(_)), _) => document.wants_result(),
            (Some(document), Some(admission)) => {
                document.wants_result() && admission.term.result_within.is_some()
            }
            (_, _) => true,
        };
        answered || (usable && !owes_result)
    }

    /// How far it climbed, 1 to 6; 0 while it is in quarantine. A rung once reached is not lost by a cancellation.
    fn rung(&self) -> u8 {
        match () {
            () if self.admission.is_none() => 0,
            () if self.told => 6,
            () if self.acted => 5,
            () if self.seen && !self.links.is_empty() => 4,
            () if !self.links.is_empty() => 3,
            () if self.document.is_some() && self.findings.is_acceptable() => 2,
            () => 1,
        }
    }
}
