//! Values that are of a code list kept here (error 12).

use super::lists;
use super::report::{Report, Told};
use super::tree::{Id, ROOT, Tree};

/// Tells every value that is not in its list.
pub(super) fn ask(tree: &Tree<'_>, report: &mut Report<'_, '_>) {
    for id in (0..tree.len()).filter_map(|id| Id::try_from(id).ok()).filter(|id| *id != ROOT) {
        let node = tree.node(id);
        let Some(list) = node.list.filter(|_| !node.text.is_empty()) else { continue };
        if lists::has(list, &node.text) == Some(false) {
            let told = Told { code: "transit-code-unknown", seen: &node.text, expected: list.to_owned() };
            report.element(report.rules, tree, id, told);
        }
    }
}
