//! A body as it arrives: only the envelope is held, and where each part lies.

use std::borrow::Cow;

use jiff::Timestamp;

use super::opening::{self, Opening};
use super::scan::{Found, Scan};
use crate::ebms::PartyId;
use crate::mime::{Attachment, ContentType, Package, bare_id, envelope_text};
use crate::names::SOAP_MIME;
use crate::trust::Trust;
use crate::{Fault, Limits, Why};

/// A body being taken in.
pub struct Intake {
    limits: Limits,
    length: u64,
    shape: Shape,
}

enum Shape {
    /// An envelope alone.
    Bare(ContentType, Vec<u8>),
    Parts(Box<Scan>),
}

impl std::fmt::Debug for Intake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake").field("length", &self.length).finish_non_exhaustive()
    }
}

impl Intake {
    /// Begins with the value of the `Content-Type` header.
    ///
    /// # Errors
    /// [`Why::ContentType`] for a type AS4 does not use.
    pub fn new(content_type: &str, limits: &Limits) -> Result<Self, Fault> {
        let content_type = ContentType::parse(content_type)?;
        let shape = match content_type.media.as_str() {
            SOAP_MIME => Shape::Bare(content_type, Vec::new()),
            "multipart/related" => {
                let boundary =
                    content_type.parameter("boundary").filter(|text| (1..=70).contains(&text.len()));
                let boundary = boundary.ok_or_else(|| Fault::new(Why::ContentType, "no usable boundary"))?;
                let root = content_type.parameter("start").map(|start| bare_id(start).to_owned());
                Shape::Parts(Box::new(Scan::new(boundary, root, limits)))
            }
            other => return Err(Fault::new(Why::ContentType, format!("{other} is not used by AS4"))),
        };
        Ok(Self { limits: *limits, length: 0, shape })
    }

    /// Takes the next piece of the body.
    ///
    /// # Errors
    /// A MIME reason as soon as it shows; nothing more need be taken then.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), Fault> {
        self.length += piece.len() as u64;
        let most = self.limits.body_max;
        if self.length > most as u64 {
            return Err(Fault::new(Why::TooLarge, format!("more than {most} bytes")));
        }
        match &mut self.shape {
            Shape::Parts(scan) => scan.push(piece),
            Shape::Bare(_, envelope) => {
                if envelope.len() + piece.len() > self.limits.envelope_max {
                    return Err(Fault::new(Why::EnvelopeTooComplex, "an envelope that does not end"));
                }
                envelope.extend_from_slice(piece);
                Ok(())
            }
        }
    }

    /// Sees that a partner stands behind what comes, by the envelope alone: it must have come before the parts, be addressed
    /// to us, and be signed by who says to have sent it. What the signature covers is proved at the end.
    ///
    /// # Errors
    /// [`Why::TooLarge`] where the envelope has not come yet, else as [`Spooled::open`].
    pub fn vouch(&self, trust: &Trust, at: Timestamp) -> Result<(), Fault> {
        let envelope = match &self.shape {
            Shape::Parts(scan) => scan.envelope(),
            Shape::Bare(..) => None,
        };
        let late = || Fault::new(Why::TooLarge, "the envelope does not come before the parts");
        let text = std::str::from_utf8(envelope.ok_or_else(late)?);
        let text = text.map_err(|error| Fault::new(Why::Encoding, error.to_string()))?;
        opening::vouch(text, trust, (at, &self.limits))
    }

    /// The body as it was found, all of it having come.
    ///
    /// # Errors
    /// A MIME reason, or [`Why::Encoding`].
    pub fn finish(self) -> Result<Spooled, Fault> {
        // In the order in which a body at hand is looked at: all parts, the root among them, their names, the envelope.
        let (content_type, envelope, parts) = match self.shape {
            Shape::Bare(content_type, envelope) => (content_type, envelope, Vec::new()),
            Shape::Parts(scan) => {
                let (root, envelope, parts) = scan.finish()?;
                let root = Lying::of(&root)?;
                let parts = parts.iter().map(Lying::of).collect::<Result<Vec<_>, _>>()?;
                if root.content_type.media != SOAP_MIME {
                    let seen = format!("the root part is {}", root.content_type.media);
                    return Err(Fault::new(Why::ContentType, seen));
                }
                if root.encoding != Encoding::AsItIs {
                    return Err(Fault::new(Why::TransferEncoding, "an encoded envelope"));
                }
                (root.content_type, envelope, parts)
            }
        };
        let attachments = parts.iter().map(Lying::bare).collect();
        let mut package = Package { envelope: Cow::Borrowed(""), attachments };
        package.refuse_unnamed()?;
        package.envelope = Cow::Owned(envelope_text(&content_type, Cow::Owned(envelope))?.into_owned());
        Ok(Spooled { package, parts, limits: self.limits })
    }
}

/// A body that came whole; the parts are with whoever kept the bytes.
#[derive(Debug)]
pub struct Spooled {
    package: Package<'static>,
    parts: Vec<Lying>,
    limits: Limits,
}

impl Spooled {
    /// Who says to have sent it, unproved.
    #[must_use]
    pub fn claimed(&self) -> Option<PartyId> {
        opening::claimed(&self.package.envelope, &self.limits)
    }

    /// Proves the message but for its parts: structure, header, signer, signature, coverage; finds the key they are sealed
    /// with. The fault names the message as far as it could be read.
    ///
    /// # Errors
    /// As [`crate::Received::verify`].
    pub fn open(&self, trust: &Trust, at: Timestamp) -> Result<Opening, Fault> {
        opening::open(&self.package, &self.parts, trust, (at, &self.limits))
    }
}

/// A part as it lies in the body.
#[derive(Clone, Debug)]
pub(super) struct Lying {
    pub(super) content_id: String,
    pub(super) content_type: ContentType,
    pub(super) encoding: Encoding,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// How a part's content is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    AsItIs,
    Base64,
}

impl Lying {
    fn of(found: &Found) -> Result<Self, Fault> {
        let length = found.end - found.start;
        if let Some(said) = found.field("content-length").filter(|said| said.parse() != Ok(length)) {
            return Err(Fault::new(Why::Multipart, format!("a part says {said} bytes and has {length}")));
        }
        let encoding = match found.field("content-transfer-encoding").unwrap_or("binary") {
            how if is_plain(how) => Encoding::AsItIs,
            how if how.eq_ignore_ascii_case("base64") => Encoding::Base64,
            other => return Err(Fault::new(Why::TransferEncoding, other)),
        };
        Ok(Self {
            content_id: found.field("content-id").map(bare_id).unwrap_or_default().to_owned(),
            content_type: ContentType::parse(
                found.field("content-type").unwrap_or("application/octet-stream"),
            )?,
            encoding,
            start: found.start,
            end: found.end,
        })
    }

    /// The part without its content, for what looks at names only.
    fn bare(&self) -> Attachment<'static> {
        let (content_id, content_type) = (self.content_id.clone(), self.content_type.clone());
        Attachment { content_id, content_type, body: Cow::Borrowed(&[]) }
    }
}

fn is_plain(encoding: &str) -> bool {
    ["binary", "8bit", "7bit"].iter().any(|plain| encoding.eq_ignore_ascii_case(plain))
}
