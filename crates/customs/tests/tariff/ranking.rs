//! How well the search ranks: beside plain BM25 over the same texts, on public sets, in the same run.

use customs::tariff::search::search;
use serde_json::Value;

use crate::given::{read, refdata, say};
use crate::plain::Plain;

/// A description with the code it was given by an administration or an expert.
struct Case {
    text: String,
    code: String,
}

#[test]
fn the_search_ranks_better_than_plain_bm25_at_every_level() {
    let Some(refdata) = refdata() else { return };
    let bench = refdata.join("classification_bench");
    let plain = Plain::build();
    let shop = shop(&read(&bench.join("hscodecomp/test_data.jsonl")));
    let rulings = rulings(&read(&bench.join("vn_rulings/precedents.json")));
    let mut worse = Vec::new();
    for (name, cases, levels) in [
        ("hscodecomp, name", &shop[0], &[2, 4, 6][..]),
        ("hscodecomp, name and category", &shop[1], &[2, 4, 6]),
        ("vn rulings, name and specification", &rulings, &[2, 4, 6, 8]),
    ] {
        let ours = hits(cases, levels, |text| search(text, 5).into_iter().map(|one| one.code).collect());
        let theirs = hits(cases, levels, |text| plain.search(text, 5));
        say(&format!("{name}: {} cases", cases.len()));
        for (level, (ours, theirs)) in levels.iter().zip(ours.iter().zip(&theirs)) {
            say(&format!(
                "  {level} digits: {}   plain BM25: {}",
                shares(ours, cases),
                shares(theirs, cases)
            ));
            if ours.iter().zip(theirs).any(|(ours, theirs)| ours <= theirs) {
                worse.push(format!("{name} at {level}"));
            }
        }
    }
    assert_eq!(worse, Vec::<String>::new());
}

/// For each level, how many cases have the right digits among the first one, three and five candidates.
fn hits(cases: &[Case], levels: &[usize], search: impl Fn(&str) -> Vec<&'static str>) -> Vec<[usize; 3]> {
    let mut hits = vec![[0; 3]; levels.len()];
    for case in cases {
        let found = search(&case.text);
        for (hits, level) in hits.iter_mut().zip(levels) {
            let right = found.iter().position(|code| code[..*level] == case.code[..*level]);
            for (hit, first) in hits.iter_mut().zip([1, 3, 5]) {
                *hit += usize::from(right.is_some_and(|place| place < first));
            }
        }
    }
    hits
}

fn shares(hits: &[usize; 3], cases: &[Case]) -> String {
    let share = |hits: &usize| format!("{:5.1}", 100.0 * *hits as f64 / cases.len() as f64);
    format!("top-1 {} top-3 {} top-5 {}", share(&hits[0]), share(&hits[1]), share(&hits[2]))
}

/// Shop descriptions with a code whose first six digits are those of HS 2022: by name alone, and with category.
fn shop(text: &str) -> [Vec<Case>; 2] {
    let mut cases = [Vec::new(), Vec::new()];
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).expect("one object a line");
        let word = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let code = row["hs_code"].as_u64().map_or_else(|| word("hs_code"), |code| format!("{code:010}"));
        let mut full = word("product_name");
        cases[0].push(Case { text: full.clone(), code: code.clone() });
        for level in 1..=5 {
            full = format!("{full} {}", word(&format!("cate_lv{level}_desc")));
        }
        cases[1].push(Case { text: full, code });
    }
    cases
}

/// Advance rulings of Vietnam: product name and technical specification.
fn rulings(text: &str) -> Vec<Case> {
    let all: Value = serde_json::from_str(text).expect("one object");
    let mut cases = Vec::new();
    for (code, rulings) in all.as_object().expect("rulings by code") {
        for ruling in rulings.as_array().expect("a list") {
            let word = |name: &str| ruling[name].as_str().unwrap_or_default();
            let text = format!("{} {}", word("productName"), word("technicalSpec"));
            cases.push(Case { text, code: code.clone() });
        }
    }
    cases
}
