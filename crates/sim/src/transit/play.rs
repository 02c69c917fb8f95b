//! How a seed plays: what people want, what becomes of letters, when machines stop.

use std::collections::BTreeMap;

use customs::transit::codes::code_digest;
use customs::transit::{Arrival, Departure, Enquiry, Guarantee, Passage, grn, mrn_of};
use jiff::{SignedDuration, Timestamp};
use kernel::{Actor, CaseId, Role};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use serde::Serialize;
use serde_json::{Value, json};

use super::check;
use super::country::{Country, Doubles, Letter, Wish};

const VN: &str = "VN001234";
const LA: &str = "LA000100";
const TH: &str = "TH005678";
const KH: &str = "KH000777";
/// The offices that keep a guarantee: at departure, and in a country on the way.
pub(super) const KEEPERS: [(&str, &str); 2] = [("VN", VN), ("LA", LA)];
/// How much each guarantee covers: room for two of three movements.
pub(super) const LIMIT: i64 = 600_000;
/// What each movement asks.
const ASKED: &str = "250000";
/// The access code of every guarantee.
const CODE: &str = "AC01";
/// Movements of a play.
const MOVEMENTS: u64 = 3;

/// What a play came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// Letters delivered, doubles included.
    pub delivered: u64,
    /// Letters lost on the way and sent again.
    pub lost: u64,
    /// Letters that came twice.
    pub doubled: u64,
    /// Machines that lost their memory.
    pub crashes: u64,
    /// How the movements ended at departure.
    pub ends: BTreeMap<String, u64>,
}

/// Plays a seed.
///
/// # Errors
/// What did not hold, in words.
pub fn run(seed: u64) -> Result<Outcome, String> {
    let mut play = Play::new(seed)?;
    play.disorder()?;
    play.settle()?;
    check::agreement(&play.countries, &play.movements)?;
    play.time_passes()?;
    check::rest(&play.countries, &play.movements)?;
    for mrn in &play.movements {
        let end = check::stage(&play.countries["VN"], &Departure::case_of(mrn));
        *play.outcome.ends.entry(end).or_default() += 1;
    }
    Ok(play.outcome)
}

struct Play {
    dice: ChaCha8Rng,
    now: Timestamp,
    countries: BTreeMap<&'static str, Country>,
    wishes: Vec<(&'static str, Wish)>,
    movements: Vec<String>,
    outcome: Outcome,
}

fn person(name: &str, role: &'static str) -> Actor {
    Actor::new(name, Role::named(role))
}

impl Play {
    fn new(seed: u64) -> Result<Self, String> {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut countries = BTreeMap::new();
        for name in ["VN", "LA", "TH", "KH"] {
            let off = i64::from(dice.next_u32() % 1_200) - 600;
            countries.insert(name, Country::new(name, SignedDuration::from_secs(off)));
        }
        let now = "2026-11-28T01:00:00Z".parse().map_err(|error: jiff::Error| error.to_string())?;
        let mut play = Self {
            dice,
            now,
            countries,
            wishes: Vec::new(),
            movements: Vec::new(),
            outcome: Outcome::default(),
        };
        for (country, office) in KEEPERS {
            let number = grn(2026, office, 1).ok_or("no number")?;
            play.wish(country, person("office", "gate-officer"), Guarantee::case_of(&number), json!({ "act": "register",
                "registered": { "grn": number, "kind": "1", "holder": "VN0100109106", "guarantor": "Bank", "office": office,
                    "amount": LIMIT.to_string(), "currency": "VND", "from": "2026-01-01", "codes": [code_digest(&number, CODE)] } }));
        }
        for at in 0..MOVEMENTS {
            play.movement(seed, at)?;
        }
        Ok(play)
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.dice.next_u32() % sides
    }

    fn wish(&mut self, at: &'static str, who: Actor, case: CaseId, act: Value) {
        self.wishes.push((at, Wish { who, case, act }));
    }

    /// What people will want of one movement, in their order.
    fn movement(&mut self, seed: u64, at: u64) -> Result<(), String> {
        let lrn = format!("SIM-{seed}-{at}");
        let mrn = mrn_of(2026, VN, ("VN0100109106", &lrn), "0").ok_or("no number")?;
        let trader = || person("principal", "principal");
        let officer = || person("office", "gate-officer");
        let departure = Departure::case_of(&mrn);
        let (said, amended) = self.covered_by()?;
        self.wish("VN", trader(), departure.clone(), declaration("declare", &lrn, (&said.0, said.1)));
        self.wish("VN", officer(), departure.clone(), json!({ "act": "accept" }));
        if self.roll(6) == 0 {
            self.wish("VN", officer(), departure.clone(), json!({ "act": "check-guarantees" }));
        }
        self.wish("VN", officer(), departure.clone(), json!({ "act": "conclude", "code": "A2" }));
        for _ in 0..self.roll(3) {
            self.wish("VN", trader(), departure.clone(), declaration("amend", &lrn, (&amended, CODE)));
        }
        if self.roll(9) == 0 {
            self.wish(
                "VN",
                officer(),
                departure,
                json!({ "act": "invalidate", "justification": "withdrawn" }),
            );
        }
        if self.roll(4) == 0 {
            let incidents = json!([{ "sequenceNumber": "1", "code": "1", "text": "road closed", "Location":
                { "qualifierOfIdentification": "U", "UNLocode": "LATHK", "country": "LA" } }]);
            self.wish(
                "LA",
                officer(),
                Passage::case_of(&mrn),
                json!({ "act": "register-incident", "office": LA, "incidents": incidents }),
            );
        }
        if self.roll(6) != 0 {
            self.wish("LA", officer(), Passage::case_of(&mrn), json!({ "act": "pass", "office": LA }));
        }
        let (place, office) = if self.roll(5) == 0 { ("KH", KH) } else { ("TH", TH) };
        if self.roll(6) != 0 {
            self.wish(
                place,
                trader(),
                Arrival::case_of(&mrn),
                json!({ "act": "notify", "office": office, "trader": "TH1" }),
            );
            let code = ["A1", "A2", "A5", "B1"][self.roll(4) as usize];
            let text = if code < "A3" { "" } else { "fewer packages" };
            self.wish(
                place,
                officer(),
                Arrival::case_of(&mrn),
                json!({ "act": "conclude", "code": code, "text": text }),
            );
        }
        self.movements.push(mrn);
        Ok(())
    }

    /// The guarantee a principal names first, with a code that may be wrong, and the one an amendment would name.
    fn covered_by(&mut self) -> Result<((String, &'static str), String), String> {
        let (_, office) = KEEPERS[usize::from(self.roll(2) == 0)];
        let (_, other) = KEEPERS[usize::from(self.roll(2) == 0)];
        let serial = if self.roll(10) == 0 { 9 } else { 1 };
        let code = if self.roll(8) == 0 { "NONE" } else { CODE };
        let number = grn(2026, office, serial).ok_or("no number")?;
        Ok(((number, code), grn(2026, other, 1).ok_or("no number")?))
    }

    fn country(&mut self, name: &str) -> Result<&mut Country, String> {
        self.countries.get_mut(name).ok_or_else(|| format!("no country {name}"))
    }

    /// The first part: everything in any order.
    fn disorder(&mut self) -> Result<(), String> {
        for _ in 0..260 {
            match self.roll(10) {
                0..=3 => self.next_wish()?,
                4..=7 => self.one_letter()?,
                8 => {
                    let minutes = i64::from(self.roll(40));
                    self.now = self
                        .now
                        .checked_add(SignedDuration::from_mins(minutes))
                        .map_err(|it| it.to_string())?;
                    self.clocks()?;
                }
                _ => {
                    let name = ["VN", "LA", "TH", "KH"][self.roll(4) as usize];
                    self.country(name)?.crash()?;
                    self.outcome.crashes += 1;
                }
            }
        }
        Ok(())
    }

    /// Somebody's next wish; one that is not possible yet is tried again later, for a while.
    fn next_wish(&mut self) -> Result<(), String> {
        let mut begun = std::collections::BTreeSet::new();
        let open: Vec<usize> = (0..self.wishes.len())
            .filter(|at| begun.insert(self.wishes[*at].1.case.key().to_owned()))
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let at = open[self.roll(u32::try_from(open.len()).unwrap_or(1)) as usize];
        let (place, wish) = self.wishes[at].clone();
        let now = self.now;
        if self.country(place)?.act(&wish, now).is_ok() || self.roll(12) == 0 {
            self.wishes.remove(at);
        }
        Ok(())
    }

    fn waiting(&self) -> Vec<(&'static str, usize)> {
        self.countries
            .iter()
            .flat_map(|(name, country)| (0..country.outbox.len()).map(|at| (*name, at)))
            .collect()
    }

    /// One letter: lost, delivered with or without its receipt coming back, or let through twice.
    fn one_letter(&mut self) -> Result<(), String> {
        let waiting = self.waiting();
        if waiting.is_empty() {
            return Ok(());
        }
        let (from, at) = waiting[self.roll(u32::try_from(waiting.len()).unwrap_or(1)) as usize];
        let letter: Letter = self.country(from)?.outbox[at].clone();
        let fate = self.roll(10);
        if fate < 2 {
            self.outcome.lost += 1;
            return Ok(());
        }
        let doubles = if fate == 2 { Doubles::Let } else { Doubles::Stopped };
        self.deliver(&letter, doubles)?;
        if fate < 4 {
            self.outcome.doubled += 1;
        } else {
            self.country(from)?.outbox.remove(at);
        }
        Ok(())
    }

    fn deliver(&mut self, letter: &Letter, doubles: Doubles) -> Result<(), String> {
        self.outcome.delivered += 1;
        let now = self.now;
        match self.countries.get_mut(letter.to.as_str()) {
            Some(country) => country.receive(letter, now, doubles),
            None => Ok(()),
        }
    }

    fn clocks(&mut self) -> Result<(), String> {
        let now = self.now;
        for name in ["VN", "LA", "TH", "KH"] {
            while self.country(name)?.wake(now).is_some() {}
        }
        Ok(())
    }

    /// Delivers what waits until nothing does.
    fn settle(&mut self) -> Result<(), String> {
        while let Some((from, at)) = self.waiting().first().copied() {
            let letter = self.country(from)?.outbox.remove(at);
            self.deliver(&letter, Doubles::Stopped)?;
        }
        Ok(())
    }

    /// The second part: months go by; offices answer enquiries and banks pay, so that every movement comes to its end.
    fn time_passes(&mut self) -> Result<(), String> {
        for _ in 0..2_000 {
            self.clocks()?;
            self.settle()?;
            self.people_answer()?;
            self.settle()?;
            let next = self.countries.values().filter_map(Country::next_wake).min();
            match next {
                Some(next) if next > self.now => self.now = next,
                Some(_) => {}
                None => return Ok(()),
            }
        }
        Err("it never came to rest".into())
    }

    fn people_answer(&mut self) -> Result<(), String> {
        let now = self.now;
        for mrn in self.movements.clone() {
            let officer = person("office", "gate-officer");
            let wishes = [
                (
                    "TH",
                    officer.clone(),
                    Arrival::case_of(&mrn),
                    json!({ "act": "answer-enquiry", "office": TH, "code": "1" }),
                ),
                (
                    "LA",
                    officer.clone(),
                    Passage::case_of(&mrn),
                    json!({ "act": "answer-enquiry", "office": LA, "code": "1" }),
                ),
                ("TH", officer.clone(), Arrival::case_of(&mrn), json!({ "act": "conclude", "code": "A1" })),
                ("KH", officer.clone(), Arrival::case_of(&mrn), json!({ "act": "conclude", "code": "A1" })),
                ("VN", officer.clone(), Departure::case_of(&mrn), json!({ "act": "solve", "solved": "yes" })),
                (
                    "VN",
                    officer.clone(),
                    Departure::case_of(&mrn),
                    json!({ "act": "refuse", "reason": "nobody came" }),
                ),
                (
                    "VN",
                    person("focal", "exchange-officer"),
                    Enquiry::case_of(&mrn),
                    json!({ "act": "pay", "by": "Bank" }),
                ),
            ];
            for (at, who, case, act) in wishes {
                if self.country(at)?.case(&case).is_some() {
                    drop(self.country(at)?.act(&Wish { who, case, act }, now));
                }
            }
        }
        Ok(())
    }
}

fn declaration(act: &str, lrn: &str, (number, code): (&str, &str)) -> Value {
    let mut content = json!({
        "TransitOperation": { "LRN": lrn, "declarationType": "T1", "additionalDeclarationType": "A", "security": "0",
            "reducedDatasetIndicator": "0", "bindingItinerary": "0" },
        "CustomsOfficeOfDeparture": { "referenceNumber": VN },
        "CustomsOfficeOfDestinationDeclared": { "referenceNumber": TH },
        "CustomsOfficeOfTransitDeclared": [{ "sequenceNumber": "1", "referenceNumber": LA }, { "sequenceNumber": "2", "referenceNumber": TH }],
        "HolderOfTheTransitProcedure": { "identificationNumber": "VN0100109106" },
        "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": "1", "GuaranteeReference": [{ "sequenceNumber": "1", "GRN": number,
            "accessCode": code, "amountToBeCovered": ASKED, "currency": "VND" }] }],
        "Consignment": { "countryOfDestination": "TH", "containerIndicator": "0", "grossMass": "1000", "HouseConsignment": [{
            "sequenceNumber": "1", "grossMass": "1000", "ConsignmentItem": [{ "goodsItemNumber": "1", "declarationGoodsItemNumber": "1",
                "Commodity": { "descriptionOfGoods": "Coffee", "CommodityCode": { "harmonizedSystemSubHeadingCode": "090111" },
                    "GoodsMeasure": { "grossMass": "1000" } },
                "Packaging": [{ "sequenceNumber": "1", "typeOfPackages": "BG", "numberOfPackages": "20", "shippingMarks": "C" }] }] }] },
    });
    if act == "amend" {
        content["TransitOperation"]["amendmentTypeFlag"] = json!("1");
    }
    json!({ "act": act, "declaration": content, "message": lrn })
}
