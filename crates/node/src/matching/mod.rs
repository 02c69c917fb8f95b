//! Linking put to use: what arrives and what is declared goes into the index, and every consignment whose matches that
//! changed is told by an act.
//!
//! The index says what belongs together now; the cases say what was said before. Only the difference becomes acts, in
//! the order of the documents' keys, so that the same inputs give the same record.

mod alias;
mod around;
mod ends;
mod habit;
mod lesson;
mod load;
mod mass;
mod supersede;
mod tie;
mod value;
mod voices;

use std::collections::{BTreeMap, BTreeSet};

use customs::agreement::{Document, Received, ReceivedStage, Writing as _};
use customs::assistance::Answer;
use customs::assistance::register::RegisterQuestion;
use customs::declaration::{Acdd, Declaration, Function};
use customs::gate::{Consignment, ConsignmentAct, Tie};
use jiff::civil::Date;
use kernel::{AnyAct, CaseId, Procedure as _, State};
use link::finding::Masses;
use link::{Doc, DocId, Index, Settings, Side, Threads};
use serde::{Deserialize as _, Serialize as _};
use serde_json::json;
use store::{CaseRow, Failure, Query, Work};

use crate::act::{Turn, day_of};
use crate::world::Touched;
use alias::Aliases;
use around::Around;
use habit::Habits;
use lesson::Lessons;
use value::Values;
use voices::Voices;

/// The sort of work that looks at a document's matches again on a day.
pub(crate) const MATCH: &str = "match";

/// Which documents may be about the same goods, and which received item speaks for each export.
#[derive(Debug)]
pub(crate) struct Matcher {
    index: Index,
    speaks: Voices,
    /// Which version of each export speaks.
    versions: BTreeMap<DocId, u32>,
    /// What single goods weigh, learnt from our own declarations.
    masses: Masses,
    /// What the exporters our imports name usually do.
    habits: Habits,
    /// What people said of links, which the weights are learnt from.
    lessons: Lessons,
    /// Names that are one party's.
    aliases: Aliases,
    /// What partners' registers said goods are worth.
    values: Values,
    /// The day the lanes' tolerances were last read from their terms.
    tolerated: Option<Date>,
}

impl Matcher {
    /// Works by other settings. What that changes of all pairs is worked out at once, and not while a document waits.
    fn work_by(&mut self, settings: Settings) {
        self.index.work_by(settings);
        self.index.ready(&Threads::all());
    }

    /// Has the lanes' tolerances read again, since the terms changed.
    pub(crate) fn forget_tolerances(&mut self) {
        self.tolerated = None;
    }
}

impl Turn<'_> {
    /// Takes in what an act on a case means for the index.
    pub(crate) fn match_after(&mut self, case: &CaseId, act: &str, state: &State) -> Result<(), Failure> {
        match (case.desk(), act) {
            (Received::NAME, "read") => self.item_read(case, state),
            (Received::NAME, "void") => self.item_voided(case, state),
            (Consignment::NAME, "declare") => {
                self.consignment_changed(state);
                self.weigh_goods(case, state)
            }
            (Consignment::NAME, "withdraw") => {
                self.consignment_changed(state);
                Ok(())
            }
            (RegisterQuestion::NAME, "hear") => {
                self.values_heard(state);
                Ok(())
            }
            (Consignment::NAME, "choose" | "unlink") => {
                self.link_judged(state);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn item_read(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        let Ok(item) = state.read::<Received>() else { return Ok(()) };
        let Some(acdd) = readable(&item) else {
            self.extracts_read(case, &item);
            return Ok(());
        };
        if self.supersede(case, &item, acdd)? && acdd.function != Function::Cancel {
            let doc = Doc::from(acdd);
            let version = acdd.version;
            self.ahead().speaks.give(doc.id.clone(), case.clone());
            self.ahead().versions.insert(doc.id.clone(), version);
            let affected = self.ahead().index.insert(doc);
            self.affected.extend(affected.docs);
        }
        Ok(())
    }

    /// The export declarations an answer to a request brings speak where no document of the partner's own does yet; what is there
    /// already stands, and the answer stands beside it.
    fn extracts_read(&mut self, case: &CaseId, item: &Received) {
        for doc in extracts(item) {
            if self.world.matcher.speaks.of(&doc.id).is_none() {
                self.ahead().speaks.give(doc.id.clone(), case.clone());
                let affected = self.ahead().index.insert(doc);
                self.affected.extend(affected.docs);
            }
        }
    }

    fn item_voided(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        let Ok(item) = state.read::<Received>() else { return Ok(()) };
        let Some(acdd) = item.document().and_then(Document::acdd) else { return Ok(()) };
        let doc = Doc::from(acdd).id;
        if self.world.matcher.speaks.of(&doc) == Some(case) {
            self.ahead().speaks.take(&doc);
            self.ahead().versions.remove(&doc);
            let affected = self.ahead().index.remove(&doc);
            self.affected.extend(affected.docs);
        }
        let reference = Some(("item".to_owned(), case.to_string()));
        let tied =
            Query { desk: Some(Consignment::NAME.into()), reference, limit: TIED_MAX, ..Query::default() };
        self.affected.extend(self.change.cases(&tied)?.rows.iter().filter_map(declared).map(|doc| doc.id));
        Ok(())
    }

    fn consignment_changed(&mut self, state: &State) {
        let Ok(consignment) = state.read::<Consignment>() else { return };
        let Some(declaration) = consignment.declaration() else { return };
        let doc = Doc::from(declaration);
        let affected = if is_withdrawn(&consignment) {
            self.names_judged(&consignment);
            self.ahead().habits.forget(&doc.id);
            self.ahead().index.remove(&doc.id)
        } else {
            self.ahead().index.insert(doc)
        };
        self.affected.extend(affected.docs);
    }

    /// Tells every consignment whose matches changed what belongs to it now.
    pub(crate) fn rematch(&mut self) -> Result<(), Failure> {
        let affected = std::mem::take(&mut self.affected);
        if !affected.is_empty() {
            self.tolerate();
        }
        for doc in affected.iter().filter(|doc| doc.side == Side::Import) {
            self.rematch_one(doc)?;
        }
        Ok(())
    }

    /// Reads what may differ on each lane from its term, once a day and after the terms changed.
    fn tolerate(&mut self) {
        let today = day_of(self.now);
        if self.world.matcher.tolerated == Some(today) {
            return;
        }
        let lanes = around::tolerances(&self.world.shelf, &self.world.us, today).into_iter().collect();
        let matcher = self.ahead();
        matcher.tolerated = Some(today);
        let mut settings = matcher.index.settings().clone();
        if settings.tolerances.lanes != lanes {
            settings.tolerances.lanes = lanes;
            matcher.work_by(settings);
        }
    }

    fn rematch_one(&mut self, import: &DocId) -> Result<(), Failure> {
        let case = Consignment::case_of(&import.number);
        let Some(row) = self.change.case(&case)? else { return Ok(()) };
        let Ok(consignment) = row.state.read::<Consignment>() else { return Ok(()) };
        let today = day_of(self.now);
        let Some(declaration) = consignment.declaration() else { return Ok(()) };
        let ties = self.ties(import, declaration, today)?;
        let wanted: BTreeSet<&CaseId> = ties.iter().map(|tie| &tie.item).collect();
        for item in consignment.ties().keys().filter(|item| !wanted.contains(item)) {
            let reason = self.why_untied(item)?.to_owned();
            let act = ConsignmentAct::Unlink { item: item.clone(), reason };
            self.follow(case.clone(), AnyAct::of(act), Vec::new())?;
        }
        self.ahead().habits.note(import, declaration, ties.len());
        if !is_withdrawn(&consignment) {
            self.note_silence(&case, &consignment, import)?;
        }
        for tie in ties {
            if consignment.ties().get(&tie.item) != Some(&tie) {
                self.follow(
                    case.clone(),
                    AnyAct::of(ConsignmentAct::Link { tie: Box::new(tie) }),
                    Vec::new(),
                )?;
            }
        }
        Ok(())
    }

    /// What the index says belongs to an import now; and where silence will mean something later, a look on that day.
    fn ties(&mut self, import: &DocId, ours: &Declaration, today: Date) -> Result<Vec<Tie>, Failure> {
        let matches = self.world.matcher.index.matches_for(import, today);
        let next = matches.iter().filter_map(|found| found.due).filter(|due| *due >= today).min();
        if let Some(at) = next.and_then(after_day) {
            let body = json!({ "doc": import.serialize(serde_json::value::Serializer).ok() });
            let key = format!("{MATCH}/{import}");
            self.put_work(Work { key, sort: MATCH.into(), at, attempts: 0, body })?;
        }
        let carried = self.carried(ours)?;
        let matcher = &self.world.matcher;
        let around = Around::of(&self.world.shelf, matcher, ours, today);
        let import = tie::Import { id: import, declaration: ours, today, around, matcher };
        let spoken = tie::ties(&import, &matches);
        Ok(spoken.into_iter().chain(carried).collect())
    }

    /// Tells a consignment that its exporter's export is missing, or is not missing any more; where it is too early to say,
    /// looks again on the day it is not.
    fn note_silence(
        &mut self,
        case: &CaseId,
        consignment: &Consignment,
        import: &DocId,
    ) -> Result<(), Failure> {
        let Some(declaration) = consignment.declaration() else { return Ok(()) };
        let lane = declaration.export_country.clone().unwrap_or_default();
        let early_days = self.world.matcher.index.settings().tolerances.of(&lane).early_days;
        let from = habit::speaks_from(declaration.arrives, early_days);
        let silence = self.world.matcher.habits.silence(import, &declaration.exporter.name);
        let today = day_of(self.now);
        let due = from.filter(|from| *from > today);
        let alone = self.world.matcher.habits.is_alone(import);
        if let Some(at) = due.and_then(start_of_day).filter(|_| alone) {
            let body = json!({ "doc": import.serialize(serde_json::value::Serializer).ok() });
            let key = format!("{MATCH}/{import}/silence");
            self.put_work(Work { key, sort: MATCH.into(), at, attempts: 0, body })?;
        }
        let told = silence.filter(|_| due.is_none() && from.is_some());
        let others = consignment.own().iter().filter(|own| own.code != habit::SILENT);
        let own: Vec<_> = others.cloned().chain(told).collect();
        if own == consignment.own() {
            return Ok(());
        }
        self.follow(case.clone(), AnyAct::of(ConsignmentAct::Check { differences: own }), Vec::new())
    }

    fn why_untied(&self, item: &CaseId) -> Result<&'static str, Failure> {
        let stage = self.change.case(item)?.map(|row| row.summary.stage);
        Ok(if stage.as_deref() == Some(ReceivedStage::Void.word()) { "voided" } else { "better-link" })
    }

    /// The index, which from now on runs ahead of the disk.
    fn ahead(&mut self) -> &mut Matcher {
        self.world.touched = Touched::Ahead;
        &mut self.world.matcher
    }
}

/// The day's end in UTC, when the next day begins.
fn after_day(day: Date) -> Option<jiff::Timestamp> {
    start_of_day(day.tomorrow().ok()?)
}

fn start_of_day(day: Date) -> Option<jiff::Timestamp> {
    day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The export an item speaks of, where it is readable and stands.
fn readable(item: &Received) -> Option<&Acdd> {
    let stands = !matches!(
        item.stage(),
        None | Some(
            ReceivedStage::Void | ReceivedStage::Faulty | ReceivedStage::Quarantined | ReceivedStage::Arrived
        )
    );
    item.document().and_then(Document::acdd).filter(|_| stands)
}

/// The export declarations that came with an answer to a request, as its giver has them.
fn extracts(item: &Received) -> Vec<Doc> {
    let usable = item.findings().is_acceptable() && item.quarantine().is_none();
    let answer = item.document().filter(|document| usable && document.kind() == Answer::KIND);
    let answer = answer.and_then(|document| Answer::deserialize(document.content()).ok());
    let from = item.arrival().map(|arrival| arrival.from.as_str().to_owned()).unwrap_or_default();
    let own = |acdd: &&Acdd| acdd.country.as_str() == from && !acdd.number.is_empty();
    answer.iter().flat_map(|answer| &answer.extracts).filter(own).map(Doc::from).collect()
}

/// The export an item speaks of, where it was not cancelled.
fn spoken(item: &Received) -> Option<&Acdd> {
    readable(item).filter(|acdd| acdd.function != Function::Cancel)
}

fn declared(row: &CaseRow) -> Option<Doc> {
    declared_in(&*row.state.read::<Consignment>().ok()?)
}

fn declared_in(consignment: &Consignment) -> Option<Doc> {
    let declaration = consignment.declaration().filter(|_| !is_withdrawn(consignment))?;
    Some(Doc::from(declaration))
}

fn is_withdrawn(consignment: &Consignment) -> bool {
    consignment.stage() == Some(customs::gate::ConsignmentStage::Withdrawn)
}

/// How many consignments tied to one item are looked at.
const TIED_MAX: u32 = 500;
