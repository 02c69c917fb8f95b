//! Ask without showing: two sides find out whether they hold the same value before either shows it.
//!
//! The construction is private set intersection by a verifiable oblivious pseudorandom function (RFC 9497, suite
//! ristretto255-SHA512, mode VOPRF) from the library `voprf`; nothing here calculates on the curve itself. The holder of a
//! set has a secret key and publishes the tag of each of its values, which is the function's output cut to
//! [`TAG_BYTES`]. Whoever asks blinds its values, has the holder evaluate them, and finds the tags of its own values: the
//! holder sees blinded points only, and the asker learns of the holder's set only which of its own values are in it. A
//! proof shows that the holder evaluated under the key it published, so that it cannot treat one asker's values otherwise
//! than another's.
//!
//! ```text
//! asker                                            holder
//! Question::ask(values, secret)  -- blinded -->    Key::answer(blinded)
//! Question::open(answer)         <- evaluated --   with proof         (Blinding: the same, made again a batch at a time)
//! Published::holds(tag)          <--- set ------   Key::publish(values), once
//! ```
//!
//! [`size`] is the variant that tells only *how many* values are common: the holder gives the evaluated points back in
//! another order.
//!
//! What it does not hide: how many values are asked, and how many the published set has. Whoever may ask without end can try
//! every container number there is; so questions are limited by the agreement's quotas, counted on both sides, and the
//! holder changes its key with every edition of the set. Knows bytes; no clock, no network, no randomness of its own.

pub mod bench;
mod key;
mod published;
mod question;
mod share;
mod size;

pub use key::{Answer, Key, Public};
pub use published::{Published, TAG_BYTES, Tag};
pub use question::{Blinding, Evaluated, Fault, PROOF_BYTES, Question};
pub use size::{Reordered, SizeQuestion, common, publish_points, reorder};

/// A point of the group as it travels: the 32 bytes of RFC 9496.
pub type Point = [u8; 32];

/// 32 secret bytes from a source that nobody can guess. Everything a side draws by lot is drawn from them.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Takes the secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The stream of number `number` drawn from the secret.
    pub(crate) fn stream(&self, number: u64) -> rand_chacha::ChaCha20Rng {
        use rand_chacha::rand_core::SeedableRng as _;
        let mut stream = rand_chacha::ChaCha20Rng::from_seed(self.0);
        stream.set_stream(number);
        stream
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

pub(crate) type Suite = voprf::Ristretto255;

/// How many values share one proof. Longer batches make the proof's part of the work no smaller.
pub const BATCH: usize = 1_024;
