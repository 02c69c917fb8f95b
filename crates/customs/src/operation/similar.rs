//! Similar cases: how alike two seizures are, with what says so.

use super::seizure_item::SeizureItem;

/// What two seizures have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The weight of all of it; two seizures with nothing in common have none.
    pub weight: u32,
    /// What: a code and the common value.
    pub why: Vec<(&'static str, String)>,
}

/// What two seizures have in common. Rare things weigh more: the same box or hiding place says more than the same mode.
#[must_use]
pub fn alike(one: &SeizureItem, other: &SeizureItem) -> Alike {
    let mut alike = Alike { weight: 0, why: Vec::new() };
    let mut common = |code: &'static str, weight: u32, one: &str, other: &str| {
        if !folded(one).is_empty() && folded(one) == folded(other) {
            alike.weight += weight;
            alike.why.push((code, one.to_owned()));
        }
    };
    common("container", 40, &one.container, &other.container);
    common("vehicle", 40, &one.vehicle, &other.vehicle);
    common("hiding-place", 25, &one.hiding_place, &other.hiding_place);
    common("pack", 3, pack(one), pack(other));
    common("mode", 2, &one.mode, &other.mode);
    common("place", 6, &one.place, &other.place);
    common("departure", 8, &text(one.route.departure.as_ref()), &text(other.route.departure.as_ref()));
    common("destination", 5, &text(one.route.destination.as_ref()), &text(other.route.destination.as_ref()));
    common("origin", 4, &text(one.route.origin.as_ref()), &text(other.route.origin.as_ref()));
    common("method", 2, method(one), method(other));
    common("heading", 10, &heading(one), &heading(other));
    common("code", 12, &code(one), &code(other));
    alike
}

/// The cases most like `one`, the likest first; at most `limit` and none below a weight that says nothing.
#[must_use]
pub fn similar<'a, K: Ord + Clone>(
    one: &SeizureItem,
    others: impl IntoIterator<Item = (K, &'a SeizureItem)>,
    limit: usize,
) -> Vec<(K, Alike)> {
    let mut found: Vec<_> = others.into_iter().map(|(key, other)| (key, alike(one, other))).collect();
    found.retain(|(_, alike)| alike.weight >= LEAST);
    found.sort_by_key(|(key, alike)| (std::cmp::Reverse(alike.weight), key.clone()));
    found.truncate(limit);
    found
}

/// The least weight that is worth showing: more than goods and mode alone.
const LEAST: u32 = 18;

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn text(value: Option<&impl ToString>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}

fn pack(report: &SeizureItem) -> &'static str {
    report.pack.map_or("", super::Pack::code)
}

fn method(report: &SeizureItem) -> &'static str {
    report.method.map_or("", super::Method::code)
}

fn heading(report: &SeizureItem) -> String {
    let first = report.goods.iter().find_map(|goods| goods.hs.as_ref());
    first.map_or_else(String::new, |hs| hs.prefix(4).to_owned())
}

fn code(report: &SeizureItem) -> String {
    report.goods.first().map_or_else(String::new, |goods| goods.code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(container: &str, hiding_place: &str) -> SeizureItem {
        SeizureItem {
            container: container.into(),
            hiding_place: hiding_place.into(),
            mode: "3".into(),
            ..SeizureItem::default()
        }
    }

    #[test]
    fn the_same_hiding_place_is_found_however_it_is_written_and_the_same_mode_alone_is_not() {
        let one = report("", "False floor of the trailer");
        let others = [("a", report("", "false floor, of the trailer")), ("b", report("", "spare wheel"))];
        let found = similar(&one, others.iter().map(|(key, report)| (*key, report)), 5);
        assert_eq!(found.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["a"]);
        assert_eq!(found[0].1.why[0].0, "hiding-place");
    }

    #[test]
    fn the_likest_comes_first() {
        let one = report("TEMU1234565", "wheel");
        let others = [("a", report("", "wheel")), ("b", report("TEMU 123456-5", "wheel"))];
        let found = similar(&one, others.iter().map(|(key, report)| (*key, report)), 1);
        assert_eq!(found[0].0, "b");
    }
}
