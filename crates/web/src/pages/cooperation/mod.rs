//! Cooperation: the exchange officer's board, a request beside our own record, the rates that open, an operation's room.

mod beside;
mod board;
mod published;
mod rates;
mod room;

pub(crate) use beside::beside;
pub(crate) use board::board;
pub(crate) use rates::rates;
pub(crate) use room::{export, room, rooms};

use kernel::CaseId;
use store::{CaseRow, Failure, Look, Query};

/// Every case of a desk that fits; as many as one screen can be made from.
fn every(look: &dyn Look, query: &Query) -> Result<Vec<CaseRow>, Failure> {
    let (query, mut rows) = (Query { limit: MOST, offset: 0, ..query.clone() }, Vec::new());
    look.each_case(&query, &mut |row| rows.push(row))?;
    Ok(rows)
}

/// A case as a page names it, with the page it is shown on.
#[derive(Clone, Debug)]
struct Item {
    title: String,
    href: String,
}

fn item(case: &CaseId, title: &str) -> Item {
    let title = if title.is_empty() { case.key() } else { title };
    Item { title: title.to_owned(), href: crate::areas::page_of(case) }
}

/// The most cases one screen is made from.
const MOST: u32 = 20_000;
