//! Who shows a statement: a holder whose key the issuer named proves, for one reader and one occasion, that it holds that key
//! (key binding, RFC 9901, 4.3). A statement without such a key is anybody's to show, as a paper is.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::check::parts;
use super::{PublicKey, Refused, decode, encode, moment};

/// Who shows a statement, as far as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// It names no holder.
    Anybody,
    /// It names a holder's key, and whoever shows it did not prove to have it.
    Unproved,
    /// Its holder proved to have the key it names.
    Proved(Binding),
}

/// What a holder's proof was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// To whom it is shown.
    pub audience: String,
    /// What that reader asked to be repeated, so that the proof is no old one.
    pub nonce: String,
    /// When it was made, in seconds since 1970.
    pub made: i64,
}

/// What a reader asked whoever shows a statement to prove.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The reader's own name.
    pub audience: &'a str,
    /// What was to be repeated.
    pub nonce: &'a str,
}

impl Holder {
    /// Whether the holder proved to be one for this reader and this occasion, at this moment (RFC 3339, UTC).
    ///
    /// # Errors
    /// `credential-holder-unproved`, `credential-holder-wrong`.
    pub fn answers(&self, asked: Asked<'_>, now: &str) -> Result<(), Refused> {
        let Self::Proved(binding) = self else {
            return Err(Refused::new("credential-holder-unproved", asked.audience));
        };
        if binding.audience != asked.audience {
            return Err(wrong(&binding.audience));
        }
        if binding.nonce != asked.nonce {
            return Err(wrong(&binding.nonce));
        }
        let age = moment::seconds(now).ok_or_else(|| wrong(now))? - binding.made;
        if age > SECONDS_MAX { Err(wrong(&moment::text(binding.made))) } else { Ok(()) }
    }

    /// Checks the proof that stands behind what is shown; `shown` is all before it, the last tilde included.
    pub(super) fn of(payload: &Value, shown: &str, proof: &str, now: i64) -> Result<Self, Refused> {
        let named = &payload["cnf"];
        match (named.is_null(), proof.is_empty()) {
            (true, true) => return Ok(Self::Anybody),
            (false, true) => return Ok(Self::Unproved),
            // Who proves to have a key nobody asked for proves nothing.
            (true, false) => return Err(wrong("cnf")),
            (false, false) => {}
        }
        let key = PublicKey::of_jwk(&named["jwk"]).ok_or_else(|| wrong("cnf"))?;
        let token = parts(proof)?;
        if token.head["typ"] != TYPE {
            return Err(wrong(&token.head["typ"].to_string()));
        }
        let algorithm = token.head["alg"].as_str().unwrap_or_default();
        let signature = decode(token.signature).unwrap_or_default();
        if !key.holds(algorithm, token.covered.as_bytes(), &signature) {
            return Err(wrong("signature"));
        }
        let said = &token.payload;
        if said["sd_hash"].as_str() != Some(&encode(&Sha256::digest(shown.as_bytes()))) {
            return Err(wrong("sd_hash"));
        }
        let word = |name: &str| said[name].as_str().map(str::to_owned).ok_or_else(|| wrong(name));
        let made = said["iat"].as_i64().ok_or_else(|| wrong("iat"))?;
        if made > now.saturating_add(AHEAD_SECONDS) {
            return Err(wrong(&moment::text(made)));
        }
        Ok(Self::Proved(Binding { audience: word("aud")?, nonce: word("nonce")?, made }))
    }
}

fn wrong(what: &str) -> Refused {
    Refused::new("credential-holder-wrong", what)
}

/// The type in the head of a holder's proof.
pub(super) const TYPE: &str = "kb+jwt";
/// How old a proof may be, and how far another clock may be ahead, in seconds.
const SECONDS_MAX: i64 = 300;
const AHEAD_SECONDS: i64 = 60;

#[cfg(test)]
mod tests {
    use super::super::{Trusted, verify};
    use super::*;

    /// RFC 9901, appendix A.3, as its holder shows it to a verifier; the issuer's key is that of appendix A.5.
    const SHOWN: &str = include_str!("../../tests/vectors/rfc9901-a.3-kb.txt");
    const NOW: &str = "2025-05-28T17:45:00Z";
    const ASKED: Asked<'_> = Asked { audience: "https://verifier.example.org", nonce: "1234567890" };

    fn trusted() -> Trusted {
        let key = serde_json::json!({"kty": "EC", "crv": "P-256", "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
            "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"});
        let key = PublicKey::of_jwk(&key).expect("a point of the curve");
        Trusted::default().with_key("https://pid-issuer.bund.de.example", key)
    }

    #[test]
    fn the_published_presentation_is_its_holder_s() {
        let shown = verify(SHOWN, &trusted(), NOW).expect("it holds");
        assert_eq!(shown.holder.answers(ASKED, NOW), Ok(()));
        assert_eq!(shown.kind, "urn:eudi:pid:de:1");
        let code =
            |asked: Asked<'_>, now: &str| shown.holder.answers(asked, now).map_err(|refused| refused.code);
        assert_eq!(
            code(Asked { audience: "https://other.example", ..ASKED }, NOW),
            Err("credential-holder-wrong")
        );
        assert_eq!(code(Asked { nonce: "1234567891", ..ASKED }, NOW), Err("credential-holder-wrong"));
        assert_eq!(code(ASKED, "2025-05-28T18:45:00Z"), Err("credential-holder-wrong"));
    }

    #[test]
    fn a_proof_goes_with_what_it_was_made_over_and_nothing_else() {
        let (front, proof) = SHOWN.rsplit_once('~').expect("a proof");
        let unproved = verify(&format!("{front}~"), &trusted(), NOW).expect("it holds without");
        assert_eq!(unproved.holder, Holder::Unproved);
        let refused = unproved.holder.answers(ASKED, NOW).expect_err("nobody proved anything");
        assert_eq!(refused.code, "credential-holder-unproved");
        let (fewer, _) = front.rsplit_once('~').expect("a disclosure");
        for (changed, code) in [
            (format!("{fewer}~{proof}"), "credential-holder-wrong"),
            (format!("{SHOWN}~"), "credential-disclosure-wrong"),
            (format!("{front}~{}AA", &proof[..proof.len() - 2]), "credential-holder-wrong"),
            (format!("{front}~{}", proof.replacen('e', "f", 1)), "credential-unreadable"),
        ] {
            assert_eq!(verify(&changed, &trusted(), NOW).map_err(|refused| refused.code).err(), Some(code));
        }
        let early = verify(SHOWN, &trusted(), "2025-05-28T17:40:00Z").map_err(|refused| refused.code);
        assert_eq!(early.err(), Some("credential-holder-wrong"), "made ahead of the reader's clock");
    }

    #[test]
    fn a_proof_is_no_statement() {
        let (_, proof) = SHOWN.rsplit_once('~').expect("a proof");
        let refused = verify(proof, &trusted(), NOW).expect_err("no statement");
        assert_eq!(refused.code, "credential-issuer-unknown");
    }
}
