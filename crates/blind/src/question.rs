//! The asker's side: blinding, and opening what came back.

use voprf::{Group, VoprfClient};

use crate::key::{self, Answer, Public};
use crate::share::chunks;
use crate::{BATCH, Point, Secret, Suite, Tag};

/// Why a question or an answer cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A value is empty or longer than 65,535 bytes.
    #[error("a value is empty or too long")]
    Value,
    /// Some bytes are no point of the group.
    #[error("not a point of the group")]
    Point,
    /// The proof is none, or shows that another key was used than the one published.
    #[error("the proof does not hold under the published key")]
    Proof,
    /// The answer has another length than the question.
    #[error("the answer is not as long as the question")]
    Length,
    /// No key can be had.
    #[error("no key can be derived")]
    Key,
}

/// A question: values and how they were blinded. It never leaves its owner; only [`Question::blinded`] does.
pub struct Question<V> {
    values: Vec<V>,
    clients: Vec<VoprfClient<Suite>>,
    blinded: Vec<Point>,
}

impl<V> std::fmt::Debug for Question<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Question").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

impl<V: AsRef<[u8]> + Sync> Question<V> {
    /// Blinds values by lots drawn from the secret, which must be used for this one question and no other. The same secret
    /// gives the same question again, as after a restart.
    ///
    /// # Errors
    /// [`Fault::Value`] where one is empty or too long.
    pub fn ask(values: Vec<V>, secret: &Secret, workers: usize) -> Result<Self, Fault> {
        let parts = chunks(&values, BATCH, workers, |number, part| {
            let mut lot = secret.stream(number);
            let blind = |value: &V| {
                let value = Some(value.as_ref()).filter(|value| !value.is_empty()).ok_or(Fault::Value)?;
                VoprfClient::blind(value, &mut lot).map_err(|_| Fault::Value)
            };
            part.iter().map(blind).collect::<Result<Vec<_>, Fault>>()
        });
        let (mut clients, mut blinded) = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
        for part in parts {
            for one in part? {
                clients.push(one.state);
                blinded.push(one.message.serialize().into());
            }
        }
        Ok(Self { values, clients, blinded })
    }

    /// What goes to the holder.
    #[must_use]
    pub fn blinded(&self) -> &[Point] {
        &self.blinded
    }

    /// The tags of the values, in their order, once the proofs hold under the published key.
    ///
    /// # Errors
    /// [`Fault::Length`], [`Fault::Point`], [`Fault::Proof`].
    pub fn open(&self, answer: &Answer, public: &Public, workers: usize) -> Result<Vec<Tag>, Fault> {
        let batches = self.values.len().div_ceil(BATCH);
        if answer.evaluated.len() != self.values.len() || answer.proofs.len() != batches {
            return Err(Fault::Length);
        }
        let places: Vec<usize> = (0..self.values.len()).collect();
        let parts =
            chunks(&places, BATCH, workers, |number, part| self.open_part(number, part, answer, public));
        parts.into_iter().try_fold(Vec::with_capacity(self.values.len()), |mut tags, part| {
            tags.extend(part?);
            Ok(tags)
        })
    }

    fn open_part(
        &self,
        number: u64,
        part: &[usize],
        answer: &Answer,
        public: &Public,
    ) -> Result<Vec<Tag>, Fault> {
        let (Some(first), Some(last)) = (part.first(), part.last()) else { return Ok(Vec::new()) };
        let range = *first..=*last;
        let elements: Vec<_> =
            answer.evaluated[range.clone()].iter().map(key::evaluated).collect::<Result<_, _>>()?;
        let batch = usize::try_from(number).map_err(|_| Fault::Length)?;
        let proof = key::proof(&answer.proofs[batch])?;
        let public =
            <Suite as voprf::CipherSuite>::Group::deserialize_elem(&public.0).map_err(|_| Fault::Point)?;
        let values: Vec<&[u8]> = self.values[range.clone()].iter().map(AsRef::as_ref).collect();
        let clients = &self.clients[range].to_vec();
        let outputs = VoprfClient::batch_finalize(&values, clients, &elements, &proof, public)
            .map_err(|_| Fault::Proof)?;
        outputs.map(|output| output.map(|output| Tag::of(&output)).map_err(|_| Fault::Value)).collect()
    }
}
