//! Processing modes: what two access points must agree on for one lane, as Holodeck B2B, Domibus and phase4 write it down.
//!
//! Whoever runs one of those puts in the file we write; the file they give is read and becomes what we hold of them. Only
//! what the profile leaves open stands in a [`PMode`]; what it fixes is written, and a file that says otherwise is refused
//! with the parameter's name.

mod domibus;
mod holodeck;
mod phase4;
mod text;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ebms::{Party, Service};
use crate::profile::{Compression, Suite};
use crate::trust::Expected;

/// What is agreed for the messages of one kind in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PMode {
    /// Its name.
    pub id: String,
    /// The agreement it stands under.
    pub agreement: Option<String>,
    /// Who sends.
    pub initiator: Party,
    /// Who receives.
    pub responder: Party,
    /// The service.
    pub service: Service,
    /// The action.
    pub action: String,
    /// Where the responder takes messages.
    pub address: String,
    /// The algorithms.
    pub suite: Suite,
    /// Whether payloads come encrypted.
    pub sealing: Expected,
    /// Whether payloads are compressed.
    pub compression: Compression,
    /// How often a message is tried again, and after how many seconds each time.
    pub retry: Retries,
}

/// How often a message is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// How often.
    pub count: u32,
    /// After how many seconds each time.
    pub every_seconds: u32,
}

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Holodeck B2B: one XML file a processing mode.
    Holodeck,
    /// Domibus: one XML file for all.
    Domibus,
    /// phase4: one JSON document a processing mode.
    Phase4,
}

/// At whose side a file is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At the sender's.
    Initiator,
    /// At the receiver's.
    Responder,
}

/// Why a file cannot be used: the parameter, as the standard names it, and what was seen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {seen}")]
pub struct PModeFault {
    /// The parameter, such as `Leg.BusinessInfo.Action`; `file` where it could not be read at all.
    pub parameter: &'static str,
    /// What was seen.
    pub seen: String,
}

impl PModeFault {
    pub(crate) fn new(parameter: &'static str, seen: impl Into<String>) -> Self {
        Self { parameter, seen: seen.into() }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Holodeck => "holodeck",
            Self::Domibus => "domibus",
            Self::Phase4 => "phase4",
        })
    }
}

/// Writes processing modes as one product wants them, for the side it runs at. Holodeck and phase4 take one a file, so
/// there is a text each; Domibus takes all in one.
#[must_use]
pub fn write(form: Form, side: Side, modes: &[PMode]) -> Vec<String> {
    match form {
        Form::Holodeck => modes.iter().map(|mode| holodeck::write(mode, side)).collect(),
        Form::Domibus => vec![domibus::write(modes, side)],
        Form::Phase4 => modes.iter().map(phase4::write).collect(),
    }
}

/// Reads a file of one of the products; which one, the file itself says.
///
/// # Errors
/// [`PModeFault`] naming the first parameter that is missing or outside the profile.
pub fn read(text: &str) -> Result<(Form, Vec<PMode>), PModeFault> {
    if text.len() > FILE_BYTES_MAX {
        return Err(PModeFault::new("file", format!("{} bytes", text.len())));
    }
    if text.trim_start().starts_with('{') {
        return Ok((Form::Phase4, vec![phase4::read(text)?]));
    }
    let document = text::parse(text)?;
    match document.root_element().tag_name().namespace() {
        Some(holodeck::NAMESPACE) => Ok((Form::Holodeck, vec![holodeck::read(&document)?])),
        Some(domibus::NAMESPACE) => Ok((Form::Domibus, domibus::read(&document)?)),
        other => Err(PModeFault::new("file", format!("namespace {}", other.unwrap_or("none")))),
    }
}

/// The longest file read.
const FILE_BYTES_MAX: usize = 8 << 20;

#[cfg(test)]
mod tests;
