//! A harbour for tests: one node with partners, all in memory, whose hearts are the real ones. Envelopes are plain JSON
//! and the clock is set by hand.

mod cargo;
pub(crate) mod morning;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use customs::agreement::{Protection, Way};
use customs::desks::DESKS;
use customs::roles::{ALL, CLEARANCE};
use jiff::Timestamp;
use kernel::{ActId, Actor, CaseId, Desk, Digest, NodeId, Role};
use node::{
    Account, Acted, Batch, Changed, Delivered, Delivery, Heart, Identity, ImportReport, Input, Letters,
    NotDone, Outcome, Partner, Posting, Retry, SignIn, Transport as _,
};
use serde::Deserialize as _;
use serde_json::Value;
use store::Look;
use store::sqlite::Sqlite;
use tokio::sync::broadcast;
use web::{NodeSide, Wanted};

/// The node the tests' pages stand before, and its partners.
pub(crate) struct Harbour {
    identity: Identity,
    hearts: Mutex<BTreeMap<String, Heart>>,
    now: Mutex<Timestamp>,
    changes: broadcast::Sender<Changed>,
}

impl Harbour {
    /// Vietnam with three partners and nothing that happened.
    pub(crate) fn empty() -> Self {
        let hearts = ["VN", "TH", "LA", "CN"].map(|id| (id.to_owned(), heart(id)));
        Self {
            identity: Identity {
                id: NodeId::new("VN"),
                name: "Hải quan Việt Nam".into(),
                country: "VN".into(),
                zone: "Asia/Ho_Chi_Minh".into(),
                languages: vec!["vi".into(), "en".into()],
            },
            hearts: Mutex::new(hearts.into()),
            now: Mutex::new("2026-11-20T01:00:00Z".parse().expect("a moment")),
            changes: broadcast::channel(1_000).0,
        }
    }

    /// Sets the clock and has everything happen whose moment has come by then.
    pub(crate) fn set_clock(&self, moment: &str) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = moment.parse().expect("a moment");
        for id in ["VN", "TH", "LA", "CN"] {
            let due = self.hearts()[id].look().and_then(|look| look.due(self.now(), 1_000)).expect("a list");
            for work in due.into_iter().filter(|work| work.sort != "send") {
                self.give(id, &Input::Wake { key: work.key });
            }
        }
    }

    /// Moves the clock on.
    pub(crate) fn pass(&self, seconds: i64) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now += jiff::SignedDuration::from_secs(seconds);
    }

    /// Somebody at a node takes an act.
    pub(crate) fn take(
        &self,
        at: &str,
        role: &Role,
        case: &CaseId,
        act: Value,
    ) -> Result<Acted, kernel::Refusal> {
        let id =
            ActId::new(format!("{}-{}", case, Digest::of(format!("{act}{}", self.now()).as_bytes()).short()));
        let actor = Actor::new(format!("{role}@{at}"), role.clone());
        match self.give(at, &Input::Act { actor, id, case: case.clone(), act }) {
            Outcome::Act(answer) => answer,
            other => panic!("an act was answered with {other:?}"),
        }
    }

    /// A node's clearance system gives it declarations.
    pub(crate) fn lodge(
        &self,
        at: &str,
        declarations: Vec<customs::declaration::Declaration>,
    ) -> ImportReport {
        let actor = Actor::new("clearance", CLEARANCE);
        match self.give(at, &Input::Import { actor, batch: Batch::of(declarations) }) {
            Outcome::Import(report) => report,
            other => panic!("an import was answered with {other:?}"),
        }
    }

    /// Bytes of any kind come to Vietnam from a partner.
    pub(crate) fn throw(&self, from: &str, message_id: &str, payload: &[u8]) -> Delivered {
        let wire = [b"Content-Type: application/xml\r\n\r\n", payload].concat();
        let delivery = Delivery {
            from: NodeId::new(from),
            message_id: message_id.into(),
            kind: "acdd".into(),
            covered: Digest::of(&wire),
            wire: wire.into(),
            payload: payload.to_vec().into(),
            attached: Vec::new(),
            way: Way::Direct,
            protection: Protection::SignedAndEncrypted,
            suited: None,
            witness: None,
            reading: node::ReadAhead::default(),
        };
        match self.give("VN", &Input::Deliver(Box::new(delivery))) {
            Outcome::Deliver(delivered) => delivered,
            other => panic!("a delivery was answered with {other:?}"),
        }
    }

    /// Carries what all nodes have for each other until nothing is left.
    pub(crate) fn settle(&self) {
        for _ in 0..10 {
            let carried: usize = ["TH", "LA", "CN", "VN"].iter().map(|from| self.carry_all(from)).sum();
            if carried == 0 {
                return;
            }
        }
    }

    fn carry_all(&self, from: &str) -> usize {
        let due = self.hearts()[from].look().and_then(|look| look.due(self.now(), 1_000)).expect("a list");
        let postings: Vec<_> = due.iter().filter_map(|work| Posting::deserialize(&work.body).ok()).collect();
        postings.iter().for_each(|posting| self.carry(from, posting));
        postings.len()
    }

    fn carry(&self, from: &str, posting: &Posting) {
        let look = self.hearts()[from].look().expect("a view");
        let wire = look.blob(&posting.wire).expect("a look").expect("what is posted is kept");
        let delivery = Letters::new(NodeId::new(from)).open(&wire, self.now()).expect("our own letter");
        let (case, sender, message_id) =
            (posting.case.clone(), delivery.from.clone(), delivery.message_id.clone());
        let to = posting.to.as_str();
        match self.give(to, &Input::Deliver(Box::new(delivery))) {
            Outcome::Deliver(Delivered::Accepted) => {
                let bytes = format!("<Receipt>{message_id}</Receipt>").into_bytes();
                let answer = Input::Answer { from: sender, message_id, bytes: bytes.clone() };
                self.give(to, &answer);
                self.give(from, &Input::Receipt { case, bytes });
            }
            Outcome::Deliver(_) => {
                let code = "EBMS:0010".to_owned();
                self.give(from, &Input::Undelivered { case, code, retry: Retry::Hopeless });
            }
            other => panic!("a delivery was answered with {other:?}"),
        }
    }

    /// Keeps a small value at Vietnam's node.
    pub(crate) fn keep(&self, key: &str, value: Vec<u8>) {
        self.give("VN", &Input::Keep { key: key.to_owned(), value: Some(value) });
    }

    fn give(&self, at: &str, input: &Input) -> Outcome {
        let now = self.now();
        let mut hearts = self.hearts();
        let heart = hearts.get_mut(at).expect("a node of the harbour");
        let (outcome, outputs) = heart.work_one(&|| now, input).expect("the input is worked off");
        if at == "VN" {
            outputs.changed.into_iter().for_each(|changed| drop(self.changes.send(changed)));
        }
        outcome
    }

    fn hearts(&self) -> MutexGuard<'_, BTreeMap<String, Heart>> {
        self.hearts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn heart(id: &str) -> Heart {
    let store = Sqlite::in_memory().expect("a store in memory");
    let id = NodeId::new(id);
    Heart::new(id.clone(), DESKS, Box::new(store), Box::new(Letters::new(id)))
        .expect("an empty store is a world")
}

impl NodeSide for Harbour {
    fn read(&self, read: &mut dyn FnMut(&dyn Look)) {
        let look = self.hearts()["VN"].look().expect("a view");
        read(&*look);
    }

    fn act(&self, actor: Actor, wanted: Wanted) -> Result<Acted, NotDone> {
        let Wanted { id, case, act, files } = wanted;
        let files = files.into_iter().map(Into::into).collect();
        let input = Input::ActWith { actor, id, case, act, files };
        match self.give("VN", &input) {
            Outcome::Act(answer) => answer.map_err(NotDone::Refused),
            other => panic!("an act was answered with {other:?}"),
        }
    }

    fn replay(&self, actor: Actor, id: ActId, case: CaseId) -> Result<Acted, NotDone> {
        self.act(actor, Wanted { id, case, act: serde_json::json!({ "act": "replay" }), files: Vec::new() })
    }

    fn import(&self, actor: Actor, bytes: Vec<u8>, _media: &str) -> Result<ImportReport, NotDone> {
        let batch = Batch::read(&self.identity.id, bytes);
        match self.give("VN", &Input::Import { actor, batch }) {
            Outcome::Import(report) => Ok(report),
            other => panic!("an import was answered with {other:?}"),
        }
    }

    fn authenticate(&self, name: &str, password: &str) -> Result<SignIn, NotDone> {
        let right = password == format!("{name}-password");
        Ok(self.account(name)?.filter(|_| right).map_or(SignIn::Unknown, SignIn::Known))
    }

    fn account(&self, name: &str) -> Result<Option<Account>, NotDone> {
        let role = ALL.into_iter().find(|role| role.as_str() == name);
        let account = |role: Role| Account {
            name: name.into(),
            display: format!("The {name}"),
            roles: vec![role],
            language: "en".into(),
        };
        Ok(role.map(account))
    }

    fn desks(&self) -> &'static [&'static dyn Desk] {
        DESKS
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn partners(&self) -> Vec<Partner> {
        let partner = |(id, name): (&str, &str)| Partner {
            id: NodeId::new(id),
            name: name.into(),
            endpoint: format!("https://{}.example:8443/as4", id.to_lowercase()),
            signing_fingerprint: Digest::of(id.as_bytes()).to_string(),
            record_key: format!("{}+0f1e2d3c+{}", id.to_lowercase(), "A".repeat(44)),
        };
        [("TH", "Thai Customs"), ("LA", "Lao Customs"), ("CN", "China Customs")].map(partner).into()
    }

    fn proof(&self, _number: u64) -> Result<Option<String>, NotDone> {
        Ok(None)
    }

    fn events(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
