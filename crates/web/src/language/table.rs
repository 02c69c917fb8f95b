//! The message tables: key to text, with `{name}` where a value stands.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A language people can read the pages in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Tiếng Việt.
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// All languages there are, in the order the switch shows them.
    pub const ALL: [Self; 2] = [Self::Vietnamese, Self::English];

    /// The code in addresses, accounts and the `lang` attribute (BCP 47).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// What the language calls itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Vietnamese => "Tiếng Việt",
            Self::English => "English",
        }
    }

    /// The language of this code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The first language of an `Accept-Language` header that there is; weights are not looked at, as browsers
    /// send the languages in order.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| Self::of(part.trim().get(..2)?))
    }

    /// The text under a key; `None` where there is none.
    #[must_use]
    pub fn find(self, key: &str) -> Option<&'static str> {
        self.table().get(key).map(String::as_str)
    }

    /// The text under a key; the key itself where there is none, so that a code nobody wrote a text for still shows.
    #[must_use]
    pub fn text(self, key: &str) -> &str {
        self.find(key).unwrap_or(key)
    }

    /// The text under a key with its values filled in.
    #[must_use]
    pub fn say(self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }

    /// All keys, sorted.
    pub fn keys(self) -> impl Iterator<Item = &'static str> {
        self.table().keys().map(String::as_str)
    }

    fn table(self) -> &'static BTreeMap<String, String> {
        match self {
            Self::Vietnamese => &VIETNAMESE,
            Self::English => &ENGLISH,
        }
    }
}

/// Puts values where their `{name}` stands; a name without a value stays as it is.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let found = after
            .split_once('}')
            .and_then(|(name, tail)| Some((values.iter().find(|value| value.0 == name)?.1, tail)));
        rest = if let Some((value, tail)) = found {
            filled.push_str(value);
            tail
        } else {
            filled.push('{');
            after
        };
    }
    filled.push_str(rest);
    filled
}

/// The files of each language with their texts, gathered by `build.rs`.
mod files {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));

    pub(super) const fn vietnamese() -> &'static [(&'static str, &'static str)] {
        &VIETNAMESE
    }

    pub(super) const fn english() -> &'static [(&'static str, &'static str)] {
        &ENGLISH
    }
}

static VIETNAMESE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| flat(files::vietnamese()));
static ENGLISH: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| flat(files::english()));

fn flat(sources: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut table = BTreeMap::new();
    for (_, source) in sources {
        let tree: toml::Table = source.parse().expect("a message table is TOML; a test reads each");
        flatten("", &tree, &mut table);
    }
    table
}

fn flatten(prefix: &str, tree: &toml::Table, table: &mut BTreeMap<String, String>) {
    for (name, value) in tree {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, table),
            toml::Value::String(text) => drop(table.insert(key, text.clone())),
            other => drop(table.insert(key, other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let vietnamese: BTreeSet<_> = Language::Vietnamese.keys().collect();
        let english: BTreeSet<_> = Language::English.keys().collect();
        let only = |a: &BTreeSet<&'static str>, b: &BTreeSet<&'static str>| {
            a.difference(b).copied().collect::<Vec<_>>()
        };
        assert_eq!(only(&vietnamese, &english), Vec::<&str>::new(), "only in Vietnamese");
        assert_eq!(only(&english, &vietnamese), Vec::<&str>::new(), "only in English");
        assert!(english.len() > 200, "the tables were read");
    }

    #[test]
    fn both_languages_fill_in_the_same_values() {
        for key in Language::English.keys() {
            let (english, vietnamese) = (Language::English.text(key), Language::Vietnamese.text(key));
            assert_eq!(names(english), names(vietnamese), "{key}");
            assert!(!english.trim().is_empty() && !vietnamese.trim().is_empty(), "{key} is empty");
        }
    }

    #[test]
    fn no_two_files_have_the_same_key() {
        for files in [files::english(), files::vietnamese()] {
            let mut seen: BTreeMap<String, &str> = BTreeMap::new();
            for (file, source) in files {
                for key in flat(&[(file, source)]).into_keys() {
                    let before = seen.insert(key.clone(), file);
                    assert_eq!(before, None, "{key} stands in {file} too");
                }
            }
        }
    }

    #[test]
    fn a_value_takes_the_place_of_its_name() {
        assert_eq!(fill("{a} of {b}, {c}", &[("a", "1"), ("b", "{a}")]), "1 of {a}, {c}");
        assert_eq!(fill("no end {a", &[("a", "1")]), "no end {a");
    }

    #[test]
    fn a_browser_gets_its_first_language_that_there_is() {
        assert_eq!(Language::accepted("fr-FR, vi;q=0.8, en;q=0.5"), Some(Language::Vietnamese));
        assert_eq!(Language::accepted("th"), None);
    }
}
