//! The words firms and addresses are made of, per country, in its own script and in Latin.
//!
//! The lists are `words/*.txt`. Firms are fictitious by construction: their names are put together from words for
//! birds, plants, weather and colours that no list of real firms was asked for.

use super::fold::unmarked;

/// One word in its own script, and the ways it is written in Latin letters; the first is the usual one. For a word of
/// business the Latin ways are English and its abbreviations.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// As its own script writes it.
    pub(crate) own: &'static str,
    /// As foreigners write it; never empty.
    pub(crate) latin: Vec<String>,
}

/// How words stand together in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Latin letters with marks, words parted, business before brand (Vietnamese).
    Vietnamese,
    /// Words of a brand run together, business parted from it (Thai, Lao).
    Run,
    /// Everything run together, place first (Chinese).
    Han,
    /// Plain Latin letters.
    Latin,
}

/// The words of one country.
#[derive(Clone, Debug)]
pub(crate) struct Tongue {
    pub(crate) script: Script,
    pub(crate) brands: Vec<Word>,
    pub(crate) trades: Vec<Word>,
    pub(crate) carriers: Vec<Word>,
    pub(crate) forms: Vec<Word>,
    pub(crate) places: Vec<Word>,
    pub(crate) streets: Vec<Word>,
    pub(crate) areas: Vec<Word>,
    /// The order of an address in the own script, with `{n}`, `{street}`, `{area}` and `{city}`.
    pub(crate) address: &'static str,
}

/// The words of this country; plain Latin ones where it has no list of its own.
pub(crate) fn tongue(country: &str) -> Tongue {
    let (script, text) = match country {
        "VN" => (Script::Vietnamese, include_str!("words/vn.txt")),
        "TH" => (Script::Run, include_str!("words/th.txt")),
        "LA" => (Script::Run, include_str!("words/la.txt")),
        "CN" => (Script::Han, include_str!("words/cn.txt")),
        _ => (Script::Latin, include_str!("words/latin.txt")),
    };
    Tongue {
        script,
        brands: words(text, "brand", ' ').into_iter().map(with_plain).collect(),
        trades: words(text, "trade", ','),
        carriers: words(text, "carrier", ','),
        forms: forms(text, country),
        places: words(text, "place", ';').into_iter().map(with_plain).collect(),
        streets: words(text, "street", ';').into_iter().map(with_plain).collect(),
        areas: words(text, "area", ';').into_iter().map(with_plain).collect(),
        address: section(text, "address").next().unwrap_or("{n} {street} {area} {city}"),
    }
}

/// The legal forms; of the plain Latin ones only the country's own.
fn forms(text: &'static str, country: &str) -> Vec<Word> {
    let mut forms = words(text, "form", ';');
    match country {
        "MY" => forms.truncate(1),
        "SG" => forms = forms.split_off(1).into_iter().take(1).collect(),
        "VN" | "TH" | "LA" | "CN" => {}
        _ => forms = forms.split_off(2),
    }
    forms
}

/// The lines of a section of a list.
fn section(text: &'static str, name: &str) -> impl Iterator<Item = &'static str> {
    let head = format!("[{name}]");
    let lines = text.lines().skip_while(move |line| *line != head).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty())
}

/// The words of a section, their Latin ways parted by `between`.
fn words(text: &'static str, name: &str, between: char) -> Vec<Word> {
    let read = |line: &'static str| {
        let (own, latin) = line.split_once(" = ").unwrap_or((line, ""));
        let latin = latin.split(between).map(str::trim).filter(|way| !way.is_empty()).map(str::to_owned);
        Word { own: own.trim(), latin: latin.collect() }
    };
    section(text, name).map(read).collect()
}

/// Puts the word without its marks first where that is plain Latin and no other way is given or it is not among them.
fn with_plain(mut word: Word) -> Word {
    let plain = unmarked(word.own);
    if plain.is_ascii() && !word.latin.contains(&plain) {
        word.latin.insert(0, plain);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_every_section_and_every_word_a_latin_way() {
        for country in ["VN", "TH", "LA", "CN", "MY", "SG", "KH"] {
            let tongue = tongue(country);
            let lists = [
                &tongue.brands,
                &tongue.trades,
                &tongue.carriers,
                &tongue.forms,
                &tongue.places,
                &tongue.streets,
                &tongue.areas,
            ];
            for list in lists {
                assert!(!list.is_empty(), "{country}");
                for word in list {
                    let plain = |way: &String| way.is_ascii() && !way.is_empty();
                    assert!(!word.latin.is_empty() && word.latin.iter().all(plain), "{country} {word:?}");
                }
            }
            assert!(tongue.brands.len() >= 40 && tongue.address.contains("{street}"), "{country}");
        }
    }

    #[test]
    fn the_scripts_are_what_they_say() {
        let in_range = |country, low: char, high: char| {
            tongue(country).brands.iter().all(|word| word.own.chars().all(|c| (low..=high).contains(&c)))
        };
        assert!(in_range("TH", '\u{0e00}', '\u{0e7f}'));
        assert!(in_range("LA", '\u{0e80}', '\u{0eff}'));
        assert!(in_range("CN", '\u{4e00}', '\u{9fff}'));
    }
}
