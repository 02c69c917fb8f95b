//! What the other lines of two documents say of a pair of their lines.

use super::evidence::Pair;
use super::{Level, levels};
use crate::compare::Correlation;

/// Lines looked at as siblings, at most.
const SIBLINGS_MAX: usize = 40;

/// Whether the other lines of the two documents that are about the same goods have the same quantities.
///
/// Less on all lines is what a split load looks like, more on all of them a merged one; only less on one and more on
/// another speaks against the two documents, and so does an import whose other lines are all about other goods.
pub(super) fn siblings(pair: &Pair<'_>, editions: &Correlation) -> Level {
    let (mut less, mut more) = direction(pair.quantity());
    let (mut others, mut shared) = (false, false);
    let exports = pair.docs.export.lines.iter().take(SIBLINGS_MAX);
    for export in exports.filter(|line| line.item != pair.export_line.item) {
        let imports = pair.docs.import.lines.iter().take(SIBLINGS_MAX);
        for import in imports.filter(|line| line.item != pair.import_line.item) {
            others = true;
            if !matches!(levels::hs(export.hs, import.hs, editions), Level::Same | Level::Six) {
                continue;
            }
            shared = true;
            let level = levels::quantity_level(export.amount, import.amount);
            if matches!(level, Level::Same | Level::Round | Level::Near) {
                return Level::Same;
            }
            let (less_here, more_here) = direction(level);
            (less, more) = (less || less_here, more || more_here);
        }
    }
    match () {
        () if less && more && shared => Level::Different,
        () if shared => Level::Part,
        () if others => Level::Other,
        () => Level::Absent,
    }
}

/// Whether a quantity is less at import, or more.
const fn direction(level: Level) -> (bool, bool) {
    (matches!(level, Level::Under), matches!(level, Level::Over))
}
