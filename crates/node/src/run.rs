//! A node from its folder to its last commit: opened, served, stopped.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use store::Failure;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::config::{Config, ConfigFault};
use crate::descriptor::DescriptorFault;
use crate::handle::Handle;
use crate::keys::KeysFault;
use crate::opened::{self, Parts};
use crate::record::Recorder;
use crate::rim::serve::{Listener, serve};
use crate::rim::watch::Watch;
use crate::rim::{hub, pump, receive, revocation, watch as watching};
use crate::writer::Inbox;

/// Why a node does not start, or does not go on.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// Its configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigFault),
    /// Its keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysFault),
    /// A partner's descriptor cannot be used.
    #[error(transparent)]
    Partner(#[from] DescriptorFault),
    /// Its store or record cannot be opened.
    #[error(transparent)]
    Store(#[from] Failure),
    /// An address cannot be listened on.
    #[error("{address}: {cause}")]
    Listen {
        /// Which one.
        address: SocketAddr,
        /// What the machine said.
        cause: std::io::Error,
    },
    /// A transaction failed at the disk. What the disk holds is known again when the node is started again.
    #[error("the store takes nothing more; see the log, then start the node again")]
    Broken,
    /// TLS cannot be served with the node's key and certificate.
    #[error("TLS: {0}")]
    Tls(String),
}

/// A node that runs.
#[derive(Debug)]
pub struct Running {
    handle: Handle,
    as4: SocketAddr,
    web: SocketAddr,
    stop: watch::Sender<()>,
    tasks: Vec<JoinHandle<()>>,
    inbox: Inbox,
    writer: std::thread::JoinHandle<()>,
    recorder: Recorder,
    broken: Arc<Notify>,
}

impl Running {
    /// The way in beside the sockets.
    #[must_use]
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Where partners reach it.
    #[must_use]
    pub const fn as4(&self) -> SocketAddr {
        self.as4
    }

    /// Where officers reach it.
    #[must_use]
    pub const fn web(&self) -> SocketAddr {
        self.web
    }

    /// Waits until the store takes nothing more; for ever where all is well.
    pub async fn broken(&self) {
        self.broken.notified().await;
    }

    /// Stops: takes no more connections, finishes what is under way, works off what waits, writes the record out, and
    /// puts the store to rest.
    pub async fn stop(self) {
        let Self { stop, tasks, inbox, writer, recorder, .. } = self;
        // Nobody listening any more is what is wanted.
        let _ = stop.send(());
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task panicked");
            }
        }
        inbox.stop().await;
        drop(inbox);
        let ended = tokio::task::spawn_blocking(move || {
            let written = writer.join();
            recorder.finish();
            written
        });
        if !matches!(ended.await, Ok(Ok(()))) {
            tracing::error!("the writer panicked");
        }
    }
}

/// Starts the node in a folder. `pages` gives what officers are served, over the node it is given.
///
/// # Errors
/// [`StartFault`]. Nothing runs then.
pub async fn start(folder: &Path, pages: impl FnOnce(Handle) -> Router) -> Result<Running, StartFault> {
    let config = Config::load(folder)?;
    let (as4_socket, web_socket) = (listen(config.as4.listen).await?, listen(config.web.listen).await?);
    let (as4, web) = (address(&as4_socket), address(&web_socket));
    let parts = opened::open(folder, &config).await?;
    let Parts { rim, handle, recorder, writer, work, broken, as4_tls, web_tls } = parts;
    let (stop, stopped) = watch::channel(());
    let watched = Watch { rim: rim.clone(), published: Arc::clone(&recorder.published) };
    let for_partners = Listener {
        socket: as4_socket,
        tls: Some(as4_tls),
        router: receive::router(rim.clone()),
        connections: AS4_CONNECTIONS,
        grace: AS4_GRACE,
    };
    let for_officers = Listener {
        socket: web_socket,
        tls: web_tls,
        router: pages(handle.clone()).merge(watching::router(watched)),
        connections: WEB_CONNECTIONS,
        grace: WEB_GRACE,
    };
    let inbox = rim.inbox.clone();
    let tasks = vec![
        tokio::spawn(serve(for_partners, stopped.clone())),
        tokio::spawn(serve(for_officers, stopped.clone())),
        tokio::spawn(revocation::keep_up(rim.clone(), stopped.clone())),
        tokio::spawn(hub::keep_up(rim.clone(), stopped.clone())),
        tokio::spawn(pump::pump(rim, config.as4.lanes, work, stopped)),
    ];
    tracing::info!(node = %config.id, %as4, %web, "started");
    Ok(Running { handle, as4, web, stop, tasks, inbox, writer, recorder, broken })
}

/// Runs the node in a folder until the system asks it to stop. Where its store fails it stops by itself, so that whoever
/// watches over it starts it again.
///
/// # Errors
/// [`StartFault`].
pub async fn run(folder: &Path, pages: impl FnOnce(Handle) -> Router) -> Result<(), StartFault> {
    let running = start(folder, pages).await?;
    let ended = tokio::select! {
        () = asked_to_stop() => Ok(()),
        () = running.broken() => Err(StartFault::Broken),
    };
    tracing::info!("stopping");
    running.stop().await;
    tracing::info!("stopped");
    ended
}

/// The runtime a node is meant for: two threads wait for sockets; what calculates or reads has threads of its own, made
/// when they are needed and gone soon after.
///
/// # Errors
/// What the machine says.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_keep_alive(Duration::from_secs(5))
        .enable_all()
        .build()
}

/// Waits for the signals that ask a program to stop.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::warn!("signals cannot be heard; only a kill stops this node");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartFault> {
    TcpListener::bind(address).await.map_err(|cause| StartFault::Listen { address, cause })
}

fn address(socket: &TcpListener) -> SocketAddr {
    socket.local_addr().expect("a bound socket has an address")
}

/// How many connections partners may have open.
const AS4_CONNECTIONS: usize = 128;
/// How many connections officers may have open. Each may stand on a thread that blocks; together with what is calculated
/// beside them they must stay below the runtime's 512, or none would be left to finish what they wait for.
const WEB_CONNECTIONS: usize = 320;
/// How long a message on its way in may take at shutdown.
const AS4_GRACE: Duration = Duration::from_secs(8);
/// How long a page may take at shutdown; live updates never end by themselves.
const WEB_GRACE: Duration = Duration::from_secs(1);
