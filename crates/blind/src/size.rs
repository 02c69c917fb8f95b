//! Only how many: the asker learns the size of the intersection and not which of its values are in it.
//!
//! The holder evaluates the blinded points and gives them back in the order of their bytes. All values of a question share
//! one blind, so that the asker can take it off without knowing which point was which. (Private intersection cardinality
//! over Diffie-Hellman, De Cristofaro, Gasti, Tsudik 2012, on the group and with the hash to the group of RFC 9497.)
//! There is no proof here: the holder is trusted to count honestly, as its published figures are.

use voprf::{CipherSuite, Group};

use crate::question::{Fault, joined};
use crate::share::chunks;
use crate::{BATCH, Point, Secret, Suite};

type G = <Suite as CipherSuite>::Group;
type Scalar = <G as Group>::Scalar;

/// Points given back in the order of their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reordered(pub Vec<Point>);

/// A question that asks only how many: what takes its blind off again.
pub struct SizeQuestion {
    blind: Scalar,
    asked: usize,
}

impl std::fmt::Debug for SizeQuestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SizeQuestion").field("values", &self.asked).finish_non_exhaustive()
    }
}

impl SizeQuestion {
    /// The question of so many values under a secret, which must be used for this one question and no other.
    #[must_use]
    pub fn of(secret: &Secret, asked: usize) -> Self {
        Self { blind: scalar(secret), asked }
    }

    /// What goes to the holder: the values blinded by one lot.
    ///
    /// # Errors
    /// [`Fault::Value`] where one cannot be hashed to the group, [`Fault::Length`] where there are not so many.
    pub fn points<V: AsRef<[u8]> + Sync>(&self, values: &[V], workers: usize) -> Result<Vec<Point>, Fault> {
        if values.len() != self.asked {
            return Err(Fault::Length);
        }
        let mut blinded = hashed(values, &self.blind, workers)?;
        // The order of what is asked says nothing either.
        blinded.sort_unstable();
        Ok(blinded)
    }

    /// How many of the values are in the published set, whose points are sorted.
    ///
    /// # Errors
    /// [`Fault::Length`] where the answer is of another length, [`Fault::Point`] where one is no point.
    pub fn open(&self, reordered: &[Point], published: &[Point], workers: usize) -> Result<u64, Fault> {
        if reordered.len() != self.asked {
            return Err(Fault::Length);
        }
        Ok(common(&times(reordered, &G::invert_scalar(self.blind), workers)?, published))
    }
}

/// Evaluates blinded points and gives them back in another order.
///
/// # Errors
/// [`Fault::Point`] where one is no point of the group.
pub fn reorder(secret: &Secret, blinded: &[Point], workers: usize) -> Result<Reordered, Fault> {
    let mut evaluated = times(blinded, &scalar(secret), workers)?;
    evaluated.sort_unstable();
    Ok(Reordered(evaluated))
}

/// A set as it is published for questions of size: its values' points under the holder's secret, sorted, each once.
///
/// # Errors
/// [`Fault::Value`] where a value cannot be hashed to the group.
pub fn publish_points<V: AsRef<[u8]> + Sync>(
    secret: &Secret,
    values: &[V],
    workers: usize,
) -> Result<Vec<Point>, Fault> {
    let mut points = hashed(values, &scalar(secret), workers)?;
    points.sort_unstable();
    points.dedup();
    Ok(points)
}

/// How many of these points the set has, whose points are sorted.
#[must_use]
pub fn common(points: &[Point], published: &[Point]) -> u64 {
    points.iter().filter(|point| published.binary_search(point).is_ok()).count() as u64
}

fn scalar(secret: &Secret) -> Scalar {
    G::random_scalar(&mut secret.stream(u64::MAX))
}

/// Values hashed to the group and multiplied.
fn hashed<V: AsRef<[u8]> + Sync>(values: &[V], by: &Scalar, workers: usize) -> Result<Vec<Point>, Fault> {
    let hash = |value: &V| -> Result<Point, Fault> {
        let value = value.as_ref();
        if value.is_empty() || value.len() > usize::from(u16::MAX) {
            return Err(Fault::Value);
        }
        Ok(G::serialize_elem(voprf_hash(value)? * by).into())
    };
    joined(chunks(values, BATCH, workers, |_, part| part.iter().map(hash).collect()))
}

/// A value hashed to the group, apart from every use the other mode makes of the same value.
fn voprf_hash(value: &[u8]) -> Result<<G as Group>::Elem, Fault> {
    G::hash_to_curve::<<Suite as CipherSuite>::Hash>(&[value], &[DOMAIN]).map_err(|_| Fault::Value)
}

/// Points multiplied, each in its place.
fn times(points: &[Point], by: &Scalar, workers: usize) -> Result<Vec<Point>, Fault> {
    let multiplied = |point: &Point| -> Result<Point, Fault> {
        let element = G::deserialize_elem(point).map_err(|_| Fault::Point)?;
        Ok(G::serialize_elem(element * by).into())
    };
    joined(chunks(points, BATCH, workers, |_, part| part.iter().map(multiplied).collect()))
}

/// The domain separation tag of this use (RFC 9380, section 3.1).
const DOMAIN: &[u8] = b"HashToGroup-sampan-size-ristretto255-SHA512-v1";
