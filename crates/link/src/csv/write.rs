//! Writes links and gaps as comma-separated values.

use std::fmt::Write as _;

use crate::doc::LineRef;
use crate::matches::{Class, Match};
use crate::mirror::{Gap, GapReason};

/// The columns of a file of links.
pub const LINK_COLUMNS: [&str; 6] = [
    "export_declaration_no",
    "export_item_no",
    "import_declaration_no",
    "import_item_no",
    "class",
    "probability",
];

/// The columns of a file of gaps.
pub const MIRROR_COLUMNS: [&str; 13] = [
    "partner",
    "hs6",
    "month",
    "their_lines",
    "our_lines",
    "their_quantity",
    "our_quantity",
    "unit",
    "gap_permille",
    "unexplained_permille",
    "value_gap_permille",
    "value_unexplained_permille",
    "explanations",
];

/// Writes links, a row for each pair of lines.
#[derive(Clone, Debug, Default)]
pub struct Links;

impl Links {
    /// The head.
    #[must_use]
    pub fn head() -> String {
        row(LINK_COLUMNS)
    }

    /// The rows of a match: one for each pair of an export line and an import line in it, none where one side is empty.
    pub fn rows(found: &Match, out: &mut String) {
        for export in &found.exports {
            for import in &found.imports {
                Self::row(Some(export), Some(import), found, out);
            }
        }
    }

    /// The rows of a match that holds lines of one side only: awaited and overdue ones.
    pub fn open_rows(found: &Match, out: &mut String) {
        if found.imports.is_empty() {
            found.exports.iter().for_each(|export| Self::row(Some(export), None, found, out));
        } else if found.exports.is_empty() {
            found.imports.iter().for_each(|import| Self::row(None, Some(import), found, out));
        }
    }

    fn row(export: Option<&LineRef>, import: Option<&LineRef>, found: &Match, out: &mut String) {
        for line in [export, import] {
            if let Some(line) = line {
                field(out, &line.doc.number);
                let _ = write!(out, ",{},", line.item);
            } else {
                out.push_str(",,");
            }
        }
        out.push_str(found.class.code());
        out.push(',');
        if !matches!(found.class, Class::Awaited | Class::Overdue) {
            out.push_str(&probability(found.probability));
        }
        out.push('\n');
    }
}

/// Parts per thousand as a decimal number.
fn probability(permille: u16) -> String {
    format!("{}.{:03}", permille / 1_000, permille % 1_000)
}

/// Writes gaps, a row each.
#[derive(Clone, Debug, Default)]
pub struct MirrorRows;

impl MirrorRows {
    /// The head.
    #[must_use]
    pub fn head() -> String {
        row(MIRROR_COLUMNS)
    }

    /// The row of a gap.
    pub fn row(gap: &Gap, out: &mut String) {
        let unit = gap.theirs.common_unit(&gap.ours).unwrap_or_default();
        let shown =
            |permille: Option<i64>| permille.map_or_else(String::new, |permille| permille.to_string());
        let told = |reason: GapReason, permille: i64| format!("{}:{permille}", reason.code());
        let told: Vec<String> =
            gap.explanations.iter().map(|known| told(known.reason, known.permille)).collect();
        out.push_str(&row([
            gap.cell.partner.as_str(),
            &gap.cell.hs,
            &gap.cell.month.to_string(),
            &gap.theirs.lines.to_string(),
            &gap.ours.lines.to_string(),
            &gap.theirs.amount(unit).normalize().to_string(),
            &gap.ours.amount(unit).normalize().to_string(),
            unit,
            &shown(gap.gap),
            &shown(gap.unexplained),
            &shown(gap.value_gap),
            &shown(gap.value_unexplained),
            &told.join(";"),
        ]));
    }
}

/// One row of fields.
pub(super) fn row<const N: usize>(fields: [&str; N]) -> String {
    let mut out = String::new();
    for (place, text) in fields.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        field(&mut out, text);
    }
    out.push('\n');
    out
}

/// One field, quoted where it must be.
fn field(out: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use customs::terms::Country;

    use super::*;
    use crate::doc::DocId;

    #[test]
    fn a_group_is_a_row_for_each_pair_and_an_open_line_is_no_link() {
        let export = LineRef { doc: DocId::export(Country::new("TH"), "E,1"), item: 2 };
        let import = |item| LineRef { doc: DocId::import(Country::new("VN"), "I1"), item };
        let mut found = Match {
            exports: vec![export],
            imports: vec![import(1), import(3)],
            class: Class::Split,
            probability: 987,
            due: None,
            contributions: Vec::new(),
            differences: Vec::new(),
            rivals: Vec::new(),
        };
        let mut out = Links::head();
        Links::rows(&found, &mut out);
        Links::open_rows(&found, &mut out);
        let rows: Vec<&str> = out.lines().skip(1).collect();
        assert_eq!(rows, ["\"E,1\",2,I1,1,split,0.987", "\"E,1\",2,I1,3,split,0.987"]);
        (found.imports, found.class) = (Vec::new(), Class::Overdue);
        out.clear();
        Links::rows(&found, &mut out);
        Links::open_rows(&found, &mut out);
        assert_eq!(out, "\"E,1\",2,,,overdue,\n");
    }
}
