//! What must hold of any documents in any order.
#![expect(clippy::unwrap_used, reason = "tests")]

mod world;

use std::collections::BTreeSet;

use customs::terms::{HsCode, Party};
use kernel::Quantity;
use link::{Detail, Doc, DocId, DocLine, InTurn, Index, Match, Side};
use proptest::prelude::*;
use world::{World, date, export, import};

const TODAY: &str = "2026-05-20";

fn any_line() -> impl Strategy<Value = DocLine> {
    let hs = prop_oneof!["400122", "400121", "847130"].prop_map(|code| HsCode::new(&code).ok());
    let quantity = (1..6_u32, prop_oneof![Just("KGM"), Just("NMB"), Just("SET")]);
    let quantity = quantity.prop_map(|(hundreds, unit)| Some(Quantity::new((hundreds * 100).into(), unit)));
    let quoted = proptest::option::weighted(0.2, (0..4_u32).prop_map(|number| format!("E-{number}")));
    (hs, prop_oneof![4 => quantity, 1 => Just(None)], quoted).prop_map(|(hs, quantity, quoted)| DocLine {
        hs,
        quantity,
        quoted,
        ..DocLine::default()
    })
}

fn any_doc(side: Side) -> impl Strategy<Value = Doc> {
    let lines = proptest::collection::vec(any_line(), 1..4);
    let receiver = prop_oneof!["Minh Phát", "Minh Phat Co., Ltd", "Hoàng Long", ""];
    (0..4_u32, 1..28_u32, lines, receiver).prop_map(move |(number, day, lines, receiver)| {
        let day = format!("2026-05-{day:02}");
        let of = if side == Side::Export { export } else { import };
        let mut doc = of(&format!("E{number}"), &day, "1 400122 1 KGM TH");
        doc.receiver = Party::named(receiver);
        doc.lines = lines;
        for (at, line) in doc.lines.iter_mut().enumerate() {
            line.item = at as u32 + 1;
            line.quoted = line.quoted.take().filter(|_| side == Side::Import);
        }
        doc
    })
}

/// Documents of both sides, each number once.
fn any_docs() -> impl Strategy<Value = Vec<Doc>> {
    let both = prop_oneof![any_doc(Side::Export), any_doc(Side::Import)];
    proptest::collection::vec(both, 1..8).prop_map(|docs| {
        let mut seen = BTreeSet::new();
        docs.into_iter().filter(|doc| seen.insert(doc.id.clone())).collect()
    })
}

/// Everything an index says.
fn all(index: &Index) -> Vec<(DocId, Vec<Match>)> {
    index.ids().map(|id| (id.clone(), index.matches_for(&id, date(TODAY)))).collect()
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_show(docs in any_docs(), turn in any::<prop::sample::Index>()) {
        let forward = World::of(docs.clone());
        let mut turned = docs;
        let at = turn.index(turned.len());
        turned.rotate_left(at);
        turned.reverse();
        prop_assert_eq!(all(&forward.0), all(&World::of(turned.clone()).0));
        let mut loaded = World::default();
        loaded.0.load(turned);
        prop_assert_eq!(all(&forward.0), all(&loaded.0));
    }

    #[test]
    fn what_has_left_does_not_show(docs in any_docs(), guest in any_doc(Side::Export)) {
        let mut world = World::of(docs.into_iter().filter(|doc| doc.id != guest.id));
        let before = all(&world.0);
        let id = guest.id.clone();
        world.add(guest);
        world.0.remove(&id);
        prop_assert_eq!(all(&world.0), before);
    }

    #[test]
    fn whose_matches_change_is_told(docs in any_docs(), guest in any_doc(Side::Import)) {
        let mut world = World::of(docs);
        let before = all(&world.0);
        let told: BTreeSet<DocId> = world.add(guest).docs.into_iter().collect();
        for (id, matches) in all(&world.0) {
            let known = before.iter().find(|(known, _)| *known == id).map(|(_, matches)| matches);
            prop_assert!(known == Some(&matches) || told.contains(&id), "{} changed untold", id);
        }
    }

    #[test]
    fn a_quoted_number_at_hand_always_wins(docs in any_docs()) {
        let world = World::of(docs.clone());
        let plain = |text: &str| text.replace('-', "");
        for doc in docs.iter().filter(|doc| doc.id.side == Side::Import) {
            let matches = world.0.matches_for(&doc.id, date(TODAY));
            for line in &doc.lines {
                let Some(quoted) = line.quoted.as_deref() else { continue };
                if !docs.iter().any(|doc| doc.id.side == Side::Export && doc.id.number == plain(quoted)) {
                    continue;
                }
                let own = matches.iter().find(|found| found.imports.contains(&doc.line_ref(line.item)));
                let own = own.expect("a quoted export at hand is linked");
                prop_assert!(own.exports.iter().all(|export| export.doc.number == plain(quoted)));
            }
        }
    }

    #[test]
    fn all_at_once_is_what_one_by_one_is(docs in any_docs(), late in any_doc(Side::Export)) {
        let mut world = World::default();
        world.0.load(docs);
        world.0.insert(late);
        let mut one_by_one: Vec<Match> = Vec::new();
        for (_, matches) in all(&world.0) {
            for found in matches {
                if !one_by_one.contains(&found) {
                    one_by_one.push(found);
                }
            }
        }
        let mut at_once: Vec<Match> = Vec::new();
        world.0.each_match(date(TODAY), Detail::Reasons, &InTurn, |found| at_once.push(found));
        let key = |found: &Match| (found.exports.clone(), found.imports.clone());
        one_by_one.sort_by_key(key);
        at_once.sort_by_key(key);
        prop_assert_eq!(&at_once, &one_by_one);
        let mut briefly: Vec<Match> = Vec::new();
        world.0.each_match(date(TODAY), Detail::Links, &InTurn, |found| briefly.push(found));
        briefly.sort_by_key(key);
        let told = |found: &Match| (found.exports.clone(), found.imports.clone(), found.class, found.probability);
        prop_assert_eq!(briefly.iter().map(told).collect::<Vec<_>>(), at_once.iter().map(told).collect::<Vec<_>>());
    }

    #[test]
    fn no_line_is_in_two_matches(docs in any_docs()) {
        let world = World::of(docs);
        let mut seen = std::collections::BTreeMap::new();
        for (_, matches) in all(&world.0) {
            for found in matches {
                for line in found.exports.iter().chain(&found.imports) {
                    let known = seen.entry(line.clone()).or_insert_with(|| found.clone());
                    prop_assert_eq!(&*known, &found);
                }
            }
        }
    }

    #[test]
    fn a_document_comes_out_as_it_went_in(doc in any_doc(Side::Import)) {
        let mut world = World::default();
        let id = doc.id.clone();
        world.add(doc.clone());
        prop_assert_eq!(world.0.doc(&id), Some(doc.clone()));
        let text = serde_json::to_string(&doc).unwrap();
        prop_assert_eq!(serde_json::from_str::<Doc>(&text).unwrap(), doc);
    }
}
