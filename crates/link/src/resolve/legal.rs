//! Legal forms over languages, and the words trade names are made of besides their own.

/// What a stretch of words in a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// A legal form, by its kind.
    Form(&'static str),
    /// A word of trade in any language, by its meaning; empty where it means nothing (`and`, `the`).
    Trade(&'static str),
}

/// The longest phrase at the start of these words, and how many words it takes.
pub(super) fn phrase_at(words: &[String]) -> Option<(Phrase, usize)> {
    (1..=LONGEST.min(words.len())).rev().find_map(|length| {
        let joined = words[..length].join(" ");
        let row = PHRASES.binary_search_by(|(text, _)| (*text).cmp(joined.as_str())).ok()?;
        Some((PHRASES[row].1, length))
    })
}

const LONGEST: usize = 5;

const PHRASES: &[(&str, Phrase)] = &{
    use Phrase::{Form, Trade};
    [
        ("ag", Form("joint-stock")),
        ("and", Trade("")),
        ("bhd", Form("limited")),
        ("co", Form("company")),
        ("co ltd", Form("limited")),
        ("co phan", Form("joint-stock")),
        ("company", Form("company")),
        ("company limited", Form("limited")),
        ("cong ty", Form("company")),
        ("cong ty co phan", Form("joint-stock")),
        ("cong ty tnhh", Form("limited")),
        ("corp", Form("joint-stock")),
        ("corporation", Form("joint-stock")),
        ("export", Trade("export")),
        ("gmbh", Form("limited")),
        ("import", Trade("import")),
        ("inc", Form("joint-stock")),
        ("jsc", Form("joint-stock")),
        ("limited", Form("limited")),
        ("llc", Form("limited")),
        ("ltd", Form("limited")),
        ("mtv", Form("limited")),
        ("nhap khau", Trade("import")),
        ("plc", Form("joint-stock")),
        ("pt", Form("limited")),
        ("pte", Form("limited")),
        ("pte ltd", Form("limited")),
        ("public company limited", Form("joint-stock")),
        ("sdn bhd", Form("limited")),
        ("tbk", Form("joint-stock")),
        ("the", Trade("")),
        ("thuong mai", Trade("trade")),
        ("tnhh", Form("limited")),
        ("trading", Trade("trade")),
        ("xuat khau", Trade("export")),
        ("xuat nhap khau", Trade("import")),
        ("you xian gong si", Form("limited")),
    ]
};
