//! Looks at the documents of a consignment as a patient person would, knowing which lines belong together, and says
//! what differs. Knows nothing of how the documents were made.

use std::collections::BTreeSet;

use customs::declaration::{Declaration, Function};
use customs::terms::GoodsLine;
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use sim::trade::{Case, Consignment, LineRef, Morning, Scene, Trouble, Which, csv, window};

/// Whether names and addresses can be compared by eye.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// They are written without mistakes.
    Clean,
    /// They are not: differences of parties are left out.
    Dirty,
}

/// The codes of what was planted, frauds and innocent differences.
pub(crate) fn told(case: &Case, names: Names) -> BTreeSet<&'static str> {
    let plants = case.plants.iter().map(|planted| planted.kind.code());
    let innocents = case.innocents.iter().map(|planted| planted.kind.code());
    let told = plants.chain(innocents).filter(|code| names == Names::Clean || *code != "consignee-switched");
    told.collect()
}

/// The codes of what differs.
pub(crate) fn differences(consignment: &Consignment, names: Names, day: Date) -> BTreeSet<&'static str> {
    let Consignment { exports, imports, case } = consignment;
    let mut seen = BTreeSet::new();
    if exports.iter().any(|export| export.function == Function::Cancel) {
        seen.insert("cancelled");
        return seen;
    }
    if exports.iter().any(|export| export.function == Function::Replace) {
        seen.insert("replaced");
    }
    let standing: Vec<&Declaration> = csv::in_force(exports).collect();
    match (standing.as_slice(), imports.as_slice()) {
        ([], _) => drop(seen.insert("phantom-exporter")),
        ([export, ..], []) => missing(export, day, &mut seen),
        (exports, imports) => {
            if exports.len() > 1 || case.links.iter().any(|link| is_partial(exports, imports, link)) {
                seen.insert("lots");
            }
            for (export, import) in
                exports.iter().flat_map(|export| imports.iter().map(move |import| (export, import)))
            {
                heads(export, import, names, &mut seen);
            }
            lines(case, exports, imports, &mut seen);
        }
    }
    seen
}

/// Whether a link takes only a part of the export line.
fn is_partial(exports: &[&Declaration], imports: &[Declaration], link: &sim::trade::TrueLink) -> bool {
    imports.len() > 1
        || line(exports.iter().copied(), &link.export).quantity.as_ref().unwrap().amount > link.share.amount
}

/// Nothing came: still on its way, or why not.
fn missing(export: &Declaration, day: Date, seen: &mut BTreeSet<&'static str>) {
    let mode = export.mode.as_ref().unwrap().as_str();
    let waited = export.departs.unwrap().checked_add(i64::from(window(mode)).days()).unwrap() < day;
    let zones = ["warehouse", "Free Zone", "Economic Zone", "Bonded Zone", "Trade Zone"];
    let address = &export.importer.address.line;
    let small = export.lines[0].quantity.as_ref().unwrap().amount <= Decimal::from(3);
    if !waited {
        return;
    }
    seen.insert(match () {
        () if mode == "5" && small => "low-value",
        () if zones.iter().any(|zone| address.contains(zone)) => "free-zone",
        () => "never-declared",
    });
}

fn heads(export: &Declaration, import: &Declaration, names: Names, seen: &mut BTreeSet<&'static str>) {
    let mode = export.mode.as_ref().unwrap().as_str();
    let latest = export.departs.unwrap().checked_add(i64::from(window(mode)).days()).unwrap();
    if import.arrives.unwrap() > latest {
        seen.insert("timing");
    }
    if import.export_country.as_ref() != Some(&export.country) {
        seen.insert("third-country");
    }
    if names == Names::Clean && house(&export.importer.address.line) != house(&import.importer.address.line) {
        seen.insert("consignee-switched");
    }
}

/// The house number, which stands first among the figures of at least one address, or after "No." or before 号.
fn house(address: &str) -> Option<u32> {
    let figures =
        |text: &str| text.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok();
    match address.strip_suffix('号') {
        Some(own) => own.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok(),
        None => figures(address),
    }
}

fn lines(case: &Case, exports: &[&Declaration], imports: &[Declaration], seen: &mut BTreeSet<&'static str>) {
    for import in imports {
        for stated in &import.lines {
            let here = LineRef { number: import.number.clone(), item_no: stated.item_no };
            let links: Vec<_> = case.links.iter().filter(|link| link.import == here).collect();
            let Some(first) = links.first() else { continue };
            let sent = line(exports.iter().copied(), &first.export);
            let due: Decimal = links.iter().map(|link| link.share.amount).sum();
            compare(sent, due, stated, seen);
        }
    }
}

fn line<'a>(mut declarations: impl Iterator<Item = &'a Declaration>, wanted: &LineRef) -> &'a GoodsLine {
    let declaration = declarations.find(|one| one.number == wanted.number).expect("links name declarations");
    declaration.lines.iter().find(|line| line.item_no == wanted.item_no).expect("and their lines")
}

/// One line that left beside one that came, of which this much was due.
fn compare(sent: &GoodsLine, due: Decimal, come: &GoodsLine, seen: &mut BTreeSet<&'static str>) {
    let (from, to) = (sent.quantity.as_ref().unwrap(), come.quantity.as_ref().unwrap());
    if from.unit != to.unit {
        seen.insert("unit");
    }
    let (left, arrived) = (due * basic(from.unit.as_str()), to.amount * basic(to.unit.as_str()));
    if arrived < left * Decimal::new(995, 3) {
        seen.insert("quantity-short");
    }
    assert!(
        arrived <= left * Decimal::new(1005, 3) + Decimal::ONE,
        "never more than left: {sent:?} {come:?}"
    );
    match (sent.hs.as_ref().unwrap(), come.hs.as_ref().unwrap()) {
        (old, new) if old.as_str().len() == 6 && CORRELATED.contains(&(old.as_str(), new.prefix(6))) => {
            seen.insert("edition");
        }
        (old, new) if old.prefix(6) != new.prefix(6) => {
            seen.insert("hs-moved");
            if old.as_str().len() == 6 {
                seen.insert("edition");
            }
        }
        _ => {}
    }
    if come.origin.is_some() && come.origin != sent.origin {
        seen.insert("origin-changed");
    }
    let each = |line: &GoodsLine, amount: Decimal| line.gross.as_ref().unwrap().amount / amount;
    let whole = from.amount * basic(from.unit.as_str());
    if each(come, arrived) < each(sent, whole) * Decimal::new(5, 1) {
        seen.insert("impossible-weight");
    }
    let worth = |line: &GoodsLine, amount: Decimal| line.value.as_ref().unwrap().amount / amount;
    if worth(come, arrived) > worth(sent, whole) * Decimal::new(1125, 3) {
        seen.insert("cif-fob");
    }
}

/// How many basic units (kilograms, litres, metres, pieces) a unit holds.
fn basic(unit: &str) -> Decimal {
    match unit {
        "TNE" | "KMT" | "MIL" => Decimal::from(1000),
        "HLT" => Decimal::from(100),
        "DZN" => Decimal::from(12),
        "KGM" | "LTR" | "MTR" | "H87" | "C62" | "PR" | "MTK" | "MTQ" => Decimal::ONE,
        other => panic!("an unknown unit: {other}"),
    }
}

/// Subheadings of the editions of 2017 and 2022 that the correlation table ties.
const CORRELATED: [(&str, &str); 7] = [
    ("851712", "851713"),
    ("851770", "851779"),
    ("852580", "852589"),
    ("853950", "853952"),
    ("854140", "854142"),
    ("854140", "854143"),
    ("940540", "940542"),
];

/// The scene a morning of one consignment shows.
pub(crate) fn verdict(morning: &Morning) -> Scene {
    let troubles: Vec<Trouble> = morning.timetable.iter().filter_map(|lodging| lodging.trouble).collect();
    match troubles.as_slice() {
        [Trouble::Doubled] => return Scene::Duplicate,
        [Trouble::Late] => {
            assert!(matches!(morning.timetable[0].which, Which::Import(_)));
            return Scene::Late;
        }
        [Trouble::Damaged(_)] => {
            assert_eq!(morning.timetable[0].which, morning.timetable[1].which, "comes again whole");
            return Scene::Damaged;
        }
        _ => assert!(troubles.is_empty()),
    }
    let [export, rest @ ..] = morning.exports.as_slice() else { panic!("a scene begins with an export") };
    if rest.iter().any(|other| other.function == Function::Cancel && other.number == export.number) {
        return Scene::CancelledExport;
    }
    let goods = |one: &Declaration| -> BTreeSet<String> {
        one.lines.iter().map(|line| line.hs.as_ref().unwrap().prefix(6).to_owned()).collect()
    };
    let amounts = |one: &Declaration| -> Decimal {
        one.lines.iter().map(|line| line.quantity.as_ref().unwrap().amount).sum()
    };
    let come: Decimal = morning.imports.iter().map(amounts).sum();
    let same_goods = goods(export) == goods(&morning.imports[0]);
    match (morning.imports.len(), come == amounts(export), same_goods) {
        (2, true, true) => Scene::SplitLoad,
        (1, false, true) if come <= amounts(export) * Decimal::new(75, 2) => Scene::Shortfall,
        (1, true, false) => Scene::Overdue,
        (1, true, true) if export.lines.len() > 1 => Scene::CleanLot,
        (1, true, true) => Scene::PurposeRefused,
        other => panic!("no scene: {other:?}"),
    }
}
