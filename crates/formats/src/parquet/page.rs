//! Pages: a dictionary, then values by their places in it or as they are.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::GzDecoder;

use super::column::{Column, truth};
use super::hybrid;
use super::meta::{Chunk, Described, Kind, ROWS_MAX};
use super::snappy;
use super::thrift::Fields;
use super::{PAGE_BYTES_MAX, ParquetFault};

/// The values of a column in a row group.
pub(super) fn read_all(bytes: &[u8], chunk: &Chunk, described: &Described) -> Result<Column, ParquetFault> {
    let (mut column, mut dictionary, mut rest) = (Column::default(), Column::default(), bytes);
    while column.len() < chunk.values {
        let (head, taken) = Fields::read(rest)?;
        let size = length(head.int(3))?;
        let end = taken.checked_add(size).ok_or(DAMAGED)?;
        let page = Page { head, body: rest.get(taken..end).ok_or(DAMAGED)?, codec: chunk.codec, described };
        rest = &rest[end..];
        match page.head.int(1) {
            Some(DICTIONARY) => dictionary = page.dictionary()?,
            Some(DATA) => page.data(&dictionary, &mut column)?,
            Some(DATA_AGAIN) => page.data_again(&dictionary, &mut column)?,
            // An index of pages says nothing new.
            Some(_) => {}
            None => return Err(DAMAGED),
        }
    }
    Ok(column)
}

struct Page<'a> {
    head: Fields<'a>,
    body: &'a [u8],
    codec: i64,
    described: &'a Described,
}

impl<'a> Page<'a> {
    fn dictionary(&self) -> Result<Column, ParquetFault> {
        let count = rows(self.head.inner(7).and_then(|head| head.int(1)))?;
        let mut dictionary = Column::default();
        dictionary.take_plain(&self.unpacked(self.body)?, self.described, count)?;
        Ok(dictionary)
    }

    /// A page of the first form: levels and values packed together.
    fn data(&self, dictionary: &Column, column: &mut Column) -> Result<(), ParquetFault> {
        let head = self.head.inner(5).ok_or(DAMAGED)?;
        let (count, encoding) = (rows(head.int(1))?, head.int(2));
        let body = self.unpacked(self.body)?;
        let (there, values) = if self.described.may_lack {
            let (size, rest) = body.split_first_chunk::<4>().ok_or(DAMAGED)?;
            let (levels, values) =
                rest.split_at_checked(u32::from_le_bytes(*size) as usize).ok_or(DAMAGED)?;
            (hybrid::decode(levels, 1, count)?, values)
        } else {
            (vec![1; count], &*body)
        };
        self.put(&there, (encoding, values), dictionary, column)
    }

    /// A page of the second form: levels before the values, never packed.
    fn data_again(&self, dictionary: &Column, column: &mut Column) -> Result<(), ParquetFault> {
        let head = self.head.inner(8).ok_or(DAMAGED)?;
        let (count, encoding) = (rows(head.int(1))?, head.int(4));
        let (levels, repeats) = (length(head.int(5))?, length(head.int(6))?);
        let body = self.body.get(repeats..).ok_or(DAMAGED)?;
        let (levels, values) = body.split_at_checked(levels).ok_or(DAMAGED)?;
        let there = if self.described.may_lack { hybrid::decode(levels, 1, count)? } else { vec![1; count] };
        let values = if head.is_false(7) { Cow::Borrowed(values) } else { self.unpacked(values)? };
        self.put(&there, (encoding, &values), dictionary, column)
    }

    /// Puts the values of a page where they are there.
    fn put(
        &self,
        there: &[u32],
        (encoding, values): (Option<i64>, &[u8]),
        dictionary: &Column,
        column: &mut Column,
    ) -> Result<(), ParquetFault> {
        let count = there.iter().filter(|level| **level == 1).count();
        let mut found = Column::default();
        match encoding {
            Some(PLAIN) => found.take_plain(values, self.described, count)?,
            Some(PLAIN_DICTIONARY | RLE_DICTIONARY) => {
                let (width, indexes) =
                    values.split_first().map_or((0, values), |(width, rest)| (*width, rest));
                for index in hybrid::decode(indexes, u32::from(width), count)? {
                    let index = index as usize;
                    if index >= dictionary.len() {
                        return Err(DAMAGED);
                    }
                    found.push(dictionary.of(index))?;
                }
            }
            Some(RLE) if self.described.kind == Kind::Boolean => {
                let (_, bits) = values.split_first_chunk::<4>().ok_or(DAMAGED)?;
                hybrid::decode(bits, 1, count)?.into_iter().try_for_each(|bit| found.push(truth(bit)))?;
            }
            other => {
                let name = format!("encoding {} in column {}", other.unwrap_or(-1), self.described.name);
                return Err(ParquetFault::NotRead(name));
            }
        }
        let mut next = 0;
        for level in there {
            column.push(if *level == 1 { found.of(next) } else { b"" })?;
            next += usize::from(*level == 1);
        }
        Ok(())
    }

    fn unpacked(&self, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, ParquetFault> {
        match self.codec {
            0 => Ok(Cow::Borrowed(bytes)),
            1 => snappy::unpack(bytes).map(Cow::Owned),
            2 => {
                let mut out = Vec::new();
                let unpacked = GzDecoder::new(bytes).take(PAGE_BYTES_MAX as u64 + 1).read_to_end(&mut out);
                if unpacked.is_err() || out.len() > PAGE_BYTES_MAX {
                    return Err(ParquetFault::Damaged("gzip"));
                }
                Ok(Cow::Owned(out))
            }
            other => {
                let name = CODECS.get(other.unsigned_abs() as usize).copied().unwrap_or("an unknown");
                Err(ParquetFault::NotRead(format!("{name} compression")))
            }
        }
    }
}

/// A count or length, bounded, so that no file asks for more than it could hold.
fn length(number: Option<i64>) -> Result<usize, ParquetFault> {
    let number = number.and_then(|number| usize::try_from(number).ok());
    number.filter(|number| *number <= PAGE_BYTES_MAX).ok_or(DAMAGED)
}

/// How many values a page has: no more than a row group may.
fn rows(number: Option<i64>) -> Result<usize, ParquetFault> {
    length(number).and_then(|number| if number <= ROWS_MAX { Ok(number) } else { Err(DAMAGED) })
}

/// The forms of pages.
const DATA: i64 = 0;
const DICTIONARY: i64 = 2;
const DATA_AGAIN: i64 = 3;
/// The encodings that are read.
const PLAIN: i64 = 0;
const PLAIN_DICTIONARY: i64 = 2;
const RLE: i64 = 3;
const RLE_DICTIONARY: i64 = 8;
/// What the format calls its compressions, by number.
const CODECS: [&str; 8] = ["no", "Snappy", "gzip", "LZO", "Brotli", "LZ4", "Zstandard", "LZ4"];
const DAMAGED: ParquetFault = ParquetFault::Damaged("a page");
