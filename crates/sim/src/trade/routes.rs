//! How goods travel: real places by their UN/LOCODE, with mode, days under way and how usual the way is.

use super::goods::range;
use crate::dice::Dice;

/// One way from one country to another.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    from: &'static str,
    to: &'static str,
    /// UN/ECE Recommendation 19.
    pub(crate) mode: &'static str,
    /// The port's code, and other codes of the same port.
    pub(crate) places: Vec<&'static str>,
    /// Days under way, from and to.
    pub(crate) days: (i64, i64),
    weight: u32,
}

/// All routes.
pub(crate) fn network() -> Vec<Route> {
    let lines = include_str!("routes.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| read(line).expect("routes.txt is our own table, read in full by a test")).collect()
}

/// Picks a way from one country to another. Where the table has none of their own, one of those from anywhere.
///
/// # Panics
/// Where the table knows no way into the country.
pub(crate) fn choose<'a>(network: &'a [Route], (from, to): (&str, &str), dice: &mut Dice) -> &'a Route {
    let own: Vec<&Route> = network.iter().filter(|route| route.from == from && route.to == to).collect();
    let any = || network.iter().filter(|route| route.from == "*" && route.to == to).collect();
    let ways = if own.is_empty() { any() } else { own };
    ways[dice.weighed(ways.iter().map(|route| route.weight))]
}

/// Whether the table knows a way into this country.
pub(crate) fn reaches(network: &[Route], to: &str) -> bool {
    network.iter().any(|route| route.to == to)
}

/// How many days after departure a consignment is still expected, by mode: who waits longer waits in vain.
#[must_use]
pub fn window(mode: &str) -> u16 {
    match mode {
        "1" => 21,
        "2" => 10,
        "3" => 7,
        "4" => 4,
        _ => 14,
    }
}

fn read(line: &'static str) -> Option<Route> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let &[from, to, mode, places, days, weight] = columns.as_slice() else { return None };
    Some(Route {
        from,
        to,
        mode,
        places: places.split('/').collect(),
        days: range(days)?,
        weight: weight.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_countries_has_a_way_that_ends_where_it_should() {
        let network = network();
        assert_eq!(network.len(), include_str!("routes.txt").lines().count() - 1);
        let countries = ["VN", "TH", "LA", "CN", "KH", "MY", "SG"];
        for (from, to) in countries.iter().flat_map(|from| countries.map(|to| (*from, to))) {
            let route = choose(&network, (from, to), &mut Dice::of(1, crate::dice::Room::Firms, 0));
            assert!(route.places.iter().all(|place| place.starts_with(to)), "{from} {route:?}");
            assert!(route.days.1 <= i64::from(window(route.mode)), "{route:?}");
        }
    }
}
