//! The shared vocabulary of all areas: parties, goods, places, documents, transport. Names follow the WCO Data Model.

mod codes;
pub mod figure;
mod goods;
mod party;
mod verdict;

pub use codes::{Country, HsCode, NotAnHsCode, Place, TransportMode};
pub use figure::{Figure, Period};
pub use goods::{GoodsLine, QuotedCertificate};
pub use party::{Address, Identifier, Party};
pub use verdict::{Purpose, Verdict};
