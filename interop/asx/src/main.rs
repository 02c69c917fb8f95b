//! The crate asx-rs (strict eDelivery 1.15) as the other side, both ways: what it sends our side proves and receipts, and it
//! proves our receipt; what our side packs it takes and receipts, and our side proves that. `asx-peer PEER DIR` prints one
//! line a case and ends with 1 where one fails. asx-rs always signs, compresses and encrypts under this profile.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};

use asx::as4::{As4, Message, UserMessage};
use asx::{Certificate, HttpClient, KeyPair, LocalParty, MemoryDedup, Partner, Payload, Profile, Reject, Verified};
use bytes::Bytes;
use http_body_util::BodyExt as _;

const PARTY: &str = "urn:fdc:peppol.eu:2017:identifiers:ap";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [peer, folder] = arguments.as_slice() else { return ExitCode::from(2) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match runtime.block_on(Matrix::new(Path::new(peer), Path::new(folder)).run()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            println!("asx-rs: {error}");
            ExitCode::from(1)
        }
    }
}

/// Our side as a program over files in one folder.
#[derive(Clone, Debug)]
struct Ours {
    peer: PathBuf,
    folder: PathBuf,
}

impl Ours {
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let (command, rest) = arguments.split_first().expect("a command");
        let done = Command::new(&self.peer).arg(command).arg(&self.folder).args(rest).output().expect("our side runs");
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8_lossy(&said).trim().to_owned())
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(name)).unwrap_or_default()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.join(name), bytes).expect("written");
    }
}

/// What asx-rs posts is proved by our side, perhaps after it was changed on the way.
#[derive(Clone, Debug)]
struct Door {
    ours: Ours,
    change: Arc<Mutex<Option<&'static str>>>,
    said: Arc<Mutex<(bool, String)>>,
}

impl HttpClient for Door {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<http::Response<Bytes>, Box<dyn Error + Send + Sync>>> + Send + '_>> {
        let content_type = request.headers()[http::header::CONTENT_TYPE].to_str().unwrap_or_default().to_owned();
        let body = match *self.change.lock().expect("alone") {
            Some(what) => tampered(request.body(), what),
            None => request.body().to_vec(),
        };
        self.ours.write("theirs.type", content_type.as_bytes());
        self.ours.write("theirs.body", &body);
        let _ = std::fs::remove_file(self.ours.folder.join("theirs.receipt"));
        *self.said.lock().expect("alone") = self.ours.run(&["verify", "theirs", "sealed"]);
        let receipt = self.ours.read("theirs.receipt");
        let status = if receipt.is_empty() { 400 } else { 200 };
        let response = http::Response::builder().status(status).header("Content-Type", "application/soap+xml;charset=UTF-8");
        Box::pin(async move { Ok(response.body(Bytes::from(receipt))?) })
    }
}

struct Matrix {
    ours: Ours,
    failures: u32,
    cases: u32,
}

impl Matrix {
    fn new(peer: &Path, folder: &Path) -> Self {
        Self { ours: Ours { peer: peer.to_owned(), folder: folder.to_owned() }, failures: 0, cases: 0 }
    }

    async fn run(mut self) -> Result<u32, Box<dyn Error>> {
        let (made, said) = self.ours.run(&["keys", "edelivery115", "authority"]);
        assert!(made, "{said}");
        self.ours.write("payload.xml", &payload());
        self.theirs().await?;
        self.ours_to_them().await?;
        println!("asx-rs: {} failures in {} cases", self.failures, self.cases);
        Ok(self.failures)
    }

    fn say(&mut self, claim: &str, holds: bool, said: &str) {
        self.cases += 1;
        self.failures += u32::from(!holds);
        if holds { println!("ok   {claim}") } else { println!("FAIL {claim}: {said}") }
    }

    fn client(&self, door: &Door) -> Result<(As4, Partner), Box<dyn Error>> {
        let pem = |name: &str| self.ours.read(name);
        let partner = Partner::new("POP000001")
            .party_type(PARTY)
            .endpoint("https://ours.example/as4")
            .signing_cert(Certificate::from_pem(&pem("ours.pem"))?)
            .encryption_cert(Certificate::from_pem(&pem("ours-sealing.pem"))?);
        let local = LocalParty::new("POP000002")
            .party_type(PARTY)
            .signer(KeyPair::from_pem(&pem("theirs.pem"), &pem("theirs.key"))?)
            .decrypter(KeyPair::from_pem(&pem("theirs-sealing.pem"), &pem("theirs-sealing.key"))?);
        let client = As4::builder(Profile::edelivery_1_15())
            .local(local)
            .trust_anchor(Certificate::from_pem(&pem("authority.pem"))?)
            .partner(partner.clone())
            .http_client(door.clone())
            .build()?;
        Ok((client, partner))
    }

    fn door(&self) -> Door {
        let said = (false, "nothing came".to_owned());
        Door { ours: self.ours.clone(), change: Arc::default(), said: Arc::new(Mutex::new(said)) }
    }

    /// From asx-rs to us.
    async fn theirs(&mut self) -> Result<(), Box<dyn Error>> {
        let door = self.door();
        let (client, partner) = self.client(&door)?;
        let message = |parts: u32| {
            let message = Message::to(&partner).service("interop").action("submit").conversation_id("conversation-1");
            (0..parts).fold(message, |message, part| {
                message.payload(Payload::new(payload(), "application/xml").named(format!("part-{part}.xml")))
            })
        };
        for parts in [1, 3] {
            let proved = client.send(message(parts)).await;
            let (accepted, said) = door.said.lock().expect("alone").clone();
            self.say(&format!("theirs of {parts} parts, sealed, is accepted by us"), accepted, &said);
            let whole = (0..parts).all(|part| {
                let name = if part == 0 { "theirs.payload".to_owned() } else { format!("theirs-{part}.payload") };
                self.ours.read(&name) == payload()
            });
            self.say("every payload whole", whole, "");
            let why = proved.as_ref().err().map(ToString::to_string).unwrap_or_default();
            self.say("and our receipt is proved by them", proved.is_ok(), &why);
        }
        // Its pings carry something, which our side proves and nobody delivers.
        let proved = client.send(Message::ping(&partner).payload(Payload::new("ping", "text/plain").named("ping.txt"))).await;
        let (_, said) = door.said.lock().expect("alone").clone();
        let why = proved.as_ref().err().map(ToString::to_string).unwrap_or_default();
        self.say("their ping is receipted by us", proved.is_ok(), &format!("{why} {said}"));
        for (named, what) in TAMPERINGS {
            *door.change.lock().expect("alone") = Some(what);
            let proved = client.send(message(1)).await;
            let (accepted, said) = door.said.lock().expect("alone").clone();
            let refused = !accepted && said.contains("EBMS:01") && proved.is_err();
            self.say(&format!("theirs with {named} is refused by us"), refused, &said);
        }
        Ok(())
    }

    /// From us to asx-rs.
    async fn ours_to_them(&mut self) -> Result<(), Box<dyn Error>> {
        let (client, _) = self.client(&self.door())?;
        let delivered: Arc<Mutex<Vec<Vec<Vec<u8>>>>> = Arc::default();
        let taken = Arc::clone(&delivered);
        let mut inbound = client.inbound(MemoryDedup::default(), move |message: Verified<UserMessage>| {
            let payloads = message.payloads().iter().map(|payload| payload.bytes().to_vec()).collect();
            taken.lock().expect("alone").push(payloads);
            async { Ok::<(), Reject>(()) }
        });
        for (form, parts) in [("gzip", 1_u32), ("plain", 1), ("gzip", 3)] {
            let before = delivered.lock().expect("alone").len();
            self.ours.run(&["pack", "ours", "sealed", form, &parts.to_string()]);
            let (proved, said) = self.posted(&mut inbound, None).await;
            self.say(&format!("ours of {parts} parts, {form}, sealed, is receipted by them, the receipt proved by us"), proved, &said);
            let all = delivered.lock().expect("alone").clone();
            let whole = all.len() == before + 1 && all.last().is_some_and(|last| {
                last.len() == parts as usize && last.iter().all(|bytes| *bytes == payload())
            });
            self.say("delivered once, every payload whole", whole, "");
        }
        let (proved, said) = self.posted(&mut inbound, None).await;
        let count = delivered.lock().expect("alone").len();
        self.say("the same again is receipted and not delivered", proved && count == 3, &said);
        self.ours.run(&["ping", "ours"]);
        let (proved, said) = self.posted(&mut inbound, None).await;
        let unmoved = delivered.lock().expect("alone").len() == count;
        self.say("our ping is receipted by them and not delivered", proved && unmoved, &said);
        for (named, what) in TAMPERINGS {
            self.ours.run(&["pack", "ours", "sealed"]);
            let (proved, said) = self.posted(&mut inbound, Some(what)).await;
            let unmoved = delivered.lock().expect("alone").len() == count;
            self.say(&format!("ours with {named} is not receipted and not delivered"), !proved && unmoved, &said);
        }
        self.ours.run(&["pack", "ours", "clear"]);
        let (proved, said) = self.posted(&mut inbound, None).await;
        self.say("ours in clear is not receipted: the profile asks for sealing", !proved, &said);
        Ok(())
    }

    /// Posts our packed message to asx-rs and has our judge look at the answer.
    async fn posted(&self, inbound: &mut asx::Inbound, change: Option<&str>) -> (bool, String) {
        use tower_service::Service as _;
        let body = self.ours.read("ours.body");
        let body = change.map_or_else(|| body.clone(), |what| tampered(&body, what));
        let content_type = String::from_utf8(self.ours.read("ours.type")).unwrap_or_default();
        let request = http::Request::post("https://theirs.example/as4").header("Content-Type", content_type);
        let request = request.body(http_body_util::Full::new(Bytes::from(body))).expect("a request");
        let response = inbound.call(request).await.unwrap_or_else(|never| match never {});
        let media = response.headers().get("Content-Type").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let answer = response.into_body().collect().await.expect("in memory").to_bytes();
        self.ours.write("signal.type", media.as_bytes());
        self.ours.write("signal.body", &answer);
        self.ours.run(&["receipt", "ours", "signal"])
    }
}

fn payload() -> Vec<u8> {
    format!("<Declaration>{}</Declaration>", "bốn mươi kiện ".repeat(700)).into_bytes()
}

const TAMPERINGS: [(&str, &str); 3] =
    [("a changed header", "header"), ("a changed part", "part"), ("no signature", "unsigned")];

/// The message with one thing changed after signing.
fn tampered(body: &[u8], what: &str) -> Vec<u8> {
    let replaced = |from: &[u8], to: &[u8]| {
        let mut out = body.to_vec();
        while let Some(at) = out.windows(from.len()).position(|window| window == from) {
            out.splice(at..at + from.len(), to.iter().copied());
        }
        out
    };
    match what {
        "header" => replaced(b"conversation-1", b"conversation-2"),
        "unsigned" => replaced(b"ds:Signature", b"ds:Seal"),
        _ => {
            let end = body.windows(4).rposition(|window| window == b"\r\n--").expect("a last boundary");
            let mut out = body.to_vec();
            out[end - 20] ^= 1;
            out
        }
    }
}
