//! Input: from bytes to text, bounded in size, with the encoding recognised or refused.

use std::borrow::Cow;
use std::io::{self, Read};

use super::fault::Fault;
use super::limits::Limits;

/// Bytes taken from a source, never more than the limit asked for plus one.
///
/// The one byte more lets the reader see that there was more, without having held it.
///
/// # Errors
/// What the source itself reports.
pub fn read_bounded(source: impl Read, limits: &Limits) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(limits.bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of some bytes, as far as it can be read, and what is wrong with them.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// Text without byte-order mark, up to the first thing that is no text.
    pub text: Cow<'a, str>,
    /// What stopped it there; the text ends where this stands.
    pub fault: Option<Fault>,
}

/// Reads bytes as UTF-8, UTF-16 or ISO 8859-1, as their mark or their XML declaration says.
///
/// Other encodings that contain ASCII are read where every byte is ASCII, and all others refused with `encoding-unsupported` where not.
/// Characters that XML does not allow end the text with `character-illegal`.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Decoded<'a> {
    let kept = &bytes[..bytes.len().min(limits.bytes)];
    let decoded = stop_at_illegal(match encoding(kept) {
        Encoding::Utf8 { mark } => utf8(&kept[mark..]),
        Encoding::Utf16 { mark, join } => utf16(&kept[mark..], join),
        Encoding::Latin1 => whole(kept.iter().map(|byte| char::from(*byte)).collect::<String>().into()),
        Encoding::Other(name) => refused(&name),
    });
    if kept.len() == bytes.len() { decoded } else { cut(decoded, limits) }
}

enum Encoding {
    Utf8 { mark: usize },
    Utf16 { mark: usize, join: fn([u8; 2]) -> u16 },
    Latin1,
    Other(String),
}

fn encoding(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8 { mark: 3 },
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Encoding::Other("UTF-32".to_owned()),
        [0xFF, 0xFE, ..] => Encoding::Utf16 { mark: 2, join: u16::from_le_bytes },
        [0xFE, 0xFF, ..] => Encoding::Utf16 { mark: 2, join: u16::from_be_bytes },
        [b'<', 0, ..] => Encoding::Utf16 { mark: 0, join: u16::from_le_bytes },
        [0, b'<', ..] => Encoding::Utf16 { mark: 0, join: u16::from_be_bytes },
        _ => by_declaration(bytes),
    }
}

fn by_declaration(bytes: &[u8]) -> Encoding {
    let name = declared(bytes).unwrap_or_default().to_ascii_lowercase();
    match name.as_str() {
        "" | "utf-8" | "utf8" => Encoding::Utf8 { mark: 0 },
        "iso-8859-1" | "latin1" | "iso_8859-1" => Encoding::Latin1,
        _ if name.starts_with("utf-16") || name.starts_with("utf-32") || name.starts_with("ucs") => {
            Encoding::Other(name)
        }
        _ if bytes.is_ascii() && contains_ascii(&name) => Encoding::Utf8 { mark: 0 },
        _ => Encoding::Other(name),
    }
}

/// Whether an encoding of this name writes ASCII as ASCII does.
fn contains_ascii(name: &str) -> bool {
    const FAMILIES: [&str; 11] = [
        "us-ascii",
        "ascii",
        "windows-",
        "cp125",
        "iso-8859-",
        "tis-620",
        "viscii",
        "gb",
        "big5",
        "euc-",
        "koi8-",
    ];
    FAMILIES.iter().any(|family| name.starts_with(family)) || matches!(name, "shift_jis" | "shift-jis")
}

/// The encoding an XML declaration at the very start names.
fn declared(bytes: &[u8]) -> Option<&str> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    let end = rest.windows(2).take(256).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&rest[..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(name, _)| name)
}

fn whole(text: Cow<'_, str>) -> Decoded<'_> {
    Decoded { text, fault: None }
}

fn utf8(bytes: &[u8]) -> Decoded<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => whole(text.into()),
        Err(wrong) => {
            let (good, bad) = bytes.split_at(wrong.valid_up_to());
            let seen = bad.iter().take(4).map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ");
            let fault = Fault::fatal("encoding-wrong", good.len()).seen(&seen).expected("UTF-8");
            let text = std::str::from_utf8(good).expect("valid up to here").into();
            Decoded { text, fault: Some(fault) }
        }
    }
}

fn utf16(bytes: &[u8], join: fn([u8; 2]) -> u16) -> Decoded<'_> {
    let units = bytes.chunks(2).map(|pair| match pair {
        [one, two] => join([*one, *two]),
        _ => 0xD800, // half a unit at the end is as wrong as half a pair
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    for unit in char::decode_utf16(units) {
        let Ok(character) = unit else {
            let fault = Fault::fatal("encoding-wrong", text.len()).expected("UTF-16");
            return Decoded { text: text.into(), fault: Some(fault) };
        };
        text.push(character);
    }
    whole(text.into())
}

fn refused(name: &str) -> Decoded<'static> {
    let fault = Fault::fatal("encoding-unsupported", 0).seen(name).expected("UTF-8");
    Decoded { text: Cow::Borrowed(""), fault: Some(fault) }
}

/// Cuts a text that went past the size limit and says so instead of whatever the cut itself broke.
fn cut<'a>(decoded: Decoded<'a>, limits: &Limits) -> Decoded<'a> {
    const LONGEST_CHARACTER: usize = 4;
    if decoded.fault.as_ref().is_some_and(|fault| fault.at + LONGEST_CHARACTER < limits.bytes) {
        return decoded;
    }
    let mut fault = Fault::fatal("too-large", decoded.text.len());
    fault.seen = format!("more than {} bytes", limits.bytes);
    Decoded { text: decoded.text, fault: Some(fault) }
}

fn stop_at_illegal(decoded: Decoded<'_>) -> Decoded<'_> {
    let Some(at) = first_illegal(decoded.text.as_bytes()) else { return decoded };
    let seen = decoded.text[at..].chars().next().map_or(0, u32::from);
    let mut fault = Fault::fatal("character-illegal", at).expected("a character XML allows");
    fault.seen = format!("U+{seen:04X}");
    let text = match decoded.text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..at]),
        Cow::Owned(mut text) => {
            text.truncate(at);
            Cow::Owned(text)
        }
    };
    Decoded { text, fault: Some(fault) }
}

/// The first byte of a character outside XML's `Char` production (controls, U+FFFE, U+FFFF).
fn first_illegal(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 256;
    bytes.chunks(BLOCK).enumerate().find_map(|(n, block)| {
        // One flag for the whole block lets the compiler look at many bytes at a time.
        let doubtful =
            block.iter().fold(false, |seen, byte| seen | ((*byte < 0x20) & !blank(*byte)) | (*byte == 0xEF));
        if doubtful { illegal_in(bytes, n * BLOCK, n * BLOCK + block.len()) } else { None }
    })
}

const fn blank(byte: u8) -> bool {
    (byte == b'\t') | (byte == b'\n') | (byte == b'\r')
}

fn illegal_in(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    (from..to).find(|at| match bytes[*at] {
        0xEF => matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])),
        byte => byte < 0x20 && !blank(byte),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, code: &str) {
        let decoded = decode(bytes, &Limits::MESSAGE);
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.fault.map_or("", |fault| fault.code), code, "{text}");
    }

    #[test]
    fn the_encoding_is_recognised_or_refused() {
        check("<a>Việt</a>".as_bytes(), "<a>Việt</a>", "");
        check(b"\xEF\xBB\xBF<a/>", "<a/>", "");
        check(b"\xFF\xFE<\0a\0/\0>\0", "<a/>", "");
        check(b"\0<\0a\0/\0>", "<a/>", "");
        check(
            b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>",
            "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>",
            "",
        );
        check(b"<?xml version=\"1.0\" encoding=\"TIS-620\"?><a>\xA1</a>", "", "encoding-unsupported");
        check(
            b"<?xml version='1.0' encoding='TIS-620'?><a/>",
            "<?xml version='1.0' encoding='TIS-620'?><a/>",
            "",
        );
        check(b"<?xml version='1.0' encoding='X-OWN'?><a/>", "", "encoding-unsupported");
        check(b"\0\0\xFE\xFF\0\0\0<", "", "encoding-unsupported");
    }

    #[test]
    fn text_ends_where_bytes_are_no_text() {
        check(b"<a>ok\xC3\x28</a>", "<a>ok", "encoding-wrong");
        check(b"\xFF\xFE<\0a\0/\0>", "<a/", "encoding-wrong");
        check(b"<a>\x01</a>", "<a>", "character-illegal");
        check("<a>\u{FFFF}</a>".as_bytes(), "<a>", "character-illegal");
        check("<a>\u{FF21}</a>".as_bytes(), "<a>\u{FF21}</a>", "");
    }

    #[test]
    fn more_than_the_limit_is_cut_and_said() {
        let limits = Limits { bytes: 4, ..Limits::MESSAGE };
        let decoded = decode("<aệ>".as_bytes(), &limits);
        assert_eq!((decoded.text.as_ref(), decoded.fault.map(|f| f.code)), ("<a", Some("too-large")));
    }
}
