//! A partner gone wrong: messages that are validly signed by Hanoi and still break the profile.
//!
//! The forger's key signs what the forger made of `ds:SignedInfo`, so that only the policy under test can refuse it.

use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use exchange::keys::{KeyFault, Sign};
use exchange::{Expected, Identity, Outgoing, Profile, Sealing, SignatureKind, Suite, Wire, pack};

use crate::nodes::{BANGKOK, HANOI, packed};

/// What is changed before signing. Each function gets canonical text and gives canonical text.
pub(crate) struct Forgery {
    pub(crate) messaging: fn(&str) -> String,
    pub(crate) signed_info: fn(&str) -> String,
}

impl Default for Forgery {
    fn default() -> Self {
        Self { messaging: str::to_owned, signed_info: str::to_owned }
    }
}

/// Packs with the profile, changes what the forgery says, and signs the result.
pub(crate) fn forged(outgoing: &Outgoing, profile: &Profile, forgery: &Forgery) -> Wire {
    let honest = pack(outgoing, &HANOI.identity(profile.suite), profile).expect("packed");
    let text = String::from_utf8_lossy(&honest.body);
    let messaging = between(&text, "<eb:Messaging", "</eb:Messaging>");
    let changed = (forgery.messaging)(messaging);
    let swap = (base64_sha256(messaging.as_bytes()), base64_sha256(changed.as_bytes()));
    let forger = Arc::new(Forger { swap, edit: forgery.signed_info, seen: Mutex::default() });
    let identity = HANOI.identity(profile.suite);
    let forging = Identity::new(Arc::clone(&forger) as Arc<dyn Sign>, identity.certificate().clone());
    let mut wire = pack(outgoing, &forging, profile).expect("packed");
    let (before, after) = forger.seen.lock().expect("one thread").take().expect("something was signed");
    wire.body = replaced(&wire.body, before.as_bytes(), after.as_bytes());
    wire.body = replaced(&wire.body, messaging.as_bytes(), changed.as_bytes());
    wire
}

/// A forgery of a message in suite 1.15.
pub(crate) fn forged_115(outgoing: &Outgoing, expected: Expected, forgery: &Forgery) -> Wire {
    let suite = Suite::Edelivery115;
    let sealing = match expected {
        Expected::Clear | Expected::Either => Sealing::Clear,
        Expected::Sealed => Sealing::To(BANGKOK.sealing_certificate(suite)),
    };
    forged(outgoing, &Profile { suite, sealing, ..Profile::default() }, forgery)
}

/// An honest message with some octets replaced after signing.
pub(crate) fn tampered(outgoing: &Outgoing, expected: Expected, from: &str, to: &str) -> Wire {
    let mut wire = packed(outgoing, Suite::Edelivery115, expected);
    wire.body = replaced(&wire.body, from.as_bytes(), to.as_bytes());
    wire
}

struct Forger {
    swap: (String, String),
    edit: fn(&str) -> String,
    seen: Mutex<Option<(String, String)>>,
}

impl Sign for Forger {
    fn signature_kind(&self) -> SignatureKind {
        SignatureKind::RsaSha256
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let before = String::from_utf8(message.to_vec()).expect("canonical form is UTF-8");
        let after = (self.edit)(&before.replace(&self.swap.0, &self.swap.1));
        let value = HANOI.sign(after.as_bytes());
        *self.seen.lock().expect("one thread") = Some((before, after));
        value
    }
}

/// The text from the start of `from` to the end of `to`.
pub(crate) fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).expect("the start is there");
    let end = text[start..].find(to).expect("the end is there");
    &text[start..start + end + to.len()]
}

/// Every occurrence replaced; there must be one.
pub(crate) fn replaced(body: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let (mut rest, mut found) = (body, 0);
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
        found += 1;
    }
    assert!(found > 0, "{} is not in the message", String::from_utf8_lossy(from));
    out.extend_from_slice(rest);
    out
}

pub(crate) fn base64_sha256(octets: &[u8]) -> String {
    STANDARD.encode(digest(&SHA256, octets))
}
