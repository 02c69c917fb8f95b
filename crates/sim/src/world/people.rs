//! The people of a node: a gate officer, an analyst, an exchange officer, each doing one thing at a time. They are
//! slow, forgetful, and sometimes ask for what they may not have.

use customs::roles::{ANALYST, EXCHANGE, GATE};
use kernel::{ActId, Actor, CaseId, Role};
use node::Input;
use serde_json::{Value, json};
use store::{Failure, Look, Query};

use crate::dice::Dice;

/// The people of one node.
pub(crate) struct People {
    dice: Dice,
    acts: u32,
    /// An act somebody gave and does not know whether it happened.
    unsure: Option<Input>,
}

/// An act somebody wants taken: as what, on which case, which.
struct Wish {
    role: Role,
    case: CaseId,
    act: Value,
}

/// Whether somebody gives an act for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Try {
    First,
    Again,
}

impl People {
    pub(crate) const fn new(dice: Dice) -> Self {
        Self { dice, acts: 0, unsure: None }
    }

    /// Minutes until somebody does the next thing.
    pub(crate) fn pause(&mut self) -> i64 {
        self.dice.between(20, 240)
    }

    /// What somebody does next: again what nobody knows of whether it happened, else something that waits.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn next(&mut self, look: &dyn Look) -> Result<Option<(Input, Try)>, Failure> {
        if let Some(input) = self.unsure.take() {
            return Ok(Some((input, Try::Again)));
        }
        let wish = match self.dice.below(10) {
            0..4 => self.judges(look)?,
            4..6 => self.reads(look)?,
            6 | 7 => self.releases(look)?,
            _ => self.mends(look)?,
        };
        Ok(wish.map(|wish| (self.act(wish), Try::First)))
    }

    /// Remembers that nobody knows whether this happened.
    pub(crate) fn unsure_of(&mut self, input: Input) {
        self.unsure = Some(input);
    }

    /// What an exchange officer does when the wires work again: sends again what failed, lets in what was kept out.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn mends_all(&mut self, look: &dyn Look) -> Result<Option<Input>, Failure> {
        if let Some(input) = self.unsure.take() {
            return Ok(Some(input));
        }
        Ok(self.mends(look)?.map(|wish| self.act(wish)))
    }

    fn act(&mut self, wish: Wish) -> Input {
        self.acts += 1;
        let id = ActId::new(format!("{}-{}", wish.role, self.acts));
        Input::Act { actor: Actor::new(wish.role.to_string(), wish.role), id, case: wish.case, act: wish.act }
    }

    /// The gate officer works a finding off: has the goods inspected, then decides; sometimes at once.
    fn judges(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
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
    fn reads(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let found = self.one_of(look, "received", &["readable", "linked"])?;
        let forbidden = self.dice.chance(125);
        Ok(found.map(|(case, _)| {
            let (role, purpose) = if forbidden { (ANALYST, "statistics") } else { (GATE, "border-control") };
            Wish { role, case, act: json!({ "act": "see", "purpose": purpose }) }
        }))
    }

    /// The gate officer releases a consignment about which nothing is open.
    fn releases(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        let found = self.one_of(look, "consignment", &["matched"])?;
        Ok(found.map(|(case, _)| Wish { role: GATE, case, act: json!({ "act": "release", "reason": "" }) }))
    }

    fn mends(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        if let Some((case, _)) = self.one_of(look, "sent", &["failed"])? {
            return Ok(Some(Wish { role: EXCHANGE, case, act: json!({ "act": "resend" }) }));
        }
        let found = self.one_of(look, "received", &["quarantined"])?;
        Ok(found.map(|(case, _)| Wish { role: EXCHANGE, case, act: json!({ "act": "replay" }) }))
    }

    /// One of the cases of a desk in one of these stages, and its stage.
    fn one_of(
        &mut self,
        look: &dyn Look,
        desk: &str,
        stages: &[&str],
    ) -> Result<Option<(CaseId, String)>, Failure> {
        let stages = stages.iter().map(|stage| (*stage).to_owned()).collect();
        let query = Query { desk: Some(desk.to_owned()), stages, limit: 20, ..Query::default() };
        let rows = look.cases(&query)?.rows;
        if rows.is_empty() {
            return Ok(None);
        }
        let row = self.dice.pick(&rows);
        Ok(Some((row.id.clone(), row.summary.stage.clone())))
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
