//! Messages too long for memory, honest and not, over the wire.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kernel::Digest;
use node::config::Clients;
use node::{Long, send_long};

use crate::place::{Side, agreement, two};

fn noise(length: usize) -> Vec<u8> {
    let mut state = 7_u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..length).map(next).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_goes_with_a_document_is_kept_whole_and_duplicates_change_nothing() {
    let (th, mut vn) = two();
    vn.start().await;
    vn.agree(&agreement()).await;
    let bytes = noise(3 << 20);
    let file = th.folder.path().join("picture");
    std::fs::write(&file, &bytes).expect("written");
    let long = Long {
        to: &vn.id,
        message_id: "long-1@th.sampan",
        kind: "acdd",
        agreement: "ACDD-TH-VN",
        document: b"<not-a-declaration/>",
        attachment: &file,
    };
    let digest = send_long(th.folder.path(), long).await.expect("receipted");
    assert_eq!(digest, Digest::of(&bytes));
    let look = vn.handle().look();
    let kept = look.long_blob(&digest).expect("answers").expect("is kept in a file");
    assert!(kept.is_whole().expect("can be read"));
    let case = vn.cases("received").await.remove(0).id;
    let (_, arrived) = look.history(&case).expect("a history").remove(0);
    assert!(arrived.blobs.contains(&digest), "the entry stands on what came with the document");
    drop(look);
    vn.stop().await;
    let report = vn.verify();
    assert!(report.sound, "{:?}", report.faults().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_bodies_nobody_vouches_for_are_refused_before_they_are_taken() {
    let mut vn = Side::open_to(Clients::Any, "VN");
    vn.start().await;
    let address = node::Descriptor::open(&vn.descriptor).expect("our own");
    let multipart = r#"multipart/related; boundary="x"; type="application/soap+xml""#;
    let part = |header: &str, length: usize| {
        [format!("--x\r\n{header}\r\n\r\n").into_bytes(), noise(length), b"\r\n--x--\r\n".to_vec()].concat()
    };
    let envelope_first = [
        b"--x\r\nContent-Type: application/soap+xml\r\n\r\n<a/>\r\n".to_vec(),
        part("Content-ID: <1@x>", 3 << 20),
    ]
    .concat();
    for (body, code) in [(part("Content-ID: <1@x>", 3 << 20), "EBMS:0009"), (envelope_first, "EBMS:0009")] {
        let answer = node::post_once(&address, &node::entity(multipart, &body)).await;
        // Where the answer comes while the body is still on its way, the line may break under the sender.
        if let Ok(answer) = answer {
            assert!(String::from_utf8_lossy(&answer).contains(code), "{}", String::from_utf8_lossy(&answer));
        }
    }
    let size = vn.handle().with_look(|look| look.size()).await.expect("a size");
    assert_eq!(size, 0, "nothing of it is in the record");
    let blobs = vn.folder.path().join("blobs").join("incoming");
    let left = std::fs::read_dir(blobs).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing of it is on the disk");
    vn.stop().await;
}

/// Bytes over TLS as they are, by OpenSSL, and what comes back.
fn raw(port: u16, pieces: Vec<(Vec<u8>, Duration)>) -> (String, Duration) {
    let mut tool = Command::new("openssl")
        .args(["s_client", "-quiet", "-verify_quiet", "-connect", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl is there");
    let (mut to, mut from) = (tool.stdin.take().expect("a pipe"), tool.stdout.take().expect("a pipe"));
    let started = Instant::now();
    let writer = std::thread::spawn(move || {
        for (bytes, pause) in pieces {
            // The node may have had enough before all is said.
            if to.write_all(&bytes).and_then(|()| to.flush()).is_err() {
                break;
            }
            std::thread::sleep(pause);
        }
        to
    });
    let mut answer = String::new();
    from.read_to_string(&mut answer).expect("text");
    let took = started.elapsed();
    drop(writer.join());
    tool.wait().expect("ends");
    (answer, took)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lengths_that_lie_and_senders_that_drip_get_nothing_kept_and_no_thread_for_long() {
    let mut vn = Side::open_to(Clients::Any, "VN");
    vn.start().await;
    let port = vn.running().as4().port();
    let head = |length: usize| {
        format!(
            "POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Type: application/soap+xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        )
    };
    let second = Duration::from_secs(1);
    let longer = vec![((head(1_000) + "<a/>").into_bytes(), second * 14)];
    let shorter = vec![((head(2) + "<a/> and more that is no request").into_bytes(), second)];
    let drip = std::iter::once((head(900_000).into_bytes(), second))
        .chain((0..16).map(|_| (b"<".to_vec(), second)))
        .collect();
    let asked = tokio::task::spawn_blocking(move || {
        std::thread::scope(|scope| {
            let all = [longer, shorter, drip].map(|pieces| scope.spawn(move || raw(port, pieces)));
            all.map(|one| one.join().expect("ends"))
        })
    });
    let [longer, shorter, drip] = asked.await.expect("asked");
    assert!(longer.0.starts_with("HTTP/1.1 400"), "a body that does not come: {longer:?}");
    assert!(shorter.0.starts_with("HTTP/1.1 200") && shorter.0.contains("EBMS:0009"), "{shorter:?}");
    assert!(drip.0.starts_with("HTTP/1.1 400"), "a byte a second: {drip:?}");
    assert!(longer.1 < second * 14 && drip.1 < second * 17, "{:?} {:?}", longer.1, drip.1);
    let size = vn.handle().with_look(|look| look.size()).await.expect("a size");
    assert_eq!(size, 0, "nothing of it is in the record");
    vn.stop().await;
}
