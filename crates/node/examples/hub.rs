//! Speaks with a stand-in for the IPPC ePhyto hub: every operation once, a delivery that is fetched twice because it was not
//! kept the first time, and refusals. `interop/run hub` starts it.
//!
//! ```text
//! hub keys FOLDER            makes hub.crt, hub.key, client.crt, client.key
//! hub talk FOLDER PORT       speaks with the hub on this port
//! ```
#![expect(clippy::print_stdout, reason = "this program says what it saw")]

use std::path::Path;
use std::sync::Mutex;

use exchange::Certificate;
use exchange::certificate::{Request, Subject, Usage, issue, self_signed};
use exchange::hub::{Answer, Call, CodeList, Envelope, Fetched, Header, HubFault, Tracking};
use exchange::keys::{KeyKind, PrivateKey};
use node::hub::Hub;
use node::keys::TlsKey;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["keys", folder] => keys(Path::new(folder)),
        ["talk", folder, port] => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(talk(Path::new(folder), port));
        }
        _ => panic!("hub keys FOLDER | hub talk FOLDER PORT"),
    }
}

fn keys(folder: &Path) {
    let root = PrivateKey::generate(KeyKind::P256).expect("made");
    let request = |key: &PrivateKey, name: &str, usage| Request {
        subject: Subject { country: "VN".into(), organisation: "Test".into(), common_name: name.into() },
        public_key_info: key.public_key_info().expect("public"),
        usage,
        not_before: "2026-01-01T00:00:00Z".parse().expect("a moment"),
        not_after: "2036-01-01T00:00:00Z".parse().expect("a moment"),
    };
    let authority = self_signed(&request(&root, "root", Usage::Authority), &root).expect("issued");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    for name in ["hub", "client"] {
        let key = PrivateKey::generate(KeyKind::P256).expect("made");
        let names = vec!["127.0.0.1".to_owned()];
        let certificate = issue(&request(&key, name, Usage::Tls(names)), &authority, &root).expect("issued");
        write(&format!("{name}.key"), &key.to_pem());
        write(&format!("{name}.own"), &certificate.to_pem());
        let shown = if name == "hub" { certificate.to_pem() } else { authority.to_pem() };
        write(&format!("{name}.crt"), &shown);
    }
    write("root.crt", &authority.to_pem());
}

fn open(folder: &Path, port: &str) -> Hub {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("is there");
    let own = TlsKey {
        certificate: Certificate::from_pem(&read("client.own")).expect("a certificate"),
        key: PrivateKey::from_pem(&read("client.key")).expect("a key"),
    };
    let root = Certificate::from_pem(&read("root.crt")).expect("a certificate");
    Hub::new(&format!("https://127.0.0.1:{port}/hub/DeliveryService"), &[root], &own).expect("a client")
}

fn header(to: &str, number: &str) -> Header {
    Header {
        from: "VN".into(),
        to: to.into(),
        certificate_type: 851,
        certificate_status: 70,
        number: number.into(),
        ..Header::default()
    }
}

const CERTIFICATE: &str =
    "<rsm:SPSCertificate xmlns:rsm=\"urn:un:unece:uncefact:data:standard:SPSCertificate:17\"/>";
const ANSWER: &[u8] =
    b"<SPSAcknowledgement xmlns=\"urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17\"/>";

async fn talk(folder: &Path, port: &str) {
    let hub = open(folder, port);
    let envelope = |number: &str| Envelope { header: header("TH", number), content: CERTIFICATE.into() };
    let sent = hub.deliver(envelope("VN-1")).await.expect("taken");
    assert_eq!(sent.state(), Some(Tracking::PendingDelivery));
    let delivery = sent.delivery.expect("a number");
    for call in [
        Call::ValidateAndDeliver(envelope("VN-2")),
        Call::DeliverPhyto { header: header("TH", "VN-3"), certificate: CERTIFICATE.into() },
        Call::DeliverResponse { header: header("TH", "VN-4"), acknowledgement: ANSWER.to_vec() },
        Call::ImportHeaders { country: Some("VN".into()) },
        Call::UnderDelivery,
        Call::PullAll,
        Call::Profile,
        Call::Channels,
    ] {
        hub.call(&call).await.unwrap_or_else(|fault| panic!("{}: {fault}", call.operation()));
    }
    for list in CodeList::ALL {
        assert_eq!(hub.codes(list).await.expect("a list").len(), 1, "{list:?}");
    }
    assert!(hub.directory().await.expect("a directory").iter().all(|nppo| nppo.takes(851, 70)));
    assert!(hub.findings(CERTIFICATE).await.expect("findings").is_empty());
    assert_eq!(hub.findings("<a").await.expect("findings").len(), 1);
    fetched(&hub, &delivery).await;
    let unknown = hub.tracking("H999").await.expect("an answer");
    assert_eq!(unknown.state(), Some(Tracking::EnvelopeNotExists));
    let nowhere = hub.deliver(Envelope { header: header("XX", "VN-9"), content: String::new() }).await;
    assert!(matches!(nowhere, Err(HubFault::Refused(_))), "{nowhere:?}");
    let again =
        Header { tracking: Some("Delivered".into()), delivery: Some(delivery), ..header("TH", "VN-1") };
    assert_eq!(hub.call(&Call::SetTracking(again)).await, Ok(Answer::Done(None)));
    println!(
        "hub: every operation answered, a delivery fetched again until it was kept, refusals told apart"
    );
}

/// What is not kept is offered again; what is kept is not.
async fn fetched(hub: &Hub, delivery: &str) {
    let kept: Mutex<Vec<String>> = Mutex::default();
    let round = hub.fetch(|_| async { Fetched::NotKept }).await.expect("a round");
    assert_eq!((round.waiting, round.left), (4, 4));
    let severe = exchange::hub::Finding {
        area: "Schema".into(),
        field: "/".into(),
        level: exchange::hub::Level::Severe,
        message: "no lines".into(),
    };
    let round = hub
        .fetch(|envelope| {
            let number = envelope.header.number.clone();
            kept.lock().expect("whole").push(envelope.header.identity());
            let severe = severe.clone();
            async move {
                match number.as_str() {
                    "VN-2" => Fetched::Kept(vec![severe]),
                    "VN-3" => Fetched::Unreadable("not a certificate".into()),
                    _ => Fetched::Kept(Vec::new()),
                }
            }
        })
        .await
        .expect("a round");
    assert_eq!((round.waiting, round.taken, round.unreadable, round.left), (4, 3, 1, 0));
    assert_eq!(kept.lock().expect("whole").len(), 4);
    assert_eq!(hub.tracking(delivery).await.expect("a state").state(), Some(Tracking::Delivered));
    assert_eq!(hub.fetch(|_| async { Fetched::NotKept }).await.expect("a round").waiting, 0);
}
