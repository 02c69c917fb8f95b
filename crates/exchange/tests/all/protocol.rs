//! The protocol document says what the code does: its table of errors is compared with the one the code has.

use std::collections::BTreeMap;

use exchange::Why;

const DOCUMENT: &str = include_str!("../../../../docs/protocol/exchange.md");

/// Reasons that are for our own operator and never told to a peer.
const OUR_OWN: &[Why] =
    &[Why::ReceiptMissing, Why::ReceiptWrong, Why::Unreachable, Why::Unwritable, Why::KeyFailed];

#[test]
fn the_protocol_document_lists_every_reason_under_its_error() {
    let mut expected: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for why in Why::ALL.iter().filter(|why| !OUR_OWN.contains(why)) {
        let error = why.ebms();
        let row = format!("{} {}", error.code().trim_start_matches("EBMS:"), error.short());
        expected.entry(row).or_default().push(why.code());
    }
    let mut seen: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let errors = DOCUMENT.split("## 7. Errors").nth(1).expect("the section is there");
    for line in errors.lines().filter(|line| line.starts_with("| 0")) {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let (row, codes) = (cells.next().expect("a code"), cells.next().expect("reasons"));
        let codes = codes.split('`').skip(1).step_by(2).collect();
        seen.insert(row.to_owned(), codes);
    }
    expected.values_mut().chain(seen.values_mut()).for_each(|codes| codes.sort_unstable());
    assert_eq!(seen, expected);
}

#[test]
fn the_protocol_document_gives_the_limits_a_node_is_installed_with() {
    let limits = exchange::Limits::default();
    let sentence = format!(
        "body {} MiB, envelope {} MiB and {} elements deep, {} parts, part header {} KiB, all\npayloads together {} MiB \
         after decompression, one payload at most {} times its compressed size once that passes {} MiB",
        limits.body_max >> 20,
        limits.envelope_max >> 20,
        limits.depth_max,
        limits.parts_max,
        limits.part_header_max >> 10,
        limits.payloads_max >> 20,
        limits.ratio_max,
        limits.ratio_from >> 20,
    );
    assert!(DOCUMENT.contains(&sentence), "the document should say: {sentence}");
}
