//! Partners: who they are, where their node is, the keys they are known by, and what we last saw of their record.

use askama::Template;
use node::Partner;
use store::{Failure, Look, Query, Tally};

use super::exchange::lane_name;
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
    signing: String,
    record_key: String,
    checkpoint: String,
    lanes: Vec<(String, String, String)>,
}

/// The partners.
///
/// # Errors
/// What the store says.
pub(crate) fn partners(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let partners = ask.app.node.partners();
    let cards = ask.read(|look| partners.iter().map(|partner| card(&frame, look, partner)).collect())?;
    Ok(Reply::html(Page { cards, frame }.render()?))
}

fn card(frame: &Frame, look: &dyn Look, partner: &Partner) -> Result<Card, Failure> {
    let checkpoint = look.kept(&format!("partner/{}/checkpoint", partner.id))?.unwrap_or_default();
    let checkpoint = String::from_utf8_lossy(&checkpoint).into_owned();
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
    Ok(Card {
        id: partner.id.to_string(),
        name: partner.name.clone(),
        endpoint: partner.endpoint.clone(),
        signing: grouped(&partner.signing_fingerprint),
        record_key: partner.record_key.clone(),
        checkpoint: seen(frame, &checkpoint),
        lanes,
    })
}

/// A fingerprint in groups of four, as people read it aloud.
fn grouped(fingerprint: &str) -> String {
    let groups = fingerprint.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}

/// `412 entries` of a checkpoint, whose second line is the size of the log.
fn seen(frame: &Frame, checkpoint: &str) -> String {
    let size = checkpoint.lines().nth(1).and_then(|size| size.parse::<u64>().ok());
    size.map_or_else(
        || frame.t("partners.no-checkpoint").to_owned(),
        |size| frame.say("record.size", "count", &frame.count(&size)),
    )
}
