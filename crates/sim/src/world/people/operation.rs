//! The people of a joint operation: who warns, who looks at the goods, who says what came of it.

use customs::roles::{COORDINATOR, GATE};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{Failure, Look};

use super::{People, Wish};
use crate::world::town::{OPERATION, UNIT};

impl People {
    /// A shipment is to be checked where it goes.
    pub(super) fn warns(&mut self, now: Timestamp) -> Wish {
        let partner = self.partner();
        let eta = now + SignedDuration::from_mins(self.dice.between(7, 40));
        let case = self.new_case("warning");
        let act = json!({ "act": "warn", "partner": partner, "unit": UNIT, "warning": {
            "operation": OPERATION, "urgency": "urgent", "pack": "general", "goods": [{ "what": "Cartons" }],
            "carriage": { "mode": "3", "vehicle": case.key(), "eta": eta }, "text": "heavier than declared",
            "grade": { "source": "b", "content": "2" },
        } });
        Wish { role: COORDINATOR, case, act }
    }

    /// The next step of a warning: of a partner's, what came of it; of ours, that it is tried again or taken back.
    pub(super) fn moves_a_warning(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        if self.dice.chance(100) {
            let found = self.one_of(look, "warning", &["sent", "delivered", "silent"])?;
            let act = json!({ "act": "cancel", "reason": "found at home" });
            return Ok(found.map(|(case, _)| Wish { role: COORDINATOR, case, act }));
        }
        if let Some((case, _)) = self.one_of(look, "warning", &["kept"])? {
            return Ok(Some(Wish { role: COORDINATOR, case, act: json!({ "act": "retry" }) }));
        }
        let Some((case, stage)) = self.one_of(look, "warned", &["arrived", "searching", "answered"])? else {
            return Ok(None);
        };
        Ok(self.feeds_back(&stage).map(|(role, act)| Wish { role, case, act }))
    }

    fn feeds_back(&mut self, stage: &str) -> Option<(kernel::Role, serde_json::Value)> {
        let found = json!({ "act": "feedback", "outcome": "nothing-found", "method": "scan", "result": "as declared" });
        Some(match (stage, self.dice.below(10)) {
            ("arrived", 0..4) => (GATE, json!({ "act": "take-on" })),
            ("answered", 0) => (COORDINATOR, json!({ "act": "feedback", "outcome": "not-arrived" })),
            ("answered", _) => return None,
            // Nobody may only say that nothing was done.
            (_, 0) => (GATE, json!({ "act": "feedback", "outcome": "not-checked" })),
            (_, 1..3) => (GATE, json!({ "act": "feedback", "outcome": "gone-before" })),
            _ => (GATE, found),
        })
    }

    /// A member answers the invitation.
    pub(super) fn joins(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let found = self.one_of(look, "operation", &["invited"])?;
        let act = json!({ "act": "join", "contact": "Operations room" });
        Ok(found.map(|(case, _)| Wish { role: COORDINATOR, case, act }))
    }
}
