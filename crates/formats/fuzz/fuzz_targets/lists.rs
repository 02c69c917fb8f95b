//! Watch lists, parcel forms, delegates: any bytes are read, nothing panics.
#![no_main]

use formats::read_delegates;
use formats::postal::{read_form, read_json_line, thousandths};
use formats::watchlist::{Ofac, read_csv, read_ofac, read_un};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_csv("fuzz", bytes);
    let _ = read_un("fuzz", bytes);
    let _ = read_ofac("fuzz", Ofac { entries: bytes, names: bytes, addresses: bytes });
    let _ = read_delegates(bytes);
    let _ = read_form(bytes);
    let _ = read_json_line(bytes);
    let _ = thousandths(bytes);
});
