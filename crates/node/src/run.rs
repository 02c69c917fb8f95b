//! A node from its folder to its last commit: opened, served, stopped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use exchange::Limits;
use jiff::Timestamp;
use ledger::Folder;
use store::journal::folder_of;
use store::sqlite::Sqlite;
use store::{Failure, Store};
use tokio::net::TcpListener;
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::JoinHandle;

use crate::config::{Config, ConfigFault, Protection};
use crate::descriptor::DescriptorFault;
use crate::envelope::As4;
use crate::figures::Figures;
use crate::handle::{Handle, Shared};
use crate::heart::Heart;
use crate::keys::{Keys, KeysFault};
use crate::notary::Notary;
use crate::partners::Partners;
use crate::readers::Readers;
use crate::record::Recorder;
use crate::rim::serve::{Listener, serve};
use crate::rim::watch::Watch;
use crate::rim::{Rim, pump, receive, watch as watching};
use crate::tls;
use crate::writer::{Inbox, Told, Writer};

/// Why a node does not start.
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
    let keys = Keys::load(folder)?;
    let as4_socket = listen(config.as4.listen).await?;
    let web_socket = listen(config.web.listen).await?;
    let place = folder.to_owned();
    let identity = keys.identity.clone();
    let server = Arc::new(tls::server(&keys.tls).map_err(|error| StartFault::Tls(error.to_string()))?);
    let (parts, config) =
        tokio::task::spawn_blocking(move || Parts::open(place, &config, keys).map(|parts| (parts, config)))
            .await
            .unwrap_or_else(|error| {
                Err(StartFault::Store(Failure::Engine { doing: "start", cause: error.to_string() }))
            })?;
    let rim = Rim {
        us: config.id.clone(),
        inbox: parts.inbox.clone(),
        readers: parts.readers.clone(),
        partners: parts.partners.clone(),
        identity,
        figures: Arc::clone(&parts.figures),
        limits: Limits { body_max: config.as4.body_max, ..Limits::default() },
    };
    let handle = Handle::new(Shared {
        identity: config.identity(),
        desks: customs::desks::DESKS,
        readers: parts.readers,
        changes: parts.changes,
        inbox: parts.inbox.clone(),
        partners: parts.partners,
    });
    let (stop, stopped) = watch::channel(());
    let (as4, web) = (address(&as4_socket), address(&web_socket));
    let watched =
        watching::router(Watch { rim: rim.clone(), published: Arc::clone(&parts.recorder.published) });
    let web_tls = (config.web.tls == Protection::Tls).then(|| Arc::clone(&server));
    let listeners = [
        Listener {
            socket: as4_socket,
            tls: Some(server),
            router: receive::router(rim.clone()),
            connections: AS4_CONNECTIONS,
            grace: AS4_GRACE,
        },
        Listener {
            socket: web_socket,
            tls: web_tls,
            router: pages(handle.clone()).merge(watched),
            connections: WEB_CONNECTIONS,
            grace: WEB_GRACE,
        },
    ];
    let mut tasks: Vec<_> =
        listeners.into_iter().map(|listener| tokio::spawn(serve(listener, stopped.clone()))).collect();
    tasks.push(tokio::spawn(pump::pump(rim, config.as4.lanes, parts.work, stopped)));
    tracing::info!(node = %config.id, %as4, %web, "started");
    Ok(Running {
        handle,
        as4,
        web,
        stop,
        tasks,
        inbox: parts.inbox,
        writer: parts.writer,
        recorder: parts.recorder,
    })
}

/// Runs the node in a folder until the system asks it to stop.
///
/// # Errors
/// [`StartFault`].
pub async fn run(folder: &Path, pages: impl FnOnce(Handle) -> Router) -> Result<(), StartFault> {
    let running = start(folder, pages).await?;
    asked_to_stop().await;
    tracing::info!("stopping");
    running.stop().await;
    tracing::info!("stopped");
    Ok(())
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

/// What stands behind the sockets.
struct Parts {
    inbox: Inbox,
    writer: std::thread::JoinHandle<()>,
    recorder: Recorder,
    readers: Readers,
    partners: Partners,
    figures: Arc<Figures>,
    changes: broadcast::Sender<crate::Changed>,
    work: Arc<Notify>,
}

impl Parts {
    fn open(folder: PathBuf, config: &Config, keys: Keys) -> Result<Self, StartFault> {
        let figures = Arc::new(Figures::default());
        let partners = Partners::load(&folder, &config.id)?;
        let store = Sqlite::open(folder.join(store::record::STORE))?;
        let readers = Readers::open(&store, READERS)?;
        let own = keys.record.verifier().clone();
        let recorder = Recorder::start(&folder, keys.record, readers.clone(), Arc::clone(&figures))?;
        let notary = Notary {
            folder: Folder::new(folder_of(&folder)),
            published: Arc::clone(&recorder.published),
            own,
            signer: keys.witness,
            partners: partners.clone(),
        };
        let seal = Box::new(As4::new(config.id.clone(), keys.identity).with_record(Box::new(notary)));
        let store: Box<dyn Store> = Box::new(store);
        let heart = Heart::new(config.id.clone(), customs::desks::DESKS, store, seal)?;
        let (changes, _) = broadcast::channel(CHANGES);
        let work = Arc::new(Notify::new());
        let told = Told { changes: changes.clone(), work: Arc::clone(&work), record: recorder.signal() };
        let writer = Writer { heart, clock: Timestamp::now, told, figures: Arc::clone(&figures) };
        let (inbox, writer) = writer
            .start()
            .map_err(|error| Failure::Engine { doing: "start a thread", cause: error.to_string() })?;
        Ok(Self { inbox, writer, recorder, readers, partners, figures, changes, work })
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartFault> {
    TcpListener::bind(address).await.map_err(|cause| StartFault::Listen { address, cause })
}

fn address(socket: &TcpListener) -> SocketAddr {
    socket.local_addr().expect("a bound socket has an address")
}

/// How many views are open for reading.
const READERS: usize = 4;
/// How many changes a slow listener may be behind before it misses some.
const CHANGES: usize = 1_024;
/// How many connections partners may have open.
const AS4_CONNECTIONS: usize = 256;
/// How many connections officers may have open.
const WEB_CONNECTIONS: usize = 512;
/// How long a message on its way in may take at shutdown.
const AS4_GRACE: Duration = Duration::from_secs(8);
/// How long a page may take at shutdown; live updates never end by themselves.
const WEB_GRACE: Duration = Duration::from_secs(1);
