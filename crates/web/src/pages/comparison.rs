//! Two statements side by side, field by field and line by line, with the places where they differ.

use customs::agreement::Document;
use customs::declaration::{Acdd, AcddLine, Declaration};
use customs::gate::{Difference, Tie};
use customs::terms::GoodsLine;
use kernel::Severity;

use super::sentences::{self, dotted};
use super::standing::Standing;
use crate::frame::Frame;

/// One part of a comparison: the whole declaration, or one line.
#[derive(Debug)]
pub(super) struct Section {
    /// What it is.
    pub title: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// One field, as both sides have it.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name.
    pub name: String,
    /// Their value; empty where they say nothing.
    pub theirs: String,
    /// Ours.
    pub ours: String,
    /// How the two lie to each other.
    pub mark: Standing,
    /// Whether the matcher saw a difference here that nothing explains: the class of the row.
    pub class: &'static str,
}

/// The comparison of a received statement with our declaration, under the matcher's judgement.
#[must_use]
pub(super) fn sections(frame: &Frame, document: &Document, tie: &Tie, ours: &Declaration) -> Vec<Section> {
    let Some(theirs) = document.acdd() else { return Vec::new() };
    let table = Table { frame, tie };
    let mut sections = vec![table.whole(theirs, ours)];
    let pairs = tie.lines.iter().filter_map(|(their_no, our_no)| {
        let their_line = theirs.lines.iter().find(|line| line.item_no == *their_no);
        let our_line = ours.lines.iter().find(|line| line.item_no == *our_no);
        (their_line.is_some() || our_line.is_some()).then(|| table.line(their_line, our_line))
    });
    sections.extend(pairs);
    let alone = theirs.lines.iter().filter(|line| !tie.lines.iter().any(|(no, _)| *no == line.item_no));
    sections.extend(alone.map(|line| table.line(Some(line), None)));
    let alone = ours.lines.iter().filter(|line| !tie.lines.iter().any(|(_, no)| *no == line.item_no));
    sections.extend(alone.map(|line| table.line(None, Some(line))));
    sections
}

/// Our declaration alone, where no partner said anything about it or what they said may not be read.
#[must_use]
pub(super) fn alone(frame: &Frame, ours: &Declaration) -> Vec<Section> {
    let nothing = Tie {
        item: kernel::CaseId::new(""),
        export: String::new(),
        group: customs::gate::Group::OneToOne,
        permille: 0,
        reasons: Vec::new(),
        differences: Vec::new(),
        lines: Vec::new(),
    };
    let table = Table { frame, tie: &nothing };
    let mut sections = vec![table.whole(&Acdd::default(), ours)];
    sections.extend(ours.lines.iter().map(|line| table.line(None, Some(line))));
    sections
}

struct Table<'a> {
    frame: &'a Frame,
    tie: &'a Tie,
}

impl Table<'_> {
    fn whole(&self, theirs: &Acdd, ours: &Declaration) -> Section {
        let frame = self.frame;
        let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| frame.moments.day(day));
        let place = |place: Option<&customs::terms::Place>| {
            place.map_or_else(String::new, |place| frame.word("place-name", place.as_str()))
        };
        let mode = |mode: Option<&customs::terms::TransportMode>| {
            mode.map_or_else(String::new, |mode| frame.word("mode", mode.as_str()))
        };
        let quoted = ours.lines.iter().find_map(|line| line.quoted_export.clone()).unwrap_or_default();
        let fields = vec![
            self.field("field.export-number", theirs.number.clone(), quoted, &[]),
            self.field(
                "field.exporter",
                sentences::party(&theirs.exporter),
                sentences::party(&ours.exporter),
                &[],
            ),
            self.field(
                "field.consignee",
                sentences::party(&theirs.consignee),
                sentences::party(&ours.importer),
                &["consignee-switched"],
            ),
            self.field(
                "field.address",
                sentences::address(&theirs.consignee.address),
                sentences::address(&ours.importer.address),
                &[],
            ),
            self.field("field.agent", sentences::party(&theirs.agent), sentences::party(&ours.agent), &[]),
            self.field("field.departs", day(theirs.departs), day(ours.departs), &[]),
            self.field("field.arrives", String::new(), day(ours.arrives), &[]),
            self.field("field.mode", mode(theirs.mode.as_ref()), mode(ours.mode.as_ref()), &[]),
            self.field("field.discharge", place(theirs.discharge.as_ref()), place(ours.place.as_ref()), &[]),
        ];
        Section { title: frame.t("compare.whole").to_owned(), fields: kept(fields) }
    }

    fn line(&self, theirs: Option<&AcddLine>, ours: Option<&GoodsLine>) -> Section {
        let frame = self.frame;
        let item_no = ours.map_or(0, |line| line.item_no);
        let hs = |hs: Option<&customs::terms::HsCode>| hs.map_or_else(String::new, |hs| dotted(hs.as_str()));
        let quantity = |quantity: Option<&kernel::Quantity>| {
            quantity.map_or_else(String::new, |quantity| sentences::quantity(frame, quantity))
        };
        let origin = |origin: Option<&customs::terms::Country>| {
            origin.map_or_else(String::new, |origin| frame.word("country", origin.as_str()))
        };
        let value = ours.and_then(|line| line.value.as_ref());
        let (their_hs, our_hs) =
            (theirs.and_then(|line| line.hs.as_ref()), ours.and_then(|line| line.hs.as_ref()));
        let fields = vec![
            self.line_field(item_no, "field.hs", hs(their_hs), hs(our_hs), &["hs-moved"]),
            self.line_field(
                item_no,
                "field.quantity",
                quantity(theirs.and_then(|line| line.quantity.as_ref())),
                quantity(ours.and_then(|line| line.quantity.as_ref())),
                &["quantity-short", "quantity-over"],
            ),
            self.line_field(
                item_no,
                "field.origin",
                origin(theirs.and_then(|line| line.origin.as_ref())),
                origin(ours.and_then(|line| line.origin.as_ref())),
                &["origin-changed"],
            ),
            self.field(
                "field.gross",
                String::new(),
                quantity(ours.and_then(|line| line.gross.as_ref())),
                &[],
            ),
            self.field(
                "field.value",
                String::new(),
                value.map_or_else(String::new, |value| sentences::money(frame, value)),
                &[],
            ),
        ];
        Section { title: self.line_title(theirs, ours), fields: kept(fields) }
    }

    fn line_title(&self, theirs: Option<&AcddLine>, ours: Option<&GoodsLine>) -> String {
        let number = |number: Option<u32>| number.map_or_else(|| "–".to_owned(), |number| number.to_string());
        let numbers = [number(theirs.map(|line| line.item_no)), number(ours.map(|line| line.item_no))];
        let title =
            self.frame.language.say("compare.line", &[("theirs", &numbers[0]), ("ours", &numbers[1])]);
        match ours.map(|line| line.description.as_str()) {
            Some(description) if !description.is_empty() => format!("{title} · {description}"),
            Some(_) | None => title,
        }
    }

    fn field(&self, name: &str, theirs: String, ours: String, codes: &[&str]) -> Field {
        self.line_field(0, name, theirs, ours, codes)
    }

    /// A field whose differences carry one of these codes; the matcher's judgement goes before plain equality.
    fn line_field(&self, item_no: u32, name: &str, theirs: String, ours: String, codes: &[&str]) -> Field {
        let differs = |difference: &&Difference| {
            difference.item_no == item_no && codes.contains(&difference.code.as_str())
        };
        let difference = self.tie.differences.iter().find(differs);
        let judged = judged_as(name);
        let (mark, class) = self.mark(difference, judged, (&theirs, &ours));
        Field { name: self.frame.t(name).to_owned(), theirs, ours, mark, class }
    }

    fn mark(
        &self,
        difference: Option<&Difference>,
        judged: &str,
        (theirs, ours): (&str, &str),
    ) -> (Standing, &'static str) {
        let standing = |tone, sign, key: &str| Standing { tone, sign, word: self.frame.t(key).to_owned() };
        match difference {
            Some(difference) if difference.is_explained() => {
                (standing("good", "check", "mark.explained"), "explained")
            }
            Some(difference) if difference.severity >= Severity::Error => {
                (standing("bad", "alert", "mark.differs"), "differs")
            }
            Some(_) => (standing("wait", "alert", "mark.differs"), "varies"),
            None if theirs.is_empty() || ours.is_empty() => {
                (standing("calm", "dot", "mark.one-side"), "lone")
            }
            None if same(theirs, ours) => (standing("good", "tick", "mark.equal"), ""),
            None => match self.level(judged) {
                "same" | "identifier" => (standing("good", "tick", "mark.equal"), ""),
                "under" | "over" => (standing("wait", "half", "mark.part"), "varies"),
                "different" | "late" | "early" => (standing("wait", "alert", "mark.other"), "varies"),
                _ => (standing("calm", "tick", "mark.near"), ""),
            },
        }
    }

    /// How far the matcher found the two sides to agree in a field; empty where it did not compare it.
    fn level(&self, judged: &str) -> &str {
        let codes = self.tie.reasons.iter().filter_map(|reason| reason.code.split_once('-'));
        codes.into_iter().find(|(field, _)| *field == judged).map_or("", |(_, level)| level)
    }
}

/// What the matcher calls a field.
fn judged_as(name: &str) -> &str {
    match name {
        "field.export-number" => "quoted",
        "field.departs" => "lag",
        "field.discharge" => "place",
        name => name.trim_start_matches("field."),
    }
}

fn kept(fields: Vec<Field>) -> Vec<Field> {
    fields.into_iter().filter(|field| !(field.theirs.is_empty() && field.ours.is_empty())).collect()
}

fn same(theirs: &str, ours: &str) -> bool {
    theirs.to_lowercase().split_whitespace().eq(ours.to_lowercase().split_whitespace())
}
