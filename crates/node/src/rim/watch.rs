//! What those who run the node look at: `/health` and `/metrics`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use kernel::{NodeId, Obligation, Procedure as _};
use serde::Serialize;
use store::{Failure, Look, Query, Tally};

use super::Rim;
use crate::contacts::Contact;
use crate::figures::Gauges;
use crate::record::Published;

/// What is watched.
#[derive(Clone)]
pub(crate) struct Watch {
    pub(crate) rim: Rim,
    pub(crate) published: Arc<Published>,
}

/// How the node is.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    node: String,
    version: &'static str,
    /// Why it is not ready; empty where it is.
    reasons: Vec<&'static str>,
}

/// The router for those who run the node.
pub(crate) fn router(watch: Watch) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/health/live", get(|| async { StatusCode::NO_CONTENT }))
        .route("/metrics", get(metrics))
        .with_state(watch)
}

async fn health(State(watch): State<Watch>) -> Response {
    let reasons = watch.reasons().await;
    let ready = reasons.is_empty();
    let health = Health {
        status: if ready { "ready" } else { "not-ready" },
        node: watch.rim.us.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        reasons,
    };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::to_vec(&health).expect("plain data");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn metrics(State(watch): State<Watch>) -> Response {
    let gauges = watch.gauges().await;
    match gauges {
        Ok(gauges) => {
            let mut text = watch.rim.figures.text(&gauges);
            text.push_str(&partners(&watch.rim.contacts.all()));
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
        }
        Err(failure) => (StatusCode::SERVICE_UNAVAILABLE, failure.to_string()).into_response(),
    }
}

/// How it goes with each partner, as the Prometheus text format has it.
fn partners(contacts: &BTreeMap<NodeId, Contact>) -> String {
    let seconds = |at: Option<Timestamp>| at.map(|at| at.as_millisecond());
    let mut text = String::new();
    let mut family = |name: &str, help: &str, value: &dyn Fn(&Contact) -> Option<i64>, unit: i64| {
        let mut lines = String::new();
        for (partner, value) in contacts.iter().filter_map(|(id, contact)| Some((id, value(contact)?))) {
            let (whole, part) = (value / unit, value % unit);
            lines.push_str(&format!("{name}{{partner=\"{partner}\"}} {whole}.{part:03}\n"));
        }
        if !lines.is_empty() {
            text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{lines}"));
        }
    };
    family(
        "sampan_partner_receipted_seconds",
        "When its last receipt was proved.",
        &|c| seconds(c.receipted),
        1_000,
    );
    family("sampan_partner_heard_seconds", "When it was heard last.", &|c| seconds(c.heard), 1_000);
    family("sampan_partner_pinged_seconds", "When it pinged last.", &|c| seconds(c.pinged), 1_000);
    let milliseconds = |c: &Contact| c.latency.and_then(|time| i64::try_from(time.as_millis()).ok());
    family("sampan_partner_latency_seconds", "How long the last exchange took.", &milliseconds, 1_000);
    family(
        "sampan_partner_failures",
        "Tries in a row without a receipt.",
        &|c| Some(i64::from(c.failures)),
        1,
    );
    text
}

impl Watch {
    async fn reasons(&self) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        if !self.rim.inbox.is_open() {
            reasons.push("writer-stopped");
        }
        if self.rim.figures.broken.load(Ordering::Relaxed) {
            reasons.push("store-failed");
        }
        if self.published.is_failing() {
            reasons.push("record-not-written");
        }
        match self.gauges().await {
            Ok(gauges) if gauges.waiting >= gauges.waiting_max => reasons.push("too-much-waiting"),
            Ok(_) => {}
            Err(_) => reasons.push("store-unreadable"),
        }
        reasons
    }

    async fn gauges(&self) -> Result<Gauges, Failure> {
        let readers = self.rim.readers.clone();
        let read = tokio::task::spawn_blocking(move || counted(&*readers.borrow()));
        let counted = read
            .await
            .unwrap_or_else(|error| Err(Failure::Engine { doing: "count", cause: error.to_string() }))?;
        let (waiting, waiting_max) = self.rim.inbox.waiting();
        let record_published = self.published.size();
        Ok(Gauges { waiting, waiting_max, record_published, resident_bytes: resident_bytes(), ..counted })
    }
}

fn counted(look: &dyn Look) -> Result<Gauges, Failure> {
    let obligations = |stages: &[&str]| {
        let query = Query {
            desk: Some(Obligation::NAME.to_owned()),
            stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
            closed: Some(false),
            ..Query::default()
        };
        Ok::<u64, Failure>(look.tally(&query, Tally::Desk)?.iter().map(|(_, count)| count).sum())
    };
    let work_due = u64::try_from(look.due(Timestamp::now(), WORK_COUNTED)?.len()).unwrap_or(u64::MAX);
    Ok(Gauges {
        record_entries: look.size()?,
        obligations_open: obligations(&[])?,
        obligations_late: obligations(&[kernel::obligation::Stage::Late.word()])?,
        work_due,
        ..Gauges::default()
    })
}

/// Resident memory as the system tells it; 0 where it does not.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1_024
}

/// How far due work is counted.
const WORK_COUNTED: u32 = 10_000;
