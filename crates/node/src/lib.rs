//! The running node: a synchronous heart that turns inputs into record entries, and an asynchronous rim around it.

mod accounts;
mod handle;
mod identity;
mod input;
mod readers;

pub use accounts::{Account, SignIn};
pub use handle::Handle;
pub use identity::{Identity, Partner};
pub use input::{Acted, Again, Changed, ImportReport, NotDone, RefusedDeclaration};
pub use readers::{Readers, Reading};
