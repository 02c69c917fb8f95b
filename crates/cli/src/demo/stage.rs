//! What a scene can do: lodge a declaration, take an act as somebody, look at a node, wait for something to be so.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use customs::declaration::{Declaration, Function, Lodged};
use customs::roles::{CLEARANCE, PRINCIPAL};
use kernel::{CaseId, Role};
use serde_json::{Value, json};
use store::{CaseRow, Look, Order, Query};

use super::town::Town;
use crate::client::{Client, Done};

/// How long a scene waits for something before it fails.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// The running nodes, as a scene plays on them.
pub(crate) struct Stage<'t> {
    town: &'t Town,
    views: BTreeMap<String, Box<dyn Look + Send>>,
    acts: Cell<u64>,
    play: String,
}

impl<'t> Stage<'t> {
    /// A stage for the play of this name; act ids carry it, so that two plays never share one.
    pub(crate) fn new(town: &'t Town, play: &str) -> anyhow::Result<Self> {
        let views = town.nodes().map(|node| Ok((node.name.clone(), node.look()?)));
        let views = views.collect::<anyhow::Result<_>>()?;
        Ok(Self { town, views, acts: Cell::new(0), play: play.to_owned() })
    }

    /// The nodes themselves.
    pub(crate) const fn town(&self) -> &'t Town {
        self.town
    }

    /// Lodges a declaration with the node of its country, as its clearance system.
    pub(crate) fn lodge(&self, declaration: &Declaration) -> anyhow::Result<()> {
        self.lodge_as(declaration, "take")
    }

    /// Lodges a declaration by this act: `take` for the first of its number, `amend` for a later one. A cancellation
    /// is its own act.
    pub(crate) fn lodge_as(&self, declaration: &Declaration, act: &str) -> anyhow::Result<()> {
        let case = Lodged::case_of(declaration);
        let act = match declaration.function {
            Function::Cancel => json!({ "act": "cancel", "reason": "cancelled by the declarant" }),
            Function::Original | Function::Replace | Function::Request => {
                json!({ "act": act, "declaration": declaration })
            }
        };
        self.must(declaration.country.as_str(), &CLEARANCE, &case, &act)
    }

    /// Takes an act as somebody of this role; a refusal is an answer, not an error.
    pub(crate) fn act(&self, node: &str, role: &Role, case: &CaseId, act: &Value) -> anyhow::Result<Done> {
        let id = self.act_id();
        self.town.node(node)?.client(role.as_str())?.act(&id, case, act)
    }

    /// Has a node take something that must be possible, again and again until it answers: it may be down just now. What is
    /// asked must be so that it happens once, however often it is sent.
    pub(crate) fn insist(
        &self,
        node: &str,
        role: &Role,
        ask: impl Fn(&Client) -> anyhow::Result<Done>,
    ) -> anyhow::Result<()> {
        let client = self.town.node(node)?.client(role.as_str())?;
        let start = Instant::now();
        loop {
            match ask(&client) {
                Ok(Done::Taken) => return Ok(()),
                Ok(Done::Refused(code)) => bail!("{node} refused what {role} asked: {code}"),
                Err(error) if start.elapsed() > PATIENCE => return Err(error),
                Err(_) => std::thread::sleep(LOOK_EVERY),
            }
        }
    }

    /// An act id that is used once.
    pub(crate) fn act_id(&self) -> String {
        self.acts.set(self.acts.get() + 1);
        format!("{}-{}", self.play, self.acts.get())
    }

    /// Lodges a message as a principal's software does.
    pub(crate) fn message(&self, node: &str, bytes: &[u8]) -> anyhow::Result<()> {
        match self.town.node(node)?.client(PRINCIPAL.as_str())?.lodge(bytes)? {
            Done::Taken => Ok(()),
            Done::Refused(code) => bail!("{node} refused a principal's message: {code}"),
        }
    }

    /// Takes an act that must be possible.
    pub(crate) fn must(&self, node: &str, role: &Role, case: &CaseId, act: &Value) -> anyhow::Result<()> {
        match self.act(node, role, case, act)? {
            Done::Taken => Ok(()),
            Done::Refused(code) => bail!("{node} refused {role} {act} on {case}: {code}"),
        }
    }

    /// A view of a node's store.
    pub(crate) fn look(&self, node: &str) -> anyhow::Result<&(dyn Look + Send)> {
        self.views.get(node).map(|view| &**view).with_context(|| format!("there is no node {node}"))
    }

    /// A case of a node, if it is there.
    pub(crate) fn case(&self, node: &str, case: &CaseId) -> anyhow::Result<Option<CaseRow>> {
        Ok(self.look(node)?.case(case)?)
    }

    /// The cases of a desk found by a reference.
    pub(crate) fn found(
        &self,
        node: &str,
        desk: &str,
        reference: (&str, &str),
    ) -> anyhow::Result<Vec<CaseRow>> {
        let query = Query {
            desk: Some(desk.to_owned()),
            reference: Some((reference.0.to_owned(), reference.1.to_owned())),
            order: Order::Oldest,
            ..Query::default()
        };
        Ok(self.look(node)?.cases(&query)?.rows)
    }

    /// Waits until `so` gives something.
    pub(crate) fn until<T>(
        &self,
        what: &str,
        mut so: impl FnMut(&Self) -> anyhow::Result<Option<T>>,
    ) -> anyhow::Result<T> {
        let start = Instant::now();
        loop {
            if let Some(found) = so(self)? {
                return Ok(found);
            }
            if start.elapsed() > PATIENCE {
                bail!("waited {} s in vain for: {what}", PATIENCE.as_secs());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until a case is in one of these stages.
    pub(crate) fn reaches(&self, node: &str, case: &CaseId, stages: &[&str]) -> anyhow::Result<CaseRow> {
        let what = format!("{case} at {node} to be {}", stages.join(" or "));
        self.until(&what, |stage| {
            let row = stage.case(node, case)?;
            Ok(row.filter(|row| stages.contains(&row.summary.stage.as_str())))
        })
    }

    /// Waits until an export's extract is there, in one of these stages; gives the newest.
    pub(crate) fn arrives(&self, node: &str, export: &str, stages: &[&str]) -> anyhow::Result<CaseRow> {
        let what = format!("{export} at {node} to be {}", stages.join(" or "));
        self.until(&what, |stage| {
            let rows = stage.found(node, "received", ("export", export))?;
            Ok(rows.into_iter().rev().find(|row| stages.contains(&row.summary.stage.as_str())))
        })
    }
}
