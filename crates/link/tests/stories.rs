//! What the index says of small worlds, as an officer would read it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod world;

use link::{Class, DocId, Field, Match};
use world::{World, date, export, export_id, import, import_id};

/// The matches of a document, one a line: `class exports > imports | differences`.
fn told(world: &World, id: &DocId, today: &str) -> String {
    let matches = world.0.matches_for(id, date(today));
    matches.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn line(found: &Match) -> String {
    let refs = |refs: &[link::LineRef]| {
        let all: Vec<String> = refs.iter().map(|line| format!("{}#{}", line.doc.number, line.item)).collect();
        all.join(" ")
    };
    let mut text = format!("{} {} > {}", found.class, refs(&found.exports), refs(&found.imports));
    for difference in &found.differences {
        let excess = difference.excess.as_ref().map(|excess| format!(" by {excess}")).unwrap_or_default();
        text += &format!(" | {} {} ~ {}{excess}", difference.code, difference.theirs, difference.ours);
    }
    text.trim_end().to_owned()
}

#[test]
fn a_clean_lot_is_one_to_one_without_differences() {
    let world = World::of([
        export("E1", "2026-05-03", "1 400122 18 TNE TH"),
        import("I1", "2026-05-05", "1 40012200 18000 KGM TH"),
    ]);
    assert_eq!(told(&world, &export_id("E1"), "2026-05-05"), "one-to-one E1#1 > I1#1");
    assert_eq!(told(&world, &import_id("I1"), "2026-05-05"), "one-to-one E1#1 > I1#1");
}

#[test]
fn a_split_load_stays_partial_without_alarm_until_the_second_import_closes_it() {
    let mut world = World::of([
        export("E1", "2026-05-03", "1 847130 40 NMB TH"),
        import("I1", "2026-05-05", "1 847130 28 NMB TH"),
    ]);
    assert_eq!(told(&world, &export_id("E1"), "2026-05-06"), "partial E1#1 > I1#1");
    let due = world.0.matches_for(&export_id("E1"), date("2026-05-06"))[0].due;
    assert_eq!(due, Some(date("2026-05-20")));
    let affected = world.add(import("I2", "2026-05-07", "1 847130 12 NMB TH"));
    assert_eq!(affected.docs, [export_id("E1"), import_id("I1"), import_id("I2")]);
    assert_eq!(told(&world, &export_id("E1"), "2026-05-07"), "split E1#1 > I1#1 I2#1");
}

#[test]
fn a_shortfall_is_a_finding_once_nothing_more_can_come() {
    let world = World::of([
        export("E1", "2026-05-03", "1 847130 40 NMB TH"),
        import("I1", "2026-05-05", "1 847130 28 NMB TH"),
    ]);
    assert_eq!(
        told(&world, &export_id("E1"), "2026-05-21"),
        "one-to-one E1#1 > I1#1 | quantity-short 40 NMB ~ 28 NMB by 12 NMB"
    );
}

#[test]
fn more_than_left_is_a_finding_at_once() {
    let world = World::of([
        export("E1", "2026-05-03", "1 847130 40 NMB TH"),
        import("I1", "2026-05-05", "1 847130 55 NMB TH"),
    ]);
    assert_eq!(
        told(&world, &import_id("I1"), "2026-05-05"),
        "one-to-one E1#1 > I1#1 | quantity-over 40 NMB ~ 55 NMB by 15 NMB"
    );
}

#[test]
fn goods_origin_and_receiver_are_compared() {
    let mut moved = import("I1", "2026-05-05", "1 392690 18000 KGM MY E1");
    moved.receiver = customs::terms::Party::named("Công ty Cổ phần Vận tải Đại Dương Xanh");
    let world = World::of([export("E1", "2026-05-03", "1 400122 18 TNE TH"), moved]);
    assert_eq!(
        told(&world, &import_id("I1"), "2026-05-05"),
        "one-to-one E1#1 > I1#1 | hs-moved 400122 ~ 392690 | origin-changed TH ~ MY | \
         consignee-switched Công ty TNHH Cao Su Minh Phát ~ Công ty Cổ phần Vận tải Đại Dương Xanh"
    );
}

#[test]
fn two_addresses_tell_two_firms_apart_whose_names_share_letters() {
    let party = |name: &str, address: &str| customs::terms::Party {
        address: customs::terms::Address { line: address.to_owned(), ..Default::default() },
        ..customs::terms::Party::named(name)
    };
    let told_of = |name: &str, address: &str| {
        let mut left = export("E1", "2026-05-03", "1 400122 18 TNE TH");
        left.receiver = party("DUA NAI AUTO PARTS CO., LTD", "17 Quoc lo 1A, Phuong 3, Quang Ninh");
        let mut came = import("I1", "2026-05-05", "1 400122 18 TNE TH E1");
        came.receiver = party(name, address);
        told(&World::of([left, came]), &import_id("I1"), "2026-05-05")
    };
    let other = told_of("Dua Cuoi Trac Footwear Co., Ltd.", "880 Duong Hang Bang, Phuong 12, Hai Phong");
    assert!(other.contains("consignee-switched"), "{other}");
    let moved = told_of("CONG TY TNHH PHU TUNG O TO DUA NAI", "880 Duong Hang Bang, Phuong 12, Hai Phong");
    assert!(!moved.contains("consignee-switched"), "a firm that moved is the same firm: {moved}");
}

#[test]
fn goods_that_arrive_before_they_left_are_told() {
    let world = World::of([
        export("E1", "2026-05-20", "1 400122 18 TNE TH"),
        import("I1", "2026-05-05", "1 400122 18 TNE TH E1"),
    ]);
    assert_eq!(
        told(&world, &import_id("I1"), "2026-05-05"),
        "one-to-one E1#1 > I1#1 | arrived-before-departure 2026-05-20 ~ 2026-05-05 by 15 DAY"
    );
}

#[test]
fn several_exports_in_one_import_are_merged() {
    let world = World::of([
        export("E1", "2026-05-03", "1 400122 7300 KGM TH"),
        export("E2", "2026-05-03", "1 400122 4150 KGM TH"),
        import("I1", "2026-05-05", "1 400122 11450 KGM TH"),
    ]);
    assert_eq!(told(&world, &import_id("I1"), "2026-05-05"), "merged E1#1 E2#1 > I1#1");
}

#[test]
fn an_export_without_import_is_awaited_and_then_overdue() {
    let world = World::of([export("E1", "2026-05-03", "1 400122 7300 KGM TH")]);
    assert_eq!(told(&world, &export_id("E1"), "2026-05-18"), "awaited E1#1 >");
    assert_eq!(told(&world, &export_id("E1"), "2026-05-19"), "overdue E1#1 >");
}

#[test]
fn a_quoted_export_that_is_not_at_hand_is_awaited_by_the_import() {
    let mut world = World::of([import("I1", "2026-05-05", "1 400122 7300 KGM TH E1")]);
    assert_eq!(told(&world, &import_id("I1"), "2026-05-05"), "awaited  > I1#1");
    world.add(export("E1", "2026-05-03", "1 400122 7300 KGM TH"));
    assert_eq!(told(&world, &import_id("I1"), "2026-05-05"), "one-to-one E1#1 > I1#1");
}

#[test]
fn two_equal_exports_of_one_day_leave_one_import_ambiguous() {
    let world = World::of([
        export("E1", "2026-05-03", "1 400122 7300 KGM TH"),
        export("E2", "2026-05-03", "1 400122 7300 KGM TH"),
        import("I1", "2026-05-05", "1 400122 7300 KGM TH"),
    ]);
    let found = world.0.matches_for(&import_id("I1"), date("2026-05-05"));
    assert_eq!(found[0].class, Class::Ambiguous);
    assert_eq!(found[0].rivals.len(), 1);
    assert!(found[0].differences.is_empty());
}

#[test]
fn a_cancelled_export_lists_the_import_that_leaned_on_it() {
    let mut world = World::of([
        export("E1", "2026-05-03", "1 400122 18 TNE TH"),
        import("I1", "2026-05-05", "1 400122 18 TNE TH"),
        import("I9", "2026-05-05", "1 847130 3 NMB TH"),
    ]);
    assert_eq!(world.0.remove(&export_id("E1")).docs, [import_id("I1")]);
    assert_eq!(told(&world, &import_id("I1"), "2026-05-05"), "");
    assert_eq!(world.0.remove(&export_id("E1")).docs, []);
}

#[test]
fn lines_of_one_document_find_their_own_counterparts() {
    let world = World::of([
        export("E1", "2026-05-03", "1 400122 18 TNE TH; 2 400121 5 TNE TH; 3 400122 2 TNE TH"),
        import("I1", "2026-05-05", "1 400121 5 TNE TH E1; 2 400122 2 TNE TH E1; 3 400122 18 TNE TH E1"),
    ]);
    assert_eq!(
        told(&world, &export_id("E1"), "2026-05-05"),
        "one-to-one E1#1 > I1#3\none-to-one E1#2 > I1#1\none-to-one E1#3 > I1#2"
    );
}

#[test]
fn reasons_sum_to_the_odds_and_name_their_values() {
    let world = World::of([
        export("E1", "2026-05-03", "1 400122 18 TNE TH"),
        import("I1", "2026-05-05", "1 400122 18000 KGM TH"),
    ]);
    let found = &world.0.matches_for(&import_id("I1"), date("2026-05-05"))[0];
    let sum: i32 = found.contributions.iter().map(|reason| reason.weight).sum();
    assert_eq!(link::score::per_mille(sum), found.probability);
    let quantity = found.contributions.iter().find(|reason| reason.field == Field::Quantity).unwrap();
    assert_eq!((quantity.theirs.as_str(), quantity.ours.as_str()), ("18 TNE", "18 TNE"));
}
