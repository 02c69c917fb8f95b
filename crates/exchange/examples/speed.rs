//! How many messages one core takes through pack, verify, receipt and check: `cargo run --release -p exchange
//! --example speed [SECONDS]`. No socket, no disk: what is measured is the calculation alone. Prints one JSON object.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads the clock and prints"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use exchange::certificate::{Request, Subject, Usage, self_signed};
use exchange::keys::{KeyKind, PrivateKey, Sign};
use exchange::{
    Certificate, Expected, Identity, Limits, Opener, Outgoing, Partner, Party, PartyId, Payload, Profile,
    Sealing, Service, Signal, Suite, Trust, Verified, Wire,
};
use jiff::Timestamp;

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(2);
    let mut rows = Vec::new();
    for (suite, name, signing, opening) in [
        (Suite::Edelivery115, "1.15 RSA-2048", KeyKind::Rsa2048, KeyKind::Rsa2048),
        (Suite::Edelivery115, "1.15 RSA-3072", KeyKind::Rsa3072, KeyKind::Rsa3072),
        (Suite::Edelivery2, "2.0 Ed25519/X25519", KeyKind::Ed25519, KeyKind::X25519),
        (Suite::Edelivery2P256, "2.0 P-256", KeyKind::P256, KeyKind::P256),
    ] {
        for expected in [Expected::Clear, Expected::Sealed] {
            let pair = Pair::new(suite, (signing, opening), expected);
            rows.push(pair.measured(name, Duration::from_secs(seconds)));
        }
    }
    println!("{}", serde_json::Value::Array(rows));
}

/// A sender and a receiver.
struct Pair {
    sender: Identity,
    receiver: Identity,
    profile: Profile,
    trust: Trust,
    senders_trust: Trust,
    outgoing: Outgoing,
    limits: Limits,
}

fn now() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().expect("a moment")
}

fn certified(key: &PrivateKey, usage: Usage, by: &dyn Sign) -> Certificate {
    let subject = Subject {
        country: "VN".to_owned(),
        organisation: "Customs".to_owned(),
        common_name: "speed".to_owned(),
    };
    let (not_before, not_after) = (now(), "2027-11-22T06:00:00Z".parse().expect("a moment"));
    let public_key_info = key.public_key_info().expect("public");
    self_signed(&Request { subject, public_key_info, usage, not_before, not_after }, by).expect("issued")
}

impl Pair {
    fn new(suite: Suite, (signing, opening): (KeyKind, KeyKind), expected: Expected) -> Self {
        let key = |kind| Arc::new(PrivateKey::generate(kind).expect("made"));
        let (ours, theirs, opener) = (key(signing), key(signing), key(opening));
        let our_certificate = certified(&ours, Usage::Signing, &*ours);
        let their_certificate = certified(&theirs, Usage::Signing, &*theirs);
        let sealing_certificate = certified(&opener, Usage::Sealing, &*theirs);
        let (us, them) = (PartyId::unregistered("VN"), PartyId::unregistered("TH"));
        let partner = |id: &PartyId, certificate: &Certificate| Partner {
            suite,
            expected,
            ..Partner::pinned(id.clone(), vec![certificate.clone()])
        };
        let sealing = match expected {
            Expected::Sealed => Sealing::To(sealing_certificate.clone()),
            Expected::Clear | Expected::Either => Sealing::Clear,
        };
        Self {
            profile: Profile { suite, sealing, ..Profile::default() },
            trust: Trust::of(vec![them.clone()])
                .with_partner(partner(&us, &our_certificate))
                .with_opener(Opener::new(opener, sealing_certificate)),
            senders_trust: Trust::of(vec![us.clone()]).with_partner(partner(&them, &their_certificate)),
            outgoing: outgoing(us, them),
            sender: Identity::new(ours, our_certificate),
            receiver: Identity::new(theirs, their_certificate),
            limits: Limits::default(),
        }
    }

    fn pack(&self) -> Wire {
        exchange::pack(&self.outgoing, &self.sender, &self.profile).expect("packed")
    }

    fn verify(&self, wire: &Wire) -> Verified {
        let received = exchange::open(&wire.content_type, &wire.body, &self.limits).expect("taken apart");
        received.verify(&self.trust, now()).expect("proved")
    }

    fn receipt(&self, verified: &Verified) -> Wire {
        verified.receipt(&self.receiver, "receipt-1@th.example", now()).expect("signed")
    }

    fn check(&self, sent: &Wire, receipt: &Wire) {
        let read = exchange::read_signal(
            &receipt.content_type,
            &receipt.body,
            &self.senders_trust,
            now(),
            &self.limits,
        );
        let Ok(Signal::Receipt(receipt)) = read else { panic!("not a receipt: {read:?}") };
        exchange::check_receipt(&sent.sent, &receipt).expect("acknowledged");
    }

    fn measured(&self, name: &str, time: Duration) -> serde_json::Value {
        let wire = self.pack();
        let verified = self.verify(&wire);
        let receipt = self.receipt(&verified);
        let micros = |each: &mut dyn FnMut()| {
            let (start, used, mut count) = (Instant::now(), processor_time(), 0_u32);
            while start.elapsed() < time {
                each();
                count += 1;
            }
            let used =
                processor_time().zip(used).map_or_else(|| start.elapsed(), |(after, before)| after - before);
            used.as_secs_f64() * 1e6 / f64::from(count)
        };
        let pack = micros(&mut || drop(self.pack()));
        let verify = micros(&mut || drop(self.verify(&wire)));
        let sign = micros(&mut || drop(self.receipt(&verified)));
        let check = micros(&mut || self.check(&wire, &receipt));
        serde_json::json!({
            "suite": name,
            "sealed": matches!(self.profile.sealing, Sealing::To(_)),
            "pack_us": pack.round(),
            "verify_us": verify.round(),
            "receipt_us": sign.round(),
            "check_us": check.round(),
            "received_per_second": (1e6 / (verify + sign)).round(),
            "whole_per_second": (1e6 / (pack + verify + sign + check)).round(),
            "wire_bytes": wire.body.len(),
            "receipt_bytes": receipt.body.len(),
        })
    }
}

/// Time this program spent on a processor, so that what else runs does not count; `None` where the system does not say.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// A message with 10 KB of XML that compresses about as declarations do.
fn outgoing(us: PartyId, them: PartyId) -> Outgoing {
    let line = |n: u32| {
        format!("<Item n=\"{n}\"><Code>8471.30.{:02}</Code><Quantity>{}</Quantity></Item>", n % 90, n * 7919)
    };
    let body: String = (0..160).map(line).collect();
    let bytes = format!("<Declaration>{body}</Declaration>").into_bytes();
    let mime = "application/xml".to_owned();
    let payload =
        Payload { content_id: "document@vn.example".to_owned(), mime, bytes, properties: Vec::new() };
    Outgoing {
        message_id: "0191f0c8-0000@vn.example".to_owned(),
        conversation_id: "consignment-7".to_owned(),
        ref_to: None,
        from: Party::initiator(us),
        to: Party::responder(them),
        service: Service { value: "urn:sampan:acdd".to_owned(), kind: None },
        action: "submit".to_owned(),
        agreement_ref: None,
        properties: Vec::new(),
        payloads: vec![payload],
        timestamp: now(),
    }
}
