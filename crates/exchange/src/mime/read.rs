//! Takes a received body apart: the envelope, and the payload parts by their `Content-ID`.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;

use super::ContentType;
use crate::names::SOAP_MIME;
use crate::{Fault, Limits, Why};

/// A received body in its pieces. Pieces borrow from the body unless a transfer encoding had to be undone.
#[derive(Debug)]
pub(crate) struct Package<'a> {
    /// The SOAP envelope.
    pub(crate) envelope: Cow<'a, str>,
    /// The other parts in their order on the wire.
    pub(crate) attachments: Vec<Attachment<'a>>,
}

/// One payload part as it stands on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Attachment<'a> {
    /// `Content-ID` without angle brackets.
    pub(crate) content_id: String,
    /// What the part says it is.
    pub(crate) content_type: ContentType,
    /// Content after undoing the transfer encoding; still compressed and encrypted as it was sent.
    pub(crate) body: Cow<'a, [u8]>,
}

/// Takes a body apart within the limits.
///
/// # Errors
/// A MIME reason, all of which become EBMS:0007, or [`Why::Encoding`].
pub(crate) fn read<'a>(content_type: &str, body: &'a [u8], limits: &Limits) -> Result<Package<'a>, Fault> {
    if body.len() > limits.body_max {
        return Err(Fault::new(Why::TooLarge, format!("{} bytes, at most {}", body.len(), limits.body_max)));
    }
    let content_type = ContentType::parse(content_type)?;
    match content_type.media.as_str() {
        SOAP_MIME => Ok(Package {
            envelope: envelope_text(&content_type, Cow::Borrowed(body))?,
            attachments: Vec::new(),
        }),
        "multipart/related" => related(&content_type, body, limits),
        other => Err(Fault::new(Why::ContentType, format!("{other} is not used by AS4"))),
    }
}

fn related<'a>(content_type: &ContentType, body: &'a [u8], limits: &Limits) -> Result<Package<'a>, Fault> {
    let boundary = content_type.parameter("boundary").filter(|boundary| (1..=70).contains(&boundary.len()));
    let boundary = boundary.ok_or_else(|| Fault::new(Why::ContentType, "no usable boundary"))?;
    let mut parts = Vec::new();
    for raw in split(body, boundary, limits.parts_max)? {
        parts.push(part(raw, limits)?);
    }
    let root = match content_type.parameter("start") {
        Some(start) => {
            let start = bare_id(start);
            let at = parts.iter().position(|part| part.content_id == start);
            at.ok_or_else(|| Fault::new(Why::Multipart, format!("no part has the start id {start}")))?
        }
        None if parts.is_empty() => return Err(Fault::new(Why::Multipart, "no parts")),
        None => 0,
    };
    let root = parts.remove(root);
    if root.content_type.media != SOAP_MIME {
        return Err(Fault::new(Why::ContentType, format!("the root part is {}", root.content_type.media)));
    }
    let package = Package { envelope: envelope_text(&root.content_type, root.body)?, attachments: parts };
    package.refuse_unnamed().map(|()| package)
}

impl Package<'_> {
    /// Every payload part must have a `Content-ID` of its own, or a reference could mean either of two.
    ///
    /// # Errors
    /// [`Why::Multipart`], [`Why::ContentIdTwice`].
    pub(crate) fn refuse_unnamed(&self) -> Result<(), Fault> {
        let mut ids: Vec<&str> = self.attachments.iter().map(|part| part.content_id.as_str()).collect();
        ids.sort_unstable();
        if ids.first() == Some(&"") {
            return Err(Fault::new(Why::Multipart, "a payload part has no Content-ID"));
        }
        match ids.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Fault::new(Why::ContentIdTwice, pair[0])),
            None => Ok(()),
        }
    }
}

/// The envelope as text.
///
/// # Errors
/// [`Why::Encoding`] for anything but UTF-8.
pub(crate) fn envelope_text<'a>(
    content_type: &ContentType,
    body: Cow<'a, [u8]>,
) -> Result<Cow<'a, str>, Fault> {
    let charset = content_type.parameter("charset").unwrap_or("utf-8");
    if !["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known)) {
        return Err(Fault::new(Why::Encoding, format!("charset {charset}")));
    }
    let wrong = |error: std::str::Utf8Error| Fault::new(Why::Encoding, error.to_string());
    match body {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(wrong),
        Cow::Owned(bytes) => {
            String::from_utf8(bytes).map(Cow::Owned).map_err(|error| wrong(error.utf8_error()))
        }
    }
}

/// The octets between the boundary lines, header and content of each part still together.
fn split<'a>(body: &'a [u8], boundary: &str, parts_max: usize) -> Result<Vec<&'a [u8]>, Fault> {
    let delimiter = format!("--{boundary}");
    let finder = memmem::Finder::new(delimiter.as_bytes());
    let mut parts = Vec::new();
    let mut start: Option<usize> = None;
    let mut from = 0;
    while let Some(found) = finder.find(&body[from..]) {
        let at = from + found;
        let after = at + delimiter.len();
        from = after;
        let Some(line) = boundary_line(body, at, after) else { continue };
        if let Some(start) = start {
            // An empty part's header may end at the very line break that belongs to the delimiter.
            parts.push(&body[start..line.content_end.max(start)]);
        }
        if parts.len() > parts_max {
            return Err(Fault::new(Why::TooManyParts, format!("more than {parts_max} parts")));
        }
        match line.next {
            Some(next) => start = Some(next),
            None => return Ok(parts),
        }
    }
    Err(Fault::new(Why::Multipart, "the last boundary is missing: the body is cut off"))
}

struct BoundaryLine {
    /// Where the content before it ends.
    content_end: usize,
    /// Where the next part begins; `None` after the last.
    next: Option<usize>,
}

/// Judges whether the delimiter found at `at` stands on a line of its own.
fn boundary_line(body: &[u8], at: usize, after: usize) -> Option<BoundaryLine> {
    let content_end = match &body[..at] {
        [] => 0,
        before if before.ends_with(b"\r\n") => at - 2,
        before if before.ends_with(b"\n") => at - 1,
        _ => return None,
    };
    if body[after..].starts_with(b"--") {
        return Some(BoundaryLine { content_end, next: None });
    }
    let padding = body[after..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let rest = &body[after + padding..];
    let line_end = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
    (line_end > 0).then_some(BoundaryLine { content_end, next: Some(after + padding + line_end) })
}

fn part<'a>(raw: &'a [u8], limits: &Limits) -> Result<Attachment<'a>, Fault> {
    let (header, body) = split_header(raw, limits)?;
    let field = |name: &str| header.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if let Some(length) = field("content-length").filter(|length| length.parse() != Ok(body.len())) {
        let seen = format!("a part says {length} bytes and has {}", body.len());
        return Err(Fault::new(Why::Multipart, seen));
    }
    Ok(Attachment {
        content_id: field("content-id").map(bare_id).unwrap_or_default().to_owned(),
        content_type: ContentType::parse(field("content-type").unwrap_or("application/octet-stream"))?,
        body: decoded(field("content-transfer-encoding").unwrap_or("binary"), body)?,
    })
}

/// Header fields by lower-case name.
pub(crate) type Fields = Vec<(String, String)>;

/// The header fields a part begins with and how many bytes they take with the empty line after them; `None` where the
/// empty line has not come yet.
///
/// # Errors
/// [`Why::TooManyParts`] for a header past the limit, [`Why::Multipart`] for what is no header line.
pub(crate) fn header_of(raw: &[u8], limits: &Limits) -> Result<Option<(Fields, usize)>, Fault> {
    let mut fields = Fields::new();
    let mut at = 0;
    while let Some(end) = memchr::memchr(b'\n', &raw[at..]) {
        let line = raw[at..at + end].trim_ascii_end();
        at += end + 1;
        if line.is_empty() {
            return Ok(Some((fields, at)));
        }
        if at > limits.part_header_max {
            return Err(header_too_long());
        }
        take_line(&mut fields, line)?;
    }
    if raw.len() > limits.part_header_max { Err(header_too_long()) } else { Ok(None) }
}

fn header_too_long() -> Fault {
    Fault::new(Why::TooManyParts, "the header of a part is too long")
}

/// Header fields by lower-case name, with folded lines joined, and the content after the empty line.
fn split_header<'a>(raw: &'a [u8], limits: &Limits) -> Result<(Fields, &'a [u8]), Fault> {
    let mut fields = Fields::new();
    let mut at = 0;
    loop {
        let length = memchr::memchr(b'\n', &raw[at..]).map_or(raw.len() - at, |end| end + 1);
        let line = raw[at..at + length].trim_ascii_end();
        let was_last = at + length >= raw.len() && !raw[at..].ends_with(b"\n");
        at += length;
        if line.is_empty() {
            return Ok((fields, &raw[at..]));
        }
        if at > limits.part_header_max {
            return Err(header_too_long());
        }
        if was_last {
            return Err(Fault::new(Why::Multipart, "the header of a part does not end"));
        }
        take_line(&mut fields, line)?;
    }
}

fn take_line(fields: &mut Fields, line: &[u8]) -> Result<(), Fault> {
    let line =
        std::str::from_utf8(line).map_err(|_| Fault::new(Why::Multipart, "a part header is not text"))?;
    match (line.starts_with([' ', '\t']), fields.last_mut(), line.split_once(':')) {
        (true, Some((_, value)), _) => value.push_str(line),
        (false, _, Some((name, value))) => {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        _ => return Err(Fault::new(Why::Multipart, format!("not a header line: {line}"))),
    }
    Ok(())
}

fn decoded<'a>(encoding: &str, body: &'a [u8]) -> Result<Cow<'a, [u8]>, Fault> {
    match encoding.to_ascii_lowercase().as_str() {
        "binary" | "8bit" | "7bit" => Ok(Cow::Borrowed(body)),
        "base64" => {
            let dense: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
            let content = STANDARD.decode(dense);
            content.map(Cow::Owned).map_err(|error| Fault::new(Why::TransferEncoding, error.to_string()))
        }
        other => Err(Fault::new(Why::TransferEncoding, other)),
    }
}

/// An id without its angle brackets.
pub(crate) fn bare_id(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/related; boundary=b; type=\"application/soap+xml\"";
    const ROOT: &str = "Content-Type: application/soap+xml; charset=UTF-8\r\n\r\n<e/>";

    fn verdict(content_type: &str, body: &str) -> Result<usize, Why> {
        let read = read(content_type, body.as_bytes(), &Limits::default());
        read.map(|package| package.attachments.len()).map_err(|fault| fault.why)
    }

    fn message(parts: &[&str]) -> String {
        parts.iter().fold(String::new(), |body, part| format!("{body}--b\r\n{part}\r\n")) + "--b--\r\n"
    }

    #[test]
    fn parts_are_read_with_their_ids_encodings_and_exact_octets() {
        let body = message(&[
            ROOT,
            "Content-ID: <1@x>\r\nContent-Type: application/gzip\r\n\r\n\r\n--bb\r\n--b x\r\n",
            "content-id:\r\n 2@x\r\nContent-Transfer-Encoding: Base64\r\n\r\nAAEC\r\nAw==",
            "Content-ID: <3@x>\r\nContent-Length: 0\r\n\r\n",
        ]);
        let limits = Limits::default();
        let package = read(TYPE, body.as_bytes(), &limits).expect("the body is well-formed");
        assert_eq!(package.envelope, "<e/>");
        let seen: Vec<_> =
            package.attachments.iter().map(|a| (a.content_id.as_str(), a.body.as_ref())).collect();
        assert_eq!(
            seen,
            [("1@x", b"\r\n--bb\r\n--b x\r\n".as_slice()), ("2@x", &[0, 1, 2, 3]), ("3@x", b"")]
        );
    }

    #[test]
    fn preamble_epilogue_padding_and_bare_line_feeds_are_tolerated() {
        for body in [
            format!("\r\n--b\r\n{ROOT}\r\n--b--"),
            format!("preamble\n--b \t\n{}\n--b--\nepilogue", ROOT.replace("\r\n", "\n")),
        ] {
            assert_eq!(verdict(TYPE, &body), Ok(0), "{body}");
        }
    }

    #[test]
    fn the_start_parameter_chooses_the_root() {
        let body = message(&["Content-ID: <p@x>\r\n\r\nx", &format!("Content-ID: <r@x>\r\n{ROOT}")]);
        assert_eq!(verdict(&format!("{TYPE}; start=\"<r@x>\""), &body), Ok(1));
        assert_eq!(verdict(&format!("{TYPE}; start=\"<s@x>\""), &body), Err(Why::Multipart));
        assert_eq!(verdict(TYPE, &body), Err(Why::ContentType), "without it the first part is the root");
    }

    #[test]
    fn a_bare_envelope_needs_no_parts() {
        assert_eq!(verdict("application/soap+xml;charset=UTF-8", "<e/>"), Ok(0));
        assert_eq!(verdict("application/soap+xml;charset=utf-16", "<e/>"), Err(Why::Encoding));
        assert_eq!(verdict("text/xml", "<e/>"), Err(Why::ContentType));
    }

    #[test]
    fn broken_structures_are_refused_with_their_reason() {
        let part = |header: &str| message(&[ROOT, &format!("{header}\r\n\r\nxyz")]);
        let whole = part("Content-ID: <1@x>");
        let headers = format!("Content-ID: <1@x>\r\nX: {}", "y".repeat(10_000));
        for (body, why) in [
            (whole[..whole.len() - 6].to_owned(), Why::Multipart),
            (String::new(), Why::Multipart),
            ("--b--".to_owned(), Why::Multipart),
            (part("X: y"), Why::Multipart),
            (part("Content-ID: <1@x>\r\nContent-Length: 4"), Why::Multipart),
            (part("Content-ID: <1@x>\r\nContent-Length: -1"), Why::Multipart),
            (part("no colon"), Why::Multipart),
            (part("Content-ID: <1@x>\r\nContent-Transfer-Encoding: base64"), Why::TransferEncoding),
            (part("Content-ID: <1@x>\r\nContent-Transfer-Encoding: x-zip"), Why::TransferEncoding),
            (part("Content-ID: <1@x>\r\nContent-Type: xml"), Why::ContentType),
            (message(&[ROOT, "Content-ID: 1\r\n\r\nx", "Content-ID: <1>\r\n\r\ny"]), Why::ContentIdTwice),
            (part(&headers), Why::TooManyParts),
            (message(&[ROOT, "Content-ID: <1@x>"]), Why::Multipart),
        ] {
            assert_eq!(verdict(TYPE, &body), Err(why), "{}", &body[..body.len().min(120)]);
        }
    }

    #[test]
    fn ten_thousand_parts_are_refused_before_they_are_read() {
        let body = message(&vec!["x"; 10_000]);
        assert_eq!(verdict(TYPE, &body), Err(Why::TooManyParts));
    }

    #[test]
    fn a_body_past_the_limit_is_refused_unread() {
        let limits = Limits { body_max: 3, ..Limits::default() };
        let refused = read("application/soap+xml", b"<e/>", &limits).map_err(|fault| fault.why);
        assert_eq!(refused.map(|_| ()), Err(Why::TooLarge));
    }
}
