//! A column's values as text, row by row; a value that is not there is the empty text.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::ParquetFault;
use super::meta::{Described, Footer, Kind, RowGroup, Sense};
use super::page;

/// Texts, one a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl RowGroup {
    /// The group's columns, in the order of [`Footer::names`], out of its bytes.
    ///
    /// # Errors
    /// [`ParquetFault`].
    pub fn read(&self, footer: &Footer, bytes: &[u8]) -> Result<Vec<Column>, ParquetFault> {
        let of_column = |(at, described): (usize, &Described)| {
            let missing = ParquetFault::Damaged("a column is missing from a row group");
            let chunk = self.chunks.iter().find(|chunk| chunk.column == at).ok_or(missing)?;
            let end = chunk.start.checked_add(chunk.length).ok_or(SHORT)?;
            let column = page::read_all(bytes.get(chunk.start..end).ok_or(SHORT)?, chunk, described)?;
            if column.len() == self.rows {
                Ok(column)
            } else {
                Err(ParquetFault::Damaged("a column's length"))
            }
        };
        footer.columns.iter().enumerate().map(of_column).collect()
    }
}

impl Column {
    /// How many rows it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a row; empty also beyond the last.
    #[must_use]
    pub fn of(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.bytes.get(start..*end)).unwrap_or_default()
    }

    /// Adds a row; a few texts named again and again by a dictionary may not fill the memory.
    pub(super) fn push(&mut self, text: &[u8]) -> Result<(), ParquetFault> {
        if self.bytes.len() + text.len() > COLUMN_BYTES_MAX {
            return Err(ParquetFault::NotRead(format!(
                "a column of over {COLUMN_BYTES_MAX} bytes in a row group"
            )));
        }
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        Ok(())
    }

    /// Takes so many values in as they lie one behind the other.
    pub(super) fn take_plain(
        &mut self,
        bytes: &[u8],
        described: &Described,
        count: usize,
    ) -> Result<(), ParquetFault> {
        let mut rest = bytes;
        for at in 0..count {
            if described.kind == Kind::Boolean {
                let byte = bytes.get(at / 8).ok_or(SHORT)?;
                self.push(truth(u32::from(byte >> (at % 8) & 1)))?;
                continue;
            }
            let (value, after) = cut(rest, described.kind)?;
            rest = after;
            self.push_value(value, described)?;
        }
        Ok(())
    }

    fn push_value(&mut self, value: &[u8], described: &Described) -> Result<(), ParquetFault> {
        match (described.kind, described.sense) {
            (Kind::Int32 | Kind::Int64, sense) => {
                let text = whole(value, sense)?;
                self.push(text.as_bytes())
            }
            (Kind::Float, _) => {
                let bits = value.try_into().map_or(f32::NAN, f32::from_le_bytes);
                self.push(bits.to_string().as_bytes())
            }
            (Kind::Double, _) => {
                let bits = value.try_into().map_or(f64::NAN, f64::from_le_bytes);
                self.push(bits.to_string().as_bytes())
            }
            (_, Sense::Decimal(scale)) => {
                let text = decimal(big(value)?, scale)?;
                self.push(text.as_bytes())
            }
            _ => self.push(value),
        }
    }
}

pub(super) const fn truth(bit: u32) -> &'static [u8] {
    if bit == 1 { b"true" } else { b"false" }
}

/// The next value, and what follows it.
fn cut(bytes: &[u8], kind: Kind) -> Result<(&[u8], &[u8]), ParquetFault> {
    let size = match kind {
        Kind::Int32 | Kind::Float => 4,
        Kind::Int64 | Kind::Double => 8,
        Kind::Fixed(size) => size,
        Kind::Boolean => 1,
        Kind::Bytes => {
            let (length, rest) = bytes.split_first_chunk::<4>().ok_or(SHORT)?;
            return rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(SHORT);
        }
    };
    bytes.split_at_checked(size).ok_or(SHORT)
}

fn whole(value: &[u8], sense: Sense) -> Result<String, ParquetFault> {
    let number = match value.len() {
        4 => value.try_into().map(i32::from_le_bytes).map(i64::from),
        _ => value.try_into().map(i64::from_le_bytes),
    };
    let number = number.map_err(|_| SHORT)?;
    match sense {
        Sense::Plain => Ok(number.to_string()),
        Sense::Decimal(scale) => decimal(i128::from(number), scale),
        Sense::Date => day(number).map(|day| day.to_string()),
        Sense::Moment(in_second) => {
            let at = Timestamp::from_second(number.div_euclid(in_second));
            at.map(|at| at.to_string()).map_err(|_| ParquetFault::Damaged("a moment"))
        }
    }
}

fn day(since_1970: i64) -> Result<Date, ParquetFault> {
    let damaged = |_| ParquetFault::Damaged("a day");
    let days = i32::try_from(since_1970).map_err(|_| ParquetFault::Damaged("a day"))?;
    let span = jiff::Span::new().try_days(days).map_err(damaged)?;
    date(1970, 1, 1).checked_add(span).map_err(damaged)
}

fn decimal(number: i128, scale: u32) -> Result<String, ParquetFault> {
    let digits = || ParquetFault::NotRead("decimals of more than 28 digits".into());
    Decimal::try_from_i128_with_scale(number, scale).map(|decimal| decimal.to_string()).map_err(|_| digits())
}

/// A number of any length, the heaviest byte first, in two's complement.
fn big(bytes: &[u8]) -> Result<i128, ParquetFault> {
    if bytes.len() > 16 {
        return Err(ParquetFault::NotRead("decimals of more than 28 digits".into()));
    }
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    Ok(bytes.iter().fold(start, |number: i128, byte| number << 8 | i128::from(*byte)))
}

/// The most bytes of text one column has in one row group.
const COLUMN_BYTES_MAX: usize = 512 << 20;
const SHORT: ParquetFault = ParquetFault::Damaged("values end too early");
