//! The exchange officers and those they ask at home: requests from the need to what came of the answer, and passing on.

use customs::roles::{ANALYST, DIRECTOR, EXCHANGE, GATE};
use jiff::{SignedDuration, Timestamp};
use kernel::{CaseId, Role};
use serde_json::{Value, json};
use store::{Failure, Look};

use super::{People, Wish};

impl People {
    /// Somebody sees that only a partner can tell.
    pub(super) fn notices(&mut self) -> Wish {
        let partner = self.partner();
        let case = self.new_case("request");
        let act = json!({ "act": "notice", "partner": partner, "need": "what was declared there" });
        Wish { role: ANALYST, case, act }
    }

    /// A case of our own that nobody has opened yet.
    pub(super) fn new_case(&self, desk: &str) -> CaseId {
        CaseId::of(desk, format_args!("{}-{}", self.home, self.acts))
    }

    /// Somebody takes the next step of a request: ours, a partner's, a unit's task, a wish to pass on. Where nothing waits on
    /// one desk, the next is looked at.
    pub(super) fn moves_a_request(
        &mut self,
        look: &dyn Look,
        now: Timestamp,
    ) -> Result<Option<Wish>, Failure> {
        let first = self.dice.below(MOVING.len());
        for (desk, stages) in MOVING.iter().cycle().skip(first).take(MOVING.len()) {
            let Some((case, stage)) = self.one_of(look, desk, stages)? else { continue };
            if let Some((role, act)) = self.step(desk, &case, &stage, now) {
                return Ok(Some(Wish { role, case, act }));
            }
        }
        Ok(None)
    }

    fn step(&mut self, desk: &str, case: &CaseId, stage: &str, now: Timestamp) -> Option<(Role, Value)> {
        match desk {
            "request" => self.step_of_ours(case, stage, now),
            "requested" => self.step_of_theirs(stage, now),
            "subtask" => Some((GATE, json!({ "act": "report", "report": { "text": "looked up" } }))),
            _ => Some(self.decides_on_passing_on()),
        }
    }

    fn step_of_ours(&mut self, case: &CaseId, stage: &str, now: Timestamp) -> Option<(Role, Value)> {
        Some(match stage {
            "need" => (ANALYST, json!({ "act": "check", "own_checks": "own declarations looked through" })),
            "checked" => (EXCHANGE, json!({ "act": "draft", "asking": self.asking(case, now) })),
            "drafted" => self.clears(),
            "kept" => (EXCHANGE, json!({ "act": "retry" })),
            "interim" => (EXCHANGE, self.uses()),
            "answered" if self.dice.chance(400) => (ANALYST, self.uses()),
            "answered" => (EXCHANGE, json!({ "act": "judge", "usefulness": "useful" })),
            "judged" => (EXCHANGE, json!({ "act": "tell-result", "result": "goods released" })),
            "told" => (EXCHANGE, json!({ "act": "destroy", "protocol": "by two people" })),
            _ if self.dice.chance(120) => (EXCHANGE, json!({ "act": "recall", "reason": "found at home" })),
            _ => return None,
        })
    }

    fn step_of_theirs(&mut self, stage: &str, now: Timestamp) -> Option<(Role, Value)> {
        let act = match (stage, self.dice.below(10)) {
            ("drafted", _) => return Some(self.clears()),
            ("answered", 0) => self.answers(),
            ("answered", _) => return None,
            ("arrived", 0..5) => json!({ "act": "acknowledge" }),
            ("arrived" | "acknowledged", 1..9) => json!({ "act": "accept" }),
            ("arrived" | "acknowledged", _) | (_, 0) => json!({ "act": "refuse", "reasons": ["burden"] }),
            ("accepted" | "interim", 1) => {
                let until = now + SignedDuration::from_mins(self.dice.between(2, 15));
                json!({ "act": "postpone", "reasons": ["running-enquiry"], "until": until })
            }
            (_, 2) => {
                let due = now + SignedDuration::from_mins(self.dice.between(2, 15));
                json!({ "act": "assign", "unit": "Port", "task": "look it up", "due": due })
            }
            _ => self.answers(),
        };
        Some((EXCHANGE, act))
    }

    /// A second person lets it go; sometimes whoever wrote it tries, sometimes it goes back.
    fn clears(&mut self) -> (Role, Value) {
        match self.dice.below(8) {
            0 => (EXCHANGE, json!({ "act": "clear" })),
            1 => (DIRECTOR, json!({ "act": "return", "reason": "not clear" })),
            _ => (DIRECTOR, json!({ "act": "clear" })),
        }
    }

    fn answers(&mut self) -> Value {
        let kind = *self.dice.pick(&["interim", "final", "final", "partial"]);
        json!({ "act": "answer", "answer": {
            "kind": kind, "text": "40 were exported", "reasons": if kind == "partial" { &["not-kept"][..] } else { &[] },
        } })
    }

    /// What was answered is used; one time in six for a purpose nobody asked it for.
    fn uses(&mut self) -> Value {
        let purpose = if self.dice.chance(166) { "statistics" } else { "border-control" };
        json!({ "act": "use", "purpose": purpose, "what": "a decision at the gate" })
    }

    fn asking(&mut self, case: &CaseId, now: Timestamp) -> Value {
        let urgent = self.dice.chance(300);
        let needed_by = urgent.then(|| now + SignedDuration::from_mins(self.dice.between(3, 30)));
        json!({
            "matter": "information", "basis": "COOP", "authority": "Exchange office", "measure": "say what was declared",
            "reason": "the papers differ", "laws": ["Customs Law"], "purpose": "border-control",
            "urgency": if urgent { "urgent" } else { "normal" }, "needed_by": needed_by,
            "subjects": [{ "kind": "declaration", "value": case.key() }], "facts": "40 declared, 30 counted",
            "questions": ["How many were exported?"], "reciprocity": "could",
        })
    }

    /// Somebody wants to pass on what a partner answered.
    pub(super) fn wants_to_pass_on(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let Some(row) = self.one_row(look, "request", &["answered", "judged", "told"])? else {
            return Ok(None);
        };
        let wish = json!({
            "kind": "assistance-answer", "of": row.id.key(), "recipient": "the court", "use_for": "court",
            "reason": "proceedings began",
        });
        let act = json!({ "act": "want", "partner": row.summary.partner, "wish": wish });
        Ok(Some(Wish { role: EXCHANGE, case: self.new_case("onward"), act }))
    }

    fn decides_on_passing_on(&mut self) -> (Role, Value) {
        if self.dice.chance(600) {
            return (DIRECTOR, json!({ "act": "grant", "conditions": "closed hearing" }));
        }
        (EXCHANGE, json!({ "act": "refuse", "reasons": ["sovereignty"] }))
    }
}

/// Desks with something to do, in which stages; the busier the more often.
const MOVING: [(&str, &[&str]); 7] = [
    ("request", &["need", "checked", "drafted", "kept"]),
    ("request", &["interim", "answered", "judged", "told"]),
    ("request", &["sent", "acknowledged", "accepted", "postponed"]),
    ("requested", &["arrived", "acknowledged", "accepted", "drafted", "postponed", "interim"]),
    ("requested", &["accepted", "drafted", "interim", "answered"]),
    ("subtask", &["open"]),
    ("onward", &["asked-of-us"]),
];
