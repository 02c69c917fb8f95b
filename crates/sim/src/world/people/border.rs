//! The border's people: a gate officer who works findings off and reads, and an exchange officer who mends.

use customs::roles::{ANALYST, EXCHANGE, GATE};
use serde_json::json;
use store::{Failure, Look};

use super::{People, Wish};

impl People {
    /// The gate officer works a finding off: has the goods inspected, then decides; sometimes at once.
    pub(super) fn judges(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let Some((case, stage)) =
            self.one_of(look, "finding", &["raised", "inspecting", "inspected", "proposed"])?
        else {
            return Ok(None);
        };
        let act = match stage.as_str() {
            "inspecting" => json!({ "act": "record-result", "result": "counted" }),
            "proposed" => {
                return Ok(Some(Wish { role: ANALYST, case, act: json!({ "act": "confirm" }) }));
            }
            "raised" if self.dice.chance(500) => json!({ "act": "inspect", "note": "" }),
            _ => {
                let (verdict, reason) = *self.dice.pick(&VERDICTS);
                json!({ "act": "decide", "verdict": verdict, "reason": reason })
            }
        };
        Ok(Some(Wish { role: GATE, case, act }))
    }

    /// Somebody reads an item; one time in eight for a purpose no term names.
    pub(super) fn reads(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let found = self.one_of(look, "received", &["readable", "linked"])?;
        let forbidden = self.dice.chance(125);
        Ok(found.map(|(case, _)| {
            let (role, purpose) = if forbidden { (ANALYST, "statistics") } else { (GATE, "border-control") };
            Wish { role, case, act: json!({ "act": "see", "purpose": purpose }) }
        }))
    }

    /// The gate officer releases a consignment about which nothing is open.
    pub(super) fn releases(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let found = self.one_of(look, "consignment", &["matched"])?;
        Ok(found.map(|(case, _)| Wish { role: GATE, case, act: json!({ "act": "release", "reason": "" }) }))
    }

    pub(super) fn mends(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        if let Some((case, _)) = self.one_of(look, "sent", &["failed"])? {
            return Ok(Some(Wish { role: EXCHANGE, case, act: json!({ "act": "resend" }) }));
        }
        let found = self.one_of(look, "received", &["quarantined"])?;
        Ok(found.map(|(case, _)| Wish { role: EXCHANGE, case, act: json!({ "act": "replay" }) }))
    }
}

/// Verdicts with reasons that go with them.
const VERDICTS: [(&str, &str); 5] = [
    ("confirmed", "counted-short"),
    ("mistake", "keying-error"),
    ("innocent", "split-lot"),
    ("wrong-link", "not-the-same-goods"),
    ("unresolved", "papers-missing"),
];
