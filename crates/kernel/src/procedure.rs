//! A procedure: the acts parties may take on a case, and what follows from each.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Effect, Facts, Form, Refusal, Role, Summary};

/// One kind of case. Weigh ([`decide`](Self::decide)), then record, then fold ([`apply`](Self::apply)).
///
/// A case stays in memory between acts and is read back from its JSON after a start, so the two must be equal.
pub trait Procedure:
    Clone + Default + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The desk's name in the record, in addresses and on the command line.
    const NAME: &'static str;

    /// Who may do what, when. Executed before [`Procedure::decide`] is asked, printed to `docs/tables`, and turned
    /// into the buttons a person sees.
    const TABLE: &'static [Offer<Self::Stage>];

    /// What people fill in to take an act, one form an act; acts without fields need none. Pages and command line are made
    /// from it.
    const FORMS: &'static [Form] = &[];

    /// Who may open a case besides those the table lets act.
    const READERS: &'static [Role] = &[];

    /// Where a case stands.
    type Stage: Copy + Debug + PartialEq + 'static;
    /// What parties may want.
    type Act: Named + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What happened.
    type Event: Serialize + DeserializeOwned;

    /// Where the case stands; `None` before its first event.
    fn stage(&self) -> Option<Self::Stage>;

    /// Weighs an act the table allows. Changes nothing.
    ///
    /// # Errors
    /// A refusal where the act is not possible now.
    fn decide(&self, act: &Self::Act, facts: &Facts<'_>) -> Result<Vec<Self::Event>, Refusal>;

    /// Takes an event in. Cannot fail: what is recorded has happened.
    fn apply(&mut self, event: &Self::Event);

    /// What the world is owed because of an event that was just applied.
    fn follow(&self, event: &Self::Event, facts: &Facts<'_>) -> Vec<Effect>;

    /// What lists and boards show of the case.
    fn summary(&self) -> Summary;

    /// The event without what somebody else told and may want destroyed; `None` where it holds nothing of the kind. The
    /// record keeps what this gives; the whole event lies beside it, and goes when what was told is destroyed. Folding
    /// the one must lead where folding the other and then destroying leads.
    #[must_use]
    fn spared(_event: &Self::Event) -> Option<Self::Event> {
        None
    }
}

/// One line of a procedure's table: at `stage`, `role` may take `act`, on this legal basis.
#[derive(Clone, Debug)]
pub struct Offer<S: 'static> {
    /// `None`: before the case exists.
    pub stage: Option<S>,
    /// The act, by the name its [`Named`] gives.
    pub act: &'static str,
    /// Who may take it.
    pub role: Role,
    /// The article, term or practice that allows it.
    pub basis: &'static str,
}

impl<S> Offer<S> {
    /// Before the case exists, `role` may open it with `act`.
    #[must_use]
    pub const fn opening(act: &'static str, role: Role, basis: &'static str) -> Self {
        Self { stage: None, act, role, basis }
    }

    /// At `stage`, `role` may take `act`.
    #[must_use]
    pub const fn at(stage: S, act: &'static str, role: Role, basis: &'static str) -> Self {
        Self { stage: Some(stage), act, role, basis }
    }
}

/// Has a name in the table.
pub trait Named {
    /// The act's name, kebab-case.
    fn name(&self) -> &'static str;
}
