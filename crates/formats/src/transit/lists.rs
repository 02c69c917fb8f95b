//! The small code lists the items and conditions of the messages name; longer ones are books of an administration.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static LISTS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("lists.table").lines().filter(|line| line.starts_with("CL"));
    lines
        .filter_map(|line| {
            let mut words = line.split(' ');
            let number = words.next()?;
            let mut codes: Vec<_> = words.skip(1).collect();
            codes.sort_unstable();
            Some((number, codes))
        })
        .collect()
});

/// Whether a list has this code; `None` where the list is not one of those kept here.
pub(crate) fn has(list: &str, code: &str) -> Option<bool> {
    LISTS.get(list).map(|codes| codes.binary_search(&code).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_know_their_codes_and_nothing_of_others() {
        assert_eq!(has("CL251", "1"), Some(true));
        assert_eq!(has("CL251", "X"), Some(false));
        assert_eq!(has("CL112", "VN"), Some(true));
        assert_eq!(has("CL171", "VN000001"), None);
    }
}
