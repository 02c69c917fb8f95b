//! Statements strangers can check: the issuer's key and lists, the page that checks one, and the statement of a case for its
//! holder. The page works without us: what it was given once (keys, lists, itself) it keeps, and then needs no line.

mod check;
mod given;
mod public;

pub(crate) use check::check;
pub(crate) use given::{given, link, square};
pub(crate) use public::{Statuses, document, known, status, worker};
