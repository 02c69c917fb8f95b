//! Own values: typed, and from a file with one a line. They are read here, blinded or tagged, and never leave.

use std::io::{self, BufRead, BufReader, Cursor};

use customs::assistance::SubjectKind;
use customs::assistance::unseen::{VALUE_BYTES_MAX, asked_form};
use kernel::{Attachment, CaseId, Refusal};
use store::{Failure, Look};

use super::Stop;
use super::bytes::came_with;
use super::list::List;

/// Where own values come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// The case they belong to; the file came with one of its acts.
    pub(super) case: &'a CaseId,
    pub(super) kind: SubjectKind,
    pub(super) typed: &'a [String],
    pub(super) file: Option<&'a Attachment>,
    /// The most there may be.
    pub(super) most: u64,
}

/// Own values, each once, in the order they were given.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// As they stood.
    pub(super) words: List,
    /// In the form both sides use.
    pub(super) forms: List,
}

impl Own {
    pub(super) fn read(look: &dyn Look, source: Source<'_>) -> Result<Self, Stop> {
        let mut all = Self::default();
        each(look, source, &mut |word, form| {
            all.words.push(word);
            all.forms.push(form);
            Ok(())
        })?;
        let places = all.forms.distinct();
        Ok(Self { words: all.words.only(&places), forms: all.forms.only(&places) })
    }
}

/// Gives every value that says something, as it stood and in the form both sides use.
pub(super) fn each(
    look: &dyn Look,
    source: Source<'_>,
    take: &mut dyn FnMut(&str, &str) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (nothing, mut count) = (asked_form(source.kind, ""), 0);
    let mut one = |word: &str| -> Result<(), Stop> {
        let form = asked_form(source.kind, word);
        if form == nothing {
            return Ok(());
        }
        count += 1;
        if count > source.most {
            let refusal = Refusal::new("values-too-many", format!("over {}", source.most));
            return Err(refusal.remedy(source.most.to_string()).into());
        }
        take(word, &form)
    };
    source.typed.iter().try_for_each(|word| one(word))?;
    match source.file {
        Some(file) => lines(&mut *opened(look, source.case, file)?, &mut one),
        None => Ok(()),
    }
}

/// A file that came with an act of the case.
fn opened(look: &dyn Look, case: &CaseId, file: &Attachment) -> Result<Box<dyn BufRead>, Stop> {
    let missing = || Refusal::new("values-file-missing", file.name.clone());
    if !came_with(look, case, file)? {
        return Err(missing().into());
    }
    if let Some(long) = look.long_blob(&file.digest)? {
        if !long.is_whole()? {
            let place = format!("blob {}", file.digest);
            return Err(Failure::Damaged { place, what: "its bytes have another digest".into() }.into());
        }
        return Ok(Box::new(BufReader::new(long.open()?)));
    }
    Ok(Box::new(Cursor::new(look.blob(&file.digest)?.ok_or_else(missing)?)))
}

fn lines(file: &mut dyn BufRead, take: &mut dyn FnMut(&str) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        // Of a line that does not end, no more is taken in than shows that it is too long.
        let mut limited = io::Read::take(&mut *file, VALUE_BYTES_MAX as u64 + 8);
        let read = limited.read_until(b'\n', &mut line);
        let failed = |error: io::Error| Failure::Engine { doing: "read a file", cause: error.to_string() };
        if read.map_err(failed)? == 0 {
            break;
        }
        take(text_of(&line, number)?)?;
    }
    Ok(())
}

/// The value a line is.
fn text_of(line: &[u8], number: u64) -> Result<&str, Refusal> {
    let at = format!("line {number}");
    let unreadable = |at: String| Refusal::new("values-line-unreadable", at);
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = if number == 1 { line.strip_prefix(MARK).unwrap_or(line) } else { line };
    if line.len() > VALUE_BYTES_MAX {
        return Err(Refusal::new("values-line-too-long", at).remedy(VALUE_BYTES_MAX.to_string()));
    }
    match std::str::from_utf8(line) {
        Ok(text) if text.chars().all(|letter| letter == '\t' || !letter.is_control()) => Ok(text),
        Ok(_) | Err(_) => Err(unreadable(at)),
    }
}

/// What some programs write before text in UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<String>, String> {
        let mut seen = Vec::new();
        let read = lines(&mut Cursor::new(bytes), &mut |text| {
            seen.push(text.to_owned());
            Ok(())
        });
        match read {
            Ok(()) => Ok(seen),
            Err(Stop::Refused(refusal)) => Err(format!("{} {}", refusal.code, refusal.reason)),
            Err(Stop::Failed(failure)) => panic!("{failure}"),
        }
    }

    #[test]
    fn a_file_has_one_value_a_line_however_its_lines_end() {
        let said = |words: &[&str]| Ok(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(read(b"\xef\xbb\xbfA\r\nb c\n\nd"), said(&["A", "b c", "", "d"]));
        assert_eq!(read("Gạo\tMiền Tây\n".as_bytes()), said(&["Gạo\tMiền Tây"]));
        assert_eq!(read(b""), said(&[]));
    }

    #[test]
    fn a_line_that_is_no_value_is_named_by_its_number() {
        let long = [&[b'x'; VALUE_BYTES_MAX][..], b"\n", &[b'x'; VALUE_BYTES_MAX + 1]].concat();
        for (bytes, said) in [
            (&b"A\nB\n\xff\xfe\nC"[..], "values-line-unreadable line 3"),
            (b"A\0", "values-line-unreadable line 1"),
            (&long, "values-line-too-long line 2"),
            (&[b'x'; 1 << 20], "values-line-too-long line 1"),
        ] {
            assert_eq!(read(bytes), Err(said.to_owned()));
        }
    }
}
