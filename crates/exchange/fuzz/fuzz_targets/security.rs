//! A signed and sealed message, changed: it is refused, or what it says is what was signed.
#![no_main]

use std::sync::{Arc, LazyLock};

use exchange::certificate::{Request, Subject, Usage, self_signed};
use exchange::keys::{KeyKind, PrivateKey};
use exchange::{
    Certificate, Expected, Identity, Limits, Opener, Outgoing, Partner, PartyId, Payload, Profile, Sealing,
    Service, Suite, Trust, Wire, open, pack,
};

struct Made {
    wire: Wire,
    trust: Trust,
}

static MADE: LazyLock<Made> = LazyLock::new(|| {
    let (signing, sealing) = (key(KeyKind::Ed25519), key(KeyKind::X25519));
    let certificate = certified(&signing, Usage::Signing, &signing);
    let theirs = certified(&sealing, Usage::Sealing, &signing);
    let ping = Outgoing::ping(PartyId::unregistered("VN"), PartyId::unregistered("TH"), "1@vn".into(), now());
    let payload = Payload {
        content_id: "d@vn".into(),
        mime: "application/xml".into(),
        bytes: b"<a>forty</a>".to_vec(),
        properties: Vec::new(),
    };
    let service = Service { value: "s".into(), kind: None };
    let outgoing = Outgoing { payloads: vec![payload], service, ..ping };
    let profile =
        Profile { suite: Suite::Edelivery2, sealing: Sealing::To(theirs.clone()), ..Profile::default() };
    let identity = Identity::new(signing, certificate.clone());
    let wire = pack(&outgoing, &identity, &profile).expect("packed");
    let partner = Partner {
        suite: Suite::Edelivery2,
        expected: Expected::Sealed,
        ..Partner::pinned(PartyId::unregistered("VN"), vec![certificate])
    };
    let trust = Trust::of(vec![PartyId::unregistered("TH")])
        .with_partner(partner)
        .with_opener(Opener::new(sealing, theirs));
    Made { wire, trust }
});

fn key(kind: KeyKind) -> Arc<PrivateKey> {
    Arc::new(PrivateKey::generate(kind).expect("made"))
}

fn now() -> jiff::Timestamp {
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

// Bytes say what to change: a place, how much to cut, and what to put there.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Made { wire, trust } = &*MADE;
    let mut body = wire.body.clone();
    let mut rest = bytes;
    while let [a, b, cut, put, tail @ ..] = rest {
        let at = usize::from(u16::from_be_bytes([*a, *b])) % body.len().max(1);
        let end = (at + usize::from(*cut)).min(body.len());
        let (new, tail) = tail.split_at(usize::from(*put).min(tail.len()));
        body.splice(at..end, new.iter().copied());
        rest = tail;
    }
    let limits = Limits::default();
    let verified = open(&wire.content_type, &body, &limits).and_then(|it| it.verify(trust, now()));
    if let Ok(verified) = verified {
        assert_eq!(verified.payloads()[0].bytes, b"<a>forty</a>");
        assert_eq!(verified.references(), wire.sent.references);
        assert_eq!(verified.message().action, exchange::names::ebms::PING_ACTION);
    }
});
