//! Puts an envelope and its payload parts together.

use crate::names::{SOAP_CONTENT_TYPE, SOAP_MIME};

/// One payload part on its way out, compressed and encrypted as it will stand on the wire.
#[derive(Debug)]
pub(crate) struct OutgoingPart {
    /// `Content-ID` without angle brackets.
    pub(crate) content_id: String,
    /// Media type of the content as it stands on the wire.
    pub(crate) content_type: String,
    /// The content.
    pub(crate) body: Vec<u8>,
}

/// A message but for the content of its parts.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The `Content-Type` header.
    pub(crate) content_type: String,
    /// The body up to the first part's header.
    pub(crate) begin: Vec<u8>,
    /// What stands before the content of each part.
    pub(crate) heads: Vec<Vec<u8>>,
    /// What stands after the content of each part.
    pub(crate) between: Vec<u8>,
    /// The body after the last part.
    pub(crate) end: Vec<u8>,
}

/// Frames parts by their ids and media types. `seed` makes the boundary: it must not be guessable from the parts' content,
/// so the caller gives a digest that covers them.
pub(crate) fn frame<'p>(
    envelope: &str,
    parts: impl Iterator<Item = (&'p str, &'p str)>,
    seed: &str,
) -> Frame {
    let boundary = format!("sampan-{seed}");
    let root = format!("root-{seed}@sampan");
    let mut begin = head(&boundary, SOAP_CONTENT_TYPE, &root);
    begin.extend_from_slice(envelope.as_bytes());
    begin.extend_from_slice(b"\r\n");
    let content_type =
        format!("multipart/related; boundary=\"{boundary}\"; type=\"{SOAP_MIME}\"; start=\"<{root}>\"");
    Frame {
        content_type,
        begin,
        heads: parts.map(|(content_id, media)| head(&boundary, media, content_id)).collect(),
        between: b"\r\n".to_vec(),
        end: format!("--{boundary}--\r\n").into_bytes(),
    }
}

/// Writes a message and returns its `Content-Type` and body; `seed` as for [`frame`].
pub(crate) fn write(envelope: &str, parts: &[OutgoingPart], seed: &str) -> (String, Vec<u8>) {
    if parts.is_empty() {
        return (SOAP_CONTENT_TYPE.to_owned(), envelope.as_bytes().to_vec());
    }
    let named = parts.iter().map(|part| (part.content_id.as_str(), part.content_type.as_str()));
    let Frame { content_type, begin, heads, between, end } = frame(envelope, named, seed);
    let length: usize = parts.iter().map(|part| part.body.len() + 256).sum();
    let mut body = Vec::with_capacity(begin.len() + length + end.len());
    body.extend_from_slice(&begin);
    for (head, part) in heads.iter().zip(parts) {
        body.extend_from_slice(head);
        body.extend_from_slice(&part.body);
        body.extend_from_slice(&between);
    }
    body.extend_from_slice(&end);
    (content_type, body)
}

fn head(boundary: &str, content_type: &str, content_id: &str) -> Vec<u8> {
    let header = format!(
        "--{boundary}\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: binary\r\n\
         Content-ID: <{content_id}>\r\n\r\n"
    );
    header.into_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Limits;
    use crate::mime::read;

    proptest! {
        #[test]
        fn what_is_written_is_read_back_octet_for_octet(
            envelope in "<[a-z\\r\\n-]{0,30}>",
            bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 0..4),
        ) {
            let parts: Vec<_> = bodies.iter().enumerate().map(|(n, body)| OutgoingPart {
                content_id: format!("{n}@x"),
                content_type: "application/octet-stream".to_owned(),
                body: body.clone(),
            }).collect();
            let (content_type, body) = write(&envelope, &parts, "seed");
            let limits = Limits::default();
            let package = read(&content_type, &body, &limits).expect("our own writing is readable");
            prop_assert_eq!(package.envelope.as_ref(), envelope.as_str());
            let seen: Vec<_> = package.attachments.iter().map(|a| a.body.to_vec()).collect();
            prop_assert_eq!(seen, bodies);
        }
    }
}
