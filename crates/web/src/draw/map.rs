//! A map without anything from elsewhere: land, borders, points with names, lines between places; zoomed to what it shows.

use std::fmt::Write as _;

use super::land::{Degrees, land};
use super::{Labels, Picture, Svg};

const WIDTH: f64 = 720.0;
/// The smallest part of the world a map shows, in degrees.
const SPAN_MIN: f64 = 6.0;

/// What a map shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    /// Places.
    pub points: Vec<Spot>,
    /// Lines between places.
    pub lines: Vec<Way>,
}

/// A place on a map.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    /// Where.
    pub at: Degrees,
    /// What it is called; drawn beside it.
    pub name: String,
    /// What its row in the table says besides.
    pub says: Vec<String>,
    /// Its size, from 0 to 1.
    pub size: f64,
    /// Its colour: `good`, `wait`, `bad`, `calm`, or empty for the usual one.
    pub tone: &'static str,
    /// Where it leads; empty for nowhere.
    pub href: String,
}

/// A line on a map.
#[derive(Clone, Debug, Default)]
pub(crate) struct Way {
    /// Through these places.
    pub through: Vec<Degrees>,
    /// What it is; said in the table.
    pub name: String,
    /// What its row in the table says besides.
    pub says: Vec<String>,
    /// Its width, from 0 to 1.
    pub weight: f64,
    /// Its colour, as a place's.
    pub tone: &'static str,
    /// Whether it only may be so: drawn in dashes.
    pub is_planned: bool,
}

/// The part of the world a map shows.
#[derive(Clone, Copy, Debug, PartialEq)]
struct View {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
    /// How much narrower a degree east is than one north, here.
    narrow: f64,
}

impl Map {
    /// The picture of the map; `heads` are the heads of its table, the first one of the names.
    pub(crate) fn picture(&self, labels: &Labels, heads: Vec<String>) -> Picture {
        let view = View::around(self.places());
        let height = (WIDTH * (view.north - view.south) / ((view.east - view.west) * view.narrow)).round();
        let mut svg = Svg::new(labels.id, "map", (WIDTH, height));
        svg.rect("sea", (0.0, 0.0), (WIDTH, height));
        ground(&mut svg, &view);
        for way in &self.lines {
            let class = format!(
                "way w{} {}{}",
                step(way.weight),
                way.tone,
                if way.is_planned { " planned" } else { "" }
            );
            svg.path(&class, &curve(&view, &way.through));
        }
        for spot in &self.points {
            let at = view.place(spot.at);
            if !spot.href.is_empty() {
                svg.open_link(&spot.href, &spot.name);
            }
            svg.dot(
                &format!("spot {}", spot.tone),
                at,
                3.5 + 9.0 * spot.size.clamp(0.0, 1.0).sqrt(),
                &spot.name,
            );
            let side = if at.0 > WIDTH * 0.8 { ("end", -1.0) } else { ("start", 1.0) };
            let away = 7.0 + 9.0 * spot.size.clamp(0.0, 1.0).sqrt();
            svg.text(&format!("{} place", side.0), (at.0 + side.1 * away, at.1 + 4.0), &spot.name);
            if !spot.href.is_empty() {
                svg.close_link();
            }
        }
        let cells = |name: &String, says: &[String]| {
            std::iter::once(name.clone()).chain(says.iter().cloned()).collect()
        };
        let points = self.points.iter().map(|spot| (spot.href.clone(), cells(&spot.name, &spot.says)));
        let lines = self.lines.iter().filter(|way| !way.name.is_empty());
        let lines = lines.map(|way| (String::new(), cells(&way.name, &way.says)));
        labels.picture(svg.done(), heads, points.chain(lines).collect())
    }

    fn places(&self) -> impl Iterator<Item = Degrees> {
        let points = self.points.iter().map(|spot| spot.at);
        points.chain(self.lines.iter().flat_map(|way| way.through.iter().copied()))
    }
}

impl View {
    /// Around all these places, with room at the sides; all of South-East Asia where there are none.
    fn around(places: impl Iterator<Item = Degrees>) -> Self {
        let sound = places.filter(|(east, north)| east.is_finite() && north.is_finite());
        let ends = sound.fold(None, |ends: Option<(Degrees, Degrees)>, (east, north)| {
            let ((west, south), (most_east, most_north)) = ends.unwrap_or(((east, north), (east, north)));
            Some(((west.min(east), south.min(north)), (most_east.max(east), most_north.max(north))))
        });
        let ((west, south), (east, north)) = ends.unwrap_or(((94.0, -8.0), (126.0, 24.0)));
        let room = |low: f64, high: f64| ((high - low) * 0.16).max((SPAN_MIN - (high - low)) / 2.0).max(1.2);
        let (wide, tall) = (room(west, east), room(south, north));
        let view = Self {
            west: (west - wide * 1.4).max(-180.0),
            south: (south - tall).max(-78.0),
            east: (east + wide * 1.4).min(180.0),
            north: (north + tall).min(83.0),
            narrow: 1.0,
        };
        Self { narrow: ((view.south + view.north) / 2.0).to_radians().cos().max(0.3), ..view }.shaped()
    }

    /// Not much taller than wide, and not a strip.
    fn shaped(self) -> Self {
        let (wide, tall) = ((self.east - self.west) * self.narrow, self.north - self.south);
        if tall < wide * 0.45 {
            let more = (wide * 0.45 - tall) / 2.0;
            return Self { south: self.south - more, north: self.north + more, ..self };
        }
        if tall > wide * 0.8 {
            let more = (tall / 0.8 - wide) / 2.0 / self.narrow;
            return Self { west: self.west - more, east: self.east + more, ..self };
        }
        self
    }

    /// Where a place lies on the drawing.
    fn place(&self, (east, north): Degrees) -> (f64, f64) {
        let scale = WIDTH / ((self.east - self.west) * self.narrow);
        ((east - self.west) * self.narrow * scale, (self.north - north) * scale)
    }

    /// Whether any of these places may be seen.
    fn meets(&self, places: &[Degrees]) -> bool {
        let (mut west, mut south, mut east, mut north) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
        for (x, y) in places {
            (west, east, south, north) = (west.min(*x), east.max(*x), south.min(*y), north.max(*y));
        }
        west <= self.east && east >= self.west && south <= self.north && north >= self.south
    }
}

/// Land and borders, cut to what is seen so that no page carries the whole world.
fn ground(svg: &mut Svg, view: &View) {
    let mut commands = String::new();
    for ring in land().rings.iter().filter(|ring| view.meets(ring)) {
        let cut = cut(ring, view);
        if cut.len() > 2 {
            path(&mut commands, view, &cut);
            commands.push('Z');
        }
    }
    svg.path("land", &commands);
    let mut commands = String::new();
    for border in land().borders.iter().filter(|border| view.meets(border)) {
        path(&mut commands, view, border);
    }
    svg.path("border", &commands);
}

fn path(commands: &mut String, view: &View, places: &[Degrees]) {
    for (number, place) in places.iter().enumerate() {
        let (x, y) = view.place(*place);
        let _ = write!(commands, "{}{x:.0} {y:.0}", if number == 0 { 'M' } else { 'L' });
    }
}

/// How far a place lies within one side of a view.
type Reach = fn(&Degrees, &View) -> f64;

/// A ring cut to the view, side by side (Sutherland and Hodgman).
fn cut(ring: &[Degrees], view: &View) -> Vec<Degrees> {
    let sides: [(Reach, f64); 4] = [
        (|place, view| place.0 - (view.west - 1.0), 0.0),
        (|place, view| (view.east + 1.0) - place.0, 0.0),
        (|place, view| place.1 - (view.south - 1.0), 0.0),
        (|place, view| (view.north + 1.0) - place.1, 0.0),
    ];
    let mut kept = ring.to_vec();
    for (within, edge) in sides {
        let mut next = Vec::with_capacity(kept.len());
        for (number, place) in kept.iter().enumerate() {
            let before = kept[(number + kept.len() - 1) % kept.len()];
            let (here, there) = (within(place, view), within(&before, view));
            if (here >= edge) != (there >= edge) {
                let part = there / (there - here);
                next.push((before.0 + (place.0 - before.0) * part, before.1 + (place.1 - before.1) * part));
            }
            if here >= edge {
                next.push(*place);
            }
        }
        kept = next;
        if kept.is_empty() {
            break;
        }
    }
    kept
}

/// A line through places; between two places it bends a little, so that there and back are two lines.
fn curve(view: &View, through: &[Degrees]) -> String {
    let mut commands = String::new();
    if let [from, to] = through {
        let ((ax, ay), (bx, by)) = (view.place(*from), view.place(*to));
        let (cx, cy) = (f64::midpoint(ax, bx) - (by - ay) * 0.16, f64::midpoint(ay, by) + (bx - ax) * 0.16);
        let _ = write!(commands, "M{ax:.1} {ay:.1}Q{cx:.1} {cy:.1} {bx:.1} {by:.1}");
    } else {
        path(&mut commands, view, through);
    }
    commands
}

/// A weight from 0 to 1 as one of five widths.
fn step(weight: f64) -> u8 {
    match weight {
        weight if weight > 0.8 => 5,
        weight if weight > 0.5 => 4,
        weight if weight > 0.25 => 3,
        weight if weight > 0.08 => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::land::middle;
    use super::*;

    #[test]
    fn a_map_shows_every_place_it_is_given_and_says_it_in_its_table() {
        let spot =
            |code: &str| Spot { at: middle(code).expect("known"), name: code.into(), ..Spot::default() };
        let way =
            Way { through: vec![spot("TH").at, spot("VN").at], name: "TH → VN".into(), ..Way::default() };
        let map = Map { points: vec![spot("TH"), spot("VN")], lines: vec![way] };
        let picture = map.picture(&Labels { id: "m", ..Labels::default() }, vec!["Place".into()]);
        assert_eq!(picture.svg.matches("<circle").count(), 2);
        assert_eq!(picture.rows.len(), 3);
        assert!(picture.svg.len() < 60_000, "{} bytes", picture.svg.len());
    }

    #[test]
    fn every_map_has_a_sound_shape() {
        let cases: [&[Degrees]; 5] = [
            &[],
            &[(106.0, 16.0)],
            &[(-170.0, -60.0), (179.0, 82.0)],
            &[(f64::NAN, 1.0)],
            &[(100.0, 13.0), (101.0, 60.0)],
        ];
        for places in cases {
            let view = View::around(places.iter().copied());
            let shape = (view.north - view.south) / ((view.east - view.west) * view.narrow);
            assert!(shape.is_finite() && (0.3..1.2).contains(&shape), "{places:?}: {view:?}");
        }
    }
}
