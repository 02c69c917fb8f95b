//! Guesses why a digest is wrong by trying what is known to go wrong: if the digest fits one of the tries, that was it.

use serde::Serialize;

use crate::certificate::sha256;
use crate::mime::ContentType;
use crate::payload::decompress;
use crate::wss::{base64, signed_octets};
use crate::{Limits, xml};

/// What most likely happened between signing and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Signed as text, without being canonicalised.
    SignedAsWritten,
    /// White space between elements was added or removed after signing, or dropped while canonicalising.
    WhiteSpace,
    /// The inclusive prefix list was left out, or one was used that is not named.
    PrefixList,
    /// An attribute's or an element's prefix was changed after signing, by a component that wrote the XML anew.
    PrefixRewritten,
    /// Line ends were changed on the way.
    LineEnds,
    /// The part was signed before it was compressed.
    SignedBeforeCompressing,
    /// The part was signed after it was encrypted.
    SignedAfterEncrypting,
    /// The part was signed as raw octets although its media type asks for canonical form, or the other way round.
    MediaTypeIgnored,
    /// None of these: the content itself was changed.
    ContentChanged,
}

impl Cause {
    /// What to do about it, in one sentence.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::SignedAsWritten => {
                "the signer digests its text and not the canonical form: report it to its maker"
            }
            Self::WhiteSpace => {
                "something between signer and receiver, or the signer itself, touches white space"
            }
            Self::PrefixList => "signer and message disagree on the inclusive prefix list of the transform",
            Self::PrefixRewritten => {
                "the envelope was written anew after signing, with another namespace prefix"
            }
            Self::LineEnds => "a gateway or mail component changes line ends: send the part compressed",
            Self::SignedBeforeCompressing => {
                "the order is compress, sign, encrypt: the sender signs too early"
            }
            Self::SignedAfterEncrypting => "the order is compress, sign, encrypt: the sender signs too late",
            Self::MediaTypeIgnored => {
                "the sender ignores the media type rules for attachments: send the part compressed"
            }
            Self::ContentChanged => "the content is not what was signed: ask for the original",
        }
    }
}

/// Why an element's digest is wrong. `written` is the element's text in the source, `canonical` what was digested.
pub(super) fn of_element(expected: &str, written: &str, canonical: &[u8]) -> Cause {
    let fits = |octets: &[u8]| base64(&sha256(octets)) == expected;
    if fits(written.as_bytes()) {
        return Cause::SignedAsWritten;
    }
    let text = String::from_utf8_lossy(canonical);
    if fits(without_white_space(&text).as_bytes()) {
        return Cause::WhiteSpace;
    }
    if fits(text.replace('\n', "\r\n").as_bytes()) || fits(text.replace("&#xD;", "").as_bytes()) {
        return Cause::LineEnds;
    }
    if other_prefixes(written, &fits) { Cause::PrefixList } else { rewritten(&text, &fits) }
}

/// Whether the digest fits another inclusive prefix list: none, or every prefix in sight.
fn other_prefixes(written: &str, fits: &dyn Fn(&[u8]) -> bool) -> bool {
    let Ok(document) = xml::parse(written, &Limits::default()) else { return false };
    let root = document.root_element();
    let all: Vec<&str> = root.namespaces().map(|known| known.name().unwrap_or("#default")).collect();
    let each = all.iter().map(std::slice::from_ref);
    each.chain([&[][..], &all]).any(|prefixes| fits(&xml::canonical_element(root, prefixes)))
}

/// Whether the digest fits with the must-understand attribute under another prefix bound to the same namespace.
fn rewritten(canonical: &str, fits: &dyn Fn(&[u8]) -> bool) -> Cause {
    let declared =
        canonical.split("xmlns:").skip(1).filter_map(|rest| rest.split_once('=').map(|(name, _)| name));
    let declared: Vec<&str> = declared.collect();
    for from in &declared {
        for to in declared.iter().filter(|to| *to != from) {
            let swapped =
                canonical.replace(&format!(" {from}:mustUnderstand"), &format!(" {to}:mustUnderstand"));
            if fits(swapped.as_bytes()) {
                return Cause::PrefixRewritten;
            }
        }
    }
    Cause::ContentChanged
}

fn without_white_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive('>') {
        let trimmed = piece.trim_start_matches(['\n', '\t', ' ', '\r']);
        out.push_str(if trimmed.starts_with('<') { trimmed } else { piece });
    }
    out
}

/// Why a part's digest is wrong.
pub(super) fn of_part(expected: &str, content_type: &ContentType, body: &[u8]) -> Cause {
    let limits = Limits::default();
    let fits = |octets: &[u8]| base64(&sha256(octets)) == expected;
    let as_type = |media: &str| {
        let content_type = ContentType::parse(media).ok()?;
        signed_octets(&content_type, body, &limits).ok().map(|octets| fits(&octets))
    };
    if decompress(body, limits.payloads_max, &limits).is_ok_and(|plain| fits(&plain)) {
        return Cause::SignedBeforeCompressing;
    }
    if (content_type.is_xml() || content_type.is_plain_text()) && fits(body) {
        return Cause::MediaTypeIgnored;
    }
    if as_type("application/xml") == Some(true) {
        return Cause::MediaTypeIgnored;
    }
    let unix: Vec<u8> = body.iter().copied().filter(|byte| *byte != b'\r').collect();
    let changed_ends = as_type("text/plain") == Some(true) || fits(&unix);
    if changed_ends { Cause::LineEnds } else { Cause::ContentChanged }
}
