//! Quoted numbers name a document; which of its lines an import line belongs to is settled here, before anything else.

use std::cmp::Reverse;

use super::hypotheses::Edge;
use crate::held::Amount;
use crate::score::{Field, Millibits, Model, quantity_level};

/// Leaves each quoting import line with one quoted edge: first every export line takes the import that fits it best,
/// then what is left goes where it fits best, and of equals where most is still open.
pub(super) fn settle(
    edges: &mut [Edge],
    exports: &[Option<Amount>],
    imports: &[Option<Amount>],
    model: &Model,
) {
    let mut quoted: Vec<usize> = (0..edges.len()).filter(|at| edges[*at].quoted).collect();
    if quoted.is_empty() {
        return;
    }
    let fit = |edge: &Edge| -> Millibits {
        let level = quantity_level(exports[edge.export], imports[edge.import]);
        edge.weight + model.weight(Field::Quantity, level)
    };
    quoted.sort_by_key(|at| (Reverse(fit(&edges[*at])), edges[*at].export, edges[*at].import));
    let mut settled =
        Settled { open: exports.to_vec(), taken: vec![false; exports.len()], of: vec![None; imports.len()] };
    for at in &quoted {
        let edge = edges[*at];
        if !settled.taken[edge.export] && settled.of[edge.import].is_none() {
            settled.give(*at, edge, imports);
        }
    }
    for import in 0..imports.len() {
        if settled.of[import].is_none() {
            let own = quoted.iter().copied().filter(|at| edges[*at].import == import);
            let best = own.max_by_key(|at| {
                (edges[*at].weight, settled.open_at(edges[*at].export), Reverse(edges[*at].export))
            });
            if let Some(at) = best {
                settled.give(at, edges[at], imports);
            }
        }
    }
    for at in quoted {
        edges[at].quoted = settled.of[edges[at].import] == Some(at);
    }
}

struct Settled {
    open: Vec<Option<Amount>>,
    taken: Vec<bool>,
    /// The edge each import line keeps.
    of: Vec<Option<usize>>,
}

impl Settled {
    fn give(&mut self, at: usize, edge: Edge, imports: &[Option<Amount>]) {
        self.of[edge.import] = Some(at);
        self.taken[edge.export] = true;
        if let (Some(open), Some(part)) = (&mut self.open[edge.export], imports[edge.import])
            && open.kind == part.kind
        {
            open.micro = open.micro.saturating_sub(part.micro);
        }
    }

    fn open_at(&self, export: usize) -> i64 {
        self.open[export].map_or(0, |open| open.micro)
    }
}
