//! A set of ours, made: gathered or read, and tagged, a part of its values at a time.

use std::collections::BTreeSet;

use blind::{Fault, Key, Point, Published, Secret, Tag, publish_points};
use customs::assistance::unseen::{MatchSet, MatchSetAct, MatchSetPaper, MatchSetStage, Wants, asked_form};
use customs::assistance::{Dossier, SubjectKind};
use customs::certificate::Certificate;
use customs::gate::Consignment;
use kernel::{Procedure as _, Refusal};
use store::{CaseRow, Failure, Look, Order, Query};

use super::bytes::hex;
use super::cores::workers;
use super::list::List;
use super::own::{self, Source};
use super::{Calculation, Hidden, Stop, laid, read, told};
use crate::act::plain;

pub(super) fn calculate(
    look: &dyn Look,
    hidden: &Hidden,
    row: &CaseRow,
) -> Result<Option<Calculation>, Failure> {
    let Some(set) = read::<MatchSet>(row).filter(|set| set.stage() == Some(MatchSetStage::Gathering)) else {
        return Ok(None);
    };
    told(filled(look, hidden, (row, &set)), |refusal| MatchSetAct::HoldBack { refusal })
}

fn filled(look: &dyn Look, hidden: &Hidden, (row, set): (&CaseRow, &MatchSet)) -> Result<Calculation, Stop> {
    let kind = set.kind().ok_or_else(|| Refusal::new("contents-missing", "kind"))?;
    let mut making = Making::new(hidden, row.id.key(), set.wants())?;
    if set.values().is_empty() && set.file().is_none() {
        gathered(look, kind)?.iter().try_for_each(|form| making.push(form))?;
    } else {
        let source = Source {
            case: &row.id,
            kind,
            typed: set.values(),
            file: set.file(),
            most: set.wants().set_max(),
        };
        own::each(look, source, &mut |_, form| making.push(form))?;
    }
    let mut files = Vec::new();
    let paper = making.finish(&mut files)?;
    let most = set.wants().set_max();
    if paper.size == 0 || paper.size > most {
        return Err(Refusal::new("set-size", paper.size.to_string()).remedy(format!("1…{most}")).into());
    }
    let named = MatchSetPaper { reference: row.id.key().to_owned(), kind: Some(kind), ..paper };
    Ok(Calculation { act: plain(&MatchSetAct::Fill { set: Box::new(named) }), files })
}

/// A set being made: values go in, and of each only its tag or point stays.
struct Making {
    under: Under,
    waiting: List,
}

/// What its values are calculated under, and what is calculated so far.
enum Under {
    Which(Box<Key>, Vec<Tag>),
    HowMany(Secret, Vec<Point>),
}

impl Making {
    fn new(hidden: &Hidden, edition: &str, wants: Wants) -> Result<Self, Fault> {
        let under = match wants {
            Wants::Which => Under::Which(Box::new(hidden.key(edition)?), Vec::new()),
            Wants::HowMany => Under::HowMany(hidden.count_key(edition), Vec::new()),
        };
        Ok(Self { under, waiting: List::default() })
    }

    fn push(&mut self, form: &str) -> Result<(), Stop> {
        self.waiting.push(form);
        if self.waiting.len() >= AT_ONCE { self.work_off() } else { Ok(()) }
    }

    fn work_off(&mut self) -> Result<(), Stop> {
        let values: Vec<&str> = self.waiting.iter().collect();
        match &mut self.under {
            Under::Which(key, tags) => tags.extend(key.tags(&values, workers()).into_iter().flatten()),
            Under::HowMany(secret, points) => points.extend(publish_points(secret, &values, workers())?),
        }
        self.waiting.clear();
        Ok(())
    }

    /// The paper, with its bytes put to the files.
    fn finish(mut self, files: &mut Vec<Vec<u8>>) -> Result<MatchSetPaper, Stop> {
        self.work_off()?;
        Ok(match self.under {
            Under::Which(key, tags) => {
                let published = Published::new(tags);
                let (public, size) = (hex(&key.public().0), published.len() as u64);
                let tags = laid(files, "tags", published.to_bytes());
                MatchSetPaper { public, size, tags, ..MatchSetPaper::default() }
            }
            Under::HowMany(_, mut points) => {
                points.sort_unstable();
                points.dedup();
                let size = points.len() as u64;
                let points = laid(files, "points", points.into_flattened());
                MatchSetPaper { size, points, ..MatchSetPaper::default() }
            }
        })
    }
}

/// What we hold of a kind: everything a matter names, the parties of consignments, the certificates.
fn gathered(look: &dyn Look, kind: SubjectKind) -> Result<BTreeSet<String>, Failure> {
    let mut found = BTreeSet::new();
    let code = kind.code();
    every(look, Dossier::NAME, &mut |row| {
        if row.summary.shown["kind"] == code {
            found.insert(asked_form(kind, &row.summary.title));
        }
    })?;
    match kind {
        SubjectKind::Party => every(look, Consignment::NAME, &mut |row| {
            let names = ["importer", "supplier"].map(|name| row.summary.shown[name].as_str());
            found.extend(names.into_iter().flatten().map(|name| asked_form(kind, name)));
        })?,
        SubjectKind::Certificate => every(look, Certificate::NAME, &mut |row| {
            found.insert(asked_form(kind, &row.summary.title));
        })?,
        SubjectKind::Container
        | SubjectKind::Bill
        | SubjectKind::Vehicle
        | SubjectKind::Declaration
        | SubjectKind::Goods => {}
    }
    found.remove(&asked_form(kind, ""));
    Ok(found)
}

fn every(look: &dyn Look, desk: &str, take: &mut dyn FnMut(&CaseRow)) -> Result<(), Failure> {
    let query = Query { desk: Some(desk.to_owned()), order: Order::Oldest, ..Query::default() };
    look.each_case(&query, &mut |row| take(&row))
}

/// How many values are calculated at once.
const AT_ONCE: usize = 1 << 16;
