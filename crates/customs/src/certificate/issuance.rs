//! A certificate of our own: issued and sent, received, used, replaced, cancelled; one that rests on another country's
//! certificate goes only when that one is here, stands, and has enough left.

use kernel::{
    CaseId, Effect, Facts, Field, Form, Named, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity,
    Sort, Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::certificate::Act as CertificateAct;
use super::claim::{Claim, Judged, Worth};
use super::origin::{Function, OriginCertificate};
use super::outgoing::{CertificateUse, EPhyto, UseOutcome};
use super::paper::About;
use super::phyto::{ISSUED, Note, Phyto, WITHDRAWN, Words};
use crate::agreement::Writing as _;
use crate::roles::{CLEARANCE, EXCHANGE, REVIEWER, TRUSTED};
use crate::terms::GoodsLine;

/// One certificate of ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Issuance {
    to: NodeId,
    paper: Option<Ours>,
    /// Of a back-to-back certificate: what the original bears out, by line.
    supports: Vec<Judged>,
    held: bool,
    cancelled: Option<String>,
    replaced: Option<String>,
    uses: Vec<CertificateUse>,
}

/// The certificate as we issued it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Ours {
    /// Phytosanitary.
    Phyto {
        /// The certificate.
        certificate: Box<Phyto>,
    },
    /// Of origin.
    Origin {
        /// The certificate.
        certificate: Box<OriginCertificate>,
    },
}

/// Where a certificate of ours stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It waits for what it rests on.
    Held,
    /// It is out.
    Issued,
    /// Goods were let go on it.
    Used,
    /// It was not accepted.
    Refused,
    /// Another stands in its place.
    Replaced,
    /// We took it back.
    Cancelled,
}

/// What parties may want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub enum Act {
    /// A certificate is issued.
    Issue {
        /// To which partner.
        to: NodeId,
        /// The certificate.
        paper: Ours,
    },
    /// The original bears a line out, or does not.
    NoteSupport {
        /// The judgement.
        judged: Box<Judged>,
    },
    /// Another one is issued in its place.
    Supersede {
        /// Its number.
        by: String,
    },
    /// It is taken back.
    Cancel {
        /// Why.
        reason: String,
    },
    /// The importing side says what became of it.
    NoteUse {
        /// What.
        told: Box<CertificateUse>,
        /// The received item.
        item: CaseId,
    },
}

impl Named for Act {
    fn name(&self) -> &'static str {
        match self {
            Self::Issue { .. } => "issue",
            Self::NoteSupport { .. } => "note-support",
            Self::Supersede { .. } => "supersede",
            Self::Cancel { .. } => "cancel",
            Self::NoteUse { .. } => "note-use",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Issued and out.
    Issued {
        /// To which partner.
        to: NodeId,
        /// The certificate.
        paper: Ours,
    },
    /// Issued, and waits for what it rests on.
    Held {
        /// To which partner.
        to: NodeId,
        /// The certificate.
        paper: Ours,
    },
    /// What it rests on was judged.
    SupportNoted {
        /// The judgement.
        judged: Box<Judged>,
    },
    /// What it rests on bears it out: it goes.
    LetGo,
    /// Superseded.
    Superseded {
        /// By which.
        by: String,
    },
    /// Cancelled.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// The importing side told.
    UseNoted {
        /// What.
        told: Box<CertificateUse>,
    },
}

const ISSUE: &str = "the scheme's certification procedure; ISPM 12";

impl Procedure for Issuance {
    const NAME: &'static str = "issuance";
    const TABLE: &'static [Offer<Stage>] = &[
        Offer::opening("issue", CLEARANCE, ISSUE),
        Offer::opening("issue", EXCHANGE, ISSUE),
        Offer::at(Stage::Held, "note-support", Role::NODE, "the original certificate's own case"),
        Offer::at(Stage::Held, "cancel", EXCHANGE, ISSUE),
        Offer::at(Stage::Issued, "note-support", Role::NODE, "the original certificate's own case"),
        Offer::at(Stage::Issued, "supersede", Role::NODE, ISSUE),
        Offer::at(Stage::Issued, "cancel", EXCHANGE, ISSUE),
        Offer::at(Stage::Issued, "cancel", CLEARANCE, ISSUE),
        Offer::at(Stage::Issued, "note-use", Role::NODE, "the importing side's notice"),
        Offer::at(Stage::Used, "note-use", Role::NODE, "the importing side's notice"),
        Offer::at(Stage::Used, "note-support", Role::NODE, "the original certificate's own case"),
        Offer::at(Stage::Used, "cancel", EXCHANGE, "taken back after use: the importing side recomputes"),
        Offer::at(Stage::Used, "supersede", Role::NODE, ISSUE),
        Offer::at(Stage::Refused, "note-use", Role::NODE, "the importing side's notice"),
        Offer::at(Stage::Refused, "cancel", EXCHANGE, ISSUE),
        Offer::at(Stage::Refused, "supersede", Role::NODE, ISSUE),
        Offer::at(Stage::Replaced, "note-use", Role::NODE, "the importing side's notice"),
        Offer::at(Stage::Cancelled, "note-use", Role::NODE, "the importing side's notice"),
        Offer::at(Stage::Cancelled, "note-support", Role::NODE, "the original certificate's own case"),
    ];
    const FORMS: &'static [Form] =
        &[Form::of("issue", ISSUE_FIELDS), Form::of("cancel", &[Field::needed("reason", Sort::Text(300))])];
    const READERS: &'static [Role] = &[TRUSTED, REVIEWER];

    type Stage = Stage;
    type Act = Act;
    type Event = Event;

    fn stage(&self) -> Option<Stage> {
        self.paper.as_ref()?;
        Some(match self.uses.last() {
            _ if self.cancelled.is_some() => Stage::Cancelled,
            _ if self.replaced.is_some() => Stage::Replaced,
            _ if self.held => Stage::Held,
            Some(told) if told.outcome == UseOutcome::Refused => Stage::Refused,
            Some(_) => Stage::Used,
            None => Stage::Issued,
        })
    }

    fn decide(&self, act: &Act, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        match act {
            Act::Issue { to, paper } => issued(to, paper, facts),
            Act::NoteSupport { judged } => Ok(self.supported(judged)),
            Act::Supersede { by } => Ok(vec![Event::Superseded { by: by.clone() }]),
            Act::Cancel { reason } if reason.trim().is_empty() => {
                Err(Refusal::new("reason-missing", "cancel").remedy("reason"))
            }
            Act::Cancel { reason } => Ok(vec![Event::Cancelled { reason: reason.trim().to_owned() }]),
            Act::NoteUse { told, .. } if self.uses.contains(told) => Ok(Vec::new()),
            Act::NoteUse { told, .. } => Ok(vec![Event::UseNoted { told: told.clone() }]),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Issued { to, paper } | Event::Held { to, paper } => {
                self.to = to.clone();
                self.paper = Some(paper.clone());
                self.held = matches!(event, Event::Held { .. });
            }
            Event::SupportNoted { judged } => {
                self.supports.retain(|known| known.line != judged.line);
                self.supports.push((**judged).clone());
            }
            Event::LetGo => self.held = false,
            Event::Superseded { by } => self.replaced = Some(by.clone()),
            Event::Cancelled { reason } => self.cancelled = Some(reason.clone()),
            Event::UseNoted { told } => self.uses.push((**told).clone()),
        }
    }

    fn follow(&self, event: &Event, facts: &Facts<'_>) -> Vec<Effect> {
        match event {
            Event::Issued { paper, .. } => {
                let mut effects = vec![self.sent(facts)];
                effects.extend(superseded(paper));
                effects
            }
            Event::LetGo => vec![self.sent(facts)],
            Event::Held { paper, .. } => supported_by(paper, facts).into_iter().collect(),
            Event::Cancelled { reason } => self.taken_back(reason, facts),
            Event::SupportNoted { .. } | Event::Superseded { .. } | Event::UseNoted { .. } => Vec::new(),
        }
    }

    fn summary(&self) -> Summary {
        let (Some(paper), Some(stage)) = (&self.paper, self.stage()) else { return Summary::default() };
        let weak = self.supports.iter().any(|judged| judged.worth == Worth::Fails);
        Summary {
            stage: stage.word().into(),
            title: paper.number().to_owned(),
            partner: self.to.to_string(),
            severity: (weak || stage == Stage::Refused).then_some(Severity::Error),
            closed: matches!(stage, Stage::Used | Stage::Replaced | Stage::Cancelled),
            references: vec![Reference::new("certificate", paper.number().to_owned())],
            shown: json!({
                "kind": paper.kind(), "held": self.held, "cancelled": self.cancelled, "replaced": self.replaced,
                "supports": self.supports.len(), "uses": self.uses.len(),
                "outcome": self.uses.last().map(|told| told.outcome),
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
            Self::Held => "held",
            Self::Issued => "issued",
            Self::Used => "used",
            Self::Refused => "refused",
            Self::Replaced => "replaced",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Ours {
    /// Its number.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::Phyto { certificate } => &certificate.number,
            Self::Origin { certificate } => &certificate.number,
        }
    }

    /// Its kind, as it is filed under.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Phyto { .. } => super::outgoing::EPHYTO,
            Self::Origin { certificate } => &certificate.form,
        }
    }
}

impl Issuance {
    /// The case of a certificate of ours.
    #[must_use]
    pub fn case_of(kind: &str, number: &str) -> CaseId {
        let number: String =
            number.chars().map(|c| if c == '/' || c.is_whitespace() { '_' } else { c }).collect();
        CaseId::of(Self::NAME, format_args!("{kind}-{number}"))
    }

    /// The certificate as we issued it.
    #[must_use]
    pub const fn paper(&self) -> Option<&Ours> {
        self.paper.as_ref()
    }

    /// What the importing side told.
    #[must_use]
    pub fn uses(&self) -> &[CertificateUse] {
        &self.uses
    }

    fn sent(&self, facts: &Facts<'_>) -> Effect {
        let (to, case) = (self.to.clone(), facts.case.clone());
        match self.paper.as_ref().expect("only an issued certificate is sent") {
            Ours::Phyto { certificate } => {
                Effect::send(to, EPhyto::KIND, &EPhyto::of((**certificate).clone()), case)
            }
            Ours::Origin { certificate } => Effect::send(to, OriginCertificate::KIND, &**certificate, case),
        }
    }

    fn supported(&self, judged: &Judged) -> Vec<Event> {
        if self.supports.contains(judged) {
            return Vec::new();
        }
        let mut events = vec![Event::SupportNoted { judged: Box::new(judged.clone()) }];
        let lines = match &self.paper {
            Some(Ours::Origin { certificate }) => certificate.lines.len(),
            Some(Ours::Phyto { .. }) | None => 0,
        };
        let mut after = self.clone();
        after.apply(&events[0]);
        let holds = after
            .supports
            .iter()
            .filter(|judged| matches!(judged.worth, Worth::Holds | Worth::Doubtful))
            .count();
        if self.held && holds >= lines {
            events.push(Event::LetGo);
        }
        events
    }

    /// A withdrawal is a document of its own under the same number.
    fn taken_back(&self, reason: &str, facts: &Facts<'_>) -> Vec<Effect> {
        let (to, case) = (self.to.clone(), facts.case.clone());
        if self.held {
            return Vec::new();
        }
        let mut effects = Vec::new();
        match &self.paper {
            Some(Ours::Phyto { certificate }) => {
                let mut taken = (**certificate).clone();
                taken.status = WITHDRAWN.into();
                taken.notes.push(Note { subject: "ADAOEDL".into(), content: vec![Words::plain(reason)] });
                effects.push(Effect::send(to, EPhyto::KIND, &EPhyto::of(taken), case));
            }
            Some(Ours::Origin { certificate }) => {
                let version = certificate.version + 1;
                let taken = OriginCertificate {
                    function: Function::Cancel,
                    reference: format!("{}-{version}", certificate.number),
                    version,
                    reason: reason.to_owned(),
                    lines: Vec::new(),
                    ..(**certificate).clone()
                };
                effects.push(Effect::send(to, OriginCertificate::KIND, &taken, case));
                if let Some(original) = original(certificate) {
                    effects
                        .push(Effect::act(original.case(), &CertificateAct::Free { by: facts.case.clone() }));
                }
            }
            None => {}
        }
        effects
    }
}

/// A certificate that rests on another one waits for it; any other goes at once.
fn issued(to: &NodeId, paper: &Ours, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if Issuance::case_of(paper.kind(), paper.number()) != *facts.case {
        return Err(Refusal::new("id-malformed", facts.case.as_str()).remedy(format!(
            "{}-{}",
            paper.kind(),
            paper.number()
        )));
    }
    let paper = complete(paper.clone());
    let waits = matches!(&paper, Ours::Origin { certificate } if original(certificate).is_some());
    let to = to.clone();
    Ok(vec![if waits { Event::Held { to, paper } } else { Event::Issued { to, paper } }])
}

/// What follows from the certificate itself: a first reference, a first version, the status of what is issued.
fn complete(mut paper: Ours) -> Ours {
    match &mut paper {
        Ours::Origin { certificate } => {
            certificate.version = certificate.version.max(1);
            if certificate.reference.is_empty() {
                certificate.reference = format!("{}-{}", certificate.number, certificate.version);
            }
        }
        Ours::Phyto { certificate } if certificate.status.is_empty() => certificate.status = ISSUED.into(),
        Ours::Phyto { .. } => {}
    }
    paper
}

fn original(certificate: &OriginCertificate) -> Option<About> {
    let original = certificate.original.as_ref()?;
    Some(About {
        issuer: original.country.to_string(),
        kind: original.form.clone(),
        number: original.number.clone(),
    })
}

/// The lines of a back-to-back certificate draw on the original as a declaration's would.
fn supported_by(paper: &Ours, facts: &Facts<'_>) -> Option<Effect> {
    let Ours::Origin { certificate } = paper else { return None };
    let about = original(certificate)?;
    let claim = |line: &super::origin::OriginLine| {
        let goods = GoodsLine {
            item_no: line.item_no,
            hs: line.hs.clone(),
            description: line.description.clone(),
            quantity: line.quantity.clone(),
            gross: line.gross.clone(),
            origin: Some(line.origin.clone()),
            ..GoodsLine::default()
        };
        Claim::of(facts.case.clone(), &goods, "", facts.now)
    };
    let claims = certificate.lines.iter().map(claim).collect();
    let act = CertificateAct::Claim { about: about.clone(), by: facts.case.clone(), claims };
    Some(Effect::act(about.case(), &act))
}

/// A certificate of ours that this one is issued in the place of.
fn superseded(paper: &Ours) -> Option<Effect> {
    let old = match paper {
        Ours::Phyto { certificate } => certificate.replaces()?.to_owned(),
        Ours::Origin { certificate } => Some(certificate.replaces.clone()).filter(|old| !old.is_empty())?,
    };
    let act = Act::Supersede { by: paper.number().to_owned() };
    Some(Effect::act(Issuance::case_of(paper.kind(), &old), &act))
}

/// A certificate of origin as a person issues it; phytosanitary certificates come from the plant-health service's system.
const ISSUE_FIELDS: &[Field] = &[
    Field::needed("to", Sort::Partner),
    Field::needed("paper.is", Sort::Choice("certificate-paper", &["origin"])),
    Field::needed("paper.certificate.country", Sort::Country),
    Field::needed("paper.certificate.number", Sort::Text(70)),
    Field::needed("paper.certificate.form", Sort::Text(35)),
    Field::needed("paper.certificate.layout", Sort::Text(35)),
    Field::needed("paper.certificate.scheme", Sort::Text(35)),
    Field::needed("paper.certificate.destination", Sort::Country),
    Field::needed("paper.certificate.exporter.name", Sort::Text(256)),
    Field::needed("paper.certificate.consignee.name", Sort::Text(256)),
    Field::optional("paper.certificate.issued", Sort::Moment),
    Field::optional("paper.certificate.valid-until", Sort::Day),
    Field::optional("paper.certificate.authority", Sort::Text(256)),
    Field::optional("paper.certificate.replaces", Sort::Text(70)),
    Field::needed("paper.certificate.lines", Sort::Lines(LINE_FIELDS)),
];

const LINE_FIELDS: &[Field] = &[
    Field::needed("item_no", Sort::Whole(1, 9_999)),
    Field::needed("description", Sort::Text(512)),
    Field::needed("hs", Sort::Text(12)),
    Field::needed("criterion", Sort::Text(20)),
    Field::needed("origin", Sort::Country),
    Field::optional("quantity", Sort::Quantity),
    Field::optional("gross", Sort::Quantity),
    Field::optional("fob", Sort::Money),
    Field::optional("invoice", Sort::Text(70)),
];
