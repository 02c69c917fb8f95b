//! The keys of every suite a node speaks, those of a change-over included.

use std::sync::Arc;

use exchange::keys::{Sign, Unseal};
use exchange::{Certificate, Identity, Opener, Suite};

use super::KeysFault;
use super::place::{Place, SEALING, SIGNING};
use crate::descriptor::Descriptor;

/// The keys of every suite, the preferred one first.
#[derive(Clone, Debug)]
pub struct Wallet {
    suites: Arc<[SuiteKeys]>,
}

/// The keys of one suite.
#[derive(Clone, Debug)]
pub struct SuiteKeys {
    /// The suite.
    pub suite: Suite,
    /// Signs messages now.
    pub identity: Identity,
    /// What partners must believe: the certificate in use, the next, the former.
    pub signing: Vec<Certificate>,
    /// What partners encrypt to, the one to use first; then the next.
    pub sealing: Vec<Certificate>,
    /// What opens what was encrypted to any of them, or to the former.
    pub openers: Vec<Opener>,
}

impl Wallet {
    pub(super) fn load(place: &Place) -> Result<Self, KeysFault> {
        let there = Suite::STRONGEST_FIRST.into_iter().filter(|suite| place.has(suite.word()));
        let suites: Vec<SuiteKeys> =
            there.map(|suite| SuiteKeys::load(place, suite)).collect::<Result<_, _>>()?;
        match suites.is_empty() && place.has("as4.key") {
            true => Err(KeysFault::Plain(place.path.join("as4.key"))),
            false if suites.is_empty() => {
                Err(KeysFault::Unreadable { path: place.path.clone(), what: "keys of at least one suite" })
            }
            false => Ok(Self { suites: suites.into() }),
        }
    }

    /// The keys of these suites alone, such as tools hold them; `None` where there are none.
    #[must_use]
    pub fn of(suites: Vec<SuiteKeys>) -> Option<Self> {
        (!suites.is_empty()).then(|| Self { suites: suites.into() })
    }

    /// The keys used where nothing says in which suite.
    #[must_use]
    pub fn preferred(&self) -> &SuiteKeys {
        &self.suites[0]
    }

    /// All of them, the preferred suite first.
    #[must_use]
    pub fn suites(&self) -> &[SuiteKeys] {
        &self.suites
    }

    /// The keys for the exchange with a partner: the strongest suite both sides have. Both sides find the same one, so
    /// that nothing is negotiated and nothing weaker is taken.
    #[must_use]
    pub fn shared_with(&self, partner: &Descriptor) -> Option<&SuiteKeys> {
        self.shared(partner).first().copied()
    }

    /// The keys for the exchange with a partner in a suite somebody asks for; in the strongest where nobody does.
    #[must_use]
    pub fn shared_for(&self, partner: &Descriptor, asked: Option<Suite>) -> Option<&SuiteKeys> {
        let mut shared = self.shared(partner).into_iter();
        shared.find(|keys| asked.is_none_or(|asked| keys.suite == asked))
    }

    /// The keys of all suites both sides have, the strongest first.
    pub(crate) fn shared(&self, partner: &Descriptor) -> Vec<&SuiteKeys> {
        let both = Suite::STRONGEST_FIRST.into_iter().filter(|suite| partner.suites.contains(suite));
        both.filter_map(|suite| self.suites.iter().find(|keys| keys.suite == suite)).collect()
    }
}

impl SuiteKeys {
    fn load(place: &Place, suite: Suite) -> Result<Self, KeysFault> {
        let name = |base: &str, slot: &str| format!("{}/{base}{slot}", suite.word());
        let certificates = |base: &str, slots: &[&str]| {
            let there =
                slots.iter().map(|slot| name(base, slot)).filter(|name| place.has(&format!("{name}.crt")));
            there.map(|name| place.certificate(&name)).collect::<Result<Vec<_>, _>>()
        };
        let signing = certificates(SIGNING, &["", ".next", ".former"])?;
        let sealing = certificates(SEALING, &["", ".next"])?;
        let mut openers = Vec::new();
        for slot in ["", ".next", ".former"] {
            let name = name(SEALING, slot);
            if place.has(&format!("{name}.key")) {
                let key: Arc<dyn Unseal> = Arc::new(place.key(&name)?);
                openers.push(Opener::new(key, place.certificate(&name)?));
            }
        }
        let current = name(SIGNING, "");
        let key = signing_key(place, &current)?;
        let above = place.certificates_above(&current)?;
        let identity = Identity::new(key, place.certificate(&current)?).with_path(above);
        Ok(Self { suite, identity, signing, sealing, openers })
    }
}

/// The key that signs now: from its file, or in a hardware module.
#[cfg(feature = "hsm")]
pub(super) fn signing_key(place: &Place, name: &str) -> Result<Arc<dyn Sign>, KeysFault> {
    let file = format!("{name}.hsm");
    if !place.has(&file) {
        return Ok(Arc::new(place.key(name)?));
    }
    let (path, text) = place.read(&file)?;
    let module = |cause: String| KeysFault::Module { path: path.clone(), cause };
    let named: hsm::Named = toml::from_str(&text).map_err(|error| module(error.to_string()))?;
    let key = hsm::Module::open(&named).and_then(|opened| opened.signer(&named));
    Ok(Arc::new(key.map_err(|fault| module(fault.to_string()))?))
}

/// The key that signs now, from its file.
#[cfg(not(feature = "hsm"))]
pub(super) fn signing_key(place: &Place, name: &str) -> Result<Arc<dyn Sign>, KeysFault> {
    let file = format!("{name}.hsm");
    if place.has(&file) {
        let cause = "this program was built without hardware modules".to_owned();
        return Err(KeysFault::Module { path: place.path.join(file), cause });
    }
    Ok(Arc::new(place.key(name)?))
}
