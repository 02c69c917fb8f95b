//! What came beside a partner's document: there, with the message that names it, as long as it says, and no longer than it may be.

use customs::assistance::unseen::Beside;
use kernel::{Attachment, CaseId, Refusal};
use store::{Failure, Look};

use super::Stop;

/// What bytes must be: so many elements of one length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// How many.
    pub(super) count: u64,
    /// How long each is.
    pub(super) element: u64,
    /// The most there may be.
    pub(super) most: u64,
}

/// The bytes a paper names. Only what came with its item counts: a digest alone must not open what we hold for another
/// reason, nor tell whether we hold it. `None` for the item is one of a time before that was kept.
pub(super) fn named(
    look: &dyn Look,
    (beside, item): (&Beside, Option<CaseId>),
    expected: Expected,
) -> Result<Vec<u8>, Stop> {
    let bytes = match beside {
        Beside::File(file) => {
            fits(file.bytes, expected)?;
            carried(look, file, item.as_ref())?;
            kept(look, file)?
        }
        Beside::Text(text) => unhex(text).ok_or_else(unreadable)?,
        Beside::Texts(texts) => {
            let each = texts.iter().map(|text| unhex(text).ok_or_else(unreadable));
            each.collect::<Result<Vec<_>, Refusal>>()?.concat()
        }
        Beside::Nothing => return Err(Refusal::new("match-bytes-missing", "nothing is named").into()),
    };
    fits(bytes.len() as u64, expected)?;
    Ok(bytes)
}

/// Whether a paper's bytes could be read, without reading those that are long.
pub(super) fn stand(
    look: &dyn Look,
    (beside, item): (&Beside, Option<CaseId>),
    expected: Expected,
) -> Result<(), Stop> {
    let Beside::File(file) = beside else { return named(look, (beside, item), expected).map(drop) };
    fits(file.bytes, expected)?;
    carried(look, file, item.as_ref())?;
    if look.long_blob(&file.digest)?.is_some_and(|long| long.length == file.bytes) {
        return Ok(());
    }
    kept(look, file).map(drop)
}

fn fits(length: u64, expected: Expected) -> Result<(), Refusal> {
    let Expected { count, element, most } = expected;
    if length > most.saturating_mul(element) {
        let refusal = Refusal::new("match-bytes-too-long", length.to_string());
        return Err(refusal.remedy(most.saturating_mul(element).to_string()));
    }
    if Some(length) != count.checked_mul(element) {
        let refusal = Refusal::new("match-bytes-length", length.to_string());
        return Err(refusal.remedy(format!("{count} * {element}")));
    }
    Ok(())
}

fn carried(look: &dyn Look, file: &Attachment, item: Option<&CaseId>) -> Result<(), Stop> {
    let Some(item) = item else { return Ok(()) };
    if came_with(look, item, file)? { Ok(()) } else { Err(missing(file).into()) }
}

/// Whether a file's bytes came with an entry of the case.
pub(super) fn came_with(look: &dyn Look, case: &CaseId, file: &Attachment) -> Result<bool, Failure> {
    Ok(look.history(case)?.iter().any(|(_, entry)| entry.blobs.contains(&file.digest)))
}

fn kept(look: &dyn Look, file: &Attachment) -> Result<Vec<u8>, Stop> {
    let long = look.long_blob(&file.digest)?;
    let other = |length: u64| {
        let refusal = Refusal::new("match-bytes-length", length.to_string());
        Stop::from(refusal.remedy(file.bytes.to_string()))
    };
    if let Some(long) = long.filter(|long| long.length != file.bytes) {
        return Err(other(long.length));
    }
    let bytes = look.blob(&file.digest)?.ok_or_else(|| missing(file))?;
    if bytes.len() as u64 == file.bytes { Ok(bytes) } else { Err(other(bytes.len() as u64)) }
}

fn missing(file: &Attachment) -> Refusal {
    Refusal::new("match-bytes-missing", format!("{} {}", file.name, file.digest))
}

fn unreadable() -> Refusal {
    Refusal::new("match-unreadable", "not hexadecimal")
}

/// Bytes as documents had them before, in hexadecimal.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let half = |byte: u8| char::from(byte).to_digit(16).and_then(|half| u8::try_from(half).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty().then_some(())?;
    pairs.iter().map(|[high, low]| Some(half(*high)? << 4 | half(*low)?)).collect()
}

/// Bytes in hexadecimal: a public key in a document.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let written = write!(text, "{byte:02x}");
        written.expect("a text takes what is written");
        text
    })
}
