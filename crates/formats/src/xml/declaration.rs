//! The XML declaration, `<?xml version="1.0" encoding="UTF-8"?>`, checked strictly.

use super::attributes::{self, Attribute};
use super::malformed;
use crate::text::{Fault, Limits};

/// Checks what stands between `<?xml` and `?>`; `at` is its offset.
///
/// # Errors
/// The first thing the production `XMLDecl` does not allow.
pub(super) fn check(body: &str, at: usize) -> Result<(), Fault> {
    let mut found = Vec::new();
    attributes::read(body, at, &Limits { attributes: 3, ..Limits::MESSAGE }, &mut found)?;
    let expected = "version, then encoding, then standalone";
    let mut order = ["version", "encoding", "standalone"].iter();
    for attribute in &found {
        if !attribute.prefix.is_empty() || !order.any(|name| *name == attribute.local) {
            return Err(malformed(attribute.at, attribute.local, expected));
        }
        check_value(attribute)?;
    }
    match found.first() {
        Some(first) if first.local == "version" => Ok(()),
        _ => Err(malformed(at, body, expected)),
    }
}

fn check_value(attribute: &Attribute<'_>) -> Result<(), Fault> {
    let (fits, expected) = match attribute.local {
        "version" => (is_version(attribute.raw), "1.0"),
        "encoding" => (is_encoding(attribute.raw), "the name of an encoding"),
        _ => (matches!(attribute.raw, "yes" | "no"), "yes or no"),
    };
    if fits { Ok(()) } else { Err(malformed(attribute.at, attribute.raw, expected)) }
}

fn is_version(value: &str) -> bool {
    value
        .strip_prefix("1.")
        .is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|b| b.is_ascii_digit()))
}

fn is_encoding(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_checked_strictly() {
        for good in [" version='1.0'", " version='1.0' encoding=\"UTF-8\" standalone='no' ", " version='1.1'"]
        {
            assert_eq!(check(good, 5), Ok(()), "{good}");
        }
        for bad in [
            "",
            " encoding='UTF-8'",
            " version='2.0'",
            " version='1.0' standalone='maybe'",
            " version='1.0' standalone='yes' encoding='UTF-8'",
            " version='1.0' encoding=''",
            " version='1.0' language='vi'",
        ] {
            assert!(check(bad, 5).is_err(), "{bad}");
        }
    }
}
