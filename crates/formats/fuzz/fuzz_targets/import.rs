//! Any text after a header line or an opening brace: the readers of import files never panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let header =
        "declaration_no,item_no,importer_name,hs_code,quantity,unit,arrival_date,invoice_value,currency\n";
    let _ = formats::check(&[header.as_bytes(), bytes].concat());
    let _ = formats::check(&[b"{\"declarations\":[", bytes].concat());
});
