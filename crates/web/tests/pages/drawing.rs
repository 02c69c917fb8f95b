//! What every page keeps to: nothing inline, nothing from elsewhere, one heading, named tables, both languages, no text
//! without its entry in the tables, and long lists in pages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use web::Language;

use crate::browser::{Browser, pages};
use crate::harbour::Harbour;
use crate::harbour::morning::MOVED;

const PAGES: [&str; 32] = [
    "/session",
    "/arrivals",
    "/arrivals?stage=released",
    "/arrivals?text=nothing-like-it",
    "/exchange",
    "/exchange?way=out",
    "/exchange?rung=6",
    "/lanes",
    "/obligations",
    "/obligations?stage=met",
    "/agreements",
    "/agreements/ACDD-TH-VN",
    "/partners",
    "/dead-letters",
    "/throughput",
    "/record",
    "/codes",
    "/codes/no-live-term",
    "/matches",
    "/lanes/TH-VN%20acdd",
    "/mirror",
    "/mirror?partner=TH",
    "/mirror/cell?partner=TH&hs=100630&month=2026-11",
    "/ledger",
    "/parties",
    "/parties?text=Gao%20Mien%20Tay",
    "/parties?text=nobody-is-called-so",
    "/recomputed",
    "/cases/finding",
    "/cases/obligation?stage=all",
    "/cases/declaration?due=late",
    "/cases/finding?text=nothing-like-it",
];

async fn morning() -> axum::Router {
    let harbour = tokio::task::spawn_blocking(|| Harbour::morning(12)).await.expect("a morning");
    pages(&Arc::new(harbour))
}

/// Every kind of page, with what its address leads to.
async fn all(router: &axum::Router, language: &str) -> Vec<(String, String)> {
    let mut browser = Browser::signed_in(router, "exchange-officer").await;
    browser.get(&format!("/language/{language}?back=/")).await;
    let mut addresses: Vec<String> = PAGES.iter().map(|&page| page.to_owned()).collect();
    for stage in ["?stage=faulty", "?stage=quarantined", "?stage=told", "?way=out"] {
        let list = browser.get(&format!("/exchange{stage}")).await.body;
        addresses.push(
            list.split("class=\"open\" href=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .expect("a row")
                .into(),
        );
    }
    addresses.extend([format!("/consignments/{MOVED}"), "/entries/5".into(), "/nothing-there".into()]);
    let mut drawn = Vec::new();
    for address in addresses {
        let answer = browser.get(&address).await;
        assert!(matches!(answer.status, 200 | 404), "{address}: {}", answer.status);
        drawn.push((address, answer.body));
    }
    drawn
}

#[tokio::test]
async fn no_page_carries_a_script_or_a_style_or_anything_from_elsewhere() {
    let router = morning().await;
    for (address, page) in all(&router, "en").await {
        for forbidden in [
            " style=",
            "<style",
            " onclick=",
            " onload=",
            "javascript:",
            "href=\"http",
            "src=\"http",
            "src=\"//",
        ] {
            assert!(!page.contains(forbidden), "{forbidden} on {address}");
        }
        for script in page.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/static/"), "an inline script on {address}");
        }
    }
    let answer = Browser::new(&router).get("/sign-in").await;
    let policy = answer.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
}

#[tokio::test]
async fn every_page_has_one_heading_and_every_table_a_name_and_scopes() {
    let router = morning().await;
    for (address, page) in all(&router, "vi").await {
        assert_eq!(page.matches("<h1").count(), 1, "{address}");
        assert_eq!(page.matches("<table").count(), page.matches("<caption").count(), "{address}");
        assert_eq!(
            page.matches("<th ").count() + page.matches("<th>").count(),
            page.matches(" scope=\"").count(),
            "{address}"
        );
        assert!(page.contains("href=\"#main\"") && page.contains("<main id=\"main\""), "{address}");
        let ids: Vec<_> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "an id stands twice on {address}");
        for field in page.split("<input ").skip(1).filter(|field| !field.starts_with("type=\"hidden\"")) {
            let id = field.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("-");
            let named = page.contains(&format!("for=\"{id}\""))
                || page.contains(&format!("<label class=\"pick\"><input {}", &field[..20]));
            assert!(named, "a field without a label on {address}: {field:.60}");
        }
    }
}

#[tokio::test]
async fn no_page_shows_a_key_instead_of_a_text_or_a_name_instead_of_a_value() {
    let router = morning().await;
    let families: BTreeSet<_> = Language::English.keys().filter_map(|key| key.split('.').next()).collect();
    for language in ["en", "vi"] {
        for (address, page) in all(&router, language).await {
            let text = words(&page);
            for word in text.split_whitespace().map(|word| word.trim_matches([',', ':', ';', '(', ')'])) {
                let key = word.split_once('.').is_some_and(|(family, rest)| {
                    families.contains(family) && rest.starts_with(|c: char| c.is_ascii_lowercase())
                });
                assert!(!key, "{word} on {address} in {language}");
                assert!(!(word.starts_with('{') && word.ends_with('}')), "{word} on {address} in {language}");
            }
        }
    }
}

/// What a reader sees of a page, without code samples.
fn words(page: &str) -> String {
    let body = page.split("<main").nth(1).unwrap_or_default();
    let plain =
        body.split("<pre").map(|part| part.split("</pre>").last().unwrap_or_default()).collect::<String>();
    let plain =
        plain.split("<code").map(|part| part.split("</code>").last().unwrap_or_default()).collect::<String>();
    plain
        .split('<')
        .map(|part| part.split_once('>').map_or("", |(_, text)| text))
        .collect::<Vec<_>>()
        .join(" ")
}

fn sources(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

/// What stands in quotes after each of these openings.
fn quoted(text: &str, openings: &[&str]) -> Vec<String> {
    let after = openings.iter().flat_map(|opening| text.split(opening).skip(1));
    after
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_key_that_templates_and_pages_name_has_a_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("templates"), "html", &mut files);
    sources(&root.join("src"), "rs", &mut files);
    let mut named = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        for key in
            quoted(&text, &["frame.t(", "frame.say(", "language.say(", "language.text(", "Notice::done("])
        {
            assert!(Language::English.find(&key).is_some(), "{key} in {}", file.display());
            named += 1;
        }
    }
    assert!(named > 200, "{named} keys were found");
}

/// Refusals, findings and faults of every crate lead to `/codes/…`; a code without a page is a dead end.
#[test]
fn every_code_anywhere_in_the_house_has_a_page() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut codes = BTreeSet::new();
    for room in ["kernel", "customs", "formats", "link", "exchange", "store", "node", "ledger"] {
        let mut files = Vec::new();
        sources(&crates.join(room).join("src"), "rs", &mut files);
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a source");
            let tested = text.find("#[cfg(test)]").unwrap_or(text.len());
            let openings = ["Refusal::new(", "Finding::error(", "Finding::warning(", "code("];
            codes.extend(quoted(&text[..tested], &openings).into_iter().filter(|code| is_code(code)));
            codes.extend(
                quoted(&text[..tested], &["=> "]).into_iter().filter(|code| code.starts_with("ledger-")),
            );
            if file.ends_with("exchange/src/fault.rs") {
                let whys = text
                    .split("whys! {")
                    .nth(1)
                    .and_then(|rest| rest.split("\n}").next())
                    .unwrap_or_default();
                codes.extend(quoted(whys, &[" = "]));
            }
        }
    }
    assert!(codes.len() > 120, "{} codes were found", codes.len());
    let missing: Vec<_> =
        codes.iter().filter(|code| Language::English.find(&format!("code.{code}.kind")).is_none()).collect();
    assert_eq!(missing, Vec::<&String>::new(), "codes without a page");
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

#[tokio::test]
async fn a_long_list_comes_in_pages_and_its_counts_are_the_whole() {
    let harbour = Harbour::empty();
    harbour.declare_many(120);
    let router = pages(&Arc::new(harbour));
    let mut officer = Browser::signed_in(&router, "gate-officer").await;
    let first = officer.get("/arrivals").await.body;
    assert_eq!(first.matches("<tr id=\"c-").count(), 50);
    assert!(first.contains("1–50 of 120") && first.contains("rel=\"next\""));
    let last = officer.get("/arrivals?page=3").await.body;
    assert_eq!(last.matches("<tr id=\"c-").count(), 20);
    assert!(last.contains("101–120 of 120") && !last.contains("rel=\"next\""));
    assert_eq!(officer.get("/arrivals?page=99999999999999999999").await.status, 200);
}
