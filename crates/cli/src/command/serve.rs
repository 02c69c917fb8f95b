//! `sampan serve`: runs a node from its folder.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use node::config::{Config, Protection};
use node::logs::{self, Form};
use web::{App, Transport};

use crate::exit::Exit;
use crate::{heap, output};

/// Runs a node from its folder until it is told to stop (SIGTERM or Ctrl-C). Logs go to standard error, JSON lines in a
/// pipe; SAMPAN_LOG says how much, such as `info` or `node=debug`.
///
/// Example: sampan serve nodes/vn
#[derive(clap::Args)]
pub(crate) struct Serve {
    /// The node's folder.
    dir: PathBuf,
}

impl Serve {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        if let Err(error) = heap::give_back_soon() {
            output::say(format_args!("freed memory stays with the node for a second: {error}"));
        }
        logs::start(if std::io::stderr().is_terminal() { Form::Plain } else { Form::Json });
        let transport = match Config::load(&self.dir)?.web.tls {
            Protection::Tls => Transport::Tls,
            Protection::Loopback => Transport::Loopback,
        };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
        let pages = |handle: node::Handle| web::router(App::new(Arc::new(handle), transport));
        runtime.block_on(node::run(&self.dir, pages))?;
        Ok(Exit::Sound)
    }
}

/// Threads that wait for sockets; what computes or reads has threads of its own.
const WORKERS: usize = 2;
