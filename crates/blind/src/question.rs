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
        let parts = chunks(&values, BATCH, workers, |number, part| blinded(part, secret, number));
        let (mut clients, mut points) = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
        for part in parts {
            let (more, their_points) = part?;
            clients.extend(more);
            points.extend(their_points);
        }
        Ok(Self { values, clients, blinded: points })
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
        let evaluated = Evaluated { points: &answer.evaluated, proofs: &answer.proofs };
        evaluated.fits(self.values.len())?;
        joined(chunks(&self.values, BATCH, workers, |number, part| {
            let range = range_of(number, part.len())?;
            evaluated.open(number, part, (&self.clients[range], public))
        }))
    }
}

/// A question that is made again each time it is needed, a batch at a time, so that a million values take no more memory
/// than their points and tags do.
#[derive(Debug)]
pub struct Blinding<'v, V> {
    values: &'v [V],
    secret: Secret,
    workers: usize,
}

impl<'v, V: AsRef<[u8]> + Sync> Blinding<'v, V> {
    /// The question of these values under a secret, as [`Question::ask`] asks it.
    #[must_use]
    pub const fn new(values: &'v [V], secret: Secret, workers: usize) -> Self {
        Self { values, secret, workers }
    }

    /// What goes to the holder.
    ///
    /// # Errors
    /// [`Fault::Value`] where a value is empty or too long.
    pub fn points(&self) -> Result<Vec<Point>, Fault> {
        let part = |number, part: &[V]| blinded(part, &self.secret, number).map(|(_, points)| points);
        joined(chunks(self.values, BATCH, self.workers, part))
    }

    /// The tags of the values, in their order, once the proofs hold under the published key.
    ///
    /// # Errors
    /// [`Fault::Length`], [`Fault::Point`], [`Fault::Proof`].
    pub fn open<P: AsRef<[u8]> + Sync>(
        &self,
        evaluated: Evaluated<'_, P>,
        public: &Public,
    ) -> Result<Vec<Tag>, Fault> {
        evaluated.fits(self.values.len())?;
        joined(chunks(self.values, BATCH, self.workers, |number, part| {
            let (clients, _) = blinded(part, &self.secret, number)?;
            evaluated.open(number, part, (&clients, public))
        }))
    }
}

/// What the holder answered, where it lies: the evaluated points in the order they were asked, and one proof a batch.
#[derive(Debug)]
pub struct Evaluated<'a, P> {
    /// The evaluated points.
    pub points: &'a [Point],
    /// The proofs, each of [`PROOF_BYTES`].
    pub proofs: &'a [P],
}

impl<P: AsRef<[u8]>> Evaluated<'_, P> {
    /// It answers a question of so many values.
    fn fits(&self, asked: usize) -> Result<(), Fault> {
        let fits = self.points.len() == asked && self.proofs.len() == asked.div_ceil(BATCH);
        if fits { Ok(()) } else { Err(Fault::Length) }
    }

    /// The tags of the batch of this number.
    fn open<V: AsRef<[u8]>>(
        &self,
        number: u64,
        values: &[V],
        (clients, public): (&[VoprfClient<Suite>], &Public),
    ) -> Result<Vec<Tag>, Fault> {
        let points = &self.points[range_of(number, values.len())?];
        let elements: Vec<_> = points.iter().map(key::evaluated).collect::<Result<_, _>>()?;
        let batch = usize::try_from(number).map_err(|_| Fault::Length)?;
        let proof = key::proof(self.proofs[batch].as_ref())?;
        let public =
            <Suite as voprf::CipherSuite>::Group::deserialize_elem(&public.0).map_err(|_| Fault::Point)?;
        let values: Vec<&[u8]> = values.iter().map(AsRef::as_ref).collect();
        let clients = &clients.to_vec();
        let outputs = VoprfClient::batch_finalize(&values, clients, &elements, &proof, public)
            .map_err(|_| Fault::Proof)?;
        outputs.map(|output| output.map(|output| Tag::of(&output)).map_err(|_| Fault::Value)).collect()
    }
}

/// A batch of values blinded by the lots its number draws.
fn blinded<V: AsRef<[u8]>>(
    part: &[V],
    secret: &Secret,
    number: u64,
) -> Result<(Vec<VoprfClient<Suite>>, Vec<Point>), Fault> {
    let mut lot = secret.stream(number);
    let (mut clients, mut points) = (Vec::with_capacity(part.len()), Vec::with_capacity(part.len()));
    for value in part {
        let value = Some(value.as_ref()).filter(|value| !value.is_empty()).ok_or(Fault::Value)?;
        let one = VoprfClient::blind(value, &mut lot).map_err(|_| Fault::Value)?;
        clients.push(one.state);
        points.push(one.message.serialize().into());
    }
    Ok((clients, points))
}

/// Where the values of a batch stand among all.
fn range_of(number: u64, length: usize) -> Result<std::ops::Range<usize>, Fault> {
    let first = usize::try_from(number).map_err(|_| Fault::Length)? * BATCH;
    Ok(first..first + length)
}

/// The batches' results, one after the other.
pub(crate) fn joined<T>(parts: Vec<Result<Vec<T>, Fault>>) -> Result<Vec<T>, Fault> {
    let length = parts.iter().flatten().map(Vec::len).sum();
    parts.into_iter().try_fold(Vec::with_capacity(length), |mut all, part| {
        all.extend(part?);
        Ok(all)
    })
}

/// How long a proof is.
pub const PROOF_BYTES: usize = 64;
