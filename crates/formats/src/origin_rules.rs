//! Product-specific rules of origin as a plain table: `hs,rule,from,until`. Columns may stand in any order; `hs` and `rule`
//! must be there.
//!
//! `hs` is a chapter, heading or subheading (2, 4 or 6 digits, dots allowed), or `*` for the scheme's general rule; the longest
//! that fits a code answers for it. `rule` lists alternatives parted by `;` or `or`: `WO`, `PE`, `CC`, `CTH`, `CTSH`, `RVC40`, `SP`;
//! what says more (`CTH except from 17.01`) is kept as it stands and left to people. `from` and `until` are days, empty where the
//! edition's hold.

use customs::certificate::ProductRule;
use jiff::civil::Date;
use kernel::{Finding, Findings, Place};

const COLUMNS: [&str; 4] = ["hs", "rule", "from", "until"];

/// Reads a table with a header line. Lines that are no rule are findings.
#[must_use]
pub fn read_origin_rules(bytes: &[u8]) -> (Vec<ProductRule>, Findings) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut findings = Findings::new();
    let header: Vec<String> = reader.byte_headers().map_or_else(
        |_| Vec::new(),
        |header| {
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase()).collect()
        },
    );
    let places = COLUMNS.map(|column| header.iter().position(|name| name == column));
    let (mut rules, faulty) = (Vec::new(), Place::at("table"));
    if places[0].is_none() || places[1].is_none() {
        findings.push(Finding::error("origin-rules-no-table", faulty));
        return (rules, findings);
    }
    for record in reader.byte_records() {
        let Ok(record) = record else {
            findings.push(Finding::error("origin-rules-no-table", faulty));
            break;
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: usize| {
            let field = places[column].and_then(|at| record.get(at)).unwrap_or_default();
            String::from_utf8_lossy(field).trim().to_owned()
        };
        match rule(cell) {
            Some(rule) if rules.len() < RULES_MAX => rules.push(rule),
            _ => {
                let place = Place { line: u32::try_from(line).unwrap_or(u32::MAX), ..Place::at("table") };
                findings.push(Finding::warning("origin-rules-line", place).seen(&cell(0)));
            }
        }
    }
    (rules, findings)
}

fn rule(cell: impl Fn(usize) -> String) -> Option<ProductRule> {
    let hs: String = cell(0).chars().filter(|letter| !matches!(letter, '.' | ' ')).collect();
    let digits = hs.bytes().all(|byte| byte.is_ascii_digit()) && matches!(hs.len(), 2 | 4 | 6);
    let any_of = alternatives(&cell(1));
    if (!digits && hs != "*") || any_of.is_empty() {
        return None;
    }
    let day = |text: String| if text.is_empty() { Some(None) } else { text.parse::<Date>().ok().map(Some) };
    let (from, until) = (day(cell(2))?, day(cell(3))?);
    let in_order = from.zip(until).is_none_or(|(from, until)| from <= until);
    in_order.then_some(ProductRule { hs, any_of, from, until })
}

/// Alternatives, each as it is written. `or` parts them as a word of its own only.
fn alternatives(text: &str) -> Vec<String> {
    let (mut all, mut one) = (Vec::new(), Vec::new());
    for word in text.replace(';', " ; ").split_whitespace().chain([";"]) {
        if word == ";" || word.eq_ignore_ascii_case("or") {
            if !one.is_empty() {
                all.push(std::mem::take(&mut one).join(" "));
            }
        } else {
            one.push(word.to_owned());
        }
    }
    all
}

/// No scheme has more lines than the nomenclature has subheadings, several times over.
const RULES_MAX: usize = 50_000;

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn rules_are_read_as_people_write_them() {
        let table = "\u{feff}Rule,HS,from,until\n\
            RVC40 or CTH,8471.30,,\n\
            WO,01,2023-01-01,2026-12-31\n\
            \"CTH except from 17.01; RVC 40\",1704,,\n\
            RVC40;CTH,*,,\n";
        let (rules, findings) = read_origin_rules(table.as_bytes());
        assert!(findings.is_empty());
        let plain = |any_of: &[&str], hs: &str| ProductRule {
            hs: hs.into(),
            any_of: any_of.iter().map(|one| (*one).to_owned()).collect(),
            ..ProductRule::default()
        };
        let wholly = ProductRule {
            from: Some(date(2023, 1, 1)),
            until: Some(date(2026, 12, 31)),
            ..plain(&["WO"], "01")
        };
        assert_eq!(
            rules,
            [
                plain(&["RVC40", "CTH"], "847130"),
                wholly,
                plain(&["CTH except from 17.01", "RVC 40"], "1704"),
                plain(&["RVC40", "CTH"], "*"),
            ]
        );
    }

    #[test]
    fn what_is_no_rule_is_said_with_its_line() {
        let table = "hs,rule,from,until\n847,CTH,,\n8471,,,\n8471,CTH,yesterday,\n8471,CTH,2026-01-02,2026-01-01\n8471,CTH,,\n";
        let (rules, findings) = read_origin_rules(table.as_bytes());
        assert_eq!(rules.len(), 1);
        let lines: Vec<u32> = findings.iter().map(|finding| finding.place.line).collect();
        assert_eq!(lines, [2, 3, 4, 5]);
        let (none, findings) = read_origin_rules(b"code,text\n1,2\n");
        assert!(none.is_empty() && findings.iter().any(|finding| finding.code == "origin-rules-no-table"));
    }
}
