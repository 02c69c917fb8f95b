//! Bytes a message carries: in memory, or, where they are long, in a file that is on the disk already.

use kernel::Digest;
use store::{Blob, Change, Failure, LongBlob, LongBlobs};

/// Bytes in memory or in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In memory.
    Bytes(Blob),
    /// In a file of its own.
    Long(LongBlob),
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Blob::of(bytes))
    }
}

impl Content {
    /// Bytes as they are kept: what is long is put on the disk here, so that whoever keeps it does not wait for that.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn laid(bytes: Vec<u8>, blobs: &LongBlobs) -> Result<Self, Failure> {
        if bytes.len() <= SHORT_MAX {
            return Ok(bytes.into());
        }
        let mut incoming = blobs.incoming()?;
        incoming.write(&bytes)?;
        incoming.finish().map(Self::Long)
    }

    /// Keeps it and gives its digest.
    pub(crate) fn keep(&self, change: &mut dyn Change) -> Result<Digest, Failure> {
        match self {
            Self::Bytes(blob) => change.keep_made_blob(blob),
            Self::Long(blob) => change.keep_long_blob(blob).map(|()| blob.digest),
        }
    }

    /// What names it.
    pub(crate) fn digest(&self) -> Digest {
        match self {
            Self::Bytes(blob) => blob.digest(),
            Self::Long(blob) => blob.digest,
        }
    }

    /// The bytes, where they are in memory.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(blob) => Some(blob.bytes()),
            Self::Long(_) => None,
        }
    }

    /// How many bytes there are.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Bytes(blob) => blob.bytes().len() as u64,
            Self::Long(blob) => blob.length,
        }
    }
}

/// The longest bytes that are kept in the store itself; what is longer lies in a file.
pub(crate) const SHORT_MAX: usize = 1 << 20;

/// Something that goes with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Its `Content-ID` in the message.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its bytes.
    pub content: Content,
}
