//! A movement at its office of departure: declared, accepted, controlled, covered, released, followed, discharged.
//!
//! The case's key is the movement's number. It follows from who declares under which number of their own, so that the same
//! declaration lodged twice is one movement, and is told to the principal only when the office accepts.

mod abroad;
mod act;
mod checks;
mod cover;
mod decide;
mod ends;
mod event;
mod follow;
mod messages;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{
    CaseId, Effect, Facts, Field, Form, NodeId, Offer, Procedure, Reference, Refusal, Role, Severity, Sort,
    Summary,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::amount::Worked;
use super::guarantee::Reason;
use crate::gate::Tie;
use crate::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE, PRINCIPAL};

use abroad::Abroad;
pub use abroad::Told;
pub use act::{Answer, ControlCode, DepartureAct, Lodging, Record};
pub(super) use checks::fault;
pub use event::{DepartureEvent, Fault};
pub use messages::{Notice, is_printable};

/// One movement at its office of departure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Departure {
    stage: Option<Stage>,
    /// Where it stood before a correction was asked for.
    before: Option<Stage>,
    mrn: String,
    /// The account that lodged it.
    by: String,
    lodging: Lodging,
    worked: Option<Worked>,
    lodged: Option<Timestamp>,
    accepted: Option<Timestamp>,
    released: Option<Timestamp>,
    limit: Option<Date>,
    control: Option<(ControlCode, String)>,
    /// The guarantees asked, and what they answered.
    guarantees: BTreeMap<String, Option<Vec<Reason>>>,
    /// Those of other countries among them, and those given back to other countries.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    abroad: BTreeMap<String, Abroad>,
    /// What checks without a use were answered, by guarantee.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    checked: BTreeMap<String, Vec<Reason>>,
    asked_invalidation: Option<String>,
    crossings: Vec<(String, Date)>,
    arrival: Option<(String, Timestamp)>,
    results: Option<(ControlCode, String)>,
    incidents: Vec<Value>,
    /// What the principal was told, in order.
    notices: Vec<Notice>,
    /// Messages sent to other countries, so that each has its own id.
    sent: u32,
    enquired: bool,
    /// Declarations before it, and what its destination told, by the case each stands on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ends: BTreeMap<CaseId, Tie>,
    /// Declarations somebody judged not to belong to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    rejected: BTreeSet<CaseId>,
    /// Findings raised on it: what each stands on, and whether it awaits a verdict.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    raised: BTreeMap<CaseId, (CaseId, bool)>,
}

/// Where a movement stands at its office of departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Lodged before the goods are there.
    Prelodged,
    /// Lodged with the goods.
    Submitted,
    /// Refused.
    Rejected,
    /// Accepted: it has its number.
    Accepted,
    /// The office waits for a correction.
    UnderAmendment,
    /// The office looks at papers or goods.
    UnderControl,
    /// The principal is to say whether the goods go as they were found.
    ReleaseRequested,
    /// The guarantees are asked.
    GuaranteeRegistration,
    /// A guarantee does not cover it; another is awaited.
    GuaranteeUnderAmendment,
    /// Not released.
    NotReleased,
    /// Void.
    Invalidated,
    /// Under way.
    Released,
    /// At its destination.
    Arrived,
    /// Major discrepancies are open.
    Discrepancies,
    /// Did not arrive; it is looked for.
    UnderEnquiry,
    /// The debt is being recovered.
    UnderRecovery,
    /// Discharged.
    WrittenOff,
}

const DECLARE: &str = "Protocol 7 of AFAFGIT, Technical Appendix: the principal declares";
const OFFICE: &str = "Protocol 7 of AFAFGIT, Technical Appendix: the office of departure decides";
const WIRE: &str = "the terms with the countries of the way";
const CLOCK: &str = "the country's dated clocks for transit";
const ENDS: &str = "own practice: what is carried is held against the declarations at both ends";
const AGAIN: &str = "the same declaration again is answered alike";

macro_rules! table {
    ($($stage:ident: $($act:literal $role:expr, $basis:expr);+ $(;)?)+) => {
        &[
            Offer::opening("declare", PRINCIPAL, DECLARE),
            Offer::opening("declare", GATE, "paper lodged while the system was down, entered by the office"),
            $($(Offer::at(Stage::$stage, $act, $role, $basis),)+
            Offer::at(Stage::$stage, "declare", PRINCIPAL, AGAIN),
            Offer::at(Stage::$stage, "guarantee-answered", Role::NODE, "an answer that comes late changes nothing it must not"),
            Offer::at(Stage::$stage, "guarantee-checked", Role::NODE, "an answer that comes late changes nothing it must not"),
            Offer::at(Stage::$stage, "record-asked", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "status-asked", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "crossed", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "arrived", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "results", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "incident", Role::NODE, WIRE),
            Offer::at(Stage::$stage, "ask-invalidation", PRINCIPAL, DECLARE),
            Offer::at(Stage::$stage, "amend", PRINCIPAL, DECLARE),
            Offer::at(Stage::$stage, "present", PRINCIPAL, DECLARE),
            Offer::at(Stage::$stage, "answer-release", PRINCIPAL, DECLARE),
            Offer::at(Stage::$stage, "expire", Role::NODE, CLOCK),
            Offer::at(Stage::$stage, "link", Role::NODE, ENDS),
            Offer::at(Stage::$stage, "unlink", Role::NODE, ENDS),
            Offer::at(Stage::$stage, "note-finding", Role::NODE, ENDS),
            )+
        ]
    };
}

impl Procedure for Departure {
    const NAME: &'static str = "transit-departure";
    // What a principal sends out of sequence is answered with a rejection, so those acts are offered at every stage.
    const TABLE: &'static [Offer<Stage>] = table! {
        Prelodged: "control" GATE, OFFICE; "invalidate" GATE, OFFICE; "keep-valid" GATE, OFFICE
        Submitted: "accept" GATE, OFFICE; "refuse" GATE, OFFICE; "invalidate" GATE, OFFICE; "control" GATE, OFFICE
        Rejected: "settle" Role::NODE, "nothing is owed"
        Accepted: "check-guarantees" GATE, OFFICE; "control" GATE, OFFICE; "conclude" GATE, OFFICE; "ask-amendment" GATE, OFFICE; "invalidate" GATE, OFFICE;
            "keep-valid" GATE, OFFICE; "refuse" GATE, OFFICE
        UnderAmendment: "invalidate" GATE, OFFICE; "refuse" GATE, OFFICE; "keep-valid" GATE, OFFICE
        UnderControl: "check-guarantees" GATE, OFFICE; "conclude" GATE, OFFICE; "refuse" GATE, OFFICE; "ask-amendment" GATE, OFFICE; "invalidate" GATE, OFFICE;
            "keep-valid" GATE, OFFICE; "control" GATE, OFFICE
        ReleaseRequested: "refuse" GATE, OFFICE; "conclude" GATE, OFFICE; "invalidate" GATE, OFFICE; "keep-valid" GATE, OFFICE
        GuaranteeRegistration: "refuse" GATE, "the country of a guarantee does not answer"; "invalidate" GATE, OFFICE; "keep-valid" GATE, OFFICE
        GuaranteeUnderAmendment: "refuse" GATE, OFFICE; "invalidate" GATE, OFFICE; "keep-valid" GATE, OFFICE;
            "conclude" GATE, "the office asks the guarantee again"
        NotReleased: "settle" Role::NODE, "nothing is owed"
        Invalidated: "settle" Role::NODE, "nothing is owed"
        Released: "invalidate" GATE, OFFICE; "open-enquiry" GATE, OFFICE
        Arrived: "open-enquiry" GATE, OFFICE
        Discrepancies: "solve" GATE, OFFICE
        UnderEnquiry: "recover" Role::NODE, "the enquiry's own result"; "settle" Role::NODE, "the enquiry's own result"
        UnderRecovery: "settle" Role::NODE, "the debt is paid"
        WrittenOff: "settle" Role::NODE, "nothing is owed"
    };

    const FORMS: &'static [Form] = FORMS;
    const READERS: &'static [Role] = &[ANALYST, EXCHANGE, DIRECTOR];

    type Stage = Stage;
    type Act = DepartureAct;
    type Event = DepartureEvent;

    fn stage(&self) -> Option<Stage> {
        self.stage
    }

    fn decide(&self, act: &DepartureAct, facts: &Facts<'_>) -> Result<Vec<DepartureEvent>, Refusal> {
        self.weigh(act, facts)
    }

    fn apply(&mut self, event: &DepartureEvent) {
        self.take_in(event);
    }

    fn follow(&self, event: &DepartureEvent, facts: &Facts<'_>) -> Vec<Effect> {
        self.followed_by(event, facts)
    }

    fn summary(&self) -> Summary {
        let Some(stage) = self.stage else { return Summary::default() };
        let declaration = &self.lodging.declaration;
        let mut references = vec![
            Reference::new("mrn", self.mrn.clone()),
            Reference::new("lrn", declaration.operation.lrn.clone()),
            Reference::new("trader", declaration.holder.identification_number.clone()),
        ];
        references.extend(declaration.vehicles().into_iter().map(|it| Reference::new("vehicle", it)));
        references.extend(declaration.seals().into_iter().take(50).map(|it| Reference::new("seal", it)));
        references.extend(
            self.exports().into_iter().take(50).map(|(case, _)| Reference::new("case", case.to_string())),
        );
        references.extend(self.raised.keys().take(50).map(|case| Reference::new("case", case.to_string())));
        Summary {
            stage: stage.word().into(),
            title: self.title().to_owned(),
            partner: declaration.destination.country().to_string(),
            due: self.due(),
            severity: stage
                .weight()
                .max(self.raised.values().any(|(_, open)| *open).then_some(Severity::Warning)),
            closed: stage.is_end(),
            references,
            shown: json!({
                "mrn": self.mrn, "lrn": declaration.operation.lrn, "holder": declaration.holder.identification_number,
                "departure": declaration.departure.reference_number,
                "destination": declaration.destination.reference_number,
                "route": declaration.route(), "limit": self.limit, "crossings": self.crossings,
                "arrival": self.arrival, "incidents": self.incidents.len(), "released": self.released,
                "told": self.notices.last().map(|notice| notice.code.clone()),
                "findings": self.raised.values().filter(|(_, open)| *open).count(),
            }),
            ..Summary::default()
        }
    }
}

const TEXT: Sort = Sort::Text(500);
const CODES: &[&str] = &["A1", "A2", "A3", "A5", "B1"];
const YES: &[&str] = &["yes", "no"];

const FORMS: &[Form] = &[
    Form::of("declare", &[Field::needed("declaration", Sort::Json)]),
    Form::of("amend", &[Field::needed("declaration", Sort::Json)]),
    Form::of("present", &[Field::optional("consignment", Sort::Json)]),
    Form::of("ask-invalidation", &[Field::needed("justification", TEXT)]),
    Form::of("answer-release", &[Field::needed("release", Sort::Choice("answer", YES))]),
    Form::of("accept", &[]),
    Form::of("check-guarantees", &[]),
    Form::of("ask-amendment", &[Field::needed("text", TEXT)]),
    Form::of(
        "control",
        &[
            Field::needed("notice", Sort::Choice("control-notice", &["0", "1", "2"])),
            Field::optional("kinds", Sort::Words(9)),
            Field::optional("documents", Sort::Words(40)),
        ],
    ),
    Form::of(
        "conclude",
        &[
            Field::needed("code", Sort::Choice("control-code", CODES)),
            Field::optional("limit", Sort::Day),
            Field::optional("text", TEXT),
        ],
    ),
    Form::of("refuse", &[Field::needed("reason", TEXT)]),
    Form::of("invalidate", &[Field::needed("justification", TEXT)]),
    Form::of("keep-valid", &[Field::needed("justification", TEXT)]),
    Form::of("open-enquiry", &[]),
    Form::of("solve", &[Field::needed("solved", Sort::Choice("answer", YES))]),
];

impl Stage {
    /// The stage's word in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Prelodged => "prelodged",
            Self::Submitted => "submitted",
            Self::Rejected => "rejected",
            Self::Accepted => "accepted",
            Self::UnderAmendment => "under-amendment",
            Self::UnderControl => "under-control",
            Self::ReleaseRequested => "release-requested",
            Self::GuaranteeRegistration => "guarantee-registration",
            Self::GuaranteeUnderAmendment => "guarantee-under-amendment",
            Self::NotReleased => "not-released",
            Self::Invalidated => "invalidated",
            Self::Released => "released",
            Self::Arrived => "arrived",
            Self::Discrepancies => "discrepancies",
            Self::UnderEnquiry => "under-enquiry",
            Self::UnderRecovery => "under-recovery",
            Self::WrittenOff => "written-off",
        }
    }

    /// Whether nothing more is expected to happen.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Rejected | Self::NotReleased | Self::Invalidated | Self::WrittenOff)
    }

    /// Whether the goods are not released yet and could still be.
    #[must_use]
    pub const fn is_before_release(self) -> bool {
        matches!(
            self,
            Self::Prelodged
                | Self::Submitted
                | Self::Accepted
                | Self::UnderAmendment
                | Self::UnderControl
                | Self::ReleaseRequested
                | Self::GuaranteeRegistration
                | Self::GuaranteeUnderAmendment
        )
    }

    const fn weight(self) -> Option<Severity> {
        match self {
            Self::UnderEnquiry | Self::UnderRecovery => Some(Severity::Error),
            Self::Discrepancies | Self::GuaranteeUnderAmendment | Self::UnderAmendment => {
                Some(Severity::Warning)
            }
            _ => None,
        }
    }
}

impl Departure {
    /// The case of a movement.
    #[must_use]
    pub fn case_of(mrn: &str) -> CaseId {
        CaseId::of(Self::NAME, mrn)
    }

    /// The movement's number.
    #[must_use]
    pub fn mrn(&self) -> &str {
        &self.mrn
    }

    /// The declaration as it is now.
    #[must_use]
    pub const fn lodging(&self) -> &Lodging {
        &self.lodging
    }

    /// How the guarantee's amount was worked out, where values were given.
    #[must_use]
    pub const fn worked(&self) -> Option<&Worked> {
        self.worked.as_ref()
    }

    /// What a check without a use said of each guarantee; nothing where it could be relied on.
    #[must_use]
    pub const fn checked(&self) -> &BTreeMap<String, Vec<Reason>> {
        &self.checked
    }

    /// What the principal was told, in order.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The account that lodged it.
    #[must_use]
    pub fn lodged_by(&self) -> &str {
        &self.by
    }

    /// When it was released.
    #[must_use]
    pub const fn released(&self) -> Option<Timestamp> {
        self.released
    }

    /// Where and when it arrived.
    #[must_use]
    pub const fn arrived(&self) -> Option<&(String, Timestamp)> {
        self.arrival.as_ref()
    }

    /// The frontiers crossed.
    #[must_use]
    pub fn crossings(&self) -> &[(String, Date)] {
        &self.crossings
    }

    /// By when the goods must arrive.
    #[must_use]
    pub const fn limit(&self) -> Option<Date> {
        self.limit
    }

    /// The export declarations its goods come from: the case of each here, and its number.
    #[must_use]
    pub fn exports(&self) -> Vec<(CaseId, String)> {
        let country = self.country();
        let case = |number: String| {
            (CaseId::of(crate::declaration::Lodged::NAME, format_args!("{country}-{number}")), number)
        };
        self.lodging.declaration.exports().into_iter().map(case).collect()
    }

    fn country(&self) -> NodeId {
        self.lodging.declaration.departure.country()
    }

    /// Before acceptance the principal's own number, then the movement's.
    fn title(&self) -> &str {
        if self.accepted.is_some() { &self.mrn } else { &self.lodging.declaration.operation.lrn }
    }

    fn due(&self) -> Option<Timestamp> {
        let under_way = matches!(self.stage, Some(Stage::Released | Stage::UnderEnquiry));
        self.limit.filter(|_| under_way).and_then(super::end_of_day)
    }
}
