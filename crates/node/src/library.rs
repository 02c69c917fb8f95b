//! The books in force together with what compares names and what knows the codes of trusted traders, as procedures are handed
//! them.

use customs::operator::{Entry, Index, OPERATORS};
use jiff::civil::Date;
use kernel::book::Shelf;
use kernel::{Books, Edition, Said};
use link::resolve::{Name, name_likeness};
use serde::Deserialize as _;

/// The shelf, and the resolver of names beside it.
pub(crate) struct Library<'s> {
    pub(crate) shelf: &'s Shelf,
    /// The codes of partners' trusted traders, as the shelf has them.
    pub(crate) operators: &'s Index,
}

impl Books for Library<'_> {
    fn at(&self, book: &str, key: &str, day: Date) -> Option<Said<'_>> {
        self.shelf.at(book, key, day)
    }

    fn lacks(&self, book: &str, key: &str) -> bool {
        book == OPERATORS && self.operators.lacks(key)
    }

    fn likeness(&self, one: &str, other: &str) -> Option<u16> {
        let long = |name: &str| name.len() > NAME_BYTES_MAX;
        if long(one) || long(other) {
            return None;
        }
        let (one, other) = (Name::new(one), Name::new(other));
        (!one.is_empty() && !other.is_empty()).then(|| name_likeness(&one, &other))
    }
}

/// Takes the trusted traders of an edition into their index.
pub(crate) fn index_operators(index: &mut Index, edition: &Edition) {
    if edition.head.book == OPERATORS {
        edition
            .rows
            .iter()
            .filter_map(|row| Entry::deserialize(&row.value).ok())
            .for_each(|entry| index.take(&entry));
    }
}

/// The longest name that is taken apart.
const NAME_BYTES_MAX: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_firm_in_two_scripts_is_one_and_two_firms_are_two() {
        let shelf = Shelf::default();
        let operators = Index::default();
        let library = Library { shelf: &shelf, operators: &operators };
        for (one, other, least, most) in [
            ("Siam Electronics Co., Ltd.", "บริษัท สยามอิเล็กทรอนิกส์ จำกัด", 600, 1_000),
            ("Siam Electronics Co., Ltd.", "SIAM ELECTRONIC COMPANY LIMITED", 600, 1_000),
            ("Công ty Cổ phần Thép Hòa Phát", "Hoa Phat Steel Joint Stock Company", 600, 1_000),
            ("Siam Electronics Co., Ltd.", "Siam Cement PCL", 0, 599),
            ("Bangkok Trading", "Bangkok Rubber", 0, 599),
        ] {
            let found = library.likeness(one, other).expect("names");
            assert!((least..=most).contains(&found), "{one} / {other}: {found}");
        }
        assert_eq!(library.likeness("", "Siam"), None);
    }
}
