//! A node in a folder of its own on loopback, and the people who work with it.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use customs::agreement::{
    Agreement, ConsentRule, Escalation, Handling, LaneState, LegalRoute, Onward, Schedule, Term,
};
use customs::roles::{DIRECTOR, EXCHANGE, SECRETARY};
use customs::terms::Purpose;
use jiff::Timestamp;
use jiff::civil::date;
use kernel::{ActId, Actor, CaseId, Happening, Limit, NodeId, Role};
use node::config::{As4Listener, Clients, Config, WebListener};
use node::{Handle, Running};
use serde_json::Value;
use store::record::RecordReport;
use store::{CaseRow, Query};

/// A folder that is gone when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sampan-{}-{count}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is in the system's temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A port of its own for each node of these tests, also while the node is stopped: below those the system gives to
/// connections, and never given out twice.
fn free() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id() % 1_000 * 20;
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let next = || 12_000 + ((first + NEXT.fetch_add(1, Ordering::Relaxed)) % 20_000) as u16;
    let port = std::iter::repeat_with(next).find(is_free).expect("there are ports");
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// One administration with its node's folder.
pub(crate) struct Side {
    pub(crate) id: NodeId,
    pub(crate) folder: Folder,
    pub(crate) descriptor: String,
    running: Option<Running>,
    acts: u32,
}

impl Side {
    pub(crate) fn new(id: &str) -> Self {
        Self::open_to(Clients::Pinned, id)
    }

    /// A node to whose partners' listener these may connect.
    pub(crate) fn open_to(clients: Clients, id: &str) -> Self {
        Self::taking(clients, 4 << 20, id)
    }

    /// A node that takes messages of at most so many bytes.
    pub(crate) fn taking(clients: Clients, body_max: usize, id: &str) -> Self {
        let folder = Folder::new(id);
        let as4 = free();
        let config = Config {
            id: NodeId::new(id),
            name: format!("Customs of {id}"),
            country: id.into(),
            zone: "UTC".into(),
            languages: vec!["en".into()],
            as4: As4Listener {
                listen: as4,
                endpoint: format!("https://127.0.0.1:{}/as4", as4.port()),
                body_max,
                lanes: 4,
                clients,
            },
            web: WebListener::loopback(free()),
            hub: None,
        };
        let descriptor = node::init::init(folder.path(), config, Timestamp::now()).expect("a new node");
        Self { id: NodeId::new(id), folder, descriptor, running: None, acts: 0 }
    }

    pub(crate) fn knows(&self, partner: &Self) {
        node::descriptor::keep(self.folder.path(), &partner.descriptor).expect("a descriptor");
    }

    /// Starts the node. Its port was free when it was chosen; another program may hold it for a moment since.
    pub(crate) async fn start(&mut self) {
        for _ in 0..TRIES {
            match node::start(self.folder.path(), |_| Router::new()).await {
                Ok(running) => {
                    self.running = Some(running);
                    return;
                }
                Err(node::StartFault::Listen { cause, .. })
                    if cause.kind() == std::io::ErrorKind::AddrInUse =>
                {
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
                Err(fault) => panic!("the node starts: {fault}"),
            }
        }
        panic!("the node's port stays taken");
    }

    pub(crate) async fn stop(&mut self) {
        self.running.take().expect("it runs").stop().await;
    }

    pub(crate) fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs")
    }

    pub(crate) fn handle(&self) -> &Handle {
        self.running().handle()
    }

    pub(crate) async fn act(&mut self, role: &Role, case: &CaseId, act: Value) {
        self.acts += 1;
        let id = ActId::new(format!("person-{}-{}", self.acts, Timestamp::now()));
        let actor = Actor::new(format!("the {role}"), role.clone());
        self.handle().act(actor, id, case.clone(), act).await.expect("the act is taken");
    }

    pub(crate) async fn agree(&mut self, agreement: &Agreement) {
        let case = CaseId::of("agreement", &agreement.id);
        let enter = serde_json::json!({ "act": "enter", "agreement": agreement });
        self.act(&SECRETARY, &case, enter).await;
        self.act(&DIRECTOR, &case, serde_json::json!({ "act": "approve" })).await;
    }

    pub(crate) async fn cases(&self, desk: &str) -> Vec<CaseRow> {
        let query = Query { desk: Some(desk.into()), limit: 1_000, ..Query::default() };
        self.handle().with_look(move |look| look.cases(&query)).await.expect("a list").rows
    }

    /// The stages of all cases of a desk, sorted.
    pub(crate) async fn stages(&self, desk: &str) -> Vec<String> {
        let mut stages: Vec<_> = self.cases(desk).await.into_iter().map(|row| row.summary.stage).collect();
        stages.sort();
        stages
    }

    /// Waits until the cases of a desk stand so.
    pub(crate) async fn wait_for(&self, desk: &str, stages: &[&str]) {
        let started = Instant::now();
        while self.stages(desk).await != stages {
            let seen = self.stages(desk).await;
            assert!(started.elapsed() < PATIENCE, "{desk} of {} stand at {seen:?}, not {stages:?}", self.id);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Side {
    /// The checkpoints that were witnessed here: whose log, and the note.
    pub(crate) fn witnessed(&self) -> Vec<(String, String)> {
        let look = self.handle().look();
        let size = look.size().expect("a size");
        let entries = (0..size).filter_map(|number| look.entry(number).expect("a look"));
        let notes = entries.filter_map(|entry| match entry.what {
            Happening::Witnessed { origin, note } => Some((origin, note)),
            _ => None,
        });
        notes.collect()
    }

    /// Verifies the whole record from the files alone.
    pub(crate) fn verify(&self) -> RecordReport {
        node::verify(self.folder.path(), &mut |_| {}).expect("the files can be read")
    }
}

const PATIENCE: Duration = Duration::from_secs(30);
/// How often a node is started whose port is taken, a tenth of a second apart.
const TRIES: u32 = 100;

/// Two administrations that know each other.
pub(crate) fn two() -> (Side, Side) {
    let (th, vn) = (Side::new("TH"), Side::new("VN"));
    th.knows(&vn);
    vn.knows(&th);
    (th, vn)
}

pub(crate) fn agreement() -> Agreement {
    let (th, vn) = (NodeId::new("TH"), NodeId::new("VN"));
    let fields = ["exporter", "consignee", "agent", "departs", "mode", "discharge", "lines"];
    Agreement {
        id: "ACDD-TH-VN".into(),
        title: "Exchange of export declarations".into(),
        parties: vec![th.clone(), vn.clone()],
        route: LegalRoute::Ministry,
        source: "a test's own".into(),
        from: date(2026, 1, 1),
        until: None,
        terms: vec![
            term("1", "acdd", &th, &vn, &fields),
            term("2", "customs-response", &vn, &th, &["remarks"]),
        ],
    }
}

fn term(id: &str, kind: &str, from: &NodeId, to: &NodeId, fields: &[&str]) -> Term {
    Term {
        id: id.into(),
        kind: kind.into(),
        from: from.clone(),
        to: to.clone(),
        lane: LaneState::Live,
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        purposes: vec![Purpose::RiskAssessment],
        handling: Handling::H0,
        consent: ConsentRule::NotNeeded,
        onward: Onward::Never,
        keep: Limit::hours(24),
        answer_within: Some(Limit::hours(1)),
        result_within: None,
        clocks: std::collections::BTreeMap::new(),
        quotas: std::collections::BTreeMap::new(),
        delivery: Schedule { waits: vec![Limit::seconds(1); 20], ..Schedule::default() },
        escalation: vec![Escalation { after: Limit::seconds(1), role: EXCHANGE }],
    }
}
