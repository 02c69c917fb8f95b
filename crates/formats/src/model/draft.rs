//! Drafts: what is to be written, put into the message's order by its table and into canonical bytes.

use std::borrow::Cow;

use super::compiled::Model;
use super::picture::Letters;
use super::row::Content;
use crate::xml::{Namespace, Writer};

/// One element to be written. Children may be added in any order; the table decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    tag: &'static str,
    text: String,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Self>,
}

impl Draft {
    /// An element without content.
    #[must_use]
    pub(crate) fn new(tag: &'static str) -> Self {
        Self { tag, ..Self::default() }
    }

    /// The same element with this text.
    #[must_use]
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// The same element with this attribute; an empty value adds none.
    #[must_use]
    pub(crate) fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.attributes.push((name, value));
        }
        self
    }

    /// The same element with a child; one without text and children is left out.
    #[must_use]
    pub(crate) fn with(mut self, child: Self) -> Self {
        if !child.is_blank() {
            self.children.push(child);
        }
        self
    }

    /// The same element with a child that holds only text; an empty text adds none.
    #[must_use]
    pub(crate) fn value(self, tag: &'static str, text: impl Into<String>) -> Self {
        self.with(Self::new(tag).text(text))
    }

    /// The same element with these children.
    #[must_use]
    pub(crate) fn with_all(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, Self::with)
    }

    /// The same element with a date in this format; an empty text adds none.
    #[must_use]
    pub(crate) fn date(self, tag: &'static str, format: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            return self;
        }
        self.with(Self::new(tag).with(Self::new("DateTimeString").attribute("formatCode", format).text(text)))
    }

    fn is_blank(&self) -> bool {
        self.text.is_empty() && self.children.is_empty()
    }
}

impl Model {
    /// Writes a draft in the order of the table, as canonical XML.
    ///
    /// # Panics
    /// Where the draft holds an element the table does not: drafts are made in this crate, from its own tables.
    pub(crate) fn write(&self, draft: &Draft) -> Vec<u8> {
        let mut out = Writer::new();
        let root = self.kids(None).iter().copied().find(|kid| self.rule(*kid).row.tag == draft.tag);
        self.write_element(draft, root.expect("the table has this root"), Namespace::NONE, &mut out);
        out.finish()
    }

    fn write_element(&self, draft: &Draft, rule: u16, around: Namespace, out: &mut Writer) {
        let namespace = self.rule(rule).namespace;
        let name = namespace.index().map_or("", |index| self.namespaces()[index]);
        let mut attributes = Vec::new();
        if namespace != around {
            attributes.push(("xmlns", name));
        }
        attributes.extend(draft.attributes.iter().map(|(name, value)| (*name, value.as_str())));
        out.open(draft.tag, &attributes);
        out.text(&one_line(&draft.text, &self.rule(rule).row.content));
        let mut written = 0;
        for kid in self.kids(Some(rule)) {
            for child in draft.children.iter().filter(|child| child.tag == self.rule(*kid).row.tag) {
                self.write_element(child, *kid, namespace, out);
                written += 1;
            }
        }
        assert_eq!(written, draft.children.len(), "the table has every child of {}", draft.tag);
        out.close();
    }
}

/// The text, its line ends and tabs as spaces where the picture wants it on one line.
fn one_line<'t>(text: &'t str, content: &Content) -> Cow<'t, str> {
    let single = matches!(content, Content::Value(picture) if picture.letters == Letters::NotBlank);
    if single && text.contains(char::is_control) {
        Cow::Owned(text.replace("\r\n", " ").replace(char::is_control, " "))
    } else {
        Cow::Borrowed(text)
    }
}
