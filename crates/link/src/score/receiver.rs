//! What is said of who receives: the name and the address are one statement. Another party lives elsewhere, so that an address
//! that differs says little more once the name does; counted as two, the two would hide a load whose receiver was changed. A load
//! whose amount is another, too, is another load.

use super::frequency::{self, counts};
use super::{Field, Level, Millibits, Model};

/// Name and address together speak against a link with no more than this, unless one of them does alone.
const LEAST: Millibits = -6_000;

/// What a name and an address weigh together. It never falls where one of them rises.
pub(super) fn together(name: Millibits, address: Millibits) -> Millibits {
    (name + address).max(LEAST.min(name).min(address))
}

/// By how much less the two speak against a link than each for itself.
pub(super) fn spared(name: Millibits, address: Millibits) -> Millibits {
    together(name, address) - name - address
}

/// The most the two can weigh, at one of these levels each and with amounts that agree, with what being common or rare may add.
pub(super) fn most(model: &Model, names: &[Level], addresses: &[Level]) -> Millibits {
    let weigh = |name: Level, address: Level| {
        let common = if counts(name) { frequency::MOST } else { 0 };
        together(model.weight(Field::Consignee, name), model.weight(Field::Address, address)) + common
    };
    let all = names.iter().flat_map(|name| addresses.iter().map(move |address| weigh(*name, *address)));
    all.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn another_party_elsewhere_is_one_disagreement() {
        assert_eq!(together(-3_600, -6_000), -6_000);
        assert_eq!(together(-2_000, -1_500), -3_500, "what is little is counted in full");
        assert_eq!(together(2_000, -6_000), -4_000, "a name that agrees is worth the same elsewhere");
        assert_eq!(together(-8_000, -1_000), -8_000, "what one says alone stands");
    }

    proptest! {
        #[test]
        fn what_agrees_more_never_weighs_less(name in -9_000..9_000, address in -9_000..9_000, more in 0..9_000) {
            prop_assert!(together(name + more, address) >= together(name, address));
            prop_assert!(together(name, address + more) >= together(name, address));
            prop_assert!(together(name, address) >= name + address);
        }
    }
}
