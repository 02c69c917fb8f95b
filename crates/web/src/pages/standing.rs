//! How a stage looks: a tone, a sign and a word, never a colour alone.

use kernel::Severity;

use crate::frame::Frame;

/// How something stands, as a badge shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The class that colours it: `good`, `wait`, `bad`, `calm`.
    pub tone: &'static str,
    /// The sign before its word.
    pub sign: &'static str,
    /// Its word.
    pub word: String,
}

impl Standing {
    /// How a case of this desk stands in this stage.
    #[must_use]
    pub(crate) fn of(frame: &Frame, desk: &str, stage: &str) -> Self {
        let (tone, sign) = look(desk, stage);
        Self { tone, sign, word: frame.word(&format!("stage.{desk}"), stage) }
    }

    /// How a severity looks.
    #[must_use]
    pub(crate) fn of_severity(frame: &Frame, severity: Severity) -> Self {
        let (tone, sign, key) = match severity {
            Severity::Note => ("calm", "dot", "severity.note"),
            Severity::Warning => ("wait", "alert", "severity.warning"),
            Severity::Error => ("bad", "alert", "severity.error"),
            Severity::Fatal => ("bad", "cross", "severity.fatal"),
        };
        Self { tone, sign, word: frame.t(key).to_owned() }
    }
}

/// Tone and sign of a stage. A stage nobody drew yet is calm and has a dot.
#[must_use]
pub(super) fn look(desk: &str, stage: &str) -> (&'static str, &'static str) {
    match (desk, stage) {
        ("consignment", "matched") => ("good", "check"),
        ("consignment", "concluded") => ("calm", "record"),
        ("consignment", "declared") => ("wait", "clock"),
        ("consignment", "partial") => ("wait", "half"),
        ("consignment", "ambiguous") => ("wait", "question"),
        ("consignment", "flagged") => ("bad", "alert"),
        ("consignment", "held") => ("bad", "hand"),
        ("consignment", "released") => ("calm", "tick"),
        (_, "withdrawn" | "void" | "ended" | "cancelled") => ("calm", "gone"),
        ("finding", "raised") => ("bad", "alert"),
        ("finding", "explained") => ("good", "check"),
        ("finding", "inspecting") => ("wait", "eye"),
        ("finding", "inspected" | "proposed") => ("wait", "record"),
        ("finding", "decided") => ("wait", "clock"),
        ("finding", "told") => ("good", "check"),
        ("received", "quarantined") => ("bad", "hand"),
        ("received", "faulty") => ("bad", "alert"),
        ("received", "arrived" | "readable") => ("wait", "clock"),
        ("received", "linked" | "seen") => ("calm", "dot"),
        ("received", "acted" | "told") => ("good", "check"),
        ("sent", "queued") => ("wait", "clock"),
        ("sent", "receipted" | "answered") => ("calm", "tick"),
        ("sent", "used") => ("good", "check"),
        ("sent", "rejected" | "failed") => ("bad", "alert"),
        ("obligation", "due") => ("wait", "clock"),
        ("obligation", "late" | "met-late") => ("bad", "alert"),
        ("obligation", "met") => ("good", "check"),
        ("obligation", "waived") => ("calm", "gone"),
        ("agreement", "in-force") => ("good", "check"),
        ("agreement", "draft") => ("wait", "clock"),
        ("agreement", "suspended") => ("bad", "hand"),
        ("declaration", "shared") => ("good", "out"),
        ("declaration", "withheld") => ("wait", "hand"),
        _ => look_of_transit(desk, stage),
    }
}

/// The same on the desks of transit.
fn look_of_transit(desk: &str, stage: &str) -> (&'static str, &'static str) {
    match (desk, stage) {
        ("transit-departure", "released") | ("transit-passage" | "transit-arrival", "expected") => {
            ("wait", "clock")
        }
        ("transit-departure", "written-off")
        | ("transit-arrival", "closed")
        | ("transit-passage", "passed") => ("good", "check"),
        ("transit-departure" | "transit-arrival", "arrived") => ("good", "tick"),
        (
            "transit-departure",
            "under-enquiry"
            | "under-recovery"
            | "discrepancies"
            | "guarantee-under-amendment"
            | "rejected"
            | "not-released",
        ) => ("bad", "alert"),
        (
            "transit-departure",
            "submitted" | "accepted" | "under-control" | "prelodged" | "release-requested",
        ) => ("wait", "hand"),
        ("transit-passage" | "transit-arrival", "enquired" | "rejected" | "refused" | "stopped") => {
            ("bad", "alert")
        }
        (
            "transit-arrival",
            "unloading" | "under-control" | "record-requested" | "waiting-for-resolution",
        ) => ("wait", "eye"),
        ("transit-enquiry", "asking-principal" | "asking-offices") => ("wait", "question"),
        ("transit-enquiry", "recovering" | "recovery-elsewhere") => ("bad", "alert"),
        ("transit-recovery", "asked") => ("wait", "hand"),
        ("transit-recovery", "accepted") => ("wait", "clock"),
        ("transit-recovery", "collected")
        | ("transit-enquiry", "closed" | "paid")
        | ("transit-guarantee", "valid") => ("good", "check"),
        _ => ("calm", "dot"),
    }
}
