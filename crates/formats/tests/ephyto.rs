//! Claims about the e-Phyto: what real certificates look like is read, and what is read is written again without a change.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that reads files and says what it skips"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use customs::certificate::{Mapping, Phyto};
use formats::sps::{self, Element, Namespaces, Piece};

const OWN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rsm:SPSCertificate xmlns:rsm="urn:un:unece:uncefact:data:standard:SPSCertificate:17" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21">
<rsm:SPSExchangedDocument>
<ram:Name/><ram:ID>TH-PC-2026-0001</ram:ID><ram:TypeCode>851</ram:TypeCode><ram:StatusCode>70</ram:StatusCode>
<ram:IssueDateTime><udt:DateTimeString>2026-11-20T09:30:00+07:00</udt:DateTimeString></ram:IssueDateTime>
<ram:IssuerSPSParty><ram:Name>Department of Agriculture</ram:Name></ram:IssuerSPSParty>
<ram:IncludedSPSNote><ram:Subject>ADRP</ram:Subject><ram:Content>4</ram:Content></ram:IncludedSPSNote>
<ram:IncludedSPSNote><ram:Subject>ADRPN</ram:Subject><ram:Content>TH-PC-2026-0000</ram:Content></ram:IncludedSPSNote>
</rsm:SPSExchangedDocument>
<rsm:SPSConsignment>
<ram:ConsignorSPSParty><ram:Name>Siam Orchids</ram:Name><ram:SpecifiedSPSAddress><ram:LineOne>12 Rama IV</ram:LineOne></ram:SpecifiedSPSAddress></ram:ConsignorSPSParty>
<ram:ConsigneeSPSParty><ram:Name>Hoa Lan Viet</ram:Name></ram:ConsigneeSPSParty>
<ram:ExportSPSCountry><ram:ID>TH</ram:ID></ram:ExportSPSCountry><ram:ImportSPSCountry><ram:ID>VN</ram:ID></ram:ImportSPSCountry>
<ram:UnloadingBaseportSPSLocation><ram:ID>VNSGN</ram:ID></ram:UnloadingBaseportSPSLocation>
<ram:MainCarriageSPSTransportMovement><ram:ModeCode>4</ram:ModeCode></ram:MainCarriageSPSTransportMovement>
<ram:IncludedSPSConsignmentItem>
<ram:IncludedSPSTradeLineItem><ram:SequenceNumeric>1</ram:SequenceNumeric><ram:Description languageID="en">Orchids, cut &amp; fresh</ram:Description>
<ram:NetWeightMeasure unitCode="KGM">120.500</ram:NetWeightMeasure>
<ram:ApplicableSPSClassification><ram:SystemName>HS</ram:SystemName><ram:ClassCode>06031300</ram:ClassCode><ram:ClassName/></ram:ApplicableSPSClassification>
<ram:PhysicalSPSPackage><ram:LevelCode>1</ram:LevelCode><ram:TypeCode>CT</ram:TypeCode><ram:ItemQuantity>40.0</ram:ItemQuantity></ram:PhysicalSPSPackage>
<ram:OriginSPSCountry><ram:ID>TH</ram:ID></ram:OriginSPSCountry></ram:IncludedSPSTradeLineItem>
</ram:IncludedSPSConsignmentItem></rsm:SPSConsignment></rsm:SPSCertificate>"#;

/// Every certificate of the corpus, found by its content wherever it lies; our own alone where there is no corpus.
fn certificates() -> Vec<(String, Vec<u8>)> {
    let mut found = vec![("own".to_owned(), OWN.as_bytes().to_vec())];
    let Some(corpus) = std::env::var_os("SAMPAN_CORPUS") else {
        println!("SAMPAN_CORPUS is not set: only our own certificate was tried");
        return found;
    };
    let folder = PathBuf::from(corpus).join("ephyto");
    assert!(folder.is_dir(), "{} is missing", folder.display());
    walk(&folder, &mut found);
    assert!(found.len() > 1, "no certificate in {}", folder.display());
    found
}

fn walk(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "xml") {
            let bytes = std::fs::read(&path).unwrap();
            if String::from_utf8_lossy(&bytes).contains("SPSCertificate") {
                found.push((path.display().to_string(), bytes));
            }
        }
    }
}

/// The bytes under canonical XML 1.0, as a foreign implementation has them; `None` where it is not installed.
fn canonical(bytes: &[u8], name: &str) -> Option<Vec<u8>> {
    let file = std::env::temp_dir().join(format!("sampan-ephyto-{}-{name}.xml", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    let done = Command::new("xmllint").args(["--c14n", "--huge"]).arg(&file).output();
    std::fs::remove_file(&file).unwrap();
    let done = done.ok()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(done.stdout)
}

#[test]
fn a_certificate_written_again_is_the_same_under_canonical_xml() {
    for (at, (name, bytes)) in certificates().into_iter().enumerate() {
        let reading = sps::read(&bytes);
        let again = reading.tree.expect("well-formed").write();
        let Some(expected) = canonical(&bytes, &format!("in{at}")) else {
            println!("xmllint is not installed: {name} was not compared");
            continue;
        };
        assert_eq!(canonical(&again, &format!("out{at}")), Some(expected), "{name}");
    }
}

/// The document without what says nothing: blank elements, white space between elements, prefixes, the order of elements of
/// different names, and the wrapper of dates.
fn said(element: &Element) -> Option<String> {
    let mut inner: Vec<(String, String)> = Vec::new();
    let mut text = String::new();
    for piece in &element.content {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Element(child) if child.local == "DateTimeString" => text.push_str(&child.text()),
            Piece::Element(child) => inner.extend(said(child).map(|said| (child.local.clone(), said))),
        }
    }
    inner.sort_by(|one, other| one.0.cmp(&other.0));
    let inner: String = inner.into_iter().map(|(_, said)| said).collect();
    let text = if inner.is_empty() { trimmed(element, &text) } else { String::new() };
    let mut attributes: Vec<_> = element
        .attributes
        .iter()
        .filter(|(name, value)| !name.contains(':') && name != "xmlns" && !value.is_empty())
        .collect();
    attributes.sort();
    if inner.is_empty() && text.is_empty() && attributes.is_empty() {
        return None;
    }
    Some(format!("<{} {attributes:?}>{text}{inner}</>", element.local))
}

/// Codes and dates are read without the white space around them, words with it.
fn trimmed(element: &Element, text: &str) -> String {
    let words = ["Description", "Content", "Information", "ClassName", "AttachmentBinaryObject"];
    if words.contains(&element.local.as_str()) { text.to_owned() } else { text.trim().to_owned() }
}

#[test]
fn nothing_a_certificate_says_is_lost_between_reading_and_writing() {
    for (name, bytes) in certificates() {
        let reading = sps::read(&bytes);
        let certificate = reading.certificate.expect("a certificate");
        let again = sps::write(&certificate, &Namespaces::default());
        let read_again = sps::read(&again);
        assert_eq!(read_again.certificate.as_ref(), Some(&certificate), "{name}");
        assert_eq!(said(&read_again.tree.unwrap()), said(&reading.tree.unwrap()), "{name}");
        assert_eq!(sps::write(&certificate, &Namespaces::default()), again, "{name}: one form");
        let content = serde_json::to_value(customs::certificate::EPhyto::of(certificate)).unwrap();
        assert_eq!(sps::write_content(&content), again, "{name}: as a document between nodes");
    }
}

#[test]
fn real_certificates_have_no_errors() {
    for (name, bytes) in certificates() {
        let checked = formats::check(&bytes);
        let told: Vec<_> = checked.findings.iter().map(ToString::to_string).collect();
        assert_eq!(checked.verdict, formats::Verdict::Clean, "{name}: {told:#?}");
        assert_eq!(checked.kind, formats::Kind::EPhyto, "{name}");
        for finding in &checked.findings {
            println!("{name}: {finding}");
        }
    }
}

fn own() -> Phyto {
    sps::read(OWN.as_bytes()).certificate.unwrap()
}

#[test]
fn what_customs_asks_of_a_certificate_is_there() {
    let own = own();
    assert_eq!((own.number.as_str(), own.replaces()), ("TH-PC-2026-0001", Some("TH-PC-2026-0000")));
    assert_eq!(own.issued_at().unwrap().to_string(), "2026-11-20T02:30:00Z");
    let offered = own.claimable();
    assert_eq!(offered.lines[0].codes[0].as_str(), "06031300");
    assert_eq!(offered.lines[0].quantities[0].to_string(), "120.5 KGM");
    assert_eq!(own.mapping, Mapping::Ippc25);
}

/// The departures seen in the field, each with what is told of it and none of them in the way of reading.
#[test]
fn the_warts_of_the_field_are_read_and_told() {
    let swap = |from: &str, to: &str| OWN.replace(from, to);
    let cases = [
        ("SPSCertificate:17", swap("SPSCertificate:17", "SPSCertificate:8"), "namespace-wrong"),
        (
            "no namespace",
            OWN.replace("rsm:", "")
                .replace("ram:", "")
                .replace("udt:", "")
                .replace("xmlns:rsm=\"", "a=\"")
                .replace("xmlns:ram=\"", "b=\"")
                .replace("xmlns:udt=\"", "c=\""),
            "namespace-missing",
        ),
        (
            "order",
            swap(
                "<ram:TypeCode>851</ram:TypeCode><ram:StatusCode>70</ram:StatusCode>",
                "<ram:StatusCode>70</ram:StatusCode><ram:TypeCode>851</ram:TypeCode>",
            ),
            "element-out-of-order",
        ),
        ("placeholder", swap("Siam Orchids", "NULL"), "value-placeholder"),
        (
            "country",
            swap("<ram:ID>TH</ram:ID></ram:ExportSPSCountry>", "<ram:ID>THA</ram:ID></ram:ExportSPSCountry>"),
            "code-unknown",
        ),
        (
            "bare date",
            swap(
                "<ram:IssueDateTime><udt:DateTimeString>2026-11-20T09:30:00+07:00</udt:DateTimeString></ram:IssueDateTime>",
                "<ram:IssueDateTime>2026-11-20</ram:IssueDateTime>",
            ),
            "",
        ),
        ("bad date", swap("2026-11-20T09:30:00+07:00", "20 Nov 2026"), "date-wrong-form"),
        ("status", swap("<ram:StatusCode>70", "<ram:StatusCode>99"), "value-not-in-list"),
        ("unit", swap(" unitCode=\"KGM\"", ""), "attribute-missing"),
        ("number", swap("120.500", "120,500"), "value-not-a-number"),
        ("no number", swap("<ram:ID>TH-PC-2026-0001</ram:ID>", ""), "element-missing"),
        ("extra", swap("<ram:LineOne>", "<ram:Postbox>9</ram:Postbox><ram:LineOne>"), "element-unknown"),
        (
            "replacement",
            swap(
                "<ram:IncludedSPSNote><ram:Subject>ADRPN</ram:Subject><ram:Content>TH-PC-2026-0000</ram:Content></ram:IncludedSPSNote>",
                "",
            ),
            "note-missing",
        ),
        (
            "both packages",
            swap(
                "<ram:NetWeightMeasure",
                "<ram:AdditionalInformationSPSNote><ram:Subject>OPTND</ram:Subject><ram:Content>40 boxes</ram:Content></ram:AdditionalInformationSPSNote><ram:NetWeightMeasure",
            ),
            "element-excluded",
        ),
        ("truncated", OWN[..OWN.len() - 40].to_owned(), "xml-truncated"),
    ];
    for (name, text, code) in cases {
        let reading = sps::read(text.as_bytes());
        let told: Vec<_> = reading.findings.iter().map(|finding| finding.code.to_string()).collect();
        assert!(reading.certificate.is_some(), "{name}: {told:?}");
        assert!(code.is_empty() || told.iter().any(|told| told == code), "{name}: {told:?}");
        let placed = reading.findings.iter().all(|finding| finding.place.line > 0);
        assert!(placed, "{name}: every finding has a place");
    }
}

#[test]
fn an_older_partner_is_answered_in_its_own_namespaces() {
    let older = sps::read(OWN.replace("SPSCertificate:17", "SPSCertificate:8").as_bytes());
    assert_eq!(older.certificate.unwrap().mapping, Mapping::Asean10);
    let back = sps::write(&own(), &older.namespaces);
    assert!(
        String::from_utf8(back).unwrap().contains("SPSCertificate:8"),
        "an older partner is answered in its own"
    );
}

#[test]
fn no_bytes_make_the_reader_fail() {
    for cut in (0..OWN.len()).step_by(7) {
        if let Some(part) = OWN.get(..cut) {
            let _ = sps::read(part.as_bytes());
        }
    }
    for bytes in [&b""[..], b"<", b"\xff\xfe", b"<SPSCertificate/>", b"<a><SPSCertificate></a>"] {
        let _ = sps::read(bytes);
    }
    let deep = format!("<SPSCertificate>{}", "<a>".repeat(100_000));
    assert!(sps::read(deep.as_bytes()).findings.iter().any(|finding| finding.code == "xml-too-deep"));
}
