//! The ACDD and the Customs Response: what is written reads back the same, is always the same bytes, and stays within
//! the WCO schemas wherever these hold the elements.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests write files for xmllint and say what they skip"
)]

mod corpus;

use std::process::Command;

use customs::declaration::{Acdd, AcddLine, Consent, Function, Outcome, Remark, Response};
use customs::terms::{Address, Country, HsCode, Identifier, Party, Place, TransportMode};
use formats::{Kind, Message, Verdict, check, read, write_acdd, write_response};
use kernel::Quantity;
use proptest::prelude::*;

fn acdd() -> Acdd {
    let party = |name: &str, value: &str| Party {
        name: name.to_owned(),
        identifiers: vec![Identifier { scheme: "VN-MST".to_owned(), value: value.to_owned() }],
        address: Address::default(),
    };
    let address = Address {
        line: "99/1 Rama IV Road <rear> & co".to_owned(),
        city: "Bangkok".to_owned(),
        country: Some(Country::new("TH")),
        ..Address::default()
    };
    let line = |item_no, hs, amount: &str| AcddLine {
        item_no,
        hs: HsCode::new(hs).ok(),
        quantity: amount.parse().ok().map(|amount| Quantity::new(amount, "KGM")),
        origin: Some(Country::new("VN")),
    };
    Acdd {
        function: Function::Original,
        version: 1,
        reference: "VN-304567890120-1".to_owned(),
        country: Country::new("VN"),
        number: "304567890120".to_owned(),
        exporter: party("Công ty Hạt điều Phước An", "0300000025"),
        consignee: Party { name: "Siam Nut Trading".to_owned(), address, ..Party::default() },
        agent: party("Đại lý Sông Lam", "0300000017"),
        departs: "2026-01-31".parse().ok(),
        mode: Some(TransportMode::new("1")),
        discharge: Some(Place::new("THBKK")),
        lines: vec![line(1, "08013200", "18000"), line(2, "08013100", "2000.50")],
        consent: "2025-11-01".parse().ok().map(|since| Consent { reference: "CONSENT-17".to_owned(), since }),
        reason: String::new(),
    }
}

fn response() -> Response {
    let remark = |code: &str, pointer: &str, text: &str| Remark {
        code: code.to_owned(),
        pointer: pointer.to_owned(),
        text: text.to_owned(),
    };
    Response {
        outcome: Outcome::Used,
        reference: "TH-R-1".to_owned(),
        issued: "2026-02-03T04:05:06Z".parse().ok(),
        country: Country::new("VN"),
        number: "304567890120".to_owned(),
        answers: "VN-304567890120-1".to_owned(),
        version: Some(1),
        remarks: vec![
            remark("quantity-short", "42A/67A/68A[1]/23A/65A/130", "18000 KGM, 17500 KGM"),
            remark("confirmed", "", ""),
            remark("", "item 2", "broken seal"),
        ],
    }
}

fn only(bytes: &[u8]) -> Message {
    let received = read(bytes);
    assert_eq!(received.messages.len(), 1, "{:?}", received.findings);
    received.messages.into_iter().next().expect("there is one")
}

#[test]
fn a_complete_acdd_is_clean_and_reads_back_the_same() {
    let bytes = write_acdd(&acdd());
    let checked = check(&bytes);
    assert_eq!((checked.kind, checked.verdict), (Kind::Acdd, Verdict::Clean));
    assert_eq!(checked.findings.len(), 0, "{:?}", checked.findings);
    assert_eq!(only(&bytes), Message::Acdd(acdd()));
}

#[test]
fn a_response_is_clean_and_reads_back_the_same() {
    let bytes = write_response(&response());
    let checked = check(&bytes);
    assert_eq!(
        (checked.kind, checked.verdict, checked.findings.len()),
        (Kind::CustomsResponse, Verdict::Clean, 0)
    );
    assert_eq!(only(&bytes), Message::Response(response()));
}

#[test]
fn every_function_and_outcome_survives() {
    for function in [Function::Original, Function::Replace, Function::Cancel, Function::Request] {
        let sent = Acdd { function, reason: "wrong consignee".to_owned(), version: 2, ..acdd() };
        assert_eq!(only(&write_acdd(&sent)), Message::Acdd(sent));
    }
    for outcome in [Outcome::Accepted, Outcome::Rejected, Outcome::Used, Outcome::Cancelled] {
        let sent = Response { outcome, issued: None, version: None, ..response() };
        assert_eq!(only(&write_response(&sent)), Message::Response(sent));
    }
}

#[test]
fn what_a_term_withholds_is_missing_by_its_letter_and_no_error() {
    let checked = check(&write_acdd(&Acdd { exporter: Party::default(), departs: None, ..acdd() }));
    let expected: Vec<_> = checked.findings.iter().map(|finding| finding.expected.as_str()).collect();
    assert_eq!(checked.verdict, Verdict::Clean);
    assert_eq!(expected, ["a exporter identifier", "b exporter name", "g departure date"]);
}

/// The canonical bytes of the two documents; a change of one byte here is a change every partner sees.
#[test]
fn canonical_bytes_do_not_change() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/acdd/good");
    for (name, bytes) in [("acdd.xml", write_acdd(&acdd())), ("response.xml", write_response(&response()))] {
        let file = folder.join(name);
        if std::env::var_os("SAMPAN_BLESS").is_some() {
            std::fs::write(&file, &bytes).expect("the fixture can be written");
        }
        let golden = std::fs::read(&file).expect("the fixture is there; SAMPAN_BLESS=1 writes it");
        assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&golden), "{name}");
    }
}

/// Our documents with the namespaces of the published schemas and without what these do not hold.
fn as_wco(bytes: &[u8], without: &[(&str, &str)]) -> String {
    let mut text = String::from_utf8(bytes.to_vec()).expect("it is UTF-8");
    for (from, to) in without {
        let start = text.find(from).unwrap_or_else(|| panic!("{from} is there"));
        let end = start + text[start..].find(to).expect("it ends") + to.len();
        text.replace_range(start..end, "");
    }
    for (tag, namespace) in [
        ("MetaData xmlns=\"urn:sampan:acdd:1\"", "DocumentMetaData-DMS:2"),
        ("Response", "RES-DMS:2"),
        ("Declaration", "DEC-DMS:2"),
        ("DateTimeString", "Declaration_DS:DMS:2"),
    ] {
        let is_answer = text.contains("RES-DMS:2");
        let namespace = match namespace {
            "DEC-DMS:2" if is_answer => "RES-DMS:2",
            "Declaration_DS:DMS:2" if is_answer => "Response_DS:DMS:2",
            other => other,
        };
        let name = tag.split(' ').next().expect("a tag has a name");
        for after in [" ", ">"] {
            let with = format!("<{name} xmlns=\"urn:wco:datamodel:WCO:{namespace}\"{after}");
            text = text.replace(&format!("<{tag}{after}"), &with);
        }
    }
    text
}

#[test]
fn our_documents_are_valid_by_the_wco_schemas_where_these_hold_their_elements() {
    let Some(folder) = corpus::folder("SAMPAN_CORPUS", "declaration/xsd/wco") else { return };
    let sent = Acdd { consent: None, ..acdd() };
    let short = Response { remarks: response().remarks[..2].to_vec(), ..response() };
    let documents = [
        (
            "declaration",
            as_wco(
                &write_acdd(&sent),
                &[("<VersionID>", "</VersionID>"), ("<Consignment>", "</Consignment>")],
            ),
        ),
        ("notification", as_wco(&write_response(&short), &[])),
    ];
    for (schema, text) in documents {
        let file = std::env::temp_dir().join(format!("formats-acdd-{}-{schema}.xml", std::process::id()));
        std::fs::write(&file, &text).expect("a file can be written");
        let schema = folder.join(schema).join("_driver.xsd");
        let output =
            Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(schema).arg(&file).output();
        std::fs::remove_file(&file).expect("the file can be removed");
        let Ok(output) = output else {
            assert!(std::env::var_os("CI").is_none(), "xmllint is not installed");
            println!("skipped: xmllint is not installed");
            return;
        };
        assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    }
}

prop_compose! {
    fn text(max: usize)(words in proptest::collection::vec("[!-~À-ỹก-๙ກ-ໝ一-龥]{1,12}", 0..6)) -> String {
        words.join(" ").chars().take(max).collect::<String>().trim().to_owned()
    }
}

prop_compose! {
    fn party()(name in text(70), ids in proptest::collection::vec(("[A-Z]{0,3}", "[!-~]{1,35}"), 0..3)) -> Party {
        let identifiers = ids.into_iter().map(|(scheme, value)| {
            // A scheme nobody names is read as the country's.
            let scheme = if scheme.is_empty() { "VN".to_owned() } else { scheme };
            Identifier { scheme, value }
        });
        Party { name, identifiers: identifiers.collect(), address: Address::default() }
    }
}

prop_compose! {
    fn address()(parts in (text(70), text(35), text(35), text(9)), country in proptest::option::of("[A-Z]{2}"))
        -> Address {
        let (line, city, subdivision, postcode) = parts;
        Address { line, city, subdivision, postcode, country: country.map(Country::new) }
    }
}

prop_compose! {
    fn line()(
        item_no in 0..=99_999u32,
        hs in proptest::option::of("[0-9]{4,12}"),
        quantity in proptest::option::of((0..i64::MAX, 0..12u32, "[A-Z0-9]{2,3}")),
        origin in proptest::option::of("[A-Z]{2}"),
    ) -> AcddLine {
        let amount = |units, scale| rust_decimal::Decimal::new(units, scale).normalize();
        AcddLine {
            item_no,
            hs: hs.and_then(|code| HsCode::new(&code).ok()),
            quantity: quantity.map(|(units, scale, unit)| Quantity::new(amount(units, scale), unit)),
            origin: origin.map(Country::new),
        }
    }
}

prop_compose! {
    fn any_acdd()(
        parties in (party(), party(), text(70), address()),
        keys in ("[!-~]{1,35}", "[!-~]{1,70}", 0..999_999_999u32, 0..4usize, text(200)),
        places in (proptest::option::of("[A-Z]{5}"), proptest::option::of("[0-9]"), proptest::option::of(0..30_000i32)),
        lines in proptest::collection::vec(line(), 0..5),
        consent in proptest::option::of(("[!-~]{1,70}", 0..30_000i32)),
    ) -> Acdd {
        let (exporter, agent, name, address) = parties;
        let (reference, number, version, function, reason) = keys;
        let (discharge, mode, departs) = places;
        let day = |days: i32| jiff::civil::date(2001, 1, 1) + jiff::Span::new().days(i64::from(days));
        Acdd {
            function: [Function::Original, Function::Replace, Function::Cancel, Function::Request][function],
            version, reference, number, exporter, agent, reason, lines,
            country: Country::new("VN"),
            consignee: Party { name, address, ..Party::default() },
            departs: departs.map(day),
            mode: mode.map(TransportMode::new),
            discharge: discharge.map(Place::new),
            consent: consent.map(|(reference, since)| Consent { reference, since: day(since) }),
        }
    }
}

prop_compose! {
    fn any_response()(
        outcome in 0..4usize,
        keys in ("[!-~]{1,35}", "[!-~]{1,70}", "[!-~]{0,35}", proptest::option::of(0..999_999_999u32)),
        issued in proptest::option::of(978_307_200..4_102_444_799i64),
        remarks in proptest::collection::vec(("[a-z-]{0,17}", "(([0-9]{2}[AB](\\[[1-9][0-9]?\\])?/){0,4}[A-Z0-9]{3,4})?|[ -~]{0,20}", text(90)), 0..4),
    ) -> Response {
        let (reference, number, answers, version) = keys;
        let remarks = remarks.into_iter().map(|(code, pointer, text)| Remark { code, pointer: pointer.trim().to_owned(), text });
        // A remark that says nothing is not written.
        let remarks = remarks.filter(|remark| *remark != Remark::default());
        Response {
            outcome: [Outcome::Accepted, Outcome::Rejected, Outcome::Used, Outcome::Cancelled][outcome],
            country: Country::new("VN"),
            issued: issued.and_then(|second| jiff::Timestamp::from_second(second).ok()),
            remarks: remarks.collect(),
            reference, number, answers, version,
        }
    }
}

proptest! {
    #[test]
    fn any_acdd_reads_back_as_it_was_written(sent in any_acdd()) {
        let bytes = write_acdd(&sent);
        prop_assert_eq!(only(&bytes), Message::Acdd(sent), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_response_reads_back_as_it_was_written(sent in any_response()) {
        let bytes = write_response(&sent);
        prop_assert_eq!(only(&bytes), Message::Response(sent), "{}", String::from_utf8_lossy(&bytes));
    }
}
