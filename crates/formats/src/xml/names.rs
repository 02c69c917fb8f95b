//! Names: what XML allows in them, and which namespace a prefix stands for.

/// A namespace as a small number: an index into the namespaces a message declares, or one of the constants here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Namespace(u8);

impl Namespace {
    /// No namespace at all.
    pub const NONE: Self = Self(255);
    /// A namespace the message does not know.
    pub const FOREIGN: Self = Self(254);
    /// The namespace of schema instance attributes, such as `xsi:schemaLocation`.
    pub const INSTANCE: Self = Self(253);
    /// The namespace of `xml:lang` and its like.
    pub const XML: Self = Self(252);

    /// The namespace at this index of the message's list; at most 200 are told apart.
    #[must_use]
    pub const fn known(index: u8) -> Self {
        assert!(index < 200, "a message declares few namespaces");
        Self(index)
    }

    /// Its index in the message's list.
    #[must_use]
    pub const fn index(self) -> Option<usize> {
        if self.0 < 200 { Some(self.0 as usize) } else { None }
    }
}

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The prefixes bound where the reader stands.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    known: &'static [&'static str],
    bound: Vec<(&'a str, Namespace)>,
    /// How many bindings each open element found when it began; pushed only by elements that bind one.
    marks: Vec<(u32, u32)>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new(known: &'static [&'static str]) -> Self {
        Self { known, bound: Vec::new(), marks: Vec::new() }
    }

    /// Binds a prefix (empty for the default namespace) for the element at this depth and what is in it.
    pub(super) fn bind(&mut self, depth: u32, prefix: &'a str, name: &str) {
        if self.marks.last().is_none_or(|mark| mark.0 != depth) {
            self.marks.push((depth, self.bound.len() as u32));
        }
        self.bound.push((prefix, self.number(name)));
    }

    /// How many prefixes are bound here, those hidden by others included.
    pub(super) const fn bound(&self) -> usize {
        self.bound.len()
    }

    /// Forgets what the element at this depth had bound.
    pub(super) fn close(&mut self, depth: u32) {
        if let Some((_, bound)) = self.marks.pop_if(|mark| mark.0 == depth) {
            self.bound.truncate(bound as usize);
        }
    }

    /// What a prefix stands for; `None` where it was never bound.
    pub(super) fn resolve(&self, prefix: &str) -> Option<Namespace> {
        let bound = self.bound.iter().rev().find(|(name, _)| is_same(name, prefix));
        match bound {
            Some((_, namespace)) => Some(*namespace),
            None if prefix.is_empty() => Some(Namespace::NONE),
            None if prefix == "xml" => Some(Namespace::XML),
            None => None,
        }
    }

    fn number(&self, name: &str) -> Namespace {
        match self.known.iter().position(|known| *known == name) {
            Some(index) => Namespace::known(index as u8),
            None if name.is_empty() => Namespace::NONE,
            None if name == INSTANCE => Namespace::INSTANCE,
            None if name == XML => Namespace::XML,
            None => Namespace::FOREIGN,
        }
    }
}

/// Whether two prefixes are one. They are a few bytes long and compared for every element: a call to compare memory takes longer.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).all(|(a, b)| a == b)
}

/// Splits a qualified name into prefix (empty where there is none) and local name.
///
/// `None` where it is no name, or not one that namespaces allow.
pub(super) fn split(name: &str) -> Option<(&str, &str)> {
    match name.bytes().position(|byte| byte == b':') {
        None => is_plain(name).then_some(("", name)),
        Some(colon) => {
            let (prefix, local) = (&name[..colon], &name[colon + 1..]);
            (is_plain(prefix) && is_plain(local)).then_some((prefix, local))
        }
    }
}

/// Whether this is a name without colon.
pub(super) fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if starts && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')) {
        return true;
    }
    let mut characters = name.chars();
    characters.next().is_some_and(begins) && characters.all(continues)
}

fn begins(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn continues(c: char) -> bool {
    begins(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_xml_allows() {
        for (name, split_as) in [
            ("md:MetaData", Some(("md", "MetaData"))),
            ("_2:MetaData", Some(("_2", "MetaData"))),
            ("Hàng.hóa-1", Some(("", "Hàng.hóa-1"))),
            ("2:MetaData", None),
            (":a", None),
            ("a:", None),
            ("a:b:c", None),
            ("", None),
            ("a b", None),
            ("a<", None),
        ] {
            assert_eq!(split(name), split_as, "{name}");
        }
    }

    #[test]
    fn a_prefix_stands_for_what_the_nearest_element_bound() {
        let mut scopes = Scopes::new(&["urn:one", "urn:two"]);
        scopes.bind(1, "", "urn:one");
        scopes.bind(3, "", "urn:two");
        scopes.bind(3, "x", "urn:else");
        assert_eq!(scopes.resolve(""), Some(Namespace::known(1)));
        assert_eq!(scopes.resolve("x"), Some(Namespace::FOREIGN));
        scopes.close(3);
        scopes.close(2);
        assert_eq!(scopes.resolve(""), Some(Namespace::known(0)));
        assert_eq!(scopes.resolve("x"), None);
        scopes.close(1);
        assert_eq!(scopes.resolve(""), Some(Namespace::NONE));
    }
}
