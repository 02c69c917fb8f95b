//! An authority of the administration's own, kept by OpenSSL, certifies a node's keys.

use std::path::Path;
use std::process::Command;

use exchange::Suite;
use jiff::Timestamp;
use node::config::Config;
use node::keys::{self, Keys, Use};

use crate::place::{Folder, Side};

/// Runs OpenSSL in a folder; what it says.
fn openssl(folder: &Path, arguments: &str) -> String {
    let mut tool = Command::new("openssl");
    let said = tool.current_dir(folder).args(arguments.split(' ')).output().expect("openssl is there");
    let both = [said.stdout, said.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(said.status.success(), "openssl {arguments}: {both}");
    both
}

/// Has the authority certify what a node asks for; the certificate and the authority's own, in PEM.
fn certified(authority: &Path, request: &str) -> String {
    std::fs::write(authority.join("node.csr"), request).expect("written");
    let seen = openssl(authority, "req -in node.csr -noout -verify -text -nameopt utf8");
    assert!(seen.contains("verify OK") && seen.contains("CN=VN"), "{seen}");
    assert!(seen.contains("Digital Signature, Non Repudiation"), "{seen}");
    openssl(
        authority,
        "x509 -req -in node.csr -CA root.pem -CAkey root.key -days 30 -copy_extensions copyall -out node.pem",
    );
    ["node.pem", "root.pem"].map(|file| std::fs::read_to_string(authority.join(file)).expect("PEM")).concat()
}

#[test]
fn an_authority_kept_by_openssl_certifies_the_keys_of_every_suite() {
    let authority = Folder::new("authority");
    openssl(
        authority.path(),
        "req -x509 -newkey ed25519 -nodes -keyout root.key -out root.pem -days 60 -subj /CN=Root",
    );
    let vn = Side::new("VN");
    let folder = vn.folder.path();
    let config = Config::load(folder).expect("a configuration");
    let there =
        |suite| Keys::load(folder).expect("keys").wallet.suites().iter().any(|keys| keys.suite == suite);
    for suite in Suite::STRONGEST_FIRST {
        if !there(suite) {
            keys::request_for(folder, suite).expect_err("there are no keys to be certified");
            keys::add_suite(folder, &config, suite, Timestamp::now()).expect("new keys");
        }
        let chain = certified(authority.path(), &keys::request_for(folder, suite).expect("a request"));
        keys::install(folder, suite, &chain).expect("it is for our key");
        let keys = Keys::load(folder).expect("keys");
        let ours = keys.wallet.suites().iter().find(|keys| keys.suite == suite).expect("keys of it");
        assert!(ours.identity.certificate().issuer().contains("Root"), "{suite:?}");
    }
}

#[test]
fn while_keys_change_it_is_the_next_one_that_is_certified() {
    let vn = Side::new("VN");
    let (folder, suite) = (vn.folder.path(), Suite::Edelivery2);
    let config = Config::load(folder).expect("a configuration");
    let now = keys::request_for(folder, suite).expect("a request");
    keys::roll(folder, &config, (suite, Use::Signing), Timestamp::now()).expect("a next key");
    assert_ne!(keys::request_for(folder, suite).expect("a request"), now, "another key is asked for");
}
