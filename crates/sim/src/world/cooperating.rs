//! What people do for each other's administrations: ask, answer, warn, say what came of a warning. They do one step at a time, and
//! some matters are left lying so that their clocks run out.

use customs::roles::{ANALYST, COORDINATOR, DIRECTOR, EXCHANGE, GATE};
use jiff::{SignedDuration, Timestamp};
use kernel::{CaseId, Role};
use serde_json::{Value, json};
use store::{Failure, Look};

use super::people::{People, Wish};
use super::town::NODES;

impl People {
    /// One step of a request or a warning, ours or a partner's.
    pub(super) fn cooperates(&mut self, look: &dyn Look, now: Timestamp) -> Result<Option<Wish>, Failure> {
        match self.dice.below(5) {
            0 => Ok(Some(self.asks())),
            1 => self.goes_on_asking(look),
            2 => self.answers(look),
            3 => Ok(Some(self.warns(now))),
            _ => self.feeds_back(look),
        }
    }

    /// What is kept back for want of a term is tried again.
    pub(super) fn retries(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        for desk in ["request", "warning"] {
            if let Some((case, _)) = self.one_of(look, desk, &["kept"])? {
                return Ok(Some(Wish { role: EXCHANGE, case, act: json!({ "act": "retry" }) }));
            }
        }
        Ok(None)
    }

    fn partner(&mut self) -> &'static str {
        let others: Vec<_> = NODES.into_iter().filter(|node| *node != self.us).collect();
        *self.dice.pick::<&str>(&others)
    }

    /// A case of this desk that nobody has.
    fn fresh(&mut self, desk: &str) -> CaseId {
        self.opened += 1;
        CaseId::of(desk, format_args!("{}-{}", self.us, self.opened))
    }

    fn asks(&mut self) -> Wish {
        let case = self.fresh("request");
        let subject = json!({ "kind": "container", "value": format!("TEMU{:07}", self.dice.below(5)) });
        let act = json!({ "act": "notice", "partner": self.partner(), "need": "what was in it",
                          "asking": { "subjects": [subject] } });
        Wish { role: ANALYST, case, act }
    }

    fn goes_on_asking(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let stages = ["need", "checked", "drafted", "answered", "judged"];
        let Some((case, stage)) = self.one_of(look, "request", &stages)? else { return Ok(None) };
        let (role, act): (Role, Value) = match stage.as_str() {
            "need" => (ANALYST, json!({ "act": "check", "own_checks": "counted" })),
            "checked" => (EXCHANGE, json!({ "act": "draft", "asking": asking() })),
            // The one who drafted sometimes tries to clear it; the table's second person does.
            "drafted" if self.dice.chance(150) => (EXCHANGE, json!({ "act": "clear" })),
            "drafted" => (DIRECTOR, json!({ "act": "clear" })),
            "answered" => (EXCHANGE, json!({ "act": "judge", "usefulness": "useful" })),
            _ => (EXCHANGE, json!({ "act": "tell-result", "result": "import corrected" })),
        };
        Ok(Some(Wish { role, case, act }))
    }

    fn answers(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let stages = ["arrived", "acknowledged", "accepted", "drafted"];
        let Some((case, stage)) = self.one_of(look, "requested", &stages)? else { return Ok(None) };
        let (role, act): (Role, Value) = match stage.as_str() {
            "arrived" => (EXCHANGE, json!({ "act": "acknowledge" })),
            "acknowledged" => (EXCHANGE, json!({ "act": "accept" })),
            "accepted" => (
                EXCHANGE,
                json!({ "act": "answer", "answer": {
                "kind": "final", "text": "nothing known", "grade": { "source": "a", "content": "1" } } }),
            ),
            _ => (DIRECTOR, json!({ "act": "clear" })),
        };
        Ok(Some(Wish { role, case, act }))
    }

    fn warns(&mut self, now: Timestamp) -> Wish {
        let case = self.fresh("warning");
        let eta = now + SignedDuration::from_mins(self.dice.between(30, 600));
        let act = json!({ "act": "warn", "partner": self.partner(), "unit": NODES[0], "warning": {
            "operation": "MD", "urgency": "urgent", "pack": "drugs", "goods": [{ "what": "ya ba" }],
            "carriage": { "mode": "3", "vehicle": format!("63-{}", self.dice.below(9)), "eta": eta },
            "text": "spare wheel", "grade": { "source": "b", "content": "2" } } });
        Wish { role: COORDINATOR, case, act }
    }

    fn feeds_back(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let found = self.one_of(look, "warned", &["arrived", "searching"])?;
        Ok(found.map(|(case, stage)| {
            let act = if stage == "arrived" && self.dice.chance(300) {
                json!({ "act": "take-on" })
            } else {
                json!({ "act": "feedback", "outcome": "nothing-found", "method": "search", "result": "emptied" })
            };
            Wish { role: GATE, case, act }
        }))
    }
}

fn asking() -> Value {
    json!({
        "matter": "information", "basis": "term 5", "authority": "anti-smuggling", "measure": "say what was in it",
        "reason": "it differs", "laws": ["customs law"], "purpose": "risk-assessment", "urgency": "normal",
        "subjects": [{ "kind": "container", "value": "TEMU1234565" }],
        "facts": "counted", "questions": ["What was in it?"], "reciprocity": "could",
    })
}
