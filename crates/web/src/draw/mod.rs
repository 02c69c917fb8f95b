//! Pictures of numbers, drawn by the server as SVG: charts and maps. Every picture has its numbers as a table beneath it, so that
//! nobody has to see it to know what it says.
//!
//! ```text
//! chart::bars, stacked                how much of what
//! chart::lines                        how it goes over time
//! chart::calibration                  how what was said lies to what came
//! map::Map                            where: land, points, lines between them
//! ```
//!
//! A page puts a [`Picture`] into its template as it is: `{{ picture|safe }}`. Numbers here are only drawn, never recorded, so
//! they may be floating.

pub(crate) mod axis;
pub(crate) mod chart;
pub(crate) mod land;
pub(crate) mod map;

use std::fmt::Write as _;

use askama::Template;

/// A picture with its caption and its numbers.
#[derive(Clone, Debug, Template)]
#[template(path = "draw/picture.html")]
pub(crate) struct Picture {
    /// Names the picture on its page.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// What it says, in one sentence; empty where the title is enough.
    pub lead: String,
    /// The drawing.
    pub svg: String,
    /// What its colours mean.
    pub legend: Vec<(String, String)>,
    /// The word that opens the table.
    pub as_table: String,
    /// The heads of its table.
    pub heads: Vec<String>,
    /// Its numbers as they are read; the first cell of a row names it and may lead somewhere.
    pub rows: Vec<(String, Vec<String>)>,
}

/// What is said around a picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels {
    /// Names the picture on its page: letters, digits and dashes.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// What it says, in one sentence.
    pub lead: String,
    /// What runs along the bottom.
    pub across: String,
    /// What runs up the side.
    pub up: String,
    /// The word that opens the table of its numbers.
    pub as_table: String,
}

impl Labels {
    pub(crate) fn picture(
        &self,
        svg: String,
        heads: Vec<String>,
        rows: Vec<(String, Vec<String>)>,
    ) -> Picture {
        Picture {
            id: format!("picture-{}", self.id),
            title: self.title.clone(),
            lead: self.lead.clone(),
            svg,
            legend: Vec::new(),
            as_table: self.as_table.clone(),
            heads,
            rows,
        }
    }
}

/// An SVG while it is drawn.
#[derive(Debug)]
pub(crate) struct Svg {
    /// Everything of its opening tag but its role.
    opening: String,
    drawn: String,
    /// Where what leads somewhere began, and what it says; while it is open.
    link: Option<(usize, String)>,
    leads: bool,
}

impl Svg {
    /// An empty drawing of this size, named by the heading of its picture.
    pub(crate) fn new(id: &str, class: &str, (width, height): (f64, f64)) -> Self {
        let opening = format!(
            "class=\"{class}\" viewBox=\"0 0 {width:.0} {height:.0}\" aria-labelledby=\"picture-{id}-title\" focusable=\"false\""
        );
        Self { opening, drawn: String::new(), link: None, leads: false }
    }

    /// A rectangle.
    pub(crate) fn rect(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        let (width, height) = (width.max(0.0), height.max(0.0));
        let _ = write!(
            self.drawn,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        );
    }

    /// A straight line.
    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = write!(
            self.drawn,
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        );
    }

    /// A dot, with what it says when pointed at.
    pub(crate) fn dot(&mut self, class: &str, (x, y): (f64, f64), radius: f64, says: &str) {
        let _ = write!(
            self.drawn,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"><title>{}</title></circle>",
            escaped(says)
        );
    }

    /// A path by its commands.
    pub(crate) fn path(&mut self, class: &str, commands: &str) {
        let _ = write!(self.drawn, "<path class=\"{class}\" d=\"{commands}\"/>");
    }

    /// A text; `class` says how it hangs: `start`, `middle`, `end`.
    pub(crate) fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let _ =
            write!(self.drawn, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(text));
    }

    /// What leads somewhere begins here.
    pub(crate) fn open_link(&mut self, href: &str, says: &str) {
        let _ = write!(self.drawn, "<a href=\"{}\"", escaped(href));
        self.link = Some((self.drawn.len(), escaped(says).to_string()));
        self.leads = true;
    }

    /// What leads somewhere ends here. Where it has texts they are its name, as they are what is seen; else what it says is.
    pub(crate) fn close_link(&mut self) {
        let Some((at, says)) = self.link.take() else { return };
        let opening = if self.drawn[at..].contains("<text") {
            format!("><title>{says}</title>")
        } else {
            format!(" aria-label=\"{says}\">")
        };
        self.drawn.insert_str(at, &opening);
        self.drawn.push_str("</a>");
    }

    /// The drawing: one image, or a group of links where parts of it lead somewhere.
    pub(crate) fn done(self) -> String {
        let role = if self.leads { "group" } else { "img" };
        format!("<svg {} role=\"{role}\">{}</svg>", self.opening, self.drawn)
    }
}

/// A text as it may stand in markup and attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            letter if letter.is_control() => {}
            letter => safe.push(letter),
        }
    }
    safe
}
