//! What stands behind a node's sockets, opened from its folder: keys, partners, store, record, the heart on its thread.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use customs::desks::DESKS;
use exchange::Limits;
use jiff::Timestamp;
use ledger::Folder;
use store::journal::folder_of;
use store::record::STORE;
use store::sqlite::Sqlite;
use store::{Failure, LongBlobs};
use tokio::sync::{Notify, broadcast};
use tokio_rustls::rustls::ServerConfig;

use crate::config::{Clients, Config, Protection};
use crate::contacts::Contacts;
use crate::figures::Figures;
use crate::handle::{Handle, Shared};
use crate::heart::Heart;
use crate::input::Changed;
use crate::keys::{Keys, TlsKey, Wallet};
use crate::notary::Notary;
use crate::partners::Partners;
use crate::proof::Proofs;
use crate::readers::Readers;
use crate::record::Recorder;
use crate::rim::Rim;
use crate::rim::hub::HubAt;
use crate::run::StartFault;
use crate::selecting::{MODEL_SIGNERS, SECRET};
use crate::tls;
use crate::transport::{As4, HubWay, Ways};
use crate::writer::{Inbox, Told, Writer};

/// What stands behind the sockets.
pub(crate) struct Parts {
    pub(crate) rim: Rim,
    pub(crate) handle: Handle,
    pub(crate) recorder: Recorder,
    pub(crate) writer: std::thread::JoinHandle<()>,
    pub(crate) work: Arc<Notify>,
    pub(crate) broken: Arc<Notify>,
    pub(crate) as4_tls: Arc<ServerConfig>,
    pub(crate) web_tls: Option<Arc<ServerConfig>>,
}

/// Opens everything on a thread that may block.
pub(crate) async fn open(folder: &Path, config: &Config) -> Result<Parts, StartFault> {
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
        let hidden = keys.hidden();
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
            long_blobs: long_blobs.clone(),
            voice: OnceLock::new(),
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
            hidden,
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
        let mut store = Sqlite::open(folder.join(STORE))?;
        give_secret(&mut store)?;
        name_signers(&mut store, folder)?;
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

/// Gives a new node what it draws its control sample by: once, told to nobody.
fn give_secret(store: &mut dyn store::Store) -> Result<(), Failure> {
    if store.look()?.kept(SECRET)?.is_some() {
        return Ok(());
    }
    let mut secret = [0; 32];
    let failed = |_| Failure::Engine { doing: "draw a secret", cause: "no randomness".into() };
    aws_lc_rs::rand::fill(&mut secret).map_err(failed)?;
    store.change(&mut |change| change.keep(SECRET, Some(&secret)))
}

/// Takes over who may sign models, as the folder says it; without the file nobody has to.
fn name_signers(store: &mut dyn store::Store, folder: &Path) -> Result<(), Failure> {
    let named = match std::fs::read(folder.join(MODEL_SIGNERS)) {
        Ok(named) => Some(named),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(Failure::Engine { doing: "read who may sign models", cause: error.to_string() });
        }
    };
    if store.look()?.kept(MODEL_SIGNERS)? == named {
        return Ok(());
    }
    store.change(&mut |change| change.keep(MODEL_SIGNERS, named.as_deref()))
}

/// The longest body that is taken into memory; what is longer goes to the disk as it comes.
const SHORT_BODY: usize = 1 << 20;
/// What all payloads of a body in memory may unfold to; what unfolds to more does so on the disk.
const UNFOLDED_MAX: usize = 8 << 20;
/// How many views are open for reading.
const READERS: usize = 6;
/// How many changes a slow listener may be behind before it misses some.
const CHANGES: usize = 1_024;
