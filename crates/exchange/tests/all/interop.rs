//! Foreign implementations as the other side. Slow and in need of a network at first, so only where it is asked for.

use std::path::Path;
use std::process::Command;

#[test]
fn the_python_package_as4_and_we_accept_receipt_and_refuse_each_other() {
    if std::env::var_os("SAMPAN_INTEROP").is_none() {
        println!("skipped: SAMPAN_INTEROP is not set");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/run");
    let done = Command::new(&script).output().expect("the script can be started");
    let (said, complaint) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}{complaint}");
    assert!(said.contains("our sealed message is accepted by them"), "{said}");
}
