//! The reviewer's watch list: what the record shows of who looked, who overrode, what was refused and which clocks ran out.
//!
//! It is computed from the entries alone, so that a partner with the same entries computes the same.

use std::collections::{BTreeMap, BTreeSet};

use customs::agreement::Received;
use customs::gate::{Consignment, Finding};
use customs::integrity::Indicator;
use customs::targeting::Referral;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kernel::{CaseId, Entry, Happening, Obligation, Procedure as _, Role};
use serde_json::Value;
use store::{Failure, Look};

/// What an indicator saw of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The cases, the last first.
    pub cases: Vec<CaseId>,
    /// How many acts it saw.
    pub count: u64,
}

/// The watch list of a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchList {
    /// By indicator and account.
    pub sights: BTreeMap<(Indicator, String), Sight>,
    /// How many reads, verdicts and acts of people the span holds in all, to divide by.
    pub of: BTreeMap<Indicator, u64>,
    /// How many entries were looked through.
    pub entries: u64,
    /// Whether the span holds more entries than are looked through; the list then covers its latest part.
    pub cut: bool,
}

/// What is looked through.
#[derive(Clone, Debug)]
pub struct Span {
    /// From this moment.
    pub from: Timestamp,
    /// Up to this one.
    pub until: Timestamp,
    /// The zone of the office.
    pub zone: TimeZone,
    /// The hour the office opens and the one it closes, in that zone.
    pub hours: (i8, i8),
}

/// Looks through the record from its end back to the span's beginning.
///
/// # Errors
/// What the store says.
pub fn watch_list(look: &dyn Look, span: &Span) -> Result<WatchList, Failure> {
    let mut gathered = Gathered::default();
    let mut number = look.size()?;
    while number > 0 && gathered.list.entries < ENTRIES_MAX {
        number -= 1;
        let Some(entry) = look.entry(number)? else { break };
        if entry.at < span.from {
            break;
        }
        gathered.list.entries += 1;
        if entry.at <= span.until {
            gathered.take(&entry, span);
        }
    }
    gathered.list.cut = number > 0 && gathered.list.entries == ENTRIES_MAX;
    gathered.finish(look)
}

#[derive(Default)]
struct Gathered {
    list: WatchList,
    /// Who read which item.
    reads: Vec<(String, CaseId)>,
    /// Who acted on which case, other than by reading.
    acted: BTreeSet<(String, CaseId)>,
}

impl Gathered {
    fn take(&mut self, entry: &Entry, span: &Span) {
        match &entry.what {
            Happening::Event { name, event, .. } => self.event(entry, (name, event), span),
            Happening::Refused { .. } => self.see(Indicator::Refused, entry),
            Happening::Witnessed { .. } | Happening::Edition { .. } => {}
        }
    }

    fn event(&mut self, entry: &Entry, (name, event): (&str, &Value), span: &Span) {
        let (desk, account) = (entry.case.desk(), entry.actor.name.clone());
        if desk == Obligation::NAME && name == "escalate" {
            return self.see(Indicator::LapsedClock, entry);
        }
        if entry.actor.role == Role::NODE {
            return;
        }
        *self.list.of.entry(Indicator::Refused).or_default() += 1;
        if desk == Received::NAME && name == "see" {
            self.read(entry, span);
            return;
        }
        if desk == Finding::NAME && name == "decide" {
            *self.list.of.entry(Indicator::Override).or_default() += 1;
            if event["verdict"].as_str().is_some_and(|verdict| DISMISSING.contains(&verdict)) {
                self.see(Indicator::Override, entry);
            }
        }
        self.routed(entry, (name, event));
        self.acted.insert((account, entry.case.clone()));
    }

    /// Every decision on where a consignment goes, and those that go another way than the rules said: chosen for control and
    /// let go, or released with a reason, as findings that are open ask for.
    fn routed(&mut self, entry: &Entry, (name, event): (&str, &Value)) {
        let desk = entry.case.desk();
        let by_hand = match (desk, name) {
            (Referral::NAME, "waive") => true,
            (Referral::NAME, "result") | (Consignment::NAME, "hold") => false,
            (Consignment::NAME, "release") => {
                event["reason"].as_str().is_some_and(|reason| !reason.is_empty())
            }
            _ => return,
        };
        *self.list.of.entry(Indicator::Rerouting).or_default() += 1;
        if by_hand {
            self.see(Indicator::Rerouting, entry);
        }
    }

    fn read(&mut self, entry: &Entry, span: &Span) {
        for indicator in [Indicator::LookupWithoutCase, Indicator::OutOfHours] {
            *self.list.of.entry(indicator).or_default() += 1;
        }
        let hour = entry.at.to_zoned(span.zone.clone()).hour();
        if hour < span.hours.0 || hour >= span.hours.1 {
            self.see(Indicator::OutOfHours, entry);
        }
        self.reads.push((entry.actor.name.clone(), entry.case.clone()));
    }

    fn see(&mut self, indicator: Indicator, entry: &Entry) {
        self.note(indicator, entry.actor.name.clone(), entry.case.clone());
    }

    fn note(&mut self, indicator: Indicator, account: String, case: CaseId) {
        let sight = self.list.sights.entry((indicator, account)).or_default();
        sight.count += 1;
        if sight.cases.len() < CASES_MAX && !sight.cases.contains(&case) {
            sight.cases.push(case);
        }
    }

    /// A read has a case where its reader acted on the item, or on anything the item is tied to.
    fn finish(mut self, look: &dyn Look) -> Result<WatchList, Failure> {
        for (account, item) in std::mem::take(&mut self.reads) {
            let mut tied = vec![item.clone()];
            if let Some(row) = look.case(&item)? {
                tied.extend(links(&row.summary.shown));
            }
            let acted = |(who, case): &(String, CaseId)| {
                *who == account && tied.iter().any(|tied| case == tied || is_about(case, tied))
            };
            if !self.acted.iter().any(acted) {
                self.note(Indicator::LookupWithoutCase, account, item);
            }
        }
        Ok(self.list)
    }
}

fn links(shown: &Value) -> Vec<CaseId> {
    let links = shown["links"].as_array().into_iter().flatten();
    links.filter_map(Value::as_str).map(CaseId::new).collect()
}

/// Whether a case, such as a finding, belongs to another: its key begins with the other's.
fn is_about(case: &CaseId, other: &CaseId) -> bool {
    case.key().strip_prefix(other.key()).is_some_and(|rest| rest.starts_with('-'))
}

/// The verdicts that dismiss what foreign data said.
const DISMISSING: [&str; 3] = ["mistake", "innocent", "wrong-link"];
/// The most entries looked through at once.
const ENTRIES_MAX: u64 = 50_000;
/// The most cases listed for one account and indicator; all are counted.
const CASES_MAX: usize = 20;
