//! The newest statements of both sides, read from the store up to a bound that every page states.

use std::sync::Arc;

use customs::agreement::{Document, Received};
use customs::declaration::{Acdd, Declaration};
use customs::gate::Consignment;
use store::{CaseRow, Failure, Look, Order, Query};

/// The most cases of a desk a page looks at.
pub(super) const NEWEST: u32 = 20_000;

/// Goes through the newest cases of a query.
///
/// # Errors
/// What the store says.
pub(super) fn each(look: &dyn Look, query: &Query, mut take: impl FnMut(CaseRow)) -> Result<u64, Failure> {
    let query = Query { order: Order::Newest, offset: 0, limit: NEWEST, ..query.clone() };
    let mut seen = 0;
    look.each_case(&query, &mut |row| {
        seen += 1;
        take(row);
    })?;
    Ok(seen)
}

/// One of our imports with what partners said about it.
pub(super) struct Import {
    /// Its case.
    pub row: CaseRow,
    /// As it was folded.
    pub held: Arc<Consignment>,
}

impl Import {
    /// The consignment of a case; `None` where nothing was declared.
    pub(super) fn of(row: CaseRow) -> Option<Self> {
        let held = row.state.read::<Consignment>().ok()?;
        held.declaration()?;
        Some(Self { row, held })
    }

    /// Our declaration.
    pub(super) fn declaration(&self) -> Option<&Declaration> {
        self.held.declaration()
    }
}

/// One export a partner shared.
pub(super) struct Export {
    /// Its case.
    pub row: CaseRow,
    /// As it was folded.
    pub item: Arc<Received>,
}

impl Export {
    /// The item of a case.
    pub(super) fn of(row: CaseRow) -> Option<Self> {
        let item = row.state.read::<Received>().ok()?;
        Some(Self { row, item })
    }

    /// What it says, where it could be read.
    pub(super) fn acdd(&self) -> Option<&Acdd> {
        self.item.document().and_then(Document::acdd)
    }

    /// Whether it stands: readable, and neither cancelled nor replaced.
    pub(super) fn stands(&self) -> bool {
        !matches!(self.row.summary.stage.as_str(), "quarantined" | "faulty" | "void" | "arrived")
    }
}

/// All consignments but withdrawn ones.
pub(super) fn imports() -> Query {
    Query { desk: Some("consignment".into()), ..Query::default() }
}

/// All received items of a lane, or of all lanes where none is named.
pub(super) fn exports(lane: Option<&str>) -> Query {
    Query { desk: Some("received".into()), lane: lane.map(str::to_owned), ..Query::default() }
}
