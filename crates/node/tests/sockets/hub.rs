//! Certificates between two nodes that reach each other through a hub alone. The hub here is a small stand-in that loses
//! answers on demand; that ours is spoken to as its WSDL says is judged by `interop/run hub`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use customs::agreement::{Protection, Schedule, Way};
use customs::certificate::{Ours, Phyto};
use customs::roles::CLEARANCE;
use exchange::certificate::{Request, Subject, Usage, issue, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use kernel::{CaseId, Limit, NodeId};
use node::config::HubAccess;
use serde_json::json;

use crate::place::{Side, agreement};

/// What a hub remembers of one envelope.
#[derive(Clone, Debug)]
struct Lying {
    number: String,
    from: String,
    to: String,
    /// Everything between `<e:From>` and the content, as it came.
    head: String,
    content: String,
    state: &'static str,
}

/// A hub's memory, and how often it is to fail.
#[derive(Debug, Default)]
struct Memory {
    lying: Vec<Lying>,
    /// What to do with the next calls of these operations.
    losses: VecDeque<(&'static str, Loss)>,
    asked: Vec<String>,
}

/// How a call is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    /// It is carried out and not answered.
    Answer,
    /// It is not carried out.
    Call,
}

/// A hub as one country sees it.
#[derive(Clone)]
struct Hub {
    memory: Arc<Mutex<Memory>>,
    country: &'static str,
}

impl Hub {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("whole")
    }

    fn answer(&self, action: &str, body: &str) -> Option<String> {
        let operation = action.rsplit('/').next().unwrap_or_default().trim_matches('"').to_owned();
        let mut memory = self.memory();
        memory.asked.push(format!("{} {operation}", self.country));
        let loss = memory.losses.front().is_some_and(|(name, _)| *name == operation);
        let loss = if loss { memory.losses.pop_front().map(|(_, loss)| loss) } else { None };
        if loss == Some(Loss::Call) {
            return None;
        }
        let inner = self.carried_out(&mut memory, &operation, body);
        (loss.is_none()).then(|| {
            format!(
                "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:h=\"http://ephyto.ippc.int/\" \
                 xmlns:e=\"http://ephyto.ippc.int/HUB.Entities\"><s:Body><h:{operation}Response>{inner}\
                 </h:{operation}Response></s:Body></s:Envelope>"
            )
        })
    }

    fn carried_out(&self, memory: &mut Memory, operation: &str, body: &str) -> String {
        let asked = between(body, "<h:hubTrackingNumber>", "</h:hubTrackingNumber>").to_owned();
        match operation {
            "DeliverEnvelope" => {
                let number = format!("H{}", memory.lying.len() + 1);
                let lying = Lying {
                    from: between(body, "<e:From>", "</e:From>").to_owned(),
                    to: between(body, "<e:To>", "</e:To>").to_owned(),
                    head: between(body, "<h:env>", "<e:Content>").to_owned(),
                    content: between(body, "<e:Content>", "</e:Content>").to_owned(),
                    state: "PendingDelivery",
                    number,
                };
                memory.lying.push(lying.clone());
                format!("<h:DeliverEnvelopeResult>{}</h:DeliverEnvelopeResult>", header(&lying))
            }
            "GetEnvelopeTrackingInfo" => {
                let found = memory.lying.iter().find(|each| each.number == asked).map(header);
                format!("<h:R>{}</h:R>", found.unwrap_or_default())
            }
            "GetUnderDeliveryEnvelope" => self.listed(memory, |each| each.from == self.country),
            "GetImportEnvelopeHeaders" => self.listed(memory, |each| each.to == self.country),
            "PULLSingleImportEnvelope" => {
                let found = memory.lying.iter().find(|each| each.number == asked);
                let whole = |each: &Lying| format!("{}<e:Content>{}</e:Content>", header(each), each.content);
                format!("<h:R>{}</h:R>", found.map(whole).unwrap_or_default())
            }
            "AcknowledgeEnvelopeReceipt" => stands(memory, &asked, "Delivered"),
            "NegativeAcknowledgeEnvelopeReceipt" => stands(memory, &asked, "DeliveredWithWarnings"),
            "AcknowledgeFailedEnvelopeReceipt" => stands(memory, &asked, "DeliveredNotReadable"),
            other => panic!("nobody asks for {other}"),
        }
    }

    fn listed(&self, memory: &Memory, which: impl Fn(&&Lying) -> bool) -> String {
        let pending = memory.lying.iter().filter(|each| each.state == "PendingDelivery").filter(which);
        let heads: String =
            pending.map(|each| format!("<e:EnvelopeHeader>{}</e:EnvelopeHeader>", header(each))).collect();
        format!("<h:R>{heads}</h:R>")
    }

    fn asked(&self, operation: &str) -> usize {
        self.memory().asked.iter().filter(|asked| asked.ends_with(operation)).count()
    }
}

fn stands(memory: &mut Memory, number: &str, state: &'static str) -> String {
    memory.lying.iter_mut().filter(|each| each.number == number).for_each(|each| each.state = state);
    String::new()
}

fn header(lying: &Lying) -> String {
    format!(
        "{}<e:hubDeliveryNumber>{}</e:hubDeliveryNumber><e:HUBTrackingInfo>{}</e:HUBTrackingInfo>",
        lying.head, lying.number, lying.state
    )
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text.split_once(start).map_or("", |(_, rest)| rest);
    rest.split_once(end).map_or("", |(inner, _)| inner)
}

async fn asked(State(hub): State<Hub>, headers: HeaderMap, body: Bytes) -> Result<String, StatusCode> {
    let action = headers.get("soapaction").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let text = std::str::from_utf8(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    // What is lost looks like a gateway that gave up waiting.
    hub.answer(action, text).ok_or(StatusCode::GATEWAY_TIMEOUT)
}

/// Two countries, the hub between them, and where each reaches it.
struct Place {
    vn: Side,
    th: Side,
    hub: Hub,
}

impl Place {
    async fn new() -> Self {
        let memory = Arc::default();
        let (vn, th) = (Side::new("VN"), Side::new("TH"));
        for side in [&vn, &th] {
            let country = if side.id.as_str() == "VN" { "VN" } else { "TH" };
            serve(side, Hub { memory: Arc::clone(&memory), country }).await;
        }
        let mut place = Self { vn, th, hub: Hub { memory, country: "" } };
        for side in [&mut place.vn, &mut place.th] {
            side.start().await;
            side.agree(&by_hub()).await;
        }
        place
    }

    async fn issues(&mut self, number: &str) {
        let paper = Ours::Phyto { certificate: Box::new(certificate(number)) };
        let case = CaseId::of("issuance", format_args!("ephyto-{number}"));
        self.vn.act(&CLEARANCE, &case, json!({ "act": "issue", "to": "TH", "paper": paper })).await;
    }

    async fn stop(mut self) {
        self.vn.stop().await;
        self.th.stop().await;
        for side in [&self.vn, &self.th] {
            assert!(side.verify().sound, "the record of {} is sound", side.id);
        }
    }
}

/// Serves the hub over TLS for one country and tells that country's node where.
async fn serve(side: &Side, hub: Hub) {
    let root = PrivateKey::generate(KeyKind::P256).expect("a key");
    let key = PrivateKey::generate(KeyKind::P256).expect("a key");
    let request = |key: &PrivateKey, name: &str, usage| Request {
        subject: Subject { country: "IT".into(), organisation: "Hub".into(), common_name: name.into() },
        public_key_info: key.public_key_info().expect("public"),
        usage,
        not_before: "2026-01-01T00:00:00Z".parse().expect("a moment"),
        not_after: "2036-01-01T00:00:00Z".parse().expect("a moment"),
    };
    let authority = self_signed(&request(&root, "root", Usage::Authority), &root).expect("issued");
    let usage = Usage::Tls(vec!["127.0.0.1".to_owned()]);
    let own = issue(&request(&key, "hub", usage), &authority, &root).expect("issued");
    std::fs::write(side.folder.path().join("hub.pem"), authority.to_pem()).expect("written");
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = socket.local_addr().expect("an address").port();
    let mut config = node::Config::load(side.folder.path()).expect("a configuration");
    config.hub = Some(HubAccess {
        endpoint: format!("https://127.0.0.1:{port}/hub/DeliveryService"),
        authorities: "hub.pem".into(),
        look: Limit::seconds(1),
    });
    config.save(side.folder.path()).expect("saved");
    let router =
        axum::Router::new().route("/hub/DeliveryService", axum::routing::post(asked)).with_state(hub);
    tokio::spawn(listen(socket, tls(own.der(), key.pkcs8()), router));
}

fn tls(certificate: &[u8], key: &[u8]) -> tokio_rustls::TlsAcceptor {
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.to_vec()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate.to_vec())], key);
    tokio_rustls::TlsAcceptor::from(Arc::new(config.expect("a key and its certificate")))
}

async fn listen(socket: tokio::net::TcpListener, tls: tokio_rustls::TlsAcceptor, router: axum::Router) {
    while let Ok((stream, _)) = socket.accept().await {
        let (tls, router) = (tls.clone(), router.clone());
        tokio::spawn(async move {
            let Ok(stream) = tls.accept(stream).await else { return };
            let service = hyper_util::service::TowerToHyperService::new(router);
            let serving = hyper::server::conn::http1::Builder::new()
                .serve_connection(hyper_util::rt::TokioIo::new(stream), service);
            // A client that goes is no fault here.
            let _ = serving.await;
        });
    }
}

fn by_hub() -> customs::agreement::Agreement {
    let mut agreement = agreement();
    let fields = <customs::certificate::EPhyto as customs::agreement::Writing>::FIELDS;
    let (vn, th) = (NodeId::new("VN"), NodeId::new("TH"));
    let mut term = agreement.terms.swap_remove(0);
    term.kind = "ephyto".into();
    (term.from, term.to) = (vn, th);
    term.fields = fields.iter().map(|field| field.field.to_owned()).collect();
    term.answer_within = None;
    term.delivery = Schedule {
        waits: vec![Limit::seconds(1); 20],
        way: Way::Hub,
        protection: Protection::Signed,
        ..Schedule::default()
    };
    agreement.id = "EPHYTO-VN-TH".into();
    agreement.terms = vec![term];
    agreement
}

fn certificate(number: &str) -> Phyto {
    let text = COFFEE.replace("NUMBER", number);
    formats::sps::read(text.as_bytes()).certificate.expect("a certificate")
}

const COFFEE: &str = r#"<rsm:SPSCertificate xmlns:rsm="urn:un:unece:uncefact:data:standard:SPSCertificate:17"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21">
<rsm:SPSExchangedDocument>
<ram:Name/><ram:ID>NUMBER</ram:ID><ram:TypeCode>851</ram:TypeCode><ram:StatusCode>70</ram:StatusCode>
<ram:IssueDateTime><udt:DateTimeString>2026-11-20T08:00:00+07:00</udt:DateTimeString></ram:IssueDateTime>
<ram:IssuerSPSParty><ram:Name>Plant Protection Department</ram:Name></ram:IssuerSPSParty>
</rsm:SPSExchangedDocument>
<rsm:SPSConsignment>
<ram:ConsignorSPSParty><ram:Name>Dak Lak Coffee</ram:Name></ram:ConsignorSPSParty>
<ram:ConsigneeSPSParty><ram:Name>Siam Roasters</ram:Name></ram:ConsigneeSPSParty>
<ram:ExportSPSCountry><ram:ID>VN</ram:ID></ram:ExportSPSCountry>
<ram:ImportSPSCountry><ram:ID>TH</ram:ID></ram:ImportSPSCountry>
<ram:UnloadingBaseportSPSLocation><ram:ID>THBKK</ram:ID></ram:UnloadingBaseportSPSLocation>
<ram:MainCarriageSPSTransportMovement><ram:ModeCode>3</ram:ModeCode></ram:MainCarriageSPSTransportMovement>
<ram:IncludedSPSConsignmentItem>
<ram:IncludedSPSTradeLineItem><ram:SequenceNumeric>1</ram:SequenceNumeric>
<ram:Description languageID="en">Coffee, green</ram:Description>
<ram:NetWeightMeasure unitCode="KGM">1200</ram:NetWeightMeasure>
<ram:ApplicableSPSClassification><ram:SystemName>HS</ram:SystemName><ram:ClassCode>090111</ram:ClassCode><ram:ClassName/></ram:ApplicableSPSClassification>
<ram:PhysicalSPSPackage><ram:LevelCode>1</ram:LevelCode><ram:TypeCode>BG</ram:TypeCode><ram:ItemQuantity>20</ram:ItemQuantity></ram:PhysicalSPSPackage>
<ram:OriginSPSCountry><ram:ID>VN</ram:ID></ram:OriginSPSCountry></ram:IncludedSPSTradeLineItem>
</ram:IncludedSPSConsignmentItem></rsm:SPSConsignment></rsm:SPSCertificate>"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_goes_through_the_hub_and_its_tracking_moves_the_item() {
    let mut place = Place::new().await;
    place.th.stop().await;
    place.issues("VN-1").await;
    place.vn.wait_for("sent", &["queued"]).await;
    while place.vn.cases("sent").await[0].summary.shown["at_centre"]["state"] != "PendingDelivery" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    place.th.start().await;
    place.th.wait_for("received", &["readable"]).await;
    place.vn.wait_for("sent", &["receipted"]).await;
    assert_eq!(place.hub.asked("DeliverEnvelope"), 1);
    assert_eq!(place.th.stages("certificate").await.len(), 1);
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_answers_and_acknowledgements_double_nothing() {
    let mut place = Place::new().await;
    place.hub.memory().losses.extend([
        ("DeliverEnvelope", Loss::Answer),
        ("GetUnderDeliveryEnvelope", Loss::Call),
        ("AcknowledgeEnvelopeReceipt", Loss::Call),
        ("AcknowledgeEnvelopeReceipt", Loss::Answer),
    ]);
    place.th.stop().await;
    place.issues("VN-2").await;
    while place.hub.asked("GetUnderDeliveryEnvelope") < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    place.th.start().await;
    place.vn.wait_for("sent", &["receipted"]).await;
    assert_eq!(place.hub.asked("DeliverEnvelope"), 1, "what the hub has is not handed over again");
    assert!(place.hub.asked("AcknowledgeEnvelopeReceipt") >= 2, "an acknowledgement is tried again");
    assert_eq!(place.th.stages("received").await, ["readable"], "what came twice is one item");
    assert_eq!(place.th.stages("certificate").await.len(), 1);
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_term_lets_in_is_kept_and_the_giver_warned() {
    let mut place = Place::new().await;
    place.th.stop().await;
    place.issues("VN-3").await;
    while place.hub.asked("DeliverEnvelope") < 1 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // Somebody the hub knows and no agreement does.
    {
        let mut memory = place.hub.memory();
        let lying = &mut memory.lying[0];
        lying.head = lying.head.replace("<e:From>VN<", "<e:From>LA<");
    }
    place.th.start().await;
    place.th.wait_for("received", &["quarantined"]).await;
    while place.hub.memory().lying[0].state != "DeliveredWithWarnings" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    place.stop().await;
}
