//! What exporters usually do: how many of the imports that name one come with an export it shared. From that follow the
//! share of a country's exports we are told of, and what the absence of one export says.

use std::collections::BTreeMap;

use customs::declaration::Declaration;
use customs::gate::{Difference, Explained, Explanation};
use customs::terms::{Country, Party};
use jiff::Span;
use jiff::civil::Date;
use kernel::Severity;
use link::DocId;
use link::finding::{Judged, Naming, unexported};
use link::lane::{Recall, Share};

/// Imports by the country they left and the exporter they name.
#[derive(Debug, Default)]
pub(super) struct Habits {
    noted: BTreeMap<DocId, Noted>,
    countries: BTreeMap<Country, BTreeMap<String, Counted>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Noted {
    country: Country,
    exporter: String,
    linked: u64,
}

/// Imports that name an exporter, and those of them an export is linked to.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    imports: u64,
    linked: u64,
}

impl Habits {
    /// Notes whether an export is linked to an import.
    pub(super) fn note(&mut self, import: &DocId, declaration: &Declaration, ties: usize) {
        let (Some(country), Some(exporter)) = (&declaration.export_country, name_of(&declaration.exporter))
        else {
            return self.forget(import);
        };
        let noted = Noted { country: country.clone(), exporter, linked: u64::from(ties > 0) };
        if self.noted.get(import) == Some(&noted) {
            return;
        }
        self.forget(import);
        let counted = self.countries.entry(noted.country.clone()).or_default();
        let counted = counted.entry(noted.exporter.clone()).or_default();
        counted.imports += 1;
        counted.linked += noted.linked;
        self.noted.insert(import.clone(), noted);
    }

    /// Lets an import go.
    pub(super) fn forget(&mut self, import: &DocId) {
        let Some(noted) = self.noted.remove(import) else { return };
        let Some(exporters) = self.countries.get_mut(&noted.country) else { return };
        if let Some(counted) = exporters.get_mut(&noted.exporter) {
            counted.imports -= 1;
            counted.linked -= noted.linked;
        }
    }

    /// Whether an import that names an exporter has no export.
    pub(super) fn is_alone(&self, import: &DocId) -> bool {
        self.noted.get(import).is_some_and(|noted| noted.linked == 0)
    }

    /// The share of a country's exports to us that we are told of, with its interval; exporters go one way together.
    pub(super) fn share(&self, country: &Country) -> Option<Share> {
        let exporters = self.countries.get(country)?.values().filter(|counted| counted.imports > 0);
        let clusters: Vec<(u64, u64)> =
            exporters.map(|counted| (counted.linked * 1_000, counted.imports)).collect();
        Share::of_clusters(&clusters)
    }

    /// What an import without an export says, where its exporter's other goods nearly always come with one.
    pub(super) fn silence(&self, import: &DocId, exporter: &str) -> Option<Difference> {
        let noted = self.noted.get(import).filter(|noted| noted.linked == 0)?;
        let counted = self.countries.get(&noted.country)?.get(&noted.exporter)?;
        let naming = Naming {
            others: counted.imports.saturating_sub(1),
            linked: counted.linked,
            likeness: if counted.linked > 0 { 1_000 } else { 0 },
        };
        let weighed = unexported(&naming, self.share(&noted.country), Recall::default());
        (weighed.judged == Judged::NotExplained).then(|| Difference {
            code: SILENT.to_owned(),
            item_no: 0,
            theirs: format!("{}/{}", naming.linked, naming.others),
            ours: exporter.to_owned(),
            severity: Severity::Warning,
            excess: None,
            at_stake: None,
            stake: None,
            explanations: vec![Explanation {
                code: "coverage".to_owned(),
                holds: Explained::No,
                seen: weighed.expected.to_string(),
            }],
        })
    }
}

/// The day from which on a missing export speaks: goods that are there left before.
pub(super) fn speaks_from(arrives: Option<Date>, early_days: i32) -> Option<Date> {
    arrives?.checked_add(Span::new().days(i64::from(early_days) + 1)).ok()
}

/// An exporter by its number, else by the words of its name in any order.
fn name_of(party: &Party) -> Option<String> {
    let id = party.id();
    if !id.is_empty() {
        return Some(id.to_owned());
    }
    let mut words = names::words(&party.name);
    words.sort_unstable();
    let joined = words.join(" ");
    (!joined.is_empty()).then_some(joined)
}

/// The finding of an import that names an exporter who shares, without an export.
pub(super) const SILENT: &str = "exporter-silent";

#[cfg(test)]
mod tests {
    use link::Side;

    use super::*;

    fn import(at: u32) -> DocId {
        DocId { side: Side::Import, country: Country::new("VN"), number: format!("I{at}") }
    }

    fn declaration(exporter: &str) -> Declaration {
        Declaration {
            exporter: Party::named(exporter),
            export_country: Some(Country::new("TH")),
            ..Declaration::default()
        }
    }

    #[test]
    fn only_where_the_others_come_with_exports_does_absence_speak() {
        let mut habits = Habits::default();
        (0..8).for_each(|at| habits.note(&import(at), &declaration("Siam Rice Mill Co., Ltd."), 1));
        habits.note(&import(8), &declaration("SIAM RICE MILL CO LTD"), 0);
        habits.note(&import(9), &declaration("Somebody Else"), 0);
        let silence = habits.silence(&import(8), "Siam").expect("eight of eight came with one");
        assert_eq!((silence.code.as_str(), silence.theirs.as_str()), (SILENT, "8/8"));
        assert_eq!(habits.silence(&import(9), "Else"), None, "nothing is known of this one");
        assert_eq!(habits.silence(&import(1), "Siam"), None, "its export is there");
        habits.note(&import(8), &declaration("SIAM RICE MILL CO LTD"), 1);
        assert_eq!(habits.silence(&import(8), "Siam"), None, "it came after all");
    }

    #[test]
    fn an_import_that_goes_leaves_nothing_behind() {
        let mut habits = Habits::default();
        habits.note(&import(0), &declaration("A"), 1);
        habits.note(&import(1), &declaration("A"), 0);
        assert_eq!(habits.share(&Country::new("TH")).map(|share| share.permille), Some(500));
        habits.forget(&import(1));
        assert_eq!(habits.share(&Country::new("TH")).map(|share| share.permille), Some(1_000));
    }
}
