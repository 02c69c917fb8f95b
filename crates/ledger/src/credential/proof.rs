//! Statements that carry their proof in themselves: JSON documents with data integrity (W3C), of the suite
//! `eddsa-jcs-2022`, whose form to sign needs no knowledge of linked data.

use ed25519_dalek::SIGNATURE_LENGTH;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::canonical::canonical;
use super::{Refused, Trusted, base58, moment};

/// The document without its proof, once that holds.
pub(super) fn proved(mut document: Value, trusted: &Trusted, now: i64) -> Result<Value, Refused> {
    let proof = one(document["proof"].take())?;
    if let Some(members) = document.as_object_mut() {
        members.remove("proof");
    }
    for (name, wanted) in [("type", "DataIntegrityProof"), ("cryptosuite", SUITE), ("proofPurpose", PURPOSE)]
    {
        if proof[name] != wanted {
            return Err(unreadable(&format!("{name} {}", proof[name])));
        }
    }
    // What stands on another proof says less than it seems where that one is not looked at.
    if !proof["previousProof"].is_null() {
        return Err(unreadable("previousProof"));
    }
    expect_current(&proof, now)?;
    let issuer = super::check::issuer(&document);
    let method = proof["verificationMethod"].as_str().map(str::to_owned);
    let signature = proof["proofValue"].as_str().and_then(|text| text.strip_prefix('z'));
    let signature = signature.and_then(|text| base58::decode(text, SIGNATURE_LENGTH * 2));
    let covered = covered(&document, proof)?;
    trusted.holds((&issuer, method.as_deref()), "EdDSA", (&covered, signature))?;
    Ok(document)
}

/// The one proof: several would have to be weighed against each other.
fn one(proof: Value) -> Result<Value, Refused> {
    match proof {
        Value::Array(mut proofs) if proofs.len() == 1 => Ok(proofs.remove(0)),
        proof @ Value::Object(_) => Ok(proof),
        Value::Array(_) => Err(unreadable("several proofs")),
        _ => Err(unreadable("no proof")),
    }
}

/// What is signed: the digests of the proof without its value and of the document without its proof (vc-di-eddsa 3.3).
fn covered(document: &Value, mut proof: Value) -> Result<Vec<u8>, Refused> {
    let mut document = document.clone();
    if let Some(members) = proof.as_object_mut() {
        members.remove("proofValue");
    }
    let context = &proof["@context"];
    if !context.is_null() {
        if !begins(&document["@context"], context) {
            return Err(unreadable("@context"));
        }
        document["@context"] = context.clone();
    }
    let digest = |value: &Value| Sha256::digest(canonical(value).as_bytes());
    Ok([digest(&proof), digest(&document)].concat())
}

/// Whether a context begins with all of another.
fn begins(context: &Value, with: &Value) -> bool {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    list(context).starts_with(&list(with))
}

fn expect_current(proof: &Value, now: i64) -> Result<(), Refused> {
    let moment = |name: &str| match &proof[name] {
        Value::Null => Ok(None),
        said => said.as_str().and_then(moment::seconds).map(Some).ok_or_else(|| unreadable(name)),
    };
    moment("created")?;
    match moment("expires")? {
        Some(until) if now > until => Err(Refused::new("credential-expired", moment::text(until))),
        _ => Ok(()),
    }
}

fn unreadable(what: &str) -> Refused {
    Refused::new("credential-unreadable", what)
}

const SUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{PublicKey, verify};
    use super::*;

    /// The published example of the suite (W3C vc-di-eddsa, TestVectors/eddsa-jcs-2022).
    const SIGNED: &str = include_str!("../../tests/vectors/eddsa-jcs-2022.json");
    const NOW: &str = "2026-11-28T01:00:00Z";

    fn trusted() -> Trusted {
        let key = PublicKey::of_multikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").expect("a key");
        Trusted::default().with_key("https://vc.example/issuers/5678", key)
    }

    fn hexadecimal(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_published_document_has_the_published_digest_and_holds() {
        let mut document: Value = serde_json::from_str(SIGNED).expect("JSON");
        let proof = document.as_object_mut().and_then(|members| members.remove("proof")).expect("a proof");
        let covered = hexadecimal(&covered(&document, proof).expect("readable"));
        let of_document = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19";
        assert_eq!(covered.split_at(64).1, of_document, "the published digest of the document");
        let shown = verify(SIGNED, &trusted(), NOW).expect("it holds");
        assert_eq!((shown.kind.as_str(), shown.kept_back), ("AlumniCredential", 0));
        assert_eq!(shown.subject["alumniOf"], "The School of Examples");
    }

    #[test]
    fn nothing_in_it_can_be_changed() {
        let code = |document: &Value| {
            verify(&document.to_string(), &trusted(), NOW).map(drop).map_err(|refused| refused.code)
        };
        let signed: Value = serde_json::from_str(SIGNED).expect("JSON");
        let changed = |pointer: &str, value: Value| {
            let mut document = signed.clone();
            *document.pointer_mut(pointer).expect(pointer) = value;
            code(&document)
        };
        let wrong = Err("credential-signature-wrong");
        assert_eq!(changed("/credentialSubject/alumniOf", json!("Another School")), wrong);
        assert_eq!(changed("/proof/created", json!("2023-02-24T23:36:39Z")), wrong);
        assert_eq!(changed("/proof/proofValue", json!("z")), wrong);
        assert_eq!(changed("/issuer", json!("https://other.example")), Err("credential-issuer-unknown"));
        let other = json!("https://other.example#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
        assert_eq!(changed("/proof/verificationMethod", other), Err("credential-issuer-unknown"));
        let unreadable = Err("credential-unreadable");
        assert_eq!(changed("/proof/cryptosuite", json!("eddsa-rdfc-2022")), unreadable);
        assert_eq!(changed("/proof/proofPurpose", json!("authentication")), unreadable);
        assert_eq!(changed("/@context/0", json!("https://other.example")), unreadable);
        assert_eq!(changed("/proof", json!([])), unreadable);
        let mut more = signed.clone();
        more["credentialSubject"]["grade"] = json!("A");
        assert_eq!(code(&more), wrong);
        let mut ended = signed;
        ended["proof"]["expires"] = json!("2026-11-28T00:59:59Z");
        assert_eq!(code(&ended), Err("credential-expired"));
    }
}
