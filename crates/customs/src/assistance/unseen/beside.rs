//! Bytes a paper names and that travel beside it: points, tags and proofs, one after the other, far too many for a document.

use kernel::Attachment;
use serde::{Deserialize, Serialize};

/// What stands in a paper for bytes that travel beside it. Each holds a whole number of elements of one length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Beside {
    /// The bytes go beside the document, under this digest.
    File(Attachment),
    /// Hexadecimal text in the document, as it was before: read, and written no more.
    Text(String),
    /// The same, one text an element.
    Texts(Vec<String>),
    /// There are none.
    #[default]
    Nothing,
}

impl Beside {
    /// These bytes under a name.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        Self::File(Attachment::of(name, MEDIA, bytes))
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        match self {
            Self::File(file) => file.bytes == 0,
            Self::Text(text) => text.is_empty(),
            Self::Texts(texts) => texts.is_empty(),
            Self::Nothing => true,
        }
    }

    /// The file, where the bytes travel beside the document.
    #[must_use]
    pub const fn file(&self) -> Option<&Attachment> {
        match self {
            Self::File(file) => Some(file),
            Self::Text(_) | Self::Texts(_) | Self::Nothing => None,
        }
    }

    /// How many elements of this length it says to hold; one that is cut short counts as one.
    #[must_use]
    pub const fn count(&self, element: u64) -> u64 {
        match self {
            Self::File(file) => file.bytes.div_ceil(element),
            Self::Text(text) => (text.len() as u64).div_ceil(element * 2),
            Self::Texts(texts) => texts.len() as u64,
            Self::Nothing => 0,
        }
    }
}

/// How many bytes a point has (RFC 9496).
pub const POINT_BYTES: u64 = 32;
/// How many bytes a tag has.
pub const TAG_BYTES: u64 = 8;
/// How many bytes a proof has.
pub const PROOF_BYTES: u64 = 64;
/// What the bytes are to whoever only carries them.
const MEDIA: &str = "application/octet-stream";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_documents_had_as_text_is_still_read_and_counted() {
        let table = [
            (r#""""#, 0),
            ("null", 0),
            ("[]", 0),
            (r#""0011223344556677a0a1a2a3a4a5a6a7""#, 2),
            (r#"["aa","bb","cc"]"#, 3),
            (
                r#"{"name":"tags","media":"application/octet-stream","bytes":24,
                 "digest":"0101010101010101010101010101010101010101010101010101010101010101"}"#,
                3,
            ),
        ];
        for (json, count) in table {
            let read: Beside = serde_json::from_str(json).expect(json);
            assert_eq!((read.count(TAG_BYTES), read.is_empty()), (count, count == 0), "{json}");
            let again: Beside =
                serde_json::from_value(serde_json::to_value(&read).expect("plain")).expect(json);
            assert_eq!(again, read, "{json}");
        }
    }
}
