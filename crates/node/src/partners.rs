//! The partners a running node exchanges with; one can be added while it runs, by the node or beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use customs::agreement::Algorithms;
use exchange::{Certificate, Identity, PartyId, Suite, Trust};
use jiff::Timestamp;
use kernel::NodeId;

use crate::descriptor::{self, Descriptor, DescriptorFault};
use crate::envelope::party_of;
use crate::identity::Partner;
use crate::keys::{SuiteKeys, Wallet};
use crate::standing;
use crate::transport::suite_of;

/// The partners of a running node. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Partners {
    folder: PathBuf,
    us: NodeId,
    wallet: Wallet,
    known: Arc<RwLock<Arc<Known>>>,
    looked: Arc<Mutex<Looked>>,
}

/// When the folder was looked at last, and what it said of itself then.
#[derive(Debug)]
struct Looked {
    when: Instant,
    changed: Option<SystemTime>,
}

/// The partners as they are at one moment.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) descriptors: BTreeMap<NodeId, Descriptor>,
    /// Whose signatures are believed.
    pub(crate) trust: Trust,
}

impl Partners {
    /// The partners in a node's folder.
    pub(crate) fn load(folder: &Path, us: &NodeId, wallet: &Wallet) -> Result<Self, DescriptorFault> {
        let looked = Looked { when: Instant::now(), changed: changed(folder) };
        let known = Known::of(us, wallet, Some(folder), descriptor::load(folder)?);
        let known = Arc::new(RwLock::new(Arc::new(known)));
        let (folder, us, wallet) = (folder.to_owned(), us.clone(), wallet.clone());
        Ok(Self { folder, us, wallet, known, looked: Arc::new(Mutex::new(looked)) })
    }

    /// Where the partners' descriptors and standings lie.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.join(descriptor::FOLDER)
    }

    /// Our own keys, and those for the exchange with this partner.
    pub(crate) fn keys_for(&self, to: &NodeId, algorithms: Algorithms) -> Option<SuiteKeys> {
        let known = self.now();
        self.wallet.shared_for(known.descriptors.get(to)?, suite_of(algorithms)).cloned()
    }

    /// What answers are signed with: in the suite the message came in, else in the strongest shared with whom it came from,
    /// else in the preferred one.
    pub(crate) fn identity_for(&self, party: Option<&PartyId>, suite: Option<Suite>) -> Identity {
        let known = self.now();
        let partner = party.and_then(|party| known.descriptors.get(known.node_of(party)?));
        let keys = partner.and_then(|partner| {
            self.wallet.shared_for(partner, suite).or_else(|| self.wallet.shared_with(partner))
        });
        keys.unwrap_or_else(|| self.wallet.preferred()).identity.clone()
    }

    /// The certificate payloads for a partner are encrypted to: the first of its descriptor that is valid now.
    pub(crate) fn sealing_for(&self, to: &NodeId, suite: Suite, at: Timestamp) -> Option<Certificate> {
        let known = self.now();
        let mut theirs = known.descriptors.get(to)?.sealing_certificates().into_iter();
        theirs.find(|certificate| suite.seals_to(certificate) && certificate.is_valid_at(at))
    }

    /// The partners as they are now. What the command line put into the folder is known a second later at most.
    pub(crate) fn now(&self) -> Arc<Known> {
        self.look_again();
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the folder again where it changed; one that cannot be read leaves what is known.
    fn look_again(&self) {
        let Ok(mut looked) = self.looked.try_lock() else { return };
        if looked.when.elapsed() < LOOK_EVERY {
            return;
        }
        looked.when = Instant::now();
        let changed = changed(&self.folder);
        if changed == looked.changed {
            return;
        }
        match descriptor::load(&self.folder) {
            Ok(descriptors) => {
                looked.changed = changed;
                self.hold(descriptors);
            }
            Err(fault) => tracing::error!(%fault, "the partners' folder changed and cannot be read"),
        }
    }

    fn hold(&self, descriptors: BTreeMap<NodeId, Descriptor>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Arc::new(Known::of(&self.us, &self.wallet, Some(&self.folder), descriptors));
    }

    /// Takes a partner's own newer descriptor in the place of the one known, by the record key it is known by. What is
    /// not newer changes nothing.
    pub(crate) fn renew(&self, from: &NodeId, note: &str) -> Result<Renewal, DescriptorFault> {
        let offered = Descriptor::open(note)?;
        let known = self.now();
        let earlier = known.descriptors.get(from).filter(|earlier| earlier.id == offered.id);
        let earlier =
            earlier.ok_or_else(|| DescriptorFault::Unreadable(format!("not the descriptor of {from}")))?;
        if earlier.record != offered.record {
            return Err(DescriptorFault::NotSigned(format!("{from} is known by another record key")));
        }
        if !offered.renews(earlier) {
            return Ok(Renewal::Known);
        }
        self.add(note).map(|_| Renewal::Taken)
    }

    /// Adds a partner by its signed descriptor, or replaces what is known of it.
    pub(crate) fn add(&self, note: &str) -> Result<Partner, DescriptorFault> {
        let added = descriptor::keep(&self.folder, note)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let mut descriptors = known.descriptors.clone();
        let partner = added.partner();
        descriptors.insert(added.id.clone(), added);
        *known = Arc::new(Known::of(&self.us, &self.wallet, Some(&self.folder), descriptors));
        Ok(partner)
    }
}

/// What came of a partner's own descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// It holds from now on.
    Taken,
    /// It is no newer than the one known.
    Known,
}

/// When the folder with the partners' descriptors changed last; files in it are replaced, never written over.
fn changed(folder: &Path) -> Option<SystemTime> {
    standing::changed(&folder.join(descriptor::FOLDER))
}

/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Known {
    /// What is known of partners; `folder` is the node's, where authorities' lists about them lie.
    pub(crate) fn of(
        us: &NodeId,
        wallet: &Wallet,
        folder: Option<&Path>,
        descriptors: BTreeMap<NodeId, Descriptor>,
    ) -> Self {
        let mut trust = Trust::of(vec![party_of(us)]);
        for opener in wallet.suites().iter().flat_map(|keys| &keys.openers) {
            trust = trust.with_opener(opener.clone());
        }
        for descriptor in descriptors.values().filter(|descriptor| descriptor.id != *us) {
            let suites: Vec<Suite> = wallet.shared(descriptor).iter().map(|keys| keys.suite).collect();
            let Some((suite, also)) = suites.split_first() else {
                tracing::warn!(partner = %descriptor.id, "shares no suite with us: nothing of it is believed");
                continue;
            };
            let mut pinned = descriptor.signing_certificates();
            pinned.retain(|certificate| suites.iter().any(|suite| suite.signs_under(certificate)));
            // Whether payloads come encrypted, and in which suite, is a matter of the term a document goes under, which is
            // looked at inside.
            let partner = exchange::Partner {
                suite: *suite,
                also: also.to_vec(),
                expected: exchange::Expected::Either,
                ..exchange::Partner::pinned(party_of(&descriptor.id), pinned)
            };
            let standing = folder.map(|folder| folder.join(descriptor::FOLDER));
            trust = trust.with_partner(match standing {
                Some(folder) => {
                    let standing = standing::folder_of(&folder, &descriptor.id);
                    standing::with_standing(partner, &standing, Timestamp::now())
                }
                None => partner,
            });
        }
        Self { descriptors, trust }
    }

    /// The node a party id stands for.
    pub(crate) fn node_of(&self, party: &PartyId) -> Option<&NodeId> {
        self.descriptors.keys().find(|id| party_of(id) == *party)
    }
}
