//! The shared vocabulary of all areas: parties, goods, places, documents, transport. Names follow the WCO Data Model.

mod codes;
pub mod figure;
mod goods;
mod line;
mod party;
mod procedure;
mod profile;
mod verdict;

pub use codes::{Country, HsCode, NotAnHsCode, Place, TransportMode};
pub use figure::{Figure, Period};
pub use goods::{GoodsLine, QuotedCertificate};
pub use line::{Bag, Column, Gauge, Line};
pub use party::{Address, Identifier, Party};
pub use procedure::{CustomsProcedure, Regime};
pub use profile::{Found, Lane, ListBook, Lists, Measure, Profile, Sense, Standing, Test};
pub use verdict::{Purpose, Verdict};
