//! The outlines of land and the borders between countries, shipped with the program (Natural Earth, public domain).

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A place by degrees east and north.
pub(crate) type Degrees = (f64, f64);

/// Land, borders and the middles of countries.
#[derive(Debug, Default)]
pub(crate) struct Land {
    /// Rings of land, one a country and island.
    pub rings: Vec<Vec<Degrees>>,
    /// Lines between countries.
    pub borders: Vec<Vec<Degrees>>,
    /// Where the name of a country stands, by its letters.
    pub middles: BTreeMap<&'static str, Degrees>,
}

/// All land there is.
pub(crate) fn land() -> &'static Land {
    static LAND: LazyLock<Land> = LazyLock::new(|| read(include_str!("../../data/land.txt")));
    &LAND
}

/// Where a country lies, by its letters.
pub(crate) fn middle(country: &str) -> Option<Degrees> {
    land().middles.get(country).copied()
}

fn read(text: &'static str) -> Land {
    let mut land = Land::default();
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("p", steps)) => land.rings.push(walk(steps)),
            Some(("b", steps)) => land.borders.push(walk(steps)),
            Some(("c", rest)) => {
                if let Some((code, place)) = rest.split_once(' ') {
                    land.middles.extend(walk(place).first().map(|place| (code, *place)));
                }
            }
            _ => {}
        }
    }
    land
}

fn walk(steps: &str) -> Vec<Degrees> {
    let (mut east, mut north) = (0, 0);
    let step = |step: &str| {
        let (x, y) = step.split_once(',')?;
        east += x.parse::<i32>().ok()?;
        north += y.parse::<i32>().ok()?;
        Some((f64::from(east) / 100.0, f64::from(north) / 100.0))
    };
    steps.split(' ').filter_map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_land_is_there_and_countries_lie_where_they_are() {
        let land = land();
        assert!(land.rings.len() > 300 && land.borders.len() > 200 && land.middles.len() > 150);
        assert!(land.rings.iter().flatten().all(|(x, y)| x.abs() <= 180.01 && y.abs() <= 90.01));
        let (east, north) = middle("VN").expect("Viet Nam");
        assert!((102.0..110.0).contains(&east) && (8.0..24.0).contains(&north));
        assert_eq!(middle("XX"), None);
    }
}
