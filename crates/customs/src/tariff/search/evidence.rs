//! Evidence: which words of a query stand where on the way to a line.

use serde::Serialize;

use super::query::{Asked, How};
use super::words::words;
use crate::tariff::Path;

/// Where a word was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In the code.
    Code,
    /// In the line's own text.
    Line,
    /// In the subheading's text.
    Subheading,
    /// In the heading's text.
    Heading,
}

/// A word of the query that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The word as it was asked for.
    pub said: String,
    /// The word as it is looked up.
    pub found: String,
    /// How the one led to the other.
    pub how: How,
    /// Where it stands, the nearest place to the line.
    pub place: Place,
}

/// What of a query stands on the way to a line, each word once, at its nearest place. Words that stand only in
/// neighbouring lines are not shown.
pub(super) fn gather(path: &Path, asked: &[Asked]) -> Vec<Evidence> {
    let places: Vec<(Place, Vec<String>)> = path.nodes.iter().skip(1).rev().map(terms).collect();
    let mut evidence: Vec<Evidence> = Vec::new();
    for one in asked {
        let here = places.iter().find(|(_, terms)| terms.contains(&one.term)).map(|(place, _)| *place);
        let Some(place) = here else { continue };
        let found = Evidence { said: one.said.clone(), found: one.term.clone(), how: one.how, place };
        if !evidence.contains(&found) {
            evidence.push(found);
        }
    }
    evidence
}

fn terms(node: &crate::tariff::Node) -> (Place, Vec<String>) {
    let place = match node.code.len() {
        4 => Place::Heading,
        6 => Place::Subheading,
        _ => Place::Line,
    };
    let texts = [node.texts.en, node.texts.id, node.texts.vi, node.stands_alone];
    let found = texts.into_iter().flatten().flat_map(words).map(|word| word.term).collect();
    (place, found)
}
