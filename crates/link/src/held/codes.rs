//! Codes as small numbers: countries, places, modes, units.

use std::collections::BTreeMap;

/// A code by its number; [`Code::NONE`] where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Code(u32);

impl Code {
    pub(crate) const NONE: Self = Self(0);

    /// Its place in a list of all codes.
    pub(crate) const fn at(self) -> usize {
        self.0 as usize
    }

    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// All codes seen. There are few, so none is ever forgotten.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
    by_text: BTreeMap<Box<str>, Code>,
    texts: Vec<Box<str>>,
}

impl Codes {
    /// The number of this code; `NONE` for an empty one.
    pub(crate) fn take(&mut self, text: &str) -> Code {
        if text.is_empty() {
            return Code::NONE;
        }
        if let Some(code) = self.by_text.get(text) {
            return *code;
        }
        self.texts.push(text.into());
        let code = Code(u32::try_from(self.texts.len()).expect("there are fewer codes than numbers"));
        self.by_text.insert(text.into(), code);
        code
    }

    /// All texts, in the order of their numbers.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }

    /// The text of a code; empty for `NONE`.
    pub(crate) fn text(&self, code: Code) -> &str {
        match code.0 {
            0 => "",
            at => &self.texts[at as usize - 1],
        }
    }
}
