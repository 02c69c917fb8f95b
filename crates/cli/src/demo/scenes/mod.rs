//! The morning's scenes, one file each; each plays on running nodes and says what it saw.

mod asem;
mod asked;
mod brief;
mod cancelled;
mod clean;
mod corridor;
mod damaged;
mod duplicate;
mod ephyto;
mod escalation;
mod form_d;
mod gate_lane;
mod hits;
mod late;
mod meeting;
mod power_cut;
mod purpose;
mod quarantine;
mod request;
mod shortfall;
mod split;
mod tax;
mod trusted;
mod unseen;
mod waiting;
mod warning;
mod waste;

use jiff::civil::Date;
use serde_json::Value;

use super::stage::Stage;

/// A scene: what it is called, what it shows, how it plays.
pub(crate) struct Scene {
    /// Its name in the summary.
    pub(crate) name: &'static str,
    /// What it shows, in one sentence.
    pub(crate) shows: &'static str,
    /// Plays it on a day; what it saw goes into the summary.
    pub(crate) play: fn(&Stage<'_>, Date) -> anyhow::Result<Value>,
}

/// All scenes, in the order of the morning. The one whose clock runs longest begins first.
pub(crate) const SCENES: &[Scene] = &[
    escalation::SCENE,
    clean::SCENE,
    split::SCENE,
    shortfall::SCENE,
    request::SCENE,
    asked::SCENE,
    unseen::SCENE,
    hits::SCENE,
    tax::SCENE,
    warning::SCENE,
    waste::SCENE,
    ephyto::SCENE,
    trusted::SCENE,
    form_d::SCENE,
    cancelled::SCENE,
    duplicate::SCENE,
    late::SCENE,
    damaged::SCENE,
    quarantine::SCENE,
    purpose::SCENE,
    gate_lane::SCENE,
    asem::SCENE,
    meeting::SCENE,
    brief::SCENE,
    waiting::SCENE,
    corridor::SCENE,
    power_cut::SCENE,
    escalation::END,
];
