//! What moves through the harbour: agreements, exports, imports.

use customs::agreement::{
    Agreement, ConsentRule, Escalation, Handling, LaneState, LegalRoute, Onward, Schedule, Term,
};
use customs::declaration::{Consent, Declaration, Flow};
use customs::roles::{EXCHANGE, SECRETARY};
use customs::terms::{Address, Country, GoodsLine, HsCode, Identifier, Party, Place, Purpose, TransportMode};
use jiff::civil::{Date, date};
use kernel::{Limit, Money, NodeId, Quantity};
use rust_decimal::Decimal;

/// An agreement between Vietnam and a partner on export declarations and the answers to them.
pub(super) fn agreement(partner: &str) -> Agreement {
    let (th, vn) = (NodeId::new(partner), NodeId::new("VN"));
    let most = ["exporter", "consignee", "agent", "departs", "mode", "discharge", "lines"];
    Agreement {
        id: format!("ACDD-{partner}-VN"),
        title: "Exchange of export declarations between two administrations".into(),
        parties: vec![th.clone(), vn.clone()],
        route: LegalRoute::Ministry,
        source: "a test's own".into(),
        from: date(2026, 1, 1),
        until: None,
        terms: vec![
            term("1", "acdd", &th, &vn, &most),
            term("2", "acdd", &vn, &th, &most[..5]),
            term("3", "customs-response", &vn, &th, &["remarks"]),
            term("4", "customs-response", &th, &vn, &["remarks"]),
        ],
    }
}

fn term(id: &str, kind: &str, from: &NodeId, to: &NodeId, fields: &[&str]) -> Term {
    let is_acdd = kind == "acdd";
    Term {
        id: id.into(),
        kind: kind.into(),
        from: from.clone(),
        to: to.clone(),
        lane: LaneState::Live,
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        purposes: vec![Purpose::RiskAssessment, Purpose::BorderControl, Purpose::Exchange],
        handling: Handling::H1,
        consent: if is_acdd { ConsentRule::Needed } else { ConsentRule::NotNeeded },
        onward: Onward::Never,
        keep: Limit::hours(24 * 365),
        answer_within: is_acdd.then(|| Limit::hours(1)),
        result_within: is_acdd.then(|| Limit::hours(40)),
        clocks: std::collections::BTreeMap::new(),
        quotas: std::collections::BTreeMap::new(),
        delivery: Schedule { waits: vec![Limit::seconds(60), Limit::seconds(600)], ..Schedule::default() },
        escalation: vec![
            Escalation { after: Limit::seconds(1), role: EXCHANGE },
            Escalation { after: Limit::hours(24), role: SECRETARY },
        ],
    }
}

/// A lot of goods, as both sides know it.
#[derive(Clone)]
pub(super) struct Lot {
    /// The country it leaves.
    pub from: &'static str,
    /// The export declaration.
    pub export: String,
    /// The exporter, as its country writes it.
    pub exporter: &'static str,
    /// The importer, as the export declaration writes it.
    pub consignee: &'static str,
    /// The importer, as the import declaration writes it.
    pub importer: &'static str,
    /// The importer's tax number.
    pub tax: &'static str,
    /// Its goods: code, description, amount, unit, value in USD.
    pub goods: Vec<(&'static str, &'static str, i64, &'static str, i64)>,
    /// How it travels: mode and place.
    pub travels: (&'static str, &'static str),
    /// The day it leaves.
    pub departs: Date,
    /// The day it is to be decided on.
    pub arrives: Date,
}

impl Lot {
    /// The export declaration in the country it leaves.
    pub(super) fn exported(&self) -> Declaration {
        Declaration {
            flow: Flow::Export,
            number: self.export.clone(),
            reference: format!("R-{}", self.export),
            country: Country::new(self.from),
            exporter: Party::named(self.exporter),
            importer: Party { address: address(), ..Party::named(self.consignee) },
            agent: Party::named("Harbour Forwarding Co., Ltd."),
            destination: Some(Country::new("VN")),
            departs: Some(self.departs),
            mode: Some(TransportMode::new(self.travels.0)),
            place: Some(Place::new(self.travels.1)),
            lines: self.lines(None),
            consent: Some(Consent { reference: "C-2026-118".into(), since: date(2026, 1, 1) }),
            ..Declaration::default()
        }
    }

    /// The import declaration here, which quotes the export where told to.
    pub(super) fn imported(&self, number: &str, quoted: Option<&str>) -> Declaration {
        Declaration {
            flow: Flow::Import,
            number: number.into(),
            reference: format!("R-{number}"),
            country: Country::new("VN"),
            exporter: Party::named(self.exporter),
            importer: Party {
                name: self.importer.into(),
                identifiers: vec![Identifier { scheme: "VN-MST".into(), value: self.tax.into() }],
                address: address(),
            },
            export_country: Some(Country::new(self.from)),
            departs: Some(self.departs),
            arrives: Some(self.arrives),
            mode: Some(TransportMode::new(self.travels.0)),
            place: Some(Place::new(self.travels.1)),
            lines: self.lines(quoted),
            ..Declaration::default()
        }
    }

    fn lines(&self, quoted: Option<&str>) -> Vec<GoodsLine> {
        let line = |(place, goods): (usize, &(&str, &str, i64, &str, i64))| GoodsLine {
            item_no: u32::try_from(place + 1).expect("few lines"),
            hs: HsCode::new(goods.0).ok(),
            description: goods.1.into(),
            quantity: Some(Quantity::new(Decimal::from(goods.2), goods.3)),
            origin: Some(Country::new(self.from)),
            gross: None,
            value: Some(Money::new(Decimal::from(goods.4), "USD")),
            quoted_export: quoted.map(str::to_owned),
            ..GoodsLine::default()
        };
        self.goods.iter().enumerate().map(line).collect()
    }
}

fn address() -> Address {
    Address {
        line: "18 Trần Hưng Đạo".into(),
        city: "Hải Phòng".into(),
        country: Some(Country::new("VN")),
        ..Address::default()
    }
}
