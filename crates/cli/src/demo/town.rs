//! The nodes of the demonstration: a folder, a process, a set of people each.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use customs::agreement::Schedule;
use customs::roles::PRINCIPAL;
use kernel::NodeId;
use node::config::{As4Listener, Config, WebListener};
use node::descriptor::Descriptor;
use node::keys::Keys;
use node::{Account, As4, Parcel, Transport as _};
use serde_json::{Value, json};
use store::Look;

use crate::client::Client;
use crate::command::{account, folder, record};

/// The nodes, by their short names: four customs administrations, and the tax authority of one of their countries.
pub(crate) const NAMES: [&str; 5] = ["VN", "TH", "LA", "CN", "GDT"];
/// The accounts every node has: one per role, named after it.
pub(crate) const ROLES: [&str; 9] = [
    "gate-officer",
    "analyst",
    "exchange-officer",
    "secretary",
    "director",
    "reviewer",
    "coordinator",
    "principal",
    "trusted-trader-officer",
];
/// The file that tells addresses, accounts and their password, beside the nodes' folders.
pub(crate) const ACCOUNTS: &str = "accounts.json";

/// How long a node may take to be ready, and to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// All nodes of the demonstration.
pub(crate) struct Town {
    dir: PathBuf,
    nodes: Vec<Node>,
    password: String,
}

/// One of them.
pub(crate) struct Node {
    /// Its short name.
    pub(crate) name: String,
    /// Where officers' pages are served.
    pub(crate) web: SocketAddr,
    dir: PathBuf,
    tokens: BTreeMap<String, String>,
    child: Mutex<Option<Child>>,
}

impl Town {
    /// Makes all nodes under a folder: keys, accounts, tokens, each other's descriptors.
    pub(crate) fn build(dir: &Path) -> anyhow::Result<Self> {
        let password = account::random_text()?[..12].to_owned();
        let mut notes = Vec::new();
        let mut nodes = Vec::new();
        for name in NAMES {
            let home = dir.join(name.to_lowercase());
            let config = config(name)?;
            let web = config.web.listen;
            notes.push((name, node::init::init(&home, config, jiff::Timestamp::now())?));
            let tokens = people(&home, name, &password)?;
            nodes.push(Node { name: name.to_owned(), web, dir: home, tokens, child: Mutex::new(None) });
        }
        for node in &nodes {
            for (_, note) in notes.iter().filter(|(name, _)| *name != node.name) {
                node::descriptor::keep(&node.dir, note)?;
            }
        }
        let town = Self { dir: dir.to_owned(), nodes, password };
        account::write_secret(&dir.join(ACCOUNTS), &town.as_json().to_string())?;
        Ok(town)
    }

    fn as_json(&self) -> Value {
        let nodes: BTreeMap<_, _> =
            self.nodes.iter().map(|node| (&node.name, format!("http://{}", node.web))).collect();
        json!({ "nodes": nodes, "accounts": ROLES, "password": self.password })
    }

    /// Starts all nodes and waits until each says it is ready.
    pub(crate) fn start(&self) -> anyhow::Result<()> {
        self.nodes.iter().try_for_each(Node::spawn)?;
        self.nodes.iter().try_for_each(Node::wait_ready)
    }

    /// Asks all nodes to stop and waits until they have.
    pub(crate) fn stop(&self) -> anyhow::Result<()> {
        self.nodes.iter().try_for_each(Node::stop)
    }

    /// Verifies every node's record from its files.
    pub(crate) fn verify(&self) -> anyhow::Result<Vec<Value>> {
        let verified = self.nodes.iter().map(|node| {
            let report = record::verify(&node.dir, None)?;
            Ok(record::as_json(&node.dir, &report))
        });
        verified.collect()
    }

    /// The nodes.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// The node of this name.
    pub(crate) fn node(&self, name: &str) -> anyhow::Result<&Node> {
        self.nodes.iter().find(|node| node.name == name).with_context(|| format!("there is no node {name}"))
    }

    /// The password of every account.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    /// Where the nodes lie.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Posts a message's kept bytes to a node again and gives what it answers.
    pub(crate) fn post_as4(&self, to: &str, entity: &[u8]) -> anyhow::Result<Vec<u8>> {
        let note = std::fs::read_to_string(self.node(to)?.dir.join("descriptor"))?;
        let descriptor = Descriptor::open(&note)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(node::post_once(&descriptor, entity)).map_err(anyhow::Error::msg)
    }

    /// Signs a document with one node's key, as that node would, and posts it to another.
    pub(crate) fn send_signed(&self, from: &str, to: &str, letter: &Letter<'_>) -> anyhow::Result<Vec<u8>> {
        let keys = Keys::load(&self.node(from)?.dir)?;
        let receiver = NodeId::new(to);
        let note = std::fs::read_to_string(self.node(to)?.dir.join("descriptor"))?;
        let partner = Descriptor::open(&note)?;
        let packed = As4::between(NodeId::new(from), keys.wallet, partner).pack(&Parcel {
            to: &receiver,
            message_id: letter.message_id,
            ref_to: None,
            conversation: letter.message_id,
            agreement: letter.agreement,
            kind: letter.kind,
            at: jiff::Timestamp::now(),
            payload: letter.document,
            delivery: &Schedule::default(),
            witness: None,
            enclosed: &[],
        })?;
        self.post_as4(to, &packed.entity)
    }
}

/// A message made by hand, as a partner's faulty system might.
pub(crate) struct Letter<'l> {
    /// The document kind its envelope names.
    pub(crate) kind: &'l str,
    /// Its id.
    pub(crate) message_id: &'l str,
    /// The agreement it says it goes under.
    pub(crate) agreement: &'l str,
    /// The document's bytes.
    pub(crate) document: &'l [u8],
}

impl Drop for Town {
    fn drop(&mut self) {
        for node in &self.nodes {
            node.end();
        }
    }
}

impl Node {
    /// The JSON interface, asked by the program of this role.
    pub(crate) fn client(&self, role: &str) -> anyhow::Result<Client> {
        let token =
            self.tokens.get(role).with_context(|| format!("{} has no token for {role}", self.name))?;
        Ok(Client::new(format!("http://{}", self.web), token))
    }

    /// A view of the node's store, beside the running node.
    pub(crate) fn look(&self) -> anyhow::Result<Box<dyn Look + Send>> {
        folder::look(&self.dir)
    }

    /// Kills the node as a power cut would, starts it again and waits until it is ready.
    pub(crate) fn crash(&self) -> anyhow::Result<()> {
        self.end();
        self.spawn()?;
        self.wait_ready()
    }

    fn spawn(&self) -> anyhow::Result<()> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.dir.join("node.log"))?;
        let child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(&self.dir)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", self.name))?;
        *self.held() = Some(child);
        Ok(())
    }

    fn wait_ready(&self) -> anyhow::Result<()> {
        let (start, client) = (Instant::now(), Client::new(format!("http://{}", self.web), ""));
        while start.elapsed() < PATIENCE {
            if client.is_ready() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        anyhow::bail!(
            "{} was not ready within {} s; see {}/node.log",
            self.name,
            PATIENCE.as_secs(),
            self.dir.display()
        )
    }

    fn stop(&self) -> anyhow::Result<()> {
        let Some(mut child) = self.held().take() else { return Ok(()) };
        terminate(child.id())?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = child.try_wait()? {
                anyhow::ensure!(status.success(), "{} stopped with {status}", self.name);
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        child.kill()?;
        anyhow::bail!("{} did not stop within {} s", self.name, PATIENCE.as_secs())
    }

    fn end(&self) {
        if let Some(mut child) = self.held().take() {
            // A process that is gone already needs no killing.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Asks a process to stop.
fn terminate(process: u32) -> anyhow::Result<()> {
    let status = Command::new("kill").arg(process.to_string()).status().context("cannot run kill")?;
    anyhow::ensure!(status.success(), "process {process} could not be asked to stop");
    Ok(())
}

/// An address on loopback nobody listens on now.
pub(crate) fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn config(name: &str) -> anyhow::Result<Config> {
    let (full, zone, language) = match name {
        "VN" => ("Cục Hải quan Việt Nam", "Asia/Ho_Chi_Minh", "vi"),
        "TH" => ("กรมศุลกากร", "Asia/Bangkok", "en"),
        "LA" => ("ກົມພາສີ", "Asia/Vientiane", "en"),
        "GDT" => ("Cục Thuế", "Asia/Ho_Chi_Minh", "vi"),
        _ => ("中国海关", "Asia/Shanghai", "en"),
    };
    let (as4, web) = (free_port()?, free_port()?);
    Ok(Config {
        id: NodeId::new(name),
        name: full.into(),
        country: if name == "GDT" { "VN" } else { name }.into(),
        zone: zone.into(),
        languages: vec![language.into(), if language == "vi" { "en" } else { "vi" }.into()],
        as4: As4Listener::new(as4, format!("https://localhost:{}/as4", as4.port())),
        web: WebListener::loopback(web),
        hub: None,
    })
}

/// One account per role, and one token per role for the demonstration's own hands.
fn people(home: &Path, name: &str, password: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut store = account::open(home)?;
    let language = if ["VN", "GDT"].contains(&name) { "vi" } else { "en" };
    let mut tokens = BTreeMap::new();
    for role in customs::roles::ALL {
        let title = role.as_str().to_owned();
        if ROLES.contains(&role.as_str()) {
            let holder = Account {
                name: title.clone(),
                display: title.clone(),
                roles: vec![role.clone()],
                language: language.into(),
            };
            account::add(&mut store, &holder, password)?;
        }
        // What the principal's software lodges is the principal's own, who looks at it in the pages.
        let program = if role == PRINCIPAL { title.clone() } else { format!("demo-{title}") };
        let token = account::grant(&mut store, &program, std::slice::from_ref(&role))?;
        tokens.insert(title, token);
    }
    store::Store::rest(&mut store)?;
    Ok(tokens)
}

/// Waits until somebody presses Ctrl-C or the program is asked to stop.
pub(crate) fn wait_for_interrupt() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stop = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended?,
            _ = stop.recv() => {}
        }
        Ok(())
    })
}
