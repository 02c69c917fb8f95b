//! One part: proved over its bytes once, unfolded over them a second time.

use std::io::Write as _;
use std::ops::Range;

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::write::MultiGzDecoder;
use zeroize::Zeroizing;

use super::gcm::{BLOCK, Gcm, NONCE, same_tag};
use super::intake::{Encoding, Lying};
use crate::ebms::{PartInfo, Property, Reference};
use crate::mime::ContentType;
use crate::names::ebms::{CHARACTER_SET, COMPRESSION_TYPE, GZIP, MIME_TYPE};
use crate::receive::expect_character_set;
use crate::wss::{SealedWith, base64, failed, signed_octets};
use crate::{Fault, Limits, Why};

/// A part as the message describes it.
#[derive(Clone)]
pub struct Part {
    content_id: String,
    mime: String,
    properties: Vec<Property>,
    range: Range<u64>,
    encoding: Encoding,
    /// What the content is once it is decrypted.
    content_type: ContentType,
    key: Option<Zeroizing<Vec<u8>>>,
    is_compressed: bool,
    digest: String,
    limits: Limits,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("content_id", &self.content_id)
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}

impl Part {
    pub(super) fn new(
        info: &PartInfo,
        lying: &Lying,
        reference: &Reference,
        (sealed, limits): (Option<&SealedWith>, &Limits),
    ) -> Result<Self, Fault> {
        if let Some(charset) = info.property(CHARACTER_SET) {
            expect_character_set(charset)?;
        }
        let said = info.property(MIME_TYPE).map(str::trim).filter(|mime| !mime.is_empty());
        let is_compressed = match info.property(COMPRESSION_TYPE) {
            Some(GZIP) if said.is_none() => {
                return Err(Fault::new(Why::MimeTypeMissing, format!("compressed part {}", info.content_id)));
            }
            Some(GZIP) => true,
            Some(other) => return Err(Fault::new(Why::CompressionType, other)),
            None => false,
        };
        let inner = sealed.and_then(|sealed| sealed.inner(&info.content_id));
        let content_type = inner.unwrap_or(&lying.content_type).clone();
        let own = |property: &&Property| ![MIME_TYPE, COMPRESSION_TYPE].contains(&property.name.as_str());
        Ok(Self {
            content_id: info.content_id.clone(),
            mime: said.unwrap_or(&content_type.media).to_owned(),
            properties: info.properties.iter().filter(own).cloned().collect(),
            range: lying.start..lying.end,
            encoding: lying.encoding,
            key: sealed.filter(|_| inner.is_some()).map(SealedWith::key),
            content_type,
            is_compressed,
            digest: reference.digest.clone(),
            limits: *limits,
        })
    }

    /// `Content-ID` without angle brackets.
    #[must_use]
    pub fn content_id(&self) -> &str {
        &self.content_id
    }

    /// The media type of the payload.
    #[must_use]
    pub fn mime(&self) -> &str {
        &self.mime
    }

    /// The producer's own properties.
    #[must_use]
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// Where its bytes lie in the body.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    /// Whether it came encrypted.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.key.is_some()
    }

    /// Begins to prove it. Its bytes are given once, in order.
    #[must_use]
    pub fn proof(&self) -> Proof<'_> {
        Proof { part: self, stream: Stream::new(self), digest: Digesting::new(self) }
    }

    /// Begins to unfold it, after it was proved: its bytes are given again, and its payload comes out.
    #[must_use]
    pub fn unfold(&self) -> Unfolding<'_> {
        let inflate = self.is_compressed.then(|| MultiGzDecoder::new(Vec::with_capacity(64 << 10)));
        Unfolding { part: self, stream: Stream::new(self), inflate, taken: 0, given: 0 }
    }
}

/// A part's bytes on their way to being digested.
pub struct Proof<'p> {
    part: &'p Part,
    stream: Stream,
    digest: Digesting,
}

impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").field("part", &self.part).finish_non_exhaustive()
    }
}

impl Proof<'_> {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Why::TransferEncoding`], [`Why::NotDecrypted`], or [`Why::DigestMismatch`] where the part is said to be XML and is
    /// longer than what is canonicalised.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Self { part, stream, digest } = self;
        stream.feed(bytes, &mut |plain| digest.take(plain, &part.content_id))
    }

    /// Ends the part: its tag and its digest must be right.
    ///
    /// # Errors
    /// [`Why::NotDecrypted`], [`Why::DigestMismatch`].
    pub fn finish(self) -> Result<(), Fault> {
        let Self { part, stream, mut digest } = self;
        stream.finish(&mut |plain| digest.take(plain, &part.content_id))?;
        let id = &part.content_id;
        match digest.finish(part)? == part.digest {
            true => Ok(()),
            false => Err(Fault::new(Why::DigestMismatch, format!("part {id} is not what was signed"))),
        }
    }
}

/// What is digested: octets as they are, or all of them together where they must be brought into a form first.
enum Digesting {
    Octets(Context),
    Whole(Vec<u8>),
}

impl Digesting {
    fn new(part: &Part) -> Self {
        let in_a_form = part.content_type.is_xml() || part.content_type.is_plain_text();
        if in_a_form { Self::Whole(Vec::new()) } else { Self::Octets(Context::new(&SHA256)) }
    }

    fn take(&mut self, plain: &[u8], id: &str) -> Result<(), Fault> {
        match self {
            Self::Octets(context) => context.update(plain),
            Self::Whole(all) if all.len() + plain.len() <= FORM_MAX => all.extend_from_slice(plain),
            Self::Whole(_) => {
                let seen = format!("part {id}: text of more than {FORM_MAX} bytes must be sent compressed");
                return Err(Fault::new(Why::DigestMismatch, seen));
            }
        }
        Ok(())
    }

    fn finish(self, part: &Part) -> Result<String, Fault> {
        Ok(match self {
            Self::Octets(context) => base64(context.finish().as_ref()),
            Self::Whole(all) => {
                base64(&crate::certificate::sha256(&signed_octets(&part.content_type, &all, &part.limits)?))
            }
        })
    }
}

/// A part's bytes on their way to its payload.
pub struct Unfolding<'p> {
    part: &'p Part,
    stream: Stream,
    inflate: Option<MultiGzDecoder<Vec<u8>>>,
    taken: u64,
    given: u64,
}

impl std::fmt::Debug for Unfolding<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unfolding")
            .field("part", &self.part)
            .field("given", &self.given)
            .finish_non_exhaustive()
    }
}

impl Unfolding<'_> {
    /// Takes the next bytes and gives what they unfold to.
    ///
    /// # Errors
    /// [`Why::Gzip`], [`Why::GzipTooLarge`], or what proving them would have found.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        out: &mut dyn FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let Self { part, stream, inflate, taken, given } = self;
        stream.feed(bytes, &mut |plain| unfold(part, inflate, (taken, given), plain, out))
    }

    /// Ends the part and says how long its payload is.
    ///
    /// # Errors
    /// As [`Unfolding::feed`].
    pub fn finish(self, out: &mut dyn FnMut(&[u8]) -> Result<(), Fault>) -> Result<u64, Fault> {
        let Self { part, stream, mut inflate, mut taken, mut given } = self;
        stream.finish(&mut |plain| unfold(part, &mut inflate, (&mut taken, &mut given), plain, out))?;
        if let Some(mut inflate) = inflate {
            let damaged = |error: std::io::Error| Fault::new(Why::Gzip, error.to_string());
            inflate.try_finish().map_err(damaged)?;
            if taken == 0 {
                return Err(Fault::new(Why::Gzip, "nothing where compressed content was expected"));
            }
            given += inflate.get_ref().len() as u64;
            out(inflate.get_ref())?;
        }
        Ok(given)
    }
}

fn unfold(
    part: &Part,
    inflate: &mut Option<MultiGzDecoder<Vec<u8>>>,
    (taken, given): (&mut u64, &mut u64),
    plain: &[u8],
    out: &mut dyn FnMut(&[u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let Some(inflate) = inflate else {
        *given += plain.len() as u64;
        expect_room(part, *given, None)?;
        return out(plain);
    };
    for piece in plain.chunks(GZIP_PIECE) {
        *taken += piece.len() as u64;
        inflate.write_all(piece).map_err(|error| Fault::new(Why::Gzip, error.to_string()))?;
        *given += inflate.get_ref().len() as u64;
        expect_room(part, *given, Some(*taken))?;
        out(inflate.get_ref())?;
        inflate.get_mut().clear();
    }
    Ok(())
}

/// Holds what came out against the limits: all of it, and in relation to what went in.
fn expect_room(part: &Part, given: u64, taken: Option<u64>) -> Result<(), Fault> {
    let limits = &part.limits;
    let by_ratio = taken.map_or(u64::MAX, |taken| {
        taken.saturating_mul(limits.ratio_max as u64).max(limits.ratio_from as u64)
    });
    let most = by_ratio.min(limits.payloads_max as u64);
    if given <= most {
        return Ok(());
    }
    let why = if taken.is_some() { Why::GzipTooLarge } else { Why::TooLarge };
    Err(Fault::new(why, format!("part {} unfolds to more than {most} bytes", part.content_id)))
}

/// Undoes transfer encoding and encryption.
struct Stream {
    /// Base64 that is not a whole group yet; `None` where the content stands as it is.
    encoded: Option<Vec<u8>>,
    sealed: Option<Sealed>,
}

/// An encrypted part on its way in: the nonce first, the tag held back until it is known to be the end.
struct Sealed {
    key: Zeroizing<Vec<u8>>,
    head: Vec<u8>,
    gcm: Option<Gcm>,
    tail: Vec<u8>,
}

type Out<'o> = &'o mut dyn FnMut(&[u8]) -> Result<(), Fault>;

impl Stream {
    fn new(part: &Part) -> Self {
        let sealed =
            part.key.clone().map(|key| Sealed { key, head: Vec::new(), gcm: None, tail: Vec::new() });
        Self { encoded: (part.encoding == Encoding::Base64).then(Vec::new), sealed }
    }

    fn feed(&mut self, bytes: &[u8], out: Out<'_>) -> Result<(), Fault> {
        match &mut self.encoded {
            None => opened(&mut self.sealed, bytes, out),
            Some(held) => {
                held.extend(bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
                // The last group may be padded, so it waits for the end.
                let whole = held.len().saturating_sub(1) / 4 * 4;
                let decoded = decoded(&held[..whole])?;
                held.drain(..whole);
                opened(&mut self.sealed, &decoded, out)
            }
        }
    }

    fn finish(mut self, out: Out<'_>) -> Result<(), Fault> {
        if let Some(held) = self.encoded.take() {
            opened(&mut self.sealed, &decoded(&held)?, out)?;
        }
        let Some(sealed) = self.sealed else { return Ok(()) };
        let gcm = sealed.gcm.ok_or_else(failed)?;
        if same_tag(&gcm.tag(), &sealed.tail) { Ok(()) } else { Err(failed()) }
    }
}

fn decoded(text: &[u8]) -> Result<Vec<u8>, Fault> {
    STANDARD.decode(text).map_err(|error| Fault::new(Why::TransferEncoding, error.to_string()))
}

fn opened(sealed: &mut Option<Sealed>, bytes: &[u8], out: Out<'_>) -> Result<(), Fault> {
    match sealed {
        None => out(bytes),
        Some(sealed) => sealed.feed(bytes, out),
    }
}

impl Sealed {
    fn feed(&mut self, bytes: &[u8], out: Out<'_>) -> Result<(), Fault> {
        let missing = (NONCE - self.head.len()).min(bytes.len());
        let (head, bytes) = bytes.split_at(missing);
        self.head.extend_from_slice(head);
        let Ok(nonce) = <[u8; NONCE]>::try_from(self.head.as_slice()) else { return Ok(()) };
        if self.gcm.is_none() {
            self.gcm = Some(Gcm::new(&self.key, &nonce).map_err(|_| failed())?);
        }
        let gcm = self.gcm.as_mut().expect("it was made just now");
        // All but the last sixteen bytes seen so far are content.
        let (held, fresh) = match (self.tail.len() + bytes.len()).saturating_sub(BLOCK) {
            ready if ready <= self.tail.len() => (ready, 0),
            ready => (self.tail.len(), ready - self.tail.len()),
        };
        if held > 0 {
            let ready: Vec<u8> = self.tail.drain(..held).collect();
            out(gcm.open(&ready).map_err(|_| failed())?)?;
        }
        if fresh > 0 {
            out(gcm.open(&bytes[..fresh]).map_err(|_| failed())?)?;
        }
        self.tail.extend_from_slice(&bytes[fresh..]);
        Ok(())
    }
}

/// The most text that is brought into a form before it is digested.
const FORM_MAX: usize = 4 << 20;
/// How much compressed content is unfolded at once: it may become a thousand times as much.
const GZIP_PIECE: usize = 1 << 10;
