//! Within one process: letters of plain JSON under a digest. Nothing proves who wrote one, and still nothing garbled passes.

use customs::agreement::{Protection, Way};
use jiff::Timestamp;
use kernel::{Digest, NodeId};
use serde::{Deserialize, Serialize};
use store::Failure;

use super::{Heard, Packed, Parcel, Posted, Transport};
use crate::admit::Delivery;
use crate::ahead::ReadAhead;
use crate::content::Attached;
use crate::input::Retry;
use crate::witness::Record;

/// Letters of one node.
pub struct Letters {
    us: NodeId,
    record: Option<Box<dyn Record>>,
}

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letters").field("us", &self.us).finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
struct Letter {
    from: NodeId,
    message_id: String,
    kind: String,
    payload: Vec<u8>,
    witness: Option<Vec<u8>>,
    /// What goes with it, each under its media type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    enclosed: Vec<(String, Vec<u8>)>,
}

/// What is answered to a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Receipt { of: String, from: NodeId },
    Error { code: String, hopeless: bool },
}

impl Letters {
    /// Letters of this node.
    #[must_use]
    pub const fn new(us: NodeId) -> Self {
        Self { us, record: None }
    }

    /// The same letters, with a record that vouches with them.
    #[must_use]
    pub fn with_record(mut self, record: Box<dyn Record>) -> Self {
        self.record = Some(record);
        self
    }

    /// The receipt for a message.
    #[must_use]
    pub fn receipt(from: &NodeId, message_id: &str) -> Vec<u8> {
        sealed(&Answer::Receipt { of: message_id.to_owned(), from: from.clone() })
    }

    /// The error a message is answered with.
    #[must_use]
    pub fn error(code: &str, retry: Retry) -> Vec<u8> {
        sealed(&Answer::Error { code: code.to_owned(), hopeless: retry == Retry::Hopeless })
    }

    /// The same letter under another message id: what no honest wire does.
    #[must_use]
    pub fn reissued(bytes: &[u8]) -> Vec<u8> {
        match unsealed::<Letter>(bytes) {
            Some((_, letter)) => {
                sealed(&Letter { message_id: format!("again-{}", letter.message_id), ..letter })
            }
            None => bytes.to_vec(),
        }
    }
}

impl Transport for Letters {
    fn encloses(&self) -> bool {
        true
    }

    fn pack(&self, parcel: &Parcel<'_>) -> Result<Packed, Failure> {
        let entity = sealed(&Letter {
            from: self.us.clone(),
            message_id: parcel.message_id.to_owned(),
            kind: parcel.kind.to_owned(),
            payload: parcel.payload.to_vec(),
            witness: parcel.witness.map(<[u8]>::to_vec),
            enclosed: parcel.enclosed.iter().filter_map(enclosed).collect(),
        });
        Ok(Packed { digests: parcel.message_id.as_bytes().to_vec(), entity })
    }

    fn open(&self, entity: &[u8], _at: Timestamp) -> Result<Delivery, String> {
        let (covered, letter) = unsealed::<Letter>(entity).ok_or("garbled")?;
        Ok(Delivery {
            from: letter.from,
            message_id: letter.message_id,
            kind: letter.kind,
            covered,
            wire: entity.to_vec().into(),
            payload: letter.payload.into(),
            attached: letter.enclosed.into_iter().zip(0_u32..).map(attached).collect(),
            way: Way::Direct,
            protection: Protection::SignedAndEncrypted,
            suited: None,
            witness: letter.witness,
            reading: ReadAhead::default(),
        })
    }

    fn hear(&self, posted: Posted<'_>, answer: &[u8], _at: Timestamp) -> Heard {
        let unclear = |cause: &str| Heard::Unclear { code: "EBMS:0302".to_owned(), cause: cause.to_owned() };
        match unsealed::<Answer>(answer) {
            Some((_, Answer::Receipt { of, .. })) if of.as_bytes() == posted.digests => {
                Heard::Receipt(answer.to_vec())
            }
            Some((_, Answer::Receipt { .. })) => unclear("a receipt for another message"),
            Some((_, Answer::Error { code, hopeless })) => {
                let retry = if hopeless { Retry::Hopeless } else { Retry::MayHelp };
                Heard::Refused { code, retry, cause: String::new() }
            }
            None => unclear("garbled"),
        }
    }

    fn record(&self) -> Option<&dyn Record> {
        self.record.as_deref()
    }
}

/// What goes with a letter; what lies in a file is too long for one.
fn enclosed(attached: &Attached) -> Option<(String, Vec<u8>)> {
    Some((attached.media.clone(), attached.content.bytes()?.to_vec()))
}

fn attached(((media, bytes), number): ((String, Vec<u8>), u32)) -> Attached {
    Attached { name: format!("attachment-{number}"), media, content: bytes.into() }
}

/// Something under the digest of its bytes.
fn sealed(what: &impl Serialize) -> Vec<u8> {
    let body = serde_json::to_vec(what).expect("a letter is plain data");
    [Digest::of(&body).to_string().as_bytes(), &body].concat()
}

/// What stands under its digest; `None` where it was garbled on the way.
fn unsealed<T: for<'d> Deserialize<'d>>(bytes: &[u8]) -> Option<(Digest, T)> {
    let (digest, body) = bytes.split_at_checked(DIGEST)?;
    let digest = Digest::parse(std::str::from_utf8(digest).ok()?)?;
    let whole = digest == Digest::of(body);
    whole.then(|| serde_json::from_slice(body).ok()).flatten().map(|what| (digest, what))
}

/// How long a digest is as text.
const DIGEST: usize = 64;
