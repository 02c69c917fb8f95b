//! Evidence: what passed between two nodes is proven from one file; no byte of it can be changed unseen.

use kernel::Digest;
use node::evidence::{Bundle, Holds, check, make};

use crate::place::{Side, agreement, two};
use crate::wire::share;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_of_both_sides_is_proven_offline_and_no_byte_of_it_can_be_changed_unseen() {
    let (sent, received) = passed().await;
    for bytes in [&sent, &received] {
        let checked = check(bytes, None).expect("a bundle");
        assert!(checked.is_proven(), "{:#?}", checked.findings);
        let held: Vec<&str> =
            checked.findings.iter().filter(|one| one.holds == Holds::Yes).map(|one| one.code).collect();
        for code in
            ["message-signature-sound", "receipt-repeats-digests", "entry-in-record", "record-names-bytes"]
        {
            assert!(held.contains(&code), "{code} in {held:?}");
        }
        every_byte_counts(bytes);
        a_forger_who_writes_the_digests_anew_is_found(bytes);
    }
    let cosigned = |bytes: &[u8]| {
        let checked = check(bytes, None).expect("a bundle");
        checked.findings.iter().any(|one| one.code == "checkpoint-cosigned" && one.holds == Holds::Yes)
    };
    assert!(cosigned(&sent) || cosigned(&received), "partners cosign with their messages");
}

/// Flips a bit of every byte.
fn every_byte_counts(bytes: &[u8]) {
    for at in 0..bytes.len() {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1 << (at % 7);
        let found = check(&changed, None).map_or(true, |checked| !checked.is_proven());
        assert!(found, "byte {at} of {} was changed unseen", bytes.len());
    }
}

/// Changes a byte in many places of every section and puts the right digest into the head.
fn a_forger_who_writes_the_digests_anew_is_found(bytes: &[u8]) {
    let bundle = Bundle::from_bytes(bytes).expect("a bundle");
    // Our own receipt is under our own signature alone: what that leaves out, the record does not name either.
    let own = |name: &str| name == "receipt" && bundle.case.desk() == "received";
    for (name, section) in bundle.sections().filter(|(name, _)| !own(name)) {
        for step in 0..PLACES.min(section.len()) {
            let at = step * section.len() / PLACES.min(section.len());
            let mut forged = section.to_vec();
            forged[at] ^= 1;
            let (right, wrong) = (Digest::of(section).to_string(), Digest::of(&forged).to_string());
            let start =
                bytes.windows(section.len()).position(|window| window == section).expect("it is there");
            let head = String::from_utf8_lossy(
                &bytes[..bytes.windows(2).position(|pair| pair == b"\n\n").expect("a head")],
            )
            .replace(&right, &wrong);
            let mut whole = head.into_bytes();
            let rest = whole.len();
            whole.extend_from_slice(&bytes[rest..]);
            whole[start + at] ^= 1;
            let found = check(&whole, None).map_or(true, |checked| !checked.is_proven());
            assert!(found, "{name} was forged unseen at {at}");
        }
    }
}

/// The evidence of one message from the sender's record and from the receiver's.
async fn passed() -> (Vec<u8>, Vec<u8>) {
    let (mut th, mut vn) = two();
    for side in [&mut th, &mut vn] {
        side.start().await;
        side.agree(&agreement()).await;
    }
    // The second message carries a checkpoint that covers the first, and its answer the cosignature.
    share(&th, 1).await;
    th.wait_for("sent", &["answered"]).await;
    vn.wait_for("sent", &["receipted"]).await;
    tokio::time::sleep(OFFERED_EVERY).await;
    share(&th, 2).await;
    th.wait_for("sent", &["answered", "answered"]).await;
    let made = (of(&th, "sent").await, of(&vn, "received").await);
    for side in [&mut th, &mut vn] {
        side.stop().await;
    }
    made
}

/// The evidence of the oldest case of a desk.
async fn of(side: &Side, desk: &str) -> Vec<u8> {
    let oldest = side.cases(desk).await.into_iter().min_by_key(|row| row.opened).expect("a case");
    let look = side.handle().look();
    make(side.folder.path(), &*look, &oldest.id).expect("evidence").to_bytes()
}

/// A little longer than a partner is not shown our record again.
const OFFERED_EVERY: std::time::Duration = std::time::Duration::from_millis(10_300);
/// How many places of each section are forged.
const PLACES: usize = 40;
