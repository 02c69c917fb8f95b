//! Rates that were published without the items behind them, and every way they can be read.

use customs::assistance::figures::{Published, Reading, readings, replies_needed};

use crate::frame::Frame;

/// One published claim.
pub(super) struct Claim {
    /// With whom.
    pub partner: &'static str,
    /// What was published.
    pub counts: Published,
    /// More than so many percent were said to be answered.
    pub percent: u32,
}

/// Viet Nam and Thailand over three years: 23 exchanges, of them 12 requests, 9 replies and 2 other; "more than 90%"
/// answered. Published at the 32nd meeting of the Directors-General; no items, no direction and no due dates with it.
pub(super) const CLAIMS: &[Claim] =
    &[Claim { partner: "TH", counts: Published { requests: 12, replies: 9, other: 2 }, percent: 90 }];

/// A claim as it is shown.
pub(super) struct Shown {
    pub lead: String,
    pub needed: String,
    pub rows: Vec<Row>,
}

/// One reading.
pub(super) struct Row {
    pub word: String,
    pub share: String,
    pub percent: String,
    pub fits: String,
    pub tone: &'static str,
}

pub(super) fn shown(frame: &Frame, claim: &Claim) -> Shown {
    let Published { requests, replies, other } = claim.counts;
    let values = [requests, replies, other, claim.percent].map(|number| number.to_string());
    let needed = replies_needed(requests, claim.percent).to_string();
    Shown {
        lead: frame.language.say(
            "rates.claim",
            &[
                ("partner", &frame.word("country", claim.partner)),
                ("requests", &values[0]),
                ("replies", &values[1]),
                ("other", &values[2]),
                ("percent", &values[3]),
            ],
        ),
        needed: frame.language.say("rates.needed", &[("needed", &needed), ("requests", &values[0])]),
        rows: telling(&readings(&claim.counts, claim.percent))
            .iter()
            .map(|reading| row(frame, reading))
            .collect(),
    }
}

/// Of many readings of one kind the ones that tell something: the first and the last that fits, and the first that does not.
fn telling(all: &[Reading]) -> Vec<Reading> {
    let mut told: Vec<Reading> = Vec::new();
    for reading in all {
        let same =
            told.iter().filter(|known| known.code == reading.code && known.fits == reading.fits).count();
        if same == 0 {
            told.push(reading.clone());
        } else if let Some(last) =
            told.iter_mut().rev().find(|known| known.code == reading.code && known.fits)
        {
            if same > 1 && reading.fits {
                *last = reading.clone();
            } else if reading.fits {
                told.push(reading.clone());
            }
        }
    }
    told
}

fn row(frame: &Frame, reading: &Reading) -> Row {
    let key = match (reading.fits, reading.follows) {
        (true, true) => "rates.follows",
        (true, false) => "rates.assumed",
        (false, _) => "rates.unfit",
    };
    Row {
        word: frame.word("rates-reading", reading.code),
        share: format!("{} / {}", reading.of, reading.among),
        percent: super::rates::percent(frame, reading.percent),
        fits: frame.t(key).to_owned(),
        tone: if reading.fits { "wait" } else { "calm" },
    }
}
