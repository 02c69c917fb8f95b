//! A tree with all its leaves at one depth: every line takes the same number of steps, none of which is guessed at.

use super::tree::Node;

/// A tree filled up to one depth. Node `n` has its children at `2n + 1` and `2n + 2`; what comes after the last question
/// are the leaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Even {
    depth: u32,
    questions: Vec<Question>,
    leaves: Vec<f32>,
}

/// Which number is asked for, and below what a line goes left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Question {
    cut: f32,
    at: u16,
    /// 1 where a line without such a number goes left.
    absent_left: u16,
}

impl Even {
    /// The same tree; none where it is too deep to be filled up.
    pub(super) fn of(nodes: &[Node]) -> Option<Self> {
        let depth = depth(nodes, 0)?;
        let inner = (1_usize << depth) - 1;
        let mut even =
            Self { depth, questions: vec![Question::default(); inner], leaves: vec![0.0; inner + 1] };
        even.fill(nodes, 0, 0)?;
        Some(even)
    }

    fn fill(&mut self, nodes: &[Node], node: usize, place: usize) -> Option<()> {
        let here = nodes.get(node)?;
        let inner = self.questions.len();
        if here.left == 0 {
            self.repeat(here.cut, place);
            return Some(());
        }
        debug_assert!(place < inner, "a tree is as deep as was said");
        self.questions[place] = Question {
            cut: here.cut,
            at: u16::try_from(here.at).ok()?,
            absent_left: u16::from(here.absent == here.left),
        };
        self.fill(nodes, here.left as usize, 2 * place + 1)?;
        self.fill(nodes, here.right as usize, 2 * place + 2)
    }

    /// A leaf that stands above the last depth is all leaves below it.
    fn repeat(&mut self, leaf: f32, place: usize) {
        let inner = self.questions.len();
        if place >= inner {
            self.leaves[place - inner] = leaf;
        } else {
            self.repeat(leaf, 2 * place + 1);
            self.repeat(leaf, 2 * place + 2);
        }
    }

    /// Adds what the tree gives for lines of `width` numbers each. Eight lines walk at a time, so that none waits for
    /// another's number.
    pub(super) fn add(&self, rows: &[f32], width: usize, out: &mut [f32]) {
        let mut groups = out.chunks_exact_mut(ABREAST);
        let mut first = 0;
        for group in &mut groups {
            let mut places = [0_usize; ABREAST];
            for _ in 0..self.depth {
                for (line, place) in places.iter_mut().enumerate() {
                    *place = self.next(*place, &rows[(first + line) * width..]);
                }
            }
            for (out, place) in group.iter_mut().zip(places) {
                *out += self.leaves[place - self.questions.len()];
            }
            first += ABREAST;
        }
        for (line, out) in groups.into_remainder().iter_mut().enumerate() {
            let row = &rows[(first + line) * width..];
            let place = (0..self.depth).fold(0, |place, _| self.next(place, row));
            *out += self.leaves[place - self.questions.len()];
        }
    }

    #[inline]
    fn next(&self, place: usize, row: &[f32]) -> usize {
        let question = self.questions[place];
        let number = row[question.at as usize];
        let is_left = (number < question.cut) | (number.is_nan() & (question.absent_left == 1));
        2 * place + 1 + usize::from(!is_left)
    }
}

/// How deep a tree is below a node; none where that is more than is filled up.
fn depth(nodes: &[Node], node: usize) -> Option<u32> {
    let mut depth = 0;
    let mut level = vec![node];
    while !level.is_empty() {
        let children = level.iter().filter_map(|node| nodes.get(*node)).filter(|node| node.left != 0);
        let next: Vec<usize> = children.flat_map(|node| [node.left as usize, node.right as usize]).collect();
        if !next.is_empty() {
            depth += 1;
        }
        if depth > DEPTH_MAX {
            return None;
        }
        level = next;
    }
    Some(depth)
}

const ABREAST: usize = 8;
const DEPTH_MAX: u32 = 8;
