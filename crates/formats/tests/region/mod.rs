//! Several countries in memory, each with its own cases, books and clocks. What they send to one another goes as the bytes
//! of the standard, is held against the schemas' table, and is read from those bytes.

pub(crate) mod corridor;

use std::collections::{BTreeMap, VecDeque};

use customs::agreement::{Admission, Arrival as ItemArrival, Arrived};
use customs::catalogue;
use customs::desks::desk;
use customs::transit::codes::{CARRIERS, Codes, codes_of_others, open_codes};
use customs::transit::guarantee::{Reason, unsent};
use customs::transit::{Arrival, Departure, mrn_of};
use formats::transit::{judge_content, project, write_xml};
use jiff::Timestamp;
use kernel::book::Shelf;
use kernel::{Actor, CaseId, Digest, Effect, Facts, NodeId, Refusal, Role, State};
use serde_json::{Value, json};

/// One country.
#[derive(Default)]
pub(crate) struct Country {
    pub(crate) cases: BTreeMap<CaseId, State>,
    wakes: BTreeMap<(CaseId, String), (Timestamp, Value)>,
    pub(crate) shelf: Shelf,
}

/// A letter on its way.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) from: NodeId,
    pub(crate) to: NodeId,
    pub(crate) kind: String,
    pub(crate) bytes: Vec<u8>,
}

/// All of them.
pub(crate) struct Region {
    pub(crate) now: Timestamp,
    pub(crate) countries: BTreeMap<NodeId, Country>,
    pub(crate) post: VecDeque<Letter>,
    /// Every message between countries, by code, in the order it was written.
    pub(crate) letters: Vec<(String, Vec<u8>)>,
    pub(crate) refusals: Vec<(CaseId, Refusal)>,
    /// The access codes in clear, as the memory of a node has them.
    pub(crate) codes: Codes,
}

fn admission() -> Admission {
    let term = json!({ "id": "1", "kind": "any", "from": "A", "to": "B", "lane": "live", "fields": [], "purposes": ["exchange"],
        "handling": "h0", "consent": "not-needed", "onward": "never", "keep": "1d", "delivery": { "waits": ["1s"] },
        "escalation": [] });
    Admission { agreement: "T".into(), term: serde_json::from_value(term).expect("a term") }
}

impl Region {
    pub(crate) fn new(countries: &[&str]) -> Self {
        let countries = countries.iter().map(|name| (NodeId::new(*name), Country::default())).collect();
        let now = "2026-11-28T01:00:00Z".parse().expect("a moment");
        Self {
            now,
            countries,
            post: VecDeque::new(),
            letters: Vec::new(),
            refusals: Vec::new(),
            codes: Codes::new(),
        }
    }

    /// Takes an act and all that follows at home; what goes abroad waits in the post.
    pub(crate) fn act(
        &mut self,
        at: &str,
        who: (&str, &str),
        case: &CaseId,
        act: Value,
    ) -> Result<(), Refusal> {
        let us = NodeId::new(at);
        self.codes.extend(act.get("declaration").map(|said| codes_of_others(said, &us)).unwrap_or_default());
        let actor = Actor::new(who.0, Role::new(who.1));
        let first = self.take(&us, &actor, case, &act);
        let mut queue: VecDeque<_> = match first {
            Ok(effects) => effects.into_iter().map(|effect| (case.clone(), effect)).collect(),
            Err(refusal) => return Err(refusal),
        };
        let node = Actor::node(at);
        while let Some((of, effect)) = queue.pop_front() {
            match effect {
                Effect::Act { case, act } => match self.take(&us, &node, &case, &act) {
                    Ok(effects) => queue.extend(effects.into_iter().map(|effect| (case.clone(), effect))),
                    Err(refusal) => self.refusals.push((case, refusal)),
                },
                Effect::Wake { name, at, act } => {
                    self.home(&us).wakes.insert((of, name.into_owned()), (at, act));
                }
                Effect::Rest { name } => {
                    self.home(&us).wakes.remove(&(of, name.into_owned()));
                }
                Effect::Send { to, kind, document, .. } => self.send(&us, to, &kind, &document),
                Effect::Publish { edition } => self.home(&us).shelf.publish(&edition),
                Effect::Post { .. } | Effect::Admit { .. } => {}
            }
        }
        Ok(())
    }

    fn home(&mut self, us: &NodeId) -> &mut Country {
        self.countries.get_mut(us).expect("a country")
    }

    fn take(
        &mut self,
        us: &NodeId,
        actor: &Actor,
        case: &CaseId,
        act: &Value,
    ) -> Result<Vec<Effect>, Refusal> {
        let country = self.countries.get_mut(us).expect("a country");
        let facts = Facts { now: self.now, actor, case, books: &country.shelf };
        let taken =
            desk(case.desk()).expect("a desk").take(country.cases.get(case), &act.clone().into(), &facts)?;
        if !taken.events.is_empty() {
            country.cases.insert(case.clone(), taken.state);
        }
        Ok(taken.effects)
    }

    /// Writes a letter; every message that is written keeps to the table.
    fn send(&mut self, from: &NodeId, to: NodeId, kind: &str, document: &Value) {
        let code = kind.to_uppercase();
        let mut opened = document.clone();
        if CARRIERS.contains(&kind) && open_codes(&mut opened, &self.codes).is_err() {
            for effect in unsent(&code, document, Reason::G03) {
                let Effect::Act { case, act } = effect else { continue };
                self.act(from.as_str(), (from.as_str(), "node"), &case, act).expect("is heard");
            }
            return;
        }
        let content = project(&code, &opened);
        let heavy: Vec<_> = judge_content(&code, &content)
            .iter()
            .filter(|it| it.code.starts_with("element") || it.code.starts_with("value"))
            .map(ToString::to_string)
            .collect();
        assert_eq!(heavy, [""; 0], "{code}");
        let bytes = write_xml(&code, &content).expect("is written");
        self.letters.push((code, bytes.clone()));
        self.post.push_back(Letter { from: from.clone(), to, kind: kind.to_owned(), bytes });
    }

    /// Delivers one letter.
    pub(crate) fn deliver(&mut self, letter: &Letter) {
        if !self.countries.contains_key(&letter.to) {
            return;
        }
        let (content, _) = formats::read_paper(&letter.kind, &letter.bytes);
        let content = content.unwrap_or_else(|| panic!("{} is unreadable", letter.kind));
        let digest = Digest::of(&letter.bytes);
        let arrival = ItemArrival {
            from: letter.from.clone(),
            to: letter.to.clone(),
            kind: letter.kind.clone(),
            message_id: digest.short(),
            wire: digest,
            payload: digest,
        };
        let (case, admission) = (arrival.case(), admission());
        let item = Arrived { case: &case, arrival: &arrival, admission: &admission };
        let node = Actor::node(letter.to.as_str());
        let effects = {
            let country = self.countries.get(&letter.to).expect("a country");
            let facts = Facts { now: self.now, actor: &node, case: &case, books: &country.shelf };
            catalogue::kind(&letter.kind).expect("a kind").arrived(&content, &item, &facts)
        };
        for effect in effects {
            if let Effect::Act { case, act } = effect
                && let Err(refusal) = self.act(letter.to.as_str(), (letter.to.as_str(), "node"), &case, act)
            {
                self.refusals.push((case, refusal));
            }
        }
    }

    /// Delivers everything that waits, and what follows from it.
    pub(crate) fn settle(&mut self) {
        while let Some(letter) = self.post.pop_front() {
            self.deliver(&letter);
        }
    }

    /// Lets time go on, firing every clock in its order.
    pub(crate) fn until(&mut self, moment: Timestamp) {
        loop {
            let next = self.countries.iter().flat_map(|(us, country)| {
                country.wakes.iter().map(move |(key, (at, _))| (*at, us.clone(), key.clone()))
            });
            let Some((at, us, key)) = next.min().filter(|(at, ..)| *at <= moment) else { break };
            self.now = self.now.max(at);
            let (_, act) = self.home(&us).wakes.remove(&key).expect("a wake");
            if let Err(refusal) = self.act(us.as_str(), (us.as_str(), "node"), &key.0, act) {
                self.refusals.push((key.0, refusal));
            }
            self.settle();
        }
        self.now = moment;
    }

    pub(crate) fn after(&mut self, span: jiff::SignedDuration) {
        let moment = self.now.checked_add(span).expect("a moment");
        self.until(moment);
    }

    pub(crate) fn departure(&self, mrn: &str) -> Option<Departure> {
        let country = self.countries.get(&NodeId::new(&mrn[2..4]))?;
        let state = country.cases.get(&Departure::case_of(mrn))?;
        Some(Departure::clone(&state.read::<Departure>().expect("a departure")))
    }

    pub(crate) fn arrival(&self, at: &str, mrn: &str) -> Option<Arrival> {
        let country = self.countries.get(&NodeId::new(at))?;
        let state = country.cases.get(&Arrival::case_of(mrn))?;
        Some(Arrival::clone(&state.read::<Arrival>().expect("an arrival")))
    }
}

/// A declaration in the form a principal lodges it, and the movement's number that follows from it.
pub(crate) struct Lodged {
    pub(crate) mrn: String,
    pub(crate) content: Value,
}

/// What varies between declarations.
#[derive(Clone)]
pub(crate) struct Wanted<'a> {
    pub(crate) lrn: &'a str,
    pub(crate) departure: &'a str,
    pub(crate) transit: &'a [&'a str],
    pub(crate) destination: &'a str,
    pub(crate) simplified: bool,
    pub(crate) advance: bool,
    pub(crate) grn: &'a str,
    pub(crate) amount: &'a str,
}

/// A declaration of one line under one seal.
pub(crate) fn declaration(wanted: &Wanted<'_>) -> Lodged {
    let holder = format!("{}0100109106", &wanted.departure[..2]);
    let offices: Vec<_> = wanted
        .transit
        .iter()
        .enumerate()
        .map(|(at, office)| json!({ "sequenceNumber": (at + 1).to_string(), "referenceNumber": office }))
        .collect();
    let mut content = json!({
        "messageSender": holder, "messageRecipient": format!("NTA.{}", &wanted.departure[..2]),
        "preparationDateAndTime": "2026-11-28T01:00:00", "messageIdentification": wanted.lrn, "messageType": "CC015C",
        "TransitOperation": { "LRN": wanted.lrn, "declarationType": "T1",
            "additionalDeclarationType": if wanted.advance { "D" } else { "A" }, "security": "0",
            "reducedDatasetIndicator": "0", "bindingItinerary": "0" },
        "CustomsOfficeOfDeparture": { "referenceNumber": wanted.departure },
        "CustomsOfficeOfDestinationDeclared": { "referenceNumber": wanted.destination },
        "CustomsOfficeOfTransitDeclared": offices,
        "HolderOfTheTransitProcedure": { "identificationNumber": holder },
        "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": "1", "GuaranteeReference": [{ "sequenceNumber": "1",
            "GRN": wanted.grn, "accessCode": "AC01", "amountToBeCovered": wanted.amount, "currency": "VND" }] }],
        "Consignment": { "countryOfDispatch": "VN", "countryOfDestination": &wanted.destination[..2], "containerIndicator": "1", "inlandModeOfTransport": "3",
            "grossMass": "18000", "referenceNumberUCR": "UCR-1",
            "Consignor": { "identificationNumber": "VN0100109106" }, "Consignee": { "identificationNumber": "TH0105536000315" },
            "TransportEquipment": [{ "sequenceNumber": "1", "containerIdentificationNumber": "TEMU1234565", "numberOfSeals": "1",
                "Seal": [{ "sequenceNumber": "1", "identifier": format!("{}-S", wanted.lrn) }] }],
            "LocationOfGoods": { "typeOfLocation": "A", "qualifierOfIdentification": "V", "CustomsOffice": { "referenceNumber": wanted.departure } },
            "DepartureTransportMeans": [{ "sequenceNumber": "1", "typeOfIdentification": "30", "identificationNumber": "29C-123.45", "nationality": "VN" }],
            "PlaceOfLoading": { "UNLocode": "VNHAN" },
            "HouseConsignment": [{ "sequenceNumber": "1", "grossMass": "18000", "ConsignmentItem": [{ "goodsItemNumber": "1",
                "declarationGoodsItemNumber": "1", "Commodity": { "descriptionOfGoods": "Portable computers",
                    "CommodityCode": { "harmonizedSystemSubHeadingCode": "847130", "combinedNomenclatureCode": "20" },
                    "GoodsMeasure": { "grossMass": "18000", "netMass": "17000" } },
                "Packaging": [{ "sequenceNumber": "1", "typeOfPackages": "CT", "numberOfPackages": "900", "shippingMarks": "SPN 1-900" }] }] }] },
    });
    if wanted.simplified {
        content["Authorisation"] =
            json!([{ "sequenceNumber": "1", "type": "C521", "referenceNumber": "VNC521001" }]);
        content["TransitOperation"]["limitDate"] = json!("2026-12-12");
    }
    let mrn = mrn_of(2026, wanted.departure, (&holder, wanted.lrn), "0").expect("a number");
    Lodged { mrn, content }
}

/// The act that lodges it, with what the reader saw.
pub(crate) fn declare(lodged: &Lodged) -> Value {
    let findings = judge_content("CC015C", &lodged.content);
    json!({ "act": "declare", "declaration": lodged.content, "findings": findings, "message": lodged.content["messageIdentification"] })
}
