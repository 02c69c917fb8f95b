//! Messages too long to be packed inside the heart: what goes is decided there, the bytes are made here, from files to a
//! file, and the heart takes them over when they are on the disk.

use std::io::Read as _;

use customs::agreement::Schedule;
use exchange::stream::{Folding, Head, LargeWire};
use exchange::{AgreementRef, Outgoing, Party, Service};
use jiff::Timestamp;
use kernel::{Digest, NodeId};
use serde::{Deserialize, Serialize};
use store::{Failure, Incoming, LongBlob, LongBlobs, Look};

use crate::envelope::{SERVICE, entity, host, media_of, party_of};
use crate::partners::Partners;
use crate::transport::{profile, properties};

/// What is to be packed, as work keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Packing {
    pub(crate) to: NodeId,
    pub(crate) message_id: String,
    pub(crate) conversation: String,
    pub(crate) agreement: String,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) delivery: Schedule,
    /// The document's bytes.
    pub(crate) payload: Digest,
    /// What goes with it.
    pub(crate) attachments: Vec<Attachment>,
}

/// Something a document names as going with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attachment {
    /// The digest of its bytes.
    pub(crate) digest: Digest,
    /// Its media type.
    pub(crate) media: String,
}

/// A packed message on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LongPacked {
    pub(crate) wire: LongBlob,
    pub(crate) digests: Vec<u8>,
}

/// Packs a message a piece at a time.
pub(crate) fn pack(
    packing: &Packing,
    us: &NodeId,
    (partners, blobs, look): (&Partners, &LongBlobs, &dyn Look),
    now: Timestamp,
) -> Result<LongPacked, Failure> {
    let failed = |cause: String| Failure::Engine { doing: "pack a long message", cause };
    let keys = partners.keys_for(&packing.to, packing.delivery.algorithms);
    let keys = keys.ok_or_else(|| failed("no shared suite".to_owned()))?;
    let theirs = partners.sealing_for(&packing.to, keys.suite, now);
    let profile = profile(&packing.delivery, keys.suite, theirs);
    let profile = profile.ok_or_else(|| failed("no certificate to encrypt to".to_owned()))?;
    let (heads, folded) = fold(packing, blobs, look)?;
    let packed = exchange::stream::pack(&outgoing(packing, us, now), &heads, &keys.identity, &profile);
    let packed = packed.map_err(|fault| failed(fault.to_string()))?;
    let digests = serde_json::to_vec(&packed.sent).map_err(|error| failed(error.to_string()))?;
    Ok(LongPacked { wire: pour(packed, &folded, blobs)?, digests })
}

fn outgoing(packing: &Packing, us: &NodeId, now: Timestamp) -> Outgoing {
    Outgoing {
        message_id: packing.message_id.clone(),
        conversation_id: packing.conversation.clone(),
        ref_to: None,
        from: Party::initiator(party_of(us)),
        to: Party::responder(party_of(&packing.to)),
        service: Service { value: SERVICE.to_owned(), kind: None },
        action: packing.kind.clone(),
        agreement_ref: Some(AgreementRef { value: packing.agreement.clone(), kind: None, pmode: None }),
        properties: properties(&packing.delivery),
        payloads: Vec::new(),
        timestamp: now,
    }
}

/// Compresses the document and what goes with it, each into a passing file.
fn fold(
    packing: &Packing,
    blobs: &LongBlobs,
    look: &dyn Look,
) -> Result<(Vec<Head>, Vec<Incoming>), Failure> {
    let host = host(&packing.message_id);
    let document = look.blob(&packing.payload)?.ok_or_else(|| missing(&packing.payload))?;
    let media = media_of(&document).to_owned();
    let mut heads = Vec::new();
    let mut files = Vec::new();
    let mut add = |content_id: String, mime: String, source: &mut dyn std::io::Read| {
        let (file, folded) = compressed(source, blobs)?;
        heads.push(Head { content_id, mime, properties: Vec::new(), folded });
        files.push(file);
        Ok::<_, Failure>(())
    };
    add(format!("document@{host}"), media, &mut document.as_slice())?;
    for (number, attachment) in packing.attachments.iter().enumerate() {
        let (content_id, media) = (format!("attachment-{number}@{host}"), attachment.media.clone());
        match look.long_blob(&attachment.digest)? {
            Some(long) => add(content_id, media, &mut long.open()?)?,
            None => {
                let bytes = look.blob(&attachment.digest)?.ok_or_else(|| missing(&attachment.digest))?;
                add(content_id, media, &mut bytes.as_slice())?;
            }
        }
    }
    Ok((heads, files))
}

fn compressed(
    source: &mut dyn std::io::Read,
    blobs: &LongBlobs,
) -> Result<(Incoming, exchange::stream::Folded), Failure> {
    let (mut folding, mut file, mut room) = (Folding::default(), blobs.incoming()?, vec![0; PIECE]);
    loop {
        match source.read(&mut room).map_err(unreadable)? {
            0 => break,
            count => file.write(&folding.feed(&room[..count]))?,
        }
    }
    let (rest, folded) = folding.finish();
    file.write(&rest)?;
    Ok((file, folded))
}

/// Writes the message around its compressed parts.
fn pour(packed: LargeWire, folded: &[Incoming], blobs: &LongBlobs) -> Result<LongBlob, Failure> {
    let LargeWire { content_type, begin, parts, between, end, .. } = packed;
    let failed =
        |fault: exchange::Fault| Failure::Engine { doing: "encrypt a part", cause: fault.to_string() };
    let mut wire = blobs.incoming()?;
    wire.write(&entity(&content_type, &begin))?;
    let mut room = vec![0; PIECE];
    for ((head, mut pouring), file) in parts.into_iter().zip(folded) {
        wire.write(&head)?;
        wire.write(pouring.start())?;
        let mut source = file.reader()?;
        loop {
            match source.read(&mut room).map_err(unreadable)? {
                0 => break,
                count => wire.write(pouring.pour(&room[..count]).map_err(failed)?)?,
            }
        }
        wire.write(&pouring.finish())?;
        wire.write(&between)?;
    }
    wire.write(&end)?;
    wire.finish()
}

fn missing(digest: &Digest) -> Failure {
    Failure::Damaged { place: format!("blob {digest}"), what: "missing".into() }
}

#[expect(clippy::needless_pass_by_value, reason = "a function for `map_err`")]
fn unreadable(error: std::io::Error) -> Failure {
    Failure::Engine { doing: "read what is to be packed", cause: error.to_string() }
}

/// How much is read at once.
const PIECE: usize = 64 << 10;
