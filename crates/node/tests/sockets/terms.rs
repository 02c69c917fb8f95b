//! What a term asks of the wire, seen on the wire: the suite, the token, the corners, the order.

use customs::agreement::{Agreement, Algorithms, Corners, Protection, Schedule, Sequence, Token};
use exchange::certificate::{Request, Subject, Usage, issue, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use exchange::{Certificate, Suite};
use jiff::Timestamp;
use kernel::{Digest, Limit};
use node::config::Config;
use node::keys::{self, Keys};

use crate::place::{Side, agreement, two};
use crate::wire::share;

/// The agreement with another way of delivery for its export declarations.
fn agreed(change: impl FnOnce(&mut Schedule)) -> Agreement {
    let mut agreement = agreement();
    change(&mut agreement.terms[0].delivery);
    agreement
}

/// Two administrations with keys of these suites that know each other.
fn two_with(suites: &[Suite]) -> (Side, Side) {
    let (mut th, mut vn) = (Side::new("TH"), Side::new("VN"));
    for side in [&mut th, &mut vn] {
        let config = Config::load(side.folder.path()).expect("a configuration");
        for suite in suites {
            keys::add_suite(side.folder.path(), &config, *suite, Timestamp::now()).expect("new keys");
        }
        described(side);
    }
    th.knows(&vn);
    vn.knows(&th);
    (th, vn)
}

/// Writes a side's descriptor anew.
fn described(side: &mut Side) {
    let (config, keys) = loaded(side);
    let note = node::init::describe(side.folder.path(), &config, &keys, Timestamp::now());
    side.descriptor = note.expect("described");
}

fn loaded(side: &Side) -> (Config, Keys) {
    let folder = side.folder.path();
    (Config::load(folder).expect("a configuration"), Keys::load(folder).expect("keys"))
}

/// The bytes of the only message a side sent of this desk.
async fn wire_of(side: &Side) -> String {
    let row = side.cases("sent").await.remove(0);
    let digest = row.summary.shown["wire"].as_str().and_then(Digest::parse).expect("a digest");
    let bytes = side.handle().look().blob(&digest).expect("a look").expect("is kept");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn start(sides: [(&mut Side, &Agreement); 2]) {
    for (side, agreement) in sides {
        side.start().await;
        side.agree(agreement).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_term_may_ask_for_one_of_two_suites() {
    let (mut th, mut vn) = two_with(&[Suite::Edelivery2P256]);
    let asked = agreed(|delivery| delivery.algorithms = Algorithms::Edelivery2P256);
    start([(&mut th, &asked), (&mut vn, &asked)]).await;
    share(&th, 1).await;
    vn.wait_for("received", &["readable"]).await;
    th.wait_for("sent", &["answered"]).await;
    assert!(wire_of(&th).await.contains("ecdsa-sha256"), "signed as the term asks");
    assert!(wire_of(&vn).await.contains("eddsa-ed25519"), "the other lane uses the strongest");
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suite_the_receivers_term_does_not_ask_for_is_refused() {
    let (mut th, mut vn) = two_with(&[Suite::Edelivery2P256]);
    let asked = agreed(|delivery| delivery.algorithms = Algorithms::Edelivery2P256);
    start([(&mut th, &asked), (&mut vn, &agreement())]).await;
    share(&th, 1).await;
    th.wait_for("sent", &["failed"]).await;
    assert_eq!(th.cases("sent").await[0].summary.shown["failure"], "EBMS:0103");
    assert!(vn.cases("received").await.is_empty(), "nothing of it is kept");
    th.stop().await;
    vn.stop().await;
}

/// A root, an authority under it, and a certificate of that authority for a side's signing key of a suite.
fn certified(side: &Side, suite: Suite) -> [Certificate; 3] {
    let (_, own) = loaded(side);
    let own = own.wallet.suites().iter().find(|keys| keys.suite == suite).expect("keys of it").clone();
    let [root, middle] = [(); 2].map(|()| PrivateKey::generate(KeyKind::P256).expect("a key"));
    let request = |info: Vec<u8>, name: &str, usage| Request {
        subject: Subject { country: "TH".into(), organisation: "Root".into(), common_name: name.into() },
        public_key_info: info,
        usage,
        not_before: "2026-01-01T00:00:00Z".parse().expect("a moment"),
        not_after: "2036-01-01T00:00:00Z".parse().expect("a moment"),
    };
    let info = |key: &PrivateKey| key.public_key_info().expect("public");
    let top = self_signed(&request(info(&root), "root", Usage::Authority), &root).expect("issued");
    let authority =
        issue(&request(info(&middle), "authority", Usage::Authority), &top, &root).expect("issued");
    let key = own.identity.certificate().public_key_info_der();
    let leaf = issue(&request(key, "node", Usage::Signing), &authority, &middle).expect("issued");
    [leaf, authority, top]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_exchange_in_the_shape_of_ics2() {
    let (mut th, mut vn) = two_with(&[Suite::Edelivery115]);
    let chain = certified(&th, Suite::Edelivery115);
    let text: String = chain.iter().map(Certificate::to_pem).collect();
    keys::install(th.folder.path(), Suite::Edelivery115, &text).expect("it is for our key");
    let strange = certified(&vn, Suite::Edelivery115)[0].to_pem();
    keys::install(th.folder.path(), Suite::Edelivery115, &strange).expect_err("for another key");
    described(&mut th);
    vn.knows(&th);
    let asked = agreed(|delivery| {
        (delivery.protection, delivery.token) = (Protection::Signed, Token::Path);
        delivery.algorithms = Algorithms::Edelivery115;
    });
    // Both listeners ask who connects (`clients = "pinned"`), as in all these tests.
    start([(&mut th, &asked), (&mut vn, &asked)]).await;
    share(&th, 1).await;
    vn.wait_for("received", &["readable"]).await;
    th.wait_for("sent", &["answered"]).await;
    let wire = wire_of(&th).await;
    assert!(wire.contains("#X509PKIPathv1") && wire.contains("rsa-sha256"), "the path travels");
    assert!(!wire.contains("EncryptedKey"), "TLS alone keeps others from reading");
    let certificates = chain.iter().rev().flat_map(|each| each.der().to_vec()).collect::<Vec<_>>();
    let token = wire.split_once("BinarySecurityToken").expect("a token").1;
    let token = token.split_once('>').expect("a token").1.split_once('<').expect("it ends").0;
    let token = base64(token);
    assert!(token.ends_with(&certificates), "the highest authority first, the signer last");
    th.stop().await;
    vn.stop().await;
}

fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u32> =
        text.bytes().filter(|byte| *byte != b'=').map(|byte| u32::from(digit(byte))).collect();
    let octets = digits.chunks(4).flat_map(|four| {
        let value = four.iter().fold(0, |value, digit| value << 6 | digit) << (6 * (4 - four.len()));
        value.to_be_bytes()[1..four.len()].to_vec()
    });
    octets.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_names_the_outer_corners_where_the_term_does() {
    let (mut th, mut vn) = two();
    let corners = Corners {
        original_sender: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:rice-office".into(),
        final_recipient: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:food-office".into(),
    };
    let asked = agreed(|delivery| delivery.corners = Some(corners));
    start([(&mut th, &asked), (&mut vn, &asked)]).await;
    share(&th, 1).await;
    vn.wait_for("received", &["readable"]).await;
    let wire = wire_of(&th).await;
    assert!(
        wire.contains(r#"<eb:Property name="originalSender">"#) && wire.contains(":rice-office<"),
        "{wire}"
    );
    assert!(
        wire.contains(r#"<eb:Property name="finalRecipient">"#) && wire.contains(":food-office<"),
        "{wire}"
    );
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_of_an_ordered_lane_arrive_in_their_order() {
    const ITEMS: u32 = 8;
    let (mut th, mut vn) = two();
    let asked = agreed(|delivery| {
        delivery.sequence = Sequence::Ordered;
        delivery.waits = vec![Limit::seconds(1); 30];
    });
    start([(&mut th, &asked), (&mut vn, &asked)]).await;
    vn.stop().await;
    for number in 0..ITEMS {
        share(&th, number).await;
    }
    vn.start().await;
    vn.wait_for("received", &vec!["readable"; ITEMS as usize]).await;
    th.wait_for("sent", &vec!["answered"; ITEMS as usize]).await;
    let mut rows = vn.cases("received").await;
    let look = vn.handle().look();
    let arrived = |row: &store::CaseRow| look.history(&row.id).expect("a history")[0].0;
    rows.sort_by_key(arrived);
    let titles: Vec<_> = rows.iter().map(|row| row.summary.title.clone()).collect();
    assert_eq!(titles, (0..ITEMS).map(|number| format!("TH-{number}")).collect::<Vec<_>>());
    drop(look);
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_change_while_messages_run_and_none_is_lost() {
    let (mut th, mut vn) = two();
    start([(&mut th, &agreement()), (&mut vn, &agreement())]).await;
    share(&th, 1).await;
    vn.wait_for("received", &["readable"]).await;
    let suite = Suite::Edelivery2;
    for what in [keys::Use::Signing, keys::Use::Sealing] {
        let (config, _) = loaded(&th);
        keys::roll(th.folder.path(), &config, (suite, what), Timestamp::now()).expect("rolled");
    }
    // The next keys are known to the partner before they are used; the former are believed while they are known.
    described(&mut th);
    vn.knows(&th);
    th.stop().await;
    share_after_start(&mut th, 2).await;
    for what in [keys::Use::Signing, keys::Use::Sealing] {
        keys::switch(th.folder.path(), (suite, what)).expect("switched");
    }
    th.stop().await;
    share_after_start(&mut th, 3).await;
    vn.wait_for("received", &["readable"; 3]).await;
    // Vietnam still encrypts its answers to whichever it knows, and Thailand opens both.
    th.wait_for("sent", &["answered"; 3]).await;
    for what in [keys::Use::Signing, keys::Use::Sealing] {
        keys::retire(th.folder.path(), (suite, what)).expect("retired");
    }
    described(&mut th);
    vn.knows(&th);
    th.stop().await;
    share_after_start(&mut th, 4).await;
    vn.wait_for("received", &["readable"; 4]).await;
    th.wait_for("sent", &["answered"; 4]).await;
    th.stop().await;
    vn.stop().await;
}

async fn share_after_start(th: &mut Side, number: u32) {
    th.start().await;
    share(th, number).await;
}
