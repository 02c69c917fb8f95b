//! A payload on its way out: compressed a piece at a time and digested as it will be signed.

use std::io::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use flate2::write::GzEncoder;

use crate::wss::base64;

/// A payload being compressed.
pub struct Folding {
    encoder: GzEncoder<Vec<u8>>,
    digest: Context,
    length: u64,
}

impl std::fmt::Debug for Folding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folding").field("length", &self.length).finish_non_exhaustive()
    }
}

/// A payload compressed: what is said of it in a header and a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The digest of the compressed octets, in base64.
    pub(super) digest: String,
    /// How many there are.
    pub length: u64,
}

impl Default for Folding {
    fn default() -> Self {
        let encoder = GzEncoder::new(Vec::with_capacity(64 << 10), flate2::Compression::fast());
        Self { encoder, digest: Context::new(&SHA256), length: 0 }
    }
}

impl Folding {
    /// Takes the next bytes and returns what is ready of the compressed payload.
    pub fn feed(&mut self, plain: &[u8]) -> Vec<u8> {
        self.encoder.write_all(plain).expect("writing to memory does not fail");
        let ready = std::mem::take(self.encoder.get_mut());
        self.noted(ready)
    }

    /// Ends the payload and returns the last of it.
    #[must_use]
    pub fn finish(mut self) -> (Vec<u8>, Folded) {
        self.encoder.try_finish().expect("writing to memory does not fail");
        let rest = std::mem::take(self.encoder.get_mut());
        let rest = self.noted(rest);
        (rest, Folded { digest: base64(self.digest.finish().as_ref()), length: self.length })
    }

    fn noted(&mut self, ready: Vec<u8>) -> Vec<u8> {
        self.digest.update(&ready);
        self.length += ready.len() as u64;
        ready
    }
}
