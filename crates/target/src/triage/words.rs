//! Descriptions that say nothing.

use std::collections::BTreeSet;

use names::words;

/// Words that say nothing of what goods are, by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vague(BTreeSet<String>);

impl Default for Vague {
    fn default() -> Self {
        Self::new(SHIPPED.iter().copied())
    }
}

/// Words persistent in complaints about postal advance data, in English, Vietnamese, Thai and Chinese as folded.
const SHIPPED: [&str; 45] = [
    "gift",
    "gifts",
    "present",
    "parts",
    "part",
    "clothes",
    "clothing",
    "goods",
    "item",
    "items",
    "sample",
    "samples",
    "accessory",
    "accessories",
    "misc",
    "miscellaneous",
    "stuff",
    "things",
    "product",
    "products",
    "personal",
    "effects",
    "daily",
    "necessities",
    "other",
    "others",
    "general",
    "merchandise",
    "cargo",
    "consolidated",
    "various",
    "set",
    "pcs",
    "qua",
    "tang",
    "hang",
    "hoa",
    "do",
    "dung",
    "khac",
    "linh",
    "tinh",
    "phu",
    "kien",
    "article",
];

impl Vague {
    /// These words.
    #[must_use]
    pub fn new<'a>(list: impl IntoIterator<Item = &'a str>) -> Self {
        Self(list.into_iter().flat_map(words).collect())
    }

    /// Whether a description says nothing: no word, or only words that say nothing.
    #[must_use]
    pub fn is(&self, description: &str) -> bool {
        words(description).iter().all(|word| {
            word.len() < 2 || word.bytes().all(|byte| byte.is_ascii_digit()) || self.0.contains(word)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_say_something_say_something() {
        let vague = Vague::default();
        for nothing in ["", "gift", "GIFT 2 PCS", "Quà tặng", "daily necessities", "phụ kiện", "---"] {
            assert!(vague.is(nothing), "{nothing}");
        }
        for something in ["cotton T-shirt", "gift: ceramic cup", "phụ kiện điện thoại"] {
            assert!(!vague.is(something), "{something}");
        }
    }
}
