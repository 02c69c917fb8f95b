//! The accompanying document, printed and read again by a scanner.

#![expect(clippy::print_stdout, reason = "the test says when no scanner is there to read what it printed")]

use std::collections::{BTreeMap, VecDeque};
use std::process::Command;

use customs::desks::desk;
use customs::transit::codes::{code_digest, seal_codes};
use customs::transit::{Departure, Guarantee, grn, mrn_of};
use kernel::book::Shelf;
use kernel::{Actor, CaseId, Effect, Facts, Role, State};
use ledger::{Note, Purpose, Signer};
use serde_json::{Value, json};

const OFFICE: &str = "VN001234";
const HOLDER: &str = "VN0100109106";

/// A country's cases, with all that follows from an act.
#[derive(Default)]
struct Country {
    cases: BTreeMap<CaseId, State>,
    shelf: Shelf,
}

impl Country {
    fn act(&mut self, name: &str, role: &'static str, case: &CaseId, act: Value) {
        let mut queue = VecDeque::from([(Actor::new(name, Role::named(role)), case.clone(), act)]);
        while let Some((actor, case, act)) = queue.pop_front() {
            let now = "2026-11-28T01:00:00Z".parse().expect("a moment");
            let facts = Facts { now, actor: &actor, case: &case, books: &self.shelf };
            let taken =
                desk(case.desk()).expect("a desk").take(self.cases.get(&case), &act.clone().into(), &facts);
            let taken = taken.unwrap_or_else(|refusal| panic!("{case} {act}: {refusal}"));
            self.cases.insert(case.clone(), taken.state);
            for effect in taken.effects {
                if let Effect::Act { case, act } = effect
                    && case.desk().starts_with("transit")
                {
                    queue.push_back((Actor::node("VN"), case, act));
                }
            }
        }
    }
}

fn released(items: usize) -> Departure {
    let mut country = Country::default();
    let number = grn(2026, OFFICE, 1).expect("a number");
    let register = json!({ "act": "register", "registered": { "grn": number, "kind": "1", "holder": HOLDER, "guarantor": "Bank",
        "office": OFFICE, "amount": "1000000", "currency": "VND", "from": "2026-01-01", "codes": [code_digest(&number, "AC01")] } });
    country.act("office", "gate-officer", &Guarantee::case_of(&number), register);
    let lines: Vec<_> = (1..=items)
        .map(|at| {
            json!({ "goodsItemNumber": at.to_string(), "declarationGoodsItemNumber": at.to_string(),
                "Commodity": { "descriptionOfGoods": format!("Cà phê rang, lô {at}"), "CommodityCode": { "harmonizedSystemSubHeadingCode": "090121" },
                    "GoodsMeasure": { "grossMass": "10" } },
                "Packaging": [{ "sequenceNumber": "1", "typeOfPackages": "BG", "numberOfPackages": "2", "shippingMarks": "C" }] })
        })
        .collect();
    let mut content = json!({
        "TransitOperation": { "LRN": "PAPER-1", "declarationType": "T1", "additionalDeclarationType": "A", "security": "0",
            "reducedDatasetIndicator": "0", "bindingItinerary": "0" },
        "CustomsOfficeOfDeparture": { "referenceNumber": OFFICE },
        "CustomsOfficeOfDestinationDeclared": { "referenceNumber": "TH005678" },
        "CustomsOfficeOfTransitDeclared": [{ "sequenceNumber": "1", "referenceNumber": "LA000100" }],
        "HolderOfTheTransitProcedure": { "identificationNumber": HOLDER },
        "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": "1", "GuaranteeReference": [{ "sequenceNumber": "1", "GRN": number,
            "accessCode": "AC01", "amountToBeCovered": "250000", "currency": "VND" }] }],
        "Consignment": { "countryOfDestination": "TH", "containerIndicator": "0", "grossMass": (items * 10).to_string(),
            "HouseConsignment": [{ "sequenceNumber": "1", "grossMass": (items * 10).to_string(), "ConsignmentItem": lines }] },
    });
    seal_codes(&mut content);
    let mrn = mrn_of(2026, OFFICE, (HOLDER, "PAPER-1"), "0").expect("a number");
    let case = Departure::case_of(&mrn);
    country.act(
        HOLDER,
        "principal",
        &case,
        json!({ "act": "declare", "declaration": content, "message": "PAPER-1" }),
    );
    country.act("office", "gate-officer", &case, json!({ "act": "accept" }));
    let before = country.cases[&case].read::<Departure>().expect("a departure");
    assert_eq!(web::statement(&before), None, "nothing is printed before the release");
    country.act("office", "gate-officer", &case, json!({ "act": "conclude", "code": "A2" }));
    Departure::clone(&country.cases[&case].read::<Departure>().expect("a departure"))
}

#[test]
fn the_bars_and_the_square_of_a_printed_document_say_what_was_signed() {
    let signer = Signer::generate("VN", Purpose::Log, [7; 32]).expect("a key");
    for (items, language) in [(1, web::Language::English), (40, web::Language::Vietnamese)] {
        let departure = released(items);
        let statement = web::statement(&departure).expect("a released movement is printed");
        let signed = node::keys::vouch(&signer, &statement).expect("signs");
        let pdf = web::print_accompanying(&departure, "Cục Hải quan Việt Nam", language, &signed)
            .expect("prints")
            .expect("is printable");
        let again = web::print_accompanying(&departure, "Cục Hải quan Việt Nam", language, &signed);
        assert_eq!(again.expect("prints"), Some(pdf.clone()), "the same paper has the same bytes");
        let Some(read) = scanned(&pdf, items) else {
            println!("no pdftoppm or zbarimg: the marks were not read");
            continue;
        };
        assert!(read.contains(departure.mrn()), "{read}");
        let start = read.find("sampan.statement/").expect("the square");
        let text = format!("{}\n", read[start..].trim_end());
        let end = text
            .find("\n\n")
            .and_then(|gap| Some(gap + 2 + text[gap + 2..].find('\n')? + 1))
            .expect("a note");
        let note = Note::parse(&text.as_bytes()[..end]).expect("a note");
        assert_eq!(note.text(), statement);
        assert!(signer.verifier().check(note.text(), &note.signatures()[0]).is_ok());
    }
}

/// What a scanner reads from the first page; `None` where there is none.
fn scanned(pdf: &[u8], items: usize) -> Option<String> {
    let folder = std::env::temp_dir().join(format!("sampan-paper-{}-{items}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("tad.pdf"), pdf).expect("writes");
    let drawn = Command::new("pdftoppm")
        .args(["-r", "200", "-f", "1", "-l", "1", "-png"])
        .arg(folder.join("tad.pdf"))
        .arg(folder.join("page"))
        .status();
    let page = std::fs::read_dir(&folder)
        .expect("a folder")
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "png"));
    let read = drawn.ok().and(page).and_then(|page| {
        let told = Command::new("zbarimg").args(["-q", "--raw"]).arg(page).output().ok()?;
        Some(String::from_utf8_lossy(&told.stdout).into_owned())
    });
    std::fs::remove_dir_all(&folder).expect("is removed");
    read
}
