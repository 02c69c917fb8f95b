//! Writes elements that are already in exclusive canonical form, so that sending needs no canonicalisation.
//!
//! The caller declares each namespace where it is first used and gives attributes in canonical order; a test reads
//! every kind of message back and canonicalises it to the same bytes.

use super::c14n::{escape_attribute, escape_text};
use crate::{Fault, Why};

/// A canonical fragment being written.
#[derive(Debug, Default)]
pub(crate) struct Canonical {
    out: Vec<u8>,
    open: Vec<&'static str>,
    /// The first value that cannot stand in an XML document.
    unwritable: Option<String>,
}

impl Canonical {
    /// Opens an element. Attributes that are `None` are left out; namespace declarations are attributes too.
    pub(crate) fn open(&mut self, name: &'static str, attributes: &[(&str, Option<&str>)]) -> &mut Self {
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        for (attribute, value) in
            attributes.iter().filter_map(|(name, value)| value.map(|value| (name, value)))
        {
            self.out.push(b' ');
            self.out.extend_from_slice(attribute.as_bytes());
            self.out.extend_from_slice(b"=\"");
            self.judge(value);
            escape_attribute(value, &mut self.out);
            self.out.push(b'"');
        }
        self.out.push(b'>');
        self.open.push(name);
        self
    }

    /// Writes text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.judge(text);
        escape_text(text, &mut self.out);
        self
    }

    /// Takes in a fragment that is canonical already.
    pub(crate) fn fragment(&mut self, fragment: &str) -> &mut Self {
        self.out.extend_from_slice(fragment.as_bytes());
        self
    }

    /// Closes the innermost open element.
    pub(crate) fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.out.extend_from_slice(b"</");
            self.out.extend_from_slice(name.as_bytes());
            self.out.push(b'>');
        }
        self
    }

    /// An element that holds only text.
    pub(crate) fn leaf(
        &mut self,
        name: &'static str,
        attributes: &[(&str, Option<&str>)],
        text: &str,
    ) -> &mut Self {
        self.open(name, attributes).text(text).close()
    }

    /// The fragment, all elements closed.
    ///
    /// # Errors
    /// [`Why::Unwritable`] where a value holds a character XML 1.0 has no place for.
    pub(crate) fn finish(mut self) -> Result<String, Fault> {
        while !self.open.is_empty() {
            self.close();
        }
        match self.unwritable {
            Some(value) => Err(Fault::new(Why::Unwritable, value)),
            None => {
                Ok(String::from_utf8(self.out).expect("only whole strings and ASCII markup were written"))
            }
        }
    }

    fn judge(&mut self, value: &str) {
        if self.unwritable.is_none() && !value.chars().all(is_xml_character) {
            self.unwritable = Some(value.escape_debug().to_string());
        }
    }
}

/// Whether XML 1.0 allows the character.
const fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roxmltree::Document;

    use super::*;
    use crate::xml::canonical_element;

    proptest! {
        #[test]
        fn what_is_written_is_canonical_already(value in "[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\u{fffe}\u{ffff}]{0,40}") {
            let mut writer = Canonical::default();
            writer.open("a:b", &[("xmlns:a", Some("u")), ("c", Some(&value)), ("d", None)]).leaf("e", &[], &value);
            let written = writer.finish().expect("no character is out of place");
            let document = Document::parse(&written).expect("well-formed");
            prop_assert_eq!(canonical_element(document.root_element(), &[]), written.as_bytes());
        }
    }

    #[test]
    fn a_control_character_is_refused() {
        let mut writer = Canonical::default();
        writer.leaf("a", &[], "x\u{1}y");
        assert_eq!(writer.finish().map_err(|fault| fault.why), Err(Why::Unwritable));
    }
}
