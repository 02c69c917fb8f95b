//! A node in a process of its own, and what a program may ask of it. The program is its own child: called with a folder in
//! the environment it is a node.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path as Named;
use axum::routing::{get, post};
use customs::agreement::{Agreement, ConsentRule, Handling, LaneState, LegalRoute, Onward, Schedule, Term};
use customs::declaration::{Consent, Declaration, Flow};
use customs::roles::{CLEARANCE, DIRECTOR, SECRETARY};
use customs::terms::{Country, GoodsLine, HsCode, Party};
use jiff::Timestamp;
use jiff::civil::date;
use kernel::{ActId, Actor, CaseId, Limit, NodeId, Quantity};
use node::config::{As4Listener, Config, WebListener};
use node::{Batch, Handle};
use store::{Query, Tally};

/// The folder of the node this process is to be.
const FOLDER: &str = "SAMPAN_TEST_FOLDER";

/// Is a node where the environment says so; else nothing.
pub(crate) fn be_what_is_asked() -> Option<ExitCode> {
    std::env::var_os(FOLDER).map(|folder| be_a_node(Path::new(&folder)))
}

fn be_a_node(folder: &Path) -> ExitCode {
    node::logs::start(node::logs::Form::Json);
    let ran = node::run::runtime().expect("a runtime").block_on(node::run(folder, pages));
    if ran.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a program asks of its node: take declarations, take agreements, count.
fn pages(handle: Handle) -> Router {
    let (agreeing, taking, counting) = (handle.clone(), handle.clone(), handle);
    let agree = async move || agree(&agreeing).await;
    let take = async move |body: Bytes| take(&taking, &body).await;
    let count = async move |Named(desk): Named<String>| count(&counting, desk).await;
    Router::new().route("/agree", post(agree)).route("/take", post(take)).route("/count/{desk}", get(count))
}

async fn agree(handle: &Handle) -> String {
    let agreement = agreement();
    let case = CaseId::of("agreement", &agreement.id);
    let enter = serde_json::json!({ "act": "enter", "agreement": agreement });
    let approve = serde_json::json!({ "act": "approve" });
    for (role, act) in [(SECRETARY, enter), (DIRECTOR, approve)] {
        let actor = Actor::new(format!("the {role}"), role.clone());
        // A second time it is refused or repeated; either way it is in force.
        let _ = handle.act(actor, ActId::new(role.as_str()), case.clone(), act).await;
    }
    "agreed".to_owned()
}

async fn take(handle: &Handle, body: &[u8]) -> String {
    let numbers = std::str::from_utf8(body).expect("numbers").split(' ');
    let batch = Batch::of(numbers.map(|number| export(number.parse().expect("a number"))).collect());
    match handle.take(Actor::new("clearance", CLEARANCE), batch).await {
        Ok(report) => format!("taken {} known {}", report.taken.len(), report.known.len()),
        Err(not_done) => not_done.to_string(),
    }
}

/// How many cases of a desk stand at which stage, as `stage count` lines.
async fn count(handle: &Handle, desk: String) -> String {
    let query = Query { desk: Some(desk), ..Query::default() };
    let tally = handle.with_look(move |look| look.tally(&query, Tally::Stage)).await.expect("a tally");
    tally.iter().map(|(stage, count)| format!("{stage} {count}\n")).collect()
}

/// A node in a process of its own.
pub(crate) struct Process {
    folder: PathBuf,
    web: SocketAddr,
    descriptor: String,
    child: Option<Child>,
}

impl Process {
    pub(crate) fn new(id: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("sampan-kill-{}-{id}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (as4, web) = (free(), free());
        let config = Config {
            id: NodeId::new(id),
            name: format!("Customs of {id}"),
            country: id.into(),
            zone: "UTC".into(),
            languages: vec!["en".into()],
            as4: As4Listener::new(as4, format!("https://127.0.0.1:{}/as4", as4.port())),
            web: WebListener::loopback(web),
            hub: None,
        };
        let descriptor = node::init::init(&folder, config, Timestamp::now()).expect("a new node");
        Self { folder, web, descriptor, child: None }
    }

    pub(crate) fn knows(&self, partner: &Self) {
        node::descriptor::keep(&self.folder, &partner.descriptor).expect("a descriptor");
    }

    pub(crate) fn start(&mut self) {
        let program = std::env::current_exe().expect("this program");
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("log.json"));
        let child = Command::new(program)
            .env(FOLDER, &self.folder)
            .stdout(Stdio::null())
            .stderr(log.expect("a log"))
            .spawn()
            .expect("a process");
        self.child = Some(child);
        let started = Instant::now();
        while self.ask("GET", "/health", "").is_none_or(|answer| !answer.contains("\"ready\"")) {
            assert!(started.elapsed() < PATIENCE, "{} does not come up", self.folder.display());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The way a power failure ends a process: at once, in the middle of whatever it does. Nothing where it does not run.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("is killed");
            child.wait().expect("is gone");
        }
    }

    /// The node's folder.
    #[allow(dead_code, reason = "one of the programs that share this file needs it")]
    pub(crate) fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    pub(crate) fn stop_and_verify(mut self) {
        let child = self.child.take().expect("it runs");
        let asked = Command::new("kill").arg(child.id().to_string()).status().expect("kill is there");
        assert!(asked.success());
        let ended = child.wait_with_output().expect("it ends");
        assert!(ended.status.success(), "a node that is asked to stop ends well");
        let report = node::verify(&self.folder, &mut |_| {}).expect("the files can be read");
        assert!(report.sound, "{:?}", report.faults().collect::<Vec<_>>());
        assert_eq!(report.not_logged, 0, "everything is written out at a clean stop");
        std::fs::remove_dir_all(&self.folder).expect("the folder goes");
    }

    /// One request over plain HTTP; nothing where the node is not there.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect_timeout(&self.web, Duration::from_secs(2)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}");
        stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        (head.starts_with("HTTP/1.1 200") || path == "/health").then(|| body.to_owned())
    }

    /// The same request until it is answered: what was done before a kill is known and not done again.
    pub(crate) fn insist(&self, method: &str, path: &str, body: &str) -> String {
        let started = Instant::now();
        loop {
            if let Some(answer) = self.ask(method, path, body) {
                return answer;
            }
            assert!(started.elapsed() < PATIENCE, "{path} is not answered");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn wait_for(&self, desk: &str, tally: &str) {
        let started = Instant::now();
        loop {
            let seen = self.insist("GET", &format!("/count/{desk}"), "");
            if seen == tally {
                return;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "{desk} in {}: {seen:?}, not {tally:?}",
                self.folder.display()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

const PATIENCE: Duration = Duration::from_secs(180);

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port")
}

fn export(number: u32) -> Declaration {
    let line = GoodsLine {
        item_no: 1,
        hs: HsCode::new("100630").ok(),
        quantity: Some(Quantity::new(20_000.into(), "KGM")),
        ..GoodsLine::default()
    };
    Declaration {
        flow: Flow::Export,
        number: format!("TH-{number}"),
        reference: format!("R-{number}"),
        country: Country::new("TH"),
        exporter: Party::named("Siam Rice Mill"),
        importer: Party::named("Gao Mien Tay"),
        destination: Some(Country::new("VN")),
        lines: vec![line],
        consent: Some(Consent { reference: "C-1".into(), since: date(2026, 1, 1) }),
        ..Declaration::default()
    }
}

/// An export of rice as a partner would be sent it.
#[allow(dead_code, reason = "one of the programs that share this file needs it")]
pub(crate) fn document(number: u32) -> Vec<u8> {
    let declaration = export(number);
    let acdd = customs::declaration::Acdd::extract(&declaration, 1).expect("an export");
    formats::write_acdd(&acdd)
}

fn agreement() -> Agreement {
    let (th, vn) = (NodeId::new("TH"), NodeId::new("VN"));
    let term = |id: &str, kind: &str, from: &NodeId, to: &NodeId, field: &str| Term {
        id: id.into(),
        kind: kind.into(),
        from: from.clone(),
        to: to.clone(),
        lane: LaneState::Live,
        fields: vec![field.into()],
        purposes: Vec::new(),
        handling: Handling::H0,
        consent: ConsentRule::NotNeeded,
        onward: Onward::Never,
        keep: Limit::hours(24),
        answer_within: None,
        result_within: None,
        clocks: std::collections::BTreeMap::new(),
        quotas: std::collections::BTreeMap::new(),
        delivery: Schedule { waits: vec![Limit::seconds(1); 120], ..Schedule::default() },
        escalation: Vec::new(),
    };
    Agreement {
        id: "ACDD-TH-VN".into(),
        title: "Exchange of export declarations".into(),
        parties: vec![th.clone(), vn.clone()],
        route: LegalRoute::Ministry,
        source: "a test's own".into(),
        from: date(2026, 1, 1),
        until: None,
        terms: vec![term("1", "acdd", &th, &vn, "lines"), term("2", "customs-response", &vn, &th, "remarks")],
    }
}
