//! What is known of two administrations' practice with one pair of subheadings: what findings saw, what rulings say, what was
//! done and agreed.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CaseId, Money, Procedure as _};
use serde::{Deserialize, Serialize};

use super::Divergence;
use crate::gate::Difference;
use crate::terms::{Country, HsCode, Verdict};

/// Which subheadings part, and with whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The other administration.
    pub partner: Country,
    /// Its subheading, six digits.
    pub theirs: HsCode,
    /// Ours.
    pub ours: HsCode,
}

/// A finding that saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// On which consignment.
    pub consignment: CaseId,
    /// Their declaration.
    pub export: String,
    /// Our line.
    pub item_no: u32,
    /// Their code, whole.
    pub theirs: String,
    /// Ours, whole.
    pub ours: String,
    /// When it was seen.
    pub at: Timestamp,
    /// The value of the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_stake: Option<Money>,
    /// What an officer concluded; none where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// A ruling that says under which code such goods stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Whose: `ours`, `theirs`, or `wco`.
    pub side: String,
    /// Its reference.
    pub reference: String,
    /// Its day.
    pub day: Date,
    /// The code it gives.
    pub code: HsCode,
    /// The goods it is about.
    #[serde(default)]
    pub goods: String,
}

/// What is done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenUp {
    /// How: `letter`, `working-group`, `hs-committee`.
    pub way: String,
    /// Reference of the letter or agenda item.
    pub reference: String,
    /// Since when.
    pub at: Timestamp,
}

/// How it was settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// `ours`, `theirs`, `other`, or `both-stand`.
    pub outcome: String,
    /// On what it rests.
    pub basis: String,
    /// From which day.
    pub from: Date,
    /// When it was entered.
    pub at: Timestamp,
}

impl Pair {
    /// The pair a finding saw; `None` where a side has fewer than six digits or they do not part within these.
    #[must_use]
    pub fn of(export: &str, difference: &Difference) -> Option<Self> {
        let (partner, _) = export.split_once(':')?;
        let six = |text: &str| HsCode::new(text).ok().filter(|hs| hs.as_str().len() >= 6);
        let six = |text: &str| HsCode::new(six(text)?.prefix(6)).ok();
        let (theirs, ours) = (six(&difference.theirs)?, six(&difference.ours)?);
        (theirs != ours).then(|| Self { partner: Country::new(partner), theirs, ours })
    }

    /// The case of the pair.
    #[must_use]
    pub fn case(&self) -> CaseId {
        let (theirs, ours) = (self.theirs.as_str(), self.ours.as_str());
        CaseId::of(Divergence::NAME, format_args!("{}-{theirs}-{ours}", self.partner))
    }
}

impl Sighting {
    /// What a finding saw now.
    pub(super) fn of(
        (consignment, export): (&CaseId, &str),
        difference: &Difference,
        now: Timestamp,
    ) -> Self {
        Self {
            consignment: consignment.clone(),
            export: export.to_owned(),
            item_no: difference.item_no,
            theirs: difference.theirs.clone(),
            ours: difference.ours.clone(),
            at: now,
            at_stake: difference.at_stake.clone(),
            verdict: None,
        }
    }
}
