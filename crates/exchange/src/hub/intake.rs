//! What to tell the hub about an envelope that was fetched.

use super::call::Call;
use super::model::{Finding, Level};

/// How an envelope came through on our side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It is kept and can be read; what the hub or we found in it.
    Kept(Vec<Finding>),
    /// It is kept and holds nothing that can be read.
    Unreadable(String),
    /// It could not be kept: nothing is told to the hub, which then offers it again.
    NotKept,
}

/// The acknowledgement; `None` where there must be none.
#[must_use]
pub fn acknowledgement(delivery: &str, fetched: &Fetched) -> Option<Call> {
    let delivery = delivery.to_owned();
    match fetched {
        Fetched::NotKept => None,
        Fetched::Unreadable(why) => Some(Call::AcknowledgeFailed { delivery, message: why.clone() }),
        Fetched::Kept(findings) if findings.iter().any(|each| each.level == Level::Severe) => {
            Some(Call::AcknowledgeWithWarning { delivery, warning: told(findings) })
        }
        Fetched::Kept(_) => Some(Call::Acknowledge(delivery)),
    }
}

fn told(findings: &[Finding]) -> String {
    let severe = findings.iter().filter(|each| each.level == Level::Severe);
    let lines: Vec<String> =
        severe.take(FINDINGS_TOLD).map(|each| format!("{}: {}", each.field, each.message)).collect();
    lines.join("; ")
}

/// How many findings an acknowledgement names.
const FINDINGS_TOLD: usize = 20;
