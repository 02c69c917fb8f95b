//! Exclusive canonical XML beside libxml2's, over every XML file of the corpus and over made-up documents.

use std::process::{Command, Stdio};

use exchange::canonical;
use proptest::prelude::*;
use roxmltree::Document;

use crate::corpus::{files, folder};

/// What libxml2 makes of a document; `None` where it is not well-formed, or has relative namespace names, which
/// canonical XML does not allow.
fn libxml2(source: &str) -> Option<Vec<u8>> {
    use std::io::Write as _;
    let mut child = Command::new("xmllint")
        .args(["--exc-c14n", "--nonet", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("xmllint is there");
    child.stdin.take().expect("piped").write_all(source.as_bytes()).expect("xmllint reads");
    let done = child.wait_with_output().expect("xmllint ends");
    done.status.success().then_some(done.stdout)
}

fn xmllint_is_here() -> bool {
    let here = Command::new("xmllint").arg("--version").stderr(Stdio::null()).status().is_ok();
    if !here {
        println!("skipped: xmllint is not installed");
    }
    here
}

/// The source without its comments, since xmllint keeps them and signatures do not.
fn uncommented(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[test]
fn every_xml_file_of_the_corpus_has_the_canonical_form_libxml2_gives_it() {
    let Some(root) = folder(".") else { return };
    if !xmllint_is_here() {
        return;
    }
    let (mut compared, mut differing) = (0, Vec::new());
    for (name, bytes) in files(&root) {
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if !text.starts_with('<') || text.len() > 1 << 20 {
            continue;
        }
        let text = uncommented(text);
        let Ok(document) = Document::parse(&text) else { continue };
        let Some(expected) = libxml2(&text) else { continue };
        compared += 1;
        if canonical::document(&document, &[]) != expected {
            differing.push(name);
        }
    }
    assert!(compared > 500, "only {compared} files could be compared");
    assert_eq!(differing, Vec::<String>::new());
}

/// A document of nested elements that declare, use and hide a few prefixes.
fn element() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "p:c", "q:d", "r:e"]);
    let declaration = prop::sample::select(vec![
        "",
        " xmlns='urn:x'",
        " xmlns=''",
        " xmlns:p='urn:x'",
        " xmlns:p='urn:y' xmlns:q='urn:y'",
        " xmlns:r='urn:z' xmlns='urn:z'",
    ]);
    let attribute = prop::sample::select(vec![
        "",
        " b='1' a='2'",
        " p:k='&lt;&#9;\"' k='&#13;'",
        " r:z='1' q:a='2' xml:lang='vi'",
        " z='&amp;' p:z='&gt;'",
    ]);
    let text =
        prop::sample::select(vec!["", " ", "\n", "x &amp; y", "<![CDATA[<&]]>", "&#13;&#10;ệ", "<?go on?>"]);
    let leaf = (name.clone(), declaration.clone(), attribute.clone(), text.clone()).prop_map(
        |(name, declared, attributes, text)| format!("<{name}{declared}{attributes}>{text}</{name}>"),
    );
    leaf.prop_recursive(5, 24, 4, move |inner| {
        let parts = (
            name.clone(),
            declaration.clone(),
            attribute.clone(),
            text.clone(),
            prop::collection::vec(inner, 0..4),
        );
        parts.prop_map(|(name, declared, attributes, text, inner)| {
            format!("<{name}{declared}{attributes}>{}{text}</{name}>", inner.join(text))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn made_up_documents_have_the_canonical_form_libxml2_gives_them(inner in element()) {
        if xmllint_is_here() {
            let source = format!("<root xmlns:p='urn:p' xmlns:q='urn:q' xmlns:r='urn:p'>{inner}</root>");
            let document = Document::parse(&source);
            prop_assume!(document.is_ok());
            let expected = libxml2(&source);
            prop_assume!(expected.is_some());
            let seen = canonical::document(&document.expect("just looked"), &[]);
            let expected = expected.expect("just looked");
            prop_assert_eq!(String::from_utf8_lossy(&seen), String::from_utf8_lossy(&expected), "{}", source);
        }
    }

    #[test]
    fn canonical_form_is_its_own_canonical_form(inner in element()) {
        let source = format!("<root xmlns:p='urn:p' xmlns:q='urn:q' xmlns:r='urn:p'>{inner}</root>");
        let document = Document::parse(&source);
        prop_assume!(document.is_ok());
        let once = canonical::document(&document.expect("just looked"), &[]);
        let once = String::from_utf8(once).expect("canonical form is UTF-8");
        let again = Document::parse(&once).expect("canonical form is well-formed");
        prop_assert_eq!(&canonical::document(&again, &[]), once.as_bytes());
    }
}
