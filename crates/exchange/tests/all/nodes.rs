//! Two nodes with keys of every suite, and the messages they send each other in tests.

use std::sync::{Arc, LazyLock};

use exchange::certificate::{Request, Subject, Usage, self_signed};
use exchange::keys::{KeyKind, PrivateKey, Sign};
use exchange::{
    Certificate, Expected, Identity, Limits, Opener, Outgoing, Partner, Party, PartyId, Payload, Profile,
    Property, Sealing, Service, Suite, Trust, Wire,
};
use jiff::Timestamp;

/// One node: keys and certificates for all suites.
pub(crate) struct Node {
    pub(crate) id: PartyId,
    signing: [(Suite, Arc<PrivateKey>, Certificate); 3],
    sealing: [(Suite, Arc<PrivateKey>, Certificate); 3],
}

pub(crate) static HANOI: LazyLock<Node> = LazyLock::new(|| Node::new("VN"));
pub(crate) static BANGKOK: LazyLock<Node> = LazyLock::new(|| Node::new("TH"));
pub(crate) static VIENTIANE: LazyLock<Node> = LazyLock::new(|| Node::new("LA"));

impl Node {
    fn new(country: &str) -> Self {
        let rsa = Arc::new(PrivateKey::generate(KeyKind::Rsa2048).expect("made"));
        let ed25519 = Arc::new(PrivateKey::generate(KeyKind::Ed25519).expect("made"));
        let x25519 = Arc::new(PrivateKey::generate(KeyKind::X25519).expect("made"));
        let p256 = Arc::new(PrivateKey::generate(KeyKind::P256).expect("made"));
        let certified = |suite, key: &Arc<PrivateKey>, usage, by: &Arc<PrivateKey>| {
            (suite, Arc::clone(key), certificate(country, key, usage, &**by))
        };
        Self {
            id: PartyId::unregistered(country),
            signing: [
                certified(Suite::Edelivery115, &rsa, Usage::Signing, &rsa),
                certified(Suite::Edelivery2, &ed25519, Usage::Signing, &ed25519),
                certified(Suite::Edelivery2P256, &p256, Usage::Signing, &p256),
            ],
            sealing: [
                certified(Suite::Edelivery115, &rsa, Usage::Sealing, &rsa),
                certified(Suite::Edelivery2, &x25519, Usage::Sealing, &ed25519),
                certified(Suite::Edelivery2P256, &p256, Usage::Sealing, &p256),
            ],
        }
    }

    pub(crate) fn identity(&self, suite: Suite) -> Identity {
        let (_, key, certificate) = of_suite(&self.signing, suite);
        Identity::new(Arc::clone(key) as Arc<dyn Sign>, certificate.clone())
    }

    pub(crate) fn sealing_certificate(&self, suite: Suite) -> Certificate {
        of_suite(&self.sealing, suite).2.clone()
    }

    pub(crate) fn as_partner(&self, suite: Suite) -> Partner {
        let certificate = self.identity(suite).certificate().clone();
        Partner { suite, ..Partner::pinned(self.id.clone(), vec![certificate]) }
    }

    /// Trust in one partner, with everything that opens what it seals.
    pub(crate) fn trusting(&self, partner: Partner) -> Trust {
        let trust = Trust::of(vec![self.id.clone()]).with_partner(partner);
        self.sealing.iter().fold(trust, |trust, (_, key, certificate)| {
            trust.with_opener(Opener::new(Arc::clone(key) as _, certificate.clone()))
        })
    }
}

fn of_suite(
    all: &[(Suite, Arc<PrivateKey>, Certificate); 3],
    suite: Suite,
) -> &(Suite, Arc<PrivateKey>, Certificate) {
    all.iter().find(|(known, ..)| *known == suite).expect("a node has keys of every suite")
}

pub(crate) fn certificate(name: &str, key: &PrivateKey, usage: Usage, by: &dyn Sign) -> Certificate {
    let request = Request {
        subject: Subject {
            country: "VN".to_owned(),
            organisation: "Customs".to_owned(),
            common_name: name.to_owned(),
        },
        public_key_info: key.public_key_info().expect("public"),
        usage,
        not_before: at("2026-01-01T00:00:00Z"),
        not_after: at("2028-01-01T00:00:00Z"),
    };
    self_signed(&request, by).expect("issued")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

pub(crate) fn now() -> Timestamp {
    at("2026-11-22T06:00:00Z")
}

pub(crate) fn limits() -> Limits {
    Limits::default()
}

/// A message from Hanoi to Bangkok with two payloads.
pub(crate) fn message() -> Outgoing {
    Outgoing {
        message_id: "0191f0c8-1@vn.example".to_owned(),
        conversation_id: "consignment-7".to_owned(),
        ref_to: Some("0191f0c7-9@th.example".to_owned()),
        from: Party::initiator(HANOI.id.clone()),
        to: Party::responder(BANGKOK.id.clone()),
        service: Service { value: "acdd".to_owned(), kind: Some("urn:sampan:service".to_owned()) },
        action: "submit".to_owned(),
        agreement_ref: None,
        properties: vec![Property::new("kind", "acdd <&> \"x\"")],
        payloads: vec![
            payload(
                "doc@vn.example",
                "application/xml",
                "<Declaration>40 kiện hàng</Declaration>\r\n".as_bytes(),
            ),
            payload("photo@vn.example", "image/png", &[0, 13, 10, 45, 45, 255]),
        ],
        timestamp: now(),
    }
}

pub(crate) fn payload(id: &str, mime: &str, bytes: &[u8]) -> Payload {
    Payload {
        content_id: id.to_owned(),
        mime: mime.to_owned(),
        bytes: bytes.to_vec(),
        properties: Vec::new(),
    }
}

/// Hanoi's wire bytes for Bangkok, encrypted or not.
pub(crate) fn packed(outgoing: &Outgoing, suite: Suite, expected: Expected) -> Wire {
    let sealing = match expected {
        Expected::Clear | Expected::Either => Sealing::Clear,
        Expected::Sealed => Sealing::To(BANGKOK.sealing_certificate(suite)),
    };
    let profile = Profile { suite, sealing, ..Profile::default() };
    exchange::pack(outgoing, &HANOI.identity(suite), &profile).expect("packed")
}

/// Bangkok's trust in Hanoi.
pub(crate) fn trust(suite: Suite, expected: Expected) -> Trust {
    BANGKOK.trusting(Partner { expected, ..HANOI.as_partner(suite) })
}

impl Node {
    /// Signs with the key of suite 1.15.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, exchange::keys::KeyFault> {
        of_suite(&self.signing, Suite::Edelivery115).1.sign(message)
    }
}
