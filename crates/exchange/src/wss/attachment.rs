//! The octets of a payload part that a signature covers, by the rules for SOAP messages with attachments.

use std::borrow::Cow;

use crate::mime::ContentType;
use crate::xml::{canonical_document, parse};
use crate::{Fault, Limits, Why};

/// What is digested for a part: XML in exclusive canonical form, other text with CRLF line ends, all else as it is.
///
/// # Errors
/// [`Why::DigestMismatch`] for a part that says it is XML and is not, since then no digest can be right.
pub(crate) fn signed_octets<'a>(
    content_type: &ContentType,
    body: &'a [u8],
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, Fault> {
    if content_type.is_plain_text() {
        return Ok(with_network_line_ends(body));
    }
    if !content_type.is_xml() {
        return Ok(Cow::Borrowed(body));
    }
    let not_xml =
        |detail: String| Fault::new(Why::DigestMismatch, format!("a part is said to be XML: {detail}"));
    let text = std::str::from_utf8(body).map_err(|error| not_xml(error.to_string()))?;
    let limits = Limits { envelope_max: limits.payloads_max, nodes_max: NODES_MAX, ..*limits };
    let document = parse(text, &limits).map_err(|fault| not_xml(fault.detail))?;
    Ok(Cow::Owned(canonical_document(&document, &[])))
}

/// The most nodes of an uncompressed XML part; larger documents have to be sent compressed, as this profile asks.
const NODES_MAX: u32 = 2_000_000;

fn with_network_line_ends(body: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::with_capacity(body.len() + body.len() / 16);
    let mut previous = 0;
    for (at, &byte) in body.iter().enumerate() {
        match byte {
            b'\n' if previous == b'\r' => out.push(b'\n'),
            b'\n' => out.extend_from_slice(b"\r\n"),
            b'\r' if body.get(at + 1) != Some(&b'\n') => out.extend_from_slice(b"\r\n"),
            _ => out.push(byte),
        }
        previous = byte;
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(content_type: &str, body: &str) -> Option<String> {
        let content_type = ContentType::parse(content_type).expect("well-formed");
        let seen = signed_octets(&content_type, body.as_bytes(), &Limits::default()).ok()?;
        Some(String::from_utf8(seen.into_owned()).expect("text"))
    }

    #[test]
    fn the_media_type_decides_what_is_digested() {
        for (content_type, body, expected) in [
            ("application/gzip", "a\nb", Some("a\nb")),
            ("text/plain", "a\nb\r\nc\rd\r\r\n", Some("a\r\nb\r\nc\r\nd\r\n\r\n")),
            ("application/xml", "<?xml version='1.0'?>\n<a  b='1'/>\n", Some("<a b=\"1\"></a>")),
            ("image/svg+xml", "<a/>", Some("<a></a>")),
            ("text/xml", "<a", None),
        ] {
            assert_eq!(octets(content_type, body).as_deref(), expected, "{content_type}");
        }
    }
}
