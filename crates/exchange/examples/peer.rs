//! Our side of an exchange with a foreign implementation, step by step over files in one folder.
//!
//! `peer keys DIR [SUITE [authority]]` makes keys for both sides, issued by an authority or self-signed; `peer pack DIR NAME clear|sealed [gzip|plain [PARTS]]` packs
//! `payload.xml`, so many times; `peer ping DIR NAME` packs a ping; `peer verify DIR NAME clear|sealed` proves and receipts
//! what they sent and writes each payload; `peer receipt DIR NAME SIGNAL` checks what they answered. Exit code 0
//! accepted, 1 refused, 2 wrong use. `interop/run` drives it.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program reads files, prints and knows the time"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use exchange::certificate::{Request, Subject, Usage, issue, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use exchange::{
    AgreementRef, Certificate, Compression, Expected, Fault, Identity, Limits, Opener, Outgoing, Partner,
    Party, PartyId, Payload, Profile, Property, Sealing, SentDigests, Service, Signal, Suite, Trust, Wire,
};
use jiff::{SignedDuration, Timestamp};

type Answer = Result<ExitCode, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answer = match arguments.as_slice() {
        ["keys", folder] => keys(&Side::of(folder), "edelivery115", None),
        ["keys", folder, suite] => keys(&Side::of(folder), suite, None),
        ["keys", folder, suite, "authority"] => {
            keys(&Side::of(folder), suite, Some(authority(&Side::of(folder))))
        }
        ["pack", folder, name, sealing] => pack(&Side::of(folder), name, (sealing, "gzip", "1")),
        ["pack", folder, name, sealing, form] => pack(&Side::of(folder), name, (sealing, form, "1")),
        ["pack", folder, name, sealing, form, parts] => pack(&Side::of(folder), name, (sealing, form, parts)),
        ["ping", folder, name] => ping(&Side::of(folder), name),
        ["verify", folder, name, sealing] => verify(&Side::of(folder), name, sealing),
        ["receipt", folder, name, signal] => receipt(&Side::of(folder), name, signal),
        _ => Err("peer keys|pack|ping|verify|receipt DIR ...".into()),
    };
    answer.unwrap_or_else(|error| match error.downcast::<Fault>() {
        Ok(fault) => {
            println!("refused {} {fault}", fault.ebms());
            ExitCode::from(1)
        }
        Err(error) => {
            println!("{error}");
            ExitCode::from(2)
        }
    })
}

/// The folder and what is in it.
struct Side {
    folder: PathBuf,
}

const PARTY_TYPE: &str = "urn:fdc:peppol.eu:2017:identifiers:ap";

fn party(value: &str) -> PartyId {
    PartyId { value: value.to_owned(), kind: Some(PARTY_TYPE.to_owned()) }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    Timestamp::from_second(i64::try_from(since.as_secs()).expect("for a long time")).expect("in range")
}

impl Side {
    fn of(folder: &str) -> Self {
        Self { folder: Path::new(folder).to_owned() }
    }

    fn path(&self, name: &str, ending: &str) -> PathBuf {
        self.folder.join(format!("{name}.{ending}"))
    }

    fn certificate(&self, name: &str) -> Result<Certificate, Box<dyn Error>> {
        Ok(Certificate::from_pem(&fs::read_to_string(self.path(name, "pem"))?)?)
    }

    fn key(&self, name: &str) -> Result<Arc<PrivateKey>, Box<dyn Error>> {
        Ok(Arc::new(PrivateKey::from_pem(&fs::read_to_string(self.path(name, "key"))?)?))
    }

    fn identity(&self) -> Result<Identity, Box<dyn Error>> {
        Ok(Identity::new(self.key("ours")?, self.certificate("ours")?))
    }

    /// The suite the keys were made for.
    fn suite(&self) -> Result<Suite, Box<dyn Error>> {
        suite_of(&fs::read_to_string(self.folder.join("suite"))?)
    }

    fn trust(&self, sealing: &str) -> Result<Trust, Box<dyn Error>> {
        let expected = if sealing == "sealed" { Expected::Sealed } else { Expected::Clear };
        let pinned = Partner::pinned(party("POP000002"), vec![self.certificate("theirs")?]);
        let partner = Partner { expected, suite: self.suite()?, ..pinned };
        let opener = Opener::new(self.key("ours-sealing")?, self.certificate("ours-sealing")?);
        Ok(Trust::of(vec![party("POP000001")]).with_partner(partner).with_opener(opener))
    }
}

fn suite_of(name: &str) -> Result<Suite, Box<dyn Error>> {
    Ok(serde_json::from_value(serde_json::Value::String(name.to_owned()))?)
}

/// An authority's key and certificate.
type Authority = Result<(PrivateKey, Certificate), Box<dyn Error>>;

/// Makes an authority and writes its certificate.
fn authority(side: &Side) -> Authority {
    let key = PrivateKey::generate(KeyKind::Rsa3072)?;
    let certificate = self_signed(&request(&key, Usage::Authority, "Interoperability Root")?, &key)?;
    fs::write(side.path("authority", "pem"), certificate.to_pem())?;
    Ok((key, certificate))
}

fn keys(side: &Side, suite: &str, authority: Option<Authority>) -> Answer {
    let authority = authority.transpose()?;
    let (signing, sealing) = match suite_of(suite)? {
        Suite::Edelivery115 => (KeyKind::Rsa2048, KeyKind::Rsa2048),
        Suite::Edelivery2 => (KeyKind::Ed25519, KeyKind::X25519),
        Suite::Edelivery2P256 => (KeyKind::P256, KeyKind::P256),
    };
    fs::write(side.folder.join("suite"), suite)?;
    for (name, common_name) in [("ours", "POP000001"), ("theirs", "POP000002")] {
        let key = PrivateKey::generate(signing)?;
        certify(side, name, (&key, Usage::Signing), (common_name, &key), authority.as_ref())?;
        let sealing_key = if signing == sealing {
            PrivateKey::from_pkcs8(key.pkcs8())?
        } else {
            PrivateKey::generate(sealing)?
        };
        let usage = if signing == sealing { Usage::Signing } else { Usage::Sealing };
        certify(
            side,
            &format!("{name}-sealing"),
            (&sealing_key, usage),
            (common_name, &key),
            authority.as_ref(),
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a key and a certificate for it, issued by the authority, else under the signing key of the same name.
fn certify(
    side: &Side,
    name: &str,
    (key, usage): (&PrivateKey, Usage),
    (common_name, by): (&str, &PrivateKey),
    authority: Option<&(PrivateKey, Certificate)>,
) -> Result<(), Box<dyn Error>> {
    let request = request(key, usage, common_name)?;
    let certificate = match authority {
        Some((key, certificate)) => issue(&request, certificate, key)?,
        None => self_signed(&request, by)?,
    };
    fs::write(side.path(name, "key"), key.to_pem().as_bytes())?;
    fs::write(side.path(name, "pem"), certificate.to_pem())?;
    Ok(())
}

fn request(key: &PrivateKey, usage: Usage, common_name: &str) -> Result<Request, Box<dyn Error>> {
    let subject = Subject {
        country: "VN".to_owned(),
        organisation: "Interoperability".to_owned(),
        common_name: common_name.to_owned(),
    };
    Ok(Request {
        subject,
        public_key_info: key.public_key_info()?,
        usage,
        not_before: now() - SignedDuration::from_hours(24),
        not_after: now() + SignedDuration::from_hours(24 * 365),
    })
}

/// Packs the payload: sealed or not, compressed or not, so many times.
fn pack(side: &Side, name: &str, (sealing, form, parts): (&str, &str, &str)) -> Answer {
    let sealing =
        if sealing == "sealed" { Sealing::To(side.certificate("theirs-sealing")?) } else { Sealing::Clear };
    let (compression, mime) = match form {
        "plain" => (Compression::None, "application/octet-stream"),
        _ => (Compression::Gzip, "application/xml"),
    };
    let profile = Profile { suite: side.suite()?, sealing, compression, ..Profile::default() };
    let bytes = fs::read(side.path("payload", "xml"))?;
    let payloads = (0..parts.parse()?).map(|number| payload(number, mime, &bytes)).collect();
    keep(side, name, &exchange::pack(&outgoing(payloads), &side.identity()?, &profile)?)
}

fn ping(side: &Side, name: &str) -> Answer {
    let ping = Outgoing::ping(party("POP000001"), party("POP000002"), fresh_id("ping")?, now());
    let profile = Profile { suite: side.suite()?, ..Profile::default() };
    keep(side, name, &exchange::pack(&ping, &side.identity()?, &profile)?)
}

/// An id nobody has used: a message that came before is not delivered again.
fn fresh_id(what: &str) -> Result<String, Box<dyn Error>> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(format!("{what}-{}@sampan", since.as_nanos()))
}

fn payload(number: u32, mime: &str, bytes: &[u8]) -> Payload {
    Payload {
        content_id: format!("document-{number}@sampan"),
        mime: mime.to_owned(),
        bytes: bytes.to_vec(),
        properties: Vec::new(),
    }
}

fn keep(side: &Side, name: &str, wire: &Wire) -> Answer {
    fs::write(side.path(name, "type"), &wire.content_type)?;
    fs::write(side.path(name, "body"), &wire.body)?;
    fs::write(side.path(name, "sent"), serde_json::to_vec(&wire.sent)?)?;
    Ok(ExitCode::SUCCESS)
}

fn outgoing(payloads: Vec<Payload>) -> Outgoing {
    let participant = |name: &str, value: &str| Property {
        kind: Some("iso6523-actorid-upis".to_owned()),
        ..Property::new(name, value)
    };
    Outgoing {
        message_id: fresh_id("message").expect("the clock is past 1970"),
        conversation_id: "conversation-1".to_owned(),
        ref_to: None,
        from: Party::initiator(party("POP000001")),
        to: Party::responder(party("POP000002")),
        service: Service {
            value: "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0".to_owned(),
            kind: Some("cenbii-procid-ubl".to_owned()),
        },
        action: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice".to_owned(),
        agreement_ref: Some(AgreementRef { value: "urn:sampan:interop".to_owned(), kind: None, pmode: None }),
        properties: vec![
            participant("originalSender", "9932:9999999999"),
            participant("finalRecipient", "9932:1111111111"),
        ],
        payloads,
        timestamp: now(),
    }
}

fn verify(side: &Side, name: &str, sealing: &str) -> Answer {
    let (content_type, body) =
        (fs::read_to_string(side.path(name, "type"))?, fs::read(side.path(name, "body"))?);
    let limits = Limits::default();
    let verified = exchange::open(&content_type, &body, &limits)?.verify(&side.trust(sealing)?, now())?;
    let receipt =
        verified.receipt(&side.identity()?, &format!("receipt-{}@sampan", now().as_second()), now())?;
    println!("accepted {}", verified.message().message_id);
    fs::write(side.path(name, "receipt"), receipt.body)?;
    for (number, payload) in verified.payloads().iter().enumerate() {
        let name = if number == 0 { name.to_owned() } else { format!("{name}-{number}") };
        fs::write(side.path(&name, "payload"), &payload.bytes)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn receipt(side: &Side, name: &str, signal: &str) -> Answer {
    let sent: SentDigests = serde_json::from_slice(&fs::read(side.path(name, "sent"))?)?;
    let (content_type, body) =
        (fs::read_to_string(side.path(signal, "type"))?, fs::read(side.path(signal, "body"))?);
    match exchange::read_signal(&content_type, &body, &side.trust("clear")?, now(), &Limits::default())? {
        Signal::Receipt(receipt) => {
            exchange::check_receipt(&sent, &receipt)?;
            println!("receipted by {}", receipt.signer);
            Ok(ExitCode::SUCCESS)
        }
        Signal::Errors(errors) => {
            errors.errors.iter().for_each(|error| println!("peer: {} {:?}", error.code, error.description));
            Ok(ExitCode::from(1))
        }
    }
}
