//! Broken XML: what quick-xml could not read, as a fault with its offset.

use quick_xml::Error;
use quick_xml::errors::{IllFormedError, SyntaxError};

use super::malformed;
use crate::text::Fault;

/// The fault of an error at this offset of the text, or at the nearest character before it.
pub(super) fn fault(error: &Error, text: &str, at: usize) -> Fault {
    let at = floor_boundary(text, at);
    match error {
        Error::Syntax(SyntaxError::InvalidBangMarkup) => malformed(at, "<!", "a comment or CDATA"),
        Error::Syntax(_) => Fault::fatal("xml-truncated", at),
        // Counted from the latest single hyphen of the comment: the doubled one is the next from there.
        Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
            let found = text[at..].find("--").map_or(at, |found| at + found);
            malformed(found, "--", "no -- inside a comment")
        }
        Error::IllFormed(error) => ill_formed(error, at),
        _ => malformed(at, "", "XML"),
    }
}

fn ill_formed(error: &IllFormedError, at: usize) -> Fault {
    match error {
        IllFormedError::MismatchedEndTag { expected, found } => {
            let mut fault = malformed(at, found, "the end tag of the element opened last");
            fault.seen = format!("</{found}> for <{expected}>");
            fault
        }
        IllFormedError::UnmatchedEndTag(found) => malformed(at, found, "no end tag here"),
        IllFormedError::UnclosedReference => malformed(at, "&", "&amp;"),
        _ => malformed(at, "", "XML"),
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
