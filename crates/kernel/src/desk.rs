//! A procedure with its types hidden, as store, web, command line and simulation hold it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::Value;

use crate::{
    AnyAct, AnyEvent, Effect, Facts, Form, Named, Offer, Procedure, Refusal, Role, State, Summary, form,
};

/// A procedure with its types hidden. Cases are given and returned as they stand.
pub trait Desk: Sync {
    /// The desk's name.
    fn name(&self) -> &'static str;

    /// The acts this role may take on the case as it stands; `None` is a case that does not exist yet.
    fn offers(&self, state: Option<&State>, role: &Role) -> Vec<&'static str>;

    /// Takes an act: checks the table, weighs, folds.
    ///
    /// # Errors
    /// `act-unreadable`, `state-unreadable`, `not-offered`, or the procedure's own refusal.
    fn take(&self, state: Option<&State>, act: &AnyAct, facts: &Facts<'_>) -> Result<Taken, Refusal>;

    /// Folds the events of a case from its first into its state.
    ///
    /// # Errors
    /// `event-unreadable` where an event is not this procedure's.
    fn replay(&self, events: &[AnyEvent]) -> Result<(Value, Summary), Refusal>;

    /// The table, for printing and drawing.
    fn table(&self) -> Vec<TableLine>;

    /// What people fill in to take an act.
    fn forms(&self) -> &'static [Form] {
        &[]
    }

    /// The form of this act; one without fields where the procedure declares none.
    fn form(&self, act: &'static str) -> Form {
        self.forms().iter().find(|form| form.act == act).copied().unwrap_or_else(|| Form::of(act, &[]))
    }

    /// Who may open its cases: all who may act on one, and those the procedure names besides.
    fn readers(&self) -> Vec<Role> {
        let actors: Vec<_> = self.table().into_iter().map(|line| Role::new(line.role)).collect();
        form::readers(actors.iter(), &[])
    }
}

/// What came of an act.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The act's name in the table.
    pub name: &'static str,
    /// What happened, in order.
    pub events: Vec<AnyEvent>,
    /// For events that hold what may have to be destroyed, by their place among them: what the record keeps of each.
    pub spared: BTreeMap<usize, Value>,
    /// What the world is owed, in order.
    pub effects: Vec<Effect>,
    /// The case as it stands now.
    pub state: State,
    /// What lists show of it now.
    pub summary: Summary,
}

/// One line of a printed table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableLine {
    /// The stage, or `-` before the case exists.
    pub stage: String,
    /// The act.
    pub act: &'static str,
    /// Who may take it.
    pub role: String,
    /// What allows it.
    pub basis: &'static str,
}

/// The desk of procedure `P`.
pub struct Of<P>(PhantomData<fn() -> P>);

impl<P> Debug for Of<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::any::type_name::<P>())
    }
}

impl<P> Default for Of<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P> Of<P> {
    /// The desk of procedure `P`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<P: Procedure> Of<P> {
    fn rows(stage: Option<P::Stage>, role: &Role) -> impl Iterator<Item = &'static Offer<P::Stage>> {
        P::TABLE.iter().filter(move |row| row.stage == stage && row.role == *role)
    }

    fn case(state: Option<&State>) -> Result<Arc<P>, Refusal> {
        let Some(state) = state else { return Ok(Arc::default()) };
        state.read().map_err(|error| Refusal::new("state-unreadable", error.to_string()))
    }

    fn json(case: &P) -> Value {
        serde_json::to_value(case).expect("a case is plain data")
    }

    /// Whether a case would be read back as it stands.
    fn is_plain(case: &P) -> bool {
        P::deserialize(Self::json(case)).is_ok_and(|read| read == *case)
    }

    fn not_offered(case: &P, act: &P::Act, facts: &Facts<'_>) -> Refusal {
        let stage = case.stage().map_or_else(|| "-".to_owned(), |stage| format!("{stage:?}"));
        let offers: Vec<_> = Self::rows(case.stage(), &facts.actor.role).map(|row| row.act).collect();
        Refusal::new("not-offered", format!("{} {} at {stage}", facts.actor.role, act.name()))
            .remedy(offers.join(", "))
    }
}

impl<P: Procedure> Desk for Of<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn offers(&self, state: Option<&State>, role: &Role) -> Vec<&'static str> {
        let Ok(case) = Self::case(state) else { return Vec::new() };
        Self::rows(case.stage(), role).map(|row| row.act).collect()
    }

    fn take(&self, state: Option<&State>, act: &AnyAct, facts: &Facts<'_>) -> Result<Taken, Refusal> {
        let mut case = Self::case(state)?;
        let act: Arc<P::Act> =
            act.read().map_err(|error| Refusal::new("act-unreadable", error.to_string()))?;
        if !Self::rows(case.stage(), &facts.actor.role).any(|row| row.act == act.name()) {
            return Err(Self::not_offered(&case, &act, facts));
        }
        let plain = |event: &P::Event| serde_json::to_value(event).expect("an event is plain data");
        let (mut events, mut spared, mut effects) = (Vec::new(), BTreeMap::new(), Vec::new());
        for event in case.decide(&act, facts)? {
            // What came in stays as it was: somebody may go back to it.
            let case = Arc::make_mut(&mut case);
            case.apply(&event);
            effects.extend(case.follow(&event, facts));
            spared.extend(P::spared(&event).map(|spared| (events.len(), plain(&spared))));
            events.push(AnyEvent::of(&event));
        }
        debug_assert!(
            Self::is_plain(&case),
            "a {} is not read back as it stands: {:#}",
            P::NAME,
            Self::json(&case)
        );
        let summary = case.summary();
        Ok(Taken { name: act.name(), events, spared, effects, state: State::from(case), summary })
    }

    fn replay(&self, events: &[AnyEvent]) -> Result<(Value, Summary), Refusal> {
        let mut case = P::default();
        for event in events {
            let event = <P::Event as serde::Deserialize>::deserialize(&**event)
                .map_err(|error| Refusal::new("event-unreadable", error.to_string()))?;
            case.apply(&event);
        }
        Ok((Self::json(&case), case.summary()))
    }

    fn table(&self) -> Vec<TableLine> {
        let line = |row: &Offer<P::Stage>| TableLine {
            stage: row.stage.map_or_else(|| "-".to_owned(), |stage| format!("{stage:?}")),
            act: row.act,
            role: row.role.to_string(),
            basis: row.basis,
        };
        P::TABLE.iter().map(line).collect()
    }
    fn forms(&self) -> &'static [Form] {
        P::FORMS
    }

    fn readers(&self) -> Vec<Role> {
        form::readers(P::TABLE.iter().map(|row| &row.role), P::READERS)
    }
}
