//! The holder's side: a key, the tags of its set, answers to blinded questions.

use voprf::{BlindedElement, EvaluationElement, Group, Proof, VoprfServer};

use crate::question::Fault;
use crate::share::chunks;
use crate::{BATCH, Point, Published, Secret, Suite, Tag};

/// The holder's secret key. A set is published under one key, and its next edition under another.
#[derive(Clone)]
pub struct Key {
    server: VoprfServer<Suite>,
    secret: Secret,
}

/// The holder's public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Public(pub Point);

/// What the holder answers: the evaluated points in the order they were asked, and one proof a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The evaluated points.
    pub evaluated: Vec<Point>,
    /// The proofs, each of 64 bytes.
    pub proofs: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Key").field(&self.public()).finish()
    }
}

impl Key {
    /// The key of this secret for one use of it, such as an edition's name (`DeriveKeyPair`, RFC 9497 section 3.2.1).
    ///
    /// # Errors
    /// [`Fault::Key`] where the use is too long or no key can be derived.
    pub fn derive(secret: &Secret, of: &str) -> Result<Self, Fault> {
        let server = VoprfServer::new_from_seed(&secret.0, of.as_bytes()).map_err(|_| Fault::Key)?;
        Ok(Self { server, secret: secret.clone() })
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> Public {
        Public(<Suite as voprf::CipherSuite>::Group::serialize_elem(self.server.get_public_key()).into())
    }

    /// The tag of each value, in the values' order, calculated on `workers` threads. Empty values and values over 65,535
    /// bytes have none.
    #[must_use]
    pub fn tags<V: AsRef<[u8]> + Sync>(&self, values: &[V], workers: usize) -> Vec<Option<Tag>> {
        let tag = |value: &V| {
            let value = Some(value.as_ref()).filter(|value| !value.is_empty())?;
            self.server.evaluate(value).ok().map(|output| Tag::of(&output))
        };
        chunks(values, BATCH, workers, |_, part| part.iter().map(tag).collect::<Vec<_>>()).concat()
    }

    /// The set as it is published: its values' tags, sorted, so that their order says nothing.
    #[must_use]
    pub fn publish<V: AsRef<[u8]> + Sync>(&self, values: &[V], workers: usize) -> Published {
        Published::new(self.tags(values, workers).into_iter().flatten().collect())
    }

    /// Evaluates blinded points, with proofs. `nonce` keeps the proofs of two questions apart.
    ///
    /// # Errors
    /// [`Fault::Point`] where one is no point of the group.
    pub fn answer(&self, blinded: &[Point], nonce: u64, workers: usize) -> Result<Answer, Fault> {
        let parts = chunks(blinded, BATCH, workers, |number, part| self.answer_part(part, nonce, number));
        let mut answer = Answer { evaluated: Vec::with_capacity(blinded.len()), proofs: Vec::new() };
        for part in parts {
            let (evaluated, proof) = part?;
            answer.evaluated.extend(evaluated);
            answer.proofs.push(proof);
        }
        Ok(answer)
    }

    fn answer_part(&self, part: &[Point], nonce: u64, number: u64) -> Result<(Vec<Point>, Vec<u8>), Fault> {
        let read = |point: &Point| BlindedElement::<Suite>::deserialize(point).map_err(|_| Fault::Point);
        let blinded: Vec<_> = part.iter().map(read).collect::<Result<_, _>>()?;
        let mut lot = self.secret.stream(nonce ^ number.rotate_left(32));
        let evaluated = self.server.batch_blind_evaluate(&mut lot, &blinded).map_err(|_| Fault::Point)?;
        let points = evaluated.messages.iter().map(|element| element.serialize().into()).collect();
        Ok((points, evaluated.proof.serialize().to_vec()))
    }
}

/// Reads an evaluated point.
pub(crate) fn evaluated(point: &Point) -> Result<EvaluationElement<Suite>, Fault> {
    EvaluationElement::deserialize(point).map_err(|_| Fault::Point)
}

/// Reads a proof.
pub(crate) fn proof(bytes: &[u8]) -> Result<Proof<Suite>, Fault> {
    Proof::deserialize(bytes).map_err(|_| Fault::Proof)
}
