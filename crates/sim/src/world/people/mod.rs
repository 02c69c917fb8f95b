//! The people of a node: those of the border and those of cooperation, each doing one thing at a time. They are slow,
//! forgetful, and sometimes ask for what they may not have.

mod assistance;
mod border;
mod operation;

use jiff::Timestamp;
use kernel::{ActId, Actor, CaseId, Role};
use node::Input;
use serde_json::Value;
use store::{CaseRow, Failure, Look, Query};

use crate::dice::Dice;
use crate::world::town::NODES;

/// The people of one office of a node.
pub(crate) struct People {
    office: Office,
    /// The node they work at.
    home: &'static str,
    dice: Dice,
    acts: u32,
    /// An act somebody gave and does not know whether it happened.
    unsure: Option<Input>,
}

/// What people work at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Office {
    /// Goods: findings, releases, items that came.
    Border,
    /// Requests, passing on, warnings and what was promised about them.
    Cooperation,
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
    pub(crate) const fn new(office: Office, home: &'static str, dice: Dice) -> Self {
        Self { office, home, dice, acts: 0, unsure: None }
    }

    /// Seconds until somebody does the next thing.
    pub(crate) fn pause(&mut self) -> i64 {
        match self.office {
            Office::Border => self.dice.between(20, 240),
            Office::Cooperation => self.dice.between(5, 45),
        }
    }

    /// What somebody does next: again what nobody knows of whether it happened, else something that waits.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn next(&mut self, look: &dyn Look, now: Timestamp) -> Result<Option<(Input, Try)>, Failure> {
        if let Some(input) = self.unsure.take() {
            return Ok(Some((input, Try::Again)));
        }
        let wish = match self.office {
            Office::Border => self.works_at_the_border(look)?,
            Office::Cooperation => self.cooperates(look, now)?,
        };
        Ok(wish.map(|wish| (self.act(wish), Try::First)))
    }

    fn works_at_the_border(&mut self, look: &dyn Look) -> Result<Option<Wish>, Failure> {
        match self.dice.below(10) {
            0..4 => self.judges(look),
            4..6 => self.reads(look),
            6 | 7 => self.releases(look),
            _ => self.mends(look),
        }
    }

    fn cooperates(&mut self, look: &dyn Look, now: Timestamp) -> Result<Option<Wish>, Failure> {
        match self.dice.below(20) {
            0 | 1 => Ok(Some(self.notices())),
            2 => Ok(Some(self.warns(now))),
            3 => self.wants_to_pass_on(look),
            4..7 => self.moves_a_warning(look),
            7 => self.joins(look),
            _ => self.moves_a_request(look, now),
        }
    }

    /// One of the other administrations.
    fn partner(&mut self) -> &'static str {
        let others: Vec<&'static str> = NODES.into_iter().filter(|node| *node != self.home).collect();
        others[self.dice.below(others.len())]
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
        let office = if self.office == Office::Border { "" } else { "c" };
        let id = ActId::new(format!("{}-{office}{}", wish.role, self.acts));
        Input::Act { actor: Actor::new(wish.role.to_string(), wish.role), id, case: wish.case, act: wish.act }
    }

    /// One of the cases of a desk in one of these stages, and its stage.
    fn one_of(
        &mut self,
        look: &dyn Look,
        desk: &str,
        stages: &[&str],
    ) -> Result<Option<(CaseId, String)>, Failure> {
        Ok(self.one_row(look, desk, stages)?.map(|row| (row.id, row.summary.stage)))
    }

    fn one_row(&mut self, look: &dyn Look, desk: &str, stages: &[&str]) -> Result<Option<CaseRow>, Failure> {
        let stages = stages.iter().map(|stage| (*stage).to_owned()).collect();
        let query = Query { desk: Some(desk.to_owned()), stages, limit: 20, ..Query::default() };
        let rows = look.cases(&query)?.rows;
        Ok(if rows.is_empty() { None } else { Some(self.dice.pick(&rows).clone()) })
    }
}
