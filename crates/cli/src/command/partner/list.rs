//! `sampan partner list`: who they are, their certificates, and the lanes that are open with them.

use std::path::Path;
use std::sync::Arc;

use customs::agreement::{LaneState, Standing, TERMS, Term};
use exchange::Certificate;
use kernel::NodeId;
use kernel::book::Shelf;
use node::config::Config;
use node::{Descriptor, descriptor};
use serde_json::{Value, json};
use store::Look;

use crate::command::folder;
use crate::exit::Exit;
use crate::output::{self, Format};

pub(super) fn list(dir: &Path, format: Format) -> anyhow::Result<Exit> {
    for partner in descriptor::load(dir)?.values() {
        match format {
            Format::Json => output::json(&as_json(dir, partner)?),
            Format::Text => {
                output::line(format_args!("{:4} {:40} {}", partner.id, partner.name, partner.endpoint));
                say_certificates(partner);
                say_lanes(dir, partner)?;
            }
        }
    }
    Ok(Exit::Sound)
}

fn as_json(dir: &Path, partner: &Descriptor) -> anyhow::Result<Value> {
    let certificate = |certificate: &Certificate| json!({ "fingerprint": certificate.fingerprint_hex(), "until": certificate.not_after() });
    let certificates = |all: Vec<Certificate>| all.iter().map(certificate).collect::<Vec<_>>();
    let signing = partner.signing_certificates();
    Ok(json!({
        "id": partner.id, "name": partner.name, "endpoint": partner.endpoint, "suites": partner.suites,
        "kinds": partner.kinds, "issued": partner.issued, "record_key": partner.record,
        "signing_fingerprint": signing.first().map(Certificate::fingerprint_hex),
        "signing": certificates(signing), "sealing": certificates(partner.sealing_certificates()),
        "tls": certificates(partner.tls_certificates()),
        "lanes": lanes(dir, partner)?.iter().map(|lane| json!({
            "kind": lane.term.kind, "from": lane.term.from, "to": lane.term.to, "state": lane.term.lane,
            "basis": lane.cite(), "known_there": partner.kinds.contains(&lane.term.kind),
        })).collect::<Vec<_>>(),
    }))
}

/// Names a partner's certificates, and those that end soon or have a successor.
pub(super) fn say_certificates(partner: &Descriptor) {
    let groups = [
        ("signs", partner.signing_certificates()),
        ("is sealed to", partner.sealing_certificates()),
        ("serves TLS", partner.tls_certificates()),
    ];
    for (what, certificates) in groups {
        for (number, certificate) in certificates.iter().enumerate() {
            let which = if number == 0 { "" } else { " next" };
            let (print, until) = (certificate.fingerprint_hex(), certificate.not_after());
            output::line(format_args!("  {what}{which} with {} until {until}", &print[..16]));
        }
    }
}

/// Names the lanes that terms in force today open with a partner.
pub(super) fn say_lanes(dir: &Path, partner: &Descriptor) -> anyhow::Result<()> {
    let lanes = lanes(dir, partner)?;
    if lanes.is_empty() {
        output::line("  no lane: no agreement in force has a term with it");
    }
    for lane in lanes {
        let term = &lane.term;
        let state = match term.lane {
            LaneState::Test => "open for tests",
            LaneState::Live => "open",
            LaneState::Stopped => "stopped",
        };
        let known =
            if partner.kinds.contains(&term.kind) { "" } else { ", but its node does not know this kind" };
        output::line(format_args!(
            "  {} -> {} {}: {state} under {}{known}",
            term.from,
            term.to,
            term.kind,
            lane.cite()
        ));
    }
    Ok(())
}

/// The terms in force today between this node and a partner.
pub(crate) fn lanes(dir: &Path, partner: &Descriptor) -> anyhow::Result<Vec<Standing>> {
    let us = Config::load(dir)?.id;
    if !dir.join("store.sqlite").exists() {
        return Ok(Vec::new());
    }
    in_force(&*folder::look(dir)?, &us, &partner.id)
}

fn in_force(look: &dyn Look, us: &NodeId, partner: &NodeId) -> anyhow::Result<Vec<Standing>> {
    let mut shelf = Shelf::default();
    let mut keys = std::collections::BTreeSet::new();
    for head in look.editions()?.into_iter().filter(|head| head.book == TERMS) {
        if let Some(edition) = look.edition(&head.digest)? {
            let terms = edition
                .rows
                .iter()
                .filter_map(|row| serde_json::from_value::<Standing>(row.value.clone()).ok());
            keys.extend(terms.map(|standing| (standing.term.kind, standing.term.from, standing.term.to)));
            shelf.publish(&edition);
        }
    }
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let between = |(_, from, to): &(String, NodeId, NodeId)| {
        (from == us && to == partner) || (from == partner && to == us)
    };
    let standing = |(kind, from, to): (String, NodeId, NodeId)| {
        let row = kernel::Books::at(&shelf, TERMS, &Term::key_of(&kind, &from, &to), today)?;
        row.read().ok().map(Arc::unwrap_or_clone)
    };
    Ok(keys.into_iter().filter(between).filter_map(standing).collect())
}
