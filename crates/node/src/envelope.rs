//! What our AS4 messages say of themselves, and messages as MIME entities that can be kept and read again by themselves.

use exchange::{PartyId, SentDigests};
use kernel::NodeId;

/// The service every document of ours goes under; its kind is the action.
pub const SERVICE: &str = "urn:sampan:customs-cooperation:1";
/// The property that marks a part as what the sender's record says of itself.
pub(crate) const RECORD_PART: &str = "record";

/// The party id of a node: its short name, in no register.
#[must_use]
pub fn party_of(node: &NodeId) -> PartyId {
    PartyId::unregistered(node.as_str())
}

/// The media type of a document, by how its bytes begin.
pub(crate) fn media_of(bytes: &[u8]) -> &'static str {
    match bytes.trim_ascii_start().first() {
        Some(b'<') => "application/xml",
        Some(b'{' | b'[') => "application/json",
        _ => "application/octet-stream",
    }
}

/// What stands behind the `@` of a message's id.
pub(crate) fn host(message_id: &str) -> &str {
    message_id.rsplit_once('@').map_or("sampan", |(_, host)| host)
}

/// A body with its media type as one MIME entity.
#[must_use]
pub fn entity(content_type: &str, body: &[u8]) -> Vec<u8> {
    let mut entity = Vec::with_capacity(FIELD.len() + content_type.len() + 4 + body.len());
    entity.extend_from_slice(FIELD.as_bytes());
    // A header value cannot hold a line break; one that came with a folded line keeps its meaning without it.
    entity.extend(content_type.bytes().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte }));
    entity.extend_from_slice(b"\r\n\r\n");
    entity.extend_from_slice(body);
    entity
}

/// The media type and the body of a kept MIME entity; `None` where the bytes are none of ours.
#[must_use]
pub fn split(entity: &[u8]) -> Option<(&str, &[u8])> {
    let rest = entity.strip_prefix(FIELD.as_bytes())?;
    let end = rest.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((std::str::from_utf8(&rest[..end]).ok()?, &rest[end + 4..]))
}

/// What was signed in a message that was kept beside it.
pub(crate) fn digests(kept: &[u8]) -> Option<SentDigests> {
    serde_json::from_slice(kept).ok()
}

const FIELD: &str = "Content-Type: ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_comes_apart_as_it_was_put_together() {
        let whole = entity("multipart/related; boundary=\"x\"", b"--x\r\n\r\nbody");
        assert_eq!(split(&whole), Some(("multipart/related; boundary=\"x\"", &b"--x\r\n\r\nbody"[..])));
        assert_eq!(split(b"anything"), None);
        assert_eq!(split(&entity("a\r\nb", b"")), Some(("a  b", &b""[..])));
    }
}
