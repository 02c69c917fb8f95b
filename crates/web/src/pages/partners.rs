//! Partners: who they are, how it goes with them, the certificates and suites they are known by, what we last saw of their record.

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use node::descriptor::Paper;
use node::{Contact, Descriptor, Partner};
use store::{Failure, Look, Order, Query, Tally};

use super::exchange::lane_name;
use super::standing::Standing;
use super::wire::failure;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::Fields;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "partners.html")]
struct Page {
    frame: Frame,
    cards: Vec<Card>,
}

struct Card {
    id: String,
    name: String,
    endpoint: String,
    standing: Standing,
    latency: String,
    receipted: Option<Timestamp>,
    heard: Option<Timestamp>,
    /// When a try failed last, why in words, and the code.
    failed: Option<(Timestamp, String, String)>,
    failures: String,
    rests_until: Option<Timestamp>,
    suites: String,
    certificates: Vec<Certificate>,
    record_key: String,
    checkpoint: String,
    lanes: Vec<(String, String, String)>,
    waiting: String,
    waiting_href: String,
}

/// One certificate of a partner.
struct Certificate {
    what: String,
    fingerprint: String,
    until: Timestamp,
    standing: Standing,
}

/// The partners.
///
/// # Errors
/// What the store says.
pub(crate) fn partners(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let partners = ask.app.node.partners();
    let known: Vec<_> = partners
        .into_iter()
        .filter(|partner| partner.id != frame.node.id)
        .map(|partner| {
            let (descriptor, contact) = ask.app.node.partner(&partner.id);
            (partner, descriptor, contact)
        })
        .collect();
    let cards = ask.read(|look| {
        let card = |(partner, descriptor, contact): &(Partner, Option<Descriptor>, Contact)| {
            card(&frame, look, partner, (descriptor.as_ref(), contact))
        };
        known.iter().map(card).collect()
    })?;
    Ok(Reply::html(Page { cards, frame }.render()?))
}

fn card(
    frame: &Frame,
    look: &dyn Look,
    partner: &Partner,
    (descriptor, contact): (Option<&Descriptor>, &Contact),
) -> Result<Card, Failure> {
    let checkpoint = look.kept(&format!("witness/{}", partner.id))?.unwrap_or_default();
    let queued = Query {
        desk: Some("sent".into()),
        stages: vec!["queued".into()],
        partner: Some(partner.id.to_string()),
        limit: 1,
        ..Query::default()
    };
    let waiting = look.cases(&queued)?.total;
    let picked = Fields::read(b"way=out&stage=queued").with("partner", partner.id.as_str());
    Ok(Card {
        id: partner.id.to_string(),
        name: partner.name.clone(),
        endpoint: partner.endpoint.clone(),
        standing: standing(frame, contact, waiting),
        latency: contact.latency.map_or_else(String::new, |time| {
            frame.say("wire.milliseconds", "count", &time.as_millis().to_string())
        }),
        receipted: last_receipt(look, partner, contact)?,
        heard: contact.heard,
        failed: contact.failed.as_ref().map(|(at, code)| (*at, failure(frame, code), code.clone())),
        failures: match contact.failures {
            0 => String::new(),
            count => frame.say("wire.failures", "count", &frame.count(&u64::from(count))),
        },
        rests_until: contact.rests_until,
        suites: descriptor.map_or_else(String::new, |descriptor| suites(frame, descriptor)),
        certificates: descriptor.map_or_else(Vec::new, |descriptor| certificates(frame, descriptor)),
        record_key: partner.record_key.clone(),
        checkpoint: seen(frame, &checkpoint),
        lanes: lanes(frame, look, partner)?,
        waiting: if waiting > 0 { frame.count(&waiting) } else { String::new() },
        waiting_href: format!("/exchange?{picked}"),
    })
}

/// How it goes with a partner: receipted lately, failing and how often in a row, or not tried since the node started.
fn standing(frame: &Frame, contact: &Contact, waiting: u64) -> Standing {
    let (tone, sign, key) = match (contact.failures, contact.receipted.or(contact.heard)) {
        _ if contact.rests_until.is_some() => ("bad", "hand", "wire.state.interrupted"),
        (1.., _) => ("wait", "alert", "wire.state.failing"),
        (0, Some(_)) => ("good", "check", "wire.state.reached"),
        (0, None) if waiting > 0 => ("wait", "clock", "wire.state.waiting"),
        (0, None) => ("calm", "dot", "wire.state.silent"),
    };
    Standing { tone, sign, word: frame.t(key).to_owned() }
}

/// The last receipt: what the running node saw, else what the newest receipted item says.
fn last_receipt(look: &dyn Look, partner: &Partner, contact: &Contact) -> Result<Option<Timestamp>, Failure> {
    if contact.receipted.is_some() {
        return Ok(contact.receipted);
    }
    let query = Query {
        desk: Some("sent".into()),
        stages: ["receipted", "answered", "used", "rejected"].map(str::to_owned).to_vec(),
        partner: Some(partner.id.to_string()),
        order: Order::Newest,
        limit: 1,
        ..Query::default()
    };
    let newest = look.cases(&query)?.rows.pop();
    Ok(newest.and_then(|row| row.summary.shown["receipted"].as_str()?.parse().ok()))
}

fn lanes(
    frame: &Frame,
    look: &dyn Look,
    partner: &Partner,
) -> Result<Vec<(String, String, String)>, Failure> {
    let mut lanes = Vec::new();
    for (desk, way) in [("received", "in"), ("sent", "out")] {
        let with =
            Query { desk: Some(desk.into()), partner: Some(partner.id.to_string()), ..Query::default() };
        lanes.extend(look.tally(&with, Tally::Lane)?.into_iter().filter(|(lane, _)| !lane.is_empty()).map(
            |(lane, count)| {
                let picked = Fields::read(format!("way={way}").as_bytes()).with("lane", &lane);
                (lane_name(frame, &lane), frame.count(&count), format!("/exchange?{picked}"))
            },
        ));
    }
    Ok(lanes)
}

fn suites(frame: &Frame, descriptor: &Descriptor) -> String {
    let words = descriptor.suite_names();
    words.iter().map(|suite| frame.word("wire.suite", suite)).collect::<Vec<_>>().join(", ")
}

fn certificates(frame: &Frame, descriptor: &Descriptor) -> Vec<Certificate> {
    let papers = descriptor.papers();
    let drawn = |paper: &Paper| Certificate {
        what: frame.word("wire.certificate", paper.purpose),
        fingerprint: grouped(&paper.fingerprint),
        until: paper.until,
        standing: certificate_standing(frame, paper, &papers),
    };
    papers.iter().map(drawn).collect()
}

fn certificate_standing(frame: &Frame, paper: &Paper, all: &[Paper]) -> Standing {
    let now = frame.moments.now;
    let successor = all.iter().any(|one| one.purpose == paper.purpose && one.place > 0);
    let (tone, sign, key) = match () {
        () if now > paper.until => ("bad", "cross", "wire.certificate.expired"),
        () if paper.place > 0 => ("calm", "clock", "wire.certificate.next"),
        () if paper.until.duration_since(now) < SOON && !successor => {
            ("wait", "alert", "wire.certificate.soon")
        }
        () => ("good", "check", "wire.certificate.valid"),
    };
    Standing { tone, sign, word: frame.t(key).to_owned() }
}

/// A fingerprint in groups of four, as people read it aloud.
fn grouped(fingerprint: &str) -> String {
    let groups = fingerprint.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}

/// `412 entries` of the checkpoint seen last, whose second line is the size of the log.
fn seen(frame: &Frame, memory: &[u8]) -> String {
    let memory: serde_json::Value = serde_json::from_slice(memory).unwrap_or_default();
    let note = memory["seen"].as_str().unwrap_or_default();
    let size = note.lines().nth(1).and_then(|size| size.parse::<u64>().ok());
    size.map_or_else(
        || frame.t("partners.no-checkpoint").to_owned(),
        |size| frame.say("record.size", "count", &frame.count(&size)),
    )
}

/// How long before its end a certificate without a successor is pointed out.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 60);
