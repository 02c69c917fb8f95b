//! Two nodes in one thread: stores in memory, envelopes of plain JSON, a clock that is set by hand.

use customs::agreement::{
    Agreement, ConsentRule, Document, Escalation, Handling, LaneState, LegalRoute, Onward, Schedule, Term,
};
use customs::declaration::{Consent, Declaration, Flow};
use customs::desks::DESKS;
use customs::roles::{CLEARANCE, DIRECTOR, EXCHANGE, SECRETARY};
use customs::terms::{Country, GoodsLine, HsCode, Party, Place, Purpose, TransportMode};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use kernel::{ActId, Actor, CaseId, Desk, Limit, NodeId, Quantity, Role};
use node::{
    Acted, Batch, Delivered, Delivery, Heart, ImportReport, Input, Letters, Outcome, Outputs, Posting,
    Transport as _,
};
use rust_decimal::Decimal;
use serde::Deserialize as _;
use serde_json::Value;
use store::sqlite::Sqlite;
use store::{CaseRow, Look, Query, Store};

/// One administration with its node.
pub(crate) struct Side {
    pub(crate) id: NodeId,
    pub(crate) heart: Heart,
    acts: u32,
}

impl Side {
    pub(crate) fn new(id: &str) -> Self {
        Self::over(id, DESKS, Box::new(Sqlite::in_memory().expect("a store in memory")))
    }

    /// A node with other desks or another store.
    pub(crate) fn over(id: &str, desks: &'static [&'static dyn Desk], store: Box<dyn Store>) -> Self {
        let id = NodeId::new(id);
        let heart = Heart::new(id.clone(), desks, store, Box::new(Letters::new(id.clone())));
        Self { id, heart: heart.expect("an empty store is a world"), acts: 0 }
    }

    /// The same node after its process ended, on the same store.
    pub(crate) fn restarted(self) -> Self {
        let Self { id, heart, acts } = self;
        let heart = Heart::new(id.clone(), DESKS, heart.into_store(), Box::new(Letters::new(id.clone())));
        Self { id, heart: heart.expect("what was left is a world"), acts }
    }

    pub(crate) fn give(&mut self, now: Timestamp, input: &Input) -> (Outcome, Outputs) {
        self.heart.work_one(&|| now, input).expect("the input is worked off")
    }

    pub(crate) fn look(&self) -> Box<dyn Look + Send> {
        self.heart.look().expect("a view")
    }

    pub(crate) fn act(
        &mut self,
        now: Timestamp,
        role: &Role,
        case: &CaseId,
        act: Value,
    ) -> Result<Acted, String> {
        self.acts += 1;
        let id = ActId::new(format!("person-{}", self.acts));
        let actor = Actor::new(format!("the {role}"), role.clone());
        match self.give(now, &Input::Act { actor, id, case: case.clone(), act }).0 {
            Outcome::Act(answer) => answer.map_err(|refusal| refusal.code.into_owned()),
            other => panic!("an act was answered with {other:?}"),
        }
    }

    pub(crate) fn import(&mut self, now: Timestamp, declarations: Vec<Declaration>) -> ImportReport {
        let actor = Actor::new("clearance", CLEARANCE);
        match self.give(now, &Input::Import { actor, batch: Batch::of(declarations) }).0 {
            Outcome::Import(report) => report,
            other => panic!("an import was answered with {other:?}"),
        }
    }

    pub(crate) fn deliver(&mut self, now: Timestamp, delivery: &Delivery) -> Delivered {
        match self.give(now, &Input::Deliver(Box::new(delivery.clone()))).0 {
            Outcome::Deliver(delivered) => delivered,
            other => panic!("a delivery was answered with {other:?}"),
        }
    }

    pub(crate) fn agree(&mut self, now: Timestamp, agreement: &Agreement) {
        let case = CaseId::of("agreement", &agreement.id);
        let act = serde_json::json!({ "act": "enter", "agreement": agreement });
        self.act(now, &SECRETARY, &case, act).expect("is entered");
        self.act(now, &DIRECTOR, &case, serde_json::json!({ "act": "approve" })).expect("enters into force");
    }

    /// All cases of a desk, the newest first.
    pub(crate) fn cases(&self, desk: &str) -> Vec<CaseRow> {
        let query = Query { desk: Some(desk.into()), limit: 1_000, ..Query::default() };
        self.look().cases(&query).expect("a list").rows
    }

    /// The stage and the title of every case of a desk, sorted.
    pub(crate) fn stages(&self, desk: &str) -> Vec<(String, String)> {
        let mut stages: Vec<_> =
            self.cases(desk).into_iter().map(|row| (row.summary.stage, row.summary.title)).collect();
        stages.sort();
        stages
    }

    pub(crate) fn stage(&self, case: &CaseId) -> String {
        self.look().case(case).expect("a look").map_or_else(|| "-".into(), |row| row.summary.stage)
    }

    /// What waits to be posted and is due.
    pub(crate) fn postings(&self, now: Timestamp) -> Vec<Posting> {
        let due = self.look().due(now, 1_000).expect("a list");
        due.iter().filter_map(|work| Posting::deserialize(&work.body).ok()).collect()
    }

    /// The delivery a posting brings to its receiver.
    pub(crate) fn delivery(&self, posting: &Posting) -> Delivery {
        let wire = self.look().blob(&posting.wire).expect("a look").expect("what is posted is kept");
        Letters::new(self.id.clone()).open(&wire, Timestamp::UNIX_EPOCH).expect("our own letter")
    }

    /// Has everything happen whose moment has come, apart from posting.
    pub(crate) fn wake(&mut self, now: Timestamp) {
        let due = self.look().due(now, 1_000).expect("a list");
        for work in due.into_iter().filter(|work| work.sort != "send") {
            self.give(now, &Input::Wake { key: work.key });
        }
    }
}

/// The receiver's signed answer, as a stand-in: whom it is for.
pub(crate) fn receipt(delivery: &Delivery) -> Vec<u8> {
    format!("receipt for {}", delivery.message_id).into_bytes()
}

/// Carries one posting over and brings the answer back. Returns what the receiver said.
pub(crate) fn carry(now: Timestamp, from: &mut Side, to: &mut Side, posting: &Posting) -> Delivered {
    let delivery = from.delivery(posting);
    let delivered = to.deliver(now, &delivery);
    let case = posting.case.clone();
    match &delivered {
        Delivered::Accepted => {
            let (message_id, bytes) = (delivery.message_id.clone(), receipt(&delivery));
            let answer = Input::Answer { from: delivery.from, message_id, bytes };
            let Outcome::Answer(bytes) = to.give(now, &answer).0 else { panic!("an answer is kept") };
            from.give(now, &Input::Receipt { case, bytes });
        }
        Delivered::Answered(bytes) => {
            from.give(now, &Input::Receipt { case, bytes: bytes.clone() });
        }
        Delivered::Refused(_) | Delivered::Conflict | Delivered::Unprotected(_) => {
            let (code, retry) = ("EBMS:0010".to_owned(), node::Retry::Hopeless);
            from.give(now, &Input::Undelivered { case, code, retry });
        }
    }
    delivered
}

/// Carries everything both sides have for each other, until nothing is left.
pub(crate) fn settle(now: Timestamp, one: &mut Side, other: &mut Side) {
    for _ in 0..20 {
        let (there, back) = (one.postings(now), other.postings(now));
        if there.is_empty() && back.is_empty() {
            return;
        }
        for posting in there {
            carry(now, one, other, &posting);
        }
        for posting in back {
            carry(now, other, one, &posting);
        }
    }
    panic!("the two never stop writing to each other");
}

/// Thailand and Vietnam with an agreement in force on both sides.
pub(crate) fn town() -> (Side, Side) {
    let (mut th, mut vn) = (Side::new("TH"), Side::new("VN"));
    for side in [&mut th, &mut vn] {
        side.agree(morning(), &agreement());
    }
    (th, vn)
}

pub(crate) fn morning() -> Timestamp {
    "2026-11-22T01:00:00Z".parse().expect("a moment")
}

pub(crate) fn later(minutes: i64) -> Timestamp {
    morning() + SignedDuration::from_mins(minutes)
}

pub(crate) const TODAY: Date = date(2026, 11, 22);

pub(crate) fn agreement() -> Agreement {
    let (th, vn) = (NodeId::new("TH"), NodeId::new("VN"));
    let acdd = ["exporter", "consignee", "agent", "departs", "mode", "discharge", "lines"];
    Agreement {
        id: "ACDD-TH-VN".into(),
        title: "Exchange of export declarations".into(),
        parties: vec![th.clone(), vn.clone()],
        route: LegalRoute::Ministry,
        source: "a test's own".into(),
        from: date(2026, 1, 1),
        until: None,
        terms: vec![
            term("1", "acdd", &th, &vn, &acdd),
            term("2", "acdd", &vn, &th, &acdd),
            term("3", "customs-response", &vn, &th, &["remarks"]),
            term("4", "customs-response", &th, &vn, &["remarks"]),
        ],
    }
}

fn term(id: &str, kind: &str, from: &NodeId, to: &NodeId, fields: &[&str]) -> Term {
    let is_acdd = kind == "acdd";
    Term {
        id: id.into(),
        kind: kind.into(),
        from: from.clone(),
        to: to.clone(),
        lane: LaneState::Live,
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        purposes: vec![Purpose::RiskAssessment, Purpose::BorderControl, Purpose::Exchange],
        handling: Handling::H0,
        consent: if is_acdd { ConsentRule::Needed } else { ConsentRule::NotNeeded },
        onward: Onward::Never,
        keep: Limit::hours(24 * 365),
        answer_within: is_acdd.then(|| Limit::hours(1)),
        result_within: is_acdd.then(|| Limit::hours(72)),
        clocks: std::collections::BTreeMap::new(),
        quotas: std::collections::BTreeMap::new(),
        delivery: Schedule { waits: vec![Limit::seconds(60), Limit::seconds(600)], ..Schedule::default() },
        escalation: vec![Escalation { after: Limit::seconds(1), role: EXCHANGE }],
    }
}

fn line(item_no: u32, hs: &str, kilograms: i64) -> GoodsLine {
    GoodsLine {
        item_no,
        hs: HsCode::new(hs).ok(),
        quantity: Some(Quantity::new(Decimal::from(kilograms), "KGM")),
        origin: Some(Country::new("TH")),
        ..GoodsLine::default()
    }
}

/// An export of rice from Thailand to Vietnam.
pub(crate) fn export(number: &str, kilograms: i64) -> Declaration {
    Declaration {
        flow: Flow::Export,
        number: number.into(),
        reference: format!("R-{number}"),
        country: Country::new("TH"),
        exporter: Party::named("Siam Rice Mill Co., Ltd."),
        importer: Party::named("Cong ty TNHH Gao Mien Tay"),
        agent: Party::named("Laem Chabang Brokers"),
        destination: Some(Country::new("VN")),
        departs: Some(date(2026, 11, 18)),
        mode: Some(TransportMode::new("1")),
        place: Some(Place::new("VNSGN")),
        lines: vec![line(1, "100630", kilograms)],
        consent: Some(Consent { reference: "C-1".into(), since: date(2026, 1, 1) }),
        ..Declaration::default()
    }
}

/// The import of the same goods into Vietnam, quoting the export's number.
pub(crate) fn import(number: &str, quoted: &str, kilograms: i64) -> Declaration {
    let mut goods = line(1, "10063099", kilograms);
    goods.quoted_export = Some(quoted.into());
    Declaration {
        flow: Flow::Import,
        number: number.into(),
        reference: format!("R-{number}"),
        country: Country::new("VN"),
        exporter: Party::named("Siam Rice Mill Co Ltd"),
        importer: Party::named("Công ty TNHH Gạo Miền Tây"),
        export_country: Some(Country::new("TH")),
        arrives: Some(TODAY),
        mode: Some(TransportMode::new("1")),
        place: Some(Place::new("VNSGN")),
        lines: vec![goods],
        ..Declaration::default()
    }
}

/// The documents of what one side received, by number.
pub(crate) fn documents(side: &Side) -> Vec<Document> {
    let items = side.cases("received");
    let read = |row: &CaseRow| row.state.read::<customs::agreement::Received>().ok()?.document().cloned();
    items.iter().filter_map(read).collect()
}
