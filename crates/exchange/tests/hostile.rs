//! Hostile bodies, each refused with its error, and none of them for much memory: each is taken in a process of its own, both
//! with the body at hand and a piece at a time, and the system says what that process ever had.
#![expect(
    clippy::disallowed_methods,
    reason = "a process is told by files what to take, and reads what memory it had"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};

use exchange::certificate::{Request, Subject, Usage, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use exchange::stream::Intake;
use exchange::{
    Certificate, Compression, Ebms, Expected, Fault, Identity, Limits, Opener, Outgoing, Partner, Party,
    PartyId, Payload, Profile, Sealing, Service, Suite, Trust, Wire, open, pack,
};
use jiff::Timestamp;

/// The most memory a process may have had that took something hostile, in kilobytes: body, program and all.
const MOST: u64 = 64 << 10;
/// Tells a process which folder holds what it is to take, and how.
const ASKED: &str = "SAMPAN_TEST_HOSTILE";

struct Keys {
    signing: Arc<PrivateKey>,
    certificate: Certificate,
    sealing: Arc<PrivateKey>,
    sealing_certificate: Certificate,
}

/// Made once, and given to the processes that take by a folder.
static KEYS: LazyLock<Keys> = LazyLock::new(|| match asked() {
    Some((folder, _)) => Keys::read(&folder),
    None => Keys::make(),
});

impl Keys {
    fn make() -> Self {
        let signing = Arc::new(PrivateKey::generate(KeyKind::Ed25519).expect("made"));
        let sealing = Arc::new(PrivateKey::generate(KeyKind::X25519).expect("made"));
        let request = |key: &PrivateKey, usage| Request {
            subject: Subject {
                country: "VN".into(),
                organisation: "Customs".into(),
                common_name: "VN".into(),
            },
            public_key_info: key.public_key_info().expect("public"),
            usage,
            not_before: at("2026-01-01T00:00:00Z"),
            not_after: at("2028-01-01T00:00:00Z"),
        };
        let certificate = self_signed(&request(&signing, Usage::Signing), &*signing).expect("issued");
        let sealing_certificate = self_signed(&request(&sealing, Usage::Sealing), &*signing).expect("issued");
        Self { signing, certificate, sealing, sealing_certificate }
    }

    fn write(&self, folder: &Path) {
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
        write("signing.key", &self.signing.to_pem());
        write("signing.crt", &self.certificate.to_pem());
        write("sealing.key", &self.sealing.to_pem());
        write("sealing.crt", &self.sealing_certificate.to_pem());
    }

    fn read(folder: &Path) -> Self {
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("is there");
        let key = |name| Arc::new(PrivateKey::from_pem(&read(name)).expect("a key"));
        let certificate = |name| Certificate::from_pem(&read(name)).expect("a certificate");
        Self {
            signing: key("signing.key"),
            certificate: certificate("signing.crt"),
            sealing: key("sealing.key"),
            sealing_certificate: certificate("sealing.crt"),
        }
    }
}

fn asked() -> Option<(PathBuf, String)> {
    let asked = std::env::var(ASKED).ok()?;
    let (way, folder) = asked.split_once(' ')?;
    Some((folder.into(), way.to_owned()))
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn now() -> Timestamp {
    at("2026-11-22T06:00:00Z")
}

fn trust() -> Trust {
    let partner = Partner {
        suite: Suite::Edelivery2,
        expected: Expected::Either,
        ..Partner::pinned(PartyId::unregistered("VN"), vec![KEYS.certificate.clone()])
    };
    let opener = Opener::new(Arc::clone(&KEYS.sealing) as _, KEYS.sealing_certificate.clone());
    Trust::of(vec![PartyId::unregistered("TH")]).with_partner(partner).with_opener(opener)
}

fn payload(number: usize, bytes: Vec<u8>) -> Payload {
    Payload {
        content_id: format!("p{number}@vn"),
        mime: "application/octet-stream".into(),
        bytes,
        properties: Vec::new(),
    }
}

fn message(payloads: Vec<Payload>, sealing: Sealing, compression: Compression) -> Wire {
    let outgoing = Outgoing {
        message_id: "1@vn".into(),
        conversation_id: "c".into(),
        ref_to: None,
        from: Party::initiator(PartyId::unregistered("VN")),
        to: Party::responder(PartyId::unregistered("TH")),
        service: Service { value: "s".into(), kind: None },
        action: "a".into(),
        agreement_ref: None,
        properties: Vec::new(),
        payloads,
        timestamp: now(),
    };
    let identity = Identity::new(Arc::clone(&KEYS.signing) as _, KEYS.certificate.clone());
    let profile = Profile { suite: Suite::Edelivery2, sealing, compression, ..Profile::default() };
    pack(&outgoing, &identity, &profile).expect("packed")
}

/// The limits a node has for bodies in memory.
fn limits() -> Limits {
    Limits { body_max: 4 << 20, payloads_max: 8 << 20, ..Limits::default() }
}

fn whole(wire: &Wire) -> Result<(), Fault> {
    let limits = limits();
    open(&wire.content_type, &wire.body, &limits)?.verify(&trust(), now()).map(drop)
}

fn pieces(wire: &Wire) -> Result<(), Fault> {
    let limits = Limits { body_max: 1 << 30, payloads_max: 256 << 20, ..Limits::default() };
    let mut intake = Intake::new(&wire.content_type, &limits)?;
    wire.body.chunks(16 << 10).try_for_each(|piece| intake.push(piece))?;
    let opening = intake.finish()?.open(&trust(), now())?;
    let bytes = |part: &exchange::stream::Part| {
        let range = part.range();
        &wire.body[usize::try_from(range.start).expect("fits")..usize::try_from(range.end).expect("fits")]
    };
    for part in opening.parts() {
        let mut proof = part.proof();
        bytes(part).chunks(16 << 10).try_for_each(|piece| proof.feed(piece))?;
        proof.finish()?;
    }
    for part in opening.parts() {
        let mut unfolding = part.unfold();
        let mut sink = |_: &[u8]| Ok(());
        bytes(part).chunks(16 << 10).try_for_each(|piece| unfolding.feed(piece, &mut sink))?;
        unfolding.finish(&mut sink)?;
    }
    Ok(())
}

/// What a way says of a body, and the most memory a process had that took it so, in kilobytes.
fn cost(way: &str, wire: &Wire, folder: &Path) -> (Option<String>, u64) {
    std::fs::write(folder.join("type"), &wire.content_type).expect("written");
    std::fs::write(folder.join("body"), &wire.body).expect("written");
    let program = std::env::current_exe().expect("this program");
    let took = Command::new(program)
        .args(["--exact", "a_process_that_takes_what_it_is_given", "--nocapture"])
        .env(ASKED, format!("{way} {}", folder.display()))
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&took.stdout).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("took ")).unwrap_or_else(|| panic!("{took:?}"));
    let (peak, said) = line.split_once(' ').expect("two words");
    (Some(said.to_owned()).filter(|said| said != "nothing"), peak.parse().expect("a number"))
}

/// Not a test by itself: what the tests start to see what taking a body costs.
#[test]
#[expect(clippy::print_stdout, reason = "this is how it answers")]
fn a_process_that_takes_what_it_is_given() {
    let Some((folder, way)) = asked() else { return };
    let wire = Wire {
        content_type: std::fs::read_to_string(folder.join("type")).expect("is there"),
        body: std::fs::read(folder.join("body")).expect("is there"),
        sent: message(Vec::new(), Sealing::Clear, Compression::Gzip).sent,
    };
    let said = if way == "whole" { whole(&wire) } else { pieces(&wire) };
    let said = said.err().map_or_else(|| "nothing".to_owned(), |fault| fault.ebms().code().to_owned());
    let status = std::fs::read_to_string("/proc/self/status").expect("the system says");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it says how much");
    println!("\ntook {} {said}", peak.trim().trim_end_matches(" kB"));
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sampan-hostile-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    KEYS.write(&folder);
    folder
}

fn soap(body: String) -> Wire {
    let honest = message(Vec::new(), Sealing::Clear, Compression::Gzip);
    Wire { content_type: "application/soap+xml".into(), body: body.into_bytes(), ..honest }
}

fn multipart(parts: usize, part: &str) -> Wire {
    let honest = message(Vec::new(), Sealing::Clear, Compression::Gzip);
    let body =
        (0..parts).fold(String::new(), |body, n| body + &part.replace("{n}", &n.to_string())) + "--b--\r\n";
    let content_type = "multipart/related; boundary=b; type=\"application/soap+xml\"".into();
    Wire { content_type, body: body.into_bytes(), ..honest }
}

/// A message signed and sealed in order, whose first part unfolds to half a gigabyte.
fn bomb(sealing: Sealing) -> Wire {
    message(vec![payload(0, vec![0; 512 << 20])], sealing, Compression::Gzip)
}

#[test]
fn every_hostile_body_is_refused_with_its_error_and_costs_little() {
    let sealed = || Sealing::To(KEYS.sealing_certificate.clone());
    let root = "--b\r\nContent-Type: application/soap+xml\r\n\r\n<a/>\r\n";
    let cases: Vec<(&str, Wire, Ebms)> = vec![
        (
            "ten thousand parts",
            multipart(10_000, "--b\r\nContent-ID: <{n}@x>\r\n\r\nxxxxxxxxxx\r\n"),
            Ebms::MimeInconsistency,
        ),
        (
            "a part header without end",
            multipart(1, &format!("{root}--b\r\nX: {}\r\n", "y".repeat(1 << 20))),
            Ebms::MimeInconsistency,
        ),
        (
            "a hundred thousand header lines",
            multipart(1, &format!("{root}--b\r\n{}", "X: y\r\n".repeat(100_000))),
            Ebms::MimeInconsistency,
        ),
        ("a boundary that never comes", multipart(0, &"x".repeat(1 << 20)), Ebms::MimeInconsistency),
        ("almost boundaries", multipart(1, &"\r\n--bb\r\n--b x".repeat(100_000)), Ebms::MimeInconsistency),
        (
            "a length that lies",
            multipart(1, &format!("{root}--b\r\nContent-ID: <1@x>\r\nContent-Length: 9\r\n\r\nx\r\n")),
            Ebms::MimeInconsistency,
        ),
        ("depth", soap("<a>".repeat(300_000)), Ebms::InvalidHeader),
        ("width", soap(format!("<a>{}</a>", "<b/>".repeat(200_000))), Ebms::InvalidHeader),
        (
            "attributes",
            soap(format!("<a {}/>", (0..50_000).map(|n| format!("a{n}='' ")).collect::<String>())),
            Ebms::InvalidHeader,
        ),
        (
            "namespaces",
            soap((0..20_000).map(|n| format!("<a xmlns:p{n}='u'>")).collect()),
            Ebms::InvalidHeader,
        ),
        (
            "entities",
            soap("<!DOCTYPE a [<!ENTITY x 'yyyyyyyyyy'>]><a>&x;&x;</a>".into()),
            Ebms::InvalidHeader,
        ),
        ("an envelope without end", soap(format!("<a>{}", "x".repeat(3 << 20))), Ebms::InvalidHeader),
        ("a bomb", bomb(Sealing::Clear), Ebms::DecompressionFailure),
        ("a sealed bomb", bomb(sealed()), Ebms::DecompressionFailure),
    ];
    let folder = folder("refused");
    for (name, wire, error) in &cases {
        for way in ["whole", "pieces"] {
            let (said, peak) = cost(way, wire, &folder);
            assert_eq!(said.as_deref(), Some(error.code()), "{name}, {way}");
            assert!(peak < MOST, "{name}, {way}: {peak} kB");
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}
