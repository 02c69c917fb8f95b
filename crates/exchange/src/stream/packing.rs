//! Everything around the parts of a message whose parts are too long for memory.

use super::folding::Folded;
use super::gcm::{Gcm, NONCE};
use crate::ebms::Property;
use crate::identity::Identity;
use crate::mime::Frame;
use crate::pack::{Outgoing, Payload, SentDigests, frame};
use crate::profile::Profile;
use crate::{Fault, Why};

/// What a header says of a payload whose content is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// `Content-ID` without angle brackets.
    pub content_id: String,
    /// Media type of the payload in clear.
    pub mime: String,
    /// Further part properties.
    pub properties: Vec<Property>,
    /// The payload compressed.
    pub folded: Folded,
}

impl Head {
    /// The payload without its content.
    pub(crate) fn payload(&self) -> Payload {
        Payload {
            content_id: self.content_id.clone(),
            mime: self.mime.clone(),
            bytes: Vec::new(),
            properties: self.properties.clone(),
        }
    }

    /// The digest of the compressed payload, in base64.
    pub(crate) fn digest(&self) -> &str {
        &self.folded.digest
    }
}

/// A message but for the content of its parts. The body is the beginning, then for each part its frame's head, its content
/// poured, and the line that ends it, then the end.
#[derive(Debug)]
pub struct LargeWire {
    /// The `Content-Type` header.
    pub content_type: String,
    /// The body up to the first part.
    pub begin: Vec<u8>,
    /// For each part, in the order given: what stands before its content, and what pours it.
    pub parts: Vec<(Vec<u8>, Pouring)>,
    /// What stands after each part's content.
    pub between: Vec<u8>,
    /// The body after the last part.
    pub end: Vec<u8>,
    /// What was signed.
    pub sent: SentDigests,
}

/// Makes everything around the parts. `outgoing` names no payloads; `heads` are those of all parts, in their order.
///
/// # Errors
/// As [`crate::pack`].
pub fn pack(
    outgoing: &Outgoing,
    heads: &[Head],
    identity: &Identity,
    profile: &Profile,
) -> Result<LargeWire, Fault> {
    let (Frame { content_type, begin, heads: framed, between, end }, keys, sent) =
        frame(outgoing, heads, identity, profile)?;
    let pourings = (0..heads.len()).map(|at| {
        let Some(keys) = &keys else { return Ok(Pouring { gcm: None, nonce: None }) };
        let nonce = keys.nonces[at];
        let gcm = Gcm::new(keys.content_key.as_ref(), &nonce);
        let gcm = gcm.map_err(|fault| Fault::new(Why::KeyFailed, fault.to_string()))?;
        Ok(Pouring { gcm: Some(gcm), nonce: Some(nonce) })
    });
    let parts = framed.into_iter().zip(pourings);
    let parts = parts.map(|(head, pouring)| Ok((head, pouring?))).collect::<Result<Vec<_>, Fault>>()?;
    Ok(LargeWire { content_type, begin, parts, between, end, sent })
}

/// Pours one part's compressed content into the body, encrypted where that is agreed.
pub struct Pouring {
    gcm: Option<Gcm>,
    nonce: Option<[u8; NONCE]>,
}

impl std::fmt::Debug for Pouring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pouring").field("sealed", &self.gcm.is_some()).finish()
    }
}

impl Pouring {
    /// What stands before the first piece.
    #[must_use]
    pub fn start(&self) -> &[u8] {
        self.nonce.as_ref().map_or(&[], |nonce| &nonce[..])
    }

    /// The next piece as it stands in the body.
    ///
    /// # Errors
    /// [`Why::KeyFailed`] past what one key may encrypt.
    pub fn pour<'p>(&'p mut self, piece: &'p [u8]) -> Result<&'p [u8], Fault> {
        match &mut self.gcm {
            None => Ok(piece),
            Some(gcm) => gcm.seal(piece).map_err(|fault| Fault::new(Why::KeyFailed, fault.to_string())),
        }
    }

    /// What stands after the last piece.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.gcm.map(|gcm| gcm.tag().to_vec()).unwrap_or_default()
    }
}
