//! Finds the message in a captured file: with HTTP header lines before it or without, chunked or not.

use std::borrow::Cow;

use crate::names::{SOAP_CONTENT_TYPE, SOAP_MIME};

/// The `Content-Type` and the body of a capture, told from whatever stands at its start.
pub(super) fn split(bytes: &[u8]) -> (String, Cow<'_, [u8]>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.trim_ascii_start();
    if start.starts_with(b"<") {
        return (SOAP_CONTENT_TYPE.to_owned(), Cow::Borrowed(start));
    }
    if start.starts_with(b"--") {
        return (multipart_of(start), Cow::Borrowed(start));
    }
    let Some((header, body)) = header_and_body(start) else {
        return ("application/octet-stream".to_owned(), Cow::Borrowed(bytes));
    };
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let chunked =
        field(&header, "transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    let body =
        if chunked { unchunked(body).map_or(Cow::Borrowed(body), Cow::Owned) } else { Cow::Borrowed(body) };
    let content_type =
        field(&header, "content-type").map_or_else(|| SOAP_CONTENT_TYPE.to_owned(), str::to_owned);
    (content_type, body)
}

/// The type of a multipart body without its header, from its first boundary line.
fn multipart_of(body: &[u8]) -> String {
    let line = body.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let boundary = String::from_utf8_lossy(line.get(2..).unwrap_or_default());
    format!("multipart/related; type=\"{SOAP_MIME}\"; boundary=\"{}\"", boundary.replace(['"', '\\'], ""))
}

type Header = Vec<(String, String)>;

fn field<'a>(header: &'a Header, name: &str) -> Option<&'a str> {
    header.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Header lines up to the empty one, folded lines joined; a request or status line is passed over.
fn header_and_body(bytes: &[u8]) -> Option<(Header, &[u8])> {
    let mut header = Header::new();
    let mut at = 0;
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        at += line.len();
        let line = std::str::from_utf8(line).ok()?.trim_end();
        match (line.starts_with([' ', '\t']), line.split_once(':')) {
            _ if line.is_empty() => return Some((header, &bytes[at..])),
            (true, _) => header.last_mut()?.1.push_str(line),
            (false, _) if number == 0 && line.contains("HTTP/1.") => {}
            (false, Some((name, value))) => header.push((name.to_ascii_lowercase(), value.trim().to_owned())),
            (false, None) => return None,
        }
    }
    None
}

/// The body without its chunk lines; `None` where it has none, since many captures keep the header but not the chunks.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    loop {
        let end = body.windows(2).position(|pair| pair == b"\r\n")?;
        let size = std::str::from_utf8(&body[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        body = &body[end + 2..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(body.get(..size)?);
        body = body.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_found_whatever_stands_before_it() {
        let soap = SOAP_CONTENT_TYPE;
        for (capture, content_type, body) in [
            ("\u{feff}<e/>", soap, "<e/>"),
            ("\n <e/>\n", soap, "<e/>\n"),
            ("Server: x\r\nContent-Type: application/soap+xml\r\n\r\n<e/>", "application/soap+xml", "<e/>"),
            ("HTTP/1.1 200 OK\nContent-Type: a/b;\n c=d\n\nx", "a/b; c=d", "x"),
            (
                "POST /as4 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n<e\r\n2;x=y\r\n/>\r\n0\r\n\r\n",
                soap,
                "<e/>",
            ),
            ("Transfer-Encoding: chunked\r\n\r\n<e/>", soap, "<e/>"),
            ("\n--b\r\nx", "multipart/related; type=\"application/soap+xml\"; boundary=\"b\"", "--b\r\nx"),
            ("no header at all", "application/octet-stream", "no header at all"),
        ] {
            let (seen, rest) = split(capture.as_bytes());
            assert_eq!(
                (seen.as_str(), &*String::from_utf8_lossy(&rest)),
                (content_type, body),
                "{capture:?}"
            );
        }
    }
}
