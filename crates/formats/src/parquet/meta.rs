//! The footer: which columns a file has, and where its row groups lie.

use super::ParquetFault;
use super::thrift::Fields;

/// How many bytes at a file's end say how long its footer is.
pub const TAIL_BYTES: usize = 8;

/// What a file's footer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footer {
    pub(super) columns: Vec<Described>,
    /// Row groups, in their order.
    pub groups: Vec<RowGroup>,
    /// Columns of columns, which are left out.
    pub nested: Vec<String>,
}

/// A column as the schema describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) sense: Sense,
    pub(super) may_lack: bool,
}

/// How values lie in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Int32,
    Int64,
    Float,
    Double,
    Bytes,
    Fixed(usize),
}

/// What values mean, beyond how they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Plain,
    /// Digits after the point.
    Decimal(u32),
    Date,
    /// Units in a second.
    Moment(i64),
}

/// A piece of the file with so many rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowGroup {
    /// Its rows.
    pub rows: usize,
    /// Where it begins in the file.
    pub start: u64,
    /// How many bytes it takes.
    pub length: u64,
    pub(super) chunks: Vec<Chunk>,
}

/// One column's part of a row group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) column: usize,
    pub(super) codec: i64,
    /// From the group's start.
    pub(super) start: usize,
    pub(super) length: usize,
    pub(super) values: usize,
}

impl Footer {
    /// How long the footer before the tail is; a file's tail is its last [`TAIL_BYTES`] bytes.
    ///
    /// # Errors
    /// [`ParquetFault::Damaged`] where that is no tail of a Parquet file.
    pub fn length(tail: &[u8]) -> Result<usize, ParquetFault> {
        let (length, magic) = tail.split_first_chunk::<4>().ok_or(NO_TAIL)?;
        let length = u32::from_le_bytes(*length) as usize;
        match magic {
            b"PAR1" if length <= FOOTER_BYTES_MAX => Ok(length),
            b"PARE" => Err(ParquetFault::NotRead("an encrypted footer".into())),
            _ => Err(NO_TAIL),
        }
    }

    /// Reads the footer itself.
    ///
    /// # Errors
    /// [`ParquetFault`].
    pub fn read(bytes: &[u8]) -> Result<Self, ParquetFault> {
        let (fields, _) = Fields::read(bytes)?;
        let (columns, nested) = columns(&fields)?;
        let groups = fields.list(4).map(|group| row_group(group, &columns)).collect::<Result<_, _>>()?;
        Ok(Self { columns, groups, nested })
    }

    /// The names of the columns, in the order their values come in.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// All rows of the file.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.groups.iter().map(|group| group.rows).fold(0, usize::saturating_add)
    }
}

/// The flat columns under the root, and the names of the others.
fn columns(fields: &Fields<'_>) -> Result<(Vec<Described>, Vec<String>), ParquetFault> {
    let mut elements = fields.list(2);
    elements.next().ok_or(ParquetFault::Damaged("no schema"))?;
    let (mut columns, mut nested, mut inside) = (Vec::new(), Vec::new(), 0_i64);
    for element in elements {
        let name = element.text(4).unwrap_or_default();
        let children = element.int(5).unwrap_or(0);
        let is_within = inside > 0;
        inside = inside.saturating_sub(1).max(0).saturating_add(children);
        let is_repeated = element.int(3) == Some(2);
        if is_within {
            continue;
        }
        if children > 0 || is_repeated {
            nested.push(name);
            continue;
        }
        let may_lack = element.int(3) == Some(1);
        columns.push(Described { name, kind: kind(element)?, sense: sense(element), may_lack });
    }
    Ok((columns, nested))
}

fn kind(element: &Fields<'_>) -> Result<Kind, ParquetFault> {
    Ok(match element.int(1) {
        Some(0) => Kind::Boolean,
        Some(1) => Kind::Int32,
        Some(2) => Kind::Int64,
        Some(4) => Kind::Float,
        Some(5) => Kind::Double,
        Some(6) => Kind::Bytes,
        Some(7) => {
            let length = element.int(2).and_then(|length| usize::try_from(length).ok());
            Kind::Fixed(length.filter(|length| (1..=1 << 16).contains(length)).ok_or(NO_SCHEMA)?)
        }
        Some(3) => return Err(ParquetFault::NotRead("moments of 96 bits".into())),
        _ => return Err(NO_SCHEMA),
    })
}

fn sense(element: &Fields<'_>) -> Sense {
    let scale = |scale: Option<i64>| scale.and_then(|scale| u32::try_from(scale).ok()).unwrap_or(0);
    if let Some(logical) = element.inner(10) {
        if let Some(decimal) = logical.inner(5) {
            return Sense::Decimal(scale(decimal.int(1)));
        }
        if logical.inner(6).is_some() {
            return Sense::Date;
        }
        if let Some(moment) = logical.inner(8) {
            let unit = moment.inner(2);
            let has = |field| unit.is_some_and(|unit| unit.inner(field).is_some());
            return Sense::Moment(if has(1) {
                1_000
            } else if has(2) {
                1_000_000
            } else {
                1_000_000_000
            });
        }
    }
    match element.int(6) {
        Some(5) => Sense::Decimal(scale(element.int(7))),
        Some(6) => Sense::Date,
        Some(9) => Sense::Moment(1_000),
        Some(10) => Sense::Moment(1_000_000),
        _ => Sense::Plain,
    }
}

fn row_group(group: &Fields<'_>, columns: &[Described]) -> Result<RowGroup, ParquetFault> {
    let size = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok()).ok_or(NO_GROUP);
    let mut parts = Vec::new();
    for chunk in group.list(1) {
        let meta = chunk.inner(3).ok_or(NO_GROUP)?;
        let path = meta.texts(3);
        let column = columns.iter().position(|column| path.len() == 1 && column.name == path[0]);
        let Some(column) = column else { continue };
        let dictionary = meta.int(11).filter(|offset| *offset > 0);
        let start = size(dictionary.or_else(|| meta.int(9)))?.min(size(meta.int(9))?);
        let length = size(meta.int(7))?;
        let values = usize::try_from(size(meta.int(5))?).map_err(|_| NO_GROUP)?;
        parts.push((column, meta.int(4).unwrap_or(0), start, length, values));
    }
    let start = parts.iter().map(|(_, _, start, ..)| *start).min().unwrap_or(0);
    let end = parts.iter().map(|(_, _, start, length, _)| start.saturating_add(*length)).max().unwrap_or(0);
    let within = |at: u64| usize::try_from(at).map_err(|_| NO_GROUP);
    let chunks = parts
        .into_iter()
        .map(|(column, codec, begins, length, values)| {
            Ok(Chunk { column, codec, start: within(begins - start)?, length: within(length)?, values })
        })
        .collect::<Result<_, ParquetFault>>()?;
    let rows = usize::try_from(size(group.int(3))?).map_err(|_| NO_GROUP)?;
    if rows > ROWS_MAX {
        return Err(ParquetFault::NotRead(format!("a row group of {rows} rows")));
    }
    Ok(RowGroup { rows, start, length: end - start, chunks })
}

/// A footer of so many bytes describes tens of thousands of row groups.
const FOOTER_BYTES_MAX: usize = 64 << 20;
/// A row group of more rows is not held in memory.
pub(super) const ROWS_MAX: usize = 16 << 20;
const NO_TAIL: ParquetFault = ParquetFault::Damaged("it does not end as Parquet does");
const NO_SCHEMA: ParquetFault = ParquetFault::Damaged("the schema");
const NO_GROUP: ParquetFault = ParquetFault::Damaged("a row group");
