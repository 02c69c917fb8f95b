//! Who we are on the wire: the key we sign with, its certificate, and the keys that open what is sealed to us.

use std::fmt;
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::keys::{Entropy, Sign, SystemEntropy, Unseal};

/// Our own signing key with its certificate.
#[derive(Clone)]
pub struct Identity {
    key: Arc<dyn Sign>,
    certificate: Certificate,
    above: Vec<Certificate>,
    entropy: Arc<dyn Entropy>,
}

impl Identity {
    /// An identity whose certificate stands alone.
    #[must_use]
    pub fn new(key: Arc<dyn Sign>, certificate: Certificate) -> Self {
        Self { key, certificate, above: Vec::new(), entropy: Arc::new(SystemEntropy) }
    }

    /// The same identity with the certificates above its own, the highest first, for tokens that carry the path.
    #[must_use]
    pub fn with_path(mut self, above: Vec<Certificate>) -> Self {
        self.above = above;
        self
    }

    /// The same identity with another source of randomness for sealing, such as that of a simulation.
    #[must_use]
    pub fn with_entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// The certificate messages are signed under.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Whether signing takes so little time that nobody need give it a thread of its own.
    #[must_use]
    pub fn is_quick(&self) -> bool {
        self.key.is_quick()
    }

    pub(crate) fn key(&self) -> &dyn Sign {
        &*self.key
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// The path from the highest certificate down to ours.
    pub(crate) fn path(&self) -> impl Iterator<Item = &Certificate> {
        self.above.iter().chain(std::iter::once(&self.certificate))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// One key that opens what partners seal to its certificate. Keep the former one while a rollover lasts.
#[derive(Clone)]
pub struct Opener {
    pub(crate) certificate: Certificate,
    pub(crate) key: Arc<dyn Unseal>,
}

impl Opener {
    /// A key with the certificate partners hold.
    #[must_use]
    pub fn new(key: Arc<dyn Unseal>, certificate: Certificate) -> Self {
        Self { certificate, key }
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}
