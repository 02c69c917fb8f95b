//! Tables in Apache Parquet, as data warehouses hand them over: flat columns, read row group by row group into text.
//!
//! Read are plain and dictionary encodings in pages of both versions, uncompressed or with Snappy or gzip. Whatever else a file
//! has is said by name; a column in a column (lists, structures) is left out. Nothing here reads a disk: whoever calls has
//! the bytes of the footer and of one row group at a time.

mod column;
mod hybrid;
mod meta;
mod page;
mod snappy;
mod thrift;

pub use column::Column;
pub use meta::{Footer, RowGroup, TAIL_BYTES};

/// Why a file, or a part of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParquetFault {
    /// It is no Parquet, or damaged.
    #[error("the file is no Parquet, or damaged: {0}")]
    Damaged(&'static str),
    /// It uses what is not read here.
    #[error("the file uses {0}, which is not read")]
    NotRead(String),
}

impl ParquetFault {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) => "parquet-damaged",
            Self::NotRead(_) => "parquet-not-read",
        }
    }
}

/// The most bytes a page may unfold to.
const PAGE_BYTES_MAX: usize = 256 << 20;
