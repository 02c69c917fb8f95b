//! Charts: bars, stacked bars, lines, calibration plots.

use std::fmt::Write as _;

use super::axis::Scale;
use super::{Labels, Picture, Svg};
use crate::language::Language;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;
/// Room for the axis at the side, and for the one at the bottom.
const SIDE: f64 = 64.0;
const FOOT: f64 = 44.0;
const HEAD: f64 = 12.0;

/// One bar.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bar {
    /// What it counts.
    pub label: String,
    /// How much.
    pub value: f64,
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// Its colour: `good`, `wait`, `bad`, `calm`, or empty for the usual one.
    pub tone: &'static str,
}

/// One line of a line chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series {
    /// What it is.
    pub name: String,
    /// Its values along the axis; nothing where none is known.
    pub values: Vec<Option<f64>>,
}

/// One point of a plot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Point {
    /// What it is.
    pub label: String,
    /// Where it lies.
    pub at: (f64, f64),
    /// How much stands behind it: the size of its dot.
    pub weight: f64,
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// Its colour, as a bar's.
    pub tone: &'static str,
}

/// Lying bars, one under the other, with their numbers beside them.
pub(crate) fn bars(language: Language, labels: &Labels, bars: &[Bar]) -> Picture {
    let names = bars.iter().map(|bar| bar.label.chars().count()).max().unwrap_or(0);
    let side = (text_width(names) + 14.0).clamp(60.0, 250.0);
    let height = BAR * bars.len().max(1) as f64 + 8.0;
    let scale = Scale::from_zero(bars.iter().map(|bar| bar.value), (side, WIDTH - 90.0), 4);
    let mut svg = Svg::new(labels.id, "chart bars", (WIDTH, height));
    for (place, bar) in bars.iter().enumerate() {
        let y = BAR * place as f64 + 4.0;
        let says = format!("{}: {}", bar.label, number(language, bar.value, 2));
        if !bar.href.is_empty() {
            svg.open_link(&bar.href, &says);
        }
        let (zero, end) = (scale.at(0.0), scale.at(bar.value));
        svg.text("end", (side - 8.0, y + 15.0), &shortened(&bar.label, side));
        svg.rect(
            &format!("bar {}", bar.tone),
            (zero.min(end), y + 3.0),
            ((end - zero).abs().max(1.0), BAR - 9.0),
        );
        svg.text("start value", (zero.max(end) + 6.0, y + 15.0), &number(language, bar.value, 2));
        if !bar.href.is_empty() {
            svg.close_link();
        }
    }
    svg.line("axis", (scale.at(0.0), 0.0), (scale.at(0.0), height));
    let rows =
        bars.iter().map(|bar| (bar.href.clone(), vec![bar.label.clone(), number(language, bar.value, 2)]));
    labels.picture(svg.done(), vec![labels.up.clone(), labels.across.clone()], rows.collect())
}

/// Standing bars in parts: for every label one value a name.
pub(crate) fn stacked(
    language: Language,
    labels: &Labels,
    names: &[String],
    columns: &[(String, Vec<f64>)],
) -> Picture {
    let sum =
        |parts: &[f64]| parts.iter().filter(|part| part.is_finite()).map(|part| part.max(0.0)).sum::<f64>();
    let up = Scale::from_zero(columns.iter().map(|(_, parts)| sum(parts)), (HEIGHT - FOOT, HEAD), 4);
    let mut svg = Svg::new(labels.id, "chart stacked", (WIDTH, HEIGHT));
    grid(&mut svg, language, &up, labels);
    let wide = (WIDTH - SIDE - 10.0) / columns.len().max(1) as f64;
    let every = every(columns.iter().map(|(label, _)| label.as_str()), wide);
    for (place, (label, parts)) in columns.iter().enumerate() {
        let x = SIDE + wide * place as f64;
        let mut below = 0.0;
        for (series, part) in parts.iter().enumerate().filter(|(_, part)| part.is_finite() && **part > 0.0) {
            let (low, high) = (up.at(below), up.at(below + part));
            svg.rect(
                &format!("bar s{}", series % SERIES),
                (x + wide * 0.14, high),
                (wide * 0.72, low - high),
            );
            below += part;
        }
        foot(&mut svg, (x + wide / 2.0, place, every), label);
    }
    let heads = std::iter::once(labels.across.clone()).chain(names.iter().cloned()).collect();
    let row = |(label, parts): &(String, Vec<f64>)| {
        let cells = parts.iter().map(|part| number(language, *part, 2));
        (String::new(), std::iter::once(label.clone()).chain(cells).collect())
    };
    let legend = names.iter().enumerate().map(|(place, name)| (format!("s{}", place % SERIES), name.clone()));
    Picture {
        legend: legend.collect(),
        ..labels.picture(svg.done(), heads, columns.iter().map(row).collect())
    }
}

/// Lines over places that follow each other, such as months.
pub(crate) fn lines(language: Language, labels: &Labels, places: &[String], series: &[Series]) -> Picture {
    let known = series.iter().flat_map(|line| line.values.iter().flatten().copied());
    let up = Scale::from_zero(known, (HEIGHT - FOOT, HEAD), 4);
    let step = (WIDTH - SIDE - 24.0) / places.len().saturating_sub(1).max(1) as f64;
    let x = |place: usize| SIDE + 10.0 + step * place as f64;
    let mut svg = Svg::new(labels.id, "chart lines", (WIDTH, HEIGHT));
    grid(&mut svg, language, &up, labels);
    let every = every(places.iter().map(String::as_str), step);
    for (place, label) in places.iter().enumerate() {
        foot(&mut svg, (x(place), place, every), label);
    }
    for (number_of, line) in series.iter().enumerate() {
        let class = format!("line s{}", number_of % SERIES);
        svg.path(
            &class,
            &commands(
                line.values.iter().enumerate().map(|(place, value)| Some((x(place), up.at((*value)?)))),
            ),
        );
        for (place, value) in line.values.iter().enumerate().take(places.len()) {
            if let Some(value) = value {
                let says = format!("{} · {}: {}", line.name, places[place], number(language, *value, 2));
                svg.dot(&format!("dot s{}", number_of % SERIES), (x(place), up.at(*value)), 2.6, &says);
            }
        }
    }
    let heads = std::iter::once(labels.across.clone()).chain(series.iter().map(|line| line.name.clone()));
    let row = |(place, label): (usize, &String)| {
        let cell = |line: &Series| match line.values.get(place).copied().flatten() {
            Some(value) => number(language, value, 2),
            None => "–".to_owned(),
        };
        (String::new(), std::iter::once(label.clone()).chain(series.iter().map(cell)).collect())
    };
    let rows = places.iter().enumerate().map(row).collect();
    let legend =
        series.iter().enumerate().map(|(place, line)| (format!("s{}", place % SERIES), line.name.clone()));
    let legend = if series.len() > 1 { legend.collect() } else { Vec::new() };
    Picture { legend, ..labels.picture(svg.done(), heads.collect(), rows) }
}

/// How often what was said to be so likely was so: on the straight line a likelihood is what it says.
pub(crate) fn calibration(language: Language, labels: &Labels, points: &[Point]) -> Picture {
    let along = Scale::holding([0.0, 1.0], (SIDE + 6.0, WIDTH - 16.0), 5);
    let up = Scale::holding([0.0, 1.0], (HEIGHT - FOOT, HEAD), 5);
    let mut svg = Svg::new(labels.id, "chart calibration", (WIDTH, HEIGHT));
    grid(&mut svg, language, &up, labels);
    ticks_along(&mut svg, language, &along);
    svg.line("even", (along.at(0.0), up.at(0.0)), (along.at(1.0), up.at(1.0)));
    let mut sorted: Vec<&Point> = points.iter().collect();
    sorted.sort_by(|a, b| a.at.0.total_cmp(&b.at.0));
    svg.path(
        "line s0",
        &commands(sorted.iter().map(|point| Some((along.at(point.at.0), up.at(point.at.1))))),
    );
    dots(&mut svg, language, points, (&along, &up));
    labels.picture(svg.done(), heads(labels), points.iter().map(|point| row(language, point, 3)).collect())
}

fn dots(svg: &mut Svg, language: Language, points: &[Point], (along, up): (&Scale, &Scale)) {
    let most = points.iter().map(|point| point.weight).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    for point in points {
        let says = row(language, point, 3).1.join(" · ");
        if !point.href.is_empty() {
            svg.open_link(&point.href, &says);
        }
        let radius = 3.0 + 8.0 * (point.weight.max(0.0) / most).sqrt();
        svg.dot(&format!("dot s0 {}", point.tone), (along.at(point.at.0), up.at(point.at.1)), radius, &says);
        if !point.href.is_empty() {
            svg.close_link();
        }
    }
}

fn heads(labels: &Labels) -> Vec<String> {
    vec![String::from("\u{a0}"), labels.across.clone(), labels.up.clone()]
}

fn row(language: Language, point: &Point, digits: usize) -> (String, Vec<String>) {
    let cell = |value: f64| number(language, value, digits);
    (point.href.clone(), vec![point.label.clone(), cell(point.at.0), cell(point.at.1)])
}

/// Lines across with their numbers, and what runs up the side and along the bottom.
fn grid(svg: &mut Svg, language: Language, up: &Scale, labels: &Labels) {
    for tick in up.ticks() {
        let y = up.at(tick);
        svg.line(if tick == 0.0 { "axis" } else { "grid" }, (SIDE, y), (WIDTH - 6.0, y));
        svg.text("end tick", (SIDE - 8.0, y + 4.0), &number(language, tick, up.digits()));
    }
    svg.text("end name", (WIDTH - 6.0, HEIGHT - 6.0), &labels.across);
    svg.text("start name", (2.0, HEIGHT - 6.0), &labels.up);
}

fn ticks_along(svg: &mut Svg, language: Language, along: &Scale) {
    for tick in along.ticks() {
        svg.text(
            "middle tick",
            (along.at(tick), HEIGHT - FOOT + 16.0),
            &number(language, tick, along.digits()),
        );
    }
}

/// Of how many labels one is written, so that none runs into the next where each has this much room.
fn every<'l>(labels: impl Iterator<Item = &'l str>, room: f64) -> usize {
    let longest = labels.map(|label| label.chars().count()).max().unwrap_or(0);
    let needed = (text_width(longest) * 1.15).min(LABEL) + 10.0;
    (needed / room.max(1.0)).ceil().max(1.0) as usize
}

/// A label at the foot; where there are many, only some have room.
fn foot(svg: &mut Svg, (x, place, every): (f64, usize, usize), label: &str) {
    if place.is_multiple_of(every) {
        svg.text("middle tick", (x, HEIGHT - FOOT + 16.0), &shortened(label, LABEL));
    }
}

/// The commands of a path through these places; it is broken where one is missing.
fn commands(places: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let mut commands = String::new();
    let mut pen = 'M';
    for place in places {
        match place {
            Some((x, y)) => {
                let _ = write!(commands, "{pen}{x:.1} {y:.1}");
                pen = 'L';
            }
            None => pen = 'M',
        }
    }
    commands
}

/// A number with at most this many digits behind the point.
fn number(language: Language, value: f64, digits: usize) -> String {
    let exact = rust_decimal::Decimal::from_f64_retain(value);
    let rounded = exact.map(|exact| exact.round_dp(u32::try_from(digits).unwrap_or(2)));
    rounded.map_or_else(|| "–".to_owned(), |rounded| language.decimal(rounded))
}

/// About how wide a text of so many letters is.
fn text_width(letters: usize) -> f64 {
    letters as f64 * 6.6
}

fn shortened(text: &str, room: f64) -> String {
    let letters = (room / 6.4).max(4.0) as usize;
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(letters - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The height of one lying bar, with the room beneath it.
const BAR: f64 = 24.0;
/// How many colours series have before they begin again.
const SERIES: usize = 6;
/// The widest a label at the foot may be.
const LABEL: f64 = 110.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Labels {
        Labels { id: "x", title: "Gap".into(), across: "Month".into(), up: "USD".into(), ..Labels::default() }
    }

    #[test]
    fn a_chart_says_in_its_table_what_it_draws() {
        let series = Series { name: "TH".into(), values: vec![Some(1.0), None, Some(2500.5)] };
        let months = ["2026-09", "2026-10", "2026-11"].map(String::from);
        let chart = lines(Language::English, &labels(), &months, &[series]);
        assert_eq!(chart.rows[1].1, ["2026-10", "–"]);
        assert_eq!(chart.rows[2].1, ["2026-11", "2,500.5"]);
        assert_eq!(chart.svg.matches("class=\"dot").count(), 2);
        let path =
            chart.svg.split(" d=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        assert_eq!(path.matches('M').count(), 2, "the line is broken where nothing is known");
    }

    #[test]
    fn no_number_and_no_word_breaks_a_drawing() {
        let wild =
            [Bar { label: "<script>&\"".into(), value: f64::NAN, href: "/x?a=1&b=2".into(), tone: "bad" }];
        let chart = bars(Language::Vietnamese, &labels(), &wild);
        assert!(!chart.svg.contains("<script>") && !chart.svg.contains("NaN"), "{}", chart.svg);
        for picture in
            [stacked(Language::English, &labels(), &[], &[]), calibration(Language::English, &labels(), &[])]
        {
            assert!(picture.svg.ends_with("</svg>") && !picture.svg.contains("inf"));
        }
    }

    #[test]
    fn links_say_where_they_lead() {
        let bar = Bar { label: "8544".into(), value: 30.0, href: "/mirror/8544".into(), tone: "" };
        let chart = bars(Language::English, &labels(), &[bar]);
        assert!(chart.svg.contains("<a href=\"/mirror/8544\"><title>8544: 30</title>"));
        assert_eq!(super::super::escaped("a\u{0}<b>"), "a&lt;b&gt;");
    }
}
