//! The writer: one canonical form, so that the same content is always the same bytes.
//!
//! UTF-8, declaration first, no white space between elements, attributes in the order given, `"` around values,
//! elements without content as a start and an end tag, only the references that are needed.

use super::escape;

/// Writes one document.
#[derive(Debug)]
pub struct Writer {
    out: String,
    open: Vec<&'static str>,
}

impl Writer {
    /// An empty document with its XML declaration.
    #[must_use]
    pub fn new() -> Self {
        Self { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() }
    }

    /// Opens an element with these attributes.
    pub fn open(&mut self, tag: &'static str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape::write_attribute(value, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
        self.open.push(tag);
    }

    /// Writes characters into the element opened last.
    pub fn text(&mut self, text: &str) {
        escape::write_text(text, &mut self.out);
    }

    /// Closes the element opened last; without one, nothing is written.
    pub fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
    }

    /// An element that holds only text.
    pub fn element(&mut self, tag: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.open(tag, attributes);
        self.text(text);
        self.close();
    }

    /// The bytes, with everything still open closed and a newline at the end.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.push('\n');
        self.out.into_bytes()
    }
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}
