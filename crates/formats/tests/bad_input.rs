//! Input nobody should send: whatever it is, it is told with code and place, and nothing breaks.

#![expect(clippy::disallowed_methods, reason = "tests read their fixtures from the file system")]

use std::path::Path;
use std::time::{Duration, Instant};

use formats::text::Limits;
use formats::{Checked, Verdict, check, read_within};
use kernel::Severity;

/// Checks a text within a time that has no room for anything worse than going over it a few times.
fn checked(bytes: &[u8]) -> Checked {
    let start = Instant::now();
    let checked = check(bytes);
    assert!(start.elapsed() < Duration::from_secs(60), "it took {:?}", start.elapsed());
    checked
}

fn tells(bytes: &[u8], verdict: Verdict, code: &str) {
    let checked = checked(bytes);
    let codes: Vec<_> = checked.findings.iter().map(|finding| finding.code.as_ref()).collect();
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
    assert!(codes.contains(&code), "{shown}: {codes:?} instead of {code}");
    assert_eq!(checked.verdict, verdict, "{shown}: {codes:?}");
    for finding in &checked.findings {
        assert!(finding.place.line > 0 && finding.place.column > 0, "{shown}: {finding} has no place");
    }
}

fn declaration(inside: &str) -> Vec<u8> {
    let start = "<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"><FunctionCode>9</FunctionCode>";
    format!("{start}{inside}</Declaration>").into_bytes()
}

#[test]
fn what_is_no_message_is_told_so() {
    tells(b"", Verdict::Unreadable, "kind-unknown");
    tells(b"   \n", Verdict::Unreadable, "kind-unknown");
    tells(b"Dear colleagues, please find attached", Verdict::Unreadable, "kind-unknown");
    tells(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Verdict::Unreadable, "encoding-wrong");
    tells(b"PK\x03\x04\x14\0\x06\0", Verdict::Unreadable, "kind-unknown");
    tells(b"<html><body>Bad gateway</body></html>", Verdict::Unreadable, "kind-unknown");
    tells(b"UNB+UNOA:2+A+B+260131:0715+1'", Verdict::Unreadable, "kind-not-read");
    tells(b"<", Verdict::Unreadable, "xml-truncated");
    tells(b"<!-- only a comment -->", Verdict::Unreadable, "xml-not-well-formed");
}

#[test]
fn wrong_encodings_are_told_and_what_comes_before_is_read() {
    let mut latin = declaration("<Agent><Name>Soci?t?</Name></Agent>");
    latin.iter_mut().filter(|byte| **byte == b'?').for_each(|byte| *byte = 0xE9);
    tells(&latin, Verdict::Faulty, "encoding-wrong");
    let declared = [b"<?xml version='1.0' encoding='ISO-8859-1'?>".as_slice(), &latin].concat();
    assert_eq!(check(&declared).verdict, Verdict::Clean);
    let text = String::from_utf8(declaration("<Agent><Name>Công ty</Name></Agent>")).expect("it is UTF-8");
    for join in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(join).collect();
        assert_eq!(check(&wide).verdict, Verdict::Clean);
        tells(&wide[..(wide.len() / 2) | 1], Verdict::Faulty, "encoding-wrong");
    }
    tells(
        b"<?xml version='1.0' encoding='windows-1258'?><a>\xE9</a>",
        Verdict::Unreadable,
        "encoding-unsupported",
    );
    tells(&declaration("<ID>\u{1}</ID>"), Verdict::Faulty, "character-illegal");
    tells(&[&declaration("")[..], b"\n\0"].concat(), Verdict::Faulty, "character-illegal");
    tells(
        &[b"\n<?xml version='1.0'?>", &declaration("")[..]].concat(),
        Verdict::Faulty,
        "xml-declaration-late",
    );
}

#[test]
fn entities_and_document_types_are_refused_and_never_expanded() {
    let bomb = "<!DOCTYPE Declaration [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>";
    let text = [bomb.as_bytes(), &declaration("<ID>&d;</ID>")].concat();
    tells(&text, Verdict::Faulty, "xml-dtd-refused");
    tells(&text, Verdict::Faulty, "xml-entity-refused");
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\" [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    tells(
        &[outside.as_bytes(), &declaration("<ID>&x;</ID>")].concat(),
        Verdict::Faulty,
        "xml-entity-refused",
    );
}

#[test]
fn depth_width_and_number_have_bounds() {
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    tells(deep.as_bytes(), Verdict::Unreadable, "xml-too-deep");
    tells(&declaration(&deep), Verdict::Faulty, "xml-too-deep");
    let attributes: String = (0..1_000).map(|n| format!(" a{n}='1'")).collect();
    tells(&declaration(&format!("<Agent{attributes}/>")), Verdict::Faulty, "xml-too-many-attributes");
    let bindings = |n: usize| (0..60).map(|m| format!(" xmlns:p{n}-{m}='urn:x'")).collect::<String>();
    let nested: String = (0..100).map(|n| format!("<a{}>", bindings(n))).collect();
    tells(&declaration(&nested), Verdict::Faulty, "xml-too-many-prefixes");
    let limits = Limits { elements: 1_000, rows: 10, ..Limits::MESSAGE };
    for (text, code) in [
        (declaration(&"<Agent/>".repeat(1_001)), "xml-too-many-elements"),
        (format!("declaration_no,hs_code\n{}", "1,0801\n".repeat(11)).into_bytes(), "too-many-rows"),
        (
            format!("{{\"declaration_no\":1,\"items\":[{}{{}}]}}", "{},".repeat(11)).into_bytes(),
            "too-many-rows",
        ),
    ] {
        let received = read_within(&text, limits);
        assert!(
            received.findings.iter().any(|finding| finding.code == code),
            "{code}: {:?}",
            received.findings
        );
    }
    tells(&declaration(&format!("<ID>{}</ID>", "9".repeat(2 << 20))), Verdict::Faulty, "xml-text-too-long");
    let several = "<a/>".repeat(2_000);
    tells(several.as_bytes(), Verdict::Unreadable, "too-many-documents");
}

#[test]
fn trifles_by_the_million_neither_take_long_nor_hide_what_is_grave() {
    tells(&declaration(&"<X/>".repeat(50_000)), Verdict::Faulty, "element-unknown");
    let items = "<GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric><Origin><CountryCode>QQ</CountryCode>\
                 </Origin></GovernmentAgencyGoodsItem>";
    let many = format!("<GoodsShipment>{}</GoodsShipment><PresentationOffice/>x", items.repeat(900));
    tells(&declaration(&many), Verdict::Faulty, "text-unexpected");
    let checked = checked(&declaration(&"\u{1EC7} <X/>".repeat(30_000)));
    assert!(checked.findings.dropped > 20_000);
}

#[test]
fn one_line_of_many_megabytes_costs_no_more_than_many_lines() {
    let one = declaration(&"<Agent><Name/></Agent>".repeat(30_000));
    tells(&one, Verdict::Faulty, "value-empty");
}

#[test]
fn a_document_cut_anywhere_is_read_as_far_as_it_goes() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/wco/good/export.xml");
    let whole = std::fs::read(file).expect("the fixture is there");
    let end = whole.len() - "</MetaData>\n".len();
    let mut items = 0;
    for cut in 0..=end {
        let checked = check(&whole[..cut]);
        assert_ne!(checked.verdict, Verdict::Clean, "cut at {cut}");
        assert!(checked.summary.items >= items, "what was read stays read, cut at {cut}");
        items = checked.summary.items;
        let fatal = checked.findings.iter().filter(|finding| finding.severity == Severity::Fatal).count();
        assert_eq!(fatal, 1, "cut at {cut}: {:?}", checked.findings);
    }
    assert_eq!(items, 2);
}

#[test]
fn a_limit_that_cuts_is_told_instead_of_the_truncation_it_makes() {
    let limits = Limits { bytes: 120, ..Limits::MESSAGE };
    let received = read_within(&declaration(&"<ID>1</ID>".repeat(20)), limits);
    let fatal: Vec<_> =
        received.findings.iter().filter(|finding| finding.severity == Severity::Fatal).collect();
    assert_eq!(fatal.len(), 1, "{fatal:?}");
    assert_eq!(fatal[0].code, "too-large");
}
