//! The properties of the fuzz targets on the stable compiler: seeds of our own making, mutated for so many seconds.
//!
//! ```sh
//! cargo run --release -p exchange --example fuzz -- 60
//! ```
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program looks at the clock and prints"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use exchange::certificate::{OcspResponse, Request, RevocationList, Subject, Usage, revoke, self_signed};
use exchange::hub::{Call, answer};
use exchange::keys::{KeyKind, PrivateKey};
use exchange::stream::Intake;
use exchange::{
    Certificate, Expected, Identity, Limits, Opener, Outgoing, Partner, PartyId, Payload, Profile, Sealing,
    Service, Suite, Trust, Wire, doctor, open, pack,
};
use jiff::Timestamp;

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or_default()
    }

    /// The bytes with a few things changed: cut, doubled, overwritten, or with a word put in that means something there.
    fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(out.len());
            let end = (at + self.below(24)).min(out.len());
            match self.below(5) {
                0 => drop(out.splice(at..end, [])),
                1 => drop(out.splice(at..at, bytes[at.min(bytes.len())..end.min(bytes.len())].to_vec())),
                2 => {
                    if let Some(byte) = out.get_mut(at) {
                        *byte ^= 1 << self.below(8);
                    }
                }
                3 => drop(out.splice(at..end, WORDS[self.below(WORDS.len())].bytes())),
                _ => out.truncate(at.max(1)),
            }
        }
        out
    }
}

const WORDS: [&str; 16] = [
    "\r\n--b\r\n",
    "--b--",
    "\n",
    "Content-ID: <d@vn>\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "<",
    "/>",
    "]]>",
    "xmlns=''",
    " Id='x'",
    "<ds:Signature/>",
    "<S12:Header>",
    "cid:",
    "&#13;",
    "\u{feff}",
    "wsu:Id=\"body\"",
];

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10);
    let until = Instant::now() + Duration::from_secs(seconds);
    let made = Made::new();
    let (mut dice, mut rounds, mut accepted) = (Dice(0x9e37_79b9_7f4a_7c15), 0_u64, 0_u64);
    while Instant::now() < until {
        let body = dice.mutated(&made.wire.body);
        accepted += u64::from(made.security(&body));
        made.alike(&body, 1 + dice.below(300));
        let _ = doctor::examine(&body, &Limits::default());
        let list = dice.mutated(&made.list);
        let _ = RevocationList::from_der(&list, &made.certificate);
        let _ = OcspResponse::from_der(&list, &made.certificate, now());
        let _ =
            Certificate::from_der(&dice.mutated(made.certificate.der())).map(|it| it.revocation_addresses());
        let _ = answer(&Call::PullAll, 200, &dice.mutated(HUB.as_bytes()));
        rounds += 1;
    }
    println!("{{\"rounds\":{rounds},\"accepted_unchanged\":{accepted}}}");
}

const HUB: &str = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><h:PULLImportEnvelopeResponse \
    xmlns:h='http://ephyto.ippc.int/' xmlns='http://ephyto.ippc.int/HUB.Entities'><h:PULLImportEnvelopesResult><Envelope><From>VN</From><To>TH</To>\
    <CertificateType>851</CertificateType><CertificateStatus>70</CertificateStatus><NPPOCertificateNumber>1</NPPOCertificateNumber>\
    <Content>&lt;a/&gt;</Content></Envelope></h:PULLImportEnvelopesResult></h:PULLImportEnvelopeResponse></s:Body></s:Envelope>";

struct Made {
    wire: Wire,
    trust: Trust,
    certificate: Certificate,
    list: Vec<u8>,
}

impl Made {
    fn new() -> Self {
        let (signing, sealing) = (key(KeyKind::Ed25519), key(KeyKind::X25519));
        let certificate = certified(&signing, Usage::Authority, &signing);
        let theirs = certified(&sealing, Usage::Sealing, &signing);
        let ids = (PartyId::unregistered("VN"), PartyId::unregistered("TH"));
        let payload = |id: &str| Payload {
            content_id: id.into(),
            mime: "application/xml".into(),
            bytes: b"<a>forty</a>".to_vec(),
            properties: Vec::new(),
        };
        let outgoing = Outgoing {
            payloads: vec![payload("d@vn"), payload("e@vn")],
            service: Service { value: "s".into(), kind: None },
            ..Outgoing::ping(ids.0.clone(), ids.1.clone(), "1@vn".into(), now())
        };
        let profile =
            Profile { suite: Suite::Edelivery2, sealing: Sealing::To(theirs.clone()), ..Profile::default() };
        let identity = Identity::new(Arc::clone(&signing) as _, certificate.clone());
        let wire = pack(&outgoing, &identity, &profile).expect("packed");
        let partner = Partner {
            suite: Suite::Edelivery2,
            expected: Expected::Sealed,
            ..Partner::pinned(ids.0, vec![certificate.clone()])
        };
        let trust =
            Trust::of(vec![ids.1]).with_partner(partner).with_opener(Opener::new(sealing, theirs.clone()));
        let list = revoke(&[&theirs], (now(), now()), &certificate, &*signing).expect("issued");
        Self { wire, trust, certificate, list }
    }

    /// Whether a changed body is accepted; then what it says is what was signed.
    fn security(&self, body: &[u8]) -> bool {
        let limits = Limits::default();
        let verified =
            open(&self.wire.content_type, body, &limits).and_then(|it| it.verify(&self.trust, now()));
        let Ok(verified) = verified else { return false };
        assert!(verified.payloads().iter().all(|payload| payload.bytes == b"<a>forty</a>"));
        assert_eq!(verified.references(), self.wire.sent.references);
        true
    }

    /// A body at hand and a piece at a time are taken apart alike.
    fn alike(&self, body: &[u8], piece: usize) {
        let (limits, content_type) = (Limits::default(), &self.wire.content_type);
        let whole = open(content_type, body, &limits).map(drop).map_err(|fault| fault.ebms());
        let pieces = Intake::new(content_type, &limits).and_then(|mut intake| {
            body.chunks(piece).try_for_each(|chunk| intake.push(chunk))?;
            intake.finish().map(drop)
        });
        assert_eq!(whole, pieces.map_err(|fault| fault.ebms()));
    }
}

fn key(kind: KeyKind) -> Arc<PrivateKey> {
    Arc::new(PrivateKey::generate(kind).expect("made"))
}

fn now() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().expect("a moment")
}

fn certified(key: &PrivateKey, usage: Usage, by: &PrivateKey) -> Certificate {
    let request = Request {
        subject: Subject { country: "VN".into(), organisation: "C".into(), common_name: "VN".into() },
        public_key_info: key.public_key_info().expect("public"),
        usage,
        not_before: "2026-01-01T00:00:00Z".parse().expect("a moment"),
        not_after: "2028-01-01T00:00:00Z".parse().expect("a moment"),
    };
    self_signed(&request, by).expect("issued")
}
