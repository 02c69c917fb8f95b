//! The learned score: a probability learned from verdicts, with its reasons. It never decides anything by itself.
//!
//! Two things are kept apart, because declarations repeat themselves. **Memory**: what came of earlier lines that were
//! the same to the last digit. **Judgement**: boosted trees over histories of codes, countries and regimes, learned
//! only from lines that were new, so that a line that was never seen is judged as such lines really turn out. A score
//! starts from judgement and moves towards memory as far as memory is there.
//!
//! Every history is taken as of the line's own day: of verdicts on earlier days only ([`history`]).

pub mod drift;
pub mod edition;
pub mod encode;
mod even;
pub mod history;
pub mod measure;
pub mod protocol;
pub mod sheet;
#[cfg(feature = "train")]
pub mod train;
pub mod tree;

pub use drift::{Drift, drift};
pub use edition::{Edition, Model, Unusable};
pub use measure::{Calibration, Quality, quality};
pub use sheet::{Sheet, SheetError};
