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

/// Writes a message and returns its `Content-Type` and body. `seed` makes the boundary: it must not be guessable from
/// the parts' content, so the caller gives a digest that covers them.
pub(crate) fn write(envelope: &str, parts: &[OutgoingPart], seed: &str) -> (String, Vec<u8>) {
    if parts.is_empty() {
        return (SOAP_CONTENT_TYPE.to_owned(), envelope.as_bytes().to_vec());
    }
    let boundary = format!("sampan-{seed}");
    let root = format!("root-{seed}@sampan");
    let length: usize = parts.iter().map(|part| part.body.len() + 256).sum();
    let mut body = Vec::with_capacity(envelope.len() + length + 256);
    push_part(&mut body, &boundary, SOAP_CONTENT_TYPE, &root, envelope.as_bytes());
    for part in parts {
        push_part(&mut body, &boundary, &part.content_type, &part.content_id, &part.body);
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type =
        format!("multipart/related; boundary=\"{boundary}\"; type=\"{SOAP_MIME}\"; start=\"<{root}>\"");
    (content_type, body)
}

fn push_part(out: &mut Vec<u8>, boundary: &str, content_type: &str, content_id: &str, body: &[u8]) {
    let header = format!(
        "--{boundary}\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: binary\r\n\
         Content-ID: <{content_id}>\r\n\r\n"
    );
    out.extend_from_slice(header.as_bytes());
    out.extend_from_slice(body);
    out.extend_from_slice(b"\r\n");
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
