//! Our node as a process of its own, with an agreement that lets the giver's documents in.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use customs::agreement::Agreement;
use customs::roles::{DIRECTOR, SECRETARY};
use exchange::Suite;
use kernel::{CaseId, NodeId};
use node::config::{As4Listener, Config, WebListener};
use node::{Descriptor, descriptor};
use serde_json::json;
use store::Store as _;

use super::giver::{Address, TAKER};
use crate::client::{Client, Done};
use crate::command::account;
use crate::demo::free_port;

/// Our node.
pub(crate) struct Taker {
    dir: PathBuf,
    web: String,
    child: Option<Child>,
    /// What it tells partners of itself.
    pub(crate) descriptor: Descriptor,
    /// The same as a signed note.
    note: String,
}

impl Taker {
    /// Makes the node in a folder with keys of a suite, starts it, and brings the agreement with the giver of this descriptor
    /// into force.
    pub(crate) fn start(dir: &Path, giver: &str, suite: Suite) -> anyhow::Result<Self> {
        let (as4, web) = (free_port()?, free_port()?);
        let config = Config {
            id: NodeId::new(TAKER),
            name: "The taking side".into(),
            country: TAKER.into(),
            zone: "UTC".into(),
            languages: vec!["en".into()],
            as4: As4Listener::new(as4, format!("https://localhost:{}/as4", as4.port())),
            web: WebListener::loopback(web),
            hub: None,
        };
        let note = node::init::init_with(dir, config, &[suite], jiff::Timestamp::now())?;
        descriptor::keep(dir, giver)?;
        let mut store = account::open(dir)?;
        let tokens = [SECRETARY, DIRECTOR].map(|role| {
            (role.clone(), account::grant(&mut store, role.as_str(), std::slice::from_ref(&role)))
        });
        store.rest()?;
        drop(store);
        let mut taker = Self {
            dir: dir.to_owned(),
            web: format!("http://{web}"),
            child: None,
            descriptor: Descriptor::open(&note)?,
            note,
        };
        taker.spawn()?;
        let agreement: Agreement = toml::from_str(AGREEMENT).context("the agreement is malformed")?;
        let case = CaseId::of("agreement", &agreement.id);
        for (role, token) in tokens {
            let act = if role == SECRETARY {
                json!({ "act": "enter", "agreement": agreement })
            } else {
                json!({ "act": "approve" })
            };
            let done = Client::new(&taker.web, token?).act(role.as_str(), &case, &act)?;
            anyhow::ensure!(done == Done::Taken, "{act} was not taken: {done:?}");
        }
        Ok(taker)
    }

    /// How it is addressed in a suite.
    pub(crate) fn address(&self, suite: Suite) -> Address {
        Address {
            signing: self.descriptor.signing_certificates(),
            sealing: self.descriptor.sealing_certificates().into_iter().find(|one| suite.seals_to(one)),
        }
    }

    /// Its descriptor as a signed note.
    pub(crate) fn note(&self) -> &str {
        &self.note
    }

    /// Its folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// Starts it and waits until it is ready.
    pub(crate) fn spawn(&mut self) -> anyhow::Result<()> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.dir.join("node.log"))?;
        let child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(&self.dir)
            .env("SAMPAN_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start a node")?;
        self.child = Some(child);
        let (begin, client) = (Instant::now(), Client::new(&self.web, ""));
        while begin.elapsed() < PATIENCE {
            if client.is_ready() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        anyhow::bail!(
            "the node was not ready within {} s; see {}/node.log",
            PATIENCE.as_secs(),
            self.dir.display()
        )
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // A process that is gone already needs no killing.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Taker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How long a node may take to be ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// One lane from the giver to the taker.
const AGREEMENT: &str = r#"
id = "MEASURE"
title = "One lane for measurements"
parties = ["TH", "VN"]
route = "ministry"
source = "made for the measurement"
from = "2024-01-01"

[[term]]
id = "1"
kind = "acdd"
from = "TH"
to = "VN"
lane = "live"
fields = ["exporter", "consignee", "agent", "departs", "mode", "discharge", "lines"]
purposes = ["risk-assessment"]
handling = "h0"
consent = "not-needed"
onward = "never"
keep = "24h"
delivery = { waits = ["1s"] }
escalation = []
"#;
