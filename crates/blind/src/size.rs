//! Only how many: the asker learns the size of the intersection and not which of its values are in it.
//!
//! The holder evaluates the blinded points and gives them back in the order of their bytes. All values of a question share
//! one blind, so that the asker can take it off without knowing which point was which. (Private intersection cardinality
//! over Diffie-Hellman, De Cristofaro, Gasti, Tsudik 2012, on the group and with the hash to the group of RFC 9497.)
//! There is no proof here: the holder is trusted to count honestly, as its published figures are.

use std::collections::BTreeSet;

use voprf::{CipherSuite, Group};

use crate::question::Fault;
use crate::share::chunks;
use crate::{BATCH, Point, Secret, Suite};

type G = <Suite as CipherSuite>::Group;
type Scalar = <G as Group>::Scalar;

/// Points given back in the order of their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reordered(pub Vec<Point>);

/// A question that asks only how many.
pub struct SizeQuestion {
    blind: Scalar,
    blinded: Vec<Point>,
}

impl std::fmt::Debug for SizeQuestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SizeQuestion").field("values", &self.blinded.len()).finish_non_exhaustive()
    }
}

impl SizeQuestion {
    /// Blinds values by one lot drawn from the secret, which must be used for this one question and no other.
    ///
    /// # Errors
    /// [`Fault::Value`] where one cannot be hashed to the group.
    pub fn ask<V: AsRef<[u8]> + Sync>(values: &[V], secret: &Secret, workers: usize) -> Result<Self, Fault> {
        let blind = scalar(secret);
        let mut blinded = times(&hashed(values, workers)?, &blind, workers);
        // The order of what is asked says nothing either.
        blinded.sort_unstable();
        Ok(Self { blind, blinded })
    }

    /// What goes to the holder.
    #[must_use]
    pub fn blinded(&self) -> &[Point] {
        &self.blinded
    }

    /// How many of the values are in the published set.
    ///
    /// # Errors
    /// [`Fault::Length`] where the answer is of another length, [`Fault::Point`] where one is no point.
    pub fn open(
        &self,
        answer: &Reordered,
        published: &BTreeSet<Point>,
        workers: usize,
    ) -> Result<u64, Fault> {
        if answer.0.len() != self.blinded.len() {
            return Err(Fault::Length);
        }
        let points: Vec<_> = answer.0.iter().map(read).collect::<Result<_, _>>()?;
        Ok(common(&times(&points, &G::invert_scalar(self.blind), workers), published))
    }
}

/// Evaluates blinded points and gives them back in another order.
///
/// # Errors
/// [`Fault::Point`] where one is no point of the group.
pub fn reorder(secret: &Secret, blinded: &[Point], workers: usize) -> Result<Reordered, Fault> {
    let points: Vec<_> = blinded.iter().map(read).collect::<Result<_, _>>()?;
    let mut evaluated = times(&points, &scalar(secret), workers);
    evaluated.sort_unstable();
    Ok(Reordered(evaluated))
}

/// A set as it is published for questions of size: its values' points under the holder's secret.
///
/// # Errors
/// [`Fault::Value`] where a value cannot be hashed to the group.
pub fn publish_points<V: AsRef<[u8]> + Sync>(
    secret: &Secret,
    values: &[V],
    workers: usize,
) -> Result<BTreeSet<Point>, Fault> {
    Ok(times(&hashed(values, workers)?, &scalar(secret), workers).into_iter().collect())
}

/// How many of these points the set has.
#[must_use]
pub fn common(points: &[Point], published: &BTreeSet<Point>) -> u64 {
    points.iter().filter(|point| published.contains(*point)).count() as u64
}

fn scalar(secret: &Secret) -> Scalar {
    G::random_scalar(&mut secret.stream(u64::MAX))
}

fn read(point: &Point) -> Result<<G as Group>::Elem, Fault> {
    G::deserialize_elem(point).map_err(|_| Fault::Point)
}

fn hashed<V: AsRef<[u8]> + Sync>(values: &[V], workers: usize) -> Result<Vec<<G as Group>::Elem>, Fault> {
    let hash = |value: &V| {
        let value = value.as_ref();
        if value.is_empty() || value.len() > usize::from(u16::MAX) {
            return Err(Fault::Value);
        }
        voprf_hash(value)
    };
    let parts =
        chunks(values, BATCH, workers, |_, part| part.iter().map(hash).collect::<Result<Vec<_>, _>>());
    parts.into_iter().try_fold(Vec::with_capacity(values.len()), |mut all, part| {
        all.extend(part?);
        Ok(all)
    })
}

/// A value hashed to the group, apart from every use the other mode makes of the same value.
fn voprf_hash(value: &[u8]) -> Result<<G as Group>::Elem, Fault> {
    G::hash_to_curve::<<Suite as CipherSuite>::Hash>(&[value], &[DOMAIN]).map_err(|_| Fault::Value)
}

fn times(points: &[<G as Group>::Elem], by: &Scalar, workers: usize) -> Vec<Point> {
    let multiplied = |point: &<G as Group>::Elem| -> Point { G::serialize_elem(*point * by).into() };
    chunks(points, BATCH, workers, |_, part| part.iter().map(multiplied).collect::<Vec<_>>()).concat()
}

/// The domain separation tag of this use (RFC 9380, section 3.1).
const DOMAIN: &[u8] = b"HashToGroup-sampan-size-ristretto255-SHA512-v1";
