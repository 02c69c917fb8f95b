//! Choosing among hypotheses: no line twice, as much weight together as can be found.

use super::hypotheses::{Edge, Hypothesis, Problem, pair_weight};
use crate::held::Amount;
use crate::score::{Millibits, Model, pow2};

/// A chosen hypothesis, with how sure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) exports: Vec<usize>,
    pub(crate) imports: Vec<usize>,
    pub(crate) weight: Millibits,
    /// Parts per thousand.
    pub(crate) probability: u16,
    /// What stands against it, heaviest first: the lines of the rival and its parts per thousand.
    pub(crate) rivals: Vec<Rival>,
}

/// A hypothesis that was not chosen though it shares a line with a chosen one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rival {
    pub(crate) exports: Vec<usize>,
    pub(crate) imports: Vec<usize>,
    pub(crate) probability: u16,
}

/// Rivals told of, at most.
const RIVALS_MAX: usize = 5;
/// Rounds of improvement, at most.
const ROUNDS_MAX: usize = 8;

/// The chosen groups of a component.
pub(crate) fn solve(problem: &Problem<'_>) -> Vec<Chosen> {
    let mut hypotheses = problem.hypotheses();
    let lines = |h: &Hypothesis| h.exports.len() + h.imports.len();
    hypotheses.sort_by(|a, b| {
        (b.weight, lines(a), &a.exports, &a.imports).cmp(&(a.weight, lines(b), &b.exports, &b.imports))
    });
    hypotheses.dedup();
    let mut packing = Packing::new(problem, hypotheses);
    packing.fill();
    packing.improve();
    packing.attach(problem);
    packing.chosen()
}

/// The same of two lines with nothing beside them.
pub(crate) fn lone(edge: &Edge, amounts: (Option<Amount>, Option<Amount>), model: &Model) -> Option<Chosen> {
    let weight = pair_weight(edge, amounts, model);
    let own = pow2(weight);
    let probability = (1_000.0 * own / (1.0 + own)).round() as u16;
    let chosen = Chosen { exports: vec![0], imports: vec![0], weight, probability, rivals: Vec::new() };
    (weight > 0).then_some(chosen)
}

struct Packing {
    /// The heaviest first; a chosen one grows by what is attached to it.
    hypotheses: Vec<Hypothesis>,
    /// Which hypothesis holds each line: exports first, then imports.
    holder: Vec<Option<usize>>,
    exports: usize,
    /// The lines of each hypothesis, numbered as in `holder`.
    lines: Vec<Vec<usize>>,
    /// The hypotheses each line occurs in.
    of_line: Vec<Vec<usize>>,
}

impl Packing {
    fn new(problem: &Problem<'_>, hypotheses: Vec<Hypothesis>) -> Self {
        let exports = problem.exports.len();
        let count = exports + problem.imports.len();
        let lines: Vec<Vec<usize>> = hypotheses.iter().map(|one| one.lines(exports)).collect();
        let mut of_line = vec![Vec::new(); count];
        for (at, own) in lines.iter().enumerate() {
            own.iter().for_each(|line: &usize| of_line[*line].push(at));
        }
        Self { hypotheses, holder: vec![None; count], exports, lines, of_line }
    }

    /// Gives import lines nobody took to exports that are open still, the best pair first. What such a group could be
    /// instead is asked of it as it is then: two parts of one load are no rivals of each other.
    fn attach(&mut self, problem: &Problem<'_>) {
        let mut edges: Vec<&Edge> = problem.edges.iter().collect();
        edges.sort_by_key(|edge| (std::cmp::Reverse(edge.weight), edge.export, edge.import));
        for edge in edges {
            let import = self.exports + edge.import;
            let (None, Some(at)) = (self.holder[import], self.holder[edge.export]) else { continue };
            let own = &self.hypotheses[at];
            let imports: Vec<usize> = own.imports.iter().copied().chain([edge.import]).collect();
            let wider = problem.open_group(edge.export, &imports);
            if let Some(wider) =
                wider.filter(|wider| own.exports == [edge.export] && wider.weight > own.weight)
            {
                self.lines[at] = wider.lines(self.exports);
                self.hypotheses[at] = wider;
                self.holder[import] = Some(at);
            }
        }
    }

    /// The chosen hypotheses that hold a line of this one.
    fn in_the_way(&self, at: usize) -> Vec<usize> {
        let mut holders: Vec<usize> = self.lines[at].iter().filter_map(|line| self.holder[*line]).collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    /// Whether no line of it is held.
    fn is_free(&self, at: usize) -> bool {
        self.lines[at].iter().all(|line| self.holder[*line].is_none())
    }

    fn set(&mut self, at: usize, holder: Option<usize>) {
        for line in &self.lines[at] {
            self.holder[*line] = holder;
        }
    }

    /// Takes hypotheses in the order of their weight wherever all their lines are free.
    fn fill(&mut self) {
        for at in 0..self.hypotheses.len() {
            if self.is_free(at) {
                self.set(at, Some(at));
            }
        }
    }

    /// Tries every hypothesis that was left out: in with it, out with what is in its way, and fill what became free.
    fn improve(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let mut better = false;
            for at in 0..self.hypotheses.len() {
                better |= self.try_instead(at);
            }
            if !better {
                return;
            }
        }
    }

    fn try_instead(&mut self, at: usize) -> bool {
        let out = self.in_the_way(at);
        if out.contains(&at) {
            return false;
        }
        for loser in &out {
            self.set(*loser, None);
        }
        self.set(at, Some(at));
        let mut free: Vec<usize> = out.iter().flat_map(|loser| self.lines[*loser].iter().copied()).collect();
        free.retain(|line| self.holder[*line].is_none());
        let refilled = self.refill(&free);
        let weight =
            |list: &[usize]| list.iter().map(|at| i64::from(self.hypotheses[*at].weight)).sum::<i64>();
        if weight(&refilled) + weight(&[at]) > weight(&out) {
            return true;
        }
        for back in refilled.iter().chain([&at]) {
            self.set(*back, None);
        }
        for loser in &out {
            self.set(*loser, Some(*loser));
        }
        false
    }

    fn refill(&mut self, free: &[usize]) -> Vec<usize> {
        let mut candidates: Vec<usize> =
            free.iter().flat_map(|line| self.of_line[*line].iter().copied()).collect();
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|at| {
            let fits = self.is_free(*at);
            if fits {
                self.set(*at, Some(*at));
            }
            fits
        });
        candidates
    }

    fn chosen(&self) -> Vec<Chosen> {
        let mut held: Vec<usize> = self.holder.iter().filter_map(|holder| *holder).collect();
        held.sort_unstable();
        held.dedup();
        held.into_iter().map(|at| self.weighed(at)).collect()
    }

    /// A chosen hypothesis with its probability beside all its rivals.
    fn weighed(&self, at: usize) -> Chosen {
        let hypothesis = &self.hypotheses[at];
        let mut rivals: Vec<(usize, f64)> = self.rivals(at);
        let own = pow2(hypothesis.weight);
        let all = 1.0 + own + rivals.iter().map(|(_, odds)| odds).sum::<f64>();
        let per_mille = |odds: f64| (1_000.0 * odds / all).round() as u16;
        rivals.truncate(RIVALS_MAX);
        rivals.retain(|(_, odds)| per_mille(*odds) > 0);
        let rivals = rivals.into_iter().map(|(rival, odds)| Rival {
            exports: self.hypotheses[rival].exports.clone(),
            imports: self.hypotheses[rival].imports.clone(),
            probability: per_mille(odds),
        });
        Chosen {
            exports: hypothesis.exports.clone(),
            imports: hypothesis.imports.clone(),
            weight: hypothesis.weight,
            probability: per_mille(own),
            rivals: rivals.collect(),
        }
    }

    /// The hypotheses that want a line of this one, with their odds once everything else they would push out is paid
    /// for; heaviest first.
    fn rivals(&self, at: usize) -> Vec<(usize, f64)> {
        let own = self.lines[at].iter();
        let mut rivals: Vec<usize> = own.flat_map(|line| self.of_line[*line].iter().copied()).collect();
        rivals.sort_unstable();
        rivals.dedup();
        rivals.retain(|rival| *rival != at && !self.extends(at, *rival));
        let mut rivals: Vec<(usize, f64)> = rivals
            .into_iter()
            .map(|rival| {
                let others = self.in_the_way(rival).into_iter().filter(|holder| *holder != at);
                let paid: Millibits = others.map(|holder| self.hypotheses[holder].weight).sum();
                (rival, pow2(self.hypotheses[rival].weight.saturating_sub(paid)))
            })
            .collect();
        rivals.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        rivals
    }

    /// Whether one holds all lines of the other: then they do not contradict each other.
    fn extends(&self, at: usize, rival: usize) -> bool {
        let within = |a: &Hypothesis, b: &Hypothesis| {
            a.exports.iter().all(|line| b.exports.contains(line))
                && a.imports.iter().all(|line| b.imports.contains(line))
        };
        let (own, rival) = (&self.hypotheses[at], &self.hypotheses[rival]);
        within(own, rival) || within(rival, own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Dimension;
    use crate::held::Kind;

    #[test]
    fn two_lines_alone_are_chosen_as_among_many() {
        let model = Model::default();
        let amount = |micro| Some(Amount { kind: Kind::Known(Dimension::Mass), micro });
        for (weight, export, import) in [
            (9_000, amount(18_000_000), amount(18_000_000)),
            (1_500, amount(18_000_000), amount(17_000_000)),
            (1_500, amount(18_000_000), amount(9_000_000)),
            (-3_000, amount(17_123_000), amount(17_123_000)),
            (2_000, None, amount(5)),
        ] {
            for quoted in [false, true] {
                let edge = Edge { export: 0, import: 0, weight, quoted };
                let problem = Problem::new(vec![export], vec![import], vec![edge], &model);
                let chosen = lone(&edge, (export, import), &model);
                assert_eq!(chosen.into_iter().collect::<Vec<_>>(), solve(&problem), "{weight} {quoted}");
            }
        }
    }
}
