//! What a declaration claims, on the gate's page of the consignment: certificates, the exporter's recognition, preferences.

use customs::gate::{Consignment, PreferenceGiven};
use customs::operator::{Benefit, Passed};

use super::super::sentences::quantity;
use super::draw_down::{look, worth_code};
use crate::areas;
use crate::frame::Frame;

/// The section as it is drawn; empty where the declaration claims nothing.
pub(crate) struct Claims {
    pub(crate) rows: Vec<Row>,
    pub(crate) recognition: Option<Recognised>,
}

/// One claim.
pub(crate) struct Row {
    pub(crate) kind: String,
    pub(crate) quoted: String,
    pub(crate) href: String,
    pub(crate) line: String,
    pub(crate) worth: String,
    pub(crate) tone: &'static str,
    pub(crate) sign: &'static str,
    pub(crate) drawn: String,
    pub(crate) left: String,
    pub(crate) wrong: Vec<(String, String)>,
    pub(crate) preference: String,
}

/// What the recognition test found.
pub(crate) struct Recognised {
    pub(crate) outcome: String,
    pub(crate) tone: &'static str,
    pub(crate) sign: &'static str,
    pub(crate) code: String,
    pub(crate) listed: String,
    pub(crate) reason: String,
    pub(crate) tests: Vec<(String, &'static str, String)>,
}

impl Claims {
    /// Whether there is nothing to show.
    pub(crate) const fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.recognition.is_none()
    }
}

/// What the declaration of this consignment claims.
pub(crate) fn claims(frame: &Frame, held: &Consignment) -> Claims {
    let rows = held.believed().values().map(|one| {
        let preference = held.preferences().iter().find(|preference| {
            preference.item_no == one.item_no && preference.proof.as_ref() == Some(&one.subject)
        });
        let quantity =
            |one: &Option<kernel::Quantity>| one.as_ref().map(|one| quantity(frame, one)).unwrap_or_default();
        let worth = worth_code(one.worth);
        Row {
            kind: frame.word("certificate-kind", &one.kind),
            quoted: one.quoted.clone(),
            href: areas::page_of(&one.subject),
            line: if one.item_no == 0 { String::new() } else { one.item_no.to_string() },
            tone: look(one.worth).0,
            sign: look(one.worth).1,
            worth: frame.word("worth", worth),
            drawn: quantity(&one.drawn),
            left: quantity(&one.left),
            wrong: one
                .differences
                .iter()
                .map(|difference| {
                    (difference.code.clone(), frame.word("code", &format!("{}.title", difference.code)))
                })
                .collect(),
            preference: preference.map_or_else(
                || one.scheme.clone(),
                |decided| {
                    let given =
                        if decided.given == PreferenceGiven::Yes { "claims.yes" } else { "claims.no" };
                    format!("{}: {}", decided.scheme, frame.t(given))
                },
            ),
        }
    });
    Claims { rows: rows.collect(), recognition: recognised(frame, held) }
}

/// What the recognition test of a consignment found; none where nothing was asked for.
pub(super) fn recognised(frame: &Frame, held: &Consignment) -> Option<Recognised> {
    let found = held.recognition();
    let (outcome, tone, sign) = match found.benefit {
        Benefit::Given => ("claims.given", "good", "check"),
        Benefit::Refused => ("claims.refused", "bad", "cross"),
        Benefit::NearMiss => ("claims.near-miss", "wait", "question"),
        Benefit::NotAsked => return None,
    };
    let test = |test: &customs::operator::Test| {
        let mark = match test.passed {
            Passed::Yes => "✓",
            Passed::No => "✗",
            Passed::Unknown => "–",
        };
        (frame.word("recognition-test", &test.code), mark, test.seen.clone())
    };
    Some(Recognised {
        outcome: frame.t(outcome).to_owned(),
        tone,
        sign,
        code: found.code.as_ref().map_or_else(|| found.quoted.clone(), ToString::to_string),
        listed: found.listed.clone(),
        reason: frame.word("recognition-reason", &found.reason),
        tests: found.tests.iter().map(test).collect(),
    })
}
