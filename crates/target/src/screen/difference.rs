//! What a new edition of a list changes, so that only that is screened again.

use std::collections::BTreeMap;

use customs::targeting::Listed;
use kernel::Digest;

/// What a new edition changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Entries that are new or say something else: every known party is screened against these alone.
    pub fresh: Vec<Listed>,
    /// Entries that are gone, by list and identifier: matches with them fall.
    pub gone: Vec<(String, String)>,
    /// Entries that say what they said.
    pub same: usize,
}

/// Holds a new edition against the one before.
#[must_use]
pub fn difference(before: &[Listed], after: &[Listed]) -> Difference {
    let key = |listed: &Listed| (listed.list.clone(), listed.id.clone());
    let known: BTreeMap<(String, String), Digest> =
        before.iter().map(|listed| (key(listed), listed.digest())).collect();
    let mut difference = Difference::default();
    let mut left = known.clone();
    for listed in after {
        let key = key(listed);
        if known.get(&key) == Some(&listed.digest()) {
            difference.same += 1;
        } else {
            difference.fresh.push(listed.clone());
        }
        left.remove(&key);
    }
    difference.gone = left.into_keys().collect();
    difference
}

#[cfg(test)]
mod tests {
    use super::super::{Query, Watch};
    use super::*;

    fn listed(id: &str, name: &str) -> Listed {
        Listed { list: "own".into(), id: id.into(), names: vec![name.into()], ..Listed::default() }
    }

    #[test]
    fn only_what_changed_is_asked_again() {
        let before = [listed("1", "Sao Vang Trading"), listed("2", "Minh Phat"), listed("3", "Old One")];
        let after =
            [listed("1", "Sao Vang Trading"), listed("2", "Minh Phat Logistics"), listed("4", "New One")];
        let difference = difference(&before, &after);
        assert_eq!(difference.same, 1);
        assert_eq!(difference.fresh.iter().map(|listed| listed.id.as_str()).collect::<Vec<_>>(), ["2", "4"]);
        assert_eq!(difference.gone, [("own".to_owned(), "3".to_owned())]);
        let mut fresh = Watch::new(difference.fresh);
        let ask = |watch: &mut Watch, name| watch.ask(&Query { name, ..Query::default() }, 850).len();
        assert_eq!((ask(&mut fresh, "Sao Vang Trading"), ask(&mut fresh, "MINH PHAT LOGISTICS")), (0, 1));
    }

    #[test]
    fn names_are_found_over_scripts_order_and_slips_and_numbers_as_they_are() {
        let mut entry = listed("1", "Nguyễn Văn Đức");
        entry.numbers = vec!["IMO 9074729".into()];
        entry.births = vec![1_971];
        let mut watch =
            Watch::new(vec![entry, listed("2", "สมชาย ใจดี"), listed("3", "HANIYA, Ismail Abdul Salah")]);
        let mut best = |query: &Query<'_>| watch.ask(query, 850).first().map(|found| found.id.clone());
        for (name, id) in [
            ("NGUYEN VAN DUC", "1"),
            ("Duc Nguyen Van", "1"),
            ("Somchai Chaidi", "2"),
            ("Ismail Abdul Salah Haniyeh", "3"),
        ] {
            assert_eq!(best(&Query { name, ..Query::default() }).as_deref(), Some(id), "{name}");
        }
        assert_eq!(best(&Query { name: "Tran Thi Hoa", ..Query::default() }), None);
        assert_eq!(
            best(&Query { numbers: &["9074729"], ..Query::default() }),
            None,
            "a bare number has no scheme"
        );
        assert_eq!(best(&Query { numbers: &["imo-9074729"], ..Query::default() }).as_deref(), Some("1"));
        assert_eq!(best(&Query { name: "Nguyen Van Duc", born: 1_990, ..Query::default() }), None);
    }
}
