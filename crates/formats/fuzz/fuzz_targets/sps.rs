//! Any bytes as an e-Phyto: nothing panics, the tree written again is written the same, and the certificate, once it was written, is
//! read back as it was.
#![no_main]

use formats::sps::{read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let reading = read(bytes);
    if let Some(tree) = &reading.tree {
        let written = tree.write();
        let again = read(&written);
        assert_eq!(again.tree.map(|tree| tree.write()), Some(written), "all but where its elements stood");
        assert_eq!(again.certificate, reading.certificate);
    }
    if let Some(certificate) = &reading.certificate {
        let once = read(&write(certificate, &reading.namespaces)).certificate.expect("what we write is one");
        let twice = read(&write(&once, &reading.namespaces)).certificate;
        assert_eq!(twice.as_ref(), Some(&once));
    }
});
