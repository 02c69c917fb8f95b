//! An item we received: how far it climbs from arrived to told, and the gate in front of every reading of it.

use jiff::Timestamp;
use kernel::{
    CaseId, Digest, Effect, Facts, Field, Findings, Form, Named, NodeId, Offer, Owed, Procedure, Reference,
    Refusal, Role, Severity, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::kind::{Arrived, Writing as _};
use super::{Admission, Document, DocumentResponse, Term, admit, is_answer, sent};
use crate::declaration::{Function, Outcome, Remark, Response};
use crate::gate::FindingAct;
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
    document: Option<Document>,
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

/// How an item came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Who gave it, by the certificate that signed it.
    pub from: NodeId,
    /// Who received it: us.
    pub to: NodeId,
    /// Document kind, as its envelope names it.
    pub kind: String,
    /// The message's id on the wire.
    pub message_id: String,
    /// The wire bytes.
    pub wire: Digest,
    /// The document's bytes as they came out of the envelope.
    pub payload: Digest,
}

impl Arrival {
    /// The case of the item: giver, kind and the digest of its wire bytes.
    #[must_use]
    pub fn case(&self) -> CaseId {
        CaseId::of(Received::NAME, format_args!("{}-{}-{}", self.from, self.kind, self.wire.short()))
    }
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

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// It came, is kept, and asks to be let in.
    Arrive {
        /// How it came.
        arrival: Box<Arrival>,
    },
    /// It was read.
    Read {
        /// What it says, as far as it could be read.
        document: Option<Box<Document>>,
        /// What was wrong with it.
        findings: Findings,
    },
    /// It was tied to a consignment of ours.
    Link {
        /// The consignment.
        consignment: CaseId,
    },
    /// It is no longer tied to a consignment of ours.
    Unlink {
        /// The consignment.
        consignment: CaseId,
    },
    /// Somebody reads it for a purpose.
    See {
        /// The purpose.
        purpose: Purpose,
    },
    /// A decision rested on it; the giver is to hear of it.
    ActOn {
        /// The case the decision was taken on.
        decision: CaseId,
        /// What came of it.
        remarks: Vec<Remark>,
    },
    /// The giver has what came of it.
    Tell {
        /// The receipted response.
        evidence: CaseId,
    },
    /// The giver cancelled or replaced it.
    Void {
        /// The item that did.
        by: CaseId,
    },
    /// Somebody has it go through the door again.
    Replay,
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Arrive { .. } => "arrive",
            Self::Read { .. } => "read",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::See { .. } => "see",
            Self::ActOn { .. } => "act-on",
            Self::Tell { .. } => "tell",
            Self::Void { .. } => "void",
            Self::Replay => "replay",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Kept and let in.
    Arrived {
        /// How it came.
        arrival: Box<Arrival>,
        /// The term that let it in.
        admission: Box<Admission>,
        /// Until when that term lets us keep it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_until: Option<Timestamp>,
    },
    /// Kept, not let in.
    Quarantined {
        /// How it came.
        arrival: Box<Arrival>,
        /// Why it is not let in.
        refusal: Refusal,
    },
    /// Read.
    Understood {
        /// What it says.
        document: Box<Document>,
        /// What was doubtful.
        findings: Findings,
    },
    /// Not usable.
    FoundFaulty {
        /// What it says, as far as it could be read.
        document: Option<Box<Document>>,
        /// What is wrong.
        findings: Findings,
    },
    /// Tied.
    Linked {
        /// The consignment.
        consignment: CaseId,
    },
    /// No longer tied.
    Unlinked {
        /// The consignment.
        consignment: CaseId,
    },
    /// Read by somebody, for a purpose.
    Seen {
        /// The purpose.
        purpose: Purpose,
    },
    /// A decision rested on it.
    ActedOn {
        /// The case the decision was taken on.
        decision: CaseId,
        /// What came of it.
        remarks: Vec<Remark>,
        /// When.
        at: Timestamp,
    },
    /// The giver has what came of it.
    Told {
        /// The receipted response.
        evidence: CaseId,
    },
    /// Cancelled or replaced.
    Voided {
        /// The item that did it.
        by: CaseId,
    },
    /// On its way through the door again.
    Replayed,
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
            Act::Arrive { arrival } => Ok(vec![arrived(arrival, facts)]),
            Act::Read { document, findings } => Ok(vec![read(document.as_deref(), findings)]),
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
                self.document = Some((**document).clone());
                self.findings = findings.clone();
                self.responses += 1;
            }
            Event::FoundFaulty { document, findings } => {
                self.document = document.as_deref().cloned();
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
        let acdd = self.document.as_ref().and_then(Document::acdd);
        let number = self.document.as_ref().map_or("", Document::number);
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
    pub const fn document(&self) -> Option<&Document> {
        self.document.as_ref()
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
        let owes_result = match (&self.document, &self.admission) {
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

    /// The gate in front of every reading: the purpose must be one of the term's; without a term only the exchange
    /// itself may look, to repair.
    fn may_see(&self, purpose: Purpose, now: Timestamp) -> Result<(), Refusal> {
        if let Some(until) = self.keep_until.filter(|until| *until < now) {
            return Err(Refusal::new("kept-too-long", until.to_string()).remedy("destroy"));
        }
        let refused = |basis: String, allowed: &[Purpose]| {
            let allowed: Vec<_> = allowed.iter().map(|purpose| purpose.code()).collect();
            Err(Refusal::new("purpose-not-allowed", format!("{purpose} {basis}")).remedy(allowed.join(", ")))
        };
        match &self.admission {
            None if purpose == Purpose::Exchange => Ok(()),
            None => refused(String::new(), &[Purpose::Exchange]),
            Some(admission) if admission.term.allows(purpose) => Ok(()),
            Some(admission) => refused(admission.cite(), &admission.term.purposes),
        }
    }

    fn after_reading(
        &self,
        arrival: &Arrival,
        document: &Document,
        findings: &Findings,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        match document {
            Document::CustomsResponse(response) => vec![answers(arrival, response, facts.case)],
            Document::Acdd(acdd) => {
                let outcome =
                    if acdd.function == Function::Cancel { Outcome::Cancelled } else { Outcome::Accepted };
                self.taken(arrival, outcome, findings, facts)
            }
            Document::Paper(paper) => {
                let mut effects = self.taken(arrival, Outcome::Accepted, findings, facts);
                if let Some(admission) = &self.admission {
                    let item = Arrived { case: facts.case, arrival, admission };
                    effects.extend(paper.kind().arrived(paper.content(), &item, facts));
                }
                effects
            }
        }
    }

    /// It is usable: its giver hears that, and may be owed what comes of it.
    fn taken(
        &self,
        arrival: &Arrival,
        outcome: Outcome,
        findings: &Findings,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        let response = self.response(arrival, outcome, facts);
        let mut effects = self.reply(arrival, Response { remarks: remarks_of(findings), ..response }, facts);
        if self.document.as_ref().is_some_and(Document::wants_result) {
            effects.extend(self.result_owed(arrival, facts));
        }
        effects
    }

    /// The giver knows: what we owed is met, and each finding that was decided hears of it.
    fn findings_told(&self, evidence: &CaseId, facts: &Facts<'_>) -> Vec<Effect> {
        let told = FindingAct::Tell { evidence: evidence.clone() };
        let told_now = self.telling.iter().filter(|(decision, response)| {
            decision.desk() == crate::gate::Finding::NAME && response == evidence
        });
        let met = Owed::meet("tell-result", facts.case, evidence.clone());
        std::iter::once(met).chain(told_now.map(|(case, _)| Effect::act(case.clone(), &told))).collect()
    }

    fn result_owed(&self, arrival: &Arrival, facts: &Facts<'_>) -> Option<Effect> {
        let admission = self.admission.as_ref()?;
        let owed = Owed {
            by: arrival.to.clone(),
            to: arrival.from.clone(),
            what: "tell-result".into(),
            about: facts.case.clone(),
            source: admission.cite(),
            due: admission.term.result_within?.after(facts.now),
            escalation: admission.term.steps(),
        };
        Some(owed.open())
    }

    /// A response goes to the giver of a document; responses themselves are not answered. A kind without a response of
    /// its own standard is answered where its term has a clock for that.
    fn reply(&self, arrival: &Arrival, response: Response, facts: &Facts<'_>) -> Vec<Effect> {
        let (to, about) = (arrival.from.clone(), facts.case.clone());
        match arrival.kind.as_str() {
            kind if is_answer(kind) => Vec::new(),
            "acdd" => vec![Effect::send(to, "customs-response", &response, about)],
            kind if self.is_answer_wanted() => {
                let response = DocumentResponse { answered: kind.to_owned(), response };
                vec![Effect::send(to, DocumentResponse::KIND, &response, about)]
            }
            _ => Vec::new(),
        }
    }

    fn is_answer_wanted(&self) -> bool {
        self.admission.as_ref().is_some_and(|admission| {
            admission.term.answer_within.is_some() || admission.term.result_within.is_some()
        })
    }

    /// The reference of the response asked for last.
    fn response_reference(&self, arrival: &Arrival) -> String {
        format!("{}-{}-{}", arrival.to, arrival.wire.short(), self.responses)
    }

    fn response_case(&self) -> CaseId {
        let arrival = self.arrival.as_ref().expect("what is acted on has arrived");
        let kind = if arrival.kind == "acdd" { "customs-response" } else { DocumentResponse::KIND };
        sent::Sent::case_of(&arrival.from, kind, &self.response_reference(arrival))
    }

    fn response(&self, arrival: &Arrival, outcome: Outcome, facts: &Facts<'_>) -> Response {
        let document = self.document.as_ref();
        Response {
            outcome,
            reference: self.response_reference(arrival),
            issued: Some(facts.now),
            country: crate::terms::Country::new(arrival.from.as_str()),
            number: document.map_or("", Document::number).to_owned(),
            answers: document.map_or(arrival.message_id.as_str(), Document::reference).to_owned(),
            version: document.and_then(Document::version),
            remarks: Vec::new(),
        }
    }
}

fn arrived(arrival: &Arrival, facts: &Facts<'_>) -> Event {
    let arrival = Box::new(arrival.clone());
    match admit(facts.books, &arrival.kind, &arrival.from, &arrival.to, facts.day()) {
        Ok(admission) => {
            let keep_until = Some(admission.term.keep.after(facts.now));
            Event::Arrived { arrival, admission: Box::new(admission), keep_until }
        }
        Err(refusal) => Event::Quarantined { arrival, refusal },
    }
}

fn read(document: Option<&Document>, findings: &Findings) -> Event {
    match document {
        Some(document) if findings.is_acceptable() => {
            Event::Understood { document: Box::new(document.clone()), findings: findings.clone() }
        }
        document => {
            Event::FoundFaulty { document: document.cloned().map(Box::new), findings: findings.clone() }
        }
    }
}

/// A response is about something we sent: that case takes the answer.
fn answers(arrival: &Arrival, response: &Response, case: &CaseId) -> Effect {
    let sent = sent::Sent::case_of(&arrival.from, "acdd", &response.answers);
    Effect::act(sent, &sent::Act::Answer { response: Box::new(response.clone()), evidence: case.clone() })
}

fn remarks_of(findings: &Findings) -> Vec<Remark> {
    let remark = |finding: &kernel::Finding| Remark {
        code: finding.code.to_string(),
        pointer: if finding.place.pointer.is_empty() {
            finding.place.path.clone()
        } else {
            finding.place.pointer.clone()
        },
        text: finding.seen.clone(),
    };
    findings.iter().take(REMARKS_MAX).map(remark).collect()
}

/// The most remarks one response carries; the rest stay in our record.
const REMARKS_MAX: usize = 99;
