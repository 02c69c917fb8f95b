//! Items over the wire, whatever happens to it.

use std::time::Duration;

use customs::roles::CLEARANCE;
use kernel::Actor;
use node::config::Clients;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::place::{Side, agreement, two};

/// An export of rice from Thailand to Vietnam as the clearance system writes it.
fn export(number: u32) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">
  <Declaration>
    <FunctionCode>9</FunctionCode>
    <FunctionalReferenceID>R-{number}</FunctionalReferenceID>
    <ID>TH-{number}</ID>
    <TypeCode>EX</TypeCode>
    <GoodsShipment>
      <Consignee><Name>Gao Mien Tay</Name></Consignee>
      <Destination><CountryCode>VN</CountryCode></Destination>
      <GovernmentAgencyGoodsItem>
        <SequenceNumeric>1</SequenceNumeric>
        <Commodity>
          <Classification><ID>100630</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification>
          <GoodsMeasure><TariffQuantity unitCode="KGM">20000</TariffQuantity></GoodsMeasure>
        </Commodity>
        <Origin><CountryCode>TH</CountryCode></Origin>
      </GovernmentAgencyGoodsItem>
    </GoodsShipment>
  </Declaration>
</md:MetaData>"#
    )
    .into_bytes()
}

pub(crate) async fn share(th: &Side, number: u32) {
    let actor = Actor::new("clearance", CLEARANCE);
    let report = th.handle().import(actor, export(number), "application/xml").await.expect("is imported");
    assert_eq!(report.taken.len(), 1, "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_is_delivered_receipted_and_answered_over_tls() {
    let (mut th, mut vn) = two();
    for side in [&mut th, &mut vn] {
        side.start().await;
        side.agree(&agreement()).await;
    }
    share(&th, 1).await;
    vn.wait_for("received", &["readable"]).await;
    th.wait_for("sent", &["answered"]).await;
    vn.wait_for("sent", &["receipted"]).await;
    let look = th.handle().look();
    let sent = th.cases("sent").await.remove(0);
    let receipted = look.history(&sent.id).expect("a history").into_iter().any(|(_, entry)| {
        let receipt = entry.blobs.iter().filter_map(|blob| look.blob(blob).expect("is kept"));
        receipt.into_iter().any(|bytes| String::from_utf8_lossy(&bytes).contains("NonRepudiationInformation"))
    });
    assert!(receipted, "the signed receipt is kept as evidence");
    drop(look);
    for side in [&mut th, &mut vn] {
        side.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_delivered_is_delivered_when_the_partner_is_back() {
    let (mut th, mut vn) = two();
    vn.start().await;
    vn.agree(&agreement()).await;
    vn.stop().await;
    th.start().await;
    th.agree(&agreement()).await;
    share(&th, 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(th.stages("sent").await, ["queued"]);
    th.stop().await;
    th.start().await;
    vn.start().await;
    vn.wait_for("received", &["readable"]).await;
    th.wait_for("sent", &["answered"]).await;
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_items_at_once_all_arrive_once() {
    const ITEMS: u32 = 40;
    let (mut th, mut vn) = two();
    for side in [&mut th, &mut vn] {
        side.start().await;
        side.agree(&agreement()).await;
    }
    for number in 0..ITEMS {
        share(&th, number).await;
    }
    let all = |stage: &'static str| vec![stage; ITEMS as usize];
    vn.wait_for("received", &all("readable")).await;
    th.wait_for("sent", &all("answered")).await;
    assert_eq!(th.stages("received").await, all("readable"), "one answer each");
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_nobody_we_know_is_refused_and_not_kept() {
    let (mut th, mut vn) = (Side::new("TH"), Side::open_to(Clients::Any, "VN"));
    th.knows(&vn);
    for side in [&mut th, &mut vn] {
        side.start().await;
        side.agree(&agreement()).await;
    }
    share(&th, 1).await;
    th.wait_for("sent", &["failed"]).await;
    assert_eq!(vn.stages("received").await, Vec::<String>::new());
    let failure = &th.cases("sent").await[0].summary.shown["failure"];
    assert_eq!(failure, "EBMS:0101", "the partner's own signed word, so no further try");
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_record_vouches_for_the_other_and_both_verify() {
    let (mut th, mut vn) = two();
    for side in [&mut th, &mut vn] {
        side.start().await;
        side.agree(&agreement()).await;
    }
    share(&th, 1).await;
    th.wait_for("sent", &["answered"]).await;
    vn.wait_for("sent", &["receipted"]).await;
    for side in [&th, &vn] {
        let witnessed = side.witnessed();
        assert!(!witnessed.is_empty(), "{} saw its partner's checkpoint", side.id);
    }
    let vouched = th
        .witnessed()
        .into_iter()
        .any(|(origin, note)| origin == "th.sampan/record" && note.contains("\n\u{2014} vn.sampan/witness "));
    assert!(vouched, "Vietnam's signature stands under Thailand's checkpoint: {:?}", th.witnessed());
    for side in [&mut th, &mut vn] {
        side.stop().await;
        let report = side.verify();
        assert!(report.sound, "{:?}", report.faults().collect::<Vec<_>>());
        assert_eq!(report.not_logged, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_without_a_pinned_certificate_gets_a_connection_where_that_is_asked_for() {
    let (mut th, mut vn) = (Side::new("TH"), Side::open_to(Clients::Pinned, "VN"));
    th.knows(&vn);
    th.start().await;
    th.agree(&agreement()).await;
    vn.start().await;
    share(&th, 1).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let metrics = asked(th.running().web(), "/metrics").await;
    assert!(metrics.contains("sampan_messages_sent_total{outcome=\"unreachable\"} 1"), "{metrics}");
    let metrics = asked(vn.running().web(), "/metrics").await;
    assert!(
        metrics.contains("sampan_messages_received_total{outcome=\"faulty\"} 0"),
        "never got so far: {metrics}"
    );
    th.stop().await;
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_posted_is_answered_and_only_messages_of_partners_are_kept() {
    let mut vn = Side::open_to(Clients::Any, "VN");
    vn.start().await;
    let address = node::Descriptor::open(&vn.descriptor).expect("our own");
    let multipart = r#"multipart/related; boundary="x"; type="application/soap+xml""#;
    let soap = "--x\r\nContent-Type: application/soap+xml\r\n\r\n<a/>\r\n--x--\r\n";
    let deep =
        format!("--x\r\nContent-Type: application/soap+xml\r\n\r\n{}\r\n--x--\r\n", "<a>".repeat(10_000));
    for (content_type, body, code) in [
        ("", "", "EBMS:0007"),
        ("text/plain", "hello", "EBMS:0007"),
        (multipart, "no boundary here", "EBMS:0007"),
        (multipart, soap, "EBMS:0009"),
        (multipart, deep.as_str(), "EBMS:0009"),
    ] {
        let answer = node::post_once(&address, &node::entity(content_type, body.as_bytes())).await;
        let answer = String::from_utf8(answer.expect("is answered")).expect("is text");
        assert!(answer.contains(code), "{content_type:?} {body:.40}: {answer}");
    }
    let long = vec![b'x'; (4 << 20) + 1];
    let refused = node::post_once(&address, &node::entity(multipart, &long)).await;
    assert!(refused.is_err(), "longer than is taken");
    let size = vn.handle().with_look(|look| look.size()).await.expect("a size");
    assert_eq!(size, 0, "nothing of it is in the record");
    vn.stop().await;
}

/// What an address answers to a request line, over plain HTTP.
async fn asked(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("is answered");
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_run_a_node_see_how_it_is() {
    let mut vn = Side::new("VN");
    vn.start().await;
    vn.agree(&agreement()).await;
    let health = asked(vn.running().web(), "/health").await;
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    assert!(health.contains(r#""status":"ready","node":"VN""#), "{health}");
    let metrics = asked(vn.running().web(), "/metrics").await;
    for figure in ["sampan_record_entries 3\n", "sampan_obligations_late 0\n", "sampan_commit_seconds_count"]
    {
        assert!(metrics.contains(figure), "{figure:?} in {metrics}");
    }
    vn.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_open_their_own_account_and_no_other() {
    let mut vn = Side::new("VN");
    vn.start().await;
    let account = node::Account {
        name: "gate".into(),
        display: "Gate officer".into(),
        roles: vec![customs::roles::GATE],
        language: "vi".into(),
    };
    vn.handle().put_account(account.clone(), "mở cửa đi nào").await.expect("is kept");
    let sign_in = async |name: &str, password: &str| {
        vn.handle().authenticate(name, password).await.expect("is looked up")
    };
    assert_eq!(sign_in("gate", "mở cửa đi nào").await, node::SignIn::Known(account));
    assert_eq!(sign_in("gate", "mở cửa đi nao").await, node::SignIn::Unknown);
    assert_eq!(sign_in("nobody", "mở cửa đi nào").await, node::SignIn::Unknown);
    vn.stop().await;
}
