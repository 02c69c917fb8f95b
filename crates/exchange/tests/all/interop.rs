//! Foreign implementations as the other side. Slow and in need of a network at first, so only where it is asked for.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// One at a time, since the first to run installs the libraries.
static TURN: Mutex<()> = Mutex::new(());

/// Runs one of the peers and expects that no case failed.
fn run(peer: &str, proof: &str) {
    if std::env::var_os("SAMPAN_INTEROP").is_none() {
        println!("skipped: SAMPAN_INTEROP is not set");
        return;
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/run");
    let done = Command::new(&script).arg(peer).output().expect("the script can be started");
    let (said, complaint) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}{complaint}");
    assert!(said.contains(proof) || said.contains("skipped"), "{said}");
}

#[test]
fn the_python_package_as4_and_we_accept_receipt_and_refuse_each_other() {
    run("as4", "ok   our sealed message is accepted by them");
}

#[test]
fn parts_of_documents_have_the_canonical_form_libxml2_gives_them() {
    run("libxml2", " 0 failures");
}

#[test]
fn the_engine_wss4j_and_we_accept_and_refuse_each_other_in_every_suite() {
    run("wss4j", "WSS4J: 0 failures");
}

#[test]
fn the_access_point_phase4_and_we_accept_receipt_and_refuse_each_other_over_sockets() {
    run("phase4", "phase4: 0 failures");
}

#[test]
fn the_crate_asx_rs_and_we_accept_receipt_and_refuse_each_other() {
    run("asx", "asx-rs: 0 failures");
}
