//! Coverage of a lane by capture and recapture: what they shared with us and what was declared here are two
//! independent catches of the same goods, and how far they overlap tells how much of the whole each has.
//!
//! Let `b` be the imports declared here from the lane and `m` those of them that are linked to a shared export. Then
//! `m / b` estimates the share of the lane's exports that is shared, whatever part of the goods was never declared; and
//! `m / a`, of the `a` shared exports that are due, the share that was declared. Consent is given by exporters, not by
//! consignments, so the interval counts exporters. Links are found with a recall below one, which is corrected for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Share;

/// What became of a shared export whose time to be declared is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportOutcome {
    /// An import declared it, with this many parts per thousand.
    Declared(u16),
    /// None did, and an innocent reason is known: low value, free zone, cancelled.
    Explained,
    /// None did.
    Silent,
}

/// How many parts per thousand of the true links the matcher finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall(pub u16);

impl Default for Recall {
    /// What `sampan bench link` measures on dirty lanes, rounded down.
    fn default() -> Self {
        Self(950)
    }
}

/// What was seen of both sides of a lane in a window of time. Statements are counted in and out one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// Per exporter, as imports name it: links in thousandths, imports.
    imports: BTreeMap<u64, (u64, u64)>,
    /// Of the exports due: links in thousandths, all of them, the explained ones.
    declared: u64,
    due: u64,
    explained: u64,
}

/// How much of a lane's trade is shared with us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The share, with its interval.
    pub share: Share,
    /// How many exporters the imports name.
    pub exporters: u64,
    /// How many exports there were in all that are due, shared or not (Chapman's estimate).
    pub exports: u64,
    /// Of the shared exports that are due, the share that was declared here.
    pub declared: Option<Share>,
}

/// Goods exported to us and never declared here: a rate, never a proof about one consignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undeclared {
    /// Shared exports whose time is over.
    pub due: u64,
    /// Of these, without an import and without an explanation.
    pub silent: u64,
    /// Of these, how many are silent only because a link was missed.
    pub missed: u64,
    /// The rest as a share of those due.
    pub rate: Share,
    /// The same number scaled up to the whole lane by its coverage.
    pub in_all: u64,
}

impl Census {
    /// Counts an import: who exported it, as a number of the caller's that is the same for the same exporter, and with
    /// how many parts per thousand it is linked; 0 where it is not.
    pub fn import(&mut self, exporter: u64, linked: u16) {
        let row = self.imports.entry(exporter).or_default();
        row.0 += u64::from(linked.min(1_000));
        row.1 += 1;
    }

    /// Takes an import out that was counted with these values.
    pub fn forget_import(&mut self, exporter: u64, linked: u16) {
        if let Some(row) = self.imports.get_mut(&exporter) {
            row.0 = row.0.saturating_sub(u64::from(linked.min(1_000)));
            row.1 = row.1.saturating_sub(1);
            if row.1 == 0 {
                self.imports.remove(&exporter);
            }
        }
    }

    /// Counts a shared export whose time to be declared is over.
    pub fn export(&mut self, outcome: ExportOutcome) {
        self.due += 1;
        match outcome {
            ExportOutcome::Declared(linked) => self.declared += u64::from(linked.min(1_000)),
            ExportOutcome::Explained => self.explained += 1,
            ExportOutcome::Silent => {}
        }
    }

    /// Takes an export out that was counted with this outcome.
    pub fn forget_export(&mut self, outcome: ExportOutcome) {
        self.due = self.due.saturating_sub(1);
        match outcome {
            ExportOutcome::Declared(linked) => {
                self.declared = self.declared.saturating_sub(u64::from(linked.min(1_000)));
            }
            ExportOutcome::Explained => self.explained = self.explained.saturating_sub(1),
            ExportOutcome::Silent => {}
        }
    }

    /// The lane's coverage; `None` before any import was seen.
    #[must_use]
    pub fn coverage(&self, recall: Recall) -> Option<Coverage> {
        let clusters: Vec<(u64, u64)> = self.imports.values().copied().collect();
        let share = Share::of_clusters(&clusters)?.seen_through(recall.0);
        let linked = clusters.iter().map(|(linked, _)| linked).sum::<u64>() / 1_000;
        let found = linked * 1_000 / u64::from(recall.0.max(1));
        let exports = (self.due + 1).saturating_mul(share.of + 1) / (found.min(share.of) + 1);
        Some(Coverage {
            share,
            exporters: clusters.len() as u64,
            exports: exports.saturating_sub(1),
            declared: Share::of(self.declared / 1_000, self.due).map(|share| share.seen_through(recall.0)),
        })
    }

    /// The rate of goods exported to us and never declared; `None` before any export was due.
    #[must_use]
    pub fn undeclared(&self, recall: Recall) -> Option<Undeclared> {
        let declared = self.declared / 1_000;
        let silent = self.due.saturating_sub(self.explained).saturating_sub(declared);
        let truly = declared * 1_000 / u64::from(recall.0.max(1));
        let missed = (truly - declared).min(silent);
        let covered = self.coverage(recall).map_or(1_000, |coverage| coverage.share.permille.max(1));
        Some(Undeclared {
            due: self.due,
            silent,
            missed,
            rate: Share::of(silent - missed, self.due)?,
            in_all: (silent - missed) * 1_000 / u64::from(covered),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane() -> Census {
        let mut census = Census::default();
        for exporter in 0..50 {
            for _ in 0..20 {
                census.import(exporter, if exporter < 30 { 1_000 } else { 0 });
            }
        }
        (0..600).for_each(|_| census.export(ExportOutcome::Declared(1_000)));
        (0..20).for_each(|_| census.export(ExportOutcome::Explained));
        (0..30).for_each(|_| census.export(ExportOutcome::Silent));
        census
    }

    #[test]
    fn coverage_is_the_linked_share_of_imports_by_exporter() {
        let coverage = lane().coverage(Recall(1_000)).expect("imports were seen");
        assert_eq!((coverage.share.permille, coverage.exporters), (600, 50));
        assert!(
            coverage.share.low < 480 && coverage.share.high > 700,
            "fifty exporters tell little: {coverage:?}"
        );
        assert_eq!(coverage.exports, 1_083);
        assert_eq!(coverage.declared.map(|share| share.permille), Some(923));
    }

    #[test]
    fn silence_is_a_rate_after_what_the_matcher_misses() {
        let sure = lane().undeclared(Recall(1_000)).expect("exports were due");
        assert_eq!((sure.silent, sure.missed, sure.rate.permille, sure.in_all), (30, 0, 46, 50));
        let lossy = lane().undeclared(Recall(980)).expect("exports were due");
        assert_eq!((lossy.silent, lossy.missed), (30, 12));
    }

    #[test]
    fn what_was_counted_in_can_be_counted_out() {
        let mut census = lane();
        let before = census.clone();
        census.import(99, 700);
        census.export(ExportOutcome::Silent);
        census.forget_import(99, 700);
        census.forget_export(ExportOutcome::Silent);
        assert_eq!(census, before);
        assert_eq!(Census::default().coverage(Recall::default()), None);
    }
}
