//! Papers as PDF: a headed document with paragraphs, labelled values, boxes, tables, figures with the sources they stand on,
//! Code 128 and QR. It knows nothing of ours; whoever prints brings texts that are already in the reader's language.
//!
//! ```text
//! Sheet { head, marks, parts, words }   what is to be printed, as plain data
//! print(&sheet)                         the bytes of the PDF
//! text                                  three scripts' fonts, widths, lines
//! set                                   parts set into pages, page by page
//! mark                                  bars and squares of machine-readable codes
//! ```
//!
//! The same sheet gives the same bytes: no clock, no randomness.

mod draw;
mod mark;
mod set;
mod sheet;
mod text;

pub use mark::Mark;
pub use sheet::{Box, Column, Head, Part, Run, Sheet, Table, Text, Words};

/// Why a sheet cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum NotPrinted {
    /// A machine-readable mark cannot hold what it is to say.
    #[error("the mark cannot hold {0:?}")]
    Mark(String),
    /// A sheet longer than anybody reads.
    #[error("the sheet has more than {0} pages")]
    TooLong(usize),
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// Prints a sheet.
///
/// # Errors
/// [`NotPrinted`].
pub fn print(sheet: &Sheet) -> Result<Vec<u8>, NotPrinted> {
    let pages = set::pages(sheet)?;
    draw::pdf(sheet, &pages)
}
