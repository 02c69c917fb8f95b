//! The yardstick: plain BM25 (k1 1.2, b 0.75) over the same texts, one document a line, words as they stand.

use std::collections::BTreeMap;

use customs::tariff::{Nomenclature, lines};

/// Plain BM25 over all lines.
pub(crate) struct Plain {
    codes: Vec<&'static str>,
    postings: BTreeMap<String, Vec<(usize, f64)>>,
}

impl Plain {
    /// Reads every line with all texts on the way to it, in all languages.
    pub(crate) fn build() -> Self {
        let codes: Vec<&'static str> = lines().map(|line| line.code).collect();
        let docs: Vec<BTreeMap<String, f64>> = codes.iter().map(|code| counts(&text(code))).collect();
        let length = |doc: &BTreeMap<String, f64>| doc.values().sum::<f64>();
        let mean = docs.iter().map(length).sum::<f64>() / docs.len() as f64;
        let mut found: BTreeMap<&str, f64> = BTreeMap::new();
        for word in docs.iter().flat_map(BTreeMap::keys) {
            *found.entry(word).or_default() += 1.0;
        }
        let mut postings: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
        for (place, doc) in docs.iter().enumerate() {
            let norm = 1.2 * (0.25 + 0.75 * length(doc) / mean);
            for (word, count) in doc {
                let holds = found[word.as_str()];
                let rarity = (1.0 + (docs.len() as f64 - holds + 0.5) / (holds + 0.5)).ln();
                postings
                    .entry(word.clone())
                    .or_default()
                    .push((place, rarity * count * 2.2 / (count + norm)));
            }
        }
        Self { codes, postings }
    }

    /// The best lines for a text.
    pub(crate) fn search(&self, text: &str, limit: usize) -> Vec<&'static str> {
        let mut scores = vec![0.0; self.codes.len()];
        for (word, times) in counts(text) {
            for (place, says) in self.postings.get(&word).into_iter().flatten() {
                scores[*place] += says * times;
            }
        }
        let mut ranked: Vec<usize> = (0..scores.len()).filter(|place| scores[*place] > 0.0).collect();
        ranked.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        ranked.into_iter().take(limit).map(|place| self.codes[place]).collect()
    }
}

fn text(code: &str) -> String {
    let path = Nomenclature::Ahtn2022.path(code).expect("a line");
    let texts = path.nodes.iter().flat_map(|node| {
        [
            node.texts.en,
            node.texts.id,
            node.texts.vi,
            node.stands_alone.filter(|text| node.texts.en != Some(*text)),
        ]
    });
    texts.flatten().collect::<Vec<_>>().join(" ")
}

fn counts(text: &str) -> BTreeMap<String, f64> {
    let mut counts = BTreeMap::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_owned()).or_default() += 1.0;
    }
    counts
}
