//! The index as a node begins with it: everything the store has at hand, read on all processors.

use customs::agreement::Received;
use customs::assistance::register::RegisterQuestion;
use customs::gate::Consignment;
use kernel::{CaseId, Procedure as _};
use link::{Doc, DocId, Index, Inflow, Settings, Threads};
use store::{Failure, KeptCase, Look};

use super::{Matcher, declared_in, extracts, is_withdrawn, mass, spoken};
use crate::reading::{at_hand, read_beside};

impl Matcher {
    /// The index over every item that is readable and not void, and every consignment that is not withdrawn. Of closed
    /// ones only the newest are taken, which is where the rest of a split load may still come.
    pub(crate) fn load(look: &dyn Look) -> Result<Self, Failure> {
        let mut matcher = Self::empty();
        let (mut flow, mut brought, mut judged) = (Inflow::default(), Vec::new(), Vec::new());
        for closed in [false, true] {
            read_beside(look, &at_hand(Received::NAME, closed), Items::of, |items| {
                matcher.speaking(items.speaking);
                flow.join(items.flow);
                brought.extend(items.brought);
            })?;
            read_beside(look, &at_hand(Consignment::NAME, closed), Imports::of, |imports| {
                flow.join(imports.flow);
                imports.held.iter().for_each(|held| matcher.note(held));
                judged.extend(imports.held.into_iter().filter(is_judged));
            })?;
            look.each_case(&at_hand(RegisterQuestion::NAME, closed), &mut |row| {
                matcher.values.note(&row.state);
            })?;
        }
        matcher.brought(brought, &mut flow);
        matcher.index.load_inflow(flow, &Threads::all());
        judged.iter().for_each(|consignment| {
            matcher.note_names(consignment);
            matcher.learn_from(consignment);
        });
        matcher.index.know(&matcher.aliases.groups(), &Threads::all());
        matcher.relearn();
        Ok(matcher)
    }

    fn empty() -> Self {
        Self {
            index: Index::new(Settings::default()),
            speaks: Default::default(),
            versions: Default::default(),
            masses: Default::default(),
            habits: Default::default(),
            lessons: Default::default(),
            aliases: Default::default(),
            values: Default::default(),
            tolerated: None,
        }
    }

    fn speaking(&mut self, items: Vec<(DocId, CaseId, u32)>) {
        for (export, item, version) in items {
            self.speaks.give(export.clone(), item);
            self.versions.insert(export, version);
        }
    }

    /// Takes in what a consignment says of goods and of exporters.
    fn note(&mut self, consignment: &Consignment) {
        mass::learn(&mut self.masses, consignment);
        if let (false, Some(declaration)) = (is_withdrawn(consignment), consignment.declaration()) {
            self.habits.note(&Doc::from(declaration).id, declaration, consignment.ties().len());
        }
    }

    /// Takes in what answers to requests brought and no document of the partner's own speaks of, oldest first as it came.
    fn brought(&mut self, mut brought: Vec<(u64, CaseId, Vec<Doc>)>, flow: &mut Inflow) {
        brought.sort_by_key(|(opened, ..)| *opened);
        for (_, item, docs) in brought {
            for doc in docs {
                if self.speaks.of(&doc.id).is_none() {
                    self.speaks.give(doc.id.clone(), item.clone());
                    flow.take(doc);
                }
            }
        }
    }
}

/// Whether somebody judged the links of a consignment that stands.
fn is_judged(consignment: &Consignment) -> bool {
    !is_withdrawn(consignment) && consignment.declaration().is_some() && consignment.is_judged()
}

/// What received items say.
#[derive(Default)]
struct Items {
    flow: Inflow,
    /// Exports, each with the item that speaks for it and its version.
    speaking: Vec<(DocId, CaseId, u32)>,
    /// Answers that came with exports, each with the entry that opened it.
    brought: Vec<(u64, CaseId, Vec<Doc>)>,
}

impl Items {
    fn of(part: Vec<KeptCase>) -> Result<Self, Failure> {
        let mut items = Self::default();
        for kept in part {
            let Some(item) = kept.own::<Received>()? else { continue };
            if let Some(acdd) = spoken(&item) {
                let doc = Doc::from(acdd);
                items.speaking.push((doc.id.clone(), kept.id.clone(), acdd.version));
                items.flow.take(doc);
            }
            let extracts = extracts(&item);
            if !extracts.is_empty() {
                items.brought.push((kept.opened, kept.id, extracts));
            }
        }
        Ok(items)
    }
}

/// What consignments say.
#[derive(Default)]
struct Imports {
    flow: Inflow,
    held: Vec<Consignment>,
}

impl Imports {
    fn of(part: Vec<KeptCase>) -> Result<Self, Failure> {
        let mut imports = Self::default();
        for kept in part {
            let Some(held) = kept.own::<Consignment>()? else { continue };
            declared_in(&held).into_iter().for_each(|doc| imports.flow.take(doc));
            imports.held.push(held);
        }
        Ok(imports)
    }
}
