//! Files that come with forms: which there may be, and what they are called. The bytes decide what a file is, not its name.

use kernel::{Attachment, Wrong};

use crate::ask::SentFile;
use crate::endpoint::ATTACHED_BYTES_MAX;

/// The most bytes one file may have.
pub(crate) const FILE_BYTES_MAX: usize = 8 << 20;

/// The most bytes a text may have: a million container numbers and more, a line each.
pub(crate) const TEXT_BYTES_MAX: usize = ATTACHED_BYTES_MAX;

/// The sorts of files that may be attached, by their media type.
const SORTS: [(&str, Looks); 9] = [
    ("application/pdf", Looks::Starts(b"%PDF-")),
    ("image/jpeg", Looks::Starts(b"\xff\xd8\xff")),
    ("image/png", Looks::Starts(b"\x89PNG\r\n\x1a\n")),
    ("image/tiff", Looks::Starts(b"II*\0")),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Looks::Packed(".xlsx")),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", Looks::Packed(".docx")),
    ("application/xml", Looks::Text(".xml")),
    ("text/csv", Looks::Text(".csv")),
    ("text/plain", Looks::Text("")),
];

/// How the bytes of a sort of file look.
enum Looks {
    /// They begin like this.
    Starts(&'static [u8]),
    /// A zip archive whose name ends like this.
    Packed(&'static str),
    /// Text in UTF-8 whose name ends like this.
    Text(&'static str),
}

/// The attachment a file makes, or what is wrong with it as the value of a field.
///
/// # Errors
/// `file-too-large`, `file-sort-unknown`.
pub(crate) fn attachment(file: &SentFile) -> Result<Attachment, Wrong> {
    let wrong = |code, hint: String| Wrong { field: file.field.clone(), code, hint };
    let media = media_of(&file.name, &file.bytes).ok_or_else(|| wrong("file-sort-unknown", endings()))?;
    let most = if matches!(media, "text/plain" | "text/csv") { TEXT_BYTES_MAX } else { FILE_BYTES_MAX };
    if file.bytes.len() > most {
        return Err(wrong("file-too-large", (most >> 20).to_string()));
    }
    Ok(Attachment::of(&file.name, media, &file.bytes))
}

/// The attachment a program's file makes; `None` for a sort that is not taken. How long it may be, the address says.
pub(crate) fn of_program(file: &SentFile) -> Option<Attachment> {
    let media = media_of(&file.name, &file.bytes)?;
    Some(Attachment::of(&file.name, media, &file.bytes))
}

/// The media type under which a kept file is given out: one of ours, whatever the record says.
pub(crate) fn known_media(media: &str) -> &'static str {
    SORTS.iter().find(|(known, _)| *known == media).map_or("application/octet-stream", |(known, _)| known)
}

fn media_of(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let name = name.to_lowercase();
    let plain = || std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(is_unseen));
    let is = |looks: &Looks| match looks {
        Looks::Starts(start) => bytes.starts_with(start),
        Looks::Packed(ending) => bytes.starts_with(b"PK\x03\x04") && name.ends_with(ending),
        Looks::Text(ending) => name.ends_with(ending) && !bytes.is_empty() && plain(),
    };
    SORTS.iter().find(|(_, looks)| is(looks)).map(|(media, _)| *media)
}

/// A control character that no text holds.
fn is_unseen(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{feff}')
}

fn endings() -> String {
    "pdf, jpg, png, tif, xlsx, docx, xml, csv, txt".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_say_what_a_file_is() {
        let table: [(&str, &[u8], Option<&str>); 7] = [
            ("scan.pdf", b"%PDF-1.7\n", Some("application/pdf")),
            ("scan.pdf.exe", b"MZ\x90\0", None),
            ("photo.png", b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            ("table.csv", b"a,b\n1,2\n", Some("text/csv")),
            ("table.csv", b"a,b\0", None),
            ("note", "ghi chú".as_bytes(), Some("text/plain")),
            ("pack.zip", b"PK\x03\x04", None),
        ];
        for (name, bytes, media) in table {
            assert_eq!(media_of(name, bytes), media, "{name}");
        }
    }
}
