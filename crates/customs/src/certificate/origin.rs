//! A certificate of origin (ATIGA Form D and its kin): what it states, line by line, and what its statements must fit.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Books, Finding, Findings, Money, Place, Quantity};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::claim::{Claimable, ClaimableLine};
use crate::terms::{Country, HsCode, Party};

/// A certificate of origin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct OriginCertificate {
    /// Original, replacement or cancellation.
    pub function: Function,
    /// Counts up with every document about the same certificate, from 1.
    pub version: u32,
    /// The sender's reference of this document.
    pub reference: String,
    /// The issuing country.
    pub country: Country,
    /// Certificate reference number.
    pub number: String,
    /// The form, such as `form-d`.
    pub form: String,
    /// The form's layout, such as `2022`; two may run in parallel for some months.
    pub layout: String,
    /// The preference it is for, such as `ATIGA`.
    pub scheme: String,
    /// When it was issued.
    pub issued: Option<Timestamp>,
    /// Last day on which it may be presented.
    pub valid_until: Option<Date>,
    /// Box 1.
    pub exporter: Party,
    /// Box 2.
    pub consignee: Party,
    /// Importing country.
    pub destination: Country,
    /// Box 3: departure.
    pub departs: Option<Date>,
    /// Box 3: route, in words.
    pub route: String,
    /// Boxes 5 to 10.
    pub lines: Vec<OriginLine>,
    /// Box 13, the ticked ones.
    pub marks: Vec<Mark>,
    /// The certificate of the first country, where this one is back-to-back.
    pub original: Option<Original>,
    /// The number it replaces.
    pub replaces: String,
    /// Why it is cancelled or replaced.
    pub reason: String,
    /// Issuing authority and officer.
    pub authority: String,
}

/// What a document does to its certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Function {
    /// It is issued.
    #[default]
    Issue,
    /// It is issued in the place of another.
    Replace,
    /// It is taken back.
    Cancel,
}

/// A ticked box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// The invoice is of a third country.
    ThirdCountryInvoicing,
    /// Materials of other parties were counted.
    Accumulation,
    /// It rests on the certificate of another party.
    BackToBack,
    /// Partial cumulation.
    PartialCumulation,
    /// Goods sent for exhibition.
    Exhibition,
    /// De minimis.
    DeMinimis,
    /// Issued after the goods had left.
    IssuedRetroactively,
    /// A certified true copy.
    CertifiedTrueCopy,
}

/// The certificate of the first country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Original {
    /// Who issued it.
    pub country: Country,
    /// Its form.
    pub form: String,
    /// Its number.
    pub number: String,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OriginLine {
    /// Box 5.
    pub item_no: u32,
    /// Box 6.
    pub marks: String,
    /// Box 7: how many packages.
    pub packages: String,
    /// Box 7: what.
    pub description: String,
    /// Box 7: code of the importing country.
    pub hs: Option<HsCode>,
    /// Box 8, as it stood.
    pub criterion: String,
    /// Where it originates.
    pub origin: Country,
    /// Box 9: net quantity.
    pub quantity: Option<Quantity>,
    /// Box 9: gross weight.
    pub gross: Option<Quantity>,
    /// Box 9: FOB value, needed where the criterion is a value content.
    pub fob: Option<Money>,
    /// Box 10: invoice number.
    pub invoice: String,
}

/// How goods came to originate (box 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Criterion {
    /// Wholly obtained or produced.
    WhollyObtained,
    /// Made of originating materials alone.
    ProducedEntirely,
    /// Regional value content of so many hundredths.
    ValueContent {
        /// The percentage claimed.
        percent: Decimal,
    },
    /// Change of chapter, heading or subheading: digits that changed.
    TariffChange {
        /// 2, 4 or 6.
        digits: u8,
    },
    /// A process the rules name.
    SpecificProcess,
    /// Partial cumulation at so many hundredths.
    PartialCumulation {
        /// The percentage.
        percent: Decimal,
    },
}

impl Criterion {
    /// Reads box 8; `None` for what is no criterion.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain: String =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '(' | ')')).collect();
        let plain = plain.to_uppercase();
        let percent = |text: &str| {
            text.trim_end_matches('%')
                .parse::<Decimal>()
                .ok()
                .filter(|percent| *percent <= Decimal::ONE_HUNDRED)
        };
        Some(match plain.as_str() {
            "WO" => Self::WhollyObtained,
            "PE" => Self::ProducedEntirely,
            "CC" => Self::TariffChange { digits: 2 },
            "CTH" => Self::TariffChange { digits: 4 },
            "CTSH" => Self::TariffChange { digits: 6 },
            "SP" => Self::SpecificProcess,
            other => match other.strip_prefix("PC") {
                Some(rest) => Self::PartialCumulation { percent: percent(rest)? },
                None => {
                    let rest = other.strip_prefix("RVC").unwrap_or(other);
                    Self::ValueContent { percent: percent(rest)? }
                }
            },
        })
    }

    /// Whether this claim satisfies one alternative of a product rule, as rules are written: `WO`, `CTH`, `RVC40`.
    #[must_use]
    pub fn satisfies(&self, alternative: &str) -> bool {
        let Some(rule) = Self::read(alternative) else { return false };
        match (self, &rule) {
            // Wholly obtained goods and goods of originating materials alone meet any rule.
            (Self::WhollyObtained | Self::ProducedEntirely, _) => true,
            (Self::ValueContent { percent }, Self::ValueContent { percent: least }) => percent >= least,
            // A change of chapter is a change of heading, a change of heading one of subheading.
            (Self::TariffChange { digits }, Self::TariffChange { digits: most }) => digits <= most,
            (Self::SpecificProcess, Self::SpecificProcess) => true,
            _ => false,
        }
    }
}

/// The book of product-specific rules: `SCHEME/` and a subheading, heading, chapter or `*`, to a list of alternatives.
pub const PRODUCT_RULES: &str = "product-rules";
/// The book of layouts: `FORM/LAYOUT`; a row holds while the layout is accepted.
pub const LAYOUTS: &str = "certificate-layouts";

impl OriginCertificate {
    /// The document kind of the form in terms and addresses.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.form
    }

    /// What a declaration can draw on.
    #[must_use]
    pub fn claimable(&self) -> Claimable {
        let end =
            |day: Date| day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp());
        Claimable {
            number: self.number.clone(),
            issuer: self.country.clone(),
            importer: self.consignee.name.clone(),
            destination: self.destination.clone(),
            issued: self.issued,
            valid_until: self.valid_until.and_then(end),
            lines: self.lines.iter().map(OriginLine::claimable).collect(),
        }
    }

    /// What is wrong with what it states: criteria, value, product rules, layout, marks.
    #[must_use]
    pub fn check(&self, books: &dyn Books, today: Date) -> Findings {
        let mut findings = Findings::new();
        self.check_layout(books, today, &mut findings);
        let back = self.marks.contains(&Mark::BackToBack);
        if back != self.original.is_some() {
            findings.push(Finding::error("back-to-back-unclear", Place::at("/original")));
        }
        for (index, line) in self.lines.iter().enumerate() {
            line.check(&format!("/lines[{}]", index + 1), self, (books, today), &mut findings);
        }
        if self.lines.is_empty() && self.function != Function::Cancel {
            findings
                .push(Finding::error("element-missing", Place::at("/lines")).expected("at least one line"));
        }
        findings
    }

    fn check_layout(&self, books: &dyn Books, today: Date, findings: &mut Findings) {
        let known = books.at(LAYOUTS, &self.form, today).is_some();
        let key = format!("{}/{}", self.form, self.layout);
        let day = self.issued.map_or(today, |at| jiff::tz::TimeZone::UTC.to_datetime(at).date());
        // A form without any layout in the book is not judged by it.
        if known && books.at(LAYOUTS, &key, day).is_none() {
            findings.push(Finding::error("layout-not-accepted", Place::at("/layout")).seen(&key));
        }
    }
}

impl OriginLine {
    fn claimable(&self) -> ClaimableLine {
        ClaimableLine {
            number: self.item_no.to_string(),
            codes: self.hs.iter().cloned().collect(),
            quantities: self.quantity.iter().chain(&self.gross).cloned().collect(),
            words: vec![self.description.clone()],
            origins: vec![self.origin.clone()],
            value: self.fob.clone(),
            criterion: self.criterion.clone(),
        }
    }

    fn check(
        &self,
        path: &str,
        of: &OriginCertificate,
        (books, today): (&dyn Books, Date),
        findings: &mut Findings,
    ) {
        let Some(criterion) = Criterion::read(&self.criterion) else {
            let place = Place::at(format!("{path}/criterion"));
            let expected = "WO, PE, RVC with a percentage, CC, CTH, CTSH, SP, PC with a percentage";
            findings.push(
                Finding::error("origin-criterion-unknown", place).seen(&self.criterion).expected(expected),
            );
            return;
        };
        if matches!(criterion, Criterion::ValueContent { .. }) && self.fob.is_none() {
            findings.push(
                Finding::error("value-missing", Place::at(format!("{path}/fob"))).expected("FOB value"),
            );
        }
        let Some(hs) = &self.hs else {
            findings.push(
                Finding::error("value-missing", Place::at(format!("{path}/hs"))).expected("six digits"),
            );
            return;
        };
        self.check_rule(&criterion, hs, of, path, (books, today), findings);
    }

    fn check_rule(
        &self,
        criterion: &Criterion,
        hs: &HsCode,
        of: &OriginCertificate,
        path: &str,
        (books, today): (&dyn Books, Date),
        findings: &mut Findings,
    ) {
        let Some(alternatives) = rule_of(&of.scheme, hs, (books, today)) else {
            // No rule loaded is said; that is not a rule that is met.
            findings.push(
                Finding::of(
                    kernel::Severity::Note,
                    "product-rule-not-loaded",
                    Place::at(format!("{path}/hs")),
                )
                .seen(hs.prefix(6)),
            );
            return;
        };
        if alternatives.iter().any(|alternative| criterion.satisfies(alternative)) {
            return;
        }
        // An alternative that says more than a criterion may be met all the same; a person reads it.
        let is_for_people = alternatives.iter().any(|alternative| Criterion::read(alternative).is_none());
        let place = Place::at(format!("{path}/criterion"));
        let finding = if is_for_people {
            Finding::warning("product-rule-for-people", place)
        } else {
            Finding::error("product-rule-not-met", place)
        };
        findings.push(finding.seen(&self.criterion).expected(alternatives.join(" or ")));
    }
}

/// The alternatives that hold for a code: its subheading's, else its heading's, its chapter's, or the scheme's general rule.
fn rule_of(scheme: &str, hs: &HsCode, (books, today): (&dyn Books, Date)) -> Option<Arc<Vec<String>>> {
    let at = |code: &str| books.at(PRODUCT_RULES, &format!("{scheme}/{code}"), today)?.read().ok();
    [6, 4, 2].into_iter().find_map(|digits| at(hs.prefix(digits))).or_else(|| at("*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_criterion_is_read_as_people_write_it() {
        let value = |percent: i64| Criterion::ValueContent { percent: Decimal::from(percent) };
        for (text, expected) in [
            ("WO", Some(Criterion::WhollyObtained)),
            ("\"PE\"", Some(Criterion::ProducedEntirely)),
            ("RVC 40%", Some(value(40))),
            ("45%", Some(value(45))),
            ("CTH", Some(Criterion::TariffChange { digits: 4 })),
            ("PC 25%", Some(Criterion::PartialCumulation { percent: Decimal::from(25) })),
            ("RVC 140%", None),
            ("X", None),
            ("", None),
        ] {
            assert_eq!(Criterion::read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_stricter_claim_meets_a_weaker_rule() {
        for (claim, rule, meets) in [
            ("CC", "CTH", true),
            ("CTSH", "CTH", false),
            ("RVC 45%", "RVC40", true),
            ("RVC 39%", "RVC40", false),
            ("WO", "CTH", true),
            ("CTH", "RVC40", false),
            ("PC 25%", "RVC40", false),
        ] {
            assert_eq!(Criterion::read(claim).expect("a criterion").satisfies(rule), meets, "{claim} {rule}");
        }
    }

    #[test]
    fn the_longest_code_answers_and_what_says_more_is_left_to_people() {
        use kernel::book::Shelf;
        use kernel::{Digest, Edition, EditionHead, Row};

        let day = jiff::civil::date(2026, 3, 1);
        let row = |key: &str, any_of: &[&str]| Row {
            key: key.into(),
            from: jiff::civil::date(2023, 1, 1),
            until: None,
            value: serde_json::json!(any_of),
        };
        let head = EditionHead {
            book: PRODUCT_RULES.into(),
            name: "ATIGA".into(),
            source: "a test".into(),
            digest: Digest::of(b""),
        };
        let rows = vec![
            row("ATIGA/*", &["RVC40", "CTH"]),
            row("ATIGA/17", &["CC"]),
            row("ATIGA/1704", &["CTH except from 17.01", "RVC40"]),
            row("ATIGA/170490", &["WO"]),
        ];
        let mut shelf = Shelf::default();
        shelf.publish(&Edition { head, rows });
        for (scheme, hs, criterion, expected) in [
            ("ATIGA", "847130", "CTH", None),
            ("ATIGA", "847130", "CTSH", Some("product-rule-not-met")),
            ("ATIGA", "170310", "CTH", Some("product-rule-not-met")),
            ("ATIGA", "170410", "CTH", Some("product-rule-for-people")),
            ("ATIGA", "170410", "RVC 45%", None),
            ("ATIGA", "170490", "RVC 45%", Some("product-rule-not-met")),
            ("RCEP", "170490", "WO", Some("product-rule-not-loaded")),
        ] {
            let line = OriginLine {
                hs: HsCode::new(hs).ok(),
                criterion: criterion.into(),
                fob: Some(Money::new(Decimal::ONE, "USD")),
                ..OriginLine::default()
            };
            let certificate = OriginCertificate {
                scheme: scheme.into(),
                lines: vec![line],
                ..OriginCertificate::default()
            };
            let findings = certificate.check(&shelf, day);
            let found = findings.iter().map(|finding| finding.code.as_ref()).next();
            assert_eq!(found, expected, "{scheme} {hs} {criterion}");
        }
    }
}
