//! Reads a signature and checks it: its value, every digest, and that nothing that matters is left out.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::{Place, TokenRef, base64};
use crate::certificate::{Certificate, sha256};
use crate::ebms::{Reference, Transform, references, unescaped};
use crate::names::algorithm;
use crate::names::ns::DS;
use crate::profile::SignatureKind;
use crate::xml::{base64_text, canonical_element, child, one};
use crate::{Fault, Why};

/// A signature as it was read, nothing of it checked yet.
#[derive(Debug)]
pub(crate) struct Signature<'a, 'i> {
    signed_info: Node<'a, 'i>,
    value: Vec<u8>,
    /// The algorithm.
    pub(crate) kind: SignatureKind,
    /// Who is said to have signed.
    pub(crate) signer: TokenRef,
    /// What is said to be signed.
    pub(crate) references: Vec<Reference>,
}

/// One reference digested anew.
#[derive(Debug)]
pub(crate) struct Digested<'r> {
    /// The reference.
    pub(crate) reference: &'r Reference,
    /// The element as it stands in the message.
    pub(crate) written: &'r str,
    /// The octets that were digested.
    pub(crate) octets: Vec<u8>,
    /// What came out, in base64.
    pub(crate) actual: String,
}

impl Digested<'_> {
    /// Whether it is what was signed.
    pub(crate) fn matches(&self) -> bool {
        self.reference.digest == self.actual
    }
}

impl<'a, 'i> Signature<'a, 'i> {
    /// Reads the one signature of the security header.
    ///
    /// # Errors
    /// [`Why::Unsigned`] without one, [`Why::AlgorithmRefused`] or [`Why::SecurityShape`] outside the closed list.
    pub(crate) fn read(place: &Place<'a, 'i>) -> Result<Self, Fault> {
        let unsigned = || Fault::new(Why::Unsigned, "the message carries no signature");
        let security = place.security.ok_or_else(unsigned)?;
        let signature = child(security, DS, "Signature").ok_or_else(unsigned)?;
        let signed_info = one(signature, DS, "SignedInfo").map_err(shape)?;
        let method = one(signed_info, DS, "CanonicalizationMethod").map_err(shape)?;
        if method.attribute("Algorithm") != Some(algorithm::EXC_C14N) {
            return Err(refused(method.attribute("Algorithm")));
        }
        let method = one(signed_info, DS, "SignatureMethod").map_err(shape)?.attribute("Algorithm");
        let kind = method.and_then(SignatureKind::from_uri).ok_or_else(|| refused(method))?;
        let references = references(signed_info).map_err(shape)?;
        refuse_odd(&references)?;
        let value = base64_text(one(signature, DS, "SignatureValue").map_err(shape)?);
        Ok(Self {
            signed_info,
            value: value.map_err(|fault| Fault::new(Why::SignatureWrong, fault.detail))?,
            kind,
            signer: TokenRef::read(one(signature, DS, "KeyInfo").map_err(shape)?, place)?,
            references,
        })
    }

    /// `ds:SignedInfo` in canonical form: the octets that are signed.
    pub(crate) fn signed_octets(&self) -> Vec<u8> {
        let method = child(self.signed_info, DS, "CanonicalizationMethod");
        let prefixes = method.and_then(crate::ebms::prefix_list).unwrap_or_default();
        canonical_element(self.signed_info, &prefixes.split_ascii_whitespace().collect::<Vec<_>>())
    }

    /// Checks the value against the signer's certificate.
    ///
    /// # Errors
    /// [`Why::SignatureWrong`].
    pub(crate) fn expect_value(&self, certificate: &Certificate) -> Result<(), Fault> {
        match certificate.verifies(self.kind, &self.signed_octets(), &self.value) {
            true => Ok(()),
            false => {
                Err(Fault::new(Why::SignatureWrong, "the signature does not verify with the signer's key"))
            }
        }
    }

    /// As [`Signature::expect_value`], for keys too weak for traffic as well.
    pub(crate) fn has_value_of(&self, certificate: &Certificate) -> bool {
        certificate.verifies_weakly(self.kind, &self.signed_octets(), &self.value)
    }

    /// Digests every element reference anew.
    ///
    /// # Errors
    /// [`Why::ReferenceRefused`] for a reference to anything a signature may not cover in its place.
    pub(crate) fn elements<'r>(&'r self, place: &Place<'r, 'i>) -> Result<Vec<Digested<'r>>, Fault> {
        let elements = self.references.iter().filter(|reference| !is_part(reference));
        elements.map(|reference| digest_element(reference, place)).collect()
    }

    /// The references to parts by `Content-ID`.
    ///
    /// # Errors
    /// [`Why::ReferenceRefused`] for an id that cannot be read or that is signed twice.
    pub(crate) fn parts(&self) -> Result<BTreeMap<String, &Reference>, Fault> {
        let mut parts = BTreeMap::new();
        for reference in self.references.iter().filter(|reference| is_part(reference)) {
            let id = reference.uri.strip_prefix(CID).and_then(unescaped);
            let id = id.ok_or_else(|| Fault::new(Why::ReferenceRefused, &reference.uri))?;
            if parts.insert(id, reference).is_some() {
                return Err(Fault::new(Why::ReferenceRefused, format!("{} is signed twice", reference.uri)));
            }
        }
        Ok(parts)
    }

    /// Refuses a signature that leaves out the header, the body or one of these parts.
    ///
    /// # Errors
    /// [`Why::NotCovered`].
    pub(crate) fn expect_coverage<'p>(
        &self,
        place: &Place<'a, 'i>,
        parts: impl Iterator<Item = &'p str>,
    ) -> Result<(), Fault> {
        let signed: Vec<Node<'_, '_>> =
            self.references.iter().filter_map(|each| place.signable(each.uri.strip_prefix('#')?)).collect();
        let missing = |what: &str| Fault::new(Why::NotCovered, format!("{what} is not signed"));
        if !signed.contains(&place.messaging) {
            return Err(missing("eb:Messaging"));
        }
        if !signed.contains(&place.body) {
            return Err(missing("the SOAP body"));
        }
        let covered = self.parts()?;
        for part in parts {
            covered.get(part).ok_or_else(|| missing(part))?;
        }
        Ok(())
    }
}

/// Whether a part's octets are what was signed.
pub(crate) fn part_matches(reference: &Reference, octets: &[u8]) -> bool {
    reference.digest == base64(&sha256(octets))
}

fn digest_element<'r>(reference: &'r Reference, place: &Place<'r, '_>) -> Result<Digested<'r>, Fault> {
    let node = reference.uri.strip_prefix('#').and_then(|id| place.signable(id));
    let node = node
        .ok_or_else(|| Fault::new(Why::ReferenceRefused, format!("{} may not be signed", reference.uri)))?;
    let prefixes = reference.transforms.first().and_then(|transform| transform.prefixes.as_deref());
    let prefixes: Vec<&str> = prefixes.unwrap_or_default().split_ascii_whitespace().collect();
    let octets = canonical_element(node, &prefixes);
    let actual = base64(&sha256(&octets));
    let written = &node.document().input_text()[node.range()];
    Ok(Digested { reference, written, octets, actual })
}

fn is_part(reference: &Reference) -> bool {
    reference.uri.starts_with(CID)
}

/// Every reference must use the one transform of its kind and SHA-256, and no URI may stand twice.
fn refuse_odd(references: &[Reference]) -> Result<(), Fault> {
    for (at, reference) in references.iter().enumerate() {
        let expected = if is_part(reference) { algorithm::ATTACHMENT_CONTENT } else { algorithm::EXC_C14N };
        let [Transform { algorithm, .. }] = reference.transforms.as_slice() else {
            return Err(refused(Some("a reference needs exactly one transform")));
        };
        if algorithm != expected {
            return Err(refused(Some(algorithm)));
        }
        if reference.method != algorithm::SHA256 {
            return Err(refused(Some(&reference.method)));
        }
        if references[..at].iter().any(|earlier| earlier.uri == reference.uri) {
            return Err(Fault::new(Why::ReferenceRefused, format!("{} is signed twice", reference.uri)));
        }
    }
    Ok(())
}

fn refused(algorithm: Option<&str>) -> Fault {
    Fault::new(Why::AlgorithmRefused, algorithm.unwrap_or("an algorithm is missing"))
}

fn shape(fault: Fault) -> Fault {
    Fault::new(Why::SecurityShape, fault.detail)
}

const CID: &str = "cid:";
