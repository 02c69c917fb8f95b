//! A node from its folder to its last commit: opened, served, stopped.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use customs::desks::DESKS;
use exchange::Limits;
use jiff::Timestamp;
use ledger::Folder;
use store::journal::folder_of;
use store::record::STORE;
use store::sqlite::Sqlite;
use store::{Failure, LongBlobs};
use tokio::net::TcpListener;
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::JoinHandle;
use tokio_rustls::rustls::ServerConfig;

use crate::config::{Clients, Config, ConfigFault, Protection};
use crate::contacts::Contacts;
use crate::descriptor::DescriptorFault;
use crate::figures::Figures;
use crate::handle::{Handle, Shared};
use crate::heart::Heart;
use crate::input::Changed;
use crate::keys::{Keys, KeysFault, TlsKey, Wallet};
use crate::notary::Notary;
use crate::partners::Partners;
use crate::proof::Proofs;
use crate::readers::Readers;
use crate::record::Recorder;
use crate::rim::hub::{self, HubAt};
use crate::rim::serve::{Listener, serve};
use crate::rim::watch::Watch;
use crate::rim::{Rim, pump, receive, revocation, watch as watching};
use crate::tls;
use crate::transport::{As4, HubWay, Ways};
use crate::writer::{Inbox, Told, Writer};

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
    let parts = open(folder, &config).await?;
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

/// What stands behind the sockets.
struct Parts {
    rim: Rim,
    handle: Handle,
    recorder: Recorder,
    writer: std::thread::JoinHandle<()>,
    work: Arc<Notify>,
    broken: Arc<Notify>,
    as4_tls: Arc<ServerConfig>,
    web_tls: Option<Arc<ServerConfig>>,
}

/// Opens everything on a thread that may block.
async fn open(folder: &Path, config: &Config) -> Result<Parts, StartFault> {
    let (folder, config) = (folder.to_owned(), config.clone());
    let opened = tokio::task::spawn_blocking(move || Parts::open(&folder, &config)).await;
    opened.unwrap_or_else(|error| {
        Err(StartFault::Store(Failure::Engine { doing: "start", cause: error.to_string() }))
    })
}

impl Parts {
    fn open(folder: &Path, config: &Config) -> Result<Self, StartFault> {
        let keys = Keys::load(folder)?;
        let partners = Partners::load(folder, &config.id, &keys.wallet)?;
        let unserved = |error: tokio_rustls::rustls::Error| StartFault::Tls(error.to_string());
        let as4_tls = tls::server(&keys.tls, config.as4.clients, partners.clone()).map_err(unserved)?;
        let web_tls = tls::server(&keys.tls, Clients::Any, partners.clone()).map_err(unserved)?;
        let web_tls = (config.web.tls == Protection::Tls).then(|| Arc::new(web_tls));
        let heart = Started::open(folder, config, keys, &partners)?;
        let Started {
            inbox,
            writer,
            recorder,
            readers,
            figures,
            changes,
            work,
            broken,
            wallet,
            tls,
            proofs,
            long_blobs,
        } = heart;
        let contacts = Contacts::default();
        let handle = Handle::new(Shared {
            identity: config.identity(),
            desks: DESKS,
            readers: readers.clone(),
            changes,
            inbox: inbox.clone(),
            partners: partners.clone(),
            proofs,
            contacts: contacts.clone(),
            folder: Arc::from(folder),
        });
        let limits = Limits {
            body_max: config.as4.body_max.min(SHORT_BODY),
            payloads_max: UNFOLDED_MAX,
            ..Limits::default()
        };
        let long_limits = Limits {
            body_max: config.as4.body_max,
            payloads_max: config.as4.body_max.saturating_mul(4),
            ..Limits::default()
        };
        let us = config.id.clone();
        let hub = HubAt::of(folder, config, &tls)?.map(Arc::new);
        let as4 = Arc::new(As4::new(us.clone(), partners.clone(), limits));
        let (tls, folder) = (Arc::new(tls), Arc::from(folder));
        let rim = Rim {
            us,
            inbox,
            readers,
            partners,
            as4,
            hub,
            wallet,
            tls,
            figures,
            contacts,
            folder,
            limits,
            long_limits,
            long_blobs,
        };
        Ok(Self { rim, handle, recorder, writer, work, broken, as4_tls: Arc::new(as4_tls), web_tls })
    }
}

/// The heart on its thread, and what stays outside of it.
struct Started {
    inbox: Inbox,
    writer: std::thread::JoinHandle<()>,
    recorder: Recorder,
    readers: Readers,
    figures: Arc<Figures>,
    changes: broadcast::Sender<Changed>,
    work: Arc<Notify>,
    broken: Arc<Notify>,
    wallet: Wallet,
    tls: TlsKey,
    proofs: Proofs,
    long_blobs: LongBlobs,
}

impl Started {
    fn open(folder: &Path, config: &Config, keys: Keys, partners: &Partners) -> Result<Self, StartFault> {
        let Keys { wallet, tls, record, witness, .. } = keys;
        let figures = Arc::new(Figures::default());
        let started = Instant::now();
        let store = Sqlite::open(folder.join(STORE))?;
        let readers = Readers::open(&store, READERS)?;
        let long_blobs = store::Store::long_blobs(&store);
        let store_at = started.elapsed();
        let own = record.verifier().clone();
        let recorder = Recorder::start(folder, record, readers.clone(), Arc::clone(&figures))?;
        let record_at = started.elapsed();
        let notary = Notary {
            folder: Folder::new(folder_of(folder)),
            published: Arc::clone(&recorder.published),
            own,
            signer: witness,
            partners: partners.clone(),
        };
        let proofs = Proofs { folder: notary.folder.clone(), published: Arc::clone(&recorder.published) };
        let as4 = As4::new(config.id.clone(), partners.clone(), Limits::default());
        let hub = config.hub.as_ref().map(|_| HubWay::new(config.id.clone()));
        let ways = Ways::new(as4, hub, Box::new(notary));
        let heart = Heart::new(config.id.clone(), DESKS, Box::new(store), Box::new(ways))?;
        tracing::info!(store = ?store_at, record = ?record_at, world = ?started.elapsed(), "opened");
        let (changes, _) = broadcast::channel(CHANGES);
        let (work, broken) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let told = Told {
            changes: changes.clone(),
            work: Arc::clone(&work),
            broken: Arc::clone(&broken),
            record: recorder.signal(),
        };
        let heart = heart.counting(Arc::clone(&figures));
        let (inbox, writer) = Writer { heart, clock: Timestamp::now, told, figures: Arc::clone(&figures) }
            .start()
            .map_err(|error| Failure::Engine { doing: "start a thread", cause: error.to_string() })?;
        Ok(Self {
            inbox,
            writer,
            recorder,
            readers,
            figures,
            changes,
            work,
            broken,
            wallet,
            tls,
            proofs,
            long_blobs,
        })
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartFault> {
    TcpListener::bind(address).await.map_err(|cause| StartFault::Listen { address, cause })
}

fn address(socket: &TcpListener) -> SocketAddr {
    socket.local_addr().expect("a bound socket has an address")
}

/// The longest body that is taken into memory; what is longer goes to the disk as it comes.
const SHORT_BODY: usize = 1 << 20;
/// What all payloads of a body in memory may unfold to; what unfolds to more does so on the disk.
const UNFOLDED_MAX: usize = 8 << 20;
/// How many views are open for reading.
const READERS: usize = 6;
/// How many changes a slow listener may be behind before it misses some.
const CHANGES: usize = 1_024;
/// How many connections partners may have open.
const AS4_CONNECTIONS: usize = 128;
/// How many connections officers may have open. Each may stand on a thread that blocks; together with what is calculated
/// beside them they must stay below the runtime's 512, or none would be left to finish what they wait for.
const WEB_CONNECTIONS: usize = 320;
/// How long a message on its way in may take at shutdown.
const AS4_GRACE: Duration = Duration::from_secs(8);
/// How long a page may take at shutdown; live updates never end by themselves.
const WEB_GRACE: Duration = Duration::from_secs(1);
