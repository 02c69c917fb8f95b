//! Names one party is known by, learnt from links people confirmed: who sends and who receives is one on both sides of such a
//! link, however they write it. A link that is taken back takes its names along.

use std::collections::{BTreeMap, BTreeSet};

use customs::gate::Consignment;
use link::resolve::Name;
use link::{Doc, DocId};

use super::{Matcher, is_withdrawn};

/// Pairs of names by the import whose link was confirmed.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    by_import: BTreeMap<DocId, BTreeSet<(String, String)>>,
}

impl Aliases {
    /// Takes in the names of an import and of the exports somebody confirmed for it, in the place of what was known of it;
    /// whether that is anything else than before.
    fn note(&mut self, import: &Doc, exports: &[Doc]) -> bool {
        let sides = exports.iter().flat_map(|export| {
            [(&export.sender.name, &import.sender.name), (&export.receiver.name, &import.receiver.name)]
        });
        let pairs: BTreeSet<(String, String)> = sides
            .filter(|(theirs, ours)| are_two(theirs, ours))
            .map(|(a, b)| (a.clone(), b.clone()))
            .collect();
        if pairs.is_empty() {
            return self.by_import.remove(&import.id).is_some();
        }
        self.by_import.insert(import.id.clone(), pairs.clone()) != Some(pairs)
    }

    /// The names of each party, each party once, in their order.
    pub(super) fn groups(&self) -> Vec<Vec<String>> {
        let mut groups: Vec<BTreeSet<String>> = Vec::new();
        for (theirs, ours) in self.by_import.values().flatten() {
            let of = |group: &BTreeSet<String>| group.contains(theirs) || group.contains(ours);
            let (own, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(of);
            let mut joined: BTreeSet<String> = own.into_iter().flatten().collect();
            joined.extend([theirs.clone(), ours.clone()]);
            groups = rest;
            groups.push(joined);
        }
        groups.sort();
        groups.into_iter().map(|group| group.into_iter().collect()).collect()
    }
}

/// Whether two names are there and are not one to the letter.
fn are_two(theirs: &str, ours: &str) -> bool {
    let (theirs, ours) = (Name::new(theirs), Name::new(ours));
    !theirs.body().is_empty() && !ours.body().is_empty() && theirs.body() != ours.body()
}

impl Matcher {
    /// Takes in the names of a consignment's confirmed links; whether they are others than before.
    pub(super) fn note_names(&mut self, consignment: &Consignment) -> bool {
        let Some(declaration) = consignment.declaration() else { return false };
        let confirmed = consignment.confirmed();
        let tied =
            consignment.ties().keys().filter(|item| confirmed.contains(*item) && !is_withdrawn(consignment));
        let exports: Vec<Doc> = tied
            .filter_map(|item| self.spoken_by(item))
            .filter_map(|export| self.index.doc(export))
            .collect();
        self.aliases.note(&Doc::from(declaration), &exports)
    }

    /// Has the index go by the names that are known, and says whose matches that changed.
    pub(super) fn go_by_names(&mut self) -> Vec<DocId> {
        self.index.go_by(&self.aliases.groups()).docs
    }
}

#[cfg(test)]
mod tests {
    use customs::declaration::Declaration;
    use customs::terms::{Country, Party};

    use super::*;

    fn doc(number: &str, sender: &str, receiver: &str) -> Doc {
        Doc::from(&Declaration {
            number: number.to_owned(),
            country: Country::new("VN"),
            exporter: Party::named(sender),
            importer: Party::named(receiver),
            ..Declaration::default()
        })
    }

    #[test]
    fn names_of_confirmed_links_are_one_party_s_until_the_link_is_taken_back() {
        let mut aliases = Aliases::default();
        let first = doc("I1", "SRP Holdings", "Hoang Long Trading");
        let second = doc("I2", "Siam Rubber Products", "Hoang Long Trading");
        assert!(aliases.note(&first, &[doc("E1", "Siam Rubber", "HOANG LONG TRADING CO., LTD")]));
        assert!(
            !aliases.note(&first, &[doc("E1", "Siam Rubber", "HOANG LONG TRADING CO., LTD")]),
            "as before"
        );
        assert!(aliases.note(&second, &[doc("E2", "Siam Rubber", "Hoang Long Trading")]));
        assert_eq!(aliases.groups(), [["SRP Holdings", "Siam Rubber", "Siam Rubber Products"]]);
        assert!(aliases.note(&second, &[]));
        assert_eq!(aliases.groups(), [["SRP Holdings", "Siam Rubber"]]);
        assert!(aliases.note(&first, &[]));
        assert!(aliases.groups().is_empty());
    }
}
