//! The agreements between the administrations of a world.

mod cooperation;

use customs::agreement::{
    Agreement, ConsentRule, Escalation, Handling, LaneState, LegalRoute, Onward, Schedule, Term,
};
use customs::roles::{DIRECTOR, EXCHANGE};
use customs::terms::Purpose;
use jiff::civil::date;
use kernel::{Limit, NodeId};

pub(crate) use self::cooperation::{OPERATION, UNIT, cooperation, plan};

/// The administrations of a world.
pub(crate) const NODES: [&str; 4] = ["VN", "TH", "LA", "CN"];

/// The agreement of two of them: export declarations and responses, both ways.
pub(crate) fn agreement(one: &str, other: &str) -> Agreement {
    let (a, b) = (NodeId::new(one), NodeId::new(other));
    Agreement {
        id: format!("ACDD-{one}-{other}"),
        title: format!("Exchange of export declarations, {one} and {other}"),
        parties: vec![a.clone(), b.clone()],
        route: LegalRoute::Ministry,
        source: "simulated".to_owned(),
        from: date(2020, 1, 1),
        until: None,
        terms: vec![
            declarations(1, &a, &b),
            declarations(2, &b, &a),
            responses(3, &a, &b),
            responses(4, &b, &a),
        ],
    }
}

fn declarations(number: u8, from: &NodeId, to: &NodeId) -> Term {
    let fields = ["exporter", "consignee", "agent", "departs", "mode", "discharge", "lines"];
    Term {
        consent: ConsentRule::Needed,
        answer_within: Some(Limit::hours(1)),
        result_within: Some(Limit::hours(24)),
        ..term(number, "acdd", (from, to), &fields)
    }
}

fn responses(number: u8, from: &NodeId, to: &NodeId) -> Term {
    term(number, "customs-response", (from, to), &["remarks"])
}

fn term(number: u8, kind: &str, (from, to): (&NodeId, &NodeId), fields: &[&str]) -> Term {
    Term {
        id: number.to_string(),
        kind: kind.to_owned(),
        from: from.clone(),
        to: to.clone(),
        lane: LaneState::Live,
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        purposes: vec![Purpose::RiskAssessment, Purpose::BorderControl, Purpose::Exchange],
        handling: Handling::H0,
        consent: ConsentRule::NotNeeded,
        onward: Onward::Never,
        keep: Limit::hours(24 * 365),
        answer_within: None,
        result_within: None,
        clocks: std::collections::BTreeMap::new(),
        quotas: std::collections::BTreeMap::new(),
        delivery: Schedule {
            waits: [30, 60, 120, 300, 600, 900, 1800].map(Limit::seconds).to_vec(),
            ..Schedule::default()
        },
        escalation: vec![
            Escalation { after: Limit::seconds(1), role: EXCHANGE },
            Escalation { after: Limit::hours(4), role: DIRECTOR },
        ],
    }
}
