//! The book `terms`: which permission holds for a kind and a direction on a day.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::{Books, Digest, Edition, EditionHead, NodeId, Row};
use serde::{Deserialize, Serialize};

use super::{Agreement, LaneState, Term};

/// The book's name.
pub const TERMS: &str = "terms";

/// A term with the agreement it stands in, as the book keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The agreement's short name.
    pub agreement: String,
    /// The term.
    pub term: Term,
}

impl Standing {
    /// How a record cites it: `ASW-ACDD-VN-TH 1`.
    #[must_use]
    pub fn cite(&self) -> String {
        format!("{} {}", self.agreement, self.term.id)
    }
}

/// The edition an agreement publishes when it enters into force on `from`, or is stopped.
///
/// # Panics
/// Never: an agreement is plain data.
#[must_use]
pub fn edition(agreement: &Agreement, from: Date, stopped: Option<LaneState>) -> Edition {
    let row = |term: &Term| {
        let mut term = term.clone();
        term.lane = stopped.unwrap_or(term.lane);
        let key = term.key();
        let standing = Standing { agreement: agreement.id.clone(), term };
        let value = serde_json::to_value(&standing).expect("a term is plain data");
        Row { key, from, until: agreement.until, value }
    };
    let rows: Vec<Row> = agreement.terms.iter().map(row).collect();
    let bytes = serde_json::to_vec(&rows).expect("rows are plain data");
    let name = format!("{} {from}{}", agreement.id, if stopped.is_some() { " stopped" } else { "" });
    let head = EditionHead {
        book: TERMS.into(),
        name,
        source: agreement.source.clone(),
        digest: Digest::of(&bytes),
    };
    Edition { head, rows }
}

/// The term in force for a kind and a direction on a day, whatever its lane's state; `None` where nothing permits it.
#[must_use]
pub fn term_in_force(
    books: &dyn Books,
    kind: &str,
    from: &NodeId,
    to: &NodeId,
    day: Date,
) -> Option<Arc<Standing>> {
    books.at(TERMS, &Term::key_of(kind, from, to), day)?.read().ok()
}
