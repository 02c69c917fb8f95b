//! Boosted trees as a table: scored many lines at a time, explained exactly.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::even::Even;

/// Boosted trees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// What all trees add to.
    pub base: f32,
    /// The trees.
    pub trees: Vec<Tree>,
    /// The same trees, each with all its leaves at one depth; none where a tree is too deep for that.
    #[serde(skip)]
    even: Vec<Option<Even>>,
}

/// One tree; the first node is its root.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    nodes: Vec<Node>,
}

/// A node: a question, or a leaf (`left` is 0).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Node {
    /// The number it asks for.
    pub(super) at: u32,
    /// Below this to the left; in a leaf, what it adds.
    pub(super) cut: f32,
    pub(super) left: u32,
    pub(super) right: u32,
    /// Where a line goes that has no such number.
    pub(super) absent: u32,
    /// How much of what was learned from passed here.
    cover: f32,
}

/// Why a text is no such forest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not boosted trees in XGBoost's JSON: {0}")]
pub struct NotAForest(&'static str);

impl Forest {
    /// Reads trees from XGBoost's JSON, which every booster of note writes.
    ///
    /// # Errors
    /// [`NotAForest`] where a part is missing or points outside.
    pub fn from_xgboost(json: &Value, base: f32) -> Result<Self, NotAForest> {
        let trees = &json["learner"]["gradient_booster"]["model"]["trees"];
        let trees = trees.as_array().ok_or(NotAForest("no trees"))?;
        let trees = trees.iter().map(Tree::from_xgboost).collect::<Result<_, _>>()?;
        let mut forest = Self { base, trees, even: Vec::new() };
        forest.index();
        Ok(forest)
    }

    /// What the trees give for lines of `width` numbers each, each line starting from what `start` says of it.
    pub fn margins(&self, rows: &[f32], width: usize, start: impl Fn(&[f32]) -> f32, out: &mut Vec<f32>) {
        out.clear();
        out.extend(rows.chunks_exact(width).map(|row| self.base + start(row)));
        for (rows, out) in rows.chunks(width * BLOCK).zip(out.chunks_mut(BLOCK)) {
            for (at, tree) in self.trees.iter().enumerate() {
                match self.even.get(at).and_then(Option::as_ref) {
                    Some(even) => even.add(rows, width, out),
                    None => {
                        for (row, out) in rows.chunks_exact(width).zip(&mut *out) {
                            *out += tree.leaf(row);
                        }
                    }
                }
            }
        }
    }

    /// Keeps the first so many trees.
    pub fn keep(&mut self, trees: usize) {
        self.trees.truncate(trees);
        self.even.truncate(trees);
    }

    /// Makes the even forms of the trees, which are faster to walk; called once after reading.
    pub fn index(&mut self) {
        self.even = self.trees.iter().map(|tree| Even::of(&tree.nodes)).collect();
    }

    /// How much each number moved a line's margin away from the average: exact Shapley values over the trees' paths.
    #[must_use]
    pub fn contributions(&self, row: &[f32]) -> Vec<f64> {
        let mut phi = vec![0.0; row.len()];
        for tree in &self.trees {
            tree.explain(row, &mut phi);
        }
        phi
    }

    /// Whether every node points to nodes after it and asks for a number a line has.
    #[must_use]
    pub fn is_sound(&self, width: usize) -> bool {
        self.trees.iter().all(|tree| tree.is_sound(width))
    }
}

impl Tree {
    fn from_xgboost(json: &Value) -> Result<Self, NotAForest> {
        let list = |name: &str| json[name].as_array().ok_or(NotAForest("a tree without its lists"));
        let (left, right) = (list("left_children")?, list("right_children")?);
        let (cuts, asks) = (list("split_conditions")?, list("split_indices")?);
        let (defaults, covers) = (list("default_left")?, list("sum_hessian")?);
        let weights = list("base_weights")?;
        let node = |at: usize| {
            let (left, right) = (left[at].as_i64()?, right.get(at)?.as_i64()?);
            let is_leaf = left < 0;
            let goes_left = defaults.get(at)?.as_bool().or_else(|| Some(defaults.get(at)?.as_i64()? != 0))?;
            let cut = if is_leaf { cuts.get(at).or_else(|| weights.get(at))? } else { cuts.get(at)? };
            let child = |child: i64| u32::try_from(child.max(0)).ok();
            Some(Node {
                at: u32::try_from(asks.get(at)?.as_i64()?.max(0)).ok()?,
                cut: cut.as_f64()? as f32,
                left: child(left)?,
                right: child(right)?,
                absent: child(if goes_left { left } else { right })?,
                cover: covers.get(at)?.as_f64()? as f32,
            })
        };
        let nodes: Option<Vec<Node>> = (0..left.len()).map(node).collect();
        let tree = Self { nodes: nodes.ok_or(NotAForest("a node without a part"))? };
        if tree.is_sound(usize::MAX) { Ok(tree) } else { Err(NotAForest("a node that points outside")) }
    }

    #[inline]
    fn leaf(&self, row: &[f32]) -> f32 {
        let mut node = &self.nodes[0];
        while node.left != 0 {
            node = &self.nodes[self.next(node, row) as usize];
        }
        node.cut
    }

    #[inline]
    fn next(&self, node: &Node, row: &[f32]) -> u32 {
        let number = row[node.at as usize];
        if number < node.cut {
            node.left
        } else if number.is_nan() {
            node.absent
        } else {
            node.right
        }
    }

    fn is_sound(&self, width: usize) -> bool {
        let count = self.nodes.len();
        let inside = |from: usize, to: u32| to as usize > from && (to as usize) < count;
        count > 0
            && self.nodes.iter().enumerate().all(|(at, node)| {
                node.left == 0
                    || ((node.at as usize) < width
                        && inside(at, node.left)
                        && inside(at, node.right)
                        && (node.absent == node.left || node.absent == node.right))
            })
    }

    fn explain(&self, row: &[f32], phi: &mut [f64]) {
        let start = Step { at: None, zero: 1.0, one: 1.0, weight: 1.0 };
        self.walk(row, phi, 0, &[], start);
    }

    /// Lundberg's algorithm: the path so far with the weight of each subset size, extended, and unwound at leaves.
    fn walk(&self, row: &[f32], phi: &mut [f64], node: usize, path: &[Step], step: Step) {
        let mut path = extended(path, step);
        let here = &self.nodes[node];
        if here.left == 0 {
            for at in 1..path.len() {
                let weight: f64 = unwound(&path, at).iter().map(|step| step.weight).sum();
                if let Some(of) = path[at].at {
                    phi[of] += weight * (path[at].one - path[at].zero) * f64::from(here.cut);
                }
            }
            return;
        }
        let hot = self.next(here, row);
        let cold = if hot == here.left { here.right } else { here.left };
        let (mut zero, mut one) = (1.0, 1.0);
        if let Some(known) = path.iter().position(|step| step.at == Some(here.at as usize)) {
            (zero, one) = (path[known].zero, path[known].one);
            path = unwound(&path, known);
        }
        let share = |child: u32| {
            f64::from(self.nodes[child as usize].cover) / f64::from(here.cover.max(f32::MIN_POSITIVE))
        };
        for (child, one) in [(hot, one), (cold, 0.0)] {
            let step = Step { at: Some(here.at as usize), zero: zero * share(child), one, weight: 0.0 };
            self.walk(row, phi, child as usize, &path, step);
        }
    }
}

#[derive(Clone, Copy)]
struct Step {
    at: Option<usize>,
    zero: f64,
    one: f64,
    weight: f64,
}

fn extended(path: &[Step], step: Step) -> Vec<Step> {
    let length = path.len();
    let mut longer = path.to_vec();
    longer.push(Step { weight: if length == 0 { 1.0 } else { 0.0 }, ..step });
    for i in (0..length).rev() {
        let of = (length + 1) as f64;
        longer[i + 1].weight += step.one * longer[i].weight * (i + 1) as f64 / of;
        longer[i].weight = step.zero * longer[i].weight * (length - i) as f64 / of;
    }
    longer
}

fn unwound(path: &[Step], at: usize) -> Vec<Step> {
    let length = path.len() - 1;
    let (one, zero) = (path[at].one, path[at].zero);
    let mut shorter = path.to_vec();
    let mut next = shorter[length].weight;
    let of = (length + 1) as f64;
    for j in (0..length).rev() {
        if one != 0.0 {
            let kept = shorter[j].weight;
            shorter[j].weight = next * of / ((j + 1) as f64 * one);
            next = kept - shorter[j].weight * zero * (length - j) as f64 / of;
        } else {
            shorter[j].weight = shorter[j].weight * of / (zero * (length - j) as f64);
        }
    }
    for j in at..length {
        let Step { at, zero, one, .. } = shorter[j + 1];
        shorter[j] = Step { at, zero, one, ..shorter[j] };
    }
    shorter.pop();
    shorter
}

const BLOCK: usize = 256;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn forest() -> Forest {
        let tree = json!({
            "left_children": [1, 3, -1, -1, -1], "right_children": [2, 4, -1, -1, -1],
            "split_conditions": [0.5, 2.0, 3.0, -1.0, 1.0], "split_indices": [0, 1, 0, 0, 0],
            "default_left": [1, 0, 0, 0, 0], "sum_hessian": [10.0, 6.0, 4.0, 2.0, 4.0],
            "base_weights": [0.0, 0.0, 3.0, -1.0, 1.0],
        });
        let json = json!({ "learner": { "gradient_booster": { "model": { "trees": [tree] } } } });
        Forest::from_xgboost(&json, 0.25).expect("a forest")
    }

    #[test]
    fn a_line_falls_to_its_leaf() {
        let mut out = Vec::new();
        let rows = [0.0, 1.0, 0.0, 5.0, 1.0, 0.0, f32::NAN, f32::NAN];
        forest().margins(&rows, 2, |_| 0.0, &mut out);
        assert_eq!(out, [-0.75, 1.25, 3.25, 1.25]);
    }

    /// Shapley's formula by counting all orders of two numbers, beside the paths' algorithm.
    #[test]
    fn contributions_are_shapleys() {
        let average = (4.0 * 3.0 + -2.0 + 4.0 * 1.0) / 10.0;
        let only_first = (-2.0 + 4.0 * 1.0) / 6.0;
        let only_second = -0.6 + 0.4 * 3.0;
        let both = -1.0;
        let first = ((only_first - average) + (both - only_second)) / 2.0;
        let second = ((only_second - average) + (both - only_first)) / 2.0;
        let phi = forest().contributions(&[0.0, 1.0]);
        assert!((phi[0] - first).abs() < 1e-6 && (phi[1] - second).abs() < 1e-6, "{phi:?} {first} {second}");
    }

    #[test]
    fn a_tree_that_points_outside_is_none() {
        let json = json!({ "learner": { "gradient_booster": { "model": { "trees": [{
            "left_children": [9], "right_children": [1], "split_conditions": [0.5], "split_indices": [0],
            "default_left": [1], "sum_hessian": [1.0], "base_weights": [0.0],
        }] } } } });
        assert_eq!(Forest::from_xgboost(&json, 0.0), Err(NotAForest("a node that points outside")));
    }
}
